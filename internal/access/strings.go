package access

import (
	"cmp"
	"slices"
	"strings"
)

// status is the answer of a bounded search.
type status uint8

const (
	unsat status = iota
	sat
	spent // the work budget ran out
	open  // the constraints are outside of what the search decides exactly
)

// budget counts the work of one question down.
type budget struct{ left int }

// spend takes n steps; it reports false when none are left.
func (b *budget) spend(n int) bool {
	b.left -= n
	return b.left >= 0
}

// A textQuery asks for a string that every union in pos matches and no union in neg
// does.
type textQuery struct {
	in  *interner
	pos []*union
	neg []*union
}

// anything is the union of all texts. Nobody numbers its glob: it may be shared.
var anything = func() *union {
	g := parseGlob("*")
	return &union{globs: []*glob{g}, wild: []*glob{g}, up: []int32{-1}}
}()

// find returns a string that answers q. It takes one glob of each positive union
// at a time, smallest union first: the globs that such a combination can meet at all
// are few, even where policies list hundreds of actions.
func (q textQuery) find(b *budget) (string, status) {
	switch len(q.pos) {
	case 0:
		q.pos = []*union{anything}
	case 1:
	default:
		slices.SortStableFunc(q.pos, func(a, b *union) int { return cmp.Compare(len(a.globs), len(b.globs)) })
	}
	return q.combine(nil, 0, b)
}

// combine extends a combination by the globs of union number depth, leaving out
// those that are apart from it, and solves it when it is complete. The combination
// holds globs with wildcards only: an exact one settles it.
func (q *textQuery) combine(c []*glob, depth int, b *budget) (string, status) {
	if depth == len(q.pos) {
		return q.solve(c, b)
	}
	u := q.pos[depth]
	if len(c) == 0 {
		for _, g := range u.globs {
			if s, st := q.extend(c, g, depth, b); st != unsat {
				return s, st
			}
		}
		return "", unsat
	}
	found, out := "", unsat
	visit := func(g *glob) bool {
		found, out = q.extend(c, g, depth, b)
		return out == unsat
	}
	if c[0].pre == "" {
		for _, g := range u.globs {
			if !visit(g) {
				break
			}
		}
		return found, out
	}
	u.near(c[0], visit)
	if out == unsat {
		u.nearTexts(c[0], visit)
	}
	return found, out
}

// extend adds g, of union number depth, to c.
func (q *textQuery) extend(c []*glob, g *glob, depth int, b *budget) (string, status) {
	if !b.spend(2 + len(c)) {
		return "", spent
	}
	if g.exact {
		switch holds := q.answers(g, c, depth+1, b); {
		case b.left < 0:
			return "", spent
		case holds:
			return g.text, sat
		}
		return "", unsat
	}
	from := len(q.in.stack)
	next := q.in.stack[from:]
	add := true
	for _, h := range c {
		if q.in.disjoint(g, h, b) {
			return "", unsat
		}
		switch {
		case !add:
			next = append(next, h)
		case g.includes(h): // g asks for nothing more
			add = false
			next = append(next, h)
		case !h.includes(g):
			next = append(next, h)
		}
	}
	if add {
		next = append(next, g)
	}
	q.in.stack = append(q.in.stack[:from], next...)
	s, st := q.combine(q.in.stack[from:len(q.in.stack):len(q.in.stack)], depth+1, b)
	q.in.stack = q.in.stack[:from]
	return s, st
}

// answers reports whether the text of g answers q, given that the unions before
// number depth match it where c does.
func (q *textQuery) answers(g *glob, c []*glob, depth int, b *budget) bool {
	for _, h := range c {
		if !h.meets(g.text, b) {
			return false
		}
	}
	for _, u := range q.pos[depth:] {
		if !q.matches(u, g, b) {
			return false
		}
	}
	return !slices.ContainsFunc(q.neg, func(u *union) bool { return q.matches(u, g, b) })
}

// matches reports whether u matches the text of an exact glob.
func (q *textQuery) matches(u *union, g *glob, b *budget) bool {
	if len(u.exact) > 0 {
		id := g.id
		if id == 0 {
			if known, ok := q.in.exact[g.text]; ok {
				id = known.id
			}
		}
		if id != 0 && u.has(id) {
			return true
		}
	}
	return u.matchesWild(g.text, b)
}

// solve finds a string that matches all globs of c, which have wildcards, and none
// of q.neg. Most often one glob of q.neg includes one of c, or the first string that
// comes to mind is an answer; a walk decides the rest.
func (q *textQuery) solve(c []*glob, b *budget) (string, status) {
	most := slices.MaxFunc(c, func(a, b *glob) int { return cmp.Compare(len(a.pre), len(b.pre)) })
	var neg []*glob
	covered := false
	for _, u := range q.neg {
		u.near(most, func(n *glob) bool {
			if !b.spend(1 + len(c) + n.length()/16) {
				return false
			}
			if slices.ContainsFunc(c, func(g *glob) bool { return q.in.disjoint(n, g, b) }) {
				return true
			}
			neg = append(neg, n)
			covered = slices.ContainsFunc(c, n.includes)
			return !covered
		})
		switch {
		case b.left < 0:
			return "", spent
		case covered:
			return "", unsat
		}
	}
	for _, f := range fillers {
		for _, g := range c {
			s := g.fill(f)
			holds := q.answers(literal(s), c, len(q.pos), b)
			switch {
			case b.left < 0:
				return "", spent
			case holds:
				return s, sat
			}
		}
	}
	for _, u := range q.neg {
		u.nearTexts(most, func(n *glob) bool {
			if !b.spend(1 + len(c)) {
				return false
			}
			if !slices.ContainsFunc(c, n.apart) {
				neg = append(neg, n)
			}
			return true
		})
	}
	w, ok := newWalk(c, neg, b)
	if !ok {
		return "", spent
	}
	return w.run()
}

// A filler is what the first strings tried have in place of wildcards.
type filler struct {
	run   string // for runs of any length
	one   rune   // for one character
	digit rune
}

var fillers = []filler{{"x", 'x', '1'}, {"", 'y', '2'}, {"zq", 'z', '7'}, {"x/y", 'w', '9'}}

// fill is a text with fillers for wildcards. It need not match: classes of
// characters are not looked at.
func (g *glob) fill(f filler) string {
	var b strings.Builder
	b.Grow(len(g.toks) + 8)
	for _, t := range g.toks {
		switch {
		case t.kind == tokRune || t.kind == tokFold:
			if t.r < opaque {
				b.WriteRune(t.r)
			}
		case t.kind == tokDigit:
			b.WriteRune(f.digit)
		case t.many():
			b.WriteString(f.run)
		default:
			b.WriteRune(f.one)
		}
	}
	return b.String()
}
