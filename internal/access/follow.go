package access

import "slices"

// A follower reads texts one character after the other, and tells what the patterns of texts
// make of them. It numbers the sets of positions that it comes by, so that they can be put
// beside those of another reader, such as that of numbers.
type follower struct {
	b       *budget
	symbols []rune
	index   map[rune]int
	pos     [][]machine // of each of these one has to match
	neg     []machine   // and none of these, of which
	all     []machine   // take whatever follows once they are at their end
	words   int
	start   int32
	numbers map[string]int32
	sets    [][]uint64
	next    [][]int32 // by state and symbol
	ends    []bool    // by state: a text may end here
	exps    map[int32][]string
}

// Places in next that are no state.
const (
	dead    int32 = -1 // no text goes on like that
	notRead int32 = -2
)

// newFollower prepares reading texts of the characters of chars, and of those that the
// patterns tell apart; the first of symbols is none of either. false: the work is spent.
func newFollower(pos, neg []*union, chars string, b *budget) (*follower, bool) {
	f := &follower{b: b, index: map[rune]int{}, numbers: map[string]int32{}, exps: map[int32][]string{}}
	all := []*glob{literal(chars)}
	var not []*glob
	for _, u := range pos {
		all = append(all, u.globs...)
	}
	for _, u := range neg {
		not = append(not, u.globs...)
	}
	f.symbols = alphabet(all, not)
	for i, r := range f.symbols {
		f.index[r] = i
	}
	ok := true
	add := func(g *glob) machine {
		ok = ok && b.spend(1+len(f.symbols)*(1+g.length()/8))
		if !ok {
			return machine{}
		}
		m := newMachine(g, f.symbols, f.words)
		f.words += m.words
		return m
	}
	for _, u := range pos {
		var ms []machine
		for _, g := range u.globs {
			ms = append(ms, add(g))
		}
		f.pos = append(f.pos, ms)
	}
	for _, g := range not {
		f.neg = append(f.neg, add(g))
		if toks := g.tokens(); len(toks) > 0 && toks[len(toks)-1].kind == tokMany {
			f.all = append(f.all, f.neg[len(f.neg)-1])
		}
	}
	if !ok {
		return nil, false
	}
	sets := make([]uint64, f.words)
	for _, m := range slices.Concat(append(f.pos, f.neg)...) {
		m.start(sets)
	}
	f.start = f.state(sets)
	return f, b.left >= 0
}

// state numbers a set of positions; dead where it leads to no text.
func (f *follower) state(sets []uint64) int32 {
	key := make([]byte, 0, 8*len(sets))
	for _, w := range sets {
		for range 8 {
			key, w = append(key, byte(w)), w>>8
		}
	}
	if s, ok := f.numbers[string(key)]; ok {
		return s
	}
	s := int32(len(f.sets))
	accepts := func(m machine) bool { return m.accepts(sets) }
	if slices.ContainsFunc(f.all, accepts) || slices.ContainsFunc(f.pos, func(ms []machine) bool {
		return !slices.ContainsFunc(ms, func(m machine) bool { return m.alive(sets) })
	}) {
		s = dead
	}
	f.numbers[string(key)] = s
	f.b.spend(nodeCost + f.words)
	if s == dead {
		return s
	}
	next := make([]int32, len(f.symbols))
	for i := range next {
		next[i] = notRead
	}
	f.b.spend(len(next) / 4)
	f.sets, f.next = append(f.sets, sets), append(f.next, next)
	f.ends = append(f.ends, !slices.ContainsFunc(f.neg, accepts) &&
		!slices.ContainsFunc(f.pos, func(ms []machine) bool { return !slices.ContainsFunc(ms, accepts) }))
	return s
}

// alive reports whether m has a position.
func (m machine) alive(sets []uint64) bool {
	return slices.ContainsFunc(sets[m.from:m.from+m.words], func(w uint64) bool { return w != 0 })
}

// step is the state behind one more character.
func (f *follower) step(s int32, r rune) int32 {
	i := f.index[r]
	if to := f.next[s][i]; to != notRead {
		return to
	}
	f.b.spend(1 + f.words)
	sets := make([]uint64, f.words)
	for _, ms := range f.pos {
		for _, m := range ms {
			m.step(f.sets[s], sets, i)
		}
	}
	for _, m := range f.neg {
		m.step(f.sets[s], sets, i)
	}
	to := f.state(sets)
	f.next[s][i] = to
	return to
}

// ruledOut reports whether it is known that no text goes on with r.
func (f *follower) ruledOut(s int32, r rune) bool { return f.next[s][f.index[r]] == dead }

// prune rules out to go on to states from which no text ends, once all states are known.
func (f *follower) prune() {
	from := make([][]int32, len(f.sets))
	for s, next := range f.next {
		for _, to := range next {
			if to >= 0 {
				from[to] = append(from[to], int32(s))
			}
		}
	}
	f.b.spend(len(from) * len(f.symbols) / 4)
	leads := slices.Clone(f.ends)
	var queue []int32
	for s, ends := range leads {
		if ends {
			queue = append(queue, int32(s))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, s := range from[queue[i]] {
			if !leads[s] {
				leads[s] = true
				queue = append(queue, s)
			}
		}
	}
	for _, next := range f.next {
		for i, to := range next {
			if to >= 0 && !leads[to] {
				next[i] = dead
			}
		}
	}
	if f.start >= 0 && !leads[f.start] {
		f.start = dead
	}
}

// takes reports whether a text may end with tail, from state s on.
func (f *follower) takes(s int32, tail string) bool {
	for _, r := range tail {
		if s = f.step(s, r); s == dead {
			return false
		}
	}
	return f.ends[s]
}

// A spelling reads texts of one kind beside the patterns.
type spelling[S comparable] struct {
	chars []rune
	step  func(s S, r rune, f func(S)) // calls f with each state behind one more character
	// end tells how a text of n characters may end, in a state of both; false where it may not.
	end func(s S, at int32, n int) (tail string, ok bool)
	// longest bounds the characters in front of the tail; 0 does not.
	longest int
}

type readState[S comparable] struct {
	s  S
	at int32
}

type readNode[S comparable] struct {
	readState[S]
	parent, n int
	r         rune
}

// single is a step to one state or none.
func single[S any](step func(S, rune) (S, bool)) func(S, rune, func(S)) {
	return func(s S, r rune, f func(S)) {
		if s, ok := step(s, r); ok {
			f(s)
		}
	}
}

// find returns a text that both take. It reads shorter texts first.
func (w spelling[S]) find(f *follower, starts ...S) (string, status) {
	var queue []readNode[S]
	if f.start == dead {
		return "", unsat
	}
	seen := map[readState[S]]bool{}
	for _, s := range starts {
		queue = append(queue, readNode[S]{readState: readState[S]{s, f.start}, parent: -1})
		seen[queue[len(queue)-1].readState] = true
	}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		if !f.b.spend(nodeCost + len(w.chars)) {
			return "", spent
		}
		if tail, ok := w.end(n.s, n.at, n.n); ok {
			var rs []rune
			for ; n.parent >= 0; n = queue[n.parent] {
				rs = append(rs, n.r)
			}
			slices.Reverse(rs)
			return string(rs) + tail, sat
		}
		if w.longest > 0 && n.n == w.longest {
			continue
		}
		for _, r := range w.chars {
			if f.ruledOut(n.at, r) {
				continue
			}
			w.step(n.s, r, func(s S) {
				to := readState[S]{s, f.step(n.at, r)}
				if to.at != dead && !seen[to] {
					seen[to] = true
					queue = append(queue, readNode[S]{to, i, n.n + 1, r})
				}
			})
		}
	}
	if f.b.left < 0 {
		return "", spent
	}
	return "", unsat
}
