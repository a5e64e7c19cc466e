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
func (p *problem) valuesFor(key string, number int, m model, statements places, e effort) []string {
	var values []string
	limit := width[max(e, moreTries)]
	add := func(s string) {
		if len(values) < limit && !slices.Contains(values, s) {
			values = append(values, s)
		}
	}
	texts := textsOf(p.docs, statements)
	first, fresh := freshTexts(texts, number)
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
	// more reports whether to look at what a text makes of a pattern.
	more := func(pat policy.Pattern, text string) bool {
		return len(values) < limit && p.b.spend(1+(len(pat)+len(text))/16)
	}
	if e > firstTry {
		values = values[:min(len(values), 2)]
		p.eachUse(key, statements, func(pat policy.Pattern, i int) {
			for _, t := range slices.Concat(found, tied) {
				if !more(pat, t) {
					return
				}
				for _, v := range append(p.read(pat, i, t), cuts(pat, i, t)...) {
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
	if i, ok := p.used(key); ok && i < len(m) {
		for _, v := range m[i].values {
			add(v)
		}
	}
	if e == firstTry {
		return values
	}
	// Keys that are compared may have to be alike or, where case is ignored, to differ by case only.
	inAnyCase := p.ignoresCase(statements)
	for _, other := range slices.Sorted(maps.Keys(p.env)) {
		if v := p.env[other]; v.literal != "" {
			add(v.literal)
			if inAnyCase {
				add(strings.ToUpper(v.literal))
				add(strings.ToLower(v.literal))
			}
		}
	}
	// The strings that the model found, and those the statements name, cut where a
	// template's variable stands.
	texts = append(texts, found...)
	for at := range statements.all() {
		if len(values) >= limit {
			break
		}
		s := &p.docs[at.doc].Statements[at.index]
		p.patterns.each(p.docs[at.doc], s, func(pat policy.Pattern) {
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
			if !more(pat, t) {
				return
			}
			for _, v := range cuts(pat, i, t) {
				add(v)
			}
		}
	})
	return values
}

// ignoresCase reports whether a condition of the statements does.
func (p *problem) ignoresCase(statements places) bool {
	for at := range statements.all() {
		for _, c := range p.docs[at.doc].Statements[at.index].Conditions {
			if c.Operator.Test == policy.StringEqualsIgnoreCase {
				return true
			}
		}
	}
	return false
}

// eachUse calls f with every pattern of the statements and a piece of it that is the
// variable key, or one that is the same.
func (p *problem) eachUse(key string, statements places, f func(pat policy.Pattern, i int)) {
	for at := range statements.all() {
		d := p.docs[at.doc]
		p.patterns.each(d, &d.Statements[at.index], func(pat policy.Pattern) {
			for i, piece := range pat {
				if piece.Kind == policy.Variable && p.compiler.first(piece.Key) == key {
					f(pat, i)
				}
			}
		})
	}
}

// Bounds on reading a value off a text.
const (
	maxRead  = 8   // values
	longRead = 256 // characters of the text
)

// read lists what the variable at piece i can stand for where the pattern matches text:
// the longest value and the shortest ones first.
func (p *problem) read(pat policy.Pattern, i int, text string) []string {
	runes := []rune(text)
	before, behind := p.outlined(pat[:i]), p.outlined(pat[i+1:])
	if len(runes) > longRead || !newGlob(slices.Concat(before, []tok{anyRun}, behind)).meets(text, p.b) {
		return nil
	}
	var starts, ends []int
	for k := range len(runes) + 1 {
		if newGlob(before).meets(string(runes[:k]), p.b) {
			starts = append(starts, k)
		}
		if newGlob(behind).meets(string(runes[k:]), p.b) {
			ends = append(ends, k)
		}
	}
	if len(starts) == 0 || len(ends) == 0 { // the work is spent
		return nil
	}
	var out []string
	add := func(from, to int) {
		if v := string(runes[from:max(from, to)]); from <= to && len(out) < maxRead && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	add(starts[0], ends[len(ends)-1])
	add(starts[len(starts)-1], ends[len(ends)-1])
	for _, from := range starts {
		for _, to := range ends {
			add(from, to)
		}
	}
	return out
}

// outlined are the tokens of a part of a pattern, with runs for what is not known.
func (p *problem) outlined(pat policy.Pattern) []tok {
	var toks []tok
	for _, piece := range pat {
		switch v := p.env[piece.Key]; {
		case piece.Kind == policy.Literal:
			toks = append(toks, literalToks(piece.Text)...)
		case piece.Kind == policy.AnyChar:
			toks = append(toks, tok{kind: tokOne})
		case piece.Kind == policy.Variable && v.literal != "":
			toks = append(toks, literalToks(v.literal)...)
		default:
			toks = append(toks, anyRun)
		}
	}
	return toks
}

// tied lists the values of keys that follow from the principal or the resource, since
// a variable may be compared with such a key, or be one: first of what the model found,
// then of principals that the statements name.
func (p *problem) tied(m model, statements places) []string {
	out := p.linkedParts(m)
	for _, l := range p.links {
		if l.from != dimPrincipal {
			continue
		}
		for at := range statements.all() {
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
	if m == nil { // the search left it open whether there is one
		return nil
	}
	var out []string
	for _, l := range p.links {
		if v, ok := part(p.dims[l.key].key, m[l.from].text); ok {
			out = append(out, v)
		}
	}
	return out
}

// freshTexts are values that none of the texts holds: one for all variables, and one for each.
func freshTexts(texts []string, number int) (first, own string) {
	first = "value"
	for slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, first) }) {
		first += "x"
	}
	if number == 0 {
		return first, first
	}
	return first, first + strconv.Itoa(number+1)
}

// textsOf lists the texts of resources and conditions.
func textsOf(docs []*policy.Document, statements places) []string {
	var texts []string
	for at := range statements.all() {
		texts = appendTexts(texts, &docs[at.doc].Statements[at.index])
	}
	return texts
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
