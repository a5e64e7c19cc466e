package access

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestAimsLeaveNothingOut: patterns that are said to meet none of the actions asked about
// have nothing in common with any of them.
func TestAimsLeaveNothingOut(t *testing.T) {
	pattern := rapid.StringMatching(`[aAkKK]{0,2}:?[aAbkK*?K]{0,6}`)
	left := 0
	rapid.Check(t, func(t *rapid.T) {
		var asked []policy.Value
		for _, s := range rapid.SliceOfN(pattern, 1, 6).Draw(t, "asked") {
			asked = append(asked, policy.Value{Text: s})
		}
		q := &question{
			docs:  []*policy.Document{{Statements: []policy.Statement{{Effect: policy.Allow, Action: policy.Values{List: asked}}}}},
			asked: 1, selects: allows,
		}
		a := q.concerned()
		for range 3 { // each is looked for where the one before was found
			s := pattern.Draw(t, "pattern")
			if a.meets(s) {
				continue
			}
			left++
			b := &budget{1 << 20}
			for _, v := range asked {
				in := newInterner()
				query := textQuery{in: in, pos: []*union{in.union([]*glob{action(v.Text)}), in.union([]*glob{action(s)})}}
				if text, st := query.find(b); st != unsat {
					t.Fatalf("%q is left out for %q, and both match %q", s, v.Text, text)
				}
			}
		}
	})
	if left == 0 {
		t.Error("nothing is ever left out")
	}
}
