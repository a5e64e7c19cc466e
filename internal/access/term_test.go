package access_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// in evaluates terms: documents made of their pieces, by the evaluator.
func in(terms []access.Term, q policy.Request, r policy.Reading) bool {
	holds := func(p access.Piece) bool {
		d, _ := policy.Evaluate([]*policy.Document{p.Policy()}, q, r)
		return d == policy.DecisionAllow
	}
	return slices.ContainsFunc(terms, func(t access.Term) bool {
		return !slices.ContainsFunc(t.In, func(p access.Piece) bool { return !holds(p) }) && !slices.ContainsFunc(t.Except, holds)
	})
}

// alone is a document with one statement of d, as an Allow.
func alone(d *policy.Document, i int) []*policy.Document {
	one := *d
	one.Statements = slices.Clone(d.Statements[i : i+1])
	one.Statements[0].Effect = policy.Allow
	return []*policy.Document{&one}
}

// TestTermsAgainstEnumeration holds the description of each gain to all requests of
// a small world: an exact one says of each whether the statement newly allows it, an
// outline holds the witness at least.
func TestTermsAgainstEnumeration(t *testing.T) {
	newAccess := func(before, after policy.Decision) bool {
		return after == policy.DecisionAllow && before != policy.DecisionAllow
	}
	lost := func(before, after policy.Decision) bool {
		return after == policy.DecisionExplicitDeny && before != policy.DecisionExplicitDeny
	}
	lostDenial := func(old, now []*policy.Document, o access.Options) access.Result { // asked of the old side
		return access.LostDenial(now, old, o)
	}
	for _, tt := range []struct {
		name   string
		kind   policy.Kind
		draw   func(t *rapid.T, kind policy.Kind, keys []string) (before, after string)
		ask    func(old, now []*policy.Document, o access.Options) access.Result
		wanted func(before, after policy.Decision) bool
	}{
		{"identity", policy.Identity, drawPair, access.NoNewAccess, newAccess},
		{"resource", policy.Resource, drawPair, access.NoNewAccess, newAccess},
		{"edited identity", policy.Identity, drawEdit, access.NoNewAccess, newAccess},
		{"edited resource", policy.Resource, drawEdit, access.NoNewAccess, newAccess},
		{"denials", policy.Identity, drawEdit, lostDenial, lost},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exact, outlines := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				keys := drawKeys(t)
				before, after := tt.draw(t, tt.kind, keys)
				old, now := parse(t, before, tt.kind), parse(t, after, tt.kind)
				got := tt.ask(old, now, access.Options{Explain: true})
				all := policy.Readings(policy.Questions(slices.Concat(old, now)...))
				w := drawWorld(t, tt.kind)
				w.resources = some(t, "few resources", w.resources, 3)
				w.principals = some(t, "few principals", w.principals, 4)
				for _, g := range got.Gains {
					if !slices.ContainsFunc(all, func(r policy.Reading) bool { return in(g.Terms, g.Witness, r) }) {
						t.Fatalf("the witness %+v is left out\nbefore %s\nafter  %s\n%s", g.Witness, before, after, show(g.Terms))
					}
					if !g.Exact {
						outlines++
						continue
					}
					exact++
					brings := alone(now[0], g.Statement)
					r := rapid.SampledFrom(all).Draw(t, "reading")
					w.eachRequest(used(before+after), func(q policy.Request) bool {
						want := false
						if s, _ := policy.Evaluate(brings, q, r); s == policy.DecisionAllow {
							b, _ := policy.Evaluate(old, q, r)
							a, _ := policy.Evaluate(now, q, r)
							want = tt.wanted(b, a)
						}
						if got := in(g.Terms, q, r); got != want {
							t.Fatalf("%+v, reading %+v: said %v, is %v\nbefore %s\nafter  %s\nstatement %d: %s", q, r, got, want, before, after, g.Statement, show(g.Terms))
						}
						return true
					})
				}
			})
			if exact == 0 || outlines > exact/10 {
				t.Errorf("%d descriptions are exact and %d are not", exact, outlines)
			}
		})
	}
}

func drawPair(t *rapid.T, kind policy.Kind, keys []string) (before, after string) {
	return drawText(t, "before", kind, keys, 3), drawText(t, "after", kind, keys, 2)
}

// drawEdit draws a policy and a change of it: most statements stay, some get another
// list or condition.
func drawEdit(t *rapid.T, kind policy.Kind, keys []string) (before, after string) {
	var sides [2][]string
	for range rapid.IntRange(1, 4).Draw(t, "statements") {
		fields := drawFields(t, kind, keys)
		edited := slices.Clone(fields)
		if i := rapid.IntRange(0, len(fields)).Draw(t, "edit"); i < len(fields) {
			edited[i] = drawFields(t, kind, keys)[i]
		}
		for side, f := range [][]string{fields, edited} {
			if rapid.IntRange(0, 4).Draw(t, "there") > 0 {
				sides[side] = append(sides[side], "{"+strings.Join(slices.DeleteFunc(slices.Clone(f), func(s string) bool { return s == "" }), ",")+"}")
			}
		}
	}
	return wrap(strings.Join(sides[0], ",")), wrap(strings.Join(sides[1], ","))
}

// drawFields draws the elements of a statement, with longer lists than drawStatement.
func drawFields(t *rapid.T, kind policy.Kind, keys []string) []string {
	values := func(name string, from []string) string {
		texts := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 4, rapid.ID[string]).Draw(t, name)
		b, _ := json.Marshal(texts)
		return fmt.Sprintf("%q:%s", element(t, name), b)
	}
	fields := []string{
		fmt.Sprintf(`"Effect":%q`, rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect")),
		values("Action", actionPatterns), values("Resource", resourcePatterns), "", "",
	}
	if kind == policy.Resource {
		fields[3] = `"Principal":` + rapid.SampledFrom(principalElements).Draw(t, "principal")
	}
	if len(keys) > 0 && rapid.Bool().Draw(t, "conditional") {
		k := rapid.SampledFrom(keys).Draw(t, "key")
		c := rapid.SampledFrom(worldConditions[k]).Draw(t, k)
		fields[4] = fmt.Sprintf(`"Condition":{%q:{%q:%s}}`, c[0], k, c[1])
	}
	return fields
}

// show writes terms for a failed test.
func show(terms []access.Term) string {
	var b strings.Builder
	piece := func(label string, p access.Piece) {
		b.WriteString("\n    " + label)
		if p.Principal != nil {
			b.WriteString(" principal")
			if p.Principal.Not {
				b.WriteString(" not")
			}
			for _, e := range p.Principal.List {
				b.WriteString(" " + e.Text)
			}
		}
		for name, v := range map[string]*policy.Values{"action": p.Action, "resource": p.Resource} {
			if v == nil {
				continue
			}
			b.WriteString(" " + name)
			if v.Not {
				b.WriteString(" not")
			}
			for _, x := range v.List {
				b.WriteString(" " + x.Text)
			}
		}
		for _, c := range p.Conditions {
			b.WriteString(" if " + access.ConditionText(c))
		}
	}
	for _, t := range terms {
		b.WriteString("\n  term")
		for _, p := range t.In {
			piece("in", p)
		}
		for _, p := range t.Except {
			piece("except", p)
		}
	}
	return b.String()
}
