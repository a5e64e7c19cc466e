package access

import "slices"

// An area is what all operands of a shape have in common: for each dimension the
// units of one of them, which can be told apart, and what the others ask besides.
type area struct {
	elems [elements]*element   // nil: everything
	from  [elements]int        // the operand that elems is from
	rest  [elements][]*element // what other operands ask besides
	base  [elements][]box      // rest, by problem
	conds []map[int]box        // conditions of all operands, by problem and dimension
	left  map[*operand][]test  // conditions of further operands that those before do not imply
	ops   []*operand
}

// cell is a part of a dimension of an area: one unit, or a whole element where the
// unit is nil.
type cell = *unit

func (a *area) cells(dim int) []cell {
	if e := a.elems[dim]; e != nil && !e.not {
		return e.units
	}
	return []cell{nil}
}

// relate says how a cell lies to an element.
func (x *explainer) relateCell(a *area, dim int, c cell, e *element) relation {
	if c == nil {
		return x.relateWhole(a.elems[dim], e, a.base[dim])
	}
	return x.relate(a.elems[dim], c, e, a.base[dim])
}

// area intersects pieces; nil when they have nothing in common.
func (x *explainer) area(in []Piece) *area {
	first := x.operand(in[0])
	a := &area{elems: first.elems, conds: make([]map[int]box, len(x.problems)), left: map[*operand][]test{}, ops: []*operand{first}}
	for i := range x.problems {
		a.conds[i] = map[int]box{}
	}
	x.assume(a, first.conds)
	for _, p := range in[1:] {
		second := x.operand(p)
		a.ops = append(a.ops, second)
		left, isApart := x.conditions(a, second.conds)
		if isApart {
			return nil
		}
		for dim, e := range second.elems {
			if e != nil && !x.narrow(a, dim, e) {
				return nil
			}
		}
		a.left[second] = left
		x.assume(a, left)
	}
	return a
}

func (x *explainer) assume(a *area, conds []test) {
	for _, t := range conds {
		for i := range x.problems {
			if dim := t.dims[i]; dim >= 0 {
				a.conds[i][dim] = a.conds[i][dim].with(t.lits[i])
			}
		}
	}
}

// narrow intersects a dimension of a with e; false when nothing is left.
func (x *explainer) narrow(a *area, dim int, e *element) bool {
	mine := a.elems[dim]
	var kept []*unit
	all := true
	for _, c := range a.cells(dim) {
		switch x.relateCell(a, dim, c, e) {
		case apart:
			continue
		case within:
		case partial:
			all = false
		}
		kept = append(kept, c)
	}
	switch {
	case len(kept) == 0:
		return false
	case kept[0] != nil:
		a.elems[dim] = mine.part(kept)
	}
	if all {
		return true
	}
	// Where e is the narrower one it says all by itself.
	if theirs, inside := x.inside(e, mine); inside {
		a.elems[dim], a.from[dim] = theirs, len(a.ops)-1
		return true
	}
	a.rest[dim] = append(slices.Clip(a.rest[dim]), e)
	base := make([]box, len(x.problems))
	for i := range x.problems {
		base[i] = box{x.literal(e, i)}
		if a.base[dim] != nil {
			base[i] = base[i].with(a.base[dim][i]...)
		}
	}
	a.base[dim] = base
	return true
}

// inside returns the units of e that are in the outer element, if none is in part.
func (x *explainer) inside(e, outer *element) (*element, bool) {
	if e.not {
		return e, x.relateWhole(e, outer, nil) == within
	}
	var kept []*unit
	for _, u := range e.units {
		switch x.relate(e, u, outer, nil) {
		case within:
			kept = append(kept, u)
		case partial:
			return nil, false
		case apart:
		}
	}
	return e.part(kept), len(kept) > 0
}

// conditions returns those that do not hold throughout a, and whether they exclude
// each other there.
func (x *explainer) conditions(a *area, conds []test) (left []test, isApart bool) {
	isApart = true
	for i := range x.problems {
		isApart = isApart && (x.void[i] || x.exclude(a, conds, i))
	}
	if isApart {
		return nil, true
	}
	for _, t := range conds {
		if !x.implied(a, t) {
			left = append(left, t)
		}
	}
	return left, false
}

// exclude reports whether problem i has no context that meets the conditions of a
// and conds.
func (x *explainer) exclude(a *area, conds []test, i int) bool {
	var dims []int
	lits := map[int]box{}
	for _, t := range conds {
		if t.never[i] {
			return true
		}
		if dim := t.dims[i]; dim >= 0 {
			lits[dim] = append(lits[dim], t.lits[i])
			if !slices.Contains(dims, dim) {
				dims = append(dims, dim)
			}
		}
	}
	return slices.ContainsFunc(dims, func(dim int) bool {
		return x.problems[i].check(dim, a.conds[i][dim].with(lits[dim]...)).status == unsat
	})
}

func (x *explainer) implied(a *area, t test) bool {
	for i, p := range x.problems {
		if x.void[i] || t.always[i] {
			continue
		}
		if t.never[i] {
			return false
		}
		known := a.conds[i][t.dims[i]]
		if !slices.Contains(known, t.lits[i]) && p.check(t.dims[i], known.with(t.lits[i].not())).status != unsat {
			return false
		}
	}
	return true
}
