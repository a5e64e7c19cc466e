package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestRepeatedStatements holds what the texts of statements tell to what the search
// finds without them: lists made shorter, conditions added, statements moved.
func TestRepeatedStatements(t *testing.T) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d0 := shrinking{t}
				before := read(t, kind, lawful.side(d0, kind, drawKeys(d0), 3)[0])
				d := *before[0]
				d.Statements = nil
				for _, s := range rapid.Permutation(before[0].Statements).Draw(t, "order") {
					s.Action.List = rapid.SliceOfNDistinct(rapid.SampledFrom(append(s.Action.List, policy.Value{Text: "*"})), 0, -1, func(v policy.Value) string { return v.Text }).Draw(t, "actions")
					if rapid.IntRange(0, 3).Draw(t, "condition") == 0 && len(s.Conditions) > 0 {
						s.Conditions = s.Conditions[1:]
					}
					s.Index = len(d.Statements)
					d.Statements = append(d.Statements, s)
				}
				after := []*policy.Document{&d}
				told := access.NoNewAccess(before, after, access.Options{})
				searched := access.NoNewAccess(before, after, access.SearchAll(access.Options{}))
				if told.Verdict != searched.Verdict && searched.Verdict != access.Undetermined {
					t.Fatalf("%v, the search says %v", told.Verdict, searched.Verdict)
				}
			})
		})
	}
}
