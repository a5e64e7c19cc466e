package access_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// FuzzNoNewAccess compares any two policies that parse: a failure has a request
// that one of the readings confirms, and no policy exceeds itself.
func FuzzNoNewAccess(f *testing.F) {
	f.Add([]byte(wrap(everything)), []byte(wrap(on(`"StringLike":{"k:t":"${aws:username}*"}`))), false)
	f.Add([]byte(wrap(on(`"NumericLessThan":{"k:n":"1e3"}`))), []byte(wrap(on(`"NumericLessThan":{"k:n":5}`))), false)
	f.Add([]byte(wrap(anyone)), []byte(wrap(who("Deny", "NotPrincipal", `{"AWS":"111111111111"}`))), true)
	f.Fuzz(func(t *testing.T, a, b []byte, resource bool) {
		kind := policy.Identity
		if resource {
			kind = policy.Resource
		}
		before, faulty := policy.Parse(a, policy.ParseOptions{Kind: kind, Reference: true})
		after, faulty2 := policy.Parse(b, policy.ParseOptions{Kind: kind, Reference: true})
		if faulty.HasErrors() || faulty2.HasErrors() {
			return
		}
		old, now, o := []*policy.Document{before}, []*policy.Document{after}, access.Options{Work: 200_000}
		for _, g := range access.NoNewAccess(old, now, o).Gains {
			confirmed := false
			for _, r := range policy.Readings(policy.Questions(before, after)) {
				is, _ := policy.Evaluate(now, g.Witness, r)
				was, _ := policy.Evaluate(old, g.Witness, r)
				confirmed = confirmed || is == policy.DecisionAllow && was != policy.DecisionAllow
			}
			if !confirmed {
				t.Errorf("no reading confirms %+v", g.Witness)
			}
		}
		if got := access.NoNewAccess(now, now, o); got.Verdict == access.Fail {
			t.Errorf("a policy exceeds itself: %+v", got)
		}
	})
}
