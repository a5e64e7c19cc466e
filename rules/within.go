package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Bounds on what is asked about the gains of one subject: how many pairs of them, and the
// steps of one question. What is not asked counts as not contained.
const (
	maxContainedAsked = 200
	maxContainedPairs = 20_000
	containedWork     = 500_000
)

// gainOf says which gain of a subject a finding is about, and which other gains of the
// same subject have all of it.
type gainOf struct {
	sum   *Sum // the same for the gains of one subject
	index int
	in    []int
}

// contained finds for each gain the others that have all of it, as far as that is proven:
// whatever is newly allowed by its statement is by theirs.
func (p *Pass) contained(c *comparison) [][]int {
	n := len(c.Gains)
	out := make([][]int, n)
	pairs, asked := 0, 0
	for i := range n {
		for j := range n {
			if pairs++; pairs > maxContainedPairs || asked == maxContainedAsked {
				return out
			}
			if i == j || !c.together(i, j) {
				continue
			}
			a, b := c.gained(i), c.gained(j)
			if !mayContain(a, b) {
				continue
			}
			asked++
			if p.contains(c, a, b) {
				out[i] = append(out[i], j)
			}
		}
	}
	return out
}

// together reports whether two gains come in the same way to the subject, so that the same
// Deny statements and limits hold for both.
func (c *comparison) together(i, j int) bool {
	a, b := &c.Gains[i], &c.Gains[j]
	return len(a.Removed) == 0 && len(b.Removed) == 0 && c.after.term(a.Document) == c.after.term(b.Document)
}

// term is the number of the term that a document of a side is of.
func (s *side) term(document int) int {
	return slices.IndexFunc(s.ends, func(end int) bool { return document < end })
}

// gainedBy is a gain with the statement that brings it.
type gainedBy struct {
	*access.Gain
	doc     *policy.Document
	s       *policy.Statement
	symbols []extractors.Symbol
}

func (c *comparison) gained(i int) gainedBy {
	g := &c.Gains[i]
	h := c.after.holdings[g.Document]
	return gainedBy{g, h.After, &h.After.Statements[g.Statement], slices.Concat(h.Grant.After.Symbols, h.Grant.Before.Symbols)}
}

// alone is a document of the statement only.
func (g *gainedBy) alone() *policy.Document {
	one := *g.doc
	one.Statements = []policy.Statement{*g.s}
	one.Statements[0].Index = 0
	return &one
}

// contains asks the engine whether b allows all that a newly does.
func (p *Pass) contains(c *comparison, a, b gainedBy) bool {
	o := p.access()
	o.Explain, o.Work = false, containedWork
	within := access.Allowed(b.alone())
	if access.Gained(within, access.Allowed(a.alone()), o).Verdict == access.Pass {
		return true
	}
	// What a gives besides was there before, perhaps; of a value that is not known before
	// the change it is not certain that it is none of those.
	if len(c.before.docs) == 0 || a.symbolic() {
		return false
	}
	return access.Gained(c.before.set.Or(within), access.Allowed(a.alone()), o).Verdict == access.Pass
}

// mayContain reports whether the texts of two statements make it worth asking whether b
// has all of a; false may be wrong. A value that is not known before the change is within
// what names it or begins like it, but where b is about all but some, or counts letters,
// its text decides nothing.
func mayContain(a, b gainedBy) bool {
	switch {
	case !covers(&a.s.Action, &b.s.Action, a.Actions), b.s.Action.Not && a.unknown(a.s.Action.List),
		(a.s.Resource == nil) != (b.s.Resource == nil), (a.s.Principal == nil) != (b.s.Principal == nil):
		return false
	case b.s.Resource != nil && (!covers(a.s.Resource, b.s.Resource, a.Resources) || (b.s.Resource.Not || counts(b.s.Resource.List)) && a.unknown(a.s.Resource.List)):
		return false
	case b.s.Principal != nil && !coversPrincipals(a, b):
		return false
	}
	for _, c := range b.s.Conditions {
		if !slices.ContainsFunc(a.s.Conditions, func(own policy.Condition) bool { return own.KeyName() == c.KeyName() }) {
			return false
		}
		if (c.Operator.Negated || counts(c.Values)) && slices.ContainsFunc(a.s.Conditions, func(own policy.Condition) bool { return a.unknown(own.Values) }) {
			return false
		}
	}
	return true
}

// covers reports whether each pattern under which something is gained, in the elements of a,
// is one of b or is matched by one.
func covers(a, b *policy.Values, gained []string) bool {
	if b.Not {
		return true
	}
	if a.Not {
		gained = []string{"*"}
	}
	return !slices.ContainsFunc(gained, func(text string) bool {
		return !slices.ContainsFunc(b.List, func(v policy.Value) bool { return matches(strings.ToLower(v.Text), strings.ToLower(text)) })
	})
}

// coversPrincipals is covers for principals: one is within itself alone. It is not within
// its account: a policy that names the account leaves it to others who uses the resource,
// and one that names a role gives it the access by itself. Nor is it within everyone, which
// is seldom meant: what stays when that is mended is to be seen, too, also where it is everyone
// under a condition.
func coversPrincipals(a, b gainedBy) bool {
	if b.s.Principal.Not || a.s.Principal.Not {
		return b.s.Principal.Not == a.s.Principal.Not && !slices.ContainsFunc(a.s.Principal.List, func(e policy.PrincipalEntry) bool { return len(symbolsIn(e.Text, a.symbols)) > 0 })
	}
	if isPublic(b.s) && len(a.s.Conditions) > len(b.s.Conditions) {
		return false
	}
	return !slices.ContainsFunc(a.s.Principal.List, func(e policy.PrincipalEntry) bool {
		return !slices.ContainsFunc(b.s.Principal.List, func(o policy.PrincipalEntry) bool {
			id := wholeAccount(o)
			return o.Type == e.Type && o.Text == e.Text || id != "" && id == wholeAccount(e)
		})
	})
}

// unknown reports whether values hold something that is not known before the change.
func (g *gainedBy) unknown(list []policy.Value) bool {
	return slices.ContainsFunc(list, func(v policy.Value) bool { return len(symbolsIn(v.Text, g.symbols)) > 0 })
}

// symbolic reports whether a statement holds something that is not known before the change.
func (g *gainedBy) symbolic() bool {
	return slices.ContainsFunc(g.symbols, func(s extractors.Symbol) bool { return holds(g.s, s.Text) })
}

// counts reports whether a pattern asks for a number of letters.
func counts(list []policy.Value) bool {
	return slices.ContainsFunc(list, func(v policy.Value) bool { return strings.Contains(v.Text, "?") })
}

// matches reports whether a pattern with wildcards matches a text, in which wildcards are
// letters like others.
func matches(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
