package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// answer is a value of one dimension that meets some literals, or why there is
// none.
type answer struct {
	status status
	text   string   // principal, action, resource
	values []string // condition key; nil: absent
}

// maxRemembered bounds the answers kept, and with them memory.
const maxRemembered = 200_000

// check decides whether a value of dimension i meets all literals, which all are
// about it and sorted. Answers are remembered.
func (p *problem) check(i int, lits box) answer {
	d := p.dims[i]
	var buf [64]byte
	ids := appendIDs(buf[:0], lits)
	if a, ok := p.memo[lookup{i, d.purpose, string(ids)}]; ok {
		return a
	}
	if !p.b.spend(8 + len(lits)) {
		return answer{status: spent}
	}
	var a answer
	if d.key == "" {
		a = p.checkText(d, lits)
	} else {
		a = p.checkKey(d, lits)
	}
	if a.status != spent {
		p.remember(lookup{i, d.purpose, string(ids)}, a)
	}
	return a
}

func (p *problem) checkText(d *dimension, lits box) answer {
	q := textProblem{in: p.in, b: p.b, pos: append(p.unions.pos[:0], d.domain...), neg: p.unions.neg[:0]}
	for _, l := range lits {
		q.add(p.atoms[l.atom()].union, !l.neg())
	}
	s, st := q.find()
	p.unions.pos, p.unions.neg = q.pos, q.neg
	return answer{status: st, text: s}
}

// textProblem is a textQuery over globs that may be templates.
type textProblem struct {
	in      *interner
	b       *budget
	pos     []*union
	neg     []*union
	negTmpl []*template
}

// add asks that the value match, or not match, the union.
func (q *textProblem) add(u *union, want bool) {
	if want {
		q.pos = append(q.pos, u)
		return
	}
	// A value may lie in a template's outline and still not be the template's value.
	q.negTmpl = append(q.negTmpl, u.templates...)
	q.neg = append(q.neg, u.plain)
}

// find answers with a string. Where templates are met, the string lies in their
// outlines; that may promise too much, never too little.
func (q *textProblem) find() (string, status) {
	q.exclude()
	return textQuery{in: q.in, pos: q.pos, neg: q.neg}.find(q.b)
}

// exclude drops what a value has to be that is one of the unwanted templates.
func (q *textProblem) exclude() {
	if len(q.negTmpl) == 0 {
		return
	}
	for i, u := range q.pos {
		if left := slices.DeleteFunc(slices.Clone(u.globs), q.excluded); len(left) < len(u.globs) {
			q.pos[i] = q.in.union(left)
		}
	}
}

// excluded reports whether being g means being one of the unwanted templates.
func (q *textProblem) excluded(g *glob) bool {
	t := g.tmpl
	if t == nil {
		t = &template{text: "\x00" + g.key(), shape: g}
	}
	return slices.ContainsFunc(q.negTmpl, func(u *template) bool { return t.implies(u, q.in, q.b) })
}

// A constraint asks one value to pass or fail a matcher.
type constraint struct {
	m    *matcher
	want bool
}

// checkKey decides a condition key. The absent key is tried first: witnesses with
// few keys are easier to believe.
func (p *problem) checkKey(d *dimension, lits box) answer {
	absent := true
	for _, l := range lits {
		a := p.atoms[l.atom()].cond
		holds := a.absent && !a.presence
		absent = absent && holds != l.neg()
	}
	if absent {
		return answer{status: sat}
	}
	return p.checkPresent(d, lits)
}

// checkPresent finds values for a present key. Every value meets the universal
// constraints; each existential one needs a value of its own.
func (p *problem) checkPresent(d *dimension, lits box) answer {
	var single, each []constraint // of the only value; of every value
	var some []constraint         // one value each
	var notSingle []constraint    // of the only value, if there is only one
	var of []constraint           // of "" alone: all that the null data set does not meet anyway
	null := d.set                 // the null data set is possible
	var full bool                 // some value is not ""
	for _, l := range lits {
		a := p.atoms[l.atom()].cond
		if a.presence {
			if l.neg() {
				return answer{status: unsat}
			}
			continue
		}
		c := constraint{a.m, !a.negElem}
		switch {
		case a.quant == policy.NoQualifier && !l.neg():
			single, of = append(single, c), append(of, c)
		case a.quant == policy.NoQualifier:
			c.want = a.negElem
			notSingle, of = append(notSingle, c), append(of, c)
		case (a.quant == policy.ForAllValues) != l.neg():
			// For all: c holds of each. Not for any: c fails of each.
			c.want = c.want != l.neg()
			each = append(each, c)
			if l.neg() {
				of = append(of, c)
			}
		default:
			// For any: c holds of some. Not for all: c fails of some.
			c.want = c.want != l.neg()
			some = append(some, c)
			if l.neg() {
				full = true
			} else {
				of = append(of, c)
			}
		}
	}
	one := slices.Concat(single, each, some, notSingle)
	if full {
		one, null = append(one, notEmpty), false
	}
	v, st := p.element(d, one)
	a := answer{status: st, values: []string{v}}
	if st == unsat && d.set && len(single) == 0 {
		a = p.several(d, each, some, len(notSingle) > 0, full)
	}
	if null && (a.status == unsat || a.status == open) {
		// For all: also true of the null data set, the list of "" alone.
		if v, st := p.candidate([]string{""}, of); st == sat || st == spent {
			return answer{status: st, values: []string{v}}
		}
	}
	if a.status == unsat {
		return answer{status: unsat}
	}
	return a
}

// notEmpty asks for a value that is not the empty string.
var notEmpty = constraint{&matcher{sort: sortText, globs: literalGlobs([]string{""})}, false}

// several finds two or more values: one for each existential constraint. A single
// value was ruled out already, so with none of them a second, different value is
// only wanted to escape the tests that need exactly one. With full, one of the values
// must not be "".
func (p *problem) several(d *dimension, each, some []constraint, escape, full bool) answer {
	var values []string
	worst := sat
	for _, c := range some {
		v, st := p.element(d, append(slices.Clone(each), c))
		if st == unsat || st == spent {
			return answer{status: st}
		}
		if st == open {
			worst = open
		}
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	if full && !slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
		v, st := p.element(d, append(slices.Clone(each), notEmpty))
		if st == unsat || st == spent {
			return answer{status: st}
		}
		if st == open {
			worst = open
		}
		values = append(values, v)
	}
	for escape && len(values) < 2 {
		other := constraint{&matcher{sort: sortText, globs: literalGlobs(values)}, false}
		v, st := p.element(d, append(slices.Clone(each), other))
		if st != sat {
			return answer{status: st}
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return answer{status: unsat}
	}
	slices.Sort(values)
	return answer{status: worst, values: values}
}

func literalGlobs(ss []string) []*glob {
	out := make([]*glob, len(ss))
	for i, s := range ss {
		out[i] = literal(s)
	}
	return out
}

// element finds one value that meets all constraints, in the sort of the key.
func (p *problem) element(d *dimension, cs []constraint) (string, status) {
	switch sorts := d.sorts; {
	case sorts&^(sortText|sortBool) != 0:
		return p.typedElement(d, cs)
	case p.strict || d.typed != sortBool && (d.typed != 0 || sorts != sortBool):
		return p.textElement(cs)
	}
	// Boolean keys hold true or false and nothing else.
	return p.textElement(append(slices.Clone(cs), constraint{booleans, true}))
}

// booleans are the values of a Bool key.
var booleans = &matcher{sort: sortText, globs: literalGlobs([]string{"true", "false"})}

func (p *problem) textElement(cs []constraint) (string, status) {
	q := textProblem{in: p.in, b: p.b, pos: p.unions.pos[:0], neg: p.unions.neg[:0]}
	for _, c := range cs {
		q.add(p.unionOf(c.m), c.want)
	}
	s, st := q.find()
	p.unions.pos, p.unions.neg = q.pos, q.neg
	return s, st
}

// candidate returns the first value that meets all constraints.
func (p *problem) candidate(values []string, cs []constraint) (string, status) {
	cost := 1
	for _, c := range cs {
		cost += 1 + c.m.size()
	}
	for _, v := range values {
		if !p.b.spend(cost + len(v)/16) {
			return "", spent
		}
		if !slices.ContainsFunc(cs, func(c constraint) bool {
			return c.m.match(v) != c.want && (c.want || !c.m.vague(v))
		}) {
			return v, sat
		}
	}
	return "", unsat
}
