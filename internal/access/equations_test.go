package access_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestEquations holds the engine to policies that are equations between the values of
// several variables.
func TestEquations(t *testing.T) {
	const nothing = `{"Effect":"Deny","Action":"*","Resource":"*"}`
	none := who("Deny", "Principal", `"*"`)
	allow := func(resource, conditions string) string {
		return `{"Effect":"Allow","Action":"*","Resource":"` + resource + `","Condition":{` + conditions + `}}`
	}
	deny := func(resource, conditions string) string {
		return `{"Effect":"Deny"` + allow(resource, conditions)[len(`{"Effect":"Allow"`):]
	}
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
		want          access.Verdict
	}{
		{"a variable within the name of a service", policy.Resource, none, who("Allow", "Principal", `{"Service":"b.amazonaws.com"},"Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalServiceName":"${k:a}.amazonaws.com"}}`), access.Fail},
		{"a variable that two others make", 0, allow("*", ``) + "," + deny("arn:aws:s3:::${k:a}", ``), allow("arn:aws:s3:::${k:b}/${k:c}", ``), access.Fail},
		{"a key that holds one variable and differs from another", 0, nothing, allow("arn:aws:s:*:${k:b}:*", `"ArnEquals":{"k:x":"arn:aws:iam::${k:a}:role/r"},"StringNotLike":{"k:x":"${k:c, 'x'}"}`), access.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			before, after := mustParse(t, wrap(tt.before), kind, true), mustParse(t, wrap(tt.after), kind, true)
			for _, o := range []access.Options{{}, access.SearchAll(access.Options{Explain: true})} {
				if got := access.NoNewAccess(before, after, o); got.Verdict != tt.want {
					t.Errorf("%+v: got %v %s, want %v\n%+v", o, got.Verdict, got.Reason, tt.want, got.Gains)
				}
			}
		})
	}
}
