package access

import (
	"testing"

	"pgregory.net/rapid"
)

// TestDisjoint holds the answer for two globs to a search for a string of both, without it.
func TestDisjoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, h := drawGlob(t), drawGlob(t)
		w, ok := newWalk([]*glob{newGlob(g.tokens()), newGlob(h.tokens())}, nil, &budget{1 << 24})
		if !ok {
			t.Fatal("out of work")
		}
		_, st := w.run()
		if got := disjoint(g.tokens(), h.tokens(), &budget{1 << 24}); got != (st == unsat) {
			t.Fatalf("%q and %q are disjoint: %v, the search says %v", g.key(), h.key(), got, st)
		}
	})
}

// TestDisjointUnknown holds that a value that is not known can be what any token asks.
func TestDisjointUnknown(t *testing.T) {
	for _, r := range []rune{opaque, opaqueAny} {
		value := []tok{{tokRune, r}}
		for kind := tokRune; kind <= tokManyPart; kind++ {
			if disjoint(value, []tok{{kind: kind, r: 'x'}}, &budget{1 << 20}) {
				t.Errorf("a value %x and a token of kind %d are said to be disjoint", r, kind)
			}
		}
	}
}
