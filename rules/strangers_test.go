package rules

import (
	"strings"
	"testing"
)

// TestStrangers: the sentence says who gets in, not more than that.
func TestStrangers(t *testing.T) {
	t.Parallel()
	const queue = "arn:aws:sqs:eu-west-1:111122223333:q"
	one := func(principal, condition string) string {
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {` + condition + `}}`
	}
	const (
		arn   = `{"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}`
		every = "Every AWS service, on whoever's behalf, can reach "
	)
	for _, c := range []struct{ after, says string }{
		{one(`"*"`, ``), "Anyone can reach "},
		{one(`{"AWS": "*"}`, `"ForAllValues:ArnLike": `+arn), "Anyone whose request has no aws:PrincipalArn can reach "},
		{one(`{"AWS": "*"}`, `"ArnLikeIfExists": `+arn), "Anyone can reach "},
		{one(`{"AWS": "*"}`, `"ArnNotLikeIfExists": `+arn), "Anyone can reach "},
		{one(`{"AWS": "*"}`, `"ForAllValues:StringLike": {"aws:TagKeys": "a*"}`), "Anyone can reach "},
		{one(`{"AWS": "*"}`, `"ForAllValues:ArnLike": `+arn) + "," + one(`"*"`, ``), "Anyone can reach "},
		{one(`{"AWS": "*"}`, `"ArnLike": `+arn), ""},
		{one(`{"Service": "*"}`, ``), every},
		{one(`{"Service": ["*", "sns.amazonaws.com"]}`, ``), every},
		{one(`{"Service": "*", "AWS": "*"}`, ``), "Anyone can reach "},
		{one(`{"Service": "*"}`, ``) + "," + one(`"*"`, ``), "Anyone can reach "},
	} {
		said := ""
		for _, f := range Run(bucketGrant(t, "AWS::SQS::Queue", queue, "", c.after), Options{}) {
			if f.Rule == "public-access" {
				said = f.Message
			}
		}
		if c.says == "" && said != "" || !strings.HasPrefix(said, c.says) {
			t.Errorf("%s: %q, want %q", c.after, said, c.says)
		}
	}
}
