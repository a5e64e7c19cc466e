package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestWork: less work finds what more work finds, or nothing. Wherever it ends, that is
// told: nothing passes because it was not looked at.
func TestWork(t *testing.T) {
	t.Run("between variables", func(t *testing.T) {
		get := func(resource, text string) []*policy.Document {
			return mustParse(t, wrap(`{"Effect":"Allow","Action":"s3:Get","Resource":"`+resource+`","Condition":{"StringLike":{"k:a":"`+text+`"}}}`), policy.Identity, false)
		}
		old, now := get("arn:aws:s3:::${aws:username}/a*", "${aws:username}x*"), get("arn:aws:s3:::${aws:username}/*", "${aws:username}*")
		all := access.NoNewAccess(old, now, access.Options{})
		if all.Verdict != access.Fail {
			t.Fatalf("got %v", all.Verdict)
		}
		for work := 1; work < all.Steps; work += 7 {
			if got := access.NoNewAccess(old, now, access.Options{Work: work}); got.Verdict == access.Pass {
				t.Fatalf("with %d steps: got %v", work, got.Verdict)
			}
		}
	})
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := shrinking{t}
				keys := drawKeys(d)
				old, now := read(t, kind, lawful.side(d, kind, keys, 3)[0]), read(t, kind, lawful.side(d, kind, keys, 3)[0])
				all := access.NoNewAccess(old, now, access.Options{})
				if all.Steps == 0 {
					return
				}
				o := access.Options{Work: rapid.IntRange(1, all.Steps).Draw(t, "work"), Explain: rapid.Bool().Draw(t, "explain")}
				got := access.NoNewAccess(old, now, o)
				if got.Verdict != all.Verdict && got.Verdict != access.Undetermined {
					t.Fatalf("with %d steps of %d: got %v, and %v with all", o.Work, all.Steps, got.Verdict, all.Verdict)
				}
			})
		})
	}
}
