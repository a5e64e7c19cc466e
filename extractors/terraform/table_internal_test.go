package terraform

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestTableRows runs every row of the table: one object that has the attribute
// must yield one grant with the row's kind, subject and type.
func TestTableRows(t *testing.T) {
	t.Parallel()
	for i := range table {
		r := &table[i]
		if r.Link != nil || r.Permit != nil || r.Block != nil {
			continue // see the tests of these forms
		}
		t.Run(r.Type+"."+r.Path, func(t *testing.T) {
			t.Parallel()
			text := `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`
			if r.Kind.PolicyKind().String() == "resource" {
				text = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`
			}
			var value any = text
			steps := r.steps()
			for i := len(steps) - 1; i > 0; i-- {
				value = []any{map[string]any{steps[i]: value, "name": "n"}}
			}
			after := map[string]any{steps[0]: value, "action": "lambda:InvokeFunction", "policy": text, "assume_role_policy": text}
			after[steps[0]] = value
			for _, n := range r.nameAttrs() {
				if !strings.Contains(n, ".") {
					after[n] = "subject"
				}
			}
			plan, err := json.Marshal(map[string]any{
				"format_version": "1.0",
				"resource_changes": []any{map[string]any{
					"address": r.Type + ".x", "type": r.Type, "name": "x", "mode": "managed",
					"change": map[string]any{"actions": []string{"create"}, "before": nil, "after": after, "after_unknown": map[string]any{}},
				}},
			})
			if err != nil {
				t.Fatal(err)
			}
			x, err := Extract(context.Background(), strings.NewReader(string(plan)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var found []extractors.Grant
			for _, g := range x.Grants {
				if strings.HasPrefix(g.Attribute, steps[0]) {
					found = append(found, g)
				}
			}
			if len(found) != 1 {
				t.Fatalf("%d grants, want one; diagnostics %v", len(found), x.Diagnostics)
			}
			g := found[0]
			if g.After.Document == nil || g.After.Diagnostics.HasErrors() || g.Kind != r.Kind || g.Subject.Kind != r.Subject || g.Subject.Name == "" || g.ResourceType != r.CFN {
				t.Errorf("got %+v, diagnostics %v; want the kind, subject and type of the row", g, g.After.Diagnostics)
			}
		})
	}
}

var rowForm = regexp.MustCompile(`^[a-z0-9_]+(\[\])?(\.[a-z0-9_]+)*$`)

func TestTableForm(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range table {
		r := &table[i]
		key := r.Type + "." + r.Path
		if r.Link != nil {
			continue // see TestLinkTableForm
		}
		switch {
		case seen[key]:
			t.Errorf("%s occurs twice", key)
		case !rowForm.MatchString(r.Path):
			t.Errorf("%s: the path has another form than documented", key)
		case r.Subject == "" || r.Name == "" || r.Kind == "":
			t.Errorf("%s: a field is empty", key)
		case r.CFN != "" && !strings.HasPrefix(r.CFN, "AWS::"):
			t.Errorf("%s: %q is no CloudFormation type", key, r.CFN)
		case otherGrammar[r.Type] == r.Path:
			t.Errorf("%s is also listed as another grammar", key)
		case r.Kind == extractors.Endpoint && r.Flags&computed == 0:
			t.Errorf("%s: endpoint policies have a default", key)
		}
		seen[key] = true
	}
}

// TestTableIsComplete compares the tables with a list of all attributes known to give
// or limit access.
func TestTableIsComplete(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED names no folder with a list of types")
	}
	covered := coveredAttributes()
	for _, file := range []struct {
		name            string
		typ, path, kind int
	}{{"tf_policy_types.tsv", 0, 1, 2}, {"cfn_policy_types.tsv", 8, 9, 2}} {
		list, err := os.ReadFile(filepath.Join(dir, "data", file.name))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range strings.Split(string(list), "\n")[1:] {
			f := strings.Split(l, "\t")
			if len(f) <= file.path || !strings.Contains(f[file.typ], "_") || f[file.kind] == "data" {
				continue
			}
			key := f[file.typ] + "." + strings.ReplaceAll(f[file.path], "[]", "")
			if n++; !covers(covered, key) {
				t.Errorf("%s is in no row (%s)", key, f[file.kind])
			}
		}
		if n == 0 {
			t.Fatal("the list has no rows")
		}
		t.Logf("%d attributes of %s are in the tables", n, file.name)
	}
}

// coveredAttributes are all attributes that a row reads, and those that need none.
func coveredAttributes() map[string]bool {
	m := map[string]bool{}
	for i := range table {
		r := &table[i]
		for _, a := range append(r.reads(), r.attribute()) {
			m[r.Type+"."+a] = true
		}
		if r.Link != nil {
			for _, a := range append(r.Link.attributes(), r.nameAttrs()...) {
				m[r.Type+"."+strings.Join(stepsOf(a), ".")] = true
			}
		}
	}
	for i := range allUnread {
		for _, a := range allUnread[i].attributes() {
			m[allUnread[i].Type+"."+a] = true
		}
	}
	for a := range elsewhere {
		m[a] = true
	}
	for typ, a := range otherGrammar {
		m[typ+"."+a] = true
	}
	return m
}

// covers reports whether an attribute, a block around it or something in it is read.
func covers(covered map[string]bool, key string) bool {
	for k := range covered {
		if k == key || strings.HasPrefix(k, key+".") || strings.HasPrefix(key, k+".") {
			return true
		}
	}
	return false
}
