package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// parse reads a document that the test relies on.
func parse(t testing.TB, kind policy.Kind, text string) *policy.Document {
	t.Helper()
	d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind, Reference: true})
	if ds.HasErrors() {
		t.Fatalf("%s: %v", text, ds)
	}
	return d
}

// allows reports whether the one document allows q under r.
func allows(d *policy.Document, q policy.Request, r policy.Reading) bool {
	decision, _ := policy.Evaluate([]*policy.Document{d}, q, r)
	return decision == policy.DecisionAllow
}

func TestEvaluateDecisions(t *testing.T) {
	t.Parallel()
	one := parse(t, policy.Identity, `{"Version":"2012-10-17","Statement":[
		{"Sid":"Read","Effect":"Allow","Action":"s3:Get*","Resource":"*"},
		{"Sid":"Secret","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret/*"},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
	two := parse(t, policy.Identity, `{"Statement":[
		{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"},
		{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret/*"}]}`)
	read := policy.Decider{Policy: 0, Index: 0, Sid: "Read", Effect: policy.Allow}
	tests := []struct {
		name     string
		docs     []*policy.Document
		q        policy.Request
		decision policy.Decision
		deciders []policy.Decider
	}{
		{"no documents", nil, policy.Request{Action: "s3:GetObject", Resource: "*"}, policy.DecisionImplicitDeny, nil},
		{"nothing matches", []*policy.Document{one, two}, policy.Request{Action: "ec2:RunInstances", Resource: "*"}, policy.DecisionImplicitDeny, nil},
		{"allow", []*policy.Document{one}, policy.Request{Action: "s3:GetAcl", Resource: "arn:aws:s3:::b/k"}, policy.DecisionAllow, []policy.Decider{read}},
		{"all allows", []*policy.Document{one}, policy.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}, policy.DecisionAllow,
			[]policy.Decider{read, {Policy: 0, Index: 2, Effect: policy.Allow}}},
		{"deny wins", []*policy.Document{one}, policy.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::secret/k"}, policy.DecisionExplicitDeny,
			[]policy.Decider{{Policy: 0, Index: 1, Sid: "Secret", Effect: policy.Deny}}},
		{"all denies", []*policy.Document{two, one}, policy.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::secret/k"}, policy.DecisionExplicitDeny,
			[]policy.Decider{{Policy: 0, Index: 1, Effect: policy.Deny}, {Policy: 1, Index: 1, Sid: "Secret", Effect: policy.Deny}}},
		{"deny of another document", []*policy.Document{one, two}, policy.Request{Action: "s3:deleteobject", Resource: "arn:aws:s3:::b/k"}, policy.DecisionExplicitDeny,
			[]policy.Decider{{Policy: 1, Index: 0, Effect: policy.Deny}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			decision, deciders := policy.Evaluate(tt.docs, tt.q, policy.Reading{})
			if diff := cmp.Diff(tt.deciders, deciders); decision != tt.decision || diff != "" {
				t.Errorf("got %s, want %s; deciders (-want +got):\n%s", decision, tt.decision, diff)
			}
		})
	}
}

func TestEvaluateActions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		element, action string
		want            bool
	}{
		{`"Action":"s3:Get*"`, "S3:getobject", true},
		{`"Action":"s3:Get*"`, "s3:PutObject", false},
		{`"Action":"ec2:?escribeInstances"`, "ec2:DescribeInstances", true},
		{`"Action":"ec2:?escribeInstances"`, "ec2:escribeInstances", false},
		{`"Action":"iam:*AccessKey*"`, "iam:CreateAccessKey", true},
		{`"Action":"iam:*AccessKey*"`, "iam:ListAccessKeys", true},
		{`"Action":"*"`, "anything:AtAll", true},
		{`"Action":"*:*"`, "anything:AtAll", true},
		{`"Action":"e?2:Run*"`, "ec2:RunInstances", true},
		{`"Action":["s3:Get*","ec2:*"]`, "ec2:RunInstances", true},
		{`"Action":[]`, "s3:GetObject", false},
		{`"NotAction":["s3:*","ec2:*"]`, "ec2:RunInstances", false},
		{`"NotAction":["s3:*","ec2:*"]`, "iam:PassRole", true},
		{`"NotAction":"*"`, "iam:PassRole", false},
		{`"Action":"a:*b*b*b*b*c"`, "a:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", false},
		{`"Action":"a:*bc*d?"`, "a:xbcbcdydz", true},
		{`"Action":"a:*"`, "a:", true},
		{`"Action":"a:É"`, "a:é", true},
		{`"Action":"a:\u212a*"`, "a:ka", true}, // the sign of Kelvin is a K
		{`"Action":"a:k*"`, "a:\u212aa", true},
		{`"Action":"s3:get*"`, "s3:GeoObject", false},
		{`"Action":"s3:Get"`, "s3:GetObject", false},
		{`"Action":"s3:GetObject"`, "s3:Get", false},
	}
	for _, tt := range tests {
		d := parse(t, policy.Identity, identity(`"Effect":"Allow",`+tt.element+`,"Resource":"*"`))
		if got := allows(d, policy.Request{Action: tt.action, Resource: "*"}, policy.Reading{}); got != tt.want {
			t.Errorf("%s and %s: %v, want %v", tt.element, tt.action, got, tt.want)
		}
	}
}

func TestEvaluateResources(t *testing.T) {
	t.Parallel()
	bob := map[string][]string{"AWS:UserName": {"bob"}}
	tests := []struct {
		name     string
		element  string
		resource string
		context  map[string][]string
		want     bool
	}{
		{"star", `"Resource":"*"`, "arn:aws:s3:::b", nil, true},
		{"star and no resource", `"Resource":"*"`, "*", nil, true},
		{"ARN and no resource", `"Resource":"arn:aws:s3:::*"`, "*", nil, false},
		{"empty star", `"Resource":"arn:aws:s3:::b/*"`, "arn:aws:s3:::b/", nil, true},
		{"prefix is not enough", `"Resource":"arn:aws:s3:::b/*"`, "arn:aws:s3:::b", nil, false},
		{"slash is ordinary", `"Resource":"arn:aws:s3:::b*"`, "arn:aws:s3:::bucket2/x", nil, true},
		{"whole path", `"Resource":"arn:aws:iam::*:role/my-custom-role"`, "arn:aws:iam::1:role/my-sensitive-roles/my-custom-role", nil, false},
		{"below a path", `"Resource":"arn:aws:iam::123456789012:user/accounting/*"`, "arn:aws:iam::123456789012:user/accounting/a/b", nil, true},
		{"stars between slashes", `"Resource":"arn:aws:s3:::b/*/test/*"`, "arn:aws:s3:::b//test/x", nil, true},
		{"star between slashes may hold slashes", `"Resource":"arn:aws:s3:::b/*/test/*"`, "arn:aws:s3:::b/1/2/test/x", nil, true},
		{"slash must be there", `"Resource":"arn:aws:s3:::b/*/test/*"`, "arn:aws:s3:::b/test/x", nil, false},
		{"service in upper case", `"Resource":"arn:aws:IAM::1:user/Bob"`, "arn:aws:iam::1:user/Bob", nil, false},
		{"case", `"Resource":"arn:aws:iam::1:user/bob"`, "arn:aws:iam::1:user/Bob", nil, false},
		{"every queue", `"Resource":"arn:aws:sqs:*:*:*"`, "arn:aws:sqs:eu-west-1:1:q", nil, true},
		{"short ARN", `"Resource":"arn:aws:sqs"`, "arn:aws:sqs:eu-west-1:1:q", nil, true},
		{"short ARN of another service", `"Resource":"arn:aws:sqs"`, "arn:aws:sns:eu-west-1:1:q", nil, false},
		{"shortest ARN", `"Resource":"arn:*"`, "arn:aws:sns:eu-west-1:1:q", nil, true},
		{"short ARN and no ARN", `"Resource":"arn:aws:sqs"`, "arn:aws:sqs", nil, false},
		{"five fields", `"Resource":"arn:aws:dynamodb:*:table/prod-*"`, "arn:aws:dynamodb:us-east-1:1:table/prod-x", nil, false},
		{"colons behind the fifth", `"Resource":"arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f:*"`, "arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f:log-stream:x", nil, true},
		{"partition", `"Resource":"arn:aws-cn:s3:::b"`, "arn:aws:s3:::b", nil, false},
		{"any partition", `"Resource":"arn:*:s3:::b"`, "arn:aws-cn:s3:::b", nil, true},
		{"star does not cross a colon", `"Resource":"arn:aws:cloudformation:*:*:stack/A/*"`, "arn:aws:cloudformation:r:a:stack/B/x:stack/A/y", nil, false},
		{"mark does not cross a colon", `"Resource":"arn:aws:sqs:a?b:1:q"`, "arn:aws:sqs:a:b:1:q", nil, false},
		{"star matches an empty field", `"Resource":"arn:aws:s3:*:*:*sensitive*"`, "arn:aws:s3:::my-sensitive-bucket", nil, true},
		{"not resource", `"NotResource":["arn:aws:s3:::a","arn:aws:s3:::b"]`, "arn:aws:s3:::b", nil, false},
		{"all but resource", `"NotResource":["arn:aws:s3:::a","arn:aws:s3:::b"]`, "arn:aws:s3:::c", nil, true},
		{"all but resource, no resource", `"NotResource":["arn:aws:s3:::a"]`, "*", nil, true},
		{"no entries", `"Resource":[]`, "arn:aws:s3:::b", nil, false},

		{"variable", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/bob/k", bob, true},
		{"variable of somebody else", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/eve/k", bob, false},
		{"variable without value", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/bob/k", nil, false},
		{"variable without value is not literal", `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/${aws:username}/k", nil, false},
		{"variable without value in not", `"NotResource":"arn:aws:s3:::b/${aws:username}/*"`, "arn:aws:s3:::b/bob/k", nil, true},
		{"variable with two values", `"Resource":"arn:aws:s3:::${aws:username, 'bob'}"`, "arn:aws:s3:::bob", map[string][]string{"aws:username": {"bob", "bob"}}, false},
		{"variable with empty list", `"Resource":"arn:aws:s3:::${aws:username, 'bob'}"`, "arn:aws:s3:::bob", map[string][]string{"aws:username": {}}, true},
		{"default", `"Resource":"arn:aws:s3:::b-${aws:PrincipalTag/team, 'company-wide'}"`, "arn:aws:s3:::b-company-wide", nil, true},
		{"default is not used", `"Resource":"arn:aws:s3:::b-${aws:PrincipalTag/team, 'company-wide'}"`, "arn:aws:s3:::b-company-wide", map[string][]string{"aws:principaltag/TEAM": {"x"}}, false},
		{"wildcard in a value", `"Resource":"arn:aws:s3:::${aws:username}"`, "arn:aws:s3:::bob", map[string][]string{"aws:username": {"*"}}, false},
		{"wildcard in a value is itself", `"Resource":"arn:aws:s3:::${aws:username}"`, "arn:aws:s3:::*", map[string][]string{"aws:username": {"*"}}, true},
		{"escape", `"Resource":"arn:aws:s3:::a${*}"`, "arn:aws:s3:::a*", nil, true},
		{"escape is no wildcard", `"Resource":"arn:aws:s3:::a${*}"`, "arn:aws:s3:::ab", nil, false},
		{"variable in account", `"Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q"`, "arn:aws:sqs:r:1:q", map[string][]string{"aws:PrincipalAccount": {"1"}}, true},
		{"colon in a value of the first fields", `"Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q"`, "arn:aws:sqs:r:1:2:q", map[string][]string{"aws:PrincipalAccount": {"1:2"}}, false},
		{"colon in a value of the last field", `"Resource":"arn:aws:sqs:*:*:${aws:username}"`, "arn:aws:sqs:r:1:2:q", map[string][]string{"aws:username": {"2:q"}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := parse(t, policy.Identity, identity(`"Effect":"Allow","Action":"*",`+tt.element))
			q := policy.Request{Action: "a:b", Resource: tt.resource, Context: tt.context}
			if got := allows(d, q, policy.Reading{}); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestEvaluateVersion checks that variables are plain text without the version
// that has them.
func TestEvaluateVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", `"Version":"2008-10-17",`} {
		d := parse(t, policy.Identity, `{`+version+`"Statement":{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::b/${aws:username}/*","arn:aws:s3:::${*}"]}}`)
		for resource, want := range map[string]bool{
			"arn:aws:s3:::b/${aws:username}/k": true,
			"arn:aws:s3:::b/bob/k":             false,
			"arn:aws:s3:::${x}":                true, // "*" still is a wildcard
			"arn:aws:s3:::*":                   false,
		} {
			q := policy.Request{Action: "a:b", Resource: resource, Context: map[string][]string{"aws:username": {"bob"}}}
			if got := allows(d, q, policy.Reading{}); got != want {
				t.Errorf("version %q, %s: got %v", version, resource, got)
			}
		}
	}
}

func TestEvaluateAbsentResource(t *testing.T) {
	t.Parallel()
	d := parse(t, policy.Resource, identity(anyone))
	q := policy.Request{Principal: policy.Principal{Type: policy.PrincipalAll}, Action: "a:b", Resource: "arn:aws:s3:::b"}
	if !allows(d, q, policy.Reading{}) {
		t.Error("a resource policy without Resource is about every resource")
	}
}

// TestEvaluateOwnAPI checks the resources of API Gateway that leave out the ARN of
// the API.
func TestEvaluateOwnAPI(t *testing.T) {
	t.Parallel()
	const api = "arn:aws-cn:execute-api:cn-north-1:111122223333:a1b2"
	for _, tt := range []struct {
		pattern, resource string
		want              bool
	}{
		{"execute-api:/*", api + "/prod/GET/x", true},
		{"execute-api:/*", api + "/", true},
		{"execute-api:/*", api, false},
		{"execute-api:/*", "arn:aws:execute-api:eu-west-1:111122223333:/prod", false},
		{"execute-api:/*", "arn:aws:s3:::b/prod", false},
		{"execute-api:/*", "*", false},
		{"execute-api:/prod/?ET/${aws:username}", api + "/prod/GET/bob", true},
		{"execute-api:/prod/?ET/${aws:username}", api + "/prod/GET/eve", false},
		{"execute-api:/GET", api + "/prod/GET", false},
	} {
		doc := parse(t, policy.Resource, identity(anyone+`,"Resource":"`+tt.pattern+`"`))
		q := policy.Request{Principal: policy.Principal{Type: policy.PrincipalAll}, Action: "execute-api:Invoke", Resource: tt.resource,
			Context: map[string][]string{"aws:username": {"bob"}}}
		if d, _ := policy.Evaluate([]*policy.Document{doc}, q, policy.Reading{}); (d == policy.DecisionAllow) != tt.want {
			t.Errorf("%s and %s: got %v", tt.pattern, tt.resource, d)
		}
		if asked := policy.Questions(doc); asked != 0 {
			t.Errorf("%s raises %b", tt.pattern, asked)
		}
	}
}

func TestEvaluateShortARN(t *testing.T) {
	t.Parallel()
	crosses := policy.Reading{ShortARNCrosses: true}
	tests := []struct {
		pattern, resource                          string
		identity, identityCrosses, resourceCrosses bool
	}{
		{"arn:aws:sqs", "arn:aws:sqs:r:1:q", true, true, true},
		{"arn:aws:s3*", "arn:aws:s3-outposts:r:1:q", true, true, true},
		{"arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:r:1:table/prod-x", false, true, true},
		{"arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:r:1:table/dev-x", false, false, false},
		{"arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:r:table/prod-x:z", true, true, true},
		{"arn:aws:dynamodb:*:table/prod", "arn:aws:dynamodb:r:1:table/prod", false, true, true},
		{"arn:aws:dynamodb:*:table/prod", "arn:aws:dynamodb:r:1:table/prod:x", false, false, false},
		{"arn:aws:dynamodb:*x:table/prod", "arn:aws:dynamodb:r:x:table/prod", false, false, false},
		{"arn:aws:dynamodb:us-*:table/*", "arn:aws:dynamodb:us-x:1:table/a:b:c", false, true, true},
		{"arn:aws:dynamodb:us-*:table/*", "arn:aws:dynamodb:eu-x:1:table/a", false, false, false},
		{"arn:*:b", "arn:aws:s3:::b", false, true, true},
		{"arn:*:*:b", "arn:a:b", false, false, false},
		{"arn:*", "*", false, false, false},
		{"arn:", "arn:::::", true, true, true},
	}
	for _, tt := range tests {
		q := policy.Request{Principal: policy.Principal{Type: policy.PrincipalAll}, Action: "a:b", Resource: tt.resource}
		id := parse(t, policy.Identity, identity(`"Effect":"Allow","Action":"*","Resource":"`+tt.pattern+`"`))
		res := parse(t, policy.Resource, identity(anyone+`,"Resource":"`+tt.pattern+`"`))
		got := []bool{allows(id, q, policy.Reading{}), allows(id, q, crosses), allows(res, q, policy.Reading{}), allows(res, q, crosses)}
		want := []bool{tt.identity, tt.identityCrosses, false, tt.resourceCrosses}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s and %s: identity, crossing, resource, crossing (-want +got):\n%s", tt.pattern, tt.resource, diff)
		}
	}
}
