package tree_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

func TestUnwrapped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		line   int // of the type of T
		errors bool
	}{
		"object":     {"{\"TemplateBody\":\n{\"Resources\":{\"T\":{\"Type\":\n\"A\"}}}}", 3, false},
		"text":       {"{\"StagesAvailable\":[\"Original\"],\n\"TemplateBody\":\"Resources:\\n  T:\\n    Type: A\\n\"}", 2, false},
		"json text":  {"{\"TemplateBody\":\"{\\\"Resources\\\":{\\\"T\\\":{\\\"Type\\\":\\\"A\\\"}}}\"}", 1, false},
		"template":   {"{\"Resources\":{\"T\":{\"Type\":\"A\"}}}", 1, false},
		"both":       {"{\"TemplateBody\":\"x\",\"Resources\":{\"T\":{\"Type\":\"A\"}}}", 1, false},
		"broken":     {"{\"TemplateBody\":\"Resources:\\n  T: {Type: A}\\n  U: [\"}", 1, true},
		"in yaml":    {"TemplateBody: |\n  Resources:\n    T:\n      Type: A\n", 1, false},
		"not a body": {"{\"TemplateBody\":[1]}", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := tree.Parse("t", []byte(c.text), tree.Limits{}).Unwrapped()
			if got := d.Diagnostics.HasErrors(); got != c.errors {
				t.Errorf("errors: %v\n%v", got, d.Diagnostics)
			}
			typ := d.Root.Path("Resources", "T", "Type")
			if c.line == 0 {
				if typ != nil {
					t.Error("a template was found")
				}
				return
			}
			if typ == nil || typ.Value != "A" || typ.Range.Start.Line != c.line {
				t.Errorf("type %+v, want A on line %d", typ, c.line)
			}
		})
	}
}
