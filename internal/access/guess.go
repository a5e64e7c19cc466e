package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Most statements that are open where variables may have any values do bring something, in
// a case that can be read off them: variables have no value but those that a condition of
// the statement needs, or its resource.

// guessed looks for a gain in such a case. That there is none says nothing.
func (s *splitter) guessed(at place) bool {
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
		if p, m, st := s.solve(at, env, nil); st == sat && s.found(p, m, at, env, firstTry) {
			return true
		}
	}
	if delete(s.open, at); open {
		s.open[at] = had
	}
	return false
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
