package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A text that stands for a value which is not known equals nothing but itself, and a
// wildcard matches it as a whole or not at all: what "*data*" matches need not be the value
// that "(data)" stands for. Where the letters of such a text could be matched, a question is
// asked once more with other letters in their place, which no policy has.

// Ambiguous lists those of the symbols whose letters a pattern of the documents could match,
// for Options.Symbols.
func Ambiguous(symbols []string, docs []*policy.Document) []string {
	if len(symbols) == 0 {
		return nil
	}
	var parts []string // what stands behind a wildcard, in lower case
	counted := false
	eachValue(docs, func(text string) {
		counted = counted || strings.Contains(text, "?")
		if i := strings.IndexAny(text, "*?"); i >= 0 {
			parts = append(parts, strings.FieldsFunc(strings.ToLower(text[i:]), func(r rune) bool { return r == '*' || r == '?' })...)
		}
	})
	slices.Sort(parts)
	parts = slices.Compact(parts)
	var out []string
	for _, s := range symbols {
		low := strings.ToLower(s)
		if !slices.Contains(out, s) && (counted || slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(low, part) })) {
			out = append(out, s)
		}
	}
	return out
}

// eachValue calls f with the values of the documents that may have a symbol in them.
func eachValue(docs []*policy.Document, f func(string)) {
	for _, d := range docs {
		if d == nil {
			continue
		}
		for i := range d.Statements {
			s := &d.Statements[i]
			if s.Resource != nil {
				for k := range s.Resource.List {
					f(s.Resource.List[k].Text)
				}
			}
			for _, c := range s.Conditions {
				for k := range c.Values {
					f(c.Values[k].Text)
				}
			}
		}
	}
}

// veil puts other letters in the place of symbols, and back.
type veil struct {
	hide, show *strings.Replacer
	docs       map[*policy.Document]*policy.Document
}

// privateUse is the first of 65,534 characters that no name has (Unicode, "Private Use
// Areas"): one stands for a symbol, so that no part of it is one of something else.
const privateUse = 0xF0000

// newVeil is one for symbols; nil for none.
func newVeil(symbols []string) *veil {
	if len(symbols) == 0 {
		return nil
	}
	var hide, show []string
	for i, s := range symbols {
		text := string(privateUse + rune(i))
		hide, show = append(hide, s, text), append(show, text, s)
	}
	return &veil{strings.NewReplacer(hide...), strings.NewReplacer(show...), map[*policy.Document]*policy.Document{}}
}

func (v *veil) set(s Set) Set {
	out := Set{slices.Clone(s.terms)}
	for i := range out.terms {
		layers := slices.Clone(out.terms[i].layers)
		for k := range layers {
			layers[k] = v.documents(layers[k])
		}
		out.terms[i].layers = layers
	}
	return out
}

func (v *veil) documents(docs []*policy.Document) []*policy.Document {
	out := make([]*policy.Document, len(docs))
	for i, d := range docs {
		one, ok := v.docs[d]
		if !ok {
			one = v.document(d)
			v.docs[d] = one // a document that both sides have stays one
		}
		out[i] = one
	}
	return out
}

func (v *veil) document(d *policy.Document) *policy.Document {
	if d == nil {
		return nil
	}
	out := *d
	out.Statements = slices.Clone(d.Statements)
	for i := range out.Statements {
		s := &out.Statements[i]
		s.Principal, s.Resource, s.Conditions = principals(v.hide, s.Principal), values(v.hide, s.Resource), conditions(v.hide, s.Conditions)
	}
	return &out
}

func principals(r *strings.Replacer, p *policy.Principals) *policy.Principals {
	if p == nil {
		return nil
	}
	out := *p
	out.List = slices.Clone(p.List)
	for i := range out.List {
		out.List[i].Text = r.Replace(out.List[i].Text)
	}
	return &out
}

func values(r *strings.Replacer, vs *policy.Values) *policy.Values {
	if vs == nil {
		return nil
	}
	return &policy.Values{Not: vs.Not, List: valueList(r, vs.List)}
}

func valueList(r *strings.Replacer, list []policy.Value) []policy.Value {
	out := slices.Clone(list)
	for i := range out {
		out[i].Text = r.Replace(out[i].Text)
	}
	return out
}

func conditions(r *strings.Replacer, list []policy.Condition) []policy.Condition {
	out := slices.Clone(list)
	for i := range out {
		out[i].Values = valueList(r, out[i].Values)
	}
	return out
}

// both is the answer of which each of two holds: what either gives is given. res is the
// answer without the veil, and seen the one behind it.
func (v *veil) both(res, seen Result, explain bool) Result {
	res.Steps += seen.Steps
	if res.Reason == "" {
		res.Reason = v.show.Replace(seen.Reason)
	}
	for i := range seen.Gains {
		g := &seen.Gains[i]
		if slices.ContainsFunc(res.Gains, func(had Gain) bool { return had.Document == g.Document && had.Statement == g.Statement }) || !explain && len(res.Gains) > 0 {
			continue
		}
		res.Gains = append(res.Gains, v.gain(*g))
	}
	slices.SortStableFunc(res.Gains, func(a, b Gain) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Statement, b.Statement))
	})
	switch {
	case len(res.Gains) > 0:
		res.Verdict = Fail
	case res.Verdict == Undetermined, seen.Verdict == Undetermined:
		res.Verdict = Undetermined
	}
	return res
}

// gain writes a gain with the symbols again.
func (v *veil) gain(g Gain) Gain {
	back := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			out[i] = v.show.Replace(out[i])
		}
		return out
	}
	pieces := func(list []Piece) []Piece {
		out := slices.Clone(list)
		for i := range out {
			p := &out[i]
			p.Principal, p.Resource, p.Conditions = principals(v.show, p.Principal), values(v.show, p.Resource), conditions(v.show, p.Conditions)
		}
		return out
	}
	g.Resources, g.Principals, g.Conditions = back(g.Resources), back(g.Principals), back(g.Conditions)
	g.Terms = slices.Clone(g.Terms)
	for i := range g.Terms {
		g.Terms[i] = Term{pieces(g.Terms[i].In), pieces(g.Terms[i].Except)}
	}
	g.Witness.Resource, g.Witness.Principal.ID = v.show.Replace(g.Witness.Resource), v.show.Replace(g.Witness.Principal.ID)
	context := map[string][]string{}
	for key, list := range g.Witness.Context {
		context[key] = back(list)
	}
	if g.Witness.Context != nil {
		g.Witness.Context = context
	}
	return g
}
