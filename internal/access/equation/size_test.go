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
