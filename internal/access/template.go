package access

// template is a pattern that holds policy variables of unknown value. Two
// occurrences of the same text stand for the same strings, whatever the values.
type template struct {
	text string // the pattern as written, variables in lower case
	// shape is the pattern with each variable as one opaque rune: inclusion of
	// shapes carries over to every value of the variables. nil where the values
	// could change what the wildcards of the pattern mean.
	shape *glob
}

// implies reports whether every string of t, under any values of the variables, is
// one of u. It may fail to see it, never claim it wrongly.
func (t *template) implies(u *template, in *interner, b *budget) bool {
	if t.text == u.text {
		return true
	}
	if t.shape == nil || u.shape == nil {
		return false
	}
	_, st := textQuery{in: in, pos: []*union{in.union([]*glob{t.shape})}, neg: []*union{in.union([]*glob{u.shape})}}.find(b)
	return st == unsat
}

// apart is a quick sufficient test that no string is one of both, under any values of
// the variables: what both begin and end with is left out, and the rest of one is
// longer than that of the other can be, or differs from it at once.
func (t *template) apart(u *template) bool {
	if t.shape == nil || u.shape == nil {
		return false
	}
	a, b := t.shape.tokens(), u.shape.tokens()
	for len(a) > 0 && len(b) > 0 && a[0].alignsWith(b[0]) {
		if a[0].differs(b[0]) {
			return true
		}
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].alignsWith(b[len(b)-1]) {
		if a[len(a)-1].differs(b[len(b)-1]) {
			return true
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return longer(a, b) || longer(b, a)
}

// variable is the number of the variable that t stands for, if it stands for one.
func (t tok) variable() (rune, bool) {
	if t.kind > tokFold || t.r < opaque {
		return 0, false
	}
	return (t.r - opaque) % (opaqueAny - opaque) &^ 1, true
}

// alignsWith reports whether both take the same number of characters, of any text.
func (t tok) alignsWith(u tok) bool {
	v, isVariable := t.variable()
	w, isToo := u.variable()
	if isVariable || isToo {
		return isVariable && isToo && v == w
	}
	return !t.many() && !u.many()
}

// differs reports whether no character is one of both; of a variable nothing is known.
func (t tok) differs(u tok) bool {
	if _, ok := t.variable(); ok {
		return false
	}
	switch {
	case t.kind == tokRune:
		return !u.matches(t.r)
	case u.kind == tokRune:
		return !t.matches(u.r)
	case t.kind == tokFold && u.kind == tokFold:
		return t.r != u.r
	default:
		return false
	}
}

// longer reports whether every string of a is longer than every string of b, or has more
// of some character.
func longer(a, b []tok) bool {
	least, most := countOf(a), countOf(b)
	if most.runs {
		return false
	}
	// Each variable of b has to be there as often in a.
	for v, n := range most.variables {
		if least.variables[v] < n {
			return false
		}
	}
	if least.singles > most.singles {
		return true
	}
	for r, n := range least.of {
		if n > most.of[r]+most.other {
			return true
		}
	}
	return false
}

// count is what the strings of some tokens are made of.
type count struct {
	singles   int          // characters, of which
	of        map[rune]int // those, in any case, and
	other     int          // not known ones are
	variables map[rune]int
	runs      bool // and any others
}

func countOf(toks []tok) count {
	c := count{of: map[rune]int{}, variables: map[rune]int{}}
	for _, t := range toks {
		v, isVariable := t.variable()
		switch {
		case isVariable:
			c.variables[v]++
			continue
		case t.many():
			c.runs = true
			continue
		case t.kind <= tokFold:
			c.of[fold(t.r)]++
		default:
			c.other++
		}
		c.singles++
	}
	return c
}
