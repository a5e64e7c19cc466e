package access

import (
	"strconv"
	"strings"
	"unicode"
)

// A glob is a sequence of tokens that a whole string must match. Fields of an ARN
// that must not run over a colon use the NC (no colon) tokens, so that one flat
// sequence expresses matching field by field.
type glob struct {
	// id tells interned globs apart; 0: not interned.
	id int32
	// exact globs match text and nothing else.
	exact bool
	text  string
	// pre and suf are literal texts that everything matched begins and ends with.
	pre, suf string
	toks     []tok // may be nil where exact; see tokens
	// tmpl is set when the glob stands for a pattern with policy variables of
	// unknown value; toks then over-approximates it.
	tmpl *template
	// plain decides match where that is simpler than following toks; nil: it is not.
	plain func(s string) bool
	// pattern is the pattern as written, for the catalogue of actions.
	pattern string
}

// literal is the glob that matches s only.
func literal(s string) *glob { return &glob{exact: true, text: s, pre: s, suf: s} }

// newGlob is the glob of toks.
func newGlob(toks []tok) *glob {
	g := &glob{toks: toks}
	g.pre, g.exact = literalRun(toks)
	if g.exact {
		g.text, g.suf = g.pre, g.pre
		return g
	}
	end := len(toks)
	for end > 0 && toks[end-1].kind == tokRune && toks[end-1].r < opaque {
		end--
	}
	g.suf, _ = literalRun(toks[end:])
	return g
}

// literalRun is the text that toks begin with, and whether that is all of them.
func literalRun(toks []tok) (string, bool) {
	n := 0
	for n < len(toks) && toks[n].kind == tokRune && toks[n].r < opaque {
		n++
	}
	var b strings.Builder
	b.Grow(n)
	for _, t := range toks[:n] {
		b.WriteRune(t.r)
	}
	return b.String(), n == len(toks)
}

// tokens are the tokens of g, also where it is exact.
func (g *glob) tokens() []tok {
	if g.exact && g.toks == nil {
		return literalToks(g.text)
	}
	return g.toks
}

// length is the number of tokens, or of bytes of an exact text.
func (g *glob) length() int { return max(len(g.toks), len(g.text)) }

type tokKind uint8

const (
	tokRune     tokKind = iota // exactly r
	tokFold                    // r without regard to case; r is the folded rune
	tokOne                     // any one character
	tokOneNC                   // any one character but ':'
	tokDigit                   // '0' to '9'
	tokMany                    // any run of characters
	tokManyNC                  // any run without ':'
	tokOneNS                   // any one character but sep, in principals
	tokManyNS                  // any run without sep
	tokOneNP                   // any one character but '/', in the id of an API
	tokManyNP                  // any run without '/'
	tokOneName                 // any one character of a role's name: no '/', no sep
	tokManyName                // any run in a role's name
	tokManyPart                // any run in the partition of a principal: no ':', no '/', no sep
)

type tok struct {
	kind tokKind
	r    rune
}

// Runes from opaque on are no characters: they stand for the unknown value of a
// policy variable, and match themselves and runs only. A value can have any length,
// so that "?" does not match it. Those from opaqueAny on can hold colons, so that
// runs without colon do not match them either; they match the same value without
// colons, too. They come in pairs: the value as it is, and the value in any other case.
const (
	opaque    = unicode.MaxRune + 1
	opaqueAny = opaque + 1<<16
)

func (t tok) many() bool {
	switch t.kind {
	case tokMany, tokManyNC, tokManyNS, tokManyNP, tokManyName, tokManyPart:
		return true
	default:
		return false
	}
}

// matches reports whether t can consume r.
func (t tok) matches(r rune) bool {
	switch t.kind {
	case tokRune:
		return t.r == r || t.r >= opaqueAny && t.isField(r)
	case tokFold:
		return fold(r) == t.r || t.r >= opaqueAny && t.isField(fold(r))
	case tokOne:
		return r < opaque
	case tokOneNC:
		return r != ':' && r < opaque
	case tokDigit:
		return r >= '0' && r <= '9'
	case tokOneName, tokManyName:
		return r != '/' && r != sep && r < opaque
	case tokManyPart:
		return r != ':' && r != '/' && r != sep && r < opaqueAny
	case tokMany:
		return true
	case tokOneNS:
		return r != sep && r < opaque
	case tokManyNS:
		return r != sep
	case tokOneNP, tokManyNP: // the value of a variable may hold slashes
		return r != '/' && r < opaque
	default:
		return r != ':' && r < opaqueAny
	}
}

// isField reports whether r is the value of the variable that t stands for where that
// holds no colon: a text that a value makes of a field is also one without fields.
func (t tok) isField(r rune) bool {
	return r >= opaque && r < opaqueAny && r-opaque == t.r-opaqueAny
}

// fold maps all runes that are equal under simple case folding to one of them.
func fold(r rune) rune {
	if r >= opaque {
		return r &^ 1
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if next < least {
			least = next
		}
	}
	return least
}

func literalToks(s string) []tok {
	toks := make([]tok, 0, len(s))
	for _, r := range s {
		toks = append(toks, tok{tokRune, r})
	}
	return toks
}

func foldToks(s string) []tok {
	toks := make([]tok, 0, len(s))
	for _, r := range s {
		toks = append(toks, tok{tokFold, fold(r)})
	}
	return toks
}

// parseGlob reads the notation used for the engine's own domains: '*' and '?' as
// usual, '§' any run without colon, '¤' one character but a colon, '#' one digit, '¶' the
// partition of a principal, '+' any run in a part of a principal that is not empty.
func parseGlob(s string) *glob {
	toks := make([]tok, 0, len(s))
	for _, r := range s {
		switch r {
		case '*':
			toks = append(toks, tok{kind: tokMany})
		case '?':
			toks = append(toks, tok{kind: tokOne})
		case '§':
			toks = append(toks, tok{kind: tokManyNC})
		case '¶':
			toks = append(toks, tok{kind: tokManyPart})
		case '¤':
			toks = append(toks, tok{kind: tokOneNC})
		case '#':
			toks = append(toks, tok{kind: tokDigit})
		case '+':
			toks = append(toks, tok{kind: tokOneNS}, tok{kind: tokManyNS})
		default:
			toks = append(toks, tok{tokRune, r})
		}
	}
	return newGlob(toks)
}

// key is g's identity: equal keys match the same strings.
func (g *glob) key() string {
	var b strings.Builder
	if g.tmpl != nil {
		b.WriteString(g.tmpl.text)
		b.WriteByte(1)
	}
	for _, t := range g.tokens() {
		b.WriteByte('a' + byte(t.kind))
		switch {
		case t.kind > tokFold:
		case t.r < opaque:
			b.WriteRune(t.r)
		default: // no UTF-8 text starts with this byte
			b.WriteByte(0xff)
			b.WriteString(strconv.Itoa(int(t.r)))
			b.WriteByte(';')
		}
	}
	return b.String()
}
