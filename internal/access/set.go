package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A Set is a set of requests, given by documents: what some of them allow together,
// as far as guardrails let it (IAM User Guide, "Policy evaluation logic"). The zero
// value is empty. Sets are values: no method changes its receiver.
type Set struct{ terms []term }

// term is one way to be allowed: by every layer.
type term struct{ layers []layer }

// layer are documents that count together: a request is allowed by an Allow of one,
// and not denied by any.
type layer []*policy.Document

// Allowed is what the documents allow together: all policies of one identity, or the
// policy of one resource.
func Allowed(docs ...*policy.Document) Set {
	return Set{[]term{{[]layer{docs}}}}
}

// And is the part of s that the documents together allow too: a permissions
// boundary, a session policy, the service control policies of one level, or resource
// control policies with the one that allows everything.
func (s Set) And(docs ...*policy.Document) Set {
	out := Set{make([]term, len(s.terms))}
	for i, t := range s.terms {
		out.terms[i].layers = append(slices.Clone(t.layers), docs)
	}
	return out
}

// Or is the union of both sets.
func (s Set) Or(other Set) Set {
	return Set{slices.Concat(s.terms, other.terms)}
}

// Documents lists the documents of s in the order in which Gain.Document counts them.
func (s Set) Documents() []*policy.Document {
	var out []*policy.Document
	for _, t := range s.terms {
		for _, l := range t.layers {
			out = append(out, l...)
		}
	}
	return out
}

// Allows reports whether q is in s, by the evaluator.
func (s Set) Allows(q policy.Request, r policy.Reading) bool {
	return slices.ContainsFunc(s.terms, func(t term) bool {
		return len(t.layers) > 0 && !slices.ContainsFunc(t.layers, func(l layer) bool {
			d, _ := policy.Evaluate(l, q, r)
			return d != policy.DecisionAllow
		})
	})
}

// Gained decides whether the set after holds any request that the set before does
// not. Gains name statements of the documents given to Allowed; what a guardrail
// gives way to is new under such a statement.
func Gained(before, after Set, o Options) Result {
	res := gained(before, after, o)
	if v := newVeil(o.Symbols); v != nil {
		return v.both(res, gained(v.set(before), v.set(after), o), o.Explain)
	}
	return res
}

func gained(before, after Set, o Options) Result {
	olds, news := before.Documents(), after.Documents()
	q := &question{
		docs:    slices.Concat(news, olds),
		asked:   len(news),
		selects: allows,
		grants:  after.grants(),
		confirms: func(q policy.Request, r policy.Reading) bool {
			return after.Allows(q, r) && !before.Allows(q, r)
		},
	}
	if before.plain() && after.plain() {
		q.repeats = repeats(olds, news)
	}
	q.regions = func(p *problem, in box, doc int) []region {
		t, first := after.at(doc)
		r := region{in: in}
		for k, l := range t.layers {
			r.clauses = append(r.clauses, p.group(first, len(l), policy.Deny).clauses(p, in)...)
			if k > 0 {
				r.choices = append(r.choices, p.group(first, len(l), policy.Allow).list(p, in))
			}
			first += len(l)
		}
		return p.outside([]region{r}, before, len(news))
	}
	q.shapes = func(doc, index int) ([]shape, bool) { return q.gained(before, after, doc, index) }
	res := q.ask(o)
	if o.Explain {
		for i := range res.Gains {
			res.Gains[i].compare(olds)
		}
	}
	return res
}

// plain reports whether s is what documents allow, without guardrails.
func (s Set) plain() bool { return len(s.terms) == 1 && len(s.terms[0].layers) == 1 }

// grants reports for each of the documents of s whether it grants, and is not a
// guardrail.
func (s Set) grants() []bool {
	var out []bool
	for _, t := range s.terms {
		for k, l := range t.layers {
			for range l {
				out = append(out, k == 0)
			}
		}
	}
	return out
}

// at returns the term of document number doc, and the number of the term's first.
func (s Set) at(doc int) (t term, first int) {
	for _, t = range s.terms {
		n := 0
		for _, l := range t.layers {
			n += len(l)
		}
		if doc < first+n {
			return t, first
		}
		first += n
	}
	return term{}, first
}

// outside cuts regions down to what s does not hold; first is the number of its first
// document. A request is outside of a term where a layer has no Allow for it, or a Deny.
func (p *problem) outside(rs []region, s Set, first int) []region {
	for _, t := range s.terms {
		var next []region
		at := first
		for _, l := range t.layers {
			allowed, denied := p.group(at, len(l), policy.Allow), p.group(at, len(l), policy.Deny)
			for _, r := range rs {
				if !p.b.spend(1) {
					return rs // solving them tells that the work is spent
				}
				next = append(next, region{r.in, slices.Concat(allowed.clauses(p, r.in), r.clauses), r.choices})
				for _, d := range denied.list(p, r.in) {
					next = append(next, region{r.in.with(d...), r.clauses, r.choices})
				}
			}
			at += len(l)
		}
		rs, first = next, at
	}
	return rs
}
