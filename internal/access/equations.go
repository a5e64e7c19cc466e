package access

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/internal/access/equation"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Patterns with variables that values have to match are equations between texts that are not
// known: what one is begins with another, or holds it. Problems look at their outlines only.
// Where that leaves a case open, the equations are solved for what a search came to.

// relations is what solving equations takes and brings, over the ends of one search.
type relations struct {
	left   int                 // work
	values []map[string]string // texts of unknown values that may be a solution, by key
	group  map[string]string   // of keys that are compared: those of one group differ, unless they are known to be the same
}

// Bounds on solving equations of one case.
const (
	maxChoices   = 64 // ways to choose among the patterns of lists
	maxSolutions = 16 // looked at
	// forEquations is the part of the work that one case may take, by this.
	forEquations = 8
)

// related decides a case by the equations between its unknown values. It reports whether the
// case is ruled out, or a gain was found.
func (s *splitter) related(at place, env environment) bool {
	r := &relations{left: s.work / forEquations, group: s.group}
	p, _, st := s.solveWith(r, at, env, nil)
	switch st {
	case unsat:
		return true
	case spent:
		s.spent()
		return false
	}
	for _, values := range r.values {
		next := maps.Clone(env)
		for key, v := range env {
			if text, ok := values[p.compiler.first(key)]; ok && v.unknown {
				next[key] = value{literal: text}
			}
		}
		if p, m, st := s.solve(at, next, nil); st == sat && !next.unknown() && s.gain(p, m, at) {
			return true
		}
	}
	return false
}

// A demand is what the value of a dimension has to match, and what not.
type demand struct {
	dim      int
	pos, neg []*union
}

// demands lists those on dimensions that have to do with variables of unknown value.
func (s *search) demands() []demand {
	var out []demand
	for i, d := range s.p.dims {
		v, isVariable := s.p.env[d.key]
		isVariable = isVariable && v.unknown && !v.free
		r := demand{dim: i, pos: slices.Clone(d.domain)}
		one := d.key == "" || isVariable
		for _, l := range s.lits[i] {
			a := s.p.atoms[l.atom()]
			switch {
			case d.key == "" && l.neg():
				r.neg = append(r.neg, a.union)
			case d.key == "":
				r.pos = append(r.pos, a.union)
			case a.cond.presence || a.cond.quant != policy.NoQualifier:
			default:
				one = one || !l.neg() && !a.cond.negElem && !a.cond.absent
				switch {
				case a.cond.m.sort&(sortText|sortBool) == 0:
				case a.cond.negElem == l.neg():
					r.pos = append(r.pos, s.p.unionOf(a.cond.m))
				default:
					r.neg = append(r.neg, s.p.unionOf(a.cond.m))
				}
			}
		}
		holds := func(u *union) bool { return len(u.templates) > 0 }
		if one && (isVariable || slices.ContainsFunc(r.pos, holds) || slices.ContainsFunc(r.neg, holds)) {
			out = append(out, r)
		}
	}
	return out
}

// related decides whether the values of variables can be what is asserted; open where that is
// not certain.
func (s *search) related() status {
	r := s.p.related
	spend := func(n int) bool {
		r.left -= n
		return s.p.b.spend(n) && r.left >= 0
	}
	ds := s.demands()
	for _, folded := range []bool{false, true} {
		w := &wording{problem: s.p, folded: folded}
		if w.read(ds) && !w.solvable(spend) {
			return unsat
		}
		if s.p.b.left < 0 {
			return spent
		}
	}
	if len(r.values) >= maxSolutions {
		return sat
	}
	return open
}

// solvable reports whether there may be values, and notes those that it finds.
func (w *wording) solvable(spend func(int) bool) bool {
	may := false
	for choice := range w.choices() {
		system := w.system(choice)
		if w.b.left < 0 {
			return true
		}
		texts, answer := system.Solve(spend)
		may = may || answer != equation.Unsolvable
		if answer == equation.Solvable && !w.folded { // else in some case only
			for _, t := range texts {
				w.related.values = append(w.related.values, w.values(t))
			}
		}
	}
	return may
}
