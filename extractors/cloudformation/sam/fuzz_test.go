package sam_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/sam"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// FuzzExpand expands whatever the reader of templates takes.
func FuzzExpand(f *testing.F) {
	paths, _ := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc := tree.Parse("t.yaml", text, tree.Limits{Bytes: 1 << 16, Depth: 50, Nodes: 10_000})
		if doc.Root == nil {
			return
		}
		out, ds := sam.Expand(doc.Root, sam.Options{})
		if out == nil {
			t.Fatal("no output")
		}
		if resources := out.Get("Resources"); resources != nil && len(ds) == 0 {
			for i := range resources.Fields {
				typ, _ := resources.Fields[i].Value.Get("Type").Text()
				if strings.HasPrefix(typ, "AWS::Serverless::") {
					t.Errorf("%s is left of %s, and nothing is said", resources.Fields[i].Key, typ)
				}
			}
		}
	})
}

// TestExpandIsBounded gives templates that stand for far more than they are long.
func TestExpandIsBounded(t *testing.T) {
	t.Parallel()
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"globals": `{"Globals":{"Function":{` + many(20000, `"P%d":1,`) + `"Z":1}},"Resources":{` +
			many(2000, `"F%d":{"Type":"AWS::Serverless::Function","Properties":{"A":1}},`) + `"T":{"Type":"AWS::SNS::Topic"}}}`,
		"resource policy": `{"Resources":{"A":{"Type":"AWS::Serverless::Api","Properties":{"Auth":{"ResourcePolicy":{"IpRangeWhitelist":[` +
			many(5000, `"10.0.0.%d",`) + `"::1"]}},"DefinitionBody":{"paths":{` + many(5000, `"/%d":{"get":{}},`) + `"/":{"get":{}}}}}}}}`,
		"conditions": `{"Resources":{` + many(5000, `"F%[1]d":{"Type":"AWS::Serverless::Function","Condition":"C%[1]d","Properties":{"Events":{"E":{"Type":"Api","Properties":{"Path":"/%[1]d","Method":"get"}}}}},`) +
			`"T":{"Type":"AWS::SNS::Topic"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := tree.Parse("t.json", []byte(text), tree.Limits{})
			if doc.Root == nil || doc.Diagnostics.HasErrors() {
				t.Fatal(doc.Diagnostics)
			}
			out, ds := sam.Expand(doc.Root, sam.Options{})
			if size := out.Size(); size > 20_000_000 {
				t.Errorf("%d nodes", size)
			}
			told := slices.ContainsFunc(ds, func(f sam.Failure) bool { return strings.Contains(f.Summary, "expands to too much") })
			if wantTold := name != "conditions"; told != wantTold {
				t.Errorf("told of the bound: %v, want %v\n%v", told, wantTold, ds)
			}
		})
	}
}
