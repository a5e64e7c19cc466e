package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// openAPI are findings about operations of one API that everyone may call, each a
// statement of one document, or with apart a document of its own.
func openAPI(t *testing.T, apart bool, calls ...string) []Found {
	t.Helper()
	doc := func(calls ...string) *policy.Document {
		var list []string
		for _, c := range calls {
			list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:(Api)/*/%s"}`, c))
		}
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(list, ",")+`]}`), policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return d
	}
	grant := func(address string, d *policy.Document, from int) *extractors.Grant {
		g := &extractors.Grant{
			Address: address, Attribute: "Body", Type: "AWS::ApiGateway::RestApi", Kind: extractors.Resource, ResourceType: "AWS::ApiGateway::RestApi", Action: extractors.Create,
			Does: "opens operations to everyone", Subject: extractors.Subject{Kind: "rest-api", Address: "Api", New: true},
			Before: extractors.Side{Absent: true}, After: extractors.Side{Document: d},
		}
		g.Written = &extractors.Origin{}
		for i := range d.Statements {
			g.Written.Statements = append(g.Written.Statements, extractors.Place{Range: source.Range{Path: "t.yaml", Start: source.Pos{Line: 10 * (from + i + 1), Column: 1}}})
		}
		return g
	}
	s := &Sum{Subject: extractors.Subject{Kind: "rest-api", Address: "Api", New: true}, Kind: extractors.Resource, Terms: []Term{{}}}
	add := func(g *extractors.Grant) {
		s.Terms[0].Holdings = append(s.Terms[0].Holdings, Holding{Grant: g, After: g.After.Document})
	}
	if apart {
		for i, c := range calls {
			add(grant(fmt.Sprintf("Method%d", i), doc(c), i))
		}
	} else {
		add(grant("Api", doc(calls...), 0))
	}
	return slices.DeleteFunc(Merge(Check(Pass{Sum: s}, Options{})), func(f Found) bool { return f.Rule != newAccess.ID })
}

// TestOperationsAreOneFinding: what anyone may call of one API is told at once, what
// changes something first, and nothing of it is lost.
func TestOperationsAreOneFinding(t *testing.T) {
	t.Parallel()
	calls := []string{"GET/orders", "GET/health", "POST/orders", "DELETE/orders/{id}"}
	for _, apart := range []bool{false, true} {
		alone := openAPI(t, apart, calls...)
		found := MergeOperations(slices.Clone(alone))
		if len(alone) != 4 || len(found) != 1 {
			t.Fatalf("%d findings became %d", len(alone), len(found))
		}
		f := found[0]
		if want := "everyone can now use execute-api:Invoke on 4 operations of arn:aws:execute-api:*:*:(Api) (POST /orders, DELETE /orders/{id}, GET /orders and 1 more)."; f.Message != want {
			t.Errorf("%s, want %s", f.Message, want)
		}
		if len(f.Each) != 4 || len(f.Gained.Resources) != 4 || (len(f.Parts) == 4) == apart || (len(f.Same) == 3) != apart || len(f.Also()) != 4 {
			t.Errorf("apart %v: each %d, resources %v, parts %d, same %v", apart, len(f.Each), f.Gained.Resources, len(f.Parts), f.Same)
		}
		last := f.Details[len(f.Details)-1]
		want := "It is about: GET /orders (line 10), GET /health (line 20), POST /orders (line 30), DELETE /orders/{id} (line 40)."
		if apart {
			want = "It is about: GET /orders (Method0, line 10), GET /health (Method1, line 20), POST /orders (Method2, line 30), DELETE /orders/{id} (Method3, line 40)."
		}
		if last != want {
			t.Errorf("%s, want %s", last, want)
		}
		// Only what is about each of them accepts it.
		for field, c := range map[string]struct {
			values []string
			want   bool
		}{
			"gained.resources": {[]string{"arn:aws:execute-api:*:*:(Api)/*/GET/orders"}, false},
			"gained.actions":   {[]string{"execute-api:Invoke"}, true},
			"address":          {[]string{"Api", "Method0"}, !apart},
			"fingerprint":      {[]string{f.Fingerprint}, true},
			"subject.address":  {[]string{"Api"}, true},
		} {
			if got := (&ArchiveRule{Filter: map[string]Criterion{field: {Eq: c.values}}}).Matches(&f.Finding); got != c.want {
				t.Errorf("apart %v: %s accepts it: %v", apart, field, got)
			}
		}
		// One more is another fingerprint; the order is none.
		more := MergeOperations(openAPI(t, apart, append(calls, "PUT/orders")...))
		if len(more) != 1 || more[0].Fingerprint == f.Fingerprint {
			t.Errorf("one more: %d findings", len(more))
		}
		slices.Reverse(alone)
		if again := MergeOperations(alone); len(again) != 1 || again[0].Fingerprint != f.Fingerprint || again[0].Address != f.Address {
			t.Errorf("in another order: %v", again)
		}
	}
}

// TestOperationsApart: what differs in more than the resource, or a comment accepts, is a
// finding of its own.
func TestOperationsApart(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Found){
		"accepted":        func(f *Found) { f.Archived = &Archived{} },
		"another level":   func(f *Found) { f.Level = Note },
		"another subject": func(f *Found) { f.Subject.Address = "Other" },
		"another thing":   func(f *Found) { g := *f.Grant; g.Does = "opens a route to everyone"; f.Grant = &g },
		"a policy":        func(f *Found) { g := *f.Grant; g.Does = ""; f.Grant = &g },
		"under a choice": func(f *Found) {
			f.Under = &extractors.Cases{All: []extractors.Case{{{About: "Env", Words: "Env is prod"}}, {{About: "Env", Words: "Env is test"}}}, Holds: []int{0}}
		},
		"held back before": func(f *Found) { f.Undenied = true },
		"sensitive":        func(f *Found) { f.Sensitive = true },
		"a limit lost":     func(f *Found) { g := *f.Gained; g.Conditions = []string{"x"}; f.Gained = &g },
	} {
		found := openAPI(t, true, "GET/a", "GET/b", "GET/c")
		change(&found[1])
		if got := MergeOperations(found); len(got) != 2 || len(got[0].Each) != 2 {
			t.Errorf("%s: %d findings", name, len(got))
		}
	}
}
