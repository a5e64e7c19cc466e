package rules

import (
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestTwins: what says the same of one subject is one finding; of subjects that only look
// alike, of policies, or where a comment accepts one, it is not.
func TestTwins(t *testing.T) {
	one := func(address string, change func(*Found)) Found {
		f := Found{Grant: &extractors.Grant{Does: "opens a function", Address: address, Subject: extractors.Subject{Kind: "function", Address: "F", Scope: "a"}}}
		f.Finding = Finding{
			Rule: "new-access", Address: address, Fingerprint: address, Statement: &Statement{}, Subject: Subject{Kind: "function", Address: "F"},
			Message: "everyone can now use lambda:InvokeFunctionUrl on F.", Gained: &Gained{Actions: []string{"lambda:InvokeFunctionUrl"}},
		}
		if change != nil {
			change(&f)
		}
		return f
	}
	for name, c := range map[string]struct {
		change func(*Found)
		want   int
	}{
		"the same": {nil, 1},
		"with a Sid": {func(f *Found) {
			f.Statement.Sid = "S"
			f.Message = `everyone can now use lambda:InvokeFunctionUrl on F (statement "S").`
		}, 1},
		"another scope":        {func(f *Found) { f.Grant.Subject.Scope = "b" }, 2},
		"a policy":             {func(f *Found) { f.Grant.Does = "" }, 2},
		"accepted":             {func(f *Found) { f.Archived = &Archived{} }, 2},
		"another action":       {func(f *Found) { f.Gained.Actions = []string{"lambda:InvokeFunction"} }, 2},
		"a limit that is gone": {func(f *Found) { f.Gained.Conditions = []string{"no longer limited to x"} }, 2},
		"another condition, which the sentence cuts": {func(f *Found) {
			f.Grant.After.Document = &policy.Document{Statements: []policy.Statement{{Conditions: []policy.Condition{{Key: "aws:SourceArn"}}}}}
		}, 2},
		"another rule": {func(f *Found) { f.Rule = "public-access" }, 2},
		"elsewhere":    {func(f *Found) { f.Location.Path = "b.yaml" }, 2},
	} {
		got := mergeTwins([]Found{one("Url", nil), one("Permission", c.change)})
		if len(got) != c.want {
			t.Errorf("%s: %d findings, want %d", name, len(got), c.want)
		}
		if c.want == 1 && (len(got[0].Same) != 1 || got[0].Same[0].Address != "Permission" || len(got[0].Each) != 2 || got[0].Each[1].Address != "Permission" || got[0].Fingerprint == "Url") {
			t.Errorf("%s: %+v", name, got[0].Finding)
		}
	}
}
