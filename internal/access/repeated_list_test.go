package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestHeldTexts holds the index of a list to the definition: an entry is the text, or
// its beginning and a "*".
func TestHeldTexts(t *testing.T) {
	text := rapid.StringMatching(`a?:?[ab]{0,2}(:[ab])?\*?`)
	rapid.Check(t, func(t *rapid.T) {
		var list []policy.Value
		for _, s := range rapid.SliceOfN(text, 0, 3*manyEntries).Draw(t, "list") {
			list = append(list, policy.Value{Text: s})
		}
		r := reader{left: maxComparisons}
		at := 0
		for _, s := range rapid.SliceOfN(text, 1, 3*manyEntries).Draw(t, "texts") {
			var got bool
			at, got = r.held(list, s, at, 1)
			if want := slices.ContainsFunc(list, func(v policy.Value) bool { return holdsText(v.Text, s, 1) }); got != want {
				t.Fatalf("%q in %v: got %v", s, list, got)
			}
		}
	})
}
