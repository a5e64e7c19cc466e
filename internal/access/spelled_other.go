package access

import "slices"

// A text that need not be a value may not be one of those that are ruled out. Whether it is
// one is told by reading it in all ways that those are written at once.

// readings are the ways in which values of one kind are read, side by side. What was read is a
// set of their states, by number; 0 is none, behind which no such value goes on.
type readings[S comparable] struct {
	b       *budget
	step    func(s S, r rune, f func(S))
	ends    func(S) bool // the text is a value
	numbers map[S]int32
	states  []S
	known   map[string]int32
	sets    [][]int32
	next    map[setRune]int32
}

type setRune struct {
	set int32
	r   rune
}

// A reading is what readings of any kind do.
type reading interface {
	read(set int32, r rune) int32
	holds(set int32) bool
}

// newReadings also returns what is read of the empty text.
func newReadings[S comparable](b *budget, step func(S, rune, func(S)), ends func(S) bool, starts ...S) (*readings[S], int32) {
	rs := &readings[S]{b: b, step: step, ends: ends, numbers: map[S]int32{}, known: map[string]int32{"": 0}, sets: [][]int32{nil}, next: map[setRune]int32{}}
	var set []int32
	for _, s := range starts {
		set = rs.add(set, s)
	}
	return rs, rs.number(set)
}

// add adds a state to a set.
func (rs *readings[S]) add(set []int32, s S) []int32 {
	n, ok := rs.numbers[s]
	if !ok {
		n = int32(len(rs.states))
		rs.numbers[s] = n
		rs.states = append(rs.states, s)
	}
	return append(set, n)
}

func (rs *readings[S]) number(set []int32) int32 {
	slices.Sort(set)
	set = slices.Compact(set)
	key := appendIDs(nil, set)
	rs.b.spend(1 + len(set)/2)
	n, ok := rs.known[string(key)]
	if !ok {
		rs.b.spend(nodeCost)
		n = int32(len(rs.sets))
		rs.known[string(key)] = n
		rs.sets = append(rs.sets, set)
	}
	return n
}

// read is the set behind one more character.
func (rs *readings[S]) read(set int32, r rune) int32 {
	if set == 0 {
		return 0
	}
	to, ok := rs.next[setRune{set, r}]
	if !ok {
		rs.b.spend(2 * len(rs.sets[set]))
		var next []int32
		for _, n := range rs.sets[set] {
			rs.step(rs.states[n], r, func(s S) { next = rs.add(next, s) })
		}
		to = rs.number(next)
		rs.next[setRune{set, r}] = to
	}
	return to
}

func (rs *readings[S]) holds(set int32) bool {
	return slices.ContainsFunc(rs.sets[set], func(n int32) bool { return rs.ends(rs.states[n]) })
}

// other finds a text that is none of the values that constraints rule out.
func (f *follower) other(of map[sort][]constraint) (string, status) {
	// Most have a character that no value has, and no pattern.
	fresh := f.symbols[0]
	odd := spelling[bool]{chars: f.symbols, step: func(had bool, r rune, f func(bool)) { f(had || r == fresh) },
		end: func(had bool, at int32, _ int) (string, bool) { return "", had && f.ends[at] }}
	if v, st := odd.find(f, false); st != unsat {
		return v, st
	}
	f.prune()
	var kinds []reading
	var start [3]int32 // of each kind
	for _, kind := range []func(*follower, map[sort][]constraint) (reading, int32){numbersRead, datesRead, addressesRead} {
		rs, set := kind(f, of)
		start[len(kinds)] = set
		kinds = append(kinds, rs)
	}
	return spelling[[3]int32]{
		chars: f.symbols[1:],
		step: func(sets [3]int32, r rune, f func([3]int32)) {
			for i, k := range kinds {
				sets[i] = k.read(sets[i], r)
			}
			f(sets)
		},
		end: func(sets [3]int32, at int32, _ int) (string, bool) {
			for i, k := range kinds {
				if f.ends[at] && k.holds(sets[i]) {
					return "", false
				}
			}
			return "", f.ends[at]
		},
	}.find(f, start)
}
