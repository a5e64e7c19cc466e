package equation

import (
	"strings"
	"testing"
)

// word reads a text with unknowns x, y and z; other letters are characters.
func word(text string) Word {
	var w Word
	for _, r := range text {
		if n := strings.IndexRune("xyz", r); n >= 0 {
			w = append(w, Unknown(n))
		} else {
			w = append(w, Char(r))
		}
	}
	return w
}

// TestSolve has an equation for each thing that the solver knows.
func TestSolve(t *testing.T) {
	not := func(w, pattern string) Exclusion {
		e := Exclusion{Word: word(w)}
		for _, r := range pattern {
			if r == '*' {
				e.Pattern = append(e.Pattern, Element{Kind: Run})
			} else {
				e.Pattern = append(e.Pattern, Element{Symbol: word(string(r))[0]})
			}
		}
		return e
	}
	for _, tt := range []struct {
		name, equations string
		not             []Exclusion
		want            Answer
	}{
		{"nothing is asked", "", nil, Solvable},
		{"a character", "x=a", nil, Solvable},
		{"another character", "xa=xb", nil, Unsolvable},
		{"values that commute", "xy=yx", nil, Solvable},
		{"values that commute and differ", "xy=yx", []Exclusion{not("x", "y")}, Solvable},
		{"values that commute, one of which is not in the other", "xy=yx xz=y", []Exclusion{not("y", "*x*")}, Unsolvable},
		{"one is behind a character and itself", "ax=xb", nil, Unsolvable},
		{"one is between a character and itself", "ax=xa", nil, Solvable},
		{"one character again and again ends in no other", "axx=xybb", nil, Unsolvable},
		{"two characters again and again, and one of them", "abxx=xyab", nil, Solvable},
		{"longer than itself", "x=axb", nil, Unsolvable},
		{"lengths of two equations", "xb=ay byx=yayb", nil, Unsolvable},
		{"halves of one length", "xx=ayya", []Exclusion{not("x", "*a*")}, Unsolvable},
		{"places as far from both ends", "axbx=zxa", nil, Unsolvable},
		{"a value that is not within itself", "x=yz", []Exclusion{not("x", "*z*")}, Unsolvable},
	} {
		s := &System{Alphabet: []rune("cab"), Free: 1, Languages: make([][]Language, 3), Exclusions: tt.not}
		for _, e := range strings.Fields(tt.equations) {
			left, right, _ := strings.Cut(e, "=")
			s.Equations = append(s.Equations, Equation{word(left), word(right)})
		}
		texts, got := s.Solve(func(int) bool { return true })
		if got != tt.want {
			t.Errorf("%s: got %d %q, want %d", tt.name, got, texts, tt.want)
		}
	}
	if _, got := (&System{Alphabet: []rune("ab"), Languages: make([][]Language, 3), Equations: []Equation{{word("xy"), word("yx")}}}).Solve(func(int) bool { return false }); got == Unsolvable {
		t.Errorf("a search without work says that there is no solution")
	}
}
