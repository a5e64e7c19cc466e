package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A statement is decided first with policy variables that may have any value. Where
// that does not rule new access out, their values are told apart as far as the
// statements that matter do: the key is missing; it has several values; it is one of
// the texts that are named; or it is any other text, within some of the patterns that
// are named and outside of the others, and the same as another variable or not. One
// of these cases holds for each request, so that ruling out all of them is a proof.

// Bounds on what is told apart. Beyond them cases are wider, which stays right.
const (
	maxTexts = 64 // of each set of keys that are compared
	maxForms = 4
	// maxTried bounds the values tried for one statement: more are looked at for the
	// first of its cases only.
	maxTried = 2000
)

// splitter decides one statement by cases.
type splitter struct {
	*run
	ground *ground
	near   places   // the statements that matter
	size   int      // work of compiling them
	keys   []string // those that are told apart, sorted
	set    map[string]bool
	tried  int
	known  map[string]solution // of equations between values
	odd    string              // the key that ruled out a case last; see split
	// group tells which keys are compared with each other, by any one of them; texts
	// and forms are what a group's values are compared with.
	group map[string]string
	texts map[string][]string
	forms map[string][]form
}

// splitter finds what the statements near tell apart.
func (r *run) splitter(p *problem, near places) *splitter {
	s := &splitter{
		run: r, ground: p.ground, near: near, size: r.sizeOf(near), set: map[string]bool{}, known: map[string]solution{},
		group: map[string]string{}, texts: map[string][]string{}, forms: map[string][]form{},
	}
	for _, key := range r.patterns.variables(r.docs, near) {
		s.group[key] = key
	}
	if len(s.group) == 0 {
		return s
	}
	// conditions calls f with each text of a condition that wanted holds for, as a pattern.
	conditions := func(wanted func(key, text string) bool, f func(key string, text form, pattern policy.Pattern)) {
		for at := range near.all() {
			d := r.docs[at.doc]
			for i := range d.Statements[at.index].Conditions {
				c := &d.Statements[at.index].Conditions[i]
				if sortOf[c.Operator.Test] != sortText {
					continue
				}
				key, wild := c.KeyName(), c.Operator.Test == policy.StringLike || c.Operator.Test == policy.ArnLike
				for k := range c.Values {
					text := c.Values[k].Text
					if !wanted(key, text) {
						continue
					}
					if pattern, ok := s.patterns.parse(text, d.HasVariables(), wild); ok {
						f(key, form{c.Operator.Test, text, d.HasVariables()}, pattern)
					}
				}
			}
		}
	}
	variable := func(_, text string) bool { return strings.Contains(text, "${") }
	conditions(variable, func(key string, _ form, pattern policy.Pattern) {
		if other, ok := sole(pattern); ok {
			s.join(key, other)
		}
	})
	grouped := func(key, _ string) bool { return s.group[key] != "" }
	for _, variable := range []bool{true, false} { // whether values are ARNs comes first
		conditions(grouped, func(key string, f form, pattern policy.Pattern) {
			if pattern.HasVariables() == variable {
				s.tell(key, f, pattern)
			}
		})
	}
	conditions(variable, func(key string, f form, pattern policy.Pattern) {
		if _, ok := sole(pattern); ok && f.test == policy.StringEqualsIgnoreCase {
			for _, text := range s.texts[s.group[key]] { // whether it is one of them but for case
				s.form(key, form{policy.StringEqualsIgnoreCase, text, false})
			}
		}
	})
	// Keys that are compared are told apart one after the other.
	s.keys = slices.SortedFunc(maps.Keys(s.group), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.group[a], s.group[b]), cmp.Compare(a, b))
	})
	for _, key := range s.keys {
		i := p.keyDim(key)
		s.set[key] = p.dims[i].set
		for _, text := range p.namedParts(key, near) {
			s.text(key, text)
		}
	}
	return s
}

// sole is the variable that a pattern is, if it is nothing else.
func sole(p policy.Pattern) (key string, ok bool) {
	if len(p) != 1 || p[0].Kind != policy.Variable {
		return "", false
	}
	return p[0].Key, true
}

// join puts the groups of two keys together.
func (s *splitter) join(a, b string) {
	if s.group[a] == "" {
		s.group[a] = a
	}
	from, to := s.group[a], s.group[b]
	for key, group := range s.group {
		if group == from {
			s.group[key] = to
		}
	}
}

// tell adds what a condition compares a key with.
func (s *splitter) tell(key string, f form, pattern policy.Pattern) {
	if s.group[key] == "" {
		return
	}
	if pattern.HasVariables() {
		if f.test == policy.ArnLike {
			s.form(key, isAnARN)
		}
		return
	}
	wild := slices.ContainsFunc(pattern, func(p policy.Piece) bool { return p.Kind != policy.Literal })
	switch {
	case pattern.IsStar() && f.test == policy.StringLike:
	case !wild && (f.test == policy.StringEquals || f.test == policy.StringLike):
		var b strings.Builder
		for _, piece := range pattern {
			b.WriteString(piece.Text)
		}
		s.text(key, b.String())
	default:
		s.form(key, f)
	}
}

func (s *splitter) form(key string, f form) {
	group := s.group[key]
	if len(s.forms[group]) < maxForms && !slices.Contains(s.forms[group], f) {
		s.forms[group] = append(s.forms[group], f)
	}
}

func (s *splitter) text(key, text string) {
	group := s.group[key]
	if len(s.texts[group]) < maxTexts && !slices.Contains(s.texts[group], text) {
		s.texts[group] = append(s.texts[group], text)
	}
}

// namedParts lists the values of a key that follow from principals and resources which
// the statements name, as facts have it.
func (p *problem) namedParts(key string, statements places) []string {
	var out []string
	if p.strict || !slices.Contains(partKeys, key) {
		return nil
	}
	add := func(text string) {
		if v, ok := part(key, text); ok {
			out = append(out, v)
		}
	}
	for at := range statements.all() {
		s := &p.docs[at.doc].Statements[at.index]
		if s.Principal != nil {
			for _, e := range s.Principal.List {
				for _, g := range p.entry(e) {
					add(g.fill(fillers[0]))
				}
			}
		}
		if s.Resource != nil {
			for _, v := range s.Resource.List {
				add(v.Text)
			}
		}
	}
	return out
}

// decide decides the statement, which is open where its variables may have any values.
func (s *splitter) decide(at place, likely []string) {
	if !s.guessed(at, likely) {
		s.split(at, environment{}, s.keys, likely)
	}
}

// refine decides the statement in an environment, in which the keys left are not told
// apart yet. It reports whether it has no request whatever these are.
func (s *splitter) refine(at place, env environment, left []string) bool {
	if s.settled(at) {
		return false
	}
	if _, found := s.gains[at]; found {
		return false
	}
	if s.b.left < 0 { // and what was found before says nothing
		s.spent()
		return false
	}
	p, m, st := s.solve(at, env, left)
	switch {
	case st == unsat:
	case st == spent:
		s.spent()
	case len(left) > 0:
		s.split(at, env, left, p.linkedParts(m))
	case st == open:
		s.undecided(at, "%s", p.vague)
	case !env.unknown():
		s.gain(p, m, at)
	case s.found(p, m, at, env, fewTries):
	case s.related(at, env): // which rules out what no value meets
	case s.found(p, m, at, env, allTries):
	case s.b.left < 0:
		s.spent()
	default:
		s.undecided(at, "whether the access is new depends on the values of %s", env.names())
	}
	return st == unsat
}

// split tells one of the keys left apart, the last one or that which ruled out a case all by
// itself before: what it is at odds with often is the same in others. Its likely values come first.
func (s *splitter) split(at place, env environment, left, likely []string) {
	i := slices.Index(left, s.odd)
	if i < 0 {
		i = len(left) - 1
	}
	key, rest := left[i], slices.Delete(slices.Clone(left), i, i+1)
	odd := true
	for _, v := range s.cases(at, key, env, rest, likely) {
		next := maps.Clone(env)
		next[key] = v
		if !s.refine(at, next, rest) {
			odd = false
		}
	}
	if odd {
		s.odd = key
	}
}

// solve looks for a request of the statement where the keys left have any values.
func (s *splitter) solve(at place, env environment, left []string) (*problem, model, status) {
	return s.solveWith(nil, at, env, left)
}

func (s *splitter) solveWith(r *relations, at place, env environment, left []string) (*problem, model, status) {
	if !s.b.spend(s.size) {
		return nil, nil, spent
	}
	whole := maps.Clone(env)
	for _, key := range left {
		whole[key] = value{unknown: true, free: true}
	}
	p := s.problem(s.ground, whole, s.near)
	p.related = r
	in := p.boxes(s.docs)[at.doc][at.index]
	if in == nil {
		return p, nil, unsat
	}
	m, st := p.first(s.regions(p, *in, at.doc))
	return p, m, st
}

// manyTexts is from how many texts on it pays to ask for all of them at once first.
const manyTexts = 4

// cases are all values that a key can have, in an environment that settles others, as far
// as they can matter to the statement while the keys left have any.
// Of texts, those that are likely come first.
func (s *splitter) cases(at place, key string, env environment, left, likely []string) []value {
	out := []value{{absent: true}}
	group := s.group[key]
	forms, texts := s.forms[group], s.texts[group]
	cells := 1 << len(forms)
	if len(texts) >= manyTexts {
		// What no key that it is compared with has is often ruled out as a whole.
		var taken []string
		for other, v := range env {
			if s.group[other] == group && !v.unknown && !v.absent && !v.several {
				taken = append(taken, v.literal)
			}
		}
		slices.Sort(taken)
		taken = slices.Compact(taken)
		other := maps.Clone(env)
		other[key] = value{unknown: true, others: taken}
		if _, _, st := s.solve(at, other, left); st == unsat {
			cells, texts = 0, taken
		}
	}
	for cell := range cells {
		out = append(out, s.cell(key, cell, texts))
	}
	for _, other := range slices.Sorted(maps.Keys(env)) {
		if v := env[other]; s.group[other] == group && v.unknown && v.as == "" {
			v.as = other
			out = append(out, v)
		}
	}
	first := func(text string) int { // of two groups
		if slices.Contains(likely, text) {
			return 0
		}
		return 1
	}
	texts = slices.SortedStableFunc(slices.Values(texts), func(a, b string) int { return cmp.Compare(first(a), first(b)) })
	for _, text := range texts {
		out = append(out, value{literal: text})
	}
	if s.set[key] {
		out = append(out, value{several: true})
	}
	return out
}

// cell is a value of a key that is none of the texts, and within those of its forms of
// which the number has the bit.
func (s *splitter) cell(key string, number int, texts []string) value {
	v := value{unknown: true, others: texts}
	for i, f := range s.forms[s.group[key]] {
		if number>>i&1 == 1 {
			v.within = append(v.within, f)
		} else {
			v.outside = append(v.outside, f)
		}
	}
	return v
}

// isAnARN tells whether a value is an ARN.
var isAnARN = form{policy.ArnLike, "*:*:*:*:*:*", true}

// anARN are the values that ARN operators compare.
var anARN = globs("§:§:§:§:§:*")

// settled replaces the globs of a text of a condition on key by what they are where
// the environment says how the key's value and a variable's compare.
func (c *compiler) settled(key string, f form, gs []*glob) []*glob {
	v, known := c.env[key]
	if len(gs) != 1 || gs[0].tmpl == nil || !known || v.free || v.absent || v.several {
		return gs
	}
	if v.unknown && gs[0].tmpl.shape != nil {
		own := draft{unknown: true, shape: []tok{c.letter(key, false, false)}}
		switch t := own.glob().tmpl; {
		case t.implies(gs[0].tmpl, c.in, &budget{1000}):
			return everything
		case t.apart(gs[0].tmpl):
			return nil
		}
	}
	p, _ := c.patterns.parse(f.text, true, true)
	name, ok := sole(p)
	other := c.env[name]
	if !ok || other.free {
		return gs
	}
	if f.test == policy.StringEqualsIgnoreCase {
		return v.butForCase(other, gs)
	}
	switch same := c.first(name) == c.first(key); {
	case same && f.test == policy.ArnLike:
		return anARN // no other value is like itself
	case same:
		return gs
	default:
		return nil // both are known to differ
	}
}

// butForCase is what remains of gs, which match the text other but for case, for the value
// v: a form of their cells may say that both are one text but for case, or that one is it
// and the other is not.
func (v value) butForCase(other value, gs []*glob) []*glob {
	within := func(v value, f form) (is, known bool) {
		switch {
		case v.unknown:
			is = slices.Contains(v.within, f)
			return is, is || slices.Contains(v.outside, f)
		case f.escapes && strings.Contains(f.text, "${"):
			return false, false
		default:
			return strings.EqualFold(f.text, v.literal), true
		}
	}
	for _, f := range slices.Concat(v.within, v.outside, other.within, other.outside) {
		if f.test != policy.StringEqualsIgnoreCase {
			continue
		}
		one, known := within(v, f)
		two, isToo := within(other, f)
		switch {
		case !known || !isToo:
		case one && two:
			return everything
		case one != two:
			return nil
		}
	}
	return gs
}
