package rules

import (
	"strings"
	"testing"
)

// TestLimitThatStays: a new statement for somebody else takes no condition away from the
// one for everyone that is still there.
func TestLimitThatStays(t *testing.T) {
	t.Parallel()
	one := func(principal, condition string) string {
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sqs:SendMessage", "Resource": "*"` + condition + `}`
	}
	const (
		organization = `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`
		logs         = `{"Service": "logs.amazonaws.com"}`
		role         = `{"AWS": "arn:aws:iam::111122223333:role/a"}`
	)
	limited := one(`"*"`, organization)
	for _, c := range []struct {
		name, before, after string
		gone                bool
	}{
		{"one more statement", limited, limited + "," + one(logs, ""), false},
		{"in its place", limited, one(logs, ""), true},
		{"for everyone", limited, limited + "," + one(`"*"`, ""), true},
		{"one of two", limited + "," + one(role, organization), limited + "," + one(role, ""), true},
		{"of the same role", one(role, organization), one(role, organization) + "," + one(role, ""), true},
	} {
		told := false
		for _, f := range Run(bucketGrant(t, "AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", c.before, c.after), Options{}) {
			if f.Rule != "new-access" {
				continue
			}
			told = true
			if gone := strings.Contains(f.Message, noLongerLimited); gone != c.gone {
				t.Errorf("%s: %s", c.name, f.Message)
			}
			if !c.gone && f.Severity == 5 {
				t.Errorf("%s: graded as a condition that is gone", c.name)
			}
		}
		if !told {
			t.Errorf("%s: not told", c.name)
		}
	}
}
