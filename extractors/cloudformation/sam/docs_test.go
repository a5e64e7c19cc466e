package sam

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDocs holds docs/sam-cdk.md to the tables.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "sam-cdk.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Join(strings.Fields(string(text)), " ")
	list := func(kinds []string) string {
		slices.SortFunc(kinds, strings.Compare)
		return "`" + strings.Join(kinds, "`, `") + "`."
	}
	for _, want := range []string{
		"invoke a function: " + list(slices.Collect(maps.Keys(functionEvents))),
		"role of the function: " + list(slices.Collect(maps.Keys(pullEvents))),
		fmt.Sprintf("All %d policy templates", len(policyTemplates)),
		fmt.Sprintf("all %d kinds of connectors", len(connections)),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("docs/sam-cdk.md does not say %q", want)
		}
	}
	for _, phase := range phases {
		for kind := range phase {
			if !strings.Contains(page, "`"+prefix+kind+"`") && !strings.Contains(page, "`"+kind+"`") {
				t.Errorf("docs/sam-cdk.md does not name %s", kind)
			}
		}
	}
}
