package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// eachPattern calls f with every pattern of a statement of d in which variables count.
func eachPattern(d *policy.Document, s *policy.Statement, f func(policy.Pattern)) {
	if !d.HasVariables() {
		return
	}
	visit := func(text string, wild bool) {
		if strings.Contains(text, "${") {
			if p, err := policy.ParsePattern(text, true, wild); err == nil {
				f(p)
			}
		}
	}
	if s.Resource != nil {
		for _, v := range s.Resource.List {
			visit(v.Text, true)
		}
	}
	for _, c := range s.Conditions {
		if sorts := sortOf[c.Operator.Test]; sorts != sortText && sorts != sortBool {
			continue
		}
		for _, v := range c.Values {
			visit(v.Text, c.Operator.Test == policy.StringLike || c.Operator.Test == policy.ArnLike)
		}
	}
}

// variables lists the keys that the statements use as policy variables.
func variables(docs []*policy.Document, statements places) []string {
	var seen map[string]bool
	for i, d := range docs {
		for j := range d.Statements {
			if !statements.has(place{i, j}) {
				continue
			}
			eachPattern(d, &d.Statements[j], func(p policy.Pattern) {
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
	if v.head+v.tail != "" {
		p.given(nil, p.keyAtom(key, keyAtom{m: &matcher{sort: sortText, globs: []*glob{build(v.head, anyRun, v.tail)}}}))
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

// namedTexts lists the resource and condition strings of the documents.
func namedTexts(docs []*policy.Document) []string {
	var out []string
	for _, d := range docs {
		for i := range d.Statements {
			out = appendTexts(out, &d.Statements[i])
		}
	}
	return out
}
