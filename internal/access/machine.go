package access

import (
	"slices"
	"unicode"
)

// machine simulates all positions of one glob at once, a bit each, in a region of
// a shared word slice.
type machine struct {
	from, words int
	last        int        // bit of the accepting position
	single      [][]uint64 // by symbol: positions whose one-character token matches
	run         [][]uint64 // by symbol: positions whose run token matches
	many        []uint64   // positions that hold a run token
}

func newMachine(g *glob, symbols []rune, from int) machine {
	toks := g.tokens()
	m := machine{from: from, words: len(toks)/64 + 1, last: len(toks)}
	m.many = make([]uint64, m.words)
	for i, t := range toks {
		if t.many() {
			m.many[i/64] |= 1 << (i % 64)
		}
	}
	for _, r := range symbols {
		single, run := make([]uint64, m.words), make([]uint64, m.words)
		for i, t := range toks {
			if !t.matches(r) {
				continue
			}
			if t.many() {
				run[i/64] |= 1 << (i % 64)
			} else {
				single[i/64] |= 1 << (i % 64)
			}
		}
		m.single, m.run = append(m.single, single), append(m.run, run)
	}
	return m
}

func (m machine) start(sets []uint64) {
	sets[m.from] |= 1
	m.close(sets)
}

// step writes the positions after symbol number si.
func (m machine) step(from, to []uint64, si int) {
	carry := uint64(0)
	for w := range m.words {
		cur := from[m.from+w]
		moved := cur & m.single[si][w]
		to[m.from+w] = moved<<1 | carry | cur&m.run[si][w]
		carry = moved >> 63
	}
	m.close(to)
}

// close adds the position behind each run token; runs may stand side by side.
func (m machine) close(sets []uint64) {
	for {
		changed := false
		carry := uint64(0)
		for w := range m.words {
			on := sets[m.from+w] & m.many[w]
			add := (on<<1 | carry) &^ sets[m.from+w]
			carry = on >> 63
			if add != 0 {
				sets[m.from+w] |= add
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

func (m machine) accepts(sets []uint64) bool {
	return sets[m.from+m.last/64]&(1<<(m.last%64)) != 0
}

// preferred are tried in order for characters that no pattern names.
var preferred = []rune("xyzabcdefghijklmnopqrstuvw0123456789-_XYZABCDEFGHIJKLMNOPQRSTUVW")

// alphabet returns one representative of each class of characters that the globs
// tell apart: every rune they name, a colon and a digit where classes need them,
// and one that nothing names.
func alphabet(pos, neg []*glob) []rune {
	all, _ := charClasses(pos, neg)
	return all
}

// charClasses is alphabet; the first ones, as many as free, stand for others.
func charClasses(pos, neg []*glob) (all []rune, free int) {
	named := map[rune]bool{}
	digits := false
	add := func(g *glob) {
		for _, t := range g.tokens() {
			switch t.kind {
			case tokRune:
				named[t.r] = true
			case tokFold:
				named[t.r] = true
				if t.r >= opaque {
					named[t.r|1] = true
					continue
				}
				for r := unicode.SimpleFold(t.r); r != t.r; r = unicode.SimpleFold(r) {
					named[r] = true
				}
			case tokOneNC, tokManyNC:
				named[':'] = true
			case tokOneNS, tokManyNS:
				named[sep] = true
			case tokOneNP, tokManyNP:
				named['/'] = true
			case tokDigit:
				digits = true
			case tokOneName, tokManyName:
				named['/'], named[sep] = true, true
			case tokManyPart:
				named[':'], named['/'], named[sep] = true, true, true
			case tokOne, tokMany:
			}
		}
	}
	for _, g := range pos {
		add(g)
	}
	for _, g := range neg {
		add(g)
	}
	// A fresh character is none that is named, in any case: requests to actions are
	// in lower case here, and have no case outside.
	isFresh := func(r rune) bool {
		if named[r] {
			return false
		}
		for s := unicode.SimpleFold(r); s != r; s = unicode.SimpleFold(s) {
			if named[s] {
				return false
			}
		}
		return true
	}
	fresh := func(from []rune) (rune, bool) {
		for _, r := range from {
			if isFresh(r) {
				return r, true
			}
		}
		return 0, false
	}
	// Letters go first: of the shortest strings, the one made of them is found.
	var letters []rune
	for _, r := range preferred {
		if !digits || r < '0' || r > '9' {
			letters = append(letters, r)
		}
	}
	other, ok := fresh(letters)
	for r := rune('À'); !ok; r++ {
		other, ok = r, isFresh(r)
	}
	out := append(make([]rune, 0, len(named)+2), other)
	if digits {
		if r, ok := fresh([]rune("1234567890")); ok {
			out = append(out, r)
		}
	}
	free = len(out)
	rest := make([]rune, 0, len(named))
	for r := range named {
		rest = append(rest, r)
	}
	slices.Sort(rest)
	return append(out, rest...), free
}
