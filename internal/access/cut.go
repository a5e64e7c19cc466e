package access

import (
	"iter"
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Bounds on a description. Beyond the first a set is told in one term; beyond the
// others it is an outline.
const (
	maxParts      = 8       // terms of one shape
	maxTerms      = 16      // terms of one gain
	maxExceptions = 24      // exceptions of one term
	maxRelations  = 1 << 20 // pairs of a unit and an exception
)

// cutter turns the shapes of one gain into terms.
type cutter struct {
	*explainer
	asked  *operand
	terms  []Term
	exact  bool
	failed bool // there are too many pairs to look at

	// sure holds units of the statement that bring something, and open those that
	// may, each with one that it is like. Of a dimension in any, all may.
	sure map[*unit]bool
	open map[*unit]*unit
	any  [elements]bool
}

// An exception is an operand that takes something away from an area.
type exception struct {
	op   *operand
	left []test               // conditions that do not hold throughout the area
	rels [elements][]relation // by cell
}

// shape adds the terms of one shape.
func (c *cutter) shape(s shape) {
	if c.failed {
		return
	}
	if len(c.terms) == maxTerms {
		c.exact = false
		return
	}
	a := c.area(s.in)
	if a == nil || slices.ContainsFunc(s.needs, func(ps []Piece) bool { return !c.meets(a, ps) }) {
		return
	}
	cells := 0
	for dim := range elements {
		cells += len(a.cells(dim))
	}
	pairs := cells
	for _, ps := range s.except {
		pairs += cells * len(ps)
	}
	c.failed = c.failed || pairs > maxRelations
	whole := a.whole()
	except, rest := c.exceptions(a, s.except)
	if !rest || c.failed {
		return
	}
	parts, ok := split(a, except)
	if !ok {
		parts = nil
		if p := uncut(a, except); !p.covered() {
			parts = []portion{p}
		}
	}
	if s.wider && whole { // the second operand takes nothing away
		c.terms = nil
	}
	for _, p := range parts {
		if len(c.terms) == maxTerms {
			c.exact = false
			return
		}
		c.terms = append(c.terms, c.term(a, p))
	}
}

// maxNarrowed bounds how often an area is made narrower, which begins anew.
const maxNarrowed = 4

// exceptions lists what takes something away from a; false when nothing is left. To
// take away all but some actions is to leave these, which is easier to read.
func (c *cutter) exceptions(a *area, lists [][]Piece) (out []*exception, rest bool) {
	for narrowed := 0; ; narrowed++ {
		out = nil
		again := false
		for p := range each(lists) {
			e := c.exception(a, p)
			if e == nil {
				continue
			}
			out = append(out, e)
			dim := e.complement(a)
			if dim < 0 || narrowed == maxNarrowed {
				continue
			}
			less := *a
			less.ops = append(slices.Clip(a.ops), c.flipped(p, dim))
			if !c.narrow(&less, dim, less.ops[len(less.ops)-1].elems[dim]) {
				return nil, false
			}
			if len(less.rest[dim]) == len(a.rest[dim]) {
				*a, again = less, true
				break
			}
		}
		if !again {
			return out, true
		}
	}
}

// complement is the one dimension in which e does not hold all of a, if it has a Not
// element there; else -1.
func (e *exception) complement(a *area) int {
	if len(e.left) > 0 {
		return -1
	}
	found := -1
	for dim := range elements {
		if !slices.ContainsFunc(e.rels[dim], func(r relation) bool { return r != within }) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = dim
	}
	// Not listing a principal is more than the contrary of listing it, see
	// policy.Reading.
	if found == dimPrincipal || found >= 0 && !e.op.elems[found].not {
		return -1
	}
	return found
}

// flipped is the operand that says the contrary of a Not element, and nothing else.
func (c *cutter) flipped(p Piece, dim int) *operand {
	p.Principal, p.Conditions = nil, nil
	if dim == dimAction {
		p.Action, p.Resource = &policy.Values{List: p.Action.List}, nil
	} else {
		p.Action, p.Resource = nil, &policy.Values{List: p.Resource.List}
	}
	o := &operand{piece: p}
	o.elems[dim] = c.element(o, dim)
	return o
}

func (c *cutter) meets(a *area, ps []Piece) bool {
	return slices.ContainsFunc(ps, func(p Piece) bool { return c.exception(a, p) != nil })
}

// whole reports whether a is all of its first operand.
func (a *area) whole() bool {
	for dim := range elements {
		if len(a.rest[dim]) > 0 {
			return false
		}
	}
	for _, left := range a.left {
		if len(left) > 0 {
			return false
		}
	}
	return a.elems == a.ops[0].elems
}

// exception compares a piece with a; nil when they have nothing in common.
func (c *cutter) exception(a *area, p Piece) *exception {
	c.failed = c.failed || !c.b.spend(4)
	if c.failed {
		return nil
	}
	e := &exception{op: c.operand(p)}
	for dim := range elements {
		meets := false
		cells := a.cells(dim)
		e.rels[dim] = make([]relation, len(cells))
		for i, cell := range cells {
			r := c.relateCell(a, dim, cell, e.op.elems[dim])
			e.rels[dim][i] = r
			meets = meets || r != apart
		}
		if !meets {
			return nil
		}
	}
	left, isApart := c.conditions(a, e.op.conds)
	if isApart {
		return nil
	}
	e.left = left
	return e
}

func each(lists [][]Piece) iter.Seq[Piece] {
	return func(yield func(Piece) bool) {
		for _, ps := range lists {
			for _, p := range ps {
				if !yield(p) {
					return
				}
			}
		}
	}
}
