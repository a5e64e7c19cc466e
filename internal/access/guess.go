package access

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Most statements that are open where variables may have any values do bring something, in
// a case that can be read off them: variables have no value but those that a condition of
// the statement needs, or its resource.

// guessed looks for a gain in such a case. That there is none says nothing. likely are values
// that follow from the resource that was found.
func (s *splitter) guessed(at place, likely []string) bool {
	had, open := s.open[at]
	named := s.conditional(at)
	for _, more := range [][]string{nil, s.firstResource(at)} {
		for _, key := range more {
			named.add(key)
		}
		if more != nil && !named.changed {
			break
		}
		named.changed = false
		env := environment{}
		for _, key := range s.keys {
			switch as, needed := named.as[key]; {
			case !needed && (s.options.StrictOpenWorld || !slices.Contains(alwaysPresent, key)):
				env[key] = value{absent: true}
			case !needed || as == key:
				env[key] = s.cell(key, 0, s.texts[s.group[key]])
			}
		}
		for _, key := range s.keys {
			if as := named.as[key]; as != "" && as != key {
				v := env[as]
				v.as = as
				env[key] = v
			}
		}
		if s.valued(at, env, likely) {
			return true
		}
		if p, m, st := s.solve(at, env, nil); st == sat && s.found(p, m, at, env, firstTry) {
			return true
		}
	}
	if delete(s.open, at); open {
		s.open[at] = had
	}
	return false
}

// valued gives all unknown variables at once the values that found would try first, one after
// the other, which is a problem for each. What found tells besides, from a model or about what
// no pattern rests on, is left to it. That nothing is found so says nothing.
func (s *splitter) valued(at place, env environment, likely []string) bool {
	if s.ground.kind != policy.Identity { // where values follow from principals, too
		return false
	}
	used, texts := s.usedVariables(env), textsOf(s.docs, s.near)
	next, given := environment{}, false
	for number, key := range slices.Sorted(maps.Keys(env)) {
		v := env[key]
		switch {
		case !v.unknown:
			next[key] = v
		case !used[env.first(key)], len(v.within) > 0, len(v.outside) > 0:
			return false
		case v.as != "":
		case len(likely) > 0:
			next[key], given = value{literal: likely[0]}, true
		default:
			_, own := freshTexts(texts, number)
			next[key], given = value{literal: own}, true
		}
	}
	for key, v := range env {
		if first, ok := next[v.as]; ok && v.unknown && v.as != "" {
			next[key] = first
		}
	}
	if !given {
		return false
	}
	p, m, st := s.solve(at, next, nil)
	return st == sat && slices.Equal(p.linkedParts(m), likely) && s.gain(p, m, at)
}

// A naming is the variables that have values, each with the one that it is the same as.
type naming struct {
	as      map[string]string
	changed bool
}

func (n *naming) add(key string) {
	if _, ok := n.as[key]; !ok {
		n.as[key], n.changed = key, true
	}
}

// same makes two keys one.
func (n *naming) same(a, b string) {
	n.add(a)
	n.add(b)
	from, to := n.as[a], n.as[b]
	for key, as := range n.as {
		if as == from {
			n.as[key] = to
		}
	}
}

// conditional are the variables that the conditions of a statement need: it is about them,
// or compares them and nothing else with a key, which is then the same.
func (s *splitter) conditional(at place) *naming {
	n := &naming{as: map[string]string{}}
	d := s.docs[at.doc]
	for _, c := range d.Statements[at.index].Conditions {
		op := c.Operator
		if op.Negated || op.IfExists || op.Test == policy.Null || op.Qualifier == policy.ForAllValues {
			continue
		}
		key := c.KeyName()
		if s.group[key] != "" {
			n.add(key)
		}
		if len(c.Values) == 0 || slices.ContainsFunc(c.Values, func(v policy.Value) bool { return !varies([]policy.Value{v}) }) {
			continue
		}
		pattern, _ := s.patterns.parse(c.Values[0].Text, d.HasVariables(), false)
		for _, piece := range pattern {
			if piece.Kind == policy.Variable {
				n.add(piece.Key)
			}
		}
		if variable, ok := sole(pattern); ok && s.group[key] != "" {
			n.same(key, variable)
		}
	}
	return n
}

// firstResource are the variables of the first resource of a statement.
func (s *splitter) firstResource(at place) []string {
	d := s.docs[at.doc]
	r := d.Statements[at.index].Resource
	if r == nil || r.Not || len(r.List) == 0 {
		return nil
	}
	return s.ground.keysOf(d, &policy.Statement{Resource: &policy.Values{List: r.List[:1]}})
}
