package access

import (
	"cmp"
	"slices"
)

// A clause is a disjunction of literals. Escaping a box is the clause of its
// negated literals.
type clause []lit

// escape makes the literals of a box the clause that says "not in it". What p compiled first
// is tried first.
func (p *problem) escape(of []lit) clause {
	c := clause(of)
	for i, l := range c {
		c[i] = l.not()
	}
	slices.SortFunc(c, func(l, m lit) int { return cmp.Compare(p.rank[l.atom()], p.rank[m.atom()]) })
	return c
}

// model is a value for each dimension.
type model []answer

// A choice is a disjunction of boxes.
type choice []box

// region is the set of requests inside one box, inside a box of every choice, and
// outside of what the clauses escape.
type region struct {
	in      box
	clauses []clause
	choices []choice
}

// solve finds a request in r. It keeps one set of literals for each dimension,
// asserts what follows, and branches on a shortest clause or choice.
func (p *problem) solve(r region) (model, status) {
	if p.b.left < 0 { // what the region is made of may be cut short
		return nil, spent
	}
	s := &search{p: p, lits: make([]box, len(p.dims))}
	if st := s.assert(r.in...); st != sat {
		return nil, st
	}
	// Most of what is new is also old: a box that holds all of r leaves nothing.
	for _, c := range r.clauses {
		if !p.b.spend(1) {
			return nil, spent
		}
		if !slices.ContainsFunc(c, func(l lit) bool { return !s.asserted(l.not()) }) {
			return nil, unsat
		}
	}
	var left goals
	for _, cs := range [][]clause{p.always, r.clauses} {
		for _, c := range cs {
			met, st := s.met(c)
			if st != sat {
				return nil, st
			}
			if !met {
				left.clauses = append(left.clauses, c)
			}
		}
	}
	left.choices = r.choices
	return s.solve(left)
}

// goals are what a search has yet to meet.
type goals struct {
	clauses []clause
	choices []choice
}

// met reports whether c holds for everything that s still allows, because the
// negation of one of its literals is impossible. Most boxes of a policy lie apart
// from the one asked about, so this leaves few.
func (s *search) met(c clause) (bool, status) {
	for _, l := range c {
		ok, st := s.possible(l.not())
		if st != sat || !ok {
			return !ok, st
		}
	}
	return false, sat
}

// search is one node: the literals asserted so far, by dimension.
type search struct {
	p    *problem
	lits []box
}

// assert adds literals; unsat when some dimension has no value left.
func (s *search) assert(ls ...lit) status {
	worst := sat
	for _, l := range ls {
		i := s.p.atoms[l.atom()].dim
		if slices.Contains(s.lits[i], l) {
			continue
		}
		s.lits[i] = s.lits[i].with(l)
		switch st := s.p.check(i, s.lits[i]).status; st {
		case unsat, spent:
			return st
		case open:
			worst = open
		case sat:
		}
	}
	if worst == open {
		return sat // the last check of the model tells
	}
	return worst
}

// possible reports whether l can still hold.
func (s *search) possible(l lit) (bool, status) {
	i := s.p.atoms[l.atom()].dim
	if slices.Contains(s.lits[i], l) {
		return true, sat
	}
	if slices.Contains(s.lits[i], l.not()) {
		return false, sat
	}
	if !s.p.b.spend(2 + len(s.lits[i])/4) {
		return false, spent
	}
	switch st := s.p.check(i, s.lits[i].with(l)).status; st {
	case unsat:
		return false, sat
	case spent:
		return false, spent
	default:
		return true, sat
	}
}

func (s *search) asserted(l lit) bool {
	return slices.Contains(s.lits[s.p.atoms[l.atom()].dim], l)
}

// simplify removes met goals and impossible alternatives and asserts units until
// nothing changes.
func (s *search) simplify(g goals) (goals, status) {
	for {
		var left goals
		changed := false
		for _, c := range g.clauses {
			if slices.ContainsFunc(c, s.asserted) {
				continue
			}
			var kept clause
			for _, l := range c {
				ok, st := s.possible(l)
				if st != sat {
					return goals{}, st
				}
				if ok {
					kept = append(kept, l)
				}
			}
			switch len(kept) {
			case 0:
				return goals{}, unsat
			case 1:
				if st := s.assert(kept[0]); st != sat {
					return goals{}, st
				}
				changed = true
			default:
				left.clauses = append(left.clauses, kept)
			}
		}
		for _, c := range g.choices {
			kept, met, st := s.boxes(c)
			switch {
			case st != sat:
				return goals{}, st
			case met:
			case len(kept) == 0:
				return goals{}, unsat
			case len(kept) == 1:
				if st := s.assert(kept[0]...); st != sat {
					return goals{}, st
				}
				changed = true
			default:
				left.choices = append(left.choices, kept)
			}
		}
		g = left
		if !changed {
			return g, sat
		}
	}
}

// boxes keeps the alternatives of a choice that are still possible, literal by
// literal; met reports that one of them holds already.
func (s *search) boxes(c choice) (kept choice, met bool, st status) {
	for _, b := range c {
		holds, can := true, true
		for _, l := range b {
			if s.asserted(l) {
				continue
			}
			holds = false
			if can, st = s.possible(l); st != sat {
				return nil, false, st
			}
			if !can {
				break
			}
		}
		if holds {
			return nil, true, sat
		}
		if can {
			kept = append(kept, b)
		}
	}
	return kept, false, sat
}

func (s *search) solve(g goals) (model, status) {
	g, st := s.simplify(g)
	if st != sat {
		return nil, st
	}
	if len(g.clauses)+len(g.choices) == 0 {
		return s.model()
	}
	if !s.p.b.spend(len(g.clauses) + len(g.choices)) {
		return nil, spent
	}
	undecided := unsat
	for _, more := range g.branches() {
		next := &search{p: s.p, lits: slices.Clone(s.lits)}
		st := next.assert(more...)
		var m model
		if st == sat {
			m, st = next.solve(g)
		}
		switch st {
		case sat, spent:
			return m, st
		case open:
			undecided = open
		case unsat:
		}
	}
	return nil, undecided
}

// branches are the ways to meet a shortest goal. What the branches before one
// covered need not be searched again, which a clause can say.
func (g goals) branches() [][]lit {
	var out [][]lit
	if len(g.clauses) == 0 {
		for _, b := range slices.MinFunc(g.choices, func(a, b choice) int { return cmp.Compare(len(a), len(b)) }) {
			out = append(out, b)
		}
		return out
	}
	c := slices.MinFunc(g.clauses, func(a, b clause) int { return cmp.Compare(len(a), len(b)) })
	for i, l := range c {
		more := []lit{l}
		for _, earlier := range c[:i] {
			more = append(more, earlier.not())
		}
		out = append(out, more)
	}
	return out
}

// model reads a value off each dimension.
func (s *search) model() (model, status) {
	m := make(model, len(s.p.dims))
	for i := range s.p.dims {
		if m[i].status = sat; i > dimResource && len(s.lits[i]) == 0 {
			continue // the key is missing
		}
		m[i] = s.p.check(i, s.lits[i])
		if m[i].status != sat {
			return nil, m[i].status
		}
	}
	if s.p.related != nil {
		if st := s.related(); st != sat {
			return nil, st
		}
	}
	s.p.last = s.lits
	return m, sat
}
