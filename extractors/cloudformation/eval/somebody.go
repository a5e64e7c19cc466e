package eval

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// joined is what is known of a text that Fn::Join makes of a list which is not known.
type joined struct {
	by string
	// whole: the elements of the list hold no comma, before the change and after it.
	whole [2]bool
}

// hole stands for a text of which nothing is known; no template holds it.
const hole = "\x00"

// notesJoin keeps with the symbol of a Fn::Join what its value looks like.
func (s *Scope) notesJoin(v, by, list *tree.Node) *tree.Node {
	sep, ok := by.Text()
	sym, of := s.symbols.Whole(v.Value), s.symbols.Whole(list.Value)
	if ok && sym != nil && of != nil && list.Kind == tree.String && !s.symbols.Holds(sep) {
		sym.joined = &joined{by: sep, whole: of.list}
		if !strings.ContainsAny(sep, "*?") {
			sym.literal = of.literal
		}
	}
	return v
}

// notesSplit notes of the symbol of a Fn::Split that none of its parts can be everyone, as
// where each begins with "arn:". A part begins where the text does or behind a separator,
// and separators stand only in what is known of the text. No part of a text without
// wildcards is everyone, wherever it is cut.
func (s *Scope) notesSplit(v *tree.Node, text, sep string) *tree.Node {
	sym := s.symbols.Whole(v.Value)
	if sym == nil || len(sep) != 1 {
		return v
	}
	if in := s.symbols.Whole(text); in != nil && in.literal != [2]bool{} {
		sym.Somebody, sym.ARN = in.literal, true
		return v
	}
	named := [2]bool{true, true}
	for _, in := range s.symbols.In(text) {
		switch {
		case in.joined != nil && sep == ",":
			named[0], named[1] = named[0] && in.joined.whole[0], named[1] && in.joined.whole[1]
			text = strings.ReplaceAll(text, in.Text, hole+in.joined.by+hole)
		case in.plain && strings.Contains(":/,", sep):
			text = strings.ReplaceAll(text, in.Text, hole)
		default:
			return v
		}
	}
	for _, part := range strings.Split(text, sep) {
		if part == "" || strings.ContainsAny(part[:1], hole+"*?") {
			return v
		}
	}
	sym.Somebody, sym.ARN = named, true
	sym.Steady = named
	return v
}

// notesMap notes of the symbol of a Fn::FindInMap that none of the values it may have can
// be everyone: all of them are in the template.
func (s *Scope) notesMap(v, at *tree.Node, key string) *tree.Node {
	sym := s.symbols.Whole(v.Value)
	if sym == nil || at == nil || at.Kind != tree.Map || len(at.Fields) == 0 || s.symbols.Holds(key) {
		return v
	}
	plain := true
	for _, f := range at.Fields {
		value := f.Value.Get(key)
		if value == nil {
			continue // such a key cannot be what is looked up
		}
		text, ok := value.Text()
		if !ok || text == "" || strings.ContainsAny(text, "*?{$") || s.symbols.Holds(text) {
			return v
		}
		plain = plain && !strings.ContainsAny(text, ":/,")
	}
	sym.Somebody, sym.plain, sym.ARN = [2]bool{true, true}, plain, !plain
	sym.Steady = sym.Somebody
	return v
}
