package access_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// lawful is the pool that the laws draw from.
var lawful = drawPool(seeded{rand.New(rand.NewPCG(7, 7))})

func parse(t *rapid.T, text string, kind policy.Kind) []*policy.Document {
	d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind, Reference: true})
	if diags.HasErrors() {
		t.Fatalf("parse %s: %v", text, diags)
	}
	return []*policy.Document{d}
}

func read(t *rapid.T, kind policy.Kind, docs ...document) []*policy.Document {
	out, err := parsed(docs, kind)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A law is about drawn documents: what holds of any of them.
type law struct {
	*rapid.T
	dice
	kind  policy.Kind
	named []key
	o     access.Options
}

// eachLaw runs f for both kinds of policies, with and without the facts about AWS.
func eachLaw(t *testing.T, f func(l law)) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := shrinking{t}
				l := law{t, d, kind, drawKeys(d), access.Options{StrictOpenWorld: one(d, 2)}}
				if one(d, 2) {
					l.o = access.SearchAll(l.o)
				}
				f(l)
			})
		})
	}
}

// draw is a document of at most n statements.
func (l law) draw(n int) document { return lawful.side(l.dice, l.kind, l.named, n)[0] }

// compare asks whether after is within before, and holds a failure to its witness.
func (l law) compare(before, after []document) access.Verdict {
	l.Helper()
	old, now := read(l.T, l.kind, before...), read(l.T, l.kind, after...)
	got := access.NoNewAccess(old, now, l.o)
	for _, g := range got.Gains {
		if !slices.ContainsFunc(policy.Readings(policy.Questions(slices.Concat(old, now)...)), func(r policy.Reading) bool {
			was, _ := policy.Evaluate(old, g.Witness, r)
			is, _ := policy.Evaluate(now, g.Witness, r)
			return is == policy.DecisionAllow && was != policy.DecisionAllow
		}) {
			l.Fatalf("no reading confirms %+v\nbefore %v\nafter %v", g.Witness, before, after)
		}
	}
	return got.Verdict
}

// never asks for a pass.
func (l law) never(what string, before, after []document) {
	l.Helper()
	if got := l.compare(before, after); got != access.Pass {
		l.Fatalf("%s: %v\nbefore %v\nafter  %v", what, got, before, after)
	}
}

// just is the side of one document.
func just(d document) []document { return []document{d} }

// TestOrder: being within is an order, of which union and Deny are steps.
func TestOrder(t *testing.T) {
	eachLaw(t, func(l law) {
		a, b := l.draw(3), l.draw(2)
		l.never("a document exceeds itself", just(a), just(a))
		l.never("documents exceed themselves in another order", []document{a, b}, []document{b, a})
		l.never("a Deny adds access", just(a), []document{a, effects(b, true)})
		l.never("taking away Allows adds access", []document{a, effects(b, false)}, just(a))
		allows := effects(b, false)
		if was := l.compare(just(a), just(b)); was == access.Pass && l.compare([]document{a, allows}, just(b)) == access.Fail {
			l.Fatalf("an Allow before makes a pass a failure\na %v\nb %v", a, b)
		}
		if l.compare(just(a), just(b)) == access.Pass && l.compare(just(a), []document{b, effects(l.draw(1), true)}) == access.Fail {
			l.Fatalf("a Deny after makes a pass a failure\na %v\nb %v", a, b)
		}
	})
}

// effects makes all statements a Deny, or an Allow.
func effects(d document, deny bool) document {
	d = clone([]document{d})[0]
	for i := range d.statements {
		d.statements[i].deny = deny
	}
	return d
}

// TestTransitive: what is within something within a third is within that.
func TestTransitive(t *testing.T) {
	eachLaw(t, func(l law) {
		// Unrelated documents are seldom within each other: two are made by steps.
		c := l.draw(3)
		b := l.lesser(c)
		a := l.lesser(b)
		if l.compare(just(c), just(b)) == access.Pass && l.compare(just(b), just(a)) == access.Pass {
			l.never("not transitive", just(c), just(a))
		}
	})
}

// lesser changes a document so that it mostly allows less.
func (l law) lesser(d document) document {
	d = clone([]document{d})[0]
	s := &d.statements[l.roll(len(d.statements))]
	switch l.roll(4) {
	case 0:
		s.conditions = append(slices.Clone(s.conditions), condition{operator: "StringEqualsIfExists", key: "k:other", values: []string{`"a"`}})
	case 1:
		s.actions = some(l.dice, 1, append(slices.Clone(s.actions), "s:a"))
	case 2:
		*s = lawful.statement(l.dice, l.kind, l.named)
	default:
		d.statements = append(d.statements, lawful.statement(l.dice, l.kind, l.named))
		d.statements[len(d.statements)-1].deny = true
	}
	return d
}

// spellings write the same access in another way.
var spellings = []struct {
	what  string
	write func(document) []document
}{
	{"statements in reverse", reversed},
	{"actions and keys in upper case", upper},
	{"one statement for each action, resource and principal", split},
	{"statements written twice", twice},
	{"accounts as ids", accountIDs},
	{"accounts as root users", accountRoots},
	{"values in reverse", turned},
	{"two documents", halves},
}

// TestSpelling: the same access, written in another way.
func TestSpelling(t *testing.T) {
	eachLaw(t, func(l law) {
		a, w := l.draw(4), pick(l.dice, spellings)
		if strings.HasPrefix(w.what, "accounts") && strings.Contains(a.String(), `"arn:*:`) {
			return // a bare id is then of any partition
		}
		b := w.write(a)
		l.never(w.what, just(a), b)
		l.never(w.what+", the other way", b, just(a))
		// The same on one side of another question.
		other := just(l.draw(2))
		if x, y := l.compare(other, just(a)), l.compare(other, b); x != y && x != access.Undetermined && y != access.Undetermined {
			l.Fatalf("%s: %v becomes %v\nbefore %v\nafter  %v\nor     %v", w.what, x, y, other, a, b)
		}
	})
}

func reversed(d document) []document {
	docs := clone(just(d))
	slices.Reverse(docs[0].statements)
	return docs
}

// twice says everything twice.
func twice(d document) []document {
	d.statements = slices.Concat(d.statements, d.statements)
	return just(d)
}

// halves makes one document of each half of the statements.
func halves(d document) []document {
	n := len(d.statements) / 2
	return []document{{d.version, d.statements[:n:n]}, {d.version, d.statements[n:]}}
}

func each(d document, change func(s *statement)) []document {
	docs := clone(just(d))
	for i := range docs[0].statements {
		change(&docs[0].statements[i])
	}
	return docs
}

func upper(d document) []document {
	return each(d, func(s *statement) {
		s.actions = slices.Clone(s.actions)
		for i := range s.actions {
			s.actions[i] = strings.ToUpper(s.actions[i])
		}
		s.conditions = slices.Clone(s.conditions)
		for i := range s.conditions {
			s.conditions[i].key = strings.ToUpper(s.conditions[i].key)
		}
	})
}

func turned(d document) []document {
	return each(d, func(s *statement) {
		for _, list := range []*[]string{&s.actions, &s.resources} {
			*list = slices.Clone(*list)
			slices.Reverse(*list)
		}
		s.conditions = slices.Clone(s.conditions)
		for i := range s.conditions {
			s.conditions[i].values = slices.Clone(s.conditions[i].values)
			slices.Reverse(s.conditions[i].values)
		}
	})
}

// split makes a list into statements with one entry each; a Not element is no union
// and stays whole.
func split(d document) []document {
	out := document{version: d.version}
	for _, s := range d.statements {
		parts := []statement{s}
		cut := func(n int, not bool, set func(s *statement, i int)) {
			if not || n < 2 {
				return
			}
			var next []statement
			for _, part := range parts {
				for i := range n {
					c := part
					set(&c, i)
					next = append(next, c)
				}
			}
			parts = next
		}
		cut(len(s.actions), s.notAction, func(c *statement, i int) { c.actions = s.actions[i : i+1] })
		cut(len(s.resources), s.notResource, func(c *statement, i int) { c.resources = s.resources[i : i+1] })
		cut(len(s.principals), s.notPrincipal, func(c *statement, i int) { c.principals = s.principals[i : i+1] })
		out.statements = append(out.statements, parts...)
	}
	return just(out)
}

const accountRoot = "arn:aws:iam::111111111111:root"

func accountIDs(d document) []document {
	return spelled(d, map[string]string{accountRoot: "111111111111"})
}

func accountRoots(d document) []document {
	return spelled(d, map[string]string{"111111111111": accountRoot})
}

func spelled(d document, names map[string]string) []document {
	return each(d, func(s *statement) {
		s.principals = slices.Clone(s.principals)
		for i, e := range s.principals {
			if name, ok := names[e.text]; ok {
				s.principals[i].text = name
			}
		}
	})
}
