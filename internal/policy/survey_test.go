package policy

import (
	"math/rand/v2"
	"testing"
)

// TestSurvey holds the quick count to the walk over all characters.
func TestSurvey(t *testing.T) {
	t.Parallel()
	const letters = "az{}\":,!~\x7f"
	for _, odd := range []string{"", " ", "\t\n\r", "\\", "\x00", "\x1f", "\x80", "é", "€", "\xff", " \\é\n"} {
		for range 300 {
			text := make([]byte, rand.IntN(40))
			for i := range text {
				text[i] = letters[rand.IntN(len(letters))]
			}
			at := rand.IntN(len(text) + 1)
			whole := string(text[:at]) + odd + string(text[at:])
			want := true
			for i := range len(whole) {
				c := whole[i]
				want = want && c < 0x80 && c != '\\' && (c >= ' ' || isBlank(c))
			}
			if n, plain := survey(whole); n != size(whole) || plain != want {
				t.Fatalf("%q: %d and %v, want %d and %v", whole, n, plain, size(whole), want)
			}
		}
	}
}
