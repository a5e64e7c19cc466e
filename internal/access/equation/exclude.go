package equation

import "slices"

// excluded leaves out the exclusions that hold whatever the unknowns are, and what words and
// patterns begin or end with; false where a pattern matches its word, whatever they are.
func (v *solver) excluded(st *state) bool {
	var kept []Exclusion
	for _, e := range st.exclusions {
		w, p, holds := v.trimmed(st, v.ordered(st, e.Word), v.orderedPattern(st, e.Pattern))
		if holds || len(w)*len(p) > maxExcluded { // without one more is left, which is no less true
			continue
		}
		if !v.spend(1 + len(w)*len(p)/8) {
			break
		}
		if v.matches(st, w, p) {
			return false
		}
		kept = append(kept, Exclusion{w, p})
	}
	st.exclusions = kept
	return true
}

// trimmed leaves out what a word and a pattern begin or end with. holds: no text of the word is
// one of the pattern.
func (v *solver) trimmed(st *state, w Word, p []Element) (word Word, pattern []Element, holds bool) {
	for len(w) > 0 && len(p) > 0 {
		same, differs := v.across(st, w[0], p[0])
		if differs {
			return nil, nil, true
		}
		if !same {
			break
		}
		w, p = w[1:], p[1:]
	}
	for len(w) > 0 && len(p) > 0 {
		same, differs := v.across(st, w[len(w)-1], p[len(p)-1])
		if differs {
			return nil, nil, true
		}
		if !same {
			break
		}
		w, p = w[:len(w)-1], p[:len(p)-1]
	}
	char := func(s Symbol) bool { return s >= 0 }
	if len(p) == 0 && slices.ContainsFunc(w, char) {
		return nil, nil, true
	}
	if len(w) == 0 && slices.ContainsFunc(p, func(e Element) bool { return e.Kind == One || e.Kind == Exact && e.Symbol >= 0 }) {
		return nil, nil, true
	}
	return w, p, false
}

// across compares a symbol with an element at an end: same, where the element takes the symbol,
// and nothing else where the symbol is there; differs, where it takes none of its texts.
func (v *solver) across(st *state, s Symbol, e Element) (same, differs bool) {
	if e.Kind == Run || e.Kind == One && s < 0 {
		return false, false
	}
	if v.takes(st, e, s) {
		return true, false
	}
	return false, s >= 0 && (e.Kind == One || e.Symbol >= 0)
}

// takes reports whether an element takes a symbol, whatever text it is.
func (v *solver) takes(st *state, e Element, s Symbol) bool {
	n, isUnknown := s.unknown()
	switch {
	case e.Kind == Exact && s != e.Symbol:
		return false
	case !isUnknown:
		return e.Class == 0 || v.Classes[e.Class-1](rune(s))
	case e.Kind == One && !v.at(st.shapes[n]).single:
		return false
	}
	return e.Class == 0 || v.within(st.shapes[n], e.Class)
}

// within reports whether all characters of all texts of a shape are of a class.
func (v *solver) within(of int32, class int) bool {
	sh := v.at(of)
	if !sh.known {
		return false
	}
	for c, used := range sh.used {
		if used && !v.Classes[class-1](v.Alphabet[c]) {
			return false
		}
	}
	return true
}

// matches reports whether a pattern matches a word, whatever its unknowns are.
func (v *solver) matches(st *state, w Word, p []Element) bool {
	at := make([]bool, len(p)+1)
	open := func(set []bool) {
		for i, e := range p {
			if set[i] && e.Kind == Run {
				set[i+1] = true
			}
		}
	}
	at[0] = true
	open(at)
	for _, s := range w {
		next := make([]bool, len(p)+1)
		for i, e := range p {
			if !at[i] || !v.takes(st, e, s) {
				continue
			}
			if e.Kind == Run {
				next[i] = true
			} else {
				next[i+1] = true
			}
		}
		open(next)
		at = next
	}
	return at[len(p)]
}

// orderedPattern is a pattern with the symbols between its wildcards in order.
func (v *solver) orderedPattern(st *state, p []Element) []Element {
	out := slices.Clone(p)
	plain := func(e Element) bool { return e.Kind == Exact && e.Class == 0 }
	for from := 0; from < len(out); from++ {
		to := from
		var w Word
		for ; to < len(out) && plain(out[to]); to++ {
			w = append(w, out[to].Symbol)
		}
		for i, s := range v.ordered(st, w) {
			out[from+i].Symbol = s
		}
		from = to
	}
	return out
}
