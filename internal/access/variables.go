package access

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
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

// Bounds on the values tried for unknown variables.
const (
	maxValues = 24  // for each variable
	maxCases  = 256 // combinations
)

// effort tells how many values are tried for variables.
type effort int

const (
	firstTry effort = iota // what nearly always will do
	fewTries
	allTries
)

// tries bounds the combinations of values by effort.
var tries = [...]int{firstTry: 2, fewTries: maxCases, allTries: maxCases}

// candidates yields environments with concrete values for the unknown variables of
// env: values that make the templates meet the strings of the model, values that
// the statements name, and one that nothing names.
func (p *problem) candidates(m model, env environment, statements map[place]bool, most effort) iter.Seq[environment] {
	return func(yield func(environment) bool) {
		seen := map[string]bool{}
		for e := firstTry; e <= most; e++ {
			for _, concrete := range p.combined(m, env, statements, e) {
				var id strings.Builder
				for _, key := range slices.Sorted(maps.Keys(env)) {
					fmt.Fprintf(&id, "%q", concrete[key].literal)
				}
				if !seen[id.String()] && !yield(concrete) {
					return
				}
				seen[id.String()] = true
			}
		}
	}
}

// combined lists combinations of values.
func (p *problem) combined(m model, env environment, statements map[place]bool, e effort) []environment {
	out := []environment{env}
	var alike []environment
	for i, key := range slices.Sorted(maps.Keys(env)) {
		if !env[key].unknown || env[key].as != "" {
			continue
		}
		var next []environment
		values := p.valuesFor(key, i, m, statements, e)
		for _, v := range values {
			if e == allTries { // keys that are compared may have to be alike
				alike = append(alike, env.with(v))
			}
		}
		for _, v := range values {
			for _, e0 := range out {
				if len(next) == tries[e] {
					break
				}
				e0 = maps.Clone(e0)
				for k, had := range env {
					if k == key || had.as == key {
						e0[k] = value{literal: v}
					}
				}
				next = append(next, e0)
			}
		}
		out = next
	}
	return append(alike, out...)
}

// with gives all variables of unknown value the same one.
func (e environment) with(v string) environment {
	e = maps.Clone(e)
	for key, had := range e {
		if had.unknown {
			e[key] = value{literal: v}
		}
	}
	return e
}

// valuesFor lists values worth trying for a variable: one that nothing names, what the
// model found, and what makes the patterns of the statements meet texts they name.
// number tells variables apart, which have different values unless they are compared.
func (p *problem) valuesFor(key string, number int, m model, statements map[place]bool, e effort) []string {
	var values []string
	limit := maxValues
	add := func(s string) {
		if len(values) < limit && !slices.Contains(values, s) {
			values = append(values, s)
		}
	}
	var texts []string
	for at := range p.inOrder(statements) {
		texts = appendTexts(texts, &p.docs[at.doc].Statements[at.index])
	}
	first := "value"
	for slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, first) }) {
		first += "x"
	}
	fresh := first
	if number > 0 {
		fresh += strconv.Itoa(number + 1)
	}
	for _, f := range p.env[key].within {
		for _, g := range p.form(f).globs {
			for _, filler := range append(fillers[:2:2], filler{"X", 'X', '1'}) { // the last differs from the first by case only
				add(g.fill(filler))
			}
		}
	}
	for _, v := range p.tied(m, statements) {
		add(v)
	}
	add(fresh)
	add(strings.ToUpper(fresh)) // differs where case counts only
	add(first)
	if i, ok := p.dimIdx["key "+key]; ok {
		for _, v := range m[i].values {
			add(v)
		}
	}
	if e == firstTry {
		return values
	}
	// The strings that the model found, and those the statements name, cut where a
	// template's variable stands.
	var found []string
	for _, a := range m {
		found = append(append(found, a.text), a.values...)
	}
	texts = append(texts, found...)
	if e == allTries {
		values = append(values, p.allParts(key, found, statements)...)
		limit = len(values) + maxValues
	}
	for at := range p.inOrder(statements) {
		if len(values) >= limit {
			break
		}
		s := &p.docs[at.doc].Statements[at.index]
		eachPattern(p.docs[at.doc], s, func(pat policy.Pattern) {
			for i, piece := range pat {
				if piece.Kind == policy.Literal { // one variable may have to be what stands next to another
					for _, stops := range []string{":", ":/"} {
						add(piece.Text[strings.LastIndexAny(piece.Text, stops)+1:])
					}
				}
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

// Bounds on the parts of texts that are tried as values.
const (
	someParts  = 12
	maxPartsOf = 64 // characters of the text
	fewParts   = 3  // shortest ones, and longest ones
)

// allParts lists parts of texts for all patterns of statements.
func (p *problem) allParts(key string, texts []string, statements map[place]bool) []string {
	var out []string
	for at := range p.inOrder(statements) {
		eachPattern(p.docs[at.doc], &p.docs[at.doc].Statements[at.index], func(pat policy.Pattern) {
			for _, t := range texts {
				for _, v := range p.parts(pat, key, t) {
					if len(out) < someParts && !slices.Contains(out, v) {
						out = append(out, v)
					}
				}
			}
		})
	}
	return out
}

// parts lists parts of a text that, as the value of key, let the pattern match the
// text: a few short ones and a few long ones.
func (p *problem) parts(pat policy.Pattern, key, text string) []string {
	runes := []rune(text)
	if len(runes) > maxPartsOf || !slices.ContainsFunc(pat, func(piece policy.Piece) bool { return piece.Key == key && piece.Kind == policy.Variable }) {
		return nil
	}
	var out []string
	try := func(v string) {
		var toks []tok
		for _, piece := range pat {
			switch {
			case piece.Kind == policy.Literal:
				toks = append(toks, literalToks(piece.Text)...)
			case piece.Kind == policy.AnyChar:
				toks = append(toks, tok{kind: tokOne})
			case piece.Kind == policy.Variable && piece.Key == key:
				toks = append(toks, literalToks(v)...)
			default:
				toks = append(toks, anyRun)
			}
		}
		if !slices.Contains(out, v) && newGlob(toks).meets(text, p.b) {
			out = append(out, v)
		}
	}
	for n, limit := 1, fewParts; n <= len(runes) && len(out) < limit; n++ {
		for i := 0; i+n <= len(runes) && len(out) < limit; i++ {
			try(string(runes[i : i+n]))
		}
	}
	for n, limit := len(runes), len(out)+fewParts; n > 0 && len(out) < limit; n-- {
		for i := 0; i+n <= len(runes) && len(out) < limit; i++ {
			try(string(runes[i : i+n]))
		}
	}
	return out
}

// tied lists the values of keys that follow from the principal or the resource, since
// a variable may be compared with such a key, or be one: first of what the model found,
// then of principals that the statements name.
func (p *problem) tied(m model, statements map[place]bool) []string {
	out := p.linkedParts(m)
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

// linkedParts lists the values of keys that follow from a model's principal or resource.
func (p *problem) linkedParts(m model) []string {
	var out []string
	for _, l := range p.links {
		if v, ok := part(p.dims[l.key].key, m[l.from].text); ok {
			out = append(out, v)
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
	for _, stops := range []string{"/:*?$", ":", "/"} {
		if end := strings.IndexAny(rest, stops); end >= 0 {
			out = append(out, rest[:end])
		}
	}
	return append(out, rest)
}
