package access

import "slices"

// walk is the breadth-first search for one combination of positive globs: one
// position for each of them (a guess), and the set of positions for each negative
// one. Of two nodes with the same guesses the one with smaller negative sets is
// better, so that larger ones are dropped (an antichain); this keeps inclusion
// tests small which blow up when made deterministic. It finds a shortest string.
type walk struct {
	b       *budget
	combo   []*glob
	symbols []rune
	free    int // how many of them stand for others; what is named follows, sorted
	neg     []machine
	words   int // of all negative sets together
	queue   []node
	seen    map[string][][]uint64
	key     []byte // memory of keys
	places  []int  // memory of guesses
	to      []int  // memory of guesses that are not pushed yet
}

// node is one state: where it is in each positive glob, the negative sets, and how
// it was reached.
type node struct {
	at     []int
	sets   []uint64
	parent int
	symbol rune
}

// nodeCost is the work of a node besides its sets. It stands for time as much as
// for memory: with DefaultWork the nodes of a search stay within some 500 MB.
const nodeCost = 16

// newWalk prepares the search; false when that alone takes too much work.
func newWalk(c, neg []*glob, b *budget) (*walk, bool) {
	w := &walk{b: b, combo: c, seen: map[string][][]uint64{}, to: make([]int, 0, len(c))}
	w.symbols, w.free = charClasses(c, neg)
	for _, n := range neg {
		if !b.spend(1 + len(w.symbols)*(1+n.length()/8)) {
			return nil, false
		}
		m := newMachine(n, w.symbols, w.words)
		w.words += m.words
		w.neg = append(w.neg, m)
	}
	first := make([]uint64, w.words)
	for _, m := range w.neg {
		m.start(first)
	}
	for _, g := range c {
		b.spend(1 + len(g.toks))
	}
	return w, w.push(node{at: make([]int, len(c)), sets: first, parent: -1})
}

// push queues n unless a better node with the same guesses is known; false when the
// budget ran out.
func (w *walk) push(n node) bool {
	w.key = w.key[:0]
	for _, at := range n.at {
		w.key = append(w.key, byte(at), byte(at>>8), byte(at>>16), byte(at>>24))
	}
	known := w.seen[string(w.key)]
	if !w.b.spend(1 + len(n.at)/2 + len(known)*(1+w.words)/8) {
		return false
	}
	for _, s := range known {
		if subset(s, n.sets) {
			return true
		}
	}
	if !w.b.spend(nodeCost + len(n.at) + w.words) {
		return false
	}
	if w.words == 0 {
		w.seen[string(w.key)] = noSets
	} else {
		kept := known[:0]
		for _, s := range known {
			if !subset(n.sets, s) {
				kept = append(kept, s)
			}
		}
		w.seen[string(w.key)] = append(kept, n.sets)
	}
	if len(w.places)+len(n.at) > cap(w.places) {
		w.places = make([]int, 0, max(64, 2*cap(w.places), len(n.at)))
	}
	from := len(w.places)
	w.places = append(w.places, n.at...)
	n.at = w.places[from:len(w.places):len(w.places)]
	w.queue = append(w.queue, n)
	return true
}

// noSets are the sets of a walk without negative globs.
var noSets = [][]uint64{nil}

func (w *walk) run() (string, status) {
	for i := 0; i < len(w.queue); i++ {
		n := w.queue[i]
		if w.accepts(n) {
			return w.text(i), sat
		}
		from, to := w.open(n)
		for si, r := range w.symbols[from:to] {
			if !w.b.spend(1) {
				return "", spent
			}
			if w.stuck(n, r) {
				continue
			}
			if !w.b.spend(w.words + len(n.at)/2) {
				return "", spent
			}
			var next []uint64
			if w.words > 0 {
				next = make([]uint64, w.words)
			}
			for _, m := range w.neg {
				m.step(n.sets, next, from+si)
			}
			if !w.advance(n, i, r, next, w.to[:0]) {
				return "", spent
			}
		}
	}
	return "", unsat
}

// open are the numbers of the characters that can come next, from one on and up to another: a
// literal text leaves one.
func (w *walk) open(n node) (from, to int) {
	for i, p := range n.at {
		toks := w.combo[i].toks
		switch {
		case p == len(toks):
			return 0, 0
		case toks[p].kind == tokRune && toks[p].r < opaque:
			at, _ := slices.BinarySearch(w.symbols[w.free:], toks[p].r)
			return w.free + at, w.free + at + 1
		}
	}
	return 0, len(w.symbols)
}

// stuck reports whether a positive glob cannot go on with r: most characters lead
// nowhere in a literal text.
func (w *walk) stuck(n node, r rune) bool {
next:
	for i, p := range n.at {
		for toks := w.combo[i].toks; p < len(toks); p++ {
			if toks[p].matches(r) {
				continue next
			}
			if !toks[p].many() {
				break
			}
		}
		return true
	}
	return false
}

// advance pushes every successor of n under r: the product of the positions that
// each positive glob can move to. It reports false when the budget ran out.
func (w *walk) advance(n node, parent int, r rune, sets []uint64, at []int) bool {
	i := len(at)
	if i == len(n.at) {
		return w.push(node{at: at, sets: sets, parent: parent, symbol: r})
	}
	toks := w.combo[i].toks
	for p := n.at[i]; p < len(toks); p++ {
		if toks[p].matches(r) {
			to := p + 1
			if toks[p].many() {
				to = p
			}
			if !w.b.spend(1) || !w.advance(n, parent, r, sets, append(at, to)) {
				return false
			}
		}
		if !toks[p].many() {
			break
		}
	}
	return true
}

func (w *walk) accepts(n node) bool {
	for i, at := range n.at {
		if slices.ContainsFunc(w.combo[i].toks[at:], func(t tok) bool { return !t.many() }) {
			return false
		}
	}
	return !slices.ContainsFunc(w.neg, func(m machine) bool { return m.accepts(n.sets) })
}

// text spells the path to queue[i].
func (w *walk) text(i int) string {
	var rs []rune
	for ; w.queue[i].parent >= 0; i = w.queue[i].parent {
		rs = append(rs, w.queue[i].symbol)
	}
	slices.Reverse(rs)
	return string(rs)
}

func subset(a, b []uint64) bool {
	for i := range a {
		if a[i]&^b[i] != 0 {
			return false
		}
	}
	return true
}
