package equation

import "slices"

// Texts of one character commute. Where such stand side by side in a word, unknowns go first,
// so that words that are the same by that are written alike.
func (v *solver) ordered(st *state, w Word) Word {
	of := func(s Symbol) (rune, bool) {
		n, isUnknown := s.unknown()
		if !isUnknown {
			return rune(s), true
		}
		return v.one(st.shapes[n])
	}
	copied := false
	for from := 0; from < len(w); {
		c, ok := of(w[from])
		to := from + 1
		for ; ok && to < len(w); to++ {
			if d, isOne := of(w[to]); !isOne || c != d {
				break
			}
		}
		if !slices.IsSorted(w[from:to]) { // unknowns are less than characters
			if !copied {
				w, copied = slices.Clone(w), true
			}
			slices.Sort(w[from:to])
		}
		from = to
	}
	return w
}

// one is the only character that texts of a shape have.
func (v *solver) one(of int32) (rune, bool) {
	sh := v.at(of)
	if !sh.known {
		return 0, false
	}
	c := slices.Index(sh.used, true)
	if c < v.Free || slices.Contains(sh.used[c+1:], true) { // one of them may stand for others
		return 0, false
	}
	return v.Alphabet[c], true
}
