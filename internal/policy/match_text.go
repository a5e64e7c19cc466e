package policy

import "unicode"

// A step is one place of a pattern whose variables have been replaced.
type step struct {
	kind PieceKind // Literal (one character), AnyChar or AnySequence
	char rune
}

// steps replaces the variables of p. It reports false when one of them has no
// value, so that p matches nothing. What a variable stands for is literal, also "*" and
// "?" in it: a name must not widen a policy. The next call takes the memory of the steps.
func (e *evaluation) steps(p Pattern) ([]step, bool) {
	list := e.list[:0]
	for _, piece := range p {
		text := piece.Text
		switch piece.Kind {
		case AnySequence, AnyChar:
			list = append(list, step{kind: piece.Kind})
			continue
		case Variable:
			var ok bool
			if text, ok = e.variable(piece); !ok {
				return nil, false
			}
		case Literal:
		}
		for _, r := range text {
			list = append(list, step{kind: Literal, char: r})
		}
	}
	e.list = list
	return list, true
}

// variable is the value of a context key, or the default when the key is missing.
// A key with several values never has one (IAM User Guide, "IAM policy elements:
// Variables and tags").
func (e *evaluation) variable(p Piece) (string, bool) {
	values := e.context[p.Key]
	switch {
	case len(values) == 1:
		return values[0], true
	case len(values) == 0 && p.Default != nil:
		return *p.Default, true
	}
	return "", false
}

// matchSteps reports whether the whole of text matches. On a mismatch it goes back
// to the last "*" only, which may then take one character more: an earlier one
// could not do better, so the cost is at most the product of the lengths.
func matchSteps(list []step, text []rune, same func(a, b rune) bool) bool {
	at, star, taken := 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case at < len(list) && list[at].kind == AnySequence:
			star, taken = at, i
			at++
		case at < len(list) && (list[at].kind == AnyChar || same(list[at].char, text[i])):
			at++
			i++
		case star >= 0:
			taken++
			at, i = star+1, taken
		default:
			return false
		}
	}
	for at < len(list) && list[at].kind == AnySequence {
		at++
	}
	return at == len(list)
}

func sameChar(a, b rune) bool { return a == b }

// sameLetter compares without case, by simple case folding. The documents do not
// say what holds beyond ASCII.
func sameLetter(a, b rune) bool {
	if a == b {
		return true
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

// matches reports whether p, with variables replaced, matches all of text.
func (e *evaluation) matches(p Pattern, text string, same func(a, b rune) bool) bool {
	list, ok := e.steps(p)
	return ok && matchSteps(list, []rune(text), same)
}
