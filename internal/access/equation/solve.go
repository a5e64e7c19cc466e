package equation

import (
	"container/heap"
	"slices"
)

// solver looks for a solution among the states that steps lead to.
type solver struct {
	shapes
	first *state
	// byPeriod are numbers of languages.
	byPeriod map[string]int32
	byLength map[int]int32
	fresh    []rune // characters that nothing tells apart, for solutions
}

func newSolver(s *System, spend func(int) bool) *solver {
	v := &solver{shapes: newShapes(s, spend), byPeriod: map[string]int32{}, byLength: map[int]int32{}}
	v.first = &state{equations: slices.Clone(s.Equations), exclusions: slices.Clone(s.Exclusions), unknown: -1}
	v.first.ties = (&state{equations: s.Lengths, shapes: make([]int32, len(s.Languages))}).balances(func(Symbol) bool { return true })
	v.first.eliminate()
	for _, list := range s.Languages {
		var parts []part
		for _, l := range list {
			parts = append(parts, part{int32(len(v.languages)), l.Start(), ending})
			v.languages = append(v.languages, l)
		}
		v.first.shapes = append(v.first.shapes, v.number(parts, false))
	}
	for _, r := range "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW" {
		if !slices.Contains(s.Alphabet, r) {
			v.fresh = append(v.fresh, r)
		}
	}
	return v
}

// queue holds the states to look at, those of the fewest symbols first.
type queue []*state

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].size < q[j].size }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*state)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	st := (*q)[last]
	*q = (*q)[:last]
	return st
}

func (v *solver) search() (*state, Answer) {
	for n := range v.first.shapes {
		if !v.at(v.first.shapes[n]).possible {
			return nil, Unsolvable
		}
	}
	var q queue
	seen := map[string]bool{}
	whole := true
	add := func(st *state) {
		if st = v.tidy(st); st == nil {
			return
		}
		if st.size > maxWord {
			whole = false
			return
		}
		if key := st.key(); !seen[key] {
			seen[key] = true
			heap.Push(&q, st)
		}
	}
	add(v.first)
	for looked := 0; len(q) > 0; looked++ {
		st := heap.Pop(&q).(*state)
		if len(st.equations) == 0 {
			return st, Solvable
		}
		if looked == maxSystems || !v.spend(10+st.size) {
			return nil, Open
		}
		next, ok := v.steps(st)
		whole = whole && ok
		for _, st := range next {
			add(st)
		}
	}
	if !whole {
		return nil, Open
	}
	return nil, Unsolvable
}

// steps lists what a state can go on as, at the end of an equation where that is the least. It
// reports whether that is all. An unknown that stands alone, and in no other equation, says
// what language the rest is of: what that makes of the others comes first.
func (v *solver) steps(st *state) ([]*state, bool) {
	var best []move
	found := false
	look := func(moves func(e Equation, behind bool) ([]move, bool), only func(i int) bool) {
		for i, e := range st.equations {
			if !only(i) {
				continue
			}
			for _, behind := range []bool{false, true} {
				list, ok := moves(e, behind)
				if ok && (!found || len(list) < len(best)) {
					best, found = list, true
				}
				if found && len(best) < 2 {
					return
				}
			}
		}
	}
	look(func(e Equation, behind bool) ([]move, bool) { return v.shared(st, e, behind) }, func(i int) bool {
		x, _, ok := st.equations[i].explicit()
		return ok && st.uses(x, i) == 0
	})
	if !found {
		look(func(e Equation, behind bool) ([]move, bool) { return v.moves(st, e, behind) }, func(int) bool { return true })
	}
	var out []*state
	for _, m := range best {
		next := st.given(m.unknown, m.word)
		for _, s := range m.shapes {
			next.shapes[s.unknown] = s.shape
		}
		out = append(out, next)
	}
	return out, found
}

// shared lists what the first part of a word can be, or the last one, where the word is an
// unknown that stands nowhere else.
func (v *solver) shared(st *state, e Equation, behind bool) ([]move, bool) {
	of, word, _ := e.explicit()
	x, _ := of.unknown()
	if !behind && word[0] >= 0 {
		return v.read(st, x, word)
	}
	end, next := word[0], anything
	if behind {
		end = word[len(word)-1]
	} else if len(word) > 1 && word[1] >= 0 {
		next = rune(word[1])
	}
	by, char := none, rune(end)
	y, isUnknown := end.unknown()
	if isUnknown {
		by, char = st.shapes[y], 0
	}
	return v.parted(st, x, end, by, char, behind, next)
}

// read takes the characters that a word begins with off an unknown.
func (v *solver) read(st *state, x int, word Word) ([]move, bool) {
	rest := slices.Clone(v.all[st.shapes[x]].parts)
	n := 0
	for ; n < len(word) && word[n] >= 0; n++ {
		for i := range rest {
			if rest[i].from = v.languages[rest[i].language].Next(rest[i].from, rune(word[n])); rest[i].from == Dead {
				return nil, true
			}
		}
	}
	of := v.number(rest, false)
	if !v.at(of).possible {
		return nil, true
	}
	return []move{{x, append(slices.Clone(word[:n]), Unknown(x)), []shaped{{x, of}}}}, true
}

// A move gives an unknown a word, and unknowns shapes.
type move struct {
	unknown int
	word    Word
	shapes  []shaped
}

type shaped struct {
	unknown int
	shape   int32
}

// moves lists what the symbols at one end of an equation can be; false where there are too many
// ways.
func (v *solver) moves(st *state, e Equation, behind bool) ([]move, bool) {
	a, b := e.Left[0], e.Right[0]
	if behind {
		a, b = e.Left[len(e.Left)-1], e.Right[len(e.Right)-1]
	}
	var out []move
	for _, s := range []Symbol{a, b} {
		if x, ok := s.unknown(); ok && v.empty(st.shapes[x]) {
			out = append(out, move{unknown: x})
		}
	}
	for _, pair := range [][2]Symbol{{a, b}, {b, a}} {
		x, isUnknown := pair[0].unknown()
		if !isUnknown {
			continue
		}
		y, isToo := pair[1].unknown()
		by, char := none, rune(pair[1])
		if isToo {
			by, char = v.nonEmpty(st.shapes[y]), 0
			if !v.at(by).possible {
				continue
			}
		}
		moves, ok := v.parted(st, x, pair[1], by, char, behind, anything)
		if !ok {
			return nil, false
		}
		out = append(out, moves...)
	}
	return out, true
}

// parted lists the ways in which unknown x begins, or ends, with a symbol; see splits.
func (v *solver) parted(st *state, x int, with Symbol, by int32, char rune, behind bool, next rune) ([]move, bool) {
	splits, ok := v.splits(st.shapes[x], by, char, behind, next)
	if !ok {
		return nil, false
	}
	word := Word{with, Unknown(x)}
	if behind {
		word = Word{Unknown(x), with}
	}
	var out []move
	for _, s := range splits {
		m := move{x, word, []shaped{{x, s.rest}}}
		if y, isUnknown := with.unknown(); isUnknown {
			m.shapes = append(m.shapes, shaped{y, s.taken})
		}
		out = append(out, m)
	}
	return out, true
}

// texts is a solution: the unknowns that are left are a shortest text of their shapes, or one
// that is not empty.
func (v *solver) texts(found *state, some bool) []string {
	values := make([][]rune, len(found.shapes))
	for n, of := range found.shapes {
		if some {
			if more := v.nonEmpty(of); v.at(more).possible {
				of = more
			}
		}
		for _, r := range v.at(of).shortest {
			if i := slices.Index(v.Alphabet, r); i == 0 && i < v.Free && some && len(v.fresh) > 0 {
				r = v.fresh[n%len(v.fresh)] // unknowns differ where they can
			}
			values[n] = append(values[n], r)
		}
	}
	for st := found; st.parent != nil; st = st.parent {
		if st.unknown < 0 {
			continue
		}
		var text []rune
		for _, s := range st.word {
			if n, ok := s.unknown(); ok {
				text = append(text, values[n]...)
			} else {
				text = append(text, rune(s))
			}
		}
		values[st.unknown] = text
	}
	out := make([]string, len(values))
	for n, text := range values {
		out[n] = string(text)
	}
	return out
}
