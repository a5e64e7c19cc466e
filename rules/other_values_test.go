package rules

import (
	"strings"
	"testing"
)

// TestOtherValuesOfACondition: where a statement asks for other values of a key, no
// condition is gone; who is meant, patterns and other operators are looked at as ever.
func TestOtherValuesOfACondition(t *testing.T) {
	t.Parallel()
	const rule = "arn:aws:events:eu-west-1:111122223333:rule/"
	one := func(condition string) string {
		return `{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:GetQueueUrl", "Resource": "*", "Condition": {` + condition + `}}`
	}
	for _, c := range []struct {
		name, before, after, says string
		want                      Level
	}{
		{"another rule", `"ArnLike": {"aws:SourceArn": "` + rule + `a"}`, `"ArnLike": {"AWS:SourceArn": "` + rule + `b"}`, "before only if aws:SourceArn ArnLike " + rule + "a", Note},
		{"any rule", `"ArnLike": {"aws:SourceArn": "` + rule + `a"}`, `"ArnLike": {"aws:SourceArn": "` + rule + `*"}`, "no longer limited to", Warning},
		{"no rule", `"ArnLike": {"aws:SourceArn": "` + rule + `a"}`, `"Bool": {"aws:SecureTransport": "true"}`, "no longer limited to", Warning},
		{"where it is given", `"ArnLike": {"aws:SourceArn": "` + rule + `a"}`, `"ArnLikeIfExists": {"aws:SourceArn": "` + rule + `b"}`, "no longer limited to", Warning},
		{"not a rule", `"ArnLike": {"aws:SourceArn": "` + rule + `a"}`, `"ArnNotLike": {"aws:SourceArn": "` + rule + `b"}`, "no longer limited to", Warning},
		{"all of none", `"StringEquals": {"aws:SourceArn": "a"}`, `"ForAllValues:StringEquals": {"aws:SourceArn": "b"}`, "no longer limited to", Warning},
		{"another organization", `"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}`, `"StringEquals": {"aws:SourceOrgID": "o-z1b2c3d4e5"}`, "before only if", Warning},
	} {
		g := bucketGrant(t, "AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:q", one(c.before), one(c.after))
		told := false
		for _, f := range Run(g, Options{}) {
			if f.Rule != "new-access" {
				continue
			}
			told = true
			if f.Level != c.want || !strings.Contains(f.Message, c.says) {
				t.Errorf("%s: %s %s", c.name, f.Level, f.Message)
			}
		}
		if !told {
			t.Errorf("%s: not told", c.name)
		}
	}
}
