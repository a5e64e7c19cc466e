package access

import (
	"slices"
	"unicode"

	"github.com/grantdiff/grantdiff/internal/access/equation"
)

// The unknowns of a system are the values of demands, then those of variables, then what
// wildcards stand for.

// system writes the equations of a choice down.
func (w *wording) system(choice []int) *equation.System {
	s := &equation.System{Alphabet: w.alphabet, Free: w.free, Exclusions: w.excluded}
	s.Languages = slices.Clone(w.fixed)
	for range w.variables {
		s.Languages = append(s.Languages, nil)
	}
	value := func(i int) equation.Word { return equation.Word{equation.Unknown(i)} }
	for i, d := range w.demands {
		if d.hasOwn() {
			s.Equations = append(s.Equations, equation.Equation{Left: value(i), Right: w.word(s, []tok{w.own(d)})})
		}
	}
	for i, o := range w.options {
		if choice[i] == len(o.shapes) {
			s.Languages[o.demand] = with(s.Languages[o.demand], o.plain)
			continue
		}
		s.Equations = append(s.Equations, equation.Equation{Left: value(o.demand), Right: w.word(s, o.shapes[choice[i]].tokens())})
	}
	s.Classes = w.classes
	return s
}

func with(list []equation.Language, l equation.Language) []equation.Language {
	return append(list[:len(list):len(list)], l)
}

// tokens are the texts that a token takes.
func (w *wording) tokens(t tok) equation.Language {
	l, ok := w.byToken[t]
	if !ok {
		l, _ = w.language([]*union{w.in.union([]*glob{newGlob([]tok{t})})}, nil)
		w.byToken[t] = l
	}
	return l
}

// variable is the number of the unknown that stands for a variable.
func (w *wording) variable(r rune) int {
	i := slices.Index(w.variables, r)
	if i < 0 {
		i = len(w.variables)
		w.variables = append(w.variables, r)
	}
	return len(w.demands) + i
}

// word writes tokens down, with unknowns of s for variables and wildcards.
func (w *wording) word(s *equation.System, toks []tok) equation.Word {
	var out equation.Word
	fresh := func(t tok) {
		out = append(out, equation.Unknown(len(s.Languages)))
		s.Languages = append(s.Languages, nil)
		if t.kind != tokMany {
			s.Languages[len(s.Languages)-1] = []equation.Language{w.tokens(t)}
		}
	}
	for _, t := range toks {
		r, isVariable := t.variable()
		switch {
		case isVariable && t.kind == tokFold && !w.folded && !w.alike:
			fresh(tok{kind: tokMany}) // the text in some case, as long as it is
			s.Lengths = append(s.Lengths, equation.Equation{Left: out[len(out)-1:], Right: equation.Word{equation.Unknown(w.variable(r))}})
		case isVariable:
			x := w.variable(r)
			if t.r < opaqueAny { // a value with a colon matches nothing there
				s.Languages[x] = with(s.Languages[x], w.tokens(fieldRun))
			}
			out = append(out, equation.Unknown(x))
		case t.kind == tokRune && w.folded, t.kind == tokFold && (w.folded || unicode.SimpleFold(t.r) == t.r):
			out = append(out, equation.Char(fold(t.r)))
		case t.kind == tokRune:
			out = append(out, equation.Char(t.r))
		default:
			fresh(t)
		}
	}
	return out
}

// pattern writes tokens down that a word is not to match. Where case does not count, a word
// that looks like a text is that text if it has characters of one case only; false for a pattern
// of which that cannot be known.
func (w *wording) pattern(g *glob) ([]equation.Element, bool) {
	var out []equation.Element
	for _, t := range g.tokens() {
		r, isVariable := t.variable()
		cased := !isVariable && t.kind <= tokFold && unicode.SimpleFold(t.r) != t.r
		e := equation.Element{Kind: equation.Exact}
		switch {
		case isVariable:
			e.Symbol = equation.Unknown(w.variable(r))
			e.Class = w.class(class{field: t.r < opaqueAny, caseless: w.folded && t.kind == tokRune})
		case t.kind == tokRune && cased && w.folded:
			return nil, false
		case t.kind == tokFold && cased && !w.folded:
			e.Kind, e.Class = equation.One, w.class(class{of: t})
		case t.kind <= tokFold:
			e.Symbol = equation.Char(t.r)
		case t.many():
			e.Kind, e.Class = equation.Run, w.class(class{of: t})
		default:
			e.Kind, e.Class = equation.One, w.class(class{of: t})
		}
		out = append(out, e)
	}
	return out, true
}

// A class is of the characters that a token takes, or that may stand in a field of an ARN, or
// that have one case.
type class struct {
	of              tok
	field, caseless bool
}

// class is the number of a class; 0 for all characters.
func (w *wording) class(c class) int {
	if c.of.kind == tokMany || c.of.kind == tokOne || c == (class{}) {
		return 0
	}
	n, ok := w.ofClass[c]
	if !ok {
		w.classes = append(w.classes, func(r rune) bool {
			return (c.of == tok{} || c.of.matches(r)) && (!c.field || fieldRun.matches(r)) &&
				(!c.caseless || unicode.SimpleFold(r) == r && r != w.alphabet[0]) // which stands for others
		})
		n = len(w.classes)
		w.ofClass[c] = n
	}
	return n
}

// values are the texts of variables, by key.
func (w *wording) values(texts []string) map[string]string {
	out := map[string]string{}
	for key, r := range w.opaques {
		if i := slices.Index(w.variables, r); i >= 0 {
			out[key] = texts[len(w.demands)+i]
		}
	}
	return out
}
