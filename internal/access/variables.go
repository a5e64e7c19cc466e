package access

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// maxVariables bounds the policy variables of which every combination of present and
// absent ones is a case.
const maxVariables = 6

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
func variables(docs []*policy.Document, statements map[place]bool) []string {
	var seen map[string]bool
	for i, d := range docs {
		for j := range d.Statements {
			if !statements[place{i, j}] {
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

// relevant leaves out the variables of unknown value that the statements do not use.
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
			delete(out, key)
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
// the statements name, and one that nothing names.
func (p *problem) candidates(m model, env environment, statements map[place]bool) []environment {
	out := []environment{env}
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if !env[key].unknown {
			continue
		}
		var values []value
		for i, v := range p.valuesFor(key, m, statements) {
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

// valuesFor lists values worth trying for a variable: one that nothing names, what the
// model found, and what makes the patterns of the statements meet texts they name.
func (p *problem) valuesFor(key string, m model, statements map[place]bool) []string {
	var values []string
	add := func(s string) {
		if len(values) < maxValues && !slices.Contains(values, s) {
			values = append(values, s)
		}
	}
	var texts []string
	for at := range p.inOrder(statements) {
		texts = appendTexts(texts, &p.docs[at.doc].Statements[at.index])
	}
	fresh := "value"
	for slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, fresh) }) {
		fresh += "x"
	}
	for _, v := range p.tied(m, statements) {
		add(v)
	}
	add(fresh)
	if i, ok := p.dimIdx["key "+key]; ok {
		for _, v := range m[i].values {
			add(v)
		}
	}
	// The strings that the model found, and those the statements name, cut where a
	// template's variable stands.
	for _, a := range m {
		texts = append(texts, a.text)
		texts = append(texts, a.values...)
	}
	for at := range p.inOrder(statements) {
		if len(values) == maxValues {
			break
		}
		s := &p.docs[at.doc].Statements[at.index]
		eachPattern(p.docs[at.doc], s, func(pat policy.Pattern) {
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
		for _, c := range s.Conditions {
			if c.KeyName() == key {
				for _, v := range c.Values {
					add(v.Text)
				}
			}
		}
	}
	return values
}

// tied lists the values of keys that follow from the principal or the resource, since
// a variable may be compared with such a key, or be one: first of what the model found,
// then of principals that the statements name.
func (p *problem) tied(m model, statements map[place]bool) []string {
	var out []string
	for _, l := range p.links {
		if v, ok := part(p.dims[l.key].key, m[l.from].text); ok {
			out = append(out, v)
		}
	}
	for _, l := range p.links {
		if l.from != dimPrincipal {
			continue
		}
		for at := range p.inOrder(statements) {
			s := &p.docs[at.doc].Statements[at.index]
			if s.Principal == nil {
				continue
			}
			for _, e := range s.Principal.List {
				for _, g := range p.entry(e) {
					if v, ok := part(p.dims[l.key].key, g.fill(fillers[0])); ok {
						out = append(out, v)
					}
				}
			}
		}
	}
	return out
}

// inOrder yields places in the order of the documents.
func (p *problem) inOrder(statements map[place]bool) iter.Seq[place] {
	return func(yield func(place) bool) {
		for i, d := range p.docs {
			for j := range d.Statements {
				if at := (place{i, j}); statements[at] && !yield(at) {
					return
				}
			}
		}
	}
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

func appendTexts(out []string, s *policy.Statement) []string {
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
