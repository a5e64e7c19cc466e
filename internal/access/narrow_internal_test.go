package access

import (
	"testing"
	"unicode"
)

// TestUnlikely holds the characters that stand for others to what Unicode says.
func TestUnlikely(t *testing.T) {
	cases := func(r rune) int {
		n := 1
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			n++
		}
		return n
	}
	of := map[int]bool{}
	for _, like := range unlikely {
		of[cases(like[0])] = true
		for _, r := range like {
			if cases(r) != cases(like[0]) {
				t.Errorf("%q has %d cases, %q has %d", r, cases(r), like[0], cases(like[0]))
			}
		}
	}
	for r := range unicode.MaxRune + 1 {
		if !of[cases(r)] {
			t.Fatalf("%q has %d cases", r, cases(r))
		}
	}
}
