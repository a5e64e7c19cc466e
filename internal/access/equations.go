package access

import (
	"maps"
	"slices"
	"strconv"
	"strings"

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
	known  map[string]solution // of what was asked about the statement before
}

// A solution is an answer, and the values that may be one.
type solution struct {
	status status
	values []map[string]string
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
	r := &relations{left: s.work / forEquations, group: s.group, known: s.known}
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

// A demand is what the value of a dimension has to match, and what not; or what one of the values
// of a key with several has to.
type demand struct {
	dim      int
	member   bool
	pos, neg []*union
}

// add asks that a value matches, or does not match, a union.
func (d *demand) add(u *union, want bool) {
	if want {
		d.pos = append(d.pos, u)
	} else {
		d.neg = append(d.neg, u)
	}
}

// about reports whether a demand has to do with variables.
func (d *demand) about() bool {
	holds := func(u *union) bool { return len(u.templates) > 0 }
	return slices.ContainsFunc(d.pos, holds) || slices.ContainsFunc(d.neg, holds)
}

// demands lists those on dimensions that have to do with variables of unknown value, and the
// links between them.
func (s *search) demands() (out []demand, links []link) {
	on := map[int]bool{}
	for i := range s.p.dims {
		if d, about := s.demand(i); about {
			out, on[i] = append(out, d), true
		}
		out = append(out, s.members(i)...)
	}
	for _, l := range s.p.links {
		if !on[l.key] || slices.ContainsFunc(l.ifs, func(l lit) bool { return !s.certain(l) }) {
			continue
		}
		links = append(links, l)
		if !on[l.from] {
			d, _ := s.demand(l.from)
			out, on[l.from] = append(out, d), true
		}
	}
	return out, links
}

// certain reports whether a literal holds for all that is asserted.
func (s *search) certain(l lit) bool {
	may, st := s.possible(l.not())
	return st == sat && !may
}

// demand is what is asserted of a dimension. It reports whether that has to do with variables,
// and the value is a single one.
func (s *search) demand(i int) (d demand, about bool) {
	dim := s.p.dims[i]
	isVariable := s.p.env.isUnknown(dim.key)
	d = demand{dim: i, pos: slices.Clone(dim.domain)}
	one := dim.key == "" || isVariable
	for _, l := range s.lits[i] {
		a := s.p.atoms[l.atom()]
		switch {
		case dim.key == "":
			d.add(a.union, !l.neg())
		case a.cond.presence || a.cond.quant != policy.NoQualifier:
		default:
			one = one || !l.neg() && !a.cond.negElem && !a.cond.absent
			if a.cond.m.isText() {
				d.add(s.p.unionOf(a.cond.m), a.cond.negElem == l.neg())
			}
		}
	}
	return d, one && (isVariable || d.about())
}

// members are the demands on the values that a key has to have, as set operators ask; see
// checkPresent.
func (s *search) members(i int) (out []demand) {
	each := demand{dim: i, member: true}
	var some []constraint
	present := false
	null := true // "" alone may do, which meets whatever is asked of each
	for _, l := range s.lits[i] {
		a := s.p.atoms[l.atom()].cond
		if a == nil {
			return nil
		}
		present = present || (a.absent && !a.presence) == l.neg() // it does not hold without
		if a.presence {
			continue
		}
		c := constraint{a.m, a.negElem == l.neg()}
		ofEach := (a.quant == policy.ForAllValues) != l.neg()
		switch {
		case a.quant == policy.NoQualifier:
			continue
		case !ofEach:
			some = append(some, c)
		case c.m.isText():
			each.add(s.p.unionOf(c.m), c.want)
		}
		if a.quant == policy.ForAllValues { // which "" alone always meets
			null = null && !l.neg()
		} else if c.m.isText() && len(s.p.unionOf(c.m).templates) == 0 && c.m.match("") != c.want {
			null = false
		}
	}
	if null || !present {
		return nil
	}
	for _, c := range some {
		d := demand{dim: i, member: true, pos: slices.Clone(each.pos), neg: slices.Clone(each.neg)}
		if c.m.isText() {
			d.add(s.p.unionOf(c.m), c.want)
		}
		if d.about() {
			out = append(out, d)
		}
	}
	return out
}

// related decides whether the values of variables can be what is asserted; open where that is
// not certain. Many ends of a search, and many cases, ask for the same.
func (s *search) related() status {
	r := s.p.related
	ds, links := s.demands()
	id := appendIDs(nil, []int32{int32(len(ds))})
	for _, d := range ds {
		id = s.p.appendDemand(id, d)
	}
	for _, l := range links {
		id = appendIDs(id, []int32{int32(l.key), int32(l.from)})
	}
	known, ok := r.known[string(id)]
	if !ok {
		from := len(r.values)
		known.status = s.solvable(ds, links)
		if known.values = r.values[from:len(r.values):len(r.values)]; known.status != spent {
			r.known[string(id)] = known
		}
	} else {
		r.values = append(r.values, known.values...)
	}
	if known.status == open && len(r.values) >= maxSolutions {
		return sat
	}
	return known.status
}

// appendDemand writes down what a demand asks for, and what is known of the value of its key.
func (p *problem) appendDemand(id []byte, d demand) []byte {
	id = strconv.AppendBool(appendIDs(id, []int32{int32(d.dim), p.value(p.dims[d.dim].key)}), d.member)
	for _, us := range [][]*union{d.pos, d.neg} {
		id = appendIDs(id, []int32{int32(len(us))})
		for _, u := range us {
			id = appendIDs(appendIDs(id, []int32{int32(len(u.globs))}), sortedIDs(u.globs))
		}
	}
	return id
}

func (s *search) solvable(ds []demand, links []link) status {
	r := s.p.related
	spend := func(n int) bool {
		r.left -= n
		return s.p.b.spend(n) && r.left >= 0
	}
	for _, w := range []*wording{{}, {folded: true}, {alike: true}} {
		w.problem = s.p
		if w.read(ds, links) && !w.solvable(spend) && !w.alike {
			return unsat
		}
		if s.p.b.left < 0 {
			return spent
		}
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
		if answer != equation.Solvable {
			continue
		}
		for _, t := range texts {
			values := w.values(t)
			w.related.values = append(w.related.values, values)
			if w.folded { // in some case: perhaps in this one
				values = maps.Clone(values)
				for key, text := range values {
					values[key] = strings.ToLower(text)
				}
				w.related.values = append(w.related.values, values)
			}
		}
	}
	return may
}
