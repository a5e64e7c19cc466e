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
	neg     []machine
	words   int // of all negative sets together
	queue   []node
	seen    map[string][][]uint64
	rests   [][]uint32 // by glob of combo and position: what is still to match
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
	w := &walk{b: b, combo: c, seen: map[string][][]uint64{}}
	w.symbols = alphabet(c, neg)
	for _, n := range neg {
		if !b.spend(1 + len(w.symbols)*(1+n.length()/8)) {
			return nil, false
		}
		m := newMachine(n, w.symbols, w.words)
		w.words += m.words
		w.neg = append(w.neg, m)
	}
	sets := make([]uint64, w.words)
	for _, m := range w.neg {
		m.start(sets)
	}
	return w, w.number() && w.push(node{at: make([]int, len(c)), sets: sets, parent: -1})
}

// number gives equal ends of the globs equal numbers; false when the budget ran
// out. The rest of a glob decides everything from there on, so that two guesses with
// equal rests are the same.
func (w *walk) number() bool {
	type suffix struct {
		tok  tok
		then uint32
	}
	known := map[suffix]uint32{}
	for _, g := range w.combo {
		if !w.b.spend(1 + len(g.toks)) {
			return false
		}
		rests := make([]uint32, len(g.toks)+1)
		for i := len(g.toks) - 1; i >= 0; i-- {
			s := suffix{g.toks[i], rests[i+1]}
			if known[s] == 0 {
				known[s] = uint32(len(known) + 1)
			}
			rests[i] = known[s]
		}
		w.rests = append(w.rests, rests)
	}
	return true
}

// push queues n unless a better node with the same guesses is known; false when the
// budget ran out.
func (w *walk) push(n node) bool {
	key := w.key(n)
	known := w.seen[key]
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
	kept := known[:0]
	for _, s := range known {
		if !subset(n.sets, s) {
			kept = append(kept, s)
		}
	}
	w.seen[key] = append(kept, n.sets)
	w.queue = append(w.queue, n)
	return true
}

func (w *walk) key(n node) string {
	b := make([]byte, 0, 4*len(n.at))
	for i, at := range n.at {
		rest := w.rests[i][at]
		b = append(b, byte(rest), byte(rest>>8), byte(rest>>16), byte(rest>>24))
	}
	return string(b)
}

func (w *walk) run() (string, status) {
	for i := 0; i < len(w.queue); i++ {
		n := w.queue[i]
		if w.accepts(n) {
			return w.text(i), sat
		}
		for si, r := range w.symbols {
			if !w.b.spend(1 + w.words + len(n.at)/2) {
				return "", spent
			}
			sets := make([]uint64, w.words)
			for _, m := range w.neg {
				m.step(n.sets, sets, si)
			}
			if !w.advance(n, i, r, sets, make([]int, 0, len(n.at))) {
				return "", spent
			}
		}
	}
	return "", unsat
}

// advance pushes every successor of n under r: the product of the positions that
// each positive glob can move to. It reports false when the budget ran out.
func (w *walk) advance(n node, parent int, r rune, sets []uint64, at []int) bool {
	i := len(at)
	if i == len(n.at) {
		return w.push(node{at: slices.Clone(at), sets: sets, parent: parent, symbol: r})
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
