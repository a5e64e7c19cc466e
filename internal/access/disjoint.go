package access

import "unicode"

// maxStates bounds the pairs of places that disjoint looks at: texts of policies that are
// longer are left to the walk.
const maxStates = 1 << 14

// disjoint reports whether no string matches both globs, as far as that can be told from
// the two alone: false is no answer. Most pairs of a policy's patterns have nothing in
// common, and are asked about again and again. It is remembered for interned globs.
func (in *interner) disjoint(g, h *glob, b *budget) bool {
	switch {
	case g.apart(h):
		return true
	case g.exact || h.exact || len(g.toks)*len(h.toks) > maxStates:
		return false
	case g.id == 0 || h.id == 0:
		return disjoint(g.toks, h.toks, b)
	}
	pair := [2]int32{min(g.id, h.id), max(g.id, h.id)}
	d, known := in.pairs[pair]
	if !known {
		if d = disjoint(g.toks, h.toks, b); b.left >= 0 {
			in.pairs[pair] = d
		}
	}
	return d
}

// disjoint follows both at once over pairs of places. It takes a character that both
// tokens may have for one that they have.
func disjoint(g, h []tok, b *budget) bool {
	width := len(h) + 1
	var few [64]uint64
	seen := few[:]
	if n := (len(g)+1)*width/64 + 1; n > len(seen) {
		seen = make([]uint64, n)
	}
	var places [128]int
	left := append(places[:0], 0)
	seen[0] = 1
	reach := func(i, j int) {
		at := i*width + j
		if bit := uint64(1) << (at % 64); seen[at/64]&bit == 0 {
			seen[at/64] |= bit
			left = append(left, at)
		}
	}
	for len(left) > 0 {
		if !b.spend(1) {
			return false
		}
		at := left[len(left)-1]
		left = left[:len(left)-1]
		i, j := at/width, at%width
		if i == len(g) && j == len(h) {
			return false
		}
		gMany, hMany := i < len(g) && g[i].many(), j < len(h) && h[j].many()
		if gMany {
			reach(i+1, j)
		}
		if hMany {
			reach(i, j+1)
		}
		if i < len(g) && j < len(h) && !(gMany && hMany) && g[i].mayMeet(h[j]) {
			switch {
			case gMany:
				reach(i, j+1)
			case hMany:
				reach(i+1, j)
			default:
				reach(i+1, j+1)
			}
		}
	}
	return true
}

// mayMeet reports whether both tokens can consume some character, or that it cannot tell.
func (t tok) mayMeet(u tok) bool {
	switch {
	case t.kind > tokFold && u.kind > tokFold:
		return true
	case t.kind > tokFold:
		return u.mayMeet(t)
	case t.matches(u.r) && u.kind <= tokFold || u.matches(t.r):
		return true
	case t.kind == tokFold && t.r < opaque:
		for r := unicode.SimpleFold(t.r); r != t.r; r = unicode.SimpleFold(r) {
			if u.matches(r) {
				return true
			}
		}
	}
	return t.r >= opaque || u.kind <= tokFold && u.r >= opaque
}
