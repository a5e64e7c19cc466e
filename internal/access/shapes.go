package access

import "github.com/grantdiff/grantdiff/internal/policy"

// maxShapes bounds the shapes of a gain, which guardrails multiply.
const maxShapes = 1 << 12

// gained is what an Allow statement of the set after brings: what each of its
// guardrails allows and nothing there denies, less the set before. To be outside of
// that is, for each of its terms, to be allowed by no statement of a layer, or denied
// by one.
func (q *question) gained(before, after Set, doc, index int) ([]shape, bool) {
	asked := q.piece(Asked, doc, index)
	t, first := after.at(doc)
	out := []shape{{in: []Piece{asked}}}
	for k, l := range t.layers {
		out[0].except = append(out[0].except, q.pieces(NewDeny, first, first+len(l), denies))
		if k > 0 {
			var next []shape
			for _, g := range q.pieces(NewAllow, first, first+len(l), allows) {
				for _, s := range out {
					next = append(next, s.and(g))
				}
			}
			if out = next; len(out) == 0 || len(out) > maxShapes {
				return nil, false
			}
			for i := range out {
				out[i].except = out[0].except
			}
		}
		first += len(l)
	}
	at := q.asked
	for _, t := range before.terms {
		var next []shape
		for _, l := range t.layers {
			allowed := q.pieces(ExistingAllow, at, at+len(l), allows)
			denied := q.pieces(ExistingDeny, at, at+len(l), denies)
			if len(out)*(1+len(denied))+len(next) > maxShapes {
				return nil, false
			}
			for _, s := range out {
				next = append(next, s.without(allowed))
				for _, d := range denied {
					if len(allowed) > 0 {
						next = append(next, s.and(d).where(allowed))
					}
				}
			}
			at += len(l)
		}
		out = next
	}
	for i := range out {
		out[i].wider = before.plain() && after.plain()
	}
	return out, true
}

func (s shape) and(p Piece) shape {
	s.in = append(s.in[:len(s.in):len(s.in)], p)
	return s
}

func (s shape) without(ps []Piece) shape {
	s.except = append([][]Piece{ps}, s.except...)
	return s
}

func (s shape) where(ps []Piece) shape {
	s.needs = append(s.needs[:len(s.needs):len(s.needs)], ps)
	return s
}

// lostDenial is what a Deny statement of the existing documents does not hold back
// any more.
func (q *question) lostDenial(doc, index int) ([]shape, bool) {
	denied := q.pieces(NewDeny, q.asked, len(q.docs), denies)
	return []shape{{in: []Piece{q.piece(Asked, doc, index)}, except: [][]Piece{denied}}}, true
}

// granted is what a statement allows of the listed accesses.
func (q *question) granted(listed []Access, doc, index int) ([]shape, bool) {
	asked := q.piece(Asked, doc, index)
	denied := q.pieces(NewDeny, 0, q.asked, denies)
	var out []shape
	for i, a := range listed {
		p := Piece{Role: Listed, Statement: i, kind: policy.Identity}
		if len(a.Actions) > 0 {
			p.Action = &policy.Values{List: texts(a.Actions...)}
		}
		if len(a.Resources) > 0 {
			p.Resource = &policy.Values{List: texts(a.Resources...)}
		}
		out = append(out, shape{in: []Piece{asked, p}, except: [][]Piece{denied}, wider: true})
	}
	return out, true
}
