package access

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

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
	tied := p.tied(m, statements)
	for _, v := range tied {
		add(v)
	}
	add(fresh)
	var found []string // by the model
	for _, a := range m {
		found = append(append(found, a.text), a.values...)
	}
	if e > firstTry {
		values = values[:min(len(values), 2)]
		p.eachUse(key, statements, func(pat policy.Pattern, i int) {
			for _, t := range slices.Concat(found, tied) {
				for _, v := range cuts(pat, i, t) {
					add(v)
				}
			}
		})
		for _, v := range tied {
			add(v)
		}
	}
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
	// Keys that are compared may have to be alike.
	for _, other := range slices.Sorted(maps.Keys(p.env)) {
		if v := p.env[other]; v.literal != "" {
			add(v.literal)
		}
	}
	// The strings that the model found, and those the statements name, cut where a
	// template's variable stands.
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
			for _, piece := range pat {
				if piece.Kind == policy.Literal { // one variable may have to be what stands next to another
					for _, stops := range []string{":", ":/"} {
						add(piece.Text[strings.LastIndexAny(piece.Text, stops)+1:])
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
	p.eachUse(key, statements, func(pat policy.Pattern, i int) {
		for _, t := range texts {
			for _, v := range cuts(pat, i, t) {
				add(v)
			}
		}
	})
	return values
}

// eachUse calls f with every pattern of the statements and a piece of it that is the
// variable key, or one that is the same.
func (p *problem) eachUse(key string, statements map[place]bool, f func(pat policy.Pattern, i int)) {
	for at := range p.inOrder(statements) {
		d := p.docs[at.doc]
		eachPattern(d, &d.Statements[at.index], func(pat policy.Pattern) {
			for i, piece := range pat {
				if piece.Kind == policy.Variable && p.compiler.first(piece.Key) == key {
					f(pat, i)
				}
			}
		})
	}
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
