package access

import (
	"math/bits"
	"strings"
)

// match reports whether g, read without regard to tmpl, matches s.
func (g *glob) match(s string) bool { return g.meets(s, nil) }

// meets is match within a budget, if there is one. When that runs out the answer
// means nothing.
func (g *glob) meets(s string, b *budget) bool {
	if b != nil && !b.spend(1) {
		return false
	}
	switch {
	case g.exact:
		return g.text == s
	case g.plain != nil:
		return g.plain(s)
	case len(s) < len(g.pre)+len(g.suf) || !strings.HasPrefix(s, g.pre) || !strings.HasSuffix(s, g.suf):
		return false
	}
	toks := g.toks
	if g.pre != "" || g.suf != "" {
		toks = toks[runes(g.pre) : len(toks)-runes(g.suf)]
		s = s[len(g.pre) : len(s)-len(g.suf)]
	}
	if len(toks) == 1 && toks[0].kind == tokMany {
		return true
	}
	if b != nil && !b.spend(len(s)*(1+len(toks)/16)) {
		return false
	}
	if len(toks) < 64 {
		return matchShort(toks, s)
	}
	return matchLong(toks, s)
}

// runes counts the tokens of a literal text.
func runes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// matchShort simulates all positions of up to 63 tokens at once, a bit each.
func matchShort(toks []tok, s string) bool {
	many := uint64(0)
	for i := range toks {
		if toks[i].many() {
			many |= 1 << i
		}
	}
	end := uint64(1) << len(toks)
	cur := closeShort(1, many)
	for _, r := range s {
		next := uint64(0)
		for left := cur &^ end; left != 0; left &= left - 1 {
			if i := bits.TrailingZeros64(left); toks[i].matches(r) {
				next |= 1 << i
			}
		}
		if next == 0 {
			return false
		}
		cur = closeShort(next&many|next&^many<<1, many)
	}
	return cur&end != 0
}

// closeShort adds the positions behind every run token that is on.
func closeShort(set, many uint64) uint64 {
	for {
		more := set | set&many<<1
		if more == set {
			return set
		}
		set = more
	}
}

// matchLong is matchShort without the limit.
func matchLong(toks []tok, s string) bool {
	cur := make([]bool, len(toks)+1)
	next := make([]bool, len(toks)+1)
	cur[0] = true
	closeLong(toks, cur)
	for _, r := range s {
		clear(next)
		alive := false
		for i, on := range cur[:len(toks)] {
			if !on || !toks[i].matches(r) {
				continue
			}
			alive = true
			if toks[i].many() {
				next[i] = true
			} else {
				next[i+1] = true
			}
		}
		if !alive {
			return false
		}
		closeLong(toks, next)
		cur, next = next, cur
	}
	return cur[len(toks)]
}

func closeLong(toks []tok, set []bool) {
	for i, t := range toks {
		if set[i] && t.many() {
			set[i+1] = true
		}
	}
}

// apart is a quick sufficient test that no string matches both: their literal
// beginnings or endings differ.
func (g *glob) apart(h *glob) bool {
	switch {
	case g.tmpl != nil && h.tmpl != nil && g.tmpl.apart(h.tmpl):
		return true
	case g.exact && h.exact:
		return g.text != h.text
	case g.exact:
		return len(g.text) < len(h.pre)+len(h.suf) || !strings.HasPrefix(g.text, h.pre) || !strings.HasSuffix(g.text, h.suf)
	case h.exact:
		return h.apart(g)
	}
	if n := min(len(g.pre), len(h.pre)); g.pre[:n] != h.pre[:n] {
		return true
	}
	n := min(len(g.suf), len(h.suf))
	return g.suf[len(g.suf)-n:] != h.suf[len(h.suf)-n:]
}

// includes is a quick sufficient test that every string of h is one of g: the
// tokens of h are taken for the text to match.
func (g *glob) includes(h *glob) bool {
	switch {
	case g == h || len(g.toks) == 1 && g.toks[0].kind == tokMany:
		return true
	case h.exact:
		return g.match(h.text)
	case g.exact, g.apart(h):
		return false
	}
	gs, hs := g.toks, h.toks
	at, run, taken := 0, -1, 0
	for i := 0; i < len(hs); {
		switch {
		case at < len(gs) && gs[at].many():
			run, taken = at, i
			at++
		case at < len(gs) && !hs[i].many() && gs[at].includes(hs[i]):
			at++
			i++
		case run >= 0 && gs[run].includes(hs[taken]):
			taken++
			at, i = run+1, taken
		default:
			return false
		}
	}
	for at < len(gs) && gs[at].many() {
		at++
	}
	return at == len(gs)
}

// includes reports whether t consumes every character that u can.
func (t tok) includes(u tok) bool {
	switch u.kind {
	case tokRune, tokFold:
		if u.kind == tokFold && t.kind != tokFold {
			// All cases of a letter are, or are not, in a class together.
			return t.kind != tokRune && t.matches(u.r)
		}
		return t.matches(u.r)
	case tokDigit:
		return t.kind == tokDigit || t.kind != tokRune && t.kind != tokFold && t.matches('0')
	default:
	}
	switch t.kind {
	case tokMany:
		return true
	case tokOne:
		return !u.many()
	case tokOneNC:
		return u.kind == tokOneNC
	case tokManyNC:
		return u.kind == tokOneNC || u.kind == tokManyNC || u.kind == tokManyPart
	case tokOneNS:
		return u.kind == tokOneNS
	case tokManyNS:
		return u.kind == tokOneNS || u.kind == tokManyNS || u.kind == tokManyPart
	case tokOneNP, tokManyNP:
		return u.kind == tokOneNP || u.kind == tokManyNP
	case tokManyPart:
		return u.kind == tokManyPart
	default:
		return false
	}
}
