package policy

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/source"
)

// TestPlaces holds places to a walk over all characters of a text.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "a", "a\n", "\n\na b\r\n c", "{\n  \"a\": 1\n}", "é\n", "\xff\xffa\n\xe2\x82",
		strings.Repeat("x", markStep), strings.Repeat("x", markStep-1) + "é", strings.Repeat("x", markStep-1) + "€x" + strings.Repeat("\n", 3*markStep),
		strings.Repeat("€\n", markStep), strings.Repeat("\U0001f600", 3*markStep), strings.Repeat("long ", 10*markStep),
	} {
		for _, start := range []source.Pos{{}, {Line: 3, Column: 7, Byte: 40}} {
			in := newWritten(text, ParseOptions{Path: "p", Start: start})
			if all := in.at(0, len(text)); !sameOffsets(all) {
				t.Errorf("%.20q from %v: offsets differ from those of the range", text, start)
			}
			for range 200 {
				from, to := rand.IntN(len(text)+2), rand.IntN(len(text)+2)
				want := source.Range{Path: "p", Start: walked(text, start, from), End: walked(text, start, to)}
				if got := in.at(from, to).Range(); got != want {
					t.Fatalf("%.20q from %v, bytes %d to %d: got %v, want %v", text, start, from, to, got, want)
				}
			}
		}
	}
}

// walked is the place of the first character at or behind a byte.
func walked(text string, at source.Pos, off int) source.Pos {
	if at.Line == 0 {
		at = source.Pos{Line: 1, Column: 1}
	}
	for i := 0; i < off && i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i, at.Byte, at.Column = i+size, at.Byte+size, at.Column+1
		if r == '\n' {
			at.Line, at.Column = at.Line+1, 1
		}
	}
	return at
}

// TestPlaceOfTree holds the places in a tree to its ranges, also where they join parts.
func TestPlaceOfTree(t *testing.T) {
	t.Parallel()
	r := func(path string, line int) source.Range {
		return source.Range{Path: path, Start: source.Pos{Line: line, Column: 2, Byte: 3}, End: source.Pos{Line: line + 1, Column: 5, Byte: 9}}
	}
	in := new(written)
	a, b := in.add(r("a", 1)), in.add(r("b", 7))
	want := source.Range{Path: "a", Start: r("a", 1).Start, End: r("b", 7).End}
	switch {
	case a.Range() != r("a", 1), b.Range() != r("b", 7), a.upTo(b).Range() != want:
		t.Errorf("got %v, %v and %v", a.Range(), b.Range(), a.upTo(b).Range())
	case !sameOffsets(a), !sameOffsets(b), !sameOffsets(Place{}):
		t.Error("offsets differ from those of the range")
	case a == b || a != in.at(0, 0) || a == (Place{}) || Place{}.Range() != source.Range{}:
		t.Error("places are told apart by what they are the place of")
	}
}

func sameOffsets(p Place) bool {
	start, end := p.Offsets()
	r := p.Range()
	return start == r.Start.Byte && end == r.End.Byte
}
