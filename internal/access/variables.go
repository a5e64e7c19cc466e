package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxVariables bounds the policy variables of which every combination of present and
// absent ones is a case.
const maxVariables = 6

// eachPattern calls f with every pattern of d in which variables count.
func eachPattern(d *policy.Document, f func(policy.Pattern)) {
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
	for _, s := range d.Statements {
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
}

// variables lists the keys that the documents use as policy variables.
func variables(docs []*policy.Document) []string {
	seen := map[string]bool{}
	for _, d := range docs {
		eachPattern(d, func(p policy.Pattern) {
			for _, piece := range p {
				if piece.Kind == policy.Variable {
					seen[piece.Key] = true
				}
			}
		})
	}
	return slices.Sorted(maps.Keys(seen))
}

// presence lists the environments in which each variable is absent, or present
// with an unknown value. Of many variables there is one environment in which they
// may be either: it rules new access out as surely, but less often.
func presence(vars []string) []environment {
	if len(vars) > maxVariables {
		e := environment{}
		for _, v := range vars {
			e[v] = value{unknown: true, free: true}
		}
		return []environment{e}
	}
	envs := []environment{{}}
	for _, v := range vars {
		for _, e := range envs[:len(envs):len(envs)] {
			e = maps.Clone(e)
			e[v] = value{unknown: true}
			envs = append(envs, e)
		}
	}
	for _, e := range envs {
		for _, v := range vars {
			if _, ok := e[v]; !ok {
				e[v] = value{absent: true}
			}
		}
	}
	return envs
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
			p.always = append(p.always, clause{p.present(key).not()})
		case v.unknown:
			p.always = append(p.always, clause{p.present(key)})
		default:
			m := &matcher{sort: sortText, globs: literalGlobs([]string{v.literal})}
			p.always = append(p.always, clause{p.keyAtom(key, keyAtom{m: m})})
		}
	}
}

// relevant gives one value to the variables of unknown value that the statements do
// not use.
func (p *problem) relevant(env environment, statements map[place]bool) environment {
	used := map[string]bool{}
	for at := range statements {
		for _, l := range *p.compiled[at.doc][at.index] {
			a := p.atoms[l.atom()]
			u := a.union
			if a.cond != nil {
				used[p.dims[a.dim].key] = true
				if a.cond.presence {
					continue
				}
				u = p.unionOf(a.cond.m)
			}
			for _, t := range u.templates {
				for _, key := range t.keys {
					used[key] = true
				}
			}
		}
	}
	out := maps.Clone(env)
	for key, v := range out {
		if v.unknown && !used[key] {
			out[key] = value{literal: "value"}
		}
	}
	return out
}

// Bounds on the values tried for unknown variables.
const (
	maxValues = 24  // for each variable
	maxCases  = 256 // combinations
)

// candidates lists environments with concrete values for the unknown variables of
// env: values that make the templates meet the strings of the model, values that
// the documents name, and one that nothing names.
func (p *problem) candidates(m model, env environment, docs []*policy.Document) []environment {
	out := []environment{env}
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if !env[key].unknown {
			continue
		}
		var values []value
		for i, v := range p.valuesFor(key, m, docs) {
			values = append(values, value{literal: v})
			if i == 0 && env[key].free {
				values = append(values, value{absent: true})
			}
		}
		var next []environment
		for _, v := range values {
			for _, e := range out {
				if len(next) == maxCases {
					break
				}
				e = maps.Clone(e)
				e[key] = v
				next = append(next, e)
			}
		}
		out = next
	}
	return out
}

func (p *problem) valuesFor(key string, m model, docs []*policy.Document) []string {
	var values []string
	add := func(s string) {
		if len(values) < maxValues && !slices.Contains(values, s) {
			values = append(values, s)
		}
	}
	texts := namedTexts(docs)
	fresh := "value"
	for slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, fresh) }) {
		fresh += "x"
	}
	add(fresh)
	if i, ok := p.dimIdx["key "+key]; ok {
		for _, v := range m[i].values {
			add(v)
		}
	}
	// The strings that the model found, and those the documents name, cut where a
	// template's variable stands.
	for _, a := range m {
		texts = append(texts, a.text)
		texts = append(texts, a.values...)
	}
	for _, d := range docs {
		eachPattern(d, func(pat policy.Pattern) {
			for i, piece := range pat {
				if piece.Kind == policy.Variable && piece.Key == key {
					for _, t := range texts {
						for _, v := range cuts(pat, i, t) {
							add(v)
						}
					}
				}
			}
		})
		for _, s := range d.Statements {
			for _, c := range s.Conditions {
				if c.KeyName() == key {
					for _, v := range c.Values {
						add(v.Text)
					}
				}
			}
		}
	}
	return values
}

// namedTexts lists the resource and condition strings of the documents.
func namedTexts(docs []*policy.Document) []string {
	var out []string
	for _, d := range docs {
		for _, s := range d.Statements {
			if s.Resource != nil {
				for _, v := range s.Resource.List {
					out = append(out, v.Text)
				}
			}
			for _, c := range s.Conditions {
				for _, v := range c.Values {
					out = append(out, v.Text)
				}
			}
		}
	}
	return out
}

// cuts lists what the variable at piece i could stand for, so that the pattern
// meets text: what follows the literal text in front of it, up to the literal text
// behind it, or to the next slash, colon or wildcard, or to the end.
func cuts(p policy.Pattern, i int, text string) []string {
	rest := text
	if i > 0 && p[i-1].Kind == policy.Literal {
		at := strings.Index(text, p[i-1].Text)
		if at < 0 {
			return nil
		}
		rest = text[at+len(p[i-1].Text):]
	}
	out := []string{}
	if i+1 < len(p) && p[i+1].Kind == policy.Literal {
		if before, _, ok := strings.Cut(rest, p[i+1].Text); ok {
			out = append(out, before)
		}
	}
	if end := strings.IndexAny(rest, "/:*?$"); end >= 0 {
		out = append(out, rest[:end])
	}
	return append(out, rest)
}
