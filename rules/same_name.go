package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// withSameNames is the pass under which a value that a policy names before and after the
// change names the same principal, though nothing says any more that it cannot be everyone,
// as of a parameter that loses its AllowedPattern. That anyone may be meant is told by
// public-access; where it tells nothing, or is left out, the pass stays as it is.
func (p *Pass) withSameNames() *Pass {
	if !p.leftToPublic() || !p.grants() || p.Sum.Kind != extractors.Resource && p.Sum.Kind != extractors.Trust || len(p.gained().Gains) == 0 {
		return p
	}
	if p.loosened(nil) == nil {
		return p
	}
	t := &p.Sum.Terms[0]
	after, _ := merged(t, func(h *Holding) *policy.Document { return h.After })
	typ := resourceType(p.Sum.Kind, t)
	if !mayOpen(t, after, typ, p.access()) {
		return p
	}
	now, _ := access.NoPublicAccess(after, typ, p.access())
	if len(now.Unknown) == 0 {
		return p
	}
	sum := p.loosened(now.Unknown) // what is not named is not told
	if sum == nil {
		return p
	}
	one := *p
	one.Sum, one.shared = sum, &shared{}
	return &one
}

// loosened is the sum of the pass with the documents before the change that loosened
// makes; nil where it makes none.
func (p *Pass) loosened(names []string) *Sum {
	sum, any := *p.Sum, false
	sum.Terms = slices.Clone(sum.Terms)
	for i := range sum.Terms {
		t := &sum.Terms[i]
		t.Holdings = slices.Clone(t.Holdings)
		for j := range t.Holdings {
			h := &t.Holdings[j]
			if d := loosened(h, names); d != nil {
				h.Before, any = d, true
			}
		}
	}
	if !any {
		return nil
	}
	return &sum
}

// mayOpen reports whether public-access tells that anyone may get in where after is all
// that holds after the change, and not because they may have before.
func mayOpen(t *Term, after *policy.Document, typ string, o access.Options) bool {
	if after == nil || slices.ContainsFunc(t.Limits, func(l Limit) bool { return l.Inside && l.After != nil }) {
		return false
	}
	if now, err := access.NoPublicAccess(after, typ, o); err != nil || now.Verdict != access.Undetermined {
		return false
	}
	before, open := beforeBlocks(t)
	return !open || !StaysPublic(after, before, typ, o) // else it is as open as it was
}

// loosened is the document of a holding before the change, whose statements also name as
// anyone the values that may be anyone after it, or those of them that are named; nil where
// there are none.
func loosened(h *Holding, names []string) *policy.Document {
	if h.Before == nil || h.After == nil {
		return nil
	}
	var d *policy.Document
	for _, s := range h.After.Statements {
		if s.Effect != policy.Allow || s.Principal == nil || s.Principal.Not {
			continue
		}
		for _, e := range s.Principal.List {
			name, unknown := strings.CutPrefix(e.Text, unknownPrincipal)
			if !unknown || !bothKnow(h.Grant, name) || names != nil && !slices.Contains(names, e.Text) {
				continue
			}
			for i := range h.Before.Statements {
				was := &h.Before.Statements[i]
				if was.Effect != policy.Allow || was.Principal == nil || was.Principal.Not || !slices.ContainsFunc(was.Principal.List, func(had policy.PrincipalEntry) bool {
					return had.Type == e.Type && (had.Text == "arn:aws:iam::"+name+":root" || had.Text == unknownARN+name)
				}) {
					continue
				}
				if d == nil {
					one := *h.Before
					one.Statements = slices.Clone(one.Statements)
					d = &one
				}
				who := *was.Principal
				who.List = append(slices.Clone(who.List), e)
				d.Statements[i].Principal = &who
			}
		}
	}
	return d
}

// bothKnow reports whether a text stands for the same value that is not known on both
// sides of a grant.
func bothKnow(g *extractors.Grant, text string) bool {
	in := func(list []extractors.Symbol) (reference string) {
		for _, s := range list {
			if s.Text == text {
				return s.Reference
			}
		}
		return ""
	}
	ref := in(g.Before.Symbols)
	return ref != "" && ref == in(g.After.Symbols)
}
