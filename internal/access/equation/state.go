package equation

import (
	"encoding/binary"
	"slices"
)

// A state is a system on the way to a solution: what is left of equations and exclusions, and
// the shape of each unknown. It came from another one by giving an unknown a word, in which
// the unknown may stand again, for what is left of it.
type state struct {
	equations  []Equation
	ties       []balance // between lengths, besides those of equations
	exclusions []Exclusion
	shapes     []int32
	parent     *state
	unknown    int // that was given a word; -1 for none
	word       Word
	size       int
}

// given is the state where unknown x is a word.
func (st *state) given(x int, word Word) *state {
	next := &state{shapes: slices.Clone(st.shapes), parent: st, unknown: x, word: word}
	of := Unknown(x)
	for _, e := range st.equations {
		next.equations = append(next.equations, Equation{substituted(e.Left, of, word), substituted(e.Right, of, word)})
	}
	for _, b := range st.ties {
		if b, ok := b.given(x, word); ok { // without it more is left, which is no less true
			next.ties = append(next.ties, b)
		}
	}
	for _, e := range st.exclusions {
		next.exclusions = append(next.exclusions, Exclusion{substituted(e.Word, of, word), patterned(e.Pattern, of, word)})
	}
	return next
}

// patterned is a pattern with a word in the place of an unknown. What limits the unknown limits
// each symbol of the word.
func patterned(p []Element, x Symbol, by Word) []Element {
	if !slices.ContainsFunc(p, func(e Element) bool { return e.Kind == Exact && e.Symbol == x }) {
		return p
	}
	var out []Element
	for _, e := range p {
		if e.Kind != Exact || e.Symbol != x {
			out = append(out, e)
			continue
		}
		for _, s := range by {
			out = append(out, Element{Exact, s, e.Class})
		}
	}
	return out
}

// tidy leaves out what is settled: what both sides of an equation begin or end with, unknowns
// that can be one text only, exclusions that hold. It is nil where something cannot be. A state
// that is too large, or beyond the work, is left as it is.
func (v *solver) tidy(st *state) *state {
	for {
		size := 0
		kept := st.equations[:0:0]
		for _, e := range st.equations {
			l, r, ok := cancelled(v.ordered(st, e.Left), v.ordered(st, e.Right))
			if !ok {
				return nil
			}
			if len(l)+len(r) > 0 {
				kept = append(kept, Equation{l, r})
				size += len(l) + len(r)
			}
		}
		st.equations, st.size = kept, size
		if size > maxWord || !v.spend(1+(size+len(st.shapes)+len(st.exclusions))/8) {
			return st
		}
		if !v.periods(st) || !v.sized(st) {
			return nil
		}
		if len(st.equations) > len(kept) { // one was cut in two
			continue
		}
		if !v.excluded(st) {
			return nil
		}
		x, word, ok := v.forced(st)
		if !ok {
			return nil
		}
		if x < 0 {
			return st
		}
		st = st.given(x, word)
		if len(word) == 1 && word[0] < 0 { // both are one
			y, _ := word[0].unknown()
			one, other := v.all[st.shapes[x]], v.all[st.shapes[y]]
			if st.shapes[y] = v.number(slices.Concat(one.parts, other.parts), one.some || other.some); !v.at(st.shapes[y]).possible {
				return nil
			}
		}
	}
}

// cancelled leaves out what two words begin and end with; false where they are never equal.
func cancelled(l, r Word) (Word, Word, bool) {
	for len(l) > 0 && len(r) > 0 && l[0] == r[0] {
		l, r = l[1:], r[1:]
	}
	for len(l) > 0 && len(r) > 0 && l[len(l)-1] == r[len(r)-1] {
		l, r = l[:len(l)-1], r[:len(r)-1]
	}
	if len(l) == 0 || len(r) == 0 {
		char := func(s Symbol) bool { return s >= 0 }
		return l, r, !slices.ContainsFunc(l, char) && !slices.ContainsFunc(r, char)
	}
	apart := func(a, b Symbol) bool { return a >= 0 && b >= 0 && a != b }
	return l, r, !apart(l[0], r[0]) && !apart(l[len(l)-1], r[len(r)-1])
}

// forced finds an unknown that can be one word only: none where it stands alone across from
// nothing, another one across from it, or the only text of its shape. false where there is none.
func (v *solver) forced(st *state) (x int, word Word, ok bool) {
	for _, e := range st.equations {
		if len(e.Left) == 1 && len(e.Right) == 1 && e.Left[0] < 0 && e.Right[0] < 0 {
			x, _ := e.Left[0].unknown()
			return x, e.Right, true
		}
		if len(e.Left) > 0 && len(e.Right) > 0 {
			continue
		}
		x, _ := slices.Concat(e.Left, e.Right)[0].unknown()
		return x, nil, v.empty(st.shapes[x])
	}
	x = -1
	look := func(s Symbol) bool {
		n, isUnknown := s.unknown()
		if !isUnknown {
			return false
		}
		if sh := v.at(st.shapes[n]); sh.known && sh.only {
			x, word = n, nil
			for _, r := range sh.shortest {
				word = append(word, Char(r))
			}
		}
		return x >= 0
	}
	for _, e := range st.equations {
		if slices.ContainsFunc(e.Left, look) || slices.ContainsFunc(e.Right, look) {
			return x, word, true
		}
	}
	for _, e := range st.exclusions {
		if slices.ContainsFunc(e.Word, look) || slices.ContainsFunc(e.Pattern, func(e Element) bool { return e.Kind == Exact && look(e.Symbol) }) {
			return x, word, true
		}
	}
	return -1, nil, true
}

// key identifies a state: those with equal ones have solutions alike.
func (st *state) key() string {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(st.equations)))
	names := map[int]int{}
	symbol := func(s Symbol) {
		n, isUnknown := s.unknown()
		if !isUnknown {
			b = binary.LittleEndian.AppendUint32(b, uint32(s))
			return
		}
		name, known := names[n]
		if !known {
			name = len(names)
			names[n] = name
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(^name))
		if !known {
			b = binary.LittleEndian.AppendUint32(b, uint32(st.shapes[n]))
		}
	}
	word := func(w Word) {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(w)))
		for _, s := range w {
			symbol(s)
		}
	}
	for _, e := range st.equations {
		word(e.Left)
		word(e.Right)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(st.ties)))
	for _, t := range st.ties {
		b = binary.LittleEndian.AppendUint32(b, uint32(t.constant))
		for x, n := range t.often {
			if n != 0 {
				symbol(Unknown(x))
				b = binary.LittleEndian.AppendUint32(b, uint32(n))
			}
		}
		b = binary.LittleEndian.AppendUint32(b, 0) // a character, which no unknown is written as
	}
	for _, e := range st.exclusions {
		word(e.Word)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(e.Pattern)))
		for _, p := range e.Pattern {
			b = append(binary.LittleEndian.AppendUint32(b, uint32(p.Class)), byte(p.Kind))
			if p.Kind == Exact {
				symbol(p.Symbol)
			}
		}
	}
	return string(b)
}
