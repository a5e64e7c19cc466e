package access_test

import (
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestKeysOfOtherActions: what a condition key holds is told by all conditions about a
// service, also those that no action asked about meets, and by no others.
func TestKeysOfOtherActions(t *testing.T) {
	for _, resource := range []string{"*", "arn:aws:s3:::${aws:username}/*"} { // cases of variables leave out what no request meets
		get := func(condition string) string {
			return `{"Effect":"Allow","Action":"s3:Get","Resource":"` + resource + `","Condition":{` + condition + `}}`
		}
		both := get(`"Bool":{"k:b":"true"}`) + "," + get(`"Bool":{"k:b":"false"}`)
		some := get(`"Null":{"k:b":"false"}`)
		for action, want := range map[string]access.Verdict{"s3:Put": access.Fail, "s?:Put": access.Fail, "ec2:Put": access.Pass} {
			text := `,{"Effect":"Allow","Action":"` + action + `","Resource":"*","Condition":{"StringEquals":{"k:b":"x"}}}`
			old, now := mustParse(t, wrap(both+text), policy.Identity, false), mustParse(t, wrap(some+text), policy.Identity, false)
			if got := access.NoNewAccess(old, now, access.Options{}).Verdict; got != want {
				t.Errorf("%s beside a text for %s: got %v, want %v", resource, action, got, want)
			}
		}
	}
}
