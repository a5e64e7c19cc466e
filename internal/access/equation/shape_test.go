package equation

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestShapes holds what is known of shapes to all texts of up to seven characters: drawn
// automata have three states, so that two of them have nine.
func TestShapes(t *testing.T) {
	texts := short(7)
	for i := range 2000 {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		s := newShapes(&System{Alphabet: []rune("ab")}, func(int) bool { return true })
		var parts []part
		for n := range 1 + r.IntN(2) {
			a := draw(r)
			s.languages = append(s.languages, a)
			p := part{int32(n), int32(r.IntN(len(a.next))), ending}
			if r.IntN(3) == 0 {
				p.to = int32(r.IntN(len(a.next)))
			}
			parts = append(parts, p)
		}
		some := r.IntN(2) == 0
		sh := s.at(s.number(parts, some))
		var all []string
		for _, text := range texts {
			if some && text == "" || slices.ContainsFunc(parts, func(p part) bool {
				at := p.from
				for _, r := range text {
					if at = s.languages[p.language].Next(at, r); at == Dead {
						return true
					}
				}
				return !s.ends(p, at)
			}) {
				continue
			}
			all = append(all, text)
		}
		if len(all) == 0 {
			if sh.possible && len(sh.shortest) < 8 {
				t.Fatalf("shape %d: %q is no text of it", i, string(sh.shortest))
			}
			continue
		}
		least, most := len(all[0]), len(all[len(all)-1])
		switch {
		case !sh.possible || !slices.Contains(all, string(sh.shortest)) || len(sh.shortest) != least:
			t.Fatalf("shape %d: shortest %q (%t), want one of %d characters", i, string(sh.shortest), sh.possible, least)
		case sh.longest >= 0 && sh.longest != most:
			t.Fatalf("shape %d: longest %d, want %d", i, sh.longest, most)
		case sh.only != (len(all) == 1) && (sh.only || most < 5):
			t.Fatalf("shape %d: only %t of %q", i, sh.only, all)
		case sh.single != (least == 1 && most == 1):
			t.Fatalf("shape %d: single %t of %q", i, sh.single, all)
		}
		for c, r := range s.Alphabet {
			if used := slices.ContainsFunc(all, func(text string) bool { return slices.Contains([]rune(text), r) }); used && !sh.used[c] {
				t.Fatalf("shape %d: %c is used", i, r)
			}
		}
	}
}

// TestShortestNotEmpty has texts that are a character, which leads back to the start, or two
// others: the shortest of them is one character.
func TestShortestNotEmpty(t *testing.T) {
	texts := []Language{automaton{next: [][2]int32{{0, 1}, {Dead, 2}, {Dead, Dead}}, ends: []bool{true, false, true}}}
	s := &System{
		Alphabet: []rune("ab"), Languages: [][]Language{texts, texts, nil},
		Equations: []Equation{{word("xyx"), word("zaz")}, {word("zz"), word("yx")}},
	}
	if _, got := s.Solve(func(int) bool { return true }); got != Solvable {
		t.Errorf("got %d, want a solution: each is one a", got)
	}
}
