package sam_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// TestPublicExpansions compares what templates expand to with what the transform of AWS
// makes of them. GRANTDIFF_SHARED names the folder with the public files.
func TestPublicExpansions(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	if shared == "" {
		t.Skip("GRANTDIFF_SHARED is not set")
	}
	inputs, err := filepath.Glob(filepath.Join(shared, "cloudformation", "sam", "*.input.yaml"))
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	same := 0
	for _, path := range inputs {
		if compareFiles(t, path, strings.TrimSuffix(path, ".input.yaml")+".expected.json") {
			same++
		}
	}
	t.Logf("%d of %d inputs expand to the same access", same, len(inputs))
}

func compareFiles(t *testing.T, input, output string) bool {
	t.Helper()
	got, want := parseFile(t, input), parseFile(t, output)
	if got == nil || want == nil || got.Get("Resources") == nil {
		return false
	}
	out, ds := sam.Expand(got, sam.Options{})
	for _, d := range ds {
		t.Logf("%s: %s", filepath.Base(input), d)
	}
	diffs := differences(out, want)
	for _, d := range diffs {
		t.Errorf("%s: %s", filepath.Base(input), d)
	}
	return len(diffs) == 0
}

func parseFile(t *testing.T, path string) *tree.Node {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := tree.Parse(filepath.Base(path), text, tree.Limits{})
	if doc.Root == nil {
		t.Errorf("%s: %v", path, doc.Diagnostics)
	}
	return doc.Root
}
