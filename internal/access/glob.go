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
	toks []tok
	// tmpl is set when the glob stands for a pattern with policy variables of
	// unknown value; toks then over-approximates it.
	tmpl *template
	// text is the pattern as written, for the catalogue of actions.
	text string
}

type tokKind uint8

const (
	tokRune   tokKind = iota // exactly r
	tokFold                  // r without regard to case; r is the folded rune
	tokOne                   // any one character
	tokOneNC                 // any one character but ':'
	tokDigit                 // '0' to '9'
	tokMany                  // any run of characters
	tokManyNC                // any run without ':'
	tokOneNS                 // any one character but sep, in principals
	tokManyNS                // any run without sep
	tokOneNP                 // any one character but '/', in the id of an API
	tokManyNP                // any run without '/'
)

type tok struct {
	kind tokKind
	r    rune
}

// Runes from opaque on are no characters: they stand for the unknown value of a
// policy variable, and match themselves and runs only. A value can have any length,
// so that "?" does not match it. Those from opaqueAny on can hold colons, so that
// runs without colon do not match them either. They come in pairs: the value as it
// is, and the value in any other case.
const (
	opaque    = unicode.MaxRune + 1
	opaqueAny = opaque + 1<<16
)

func (t tok) many() bool {
	return t.kind == tokMany || t.kind == tokManyNC || t.kind == tokManyNS || t.kind == tokManyNP
}

// matches reports whether t can consume r.
func (t tok) matches(r rune) bool {
	switch t.kind {
	case tokRune:
		return t.r == r
	case tokFold:
		return fold(r) == t.r
	case tokOne:
		return r < opaque
	case tokOneNC:
		return r != ':' && r < opaque
	case tokDigit:
		return r >= '0' && r <= '9'
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
// usual, '§' any run without colon, '¤' one character but a colon, '#' one digit, '+' any run in a part of a principal
// that is not empty.
func parseGlob(s string) *glob {
	g := &glob{toks: make([]tok, 0, len(s))}
	for _, r := range s {
		switch r {
		case '*':
			g.toks = append(g.toks, tok{kind: tokMany})
		case '?':
			g.toks = append(g.toks, tok{kind: tokOne})
		case '§':
			g.toks = append(g.toks, tok{kind: tokManyNC})
		case '¤':
			g.toks = append(g.toks, tok{kind: tokOneNC})
		case '#':
			g.toks = append(g.toks, tok{kind: tokDigit})
		case '+':
			g.toks = append(g.toks, tok{kind: tokOneNS}, tok{kind: tokManyNS})
		default:
			g.toks = append(g.toks, tok{tokRune, r})
		}
	}
	return g
}

// literal returns the one string that g matches, if there is only one.
func (g *glob) literal() (string, bool) {
	if g.tmpl != nil {
		return "", false
	}
	var b strings.Builder
	for _, t := range g.toks {
		if t.kind != tokRune || t.r >= opaque {
			return "", false
		}
		b.WriteRune(t.r)
	}
	return b.String(), true
}

// key is g's identity for interning: equal keys match the same strings.
func (g *glob) key() string {
	var b strings.Builder
	if g.tmpl != nil {
		b.WriteString(g.tmpl.text)
		b.WriteByte(1)
	}
	for _, t := range g.toks {
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

// match reports whether g, read without regard to tmpl, matches s. It simulates
// the positions of g as a set, so its cost is at most len(s) times len(g).
func (g *glob) match(s string) bool { return g.meets(s, nil) }

// meets is match within a budget, if there is one. When that runs out the answer
// means nothing.
func (g *glob) meets(s string, b *budget) bool {
	cost := 1 + len(g.toks)/16
	if b != nil && !b.spend(cost) {
		return false
	}
	at := 0
	for _, r := range s { // most globs fail at their literal beginning
		if at == len(g.toks) || g.toks[at].kind != tokRune {
			break
		}
		if g.toks[at].r != r {
			return false
		}
		at++
	}
	cur := make([]bool, len(g.toks)+1)
	next := make([]bool, len(g.toks)+1)
	cur[0] = true
	g.closure(cur)
	for _, r := range s {
		if b != nil && !b.spend(cost) {
			return false
		}
		clear(next)
		alive := false
		for i, on := range cur[:len(g.toks)] {
			if !on || !g.toks[i].matches(r) {
				continue
			}
			alive = true
			if g.toks[i].many() {
				next[i] = true
			} else {
				next[i+1] = true
			}
		}
		if !alive {
			return false
		}
		g.closure(next)
		cur, next = next, cur
	}
	return cur[len(g.toks)]
}

// closure adds the positions behind every run token that is on.
func (g *glob) closure(set []bool) {
	for i, t := range g.toks {
		if set[i] && t.many() {
			set[i+1] = true
		}
	}
}

// apart is a quick sufficient test that no string matches both: their literal
// beginnings or endings differ.
func (g *glob) apart(h *glob) bool {
	n := min(len(g.toks), len(h.toks))
	for i := range n {
		a, b := g.toks[i], h.toks[i]
		if a.kind != tokRune || b.kind != tokRune {
			break
		}
		if a.r != b.r {
			return true
		}
	}
	for i := range n {
		a, b := g.toks[len(g.toks)-1-i], h.toks[len(h.toks)-1-i]
		if a.kind != tokRune || b.kind != tokRune {
			break
		}
		if a.r != b.r {
			return true
		}
	}
	return false
}
