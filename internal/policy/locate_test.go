package policy

import (
	"math/rand/v2"
	"testing"

	"github.com/grantdiff/grantdiff/internal/source"
)

// TestLocator holds the quick way to tell places to the walk over all characters.
func TestLocator(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\n", "\n\na b\r\n c", "{\n  \"a\": 1\n}"} {
		for _, start := range []source.Pos{{}, {Line: 3, Column: 7, Byte: 40}} {
			quick := newLocator([]byte(text), "p", start)
			for range 50 {
				walk := newLocator([]byte(text), "p", start)
				walk.lines = nil
				off := rand.IntN(len(text) + 2)
				if got, want := quick.position(off), walk.position(off); got != want {
					t.Errorf("%q from %v, byte %d: got %v, want %v", text, start, off, got, want)
				}
			}
		}
	}
	if l := newLocator([]byte("é\n"), "p", source.Pos{}); l.lines != nil {
		t.Error("characters of several bytes are taken for one byte each")
	}
}
