package access

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// The description of a gain compares elements of statements pattern by pattern.
// Equal texts and different beginnings settle most pairs without a query.

// elements is the number of dimensions that the elements of a statement have:
// principal, action and resource.
const elements = 3

// An element is one of a statement's lists, or what is left of it. nil is an element
// that is not there and matches everything.
type element struct {
	dim    int
	not    bool
	units  []*unit
	byText map[string]bool
	all    bool // a unit matches everything

	owner *operand
	whole [][]*glob // by problem: the union of all units, see globs
}

// A unit is one string of an element.
type unit struct {
	at    int    // index in the list as written
	text  string // equal texts match the same
	fixed string // what each value begins with
	exact bool   // fixed is the only value
	all   bool   // matches every value
	globs [][]*glob
}

// relation is how a set of values lies to an element.
type relation byte

const (
	partial relation = iota // none of the others is known
	apart
	within
)

func (r relation) flip() relation {
	switch r {
	case apart:
		return within
	case within:
		return apart
	case partial:
	}
	return partial
}

// element compiles what o says in a dimension; nil where it says nothing.
func (x *explainer) element(o *operand, dim int) *element {
	e := &element{dim: dim, owner: o, byText: map[string]bool{}}
	add := func(u *unit) {
		u.at = len(e.units)
		e.units = append(e.units, u)
		e.byText[u.text] = true
		e.all = e.all || u.all
	}
	switch dim {
	case dimPrincipal:
		if o.piece.Principal == nil {
			return nil
		}
		e.not = o.piece.Principal.Not
		for _, entry := range o.piece.Principal.List {
			add(&unit{text: entry.Type.String() + "\x00" + entry.Text, all: entry.Type == policy.PrincipalAll})
		}
	case dimAction:
		if o.piece.Action == nil {
			return nil
		}
		e.not = o.piece.Action.Not
		for _, v := range o.piece.Action.List {
			add(actionUnit(v.Text))
		}
	case dimResource:
		if o.piece.Resource == nil {
			return nil
		}
		e.not = o.piece.Resource.Not
		for _, v := range o.piece.Resource.List {
			add(o.resourceUnit(v.Text))
		}
	}
	return e
}

func actionUnit(text string) *unit {
	u := &unit{text: lower(text), all: strings.Trim(text, "*") == "" && text != ""}
	u.fixed, u.exact = beginning(u.text, "*?")
	return u
}

func (o *operand) resourceUnit(text string) *unit {
	u := &unit{text: text, all: strings.Trim(text, "*") == "" && text != ""}
	if strings.Contains(text, "${") && o.variables() {
		u.text = "$" + text // the same text means another thing elsewhere
	}
	if strings.HasPrefix(text, "arn:") {
		u.fixed, u.exact = beginning(text, "*?$")
		u.exact = u.exact && strings.Count(text, ":") >= 5 // a short one has wildcards behind it
	}
	return u
}

// beginning cuts a pattern at its first special character.
func beginning(text, special string) (string, bool) {
	if i := strings.IndexAny(text, special); i >= 0 {
		return text[:i], false
	}
	return text, true
}

// meets is false if no value matches both units, because of how they begin.
func (u *unit) meets(v *unit) bool {
	if len(u.fixed) < len(v.fixed) {
		u, v = v, u
	}
	return u.fixed == v.fixed || !v.exact && strings.HasPrefix(u.fixed, v.fixed)
}

// globsOf compiles one unit of e for each problem.
func (x *explainer) globsOf(e *element, u *unit) [][]*glob {
	if u.globs != nil {
		return u.globs
	}
	u.globs = make([][]*glob, len(x.problems))
	x.b.spend(1 + len(u.text)/8)
	for i, p := range x.problems {
		switch e.dim {
		case dimPrincipal:
			u.globs[i] = p.entry(e.owner.piece.Principal.List[u.at])
		case dimAction:
			u.globs[i] = []*glob{p.action(e.owner.piece.Action.List[u.at].Text)}
		case dimResource:
			u.globs[i] = p.resource(e.owner.piece.Resource.List[u.at].Text, e.owner.variables(), e.owner.piece.kind)
		}
	}
	return u.globs
}

// literal is the test of the whole element in problem i.
func (x *explainer) literal(e *element, i int) lit {
	if e.whole == nil {
		e.whole = make([][]*glob, len(x.problems))
		for i, p := range x.problems {
			if e.dim == dimPrincipal && e.not {
				e.whole[i] = p.principals(e.owner.piece.Principal)
				continue
			}
			for _, u := range e.units {
				e.whole[i] = append(e.whole[i], x.globsOf(e, u)[i]...)
			}
		}
	}
	return signed(x.problems[i].globAtom(e.dim, e.whole[i]), e.not)
}

// part is the element with some of its units; a Not element stays whole.
func (e *element) part(units []*unit) *element {
	if e == nil || e.not || len(units) == len(e.units) {
		return e
	}
	out := &element{dim: e.dim, units: units, owner: e.owner, byText: make(map[string]bool, len(units))}
	for _, u := range units {
		out.byText[u.text] = true
		out.all = out.all || u.all
	}
	return out
}

// relate says how a unit of an element lies to e; base holds what else is known of
// the values, by problem.
func (x *explainer) relate(of *element, u *unit, e *element, base []box) relation {
	switch {
	case e == nil:
		return within
	case e.not && e.dim == dimPrincipal:
		return x.query(e.dim, x.unitLit(of, u), func(i int) lit { return x.literal(e, i) }, base)
	case e.all || e.byText[u.text]:
		return signedRelation(within, e.not)
	}
	var near []*unit
	if !x.b.spend(1 + len(e.units)/8) {
		return partial
	}
	for _, v := range e.units {
		if u.meets(v) {
			near = append(near, v)
		}
	}
	switch {
	case len(near) == 0:
		return signedRelation(apart, e.not)
	case u.exact && len(near) == 1 && near[0].exact:
		return signedRelation(within, e.not)
	}
	r := x.query(e.dim, x.unitLit(of, u), func(i int) lit {
		var union []*glob
		for _, v := range near {
			union = append(union, x.globsOf(e, v)[i]...)
		}
		return x.problems[i].globAtom(e.dim, union)
	}, base)
	return signedRelation(r, e.not)
}

func signedRelation(r relation, not bool) relation {
	if not {
		return r.flip()
	}
	return r
}

func (x *explainer) unitLit(e *element, u *unit) func(int) box {
	return func(i int) box { return box{x.problems[i].globAtom(e.dim, x.globsOf(e, u)[i])} }
}

// relateWhole says how a whole element, such as a Not element, lies to another one.
func (x *explainer) relateWhole(of, e *element, base []box) relation {
	switch {
	case e == nil:
		return within
	case of == nil:
		return x.query(e.dim, func(int) box { return nil }, func(i int) lit { return x.literal(e, i) }, base)
	}
	return x.query(e.dim, func(i int) box { return box{x.literal(of, i)} }, func(i int) lit { return x.literal(e, i) }, base)
}

// query asks each problem whether in and l exclude each other, or in implies l. What
// not every problem proves is not known.
func (x *explainer) query(dim int, in func(int) box, l func(int) lit, base []box) relation {
	isApart, isWithin := true, true
	for i, p := range x.problems {
		if x.void[i] {
			continue
		}
		lits := in(i)
		if base != nil {
			lits = lits.with(base[i]...)
		}
		test := l(i)
		if slices.Contains(lits, test) {
			isApart = false
			continue
		}
		isApart = isApart && p.check(dim, lits.with(test)).status == unsat
		isWithin = isWithin && p.check(dim, lits.with(test.not())).status == unsat
		if !isApart && !isWithin {
			return partial
		}
	}
	if isApart {
		return apart
	}
	return within
}
