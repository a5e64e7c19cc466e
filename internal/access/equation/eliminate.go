package equation

import "slices"

// eliminate puts what an unknown is equal to in its place, everywhere else: so that equations
// are about as few unknowns as can be. The equation stays, for the languages of the unknown.
func (st *state) eliminate() {
	st.repeat()
	for i := range st.equations {
		x, word, ok := st.equations[i].explicit()
		if !ok || st.uses(x, i)*len(word) > maxWord/4 {
			continue
		}
		for k := range st.equations {
			if e := &st.equations[k]; k != i {
				e.Left, e.Right = substituted(e.Left, x, word), substituted(e.Right, x, word)
			}
		}
		for k := range st.exclusions {
			e := &st.exclusions[k]
			e.Word, e.Pattern = substituted(e.Word, x, word), patterned(e.Pattern, x, word)
		}
	}
}

// repeat says of all words that are one unknown what that is not to match: what follows from
// the ends of one word may not be seen from another.
func (st *state) repeat() {
	for _, e := range slices.Clone(st.exclusions) {
		if len(e.Word) != 1 || e.Word[0] >= 0 {
			continue
		}
		for _, q := range st.equations {
			for _, w := range [][2]Word{{q.Left, q.Right}, {q.Right, q.Left}} {
				if len(st.exclusions) < maxRepeated && slices.Equal(w[0], e.Word) {
					st.exclusions = append(st.exclusions, Exclusion{w[1], e.Pattern})
				}
			}
		}
	}
}

// maxRepeated bounds the exclusions.
const maxRepeated = 500

// explicit is the unknown that is one side of an equation, and the other side, where that does
// not hold it.
func (e Equation) explicit() (x Symbol, word Word, ok bool) {
	for _, w := range [][2]Word{{e.Left, e.Right}, {e.Right, e.Left}} {
		if len(w[0]) == 1 && w[0][0] < 0 && !slices.Contains(w[1], w[0][0]) {
			return w[0][0], w[1], true
		}
	}
	return 0, nil, false
}

// uses is how often an unknown stands anywhere but in equation number but.
func (st *state) uses(x Symbol, but int) int {
	n := 0
	for i, e := range st.equations {
		for _, w := range []Word{e.Left, e.Right} {
			for _, s := range w {
				if s == x && i != but {
					n++
				}
			}
		}
	}
	for _, e := range st.exclusions {
		for _, s := range e.Word {
			if s == x {
				n++
			}
		}
		for _, p := range e.Pattern {
			if p.Kind == Exact && p.Symbol == x {
				n++
			}
		}
	}
	return n
}
