package access

import (
	"cmp"
	"slices"
)

// A clause is a disjunction of literals. Escaping a box is the clause of its
// negated literals.
type clause []lit

// escape is the clause that says "not in b".
func (b box) escape() clause {
	c := make(clause, len(b))
	for i, l := range b {
		c[i] = l.not()
	}
	return c
}

// model is a value for each dimension.
type model []answer

// region is the set of requests inside one box and outside of others.
type region struct {
	in      box
	clauses []clause
}

// solve finds a request in r. It keeps one set of literals for each dimension,
// asserts what follows, and branches on a shortest clause.
func (p *problem) solve(r region) (model, status) {
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
	var clauses []clause
	for _, c := range slices.Concat(p.always, r.clauses) {
		met, st := s.met(c)
		if st != sat {
			return nil, st
		}
		if !met {
			clauses = append(clauses, c)
		}
	}
	return s.solve(clauses)
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

// simplify removes met clauses and impossible literals and asserts units until
// nothing changes.
func (s *search) simplify(clauses []clause) ([]clause, status) {
	for {
		var left []clause
		changed := false
		for _, c := range clauses {
			if slices.ContainsFunc(c, s.asserted) {
				continue
			}
			var kept clause
			for _, l := range c {
				ok, st := s.possible(l)
				if st != sat {
					return nil, st
				}
				if ok {
					kept = append(kept, l)
				}
			}
			switch len(kept) {
			case 0:
				return nil, unsat
			case 1:
				if st := s.assert(kept[0]); st != sat {
					return nil, st
				}
				changed = true
			default:
				left = append(left, kept)
			}
		}
		clauses = left
		if !changed {
			return clauses, sat
		}
	}
}

func (s *search) solve(clauses []clause) (model, status) {
	clauses, st := s.simplify(clauses)
	if st != sat {
		return nil, st
	}
	if len(clauses) == 0 {
		return s.model()
	}
	if !s.p.b.spend(len(clauses)) {
		return nil, spent
	}
	c := slices.MinFunc(clauses, func(a, b clause) int { return cmp.Compare(len(a), len(b)) })
	undecided := unsat
	for i, l := range c {
		next := &search{p: s.p, lits: slices.Clone(s.lits)}
		// What the branches before this one covered need not be searched again.
		more := []lit{l}
		for _, earlier := range c[:i] {
			more = append(more, earlier.not())
		}
		st := next.assert(more...)
		var m model
		if st == sat {
			m, st = next.solve(clauses)
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

// model reads a value off each dimension.
func (s *search) model() (model, status) {
	m := make(model, len(s.p.dims))
	for i := range s.p.dims {
		m[i] = s.p.check(i, s.lits[i])
		if m[i].status != sat {
			return nil, m[i].status
		}
	}
	s.p.last = s.lits
	return m, sat
}
