package access_test

import (
	"slices"
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

// FuzzAccessNotGranted lists any action and resource: a failure has a request that one
// of the readings allows, and a policy that allows nothing grants nothing.
func FuzzAccessNotGranted(f *testing.F) {
	f.Add([]byte(wrap(inBucket("home/${aws:username}/*", `"StringEquals":{"aws:username":"bob"}`))), "s3:*", "arn:aws:s3:::home/b*", false)
	f.Add([]byte(wrap(anyone+`,`+who("Deny", "NotPrincipal", `{"AWS":"111111111111"}`))), "*", "", true)
	f.Fuzz(func(t *testing.T, text []byte, action, resource string, resourcePolicy bool) {
		kind := policy.Identity
		if resourcePolicy {
			kind = policy.Resource
		}
		doc, faulty := policy.Parse(text, policy.ParseOptions{Kind: kind, Reference: true})
		if faulty.HasErrors() {
			return
		}
		var listed access.Access
		if action != "" {
			listed.Actions = []string{action}
		}
		if resource != "" {
			listed.Resources = []string{resource}
		}
		docs := []*policy.Document{doc}
		got, err := access.AccessNotGranted(docs, []access.Access{listed}, access.Options{Work: 200_000})
		if err != nil {
			return
		}
		for _, g := range got.Gains {
			if !allowedInSome(docs, g.Witness) {
				t.Errorf("no reading allows %+v", g.Witness)
			}
		}
		if got.Verdict == access.Fail && !slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow }) {
			t.Errorf("a policy without Allow grants %+v", got.Gains)
		}
	})
}

// FuzzNoPublicAccess takes any policy for one of a type: a failure has a request that
// one of the readings allows.
func FuzzNoPublicAccess(f *testing.F) {
	f.Add([]byte(wrap(anyone)), byte(0))
	f.Add([]byte(wrap(by(`"*"`, `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`))), byte(8))
	f.Add([]byte(wrap(by(`{"Federated":"accounts.google.com"}`, `"StringEquals":{"accounts.google.com:aud":"x"}`))), byte(17))
	f.Fuzz(func(t *testing.T, text []byte, which byte) {
		doc, faulty := policy.Parse(text, policy.ParseOptions{Kind: policy.Resource})
		if faulty.HasErrors() {
			return
		}
		types := access.ResourceTypes()
		got, err := access.NoPublicAccess(doc, types[int(which)%len(types)], access.Options{Work: 200_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range got.Gains {
			if !allowedInSome([]*policy.Document{doc}, g.Witness) {
				t.Errorf("no reading allows %+v", g.Witness)
			}
		}
	})
}

// allowedInSome reports whether the evaluator allows q in some reading.
func allowedInSome(docs []*policy.Document, q policy.Request) bool {
	return slices.ContainsFunc(policy.Readings(policy.Questions(docs...)), func(r policy.Reading) bool {
		d, _ := policy.Evaluate(docs, q, r)
		return d == policy.DecisionAllow
	})
}
