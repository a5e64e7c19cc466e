package sam_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden expands the templates of testdata. Each golden file lists what the
// resources say about access, with the line that each was made from, then the
// diagnostics.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			root := parseFile(t, path)
			before := string(root.AppendJSON(nil))
			out, ds := sam.Expand(root, sam.Options{})
			if after := string(root.AppendJSON(nil)); after != before {
				t.Error("the template was changed")
			}
			if sam.Uses(out) && len(ds) == 0 || out.Get("Globals") != nil || out.Get("Transform") != nil {
				t.Error("the output still asks for the transform")
			}
			var lines []string
			for id, said := range accessOf(out) {
				f := out.Get("Resources").Field(id)
				lines = append(lines, fmt.Sprintf("%d: %s: %s", f.At.Start.Line, id, said))
			}
			slices.Sort(lines)
			for _, d := range ds {
				lines = append(lines, d.Resource+": "+d.String())
			}
			got := strings.Join(lines, "\n") + "\n"
			golden := strings.TrimSuffix(path, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the expansion changed; -update writes it anew (-want +got):\n%s", diff)
			}
		})
	}
}
