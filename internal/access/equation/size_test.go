package equation

import "testing"

// TestBalanceWork has many equations of many unknowns: what taking unknowns out of their
// lengths costs is a part of the work, which grows with the cube of their number.
func TestBalanceWork(t *testing.T) {
	work := func(n int) int {
		s := &System{Alphabet: []rune("ab"), Languages: make([][]Language, n)}
		three := func(i int) Word { return Word{Unknown(i % n), Unknown((i + 1) % n), Unknown((i + 2) % n)} }
		for i := 3; i < n; i++ {
			s.Equations = append(s.Equations, Equation{three(0), three(i)})
		}
		most, spent := n*n*n/16, 0
		s.Solve(func(steps int) bool {
			spent += steps
			return spent < most
		})
		return spent
	}
	for _, n := range []int{50, 100, 200} {
		if got, least := work(n), n*n*n/16; got < least {
			t.Errorf("%d unknowns: %d steps, want %d or more", n, got, least)
		}
	}
}

// TestSpent has thousands of exclusions: a search that has no work left does not go through them.
func TestSpent(t *testing.T) {
	s := &System{Alphabet: []rune("ab"), Languages: make([][]Language, 3), Equations: []Equation{{word("xxxy"), word("yayb")}}}
	for range 5000 {
		s.Exclusions = append(s.Exclusions, Exclusion{word("x"), []Element{{Kind: Run}, {Symbol: Unknown(2)}, {Kind: Run}}})
	}
	left, asked := 1000, 0
	_, got := s.Solve(func(steps int) bool {
		if left < 0 {
			asked++
		}
		left -= steps
		return left >= 0
	})
	if got != Open || asked > 100 {
		t.Errorf("got %d, and asked for more work %d times", got, asked)
	}
}
