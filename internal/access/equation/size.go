package equation

import "slices"

// Both sides of an equation are as long as each other, and have as many of each character: that
// are linear equations between the lengths of unknowns, and between how often they have a
// character. Of these, and of what is left where one takes another out of them, each has to be
// possible on its own.

// A balance says that a constant and the unknowns, each as often as told, are zero together.
type balance struct {
	often    []int // by unknown
	constant int
	first    int // of a step: its first unknown, which it takes out of others
}

// sized reports whether the sides of all equations can be of one size.
func (v *solver) sized(st *state) bool {
	if len(st.equations)+len(st.ties) == 0 {
		return true
	}
	chars := map[Symbol]bool{}
	for _, e := range st.equations {
		for _, w := range []Word{e.Left, e.Right} {
			for _, s := range w {
				if s >= 0 {
					chars[s] = true
				}
			}
		}
	}
	least, most := make([]int, len(st.shapes)), make([]int, len(st.shapes))
	for x := range st.shapes {
		if most[x] = -1; v.at(st.shapes[x]).known {
			sh := v.at(st.shapes[x])
			least[x], most[x] = len(sh.shortest), sh.longest
		}
	}
	if !v.spend(len(st.equations) * (1 + len(chars)) * (1 + len(st.shapes)/balanceCost)) {
		return true
	}
	steps, ok := v.balanced(v.lengths(st), least, most)
	if !ok || !v.fixed(st, steps) {
		return false
	}
	v.cut(st, steps)
	none := make([]int, len(least))
	for c := range chars {
		bound := slices.Clone(most)
		for x := range bound {
			if sh := v.at(st.shapes[x]); sh.known && !v.holds(sh, rune(c)) {
				bound[x] = 0
			}
		}
		if _, ok := v.balanced(st.balances(func(s Symbol) bool { return s == c }), none, bound); !ok {
			return false
		}
	}
	return true
}

// lengths are the balances of lengths. Unknowns of one length are a part of the constant.
func (v *solver) lengths(st *state) []balance {
	out := st.balances(func(Symbol) bool { return true })
	for _, t := range st.ties {
		out = append(out, balance{often: slices.Clone(t.often), constant: t.constant})
	}
	for x := range st.shapes {
		sh := v.at(st.shapes[x])
		if !sh.known || !sh.possible || sh.longest != len(sh.shortest) {
			continue
		}
		for i := range out {
			out[i].constant += out[i].often[x] * sh.longest
			out[i].often[x] = 0
		}
	}
	return out
}

// balances counts, in each equation, unknowns and the characters that count.
func (st *state) balances(counts func(Symbol) bool) []balance {
	out := make([]balance, len(st.equations))
	for i, e := range st.equations {
		b := balance{often: make([]int, len(st.shapes))}
		for side, w := range []Word{e.Left, e.Right} {
			for _, s := range w {
				if x, ok := s.unknown(); ok {
					b.often[x] += 1 - 2*side
				} else if counts(s) {
					b.constant += 1 - 2*side
				}
			}
		}
		out[i] = b
	}
	return out
}

// given is a balance where an unknown is a word; false where numbers grow too much.
func (b balance) given(x int, word Word) (balance, bool) {
	n := b.often[x]
	if n == 0 {
		return b, true
	}
	b.often = slices.Clone(b.often)
	b.often[x] = 0
	for _, s := range word {
		if y, ok := s.unknown(); ok {
			b.often[y] += n
		} else {
			b.constant += n
		}
	}
	return b, len(word) < maxWord && max(n, -n) < maxFactor/maxWord && max(b.constant, -b.constant) < maxFactor
}

const (
	// maxFactor bounds the numbers of balances.
	maxFactor = 1 << 20
	// balanceCost is how many numbers of a balance are worth a step.
	balanceCost = 16
)

// balanced reports whether each balance can be, and each that is left of others. It returns
// these: each has an unknown that none behind it has. Where the work is spent that is not all.
func (v *solver) balanced(rows []balance, least, most []int) (steps []balance, ok bool) {
	for len(rows) > 0 {
		row := rows[0]
		rows = rows[1:]
		if !row.zero(least, most) {
			return nil, false
		}
		if row.first = row.find(); row.first < 0 {
			continue
		}
		steps = append(steps, row)
		for i := range rows {
			if !v.without(&rows[i], row) {
				return steps, true
			}
		}
	}
	return steps, true
}

// find is the first unknown of a balance; -1 where there is none.
func (b balance) find() int {
	return slices.IndexFunc(b.often, func(n int) bool { return n != 0 })
}

// follows reports whether a balance, which is written to, is what others make together.
func (v *solver) follows(b balance, steps []balance) bool {
	for _, s := range steps {
		if !v.without(&b, s) {
			return false
		}
	}
	return b.constant == 0 && b.find() < 0
}

// without takes the first unknown of a step out of a balance by adding the step; false where
// numbers grow too much, or the work is spent.
func (v *solver) without(b *balance, by balance) bool {
	n, m := by.often[by.first], b.often[by.first]
	if m == 0 {
		return true
	}
	if !v.spend(1 + len(b.often)/balanceCost) {
		return false
	}
	d := gcd(max(n, -n), max(m, -m))
	n, m = n/d, m/d
	ok := true
	add := func(a, b int) int {
		sum := n*a - m*b
		ok = ok && max(sum, -sum) < maxFactor
		return sum
	}
	for i := range b.often {
		b.often[i] = add(b.often[i], by.often[i])
	}
	b.constant = add(b.constant, by.constant)
	return ok
}

// zero reports whether the sum can be zero, with each unknown from least to most; -1 is no bound.
func (b balance) zero(least, most []int) bool {
	low, high, divisor := b.constant, b.constant, 0
	down, up := false, false // without bound
	for x, n := range b.often {
		if n == 0 {
			continue
		}
		divisor = gcd(divisor, max(n, -n))
		ends := [2]int{n * least[x], n * most[x]}
		switch {
		case most[x] < 0 && n > 0:
			up = true
			low += ends[0]
		case most[x] < 0:
			down = true
			high += ends[0]
		default:
			low += min(ends[0], ends[1])
			high += max(ends[0], ends[1])
		}
	}
	if divisor > 0 && b.constant%divisor != 0 {
		return false
	}
	return (down || low <= 0) && (up || high >= 0)
}

// holds reports whether some text of a shape has a character.
func (v *solver) holds(sh *shape, r rune) bool {
	c := slices.Index(v.Alphabet, r)
	return c < 0 || sh.used[c]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
