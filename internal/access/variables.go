package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// patterns are texts with variables, parsed once for a question. nil remembers none.
type patterns map[patternKey]policy.Pattern

type patternKey struct {
	text string
	wild bool // with wildcards
}

// parse is policy.ParsePattern; false for a text that is no pattern. Nobody writes to what
// it returns.
func (ps patterns) parse(text string, variables, wild bool) (policy.Pattern, bool) {
	if !variables || !strings.Contains(text, "${") {
		p, err := policy.ParsePattern(text, false, wild)
		return p, err == nil
	}
	key := patternKey{text, wild}
	p, known := ps[key]
	if !known {
		p, _ = policy.ParsePattern(text, true, wild) // nil for an error
		if ps != nil {
			ps[key] = p
		}
	}
	return p, p != nil
}

// each calls f with every pattern of a statement of d in which variables count.
func (ps patterns) each(d *policy.Document, s *policy.Statement, f func(policy.Pattern)) {
	if !d.HasVariables() {
		return
	}
	visit := func(text string, wild bool) {
		if strings.Contains(text, "${") {
			if p, ok := ps.parse(text, true, wild); ok {
				f(p)
			}
		}
	}
	if s.Resource != nil {
		for i := range s.Resource.List {
			visit(s.Resource.List[i].Text, true)
		}
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if sorts := sortOf[c.Operator.Test]; sorts != sortText && sorts != sortBool {
			continue
		}
		for k := range c.Values {
			visit(c.Values[k].Text, c.Operator.Test == policy.StringLike || c.Operator.Test == policy.ArnLike)
		}
	}
}

// variables lists the keys that the statements use as policy variables.
func (ps patterns) variables(docs []*policy.Document, statements places) []string {
	var seen map[string]bool
	for at := range statements.all() {
		d := docs[at.doc]
		ps.each(d, &d.Statements[at.index], func(p policy.Pattern) {
			for _, piece := range p {
				if piece.Kind == policy.Variable {
					if seen == nil {
						seen = map[string]bool{}
					}
					seen[piece.Key] = true
				}
			}
		})
	}
	if seen == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(seen))
}

func (e environment) unknown() bool {
	for _, v := range e {
		if v.unknown {
			return true
		}
	}
	return false
}

// isUnknown reports whether a key has one value, which is not known.
func (e environment) isUnknown(key string) bool {
	v, ok := e[key]
	return ok && key != "" && v.unknown && !v.free
}

func (e environment) names() string {
	var names []string
	for k, v := range e {
		if v.unknown {
			names = append(names, "${"+k+"}")
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// pinVariables makes the context agree with the environment.
func (p *problem) pinVariables() {
	for _, key := range slices.Sorted(maps.Keys(p.env)) {
		switch v := p.env[key]; {
		case v.free:
		case v.absent:
			p.given(nil, p.present(key).not())
		case v.several:
			p.given(nil, p.present(key))
			p.given(nil, p.single(key).not())
		case v.unknown:
			p.given(nil, p.present(key))
			p.given(nil, p.single(key))
			p.pinCell(key, v)
		default:
			p.given(nil, p.keyAtom(key, keyAtom{m: p.texts(v.literal)}))
		}
	}
}

// pinCell keeps an unknown value within its cell.
func (p *problem) pinCell(key string, v value) {
	for _, f := range v.within {
		p.given(nil, p.keyAtom(key, keyAtom{m: p.form(f)}))
	}
	for _, f := range v.outside {
		p.given(nil, p.keyAtom(key, keyAtom{m: p.form(f), negElem: true, absent: true}))
	}
	if len(v.others) > 0 {
		p.given(nil, p.keyAtom(key, keyAtom{m: p.texts(v.others...), negElem: true, absent: true}))
	}
}

func (c *compiler) texts(list ...string) *matcher {
	return &matcher{sort: sortText, globs: literalGlobs(list)}
}

func (c *compiler) form(f form) *matcher {
	return &matcher{sort: sortText, globs: c.text(f.test, f.text, f.escapes)}
}

// single asks a present key for one value only.
func (p *problem) single(key string) lit {
	return p.keyAtom(key, keyAtom{m: &matcher{globs: everything}})
}

// anyText reports whether f holds for one of the resource and condition strings of the
// documents.
func anyText(docs []*policy.Document, f func(text string) bool) bool {
	of := func(v policy.Value) bool { return f(v.Text) }
	for _, d := range docs {
		for i := range d.Statements {
			s := &d.Statements[i]
			if s.Resource != nil && slices.ContainsFunc(s.Resource.List, of) {
				return true
			}
			for k := range s.Conditions {
				if slices.ContainsFunc(s.Conditions[k].Values, of) {
					return true
				}
			}
		}
	}
	return false
}
