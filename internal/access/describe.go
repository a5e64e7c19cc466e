package access

import (
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// describe fills in which patterns of the gain's statement bring something new.
func (r *run) describe(p *problem, g *Gain) {
	at := place{g.Document, g.Statement}
	d := r.docs[at.doc]
	s := &d.Statements[at.index]
	regions := r.regions(p, *p.boxes(r.docs)[at.doc][at.index], at.doc)
	under := func(l lit) bool {
		r.b.spend(1)
		limited := make([]region, len(regions))
		for i, rg := range regions {
			limited[i] = region{rg.in.with(l), rg.clauses, rg.choices}
		}
		_, st := p.first(limited)
		return st != unsat
	}
	g.Actions = patterns(s.Action, func(text string) bool {
		return under(p.globAtom(dimAction, []*glob{p.action(text)}))
	})
	if s.Resource != nil {
		g.Resources = patterns(*s.Resource, func(text string) bool {
			return under(p.globAtom(dimResource, p.resource(text, d.HasVariables(), d.Kind)))
		})
	}
	if s.Principal == nil {
		return
	}
	if s.Principal.Not {
		g.Principals = []string{"all but " + joinEntries(s.Principal.List)}
		return
	}
	for _, e := range s.Principal.List {
		if under(p.globAtom(dimPrincipal, p.entry(e))) {
			g.Principals = append(g.Principals, entryText(e))
		}
	}
}

// patterns lists the texts of an element that pass keep; a Not element is one
// entry.
func patterns(v policy.Values, keep func(string) bool) []string {
	var out []string
	if v.Not {
		for _, x := range v.List {
			out = append(out, x.Text)
		}
		if len(out) == 0 {
			return []string{"*"}
		}
		return []string{"all but " + strings.Join(out, ", ")}
	}
	for _, x := range v.List {
		if keep(x.Text) {
			out = append(out, x.Text)
		}
	}
	return out
}

// entryText writes a principal entry: AWS entries and "*" bare, others with their
// type.
func entryText(e policy.PrincipalEntry) string {
	switch e.Type {
	case policy.PrincipalAll, policy.PrincipalAWS:
		return e.Text
	default:
		return e.Type.String() + ": " + e.Text
	}
}

func joinEntries(es []policy.PrincipalEntry) string {
	texts := make([]string, len(es))
	for i, e := range es {
		texts[i] = entryText(e)
	}
	return strings.Join(texts, ", ")
}
