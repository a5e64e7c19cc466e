// Package eval works out values that a plan calls unknown, from the configuration and
// from what the plan knows. Expressions are evaluated by HCL itself; a text that is only
// known after the change is applied is given to it as a symbol, a text that equals
// nothing but itself, so that a policy document around it can be read.
//
// What makes that sound: functions and operators that look into a text (all but those
// that are listed as passing texts on) get an unknown value in place of a symbol, and
// every value is worked out twice, with symbols of other lengths, letters and order. Only
// what comes out the same counts. Work, size and depth are bounded, and nothing outside
// of the source folder is read.
package eval

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Symbol is a text that stands for an unknown value, and what it refers to.
type Symbol struct{ Text, Reference string }

// symbolTable numbers the symbols of one evaluator. Both runs share it.
type symbolTable struct {
	ids  map[string]int
	list []entry
}

type entry struct {
	name, reference string
	// solid: the value is neither null nor the empty text.
	solid bool
}

// maxSymbols bounds the symbols of one plan.
const maxSymbols = 100_000

// id numbers the symbol of a name; the reference and solid are those it is first
// seen with.
func (t *symbolTable) id(name, reference string, solid bool) int {
	if n, ok := t.ids[name]; ok {
		return n
	}
	if len(t.list) >= maxSymbols {
		panic(errTooMuch)
	}
	n := len(t.list)
	t.ids[name] = n
	t.list = append(t.list, entry{name, reference, solid})
	return n
}

// The runes around and in a symbol while values are worked out. They are of the private
// use area, which no source or plan may use. Those of the second run differ in letters,
// length and order from those of the first: there, later symbols come first, and all of
// them come before letters and digits instead of behind.
const (
	firstOpen, firstClose   = '\uE000', '\uE001'
	secondOpen, secondClose = '\uE002', '\uE003'
	digitZero               = '\uE010'
	secondLead              = '!'
	reservedFirst           = '\uE000'
	reservedLast            = '\uE0FF'
)

// encode is the text of a symbol in one run.
func encode(run, id int) string {
	var b strings.Builder
	if run == 0 {
		b.WriteRune(firstOpen)
		for _, d := range fmt.Sprintf("%06d", id) {
			b.WriteRune(digitZero + d - '0')
		}
		b.WriteRune(firstClose)
		return b.String()
	}
	b.WriteRune(secondLead)
	b.WriteRune(secondOpen)
	for _, d := range fmt.Sprintf("%09d", maxSymbols-id) {
		b.WriteRune(digitZero + 0x10 + d - '0')
	}
	b.WriteRune(secondClose)
	return b.String()
}

func reserved(r rune) bool { return r >= reservedFirst && r <= reservedLast }

// hasReserved reports whether a text holds a rune of a symbol.
func hasReserved(s string) bool { return strings.ContainsFunc(s, reserved) }

// piece is a part of a text: a literal, or a symbol.
type piece struct {
	literal string
	id      int // of a symbol, -1 for a literal
}

// split takes a text of a run apart. It fails on a broken symbol, or on one that is not
// in the table.
func (t *symbolTable) split(run int, s string) ([]piece, error) {
	open, end, zero, length := firstOpen, firstClose, digitZero, 6
	lead := ""
	if run != 0 {
		open, end, zero, length = secondOpen, secondClose, digitZero+0x10, 9
		lead = string(secondLead)
	}
	var list []piece
	for s != "" {
		i := strings.IndexFunc(s, reserved)
		if i < 0 {
			return append(list, piece{s, -1}), nil
		}
		head, ok := strings.CutSuffix(s[:i], lead)
		body, found := strings.CutPrefix(s[i:], string(open))
		number, rest, closed := strings.Cut(body, string(end))
		if !ok || !found || !closed {
			return nil, errBroken
		}
		var digits []byte
		for _, r := range number {
			if r < zero || r > zero+9 {
				return nil, errBroken
			}
			digits = append(digits, byte('0'+r-zero))
		}
		id, err := strconv.Atoi(string(digits))
		if run != 0 {
			id = maxSymbols - id
		}
		if err != nil || len(digits) != length || id < 0 || id >= len(t.list) {
			return nil, errBroken
		}
		if head != "" {
			list = append(list, piece{head, -1})
		}
		list = append(list, piece{"", id})
		s = rest
	}
	return list, nil
}

// plain keeps a name free of what patterns, variables and ARNs give a meaning.
var plain = strings.NewReplacer("*", "%2A", "?", "%3F", "$", "%24", ":", "%3A", "(", "[", ")", "]")

// symbolText is how people read a symbol.
func symbolText(name string) string { return "(" + plain.Replace(name) + ")" }

// readable writes a text of a run with its symbols as people read them.
func (t *symbolTable) readable(run int, s string) string {
	pieces, err := t.split(run, s)
	if err != nil {
		return strings.Map(func(r rune) rune {
			if reserved(r) {
				return '?'
			}
			return r
		}, s)
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.id < 0 {
			b.WriteString(p.literal)
		} else {
			b.WriteString(symbolText(t.list[p.id].name))
		}
	}
	return b.String()
}

// holdsSymbol reports whether a value holds a symbol anywhere, in names too.
func holdsSymbol(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if found {
			return false, nil
		}
		found = isSymbolic(v)
		if !found && v.IsKnown() && !v.IsNull() && (v.Type().IsObjectType() || v.Type().IsMapType()) {
			for it := v.ElementIterator(); it.Next(); {
				k, _ := it.Element()
				found = found || hasReserved(k.AsString())
			}
		}
		return !found, nil
	})
	return found
}

// isSymbolic reports whether a value is a text with a symbol in it.
func isSymbolic(v cty.Value) bool {
	return v.Type() == cty.String && v.IsKnown() && !v.IsNull() && hasReserved(v.AsString())
}

// opaque puts an unknown text in place of each one with a symbol in it. Names with
// symbols cannot be kept, so that a collection with one is unknown as a whole.
func opaque(v cty.Value) cty.Value {
	w, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if isSymbolic(v) {
			return cty.UnknownVal(cty.String), nil
		}
		if v.IsKnown() && !v.IsNull() && (v.Type().IsObjectType() || v.Type().IsMapType()) {
			for it := v.ElementIterator(); it.Next(); {
				if k, _ := it.Element(); hasReserved(k.AsString()) {
					return cty.DynamicVal, nil
				}
			}
		}
		return v, nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return w
}
