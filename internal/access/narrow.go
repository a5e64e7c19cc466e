package access

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// In a case with unknown values the patterns of a dimension are compared one by one, so
// that a value may have to begin with one character for the resource, and with another
// for a key. What its values begin or end with tells such cases apart: a value is what is
// known of it and nothing else, or goes on with one of the characters that something
// names, or with another one. Where each of these is ruled out, the case is.
//
// One character stands for all that nothing names: to every request belongs one in which
// both have changed places, that meets the same tests. Where tests ignore case, so have
// the characters that differ from them by case only, of which there have to be as many.

// Bounds on telling values apart, beyond which a case stays undecided. A part of the work
// is left for other statements.
const (
	maxNarrowings = 2000 // problems, for one case
	maxKnown      = 200  // characters of a value
	leftForOthers = 4    // of the work, the part is one by this
)

// narrow tells the unknown values of a case apart by how they begin or end. It reports
// whether each of the cases is ruled out, or a gain was found.
func (s *splitter) narrow(p *problem, at place, env environment) bool {
	named, ok := p.namedRunes()
	if !ok {
		return false
	}
	next, ok := s.narrowest(p, at, env, named)
	if !ok {
		return false
	}
	for _, n := range next {
		if !n.env[n.key].unknown && n.m != nil && s.found(n.p, n.m, at, n.env, fewTries) {
			return true
		}
		if !s.narrow(n.p, at, n.env) {
			return false
		}
		if _, found := s.gains[at]; found {
			return true
		}
	}
	return true
}

// A narrowed case is one that is left of those that a value was told apart by.
type narrowed struct {
	key string
	env environment
	p   *problem
	m   model
}

// narrowest tells one value apart, that which leaves the fewest cases; false where the
// bounds do not allow to.
func (s *splitter) narrowest(p *problem, at place, env environment, named []rune) ([]narrowed, bool) {
	used := map[string]bool{}
	for _, key := range s.patterns.variables(s.docs, s.near) {
		used[p.compiler.first(key)] = true
	}
	var best []narrowed
	for _, most := range []int{0, 1, len(named) + 1} { // most often one value leaves no case, or a single one
		for _, key := range slices.Sorted(maps.Keys(env)) {
			v := env[key]
			if !v.unknown || v.as != "" || !used[key] || len(v.head)+len(v.tail) >= maxKnown {
				continue
			}
			for _, behind := range []bool{true, false} {
				left, ok := s.goesOn(p, at, env, key, behind, named, most)
				switch {
				case !ok:
					return nil, false
				case len(left) <= min(most, 1):
					return left, true
				case len(left) <= most && (best == nil || len(left) < len(best)):
					best = left
				}
			}
		}
	}
	return best, best != nil
}

// goesOn lists the cases that are left of those in which the value of key is no more than
// what is known of it, or goes on with some character, behind its head or before its tail.
// It stops where there are more than most.
func (s *splitter) goesOn(p *problem, at place, env environment, key string, behind bool, named []rune, most int) ([]narrowed, bool) {
	var left []narrowed
	had := p.looks(env[key])
	cases := []value{{literal: had.head + had.tail}}
	for _, r := range named {
		v := had
		if behind {
			v.head += string(r)
		} else {
			v.tail = string(r) + v.tail
		}
		cases = append(cases, v)
	}
	for _, v := range cases {
		if len(left) > most {
			break
		}
		if s.narrowed++; s.narrowed > maxNarrowings || s.b.left < s.work/leftForOthers {
			return nil, false
		}
		next := maps.Clone(env)
		for k, other := range env {
			if k == key || other.as == key {
				v.as = other.as
				next[k] = v
			}
		}
		switch p, m, st := s.solve(at, next, nil); st {
		case unsat:
		case spent:
			s.spent()
			return nil, false
		default:
			left = append(left, narrowed{key, next, p, m})
		}
	}
	return left, true
}

// looks is v with what all texts of its cell begin and end with.
func (c *compiler) looks(v value) value {
	for _, f := range v.within {
		gs := c.text(f.test, f.text, f.escapes)
		if len(gs) != 1 || gs[0].exact {
			continue
		}
		if strings.HasPrefix(gs[0].pre, v.head) && strings.HasSuffix(gs[0].suf, v.tail) {
			v.head, v.tail = gs[0].pre, gs[0].suf
		}
	}
	return v
}

// namedRunes are the characters that tests tell apart, and those that stand for all
// others; false where there are none.
func (p *problem) namedRunes() ([]rune, bool) {
	var globs []*glob
	named := map[rune]bool{}
	folded := false
	add := func(u *union) {
		globs = append(globs, u.globs...)
		for _, t := range u.templates {
			if t.shape != nil {
				globs = append(globs, t.shape)
			}
		}
	}
	texts := func(s string) {
		for _, r := range s {
			named[r] = true
		}
	}
	for _, d := range p.dims {
		if d.key != "" && !d.used {
			continue
		}
		for _, u := range d.domain {
			add(u)
		}
		if d.sorts&sortBool != 0 || d.typed == sortBool {
			texts("true")
			folded = true
		}
		if d.sorts&^(sortText|sortBool) != 0 { // how typed values are written
			texts("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-./:=")
		}
	}
	test := func(a atom) {
		switch {
		case a.union != nil:
			add(a.union)
		case !a.cond.presence:
			add(p.unionOf(a.cond.m))
		}
	}
	for i, rank := range p.rank {
		if rank != 0 { // else it is of another problem
			test(p.atoms[i])
		}
	}
	for _, c := range p.always {
		for _, l := range c {
			test(p.atoms[l.atom()])
		}
	}
	for _, g := range globs {
		for _, t := range g.tokens() {
			folded = folded || t.kind == tokFold
			if t.kind == tokDigit {
				texts("0123456789")
			}
		}
	}
	for _, r := range alphabet(globs, nil)[1:] {
		if r < opaque {
			named[r] = true
		}
	}
	texts(":/" + sepText)
	if folded {
		for r := range maps.Clone(named) {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				named[f] = true
			}
		}
	}
	out := slices.Sorted(maps.Keys(named))
	for _, like := range unlikely {
		i := slices.IndexFunc(like, func(r rune) bool { return !named[r] })
		if i < 0 {
			return nil, false
		}
		out = append(out, like[i])
		if !folded {
			break
		}
	}
	return out, true
}

// unlikely are characters that policies hardly name all of: those of two cases, of one,
// of three and of four, which are all there are.
var unlikely = [][]rune{[]rune("xzqjvywbйюяфжэ"), []rune("7-_中文字"), []rune("ΩΦΠµÅ"), []rune("ΘТ")}
