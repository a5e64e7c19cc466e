package equation

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A part says that a text leads an automaton from one state to another, or to any in which
// a text may end.
type part struct {
	language, from, to int32 // to is ending for the latter
}

const ending int32 = -2

// A shape is what is known of an unknown: the parts that its text has to be, and whether it is
// not empty. Shapes are numbered, since the same ones come by again and again.
type shape struct {
	parts []part
	some  bool // not empty

	looked   bool
	possible bool // some text is of the shape; true also where that was too much work
	known    bool // what follows is
	shortest []rune
	longest  int    // the length of the longest texts; -1 where there is no such
	only     bool   // shortest is the only text
	single   bool   // all texts have one character
	used     []bool // by character of the alphabet: some text holds it
}

// shapes numbers shapes.
type shapes struct {
	*System
	languages []Language
	all       []*shape
	numbers   map[string]int32
	spend     func(int) bool
	split     map[splitKey][]split
	rows      map[[2]int32]*row // by language and state
	every     []int             // all characters, by number
}

func newShapes(of *System, spend func(int) bool) shapes {
	s := shapes{System: of, numbers: map[string]int32{}, spend: spend, split: map[splitKey][]split{}, rows: map[[2]int32]*row{}}
	for c := range of.Alphabet {
		s.every = append(s.every, c)
	}
	return s
}

func (s *shapes) number(parts []part, some bool) int32 {
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.language, b.language), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	parts = slices.Compact(parts)
	key := make([]byte, 0, 12*len(parts)+1)
	for _, p := range parts {
		for _, n := range []int32{p.language, p.from, p.to} {
			key = binary.LittleEndian.AppendUint32(key, uint32(n))
		}
	}
	if some {
		key = append(key, 1)
	}
	n, ok := s.numbers[string(key)]
	if !ok {
		n = int32(len(s.all))
		s.numbers[string(key)] = n
		s.all = append(s.all, &shape{parts: parts, some: some})
	}
	return n
}

// nonEmpty is the shape of the texts of shape n that are not empty.
func (s *shapes) nonEmpty(n int32) int32 {
	if s.all[n].some {
		return n
	}
	return s.number(slices.Clone(s.all[n].parts), true)
}

// empty reports whether the empty text is of shape n.
func (s *shapes) empty(n int32) bool {
	sh := s.all[n]
	return !sh.some && !slices.ContainsFunc(sh.parts, func(p part) bool { return !s.ends(p, p.from) })
}

// ends reports whether a text may end in a state, as far as a part tells.
func (s *shapes) ends(p part, state int32) bool {
	if p.to == ending {
		return s.languages[p.language].Ends(state)
	}
	return state == p.to
}

// A walk is the product of the automata of some parts, from their first states on.
type walk struct {
	tuples [][]int32
	edges  [][]edge
	from   []edge // by tuple: the first one that leads there
	whole  bool   // all tuples are there
}

// An edge leads to a tuple by a character of the alphabet, or comes from one.
type edge struct{ tuple, char int }

// walk reads all texts beside parts.
func (s *shapes) walk(parts []part) walk {
	w := walk{whole: true}
	numbers := map[string]int{}
	key := make([]byte, 0, 4*len(parts))
	add := func(tuple []int32, from edge) int {
		key = key[:0]
		for _, n := range tuple {
			key = binary.LittleEndian.AppendUint32(key, uint32(n))
		}
		n, ok := numbers[string(key)]
		if !ok {
			n = len(w.tuples)
			numbers[string(key)] = n
			w.tuples, w.from = append(w.tuples, slices.Clone(tuple)), append(w.from, from)
		}
		return n
	}
	next := make([]int32, len(parts))
	for i, p := range parts {
		if next[i] = p.from; p.from == Dead {
			return w
		}
	}
	add(next, edge{-1, -1})
	rows := make([]*row, len(parts))
	for i := 0; i < len(w.tuples); i++ {
		chars := s.every
		for k, p := range parts {
			if rows[k] = s.row(p.language, w.tuples[i][k]); k == 0 || len(rows[k].live) < len(chars) {
				chars = rows[k].live
			}
		}
		if len(w.tuples) > maxTuples || !s.spend(1+len(parts)+len(chars)*len(parts)/2) {
			w.whole = false
			return w
		}
		var out []edge
	chars:
		for _, c := range chars {
			for k, r := range rows {
				if next[k] = r.next[c]; next[k] == Dead {
					continue chars
				}
			}
			out = append(out, edge{add(next, edge{i, c}), c})
		}
		w.edges = append(w.edges, out)
	}
	return w
}

// A row is where a state of a language leads, by character of the alphabet, and the characters
// that lead somewhere.
type row struct {
	next []int32
	live []int
}

func (s *shapes) row(language, state int32) *row {
	key := [2]int32{language, state}
	r, ok := s.rows[key]
	if !ok {
		s.spend(len(s.Alphabet))
		r = &row{next: make([]int32, len(s.Alphabet))}
		for c, char := range s.Alphabet {
			if r.next[c] = s.languages[language].Next(state, char); r.next[c] != Dead {
				r.live = append(r.live, c)
			}
		}
		s.rows[key] = r
	}
	return r
}

// at is what is known of the texts of shape n.
func (s *shapes) at(n int32) *shape {
	sh := s.all[n]
	if !sh.looked {
		sh.looked = true
		s.look(sh)
	}
	return sh
}

func (s *shapes) look(sh *shape) {
	w := s.walk(sh.parts)
	if !w.whole {
		sh.possible = true
		return
	}
	sh.known = true
	accepts := func(i int) bool {
		for k, p := range sh.parts {
			if !s.ends(p, w.tuples[i][k]) {
				return false
			}
		}
		return true
	}
	leads := make([]bool, len(w.tuples))
	for changed := true; changed; {
		changed = false
		for i := len(leads) - 1; i >= 0; i-- {
			if !leads[i] && (accepts(i) || slices.ContainsFunc(w.edges[i], func(e edge) bool { return leads[e.tuple] })) {
				leads[i], changed = true, true
			}
		}
	}
	sh.used = make([]bool, len(s.Alphabet))
	sh.only = true
	sh.longest = s.longest(w, leads)
	for i := range w.tuples {
		if !leads[i] {
			continue
		}
		ways := 0
		for _, e := range w.edges[i] {
			if leads[e.tuple] {
				ways++
				sh.used[e.char] = true
				sh.only = sh.only && e.char >= s.Free
			}
		}
		if accepts(i) && (i > 0 || !sh.some) {
			ways++
		}
		sh.only = sh.only && ways < 2
	}
	sh.shortest, sh.possible = s.shortest(w, accepts, sh.some)
	sh.only = sh.only && sh.possible && sh.longest >= 0
	sh.single = sh.possible && sh.longest == 1 && len(sh.shortest) == 1 && (sh.some || !accepts(0))
}

// longest is the length of the longest way to a text's end; -1 where there is no such.
func (s *shapes) longest(w walk, leads []bool) int {
	depth := make([]int, len(w.tuples)) // 0: not seen, -1: being looked at, else one more
	var visit func(int) int
	visit = func(i int) int {
		switch {
		case depth[i] == -1:
			return -1
		case depth[i] > 0:
			return depth[i] - 1
		}
		depth[i] = -1
		most := 0
		for _, e := range w.edges[i] {
			if !leads[e.tuple] {
				continue
			}
			n := visit(e.tuple)
			if n < 0 {
				return -1
			}
			most = max(most, n+1)
		}
		depth[i] = most + 1
		return most
	}
	if len(w.tuples) == 0 || !leads[0] {
		return -1
	}
	return visit(0)
}

// shortest is a shortest text.
func (s *shapes) shortest(w walk, accepts func(int) bool, some bool) ([]rune, bool) {
	back := func(i int) []rune {
		var out []rune
		for ; w.from[i].tuple >= 0; i = w.from[i].tuple {
			out = append(out, s.Alphabet[w.from[i].char])
		}
		slices.Reverse(out)
		return out
	}
	var text []rune
	found := false
	for i := range w.tuples { // nearest first
		if accepts(i) && (i > 0 || !some) {
			text, found = back(i), true
			break
		}
	}
	if !some || len(w.tuples) == 0 || !accepts(0) {
		return text, found
	}
	for i := range w.tuples { // the empty text is none, but the first way back may be the shortest
		for _, e := range w.edges[i] {
			if e.tuple != 0 {
				continue
			}
			if round := append(back(i), s.Alphabet[e.char]); !found || len(round) < len(text) {
				text, found = round, true
			}
			return text, found
		}
	}
	return text, found
}
