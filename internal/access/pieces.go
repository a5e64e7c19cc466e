package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// term writes a part down.
func (c *cutter) term(a *area, p portion) Term {
	var t Term
	var left [elements]*element
	for dim := range elements {
		left[dim] = a.elems[dim]
		if cells := a.cells(dim); cells[0] != nil {
			units := make([]*unit, len(p.cells[dim]))
			for i, at := range p.cells[dim] {
				units[i] = cells[at]
			}
			left[dim] = left[dim].part(units)
		}
	}
	for i, op := range a.ops {
		in := op.piece
		in.Principal, in.Action, in.Resource = nil, nil, nil
		for dim := range elements {
			if a.from[dim] == i {
				in.set(dim, left[dim])
			}
			for _, e := range a.rest[dim] {
				if e.owner == op {
					in.set(dim, e)
				}
			}
		}
		if i > 0 {
			in.Conditions = conditionsOf(a.left[op])
		}
		if !in.empty() || in.Role == ExistingDeny {
			t.In = append(t.In, in)
		}
	}
	c.settle(a, p, left)
	for _, e := range p.except {
		out := e.op.piece
		out.Principal, out.Action, out.Resource = nil, nil, nil
		for dim := range elements {
			if slices.ContainsFunc(p.cells[dim], func(i int) bool { return e.rels[dim][i] != within }) {
				out.set(dim, c.meeting(e.op.elems[dim], left[dim], a.base[dim]))
			}
		}
		out.Conditions = conditionsOf(e.left)
		t.Except = joined(t.Except, out)
	}
	if len(t.Except) > maxExceptions {
		t.Except, c.exact = t.Except[:maxExceptions], false
	}
	return t
}

// settle notes which units of a part bring something: surely all, where there is no
// exception; else each or none of those that lie alike to all exceptions, unless they
// are in several parts.
func (c *cutter) settle(a *area, p portion, left [elements]*element) {
	for dim, e := range left {
		c.any[dim] = c.any[dim] || a.from[dim] > 0
		if e == nil || e.not {
			continue
		}
		uniform := !slices.ContainsFunc(p.except, func(e *exception) bool { return e.rels[dim][p.cells[dim][0]] == partial })
		like := e.units[0]
		for _, u := range e.units {
			switch {
			case len(p.except) == 0 && len(a.ops) == 1:
				c.sure[u] = true
			case uniform && c.open[u] == nil && (u == like || c.open[like] == like):
				c.open[u] = like
			default:
				c.open[u] = u
			}
		}
	}
}

// meeting is e with the units that meet the other element.
func (c *cutter) meeting(e, other *element, base []box) *element {
	if e == nil || e.not || len(e.units) == 1 {
		return e
	}
	var units []*unit
	for _, u := range e.units {
		if c.relate(e, u, other, base) != apart {
			units = append(units, u)
		}
	}
	return e.part(units)
}

// set gives the piece an element; nil leaves it out.
func (p *Piece) set(dim int, e *element) {
	if e == nil {
		return
	}
	from := e.owner.piece
	switch dim {
	case dimPrincipal:
		v := *from.Principal
		v.List = pick(v.List, e)
		p.Principal = &v
	case dimAction:
		v := *from.Action
		v.List = pick(v.List, e)
		p.Action = &v
	case dimResource:
		v := *from.Resource
		v.List = pick(v.List, e)
		p.Resource = &v
	}
}

// pick takes the units of e out of the list that it was compiled from.
func pick[T any](list []T, e *element) []T {
	if len(list) == len(e.units) {
		return list
	}
	out := make([]T, len(e.units))
	for i, u := range e.units {
		out[i] = list[u.at]
	}
	return out
}

func conditionsOf(ts []test) []policy.Condition {
	var out []policy.Condition
	for _, t := range ts {
		out = append(out, t.cond)
	}
	return out
}

// joined adds an exception to a list. Two that differ in one list only are one.
func joined(list []Piece, p Piece) []Piece {
	for i := range list {
		q := &list[i]
		if q.Role != p.Role || q.version != p.version || !sameConditions(q.Conditions, p.Conditions) {
			continue
		}
		actions, resources, principals := sameValues(q.Action, p.Action), sameValues(q.Resource, p.Resource), samePrincipals(q.Principal, p.Principal)
		switch {
		case actions && resources && principals:
			return list
		case resources && principals && positive(q.Action) && positive(p.Action):
			q.Action = joinedValues(q.Action, p.Action)
			return list
		case actions && principals && positive(q.Resource) && positive(p.Resource):
			q.Resource = joinedValues(q.Resource, p.Resource)
			return list
		}
	}
	return append(list, p)
}

func positive(v *policy.Values) bool { return v != nil && !v.Not }

func joinedValues(a, b *policy.Values) *policy.Values {
	v := &policy.Values{List: slices.Clone(a.List)}
	have := make(map[string]bool, len(v.List))
	for _, x := range v.List {
		have[x.Text] = true
	}
	for _, x := range b.List {
		if !have[x.Text] {
			v.List = append(v.List, x)
		}
	}
	return v
}

func samePrincipals(a, b *policy.Principals) bool {
	return a == b || a != nil && b != nil && a.Not == b.Not && slices.EqualFunc(a.List, b.List, func(x, y policy.PrincipalEntry) bool {
		return x.Type == y.Type && x.Text == y.Text
	})
}

func sameConditions(a, b []policy.Condition) bool {
	return slices.EqualFunc(a, b, func(c, d policy.Condition) bool {
		return c.Operator.Name == d.Operator.Name && c.KeyName() == d.KeyName() && slices.EqualFunc(c.Values, d.Values, sameText)
	})
}

func sameValues(a, b *policy.Values) bool {
	return a == b || a != nil && b != nil && a.Not == b.Not && slices.EqualFunc(a.List, b.List, sameText)
}

func sameText(a, b policy.Value) bool { return a.Text == b.Text }
