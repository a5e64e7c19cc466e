package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/policy"
)

func TestQuestions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind policy.Kind
		text string
		want policy.Question
	}{
		{"none", policy.Identity, identity(allowAll), 0},
		{"none in a resource policy", policy.Resource, identity(anyone), 0},
		{"AWS star", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"AWS":["111122223333","*"]}`), policy.QuestionAWSStar},
		{"service star", policy.Resource, identity(`"Effect":"Allow","Action":"*","Principal":{"Service":"*"}`), 0},
		{"not principal", policy.Resource, identity(`"Effect":"Deny","Action":"*","NotPrincipal":{"AWS":"111122223333"}`), policy.QuestionNotPrincipal},
		{"both", policy.Resource, identity(`"Effect":"Deny","Action":"*","NotPrincipal":{"AWS":"*"}`), policy.QuestionNotPrincipal | policy.QuestionAWSStar},
		{"short ARN", policy.Identity, identity(`"Effect":"Allow","Action":"*","NotResource":["*","arn:aws:sqs:*:*"]`), policy.QuestionShortARN},
		{"whole ARN", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs:*:*:*"`), 0},
		{"colons in a variable", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs:${aws:RequestedRegion}:${aws:PrincipalAccount}"`), policy.QuestionShortARN},
		{"any if exists", policy.Identity, condition(`{"ForAnyValue:StringLikeIfExists":{"aws:k":"a"}}`), policy.QuestionAnyIfExists},
		{"any", policy.Identity, condition(`{"ForAnyValue:StringLike":{"aws:k":"a"},"StringLikeIfExists":{"aws:k":"*"}}`), 0},
		{"ARN star", policy.Identity, condition(`{"ArnNotEqualsIfExists":{"aws:k":["arn:aws:s3:::b","*"]}}`), policy.QuestionShortARNPattern},
		{"short ARN pattern", policy.Identity, condition(`{"ForAnyValue:ArnLike":{"aws:k":["arn:aws:s3:::b","arn:aws:iam::*"]}}`), policy.QuestionShortARNPattern},
		{"ARN pattern of variables", policy.Identity, condition(`{"ArnLike":{"aws:k":["${aws:PrincipalArn}","arn:${aws:b}"]}}`), 0},
		{"ARN with stars", policy.Identity, condition(`{"ArnLike":{"aws:k":["arn:*:*:*:*:*","*:*:*:*:*:${*}:*"]}}`), 0},
		{"empty list", policy.Identity, condition(`{"StringNotLike":{"aws:k":[]}}`), policy.QuestionEmptyList},
		{"empty list for null", policy.Identity, condition(`{"Null":{"aws:k":[]}}`), policy.QuestionEmptyList},
		{"empty list, qualified", policy.Identity, condition(`{"ForAllValues:StringLike":{"aws:k":[]},"BoolIfExists":{"aws:k":[]}}`), 0},
		{"colons behind a variable", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:${aws:PrincipalTag/p}:s3:::b","Condition":{"ArnLike":{"aws:k":"arn:${*}:s3:::b"}}`), 0},
		{"colons in the last variable", policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs:a:${aws:username}"`), policy.QuestionShortARN},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := policy.Questions(parse(t, tt.kind, tt.text)); got != tt.want {
				t.Errorf("got %06b, want %06b", got, tt.want)
			}
		})
	}
	a := parse(t, policy.Identity, tests[6].text)
	b := parse(t, policy.Identity, tests[9].text)
	if got := policy.Questions(a, b); got != policy.QuestionShortARN|policy.QuestionAnyIfExists {
		t.Errorf("two documents: got %06b", got)
	}
}

// TestQuestionsOfNoPattern: a text that cannot be read matches nothing.
func TestQuestionsOfNoPattern(t *testing.T) {
	t.Parallel()
	d := &policy.Document{Kind: policy.Identity, Version: policy.Version2012, Statements: []policy.Statement{
		{Effect: policy.Allow, Resource: &policy.Values{List: []policy.Value{{Text: "arn:${"}}}},
	}}
	if got := policy.Questions(d); got != 0 {
		t.Errorf("got %06b", got)
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]policy.Reading{{}}, policy.Readings(0)); diff != "" {
		t.Errorf("no question (-want +got):\n%s", diff)
	}
	want := []policy.Reading{{}, {ShortARNPatternMatches: true}, {NotPrincipalNeedsChain: true}, {ShortARNPatternMatches: true, NotPrincipalNeedsChain: true}}
	if diff := cmp.Diff(want, policy.Readings(policy.QuestionShortARNPattern|policy.QuestionNotPrincipal)); diff != "" {
		t.Errorf("two questions (-want +got):\n%s", diff)
	}
	seen := map[policy.Reading]bool{}
	for _, r := range policy.Readings(policy.QuestionNotPrincipal<<1 - 1) {
		seen[r] = true
	}
	if len(seen) != 64 {
		t.Errorf("all six questions have %d readings", len(seen))
	}
}
