package report

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// TestProofOfEveryone: a request by everyone that has a key of signed requests alone is none
// without credentials.
func TestProofOfEveryone(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"":                           "anyone, without credentials",
		"aws:SourceIp":               "anyone, without credentials",
		"aws:PrincipalIsAWSService":  "anyone, without credentials",
		"aws:PrincipalOrgID":         "anyone of whom this holds",
		"AWS:principaltag/team":      "anyone of whom this holds",
		"aws:PrincipalServiceName":   "anyone of whom this holds",
		"aws:principaltype":          "anyone, without credentials",
		"aws:PrincipalOrgPaths":      "anyone of whom this holds",
		"aws:RequestTag/PrincipalID": "anyone, without credentials",
	} {
		f := &rules.Finding{Witness: &policy.Request{Principal: policy.Principal{Type: policy.PrincipalAll}, Action: "s3:GetObject"}}
		if key != "" {
			f.Witness.Context = map[string][]string{key: {"x"}}
		}
		if got := proof(f)[0][1]; got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}
