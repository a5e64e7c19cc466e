package access

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Patterns with variables that values have to match say how long the values are: one is a
// part of another, or has as many of some character. Where no lengths do there is no
// request, however the patterns lie.

// A measure counts the characters that are equal to a rune but for case; 0: all of them.
type measure rune

// of bounds what a token counts for, if it is of one character.
func (m measure) of(t tok) (least, most int64) {
	switch {
	case m == 0 || t.kind <= tokFold && fold(t.r) == rune(m):
		return 1, 1
	case t.kind <= tokFold:
		return 0, 0
	default:
		return 0, 1
	}
}

// A bound says that the sum of unknowns, each as often as told, is no less than least. Unknowns
// are dimensions, by number, and the values of variables, by the complement of theirs.
type bound struct {
	of    map[int]int64
	least int64
}

// A sized is what one dimension has to match: one of several sequences of tokens.
type sized struct {
	dim int
	any [][]tok
}

// Bounds on what is looked at.
const (
	maxSized  = 64  // ways to choose among patterns
	maxBounds = 200 // of one choice
	maxFactor = 1 << 20
)

// tokensPerStep is how many tokens are counted in the time of a step.
const tokensPerStep = 4

// tooLong reports whether the values cannot be as long as all that is asserted says.
func (s *search) tooLong() bool {
	list, ways := s.sized()
	if len(list) < 2 || ways > maxSized {
		return false
	}
	measures := map[measure]bool{0: true}
	for _, e := range list {
		for _, toks := range e.any {
			if !s.p.b.spend(len(toks)) {
				return false
			}
			for _, t := range toks {
				if t.kind <= tokFold && t.r < opaque {
					measures[measure(fold(t.r))] = true
				}
			}
		}
	}
	return !s.fit(list, nil, slices.Sorted(maps.Keys(measures)))
}

// sized lists what dimensions have to match that variables are about.
func (s *search) sized() (list []sized, ways int) {
	ways = 1
	about := false
	for i, d := range s.p.dims {
		templates := false
		from := len(list)
		for _, l := range s.lits[i] {
			u := s.p.mustMatch(d, l)
			if u == nil || len(u.globs) == 0 {
				continue
			}
			e := sized{dim: i}
			for _, g := range u.globs {
				s.p.b.spend(1 + len(g.text)/8) // of which tokens are made
				toks := g.tokens()
				if g.tmpl != nil && g.tmpl.shape != nil {
					toks, templates = g.tmpl.shape.tokens(), true
				}
				e.any = append(e.any, toks)
			}
			if ways *= len(e.any); ways > maxSized {
				return nil, ways
			}
			list = append(list, e)
		}
		if v, ok := s.p.env[d.key]; ok && d.key != "" && v.unknown && !v.free {
			list = append(list, sized{i, [][]tok{s.p.letters(d.key, false, false)}})
		} else if !templates {
			list = list[:from]
		}
		about = about || templates
	}
	if !about {
		return nil, ways
	}
	return list, ways
}

// mustMatch is what a value of the dimension matches where the literal holds; nil where that is
// not known.
func (p *problem) mustMatch(d *dimension, l lit) *union {
	a := p.atoms[l.atom()]
	switch {
	case d.key == "" && !l.neg():
		return a.union
	case d.key == "" || a.cond.presence || a.cond.quant != policy.NoQualifier || a.cond.m.sort != sortText:
		return nil
	}
	// A variable that has a value has a single one.
	v, isVariable := p.env[d.key]
	single := isVariable && v.unknown && !v.free
	if a.cond.negElem == l.neg() && (single || !l.neg() && !a.cond.absent) {
		return p.unionOf(a.cond.m)
	}
	return nil
}

// fit reports whether for a choice of patterns all measures have a solution.
func (s *search) fit(left []sized, chosen []sized, measures []measure) bool {
	if len(left) > 0 {
		for _, toks := range left[0].any {
			if s.fit(left[1:], append(chosen[:len(chosen):len(chosen)], sized{left[0].dim, [][]tok{toks}}), measures) {
				return true
			}
		}
		return false
	}
	length := 0
	for _, e := range chosen {
		length += len(e.any[0])
	}
	for _, m := range measures {
		if !s.p.b.spend(length / tokensPerStep) {
			return true
		}
		var bounds []bound
		for _, e := range chosen {
			bounds = m.bounds(bounds, e.dim, e.any[0])
		}
		if !s.p.b.spend(4 * len(bounds)) {
			return true
		}
		if !solvable(bounds, s.p.b) {
			return false
		}
	}
	return true
}

// bounds adds what it says of a dimension that it matches toks.
func (m measure) bounds(out []bound, dim int, toks []tok) []bound {
	above, below := bound{of: map[int]int64{dim: 1}}, bound{of: map[int]int64{dim: -1}}
	runs := false
	for _, t := range toks {
		if v, ok := t.variable(); ok {
			above.of[^int(v)]--
			below.of[^int(v)]++
			continue
		}
		if t.many() {
			runs = true
			continue
		}
		least, most := m.of(t)
		above.least += least
		below.least -= most
	}
	if out = append(out, above); !runs {
		out = append(out, below)
	}
	return out
}

// solvable reports whether numbers that are not negative meet all bounds. It takes one unknown
// after the other out, by adding each bound from below to each from above; where that takes
// too many it says yes.
func solvable(bounds []bound, b *budget) bool {
	unknowns := map[int]bool{}
	for _, c := range bounds {
		for x := range c.of {
			unknowns[x] = true
		}
	}
	for x := range unknowns {
		bounds = append(bounds, bound{of: map[int]int64{x: 1}})
	}
	for _, x := range slices.Sorted(maps.Keys(unknowns)) {
		var next, low, high []bound
		for _, c := range bounds {
			switch n := c.of[x]; {
			case n > 0:
				low = append(low, c)
			case n < 0:
				high = append(high, c)
			default:
				next = append(next, c)
			}
		}
		if len(next)+len(low)*len(high) > maxBounds || !b.spend(4*(1+len(low)*len(high))) {
			return true
		}
		for _, l := range low {
			for _, h := range high {
				c := bound{of: map[int]int64{}, least: -h.of[x]*l.least + l.of[x]*h.least}
				for y, n := range l.of {
					c.of[y] += -h.of[x] * n
				}
				for y, n := range h.of {
					c.of[y] += l.of[x] * n
				}
				for y, n := range c.of {
					switch {
					case n == 0:
						delete(c.of, y)
					case max(n, -n) > maxFactor:
						return true
					}
				}
				if max(c.least, -c.least) > maxFactor {
					return true
				}
				if len(c.of) == 0 && c.least > 0 {
					return false
				}
				next = append(next, c)
			}
		}
		bounds = next
	}
	return !slices.ContainsFunc(bounds, func(c bound) bool { return len(c.of) == 0 && c.least > 0 })
}
