package access_test

import (
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
		draw   func(d dice, kind policy.Kind, named []key) (before, after document)
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
			exact, outlines, o := 0, 0, newOracle()
			rapid.Check(t, func(t *rapid.T) {
				d := shrinking{t}
				before, after := tt.draw(d, tt.kind, drawKeys(d))
				old, now := read(t, tt.kind, before), read(t, tt.kind, after)
				got := tt.ask(old, now, access.Options{Explain: true, StrictOpenWorld: true}) // the world has requests that facts rule out
				all := policy.Readings(policy.Questions(slices.Concat(old, now)...))
				w, err := o.world(scenario{kind: tt.kind, before: just(before), after: just(after)})
				if err != nil {
					t.Fatal(err)
				}
				r := pick(d, all)
				rows, err := o.rows(w, r)
				if err != nil {
					t.Fatal(err)
				}
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
					for q := range rows.told(500) {
						want := false
						if s, _ := policy.Evaluate(brings, q, r); s == policy.DecisionAllow {
							b, _ := policy.Evaluate(old, q, r)
							a, _ := policy.Evaluate(now, q, r)
							want = tt.wanted(b, a)
						}
						if got := in(g.Terms, q, r); got != want {
							t.Fatalf("%+v, reading %+v: said %v, is %v\nbefore %s\nafter  %s\nstatement %d: %s", q, r, got, want, before, after, g.Statement, show(g.Terms))
						}
					}
				}
			})
			if exact == 0 || outlines > exact/10 {
				t.Errorf("%d descriptions are exact and %d are not", exact, outlines)
			}
		})
	}
}

func drawPair(d dice, kind policy.Kind, named []key) (before, after document) {
	return lawful.side(d, kind, named, 3)[0], lawful.side(d, kind, named, 2)[0]
}

// drawEdit draws a policy with long lists and a change of it: most statements stay,
// some get another part.
func drawEdit(d dice, kind policy.Kind, named []key) (before, after document) {
	before.version, after.version = "2012-10-17", "2012-10-17"
	for range 1 + d.roll(4) {
		s := lawful.statement(d, kind, named)
		s.actions = append(append([]string{}, s.actions...), some(d, d.roll(3), lawful.actions)...)
		if s.resources != nil {
			s.resources = append(append([]string{}, s.resources...), some(d, d.roll(3), lawful.resources[kind])...)
		}
		edited := s
		if one(d, 2) {
			edited = lawful.part(d, s, lawful.statement(d, kind, named))
		}
		if d.roll(5) > 0 {
			before.statements = append(before.statements, s)
		}
		if d.roll(5) > 0 {
			after.statements = append(after.statements, edited)
		}
	}
	return before, after
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
