package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestWitness holds witnesses to names that readers know, and to the spelling of the
// documents.
func TestWitness(t *testing.T) {
	const (
		role   = "arn:aws:iam::111122223333:role/deploy"
		bucket = "arn:aws:s3:::orders"
	)
	trust := `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`
	for _, tt := range []struct {
		name     string
		kind     policy.Kind // 0: identity
		after    string
		resource string // of the options
		action   string
		on       string
		keys     []string
	}{
		{"resource of a trust policy", policy.Resource, trust, role, "sts:AssumeRole", role, nil},
		{"resource of a statement about all", policy.Resource, onAPI("*"), bucket, "execute-api:Invoke", bucket, nil},
		{"resource that the statement does not name", policy.Resource, onAPI(bucket + "/x"), bucket, "execute-api:Invoke", bucket + "/x", nil},
		{"action that fits the resource", policy.Resource, anyone, "arn:aws:sqs:us-east-1:111122223333:q", "sqs:AddPermission", "arn:aws:sqs:us-east-1:111122223333:q", nil},
		{"object of a bucket", policy.Resource, `{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":["` + bucket + `","` + bucket + `/*"]}`, bucket, "s3:PutObject", bucket + "/example", nil},
		{"bucket and not its objects", policy.Resource, `{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":["` + bucket + `","` + bucket + `/*"]}`, bucket, "s3:ListBucket", bucket, nil},
		{"action in lower case", 0, `{"Effect":"Allow","Action":"iam:passrole","Resource":"` + role + `"}`, "", "iam:PassRole", role, nil},
		{"action that is not known", 0, `{"Effect":"Allow","Action":"myService:DoThis","Resource":"` + role + `"}`, "", "myService:DoThis", role, nil},
		{"pattern of an action that is not known", 0, `{"Effect":"Allow","Action":"myService:Do?","Resource":"` + role + `"}`, "", "myService:Dox", role, nil},
		{"key of a variable", 0, strings.Replace(res("arn:aws:s3:::b/${AWS:PrincipalAccount}"), "*", "s3:putobject", 1), "", "s3:PutObject", "arn:aws:s3:::b/value", []string{"AWS:PrincipalAccount"}},
		{"key of a condition", 0, `{"Effect":"Allow","Action":"iam:PassRole","Resource":"` + role + `","Condition":{"StringLike":{"k:tExt":"?"}}}`, "", "iam:PassRole", role, []string{"k:tExt"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			got := access.NoNewAccess(nil, mustParse(t, wrap(tt.after), kind, false), access.Options{Resource: tt.resource})
			if got.Verdict != access.Fail {
				t.Fatalf("got %v", got.Verdict)
			}
			q := got.Gains[0].Witness
			var keys []string
			for k := range q.Context {
				keys = append(keys, k)
			}
			if diff := cmp.Diff([]any{tt.action, tt.on, tt.keys}, []any{q.Action, q.Resource, keys}); diff != "" {
				t.Errorf("action, resource, keys (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWitnessOfListedAction(t *testing.T) {
	listed := access.Access{Actions: []string{"myService:DoThis"}}
	got, err := access.AccessNotGranted(mustParse(t, wrap(everything), policy.Identity, false), []access.Access{listed}, access.Options{})
	if err != nil || got.Verdict != access.Fail {
		t.Fatalf("got %v, %v", got.Verdict, err)
	}
	if a := got.Gains[0].Witness.Action; a != "myService:DoThis" {
		t.Errorf("the witness has action %s", a)
	}
}

// TestBelievableWitness holds witnesses to requests that a reader has seen before.
func TestBelievableWitness(t *testing.T) {
	const (
		queue  = "arn:aws:sqs:us-east-1:111122223333:example"
		deploy = "arn:aws:iam::111122223333:role/deploy"
		github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	)
	allow := func(rest string) string { return `{"Effect":"Allow",` + rest + `}` }
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
		resource      string // of the options
		principal     string
		action, on    string
		context       map[string][]string
	}{
		{"everything", policy.Identity, "", everything, "", "", "iam:PutRolePolicy", "arn:aws:iam::111122223333:role/example", nil},
		{"all but IAM", policy.Identity, "", allow(`"NotAction":"iam:*","Resource":"*"`), "", "", "sts:AssumeRole", "arn:aws:iam::111122223333:role/example", nil},
		{"a service", policy.Identity, "", allow(`"Action":"s3:*","Resource":"*"`), "", "", "s3:PutBucketPolicy", "arn:aws:s3:::amzn-s3-demo-bucket", nil},
		{"objects only", policy.Identity, "", allow(`"Action":"s3:*","Resource":"arn:aws:s3:::logs/*"`), "", "", "s3:PutObjectAcl", "arn:aws:s3:::logs/example", nil},
		{"bucket and objects", policy.Identity, "", allow(`"Action":"s3:*","Resource":["arn:aws:s3:::logs/*","arn:aws:s3:::logs"]`), "", "", "s3:PutBucketPolicy", "arn:aws:s3:::logs", nil},
		{"any account and Region", policy.Identity, "", allow(`"Action":"dynamodb:DeleteTable","Resource":"arn:aws:dynamodb:*:*:table/orders-*"`), "", "", "dynamodb:DeleteTable", "arn:aws:dynamodb:us-east-1:111122223333:table/orders-example", nil},
		{"a type that the action names", policy.Identity, "", allow(`"Action":"ec2:StartInstances","Resource":"*"`), "", "", "ec2:StartInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1234567890abcdef0", nil},
		{"an action without resources", policy.Identity, "", allow(`"Action":"s3:ListAllMyBuckets","Resource":"*"`), "", "", "s3:ListAllMyBuckets", "*", nil},
		{"a variable", policy.Identity, "", allow(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"`), "", "", "s3:GetObject", "arn:aws:s3:::home/value/example", map[string][]string{"aws:username": {"value"}}},
		{"an address of a network", policy.Identity, "", allow(`"Action":"sqs:SendMessage","Resource":"` + queue + `","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`), "", "", "sqs:SendMessage", queue, map[string][]string{"aws:SourceIp": {"10.0.0.10"}}},
		{"any address", policy.Identity, "", allow(`"Action":"sqs:SendMessage","Resource":"` + queue + `","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Null":{"aws:SourceIp":"false"}}`), "", "", "sqs:SendMessage", queue, map[string][]string{"aws:SourceIp": {"203.0.113.10"}}},
		{"an organization", policy.Identity, "", allow(`"Action":"sqs:SendMessage","Resource":"` + queue + `","Condition":{"StringLike":{"aws:ResourceOrgID":"o-*"}}`), "", "", "sqs:SendMessage", queue, map[string][]string{"aws:ResourceOrgID": {"o-example"}}},
		{"a tag", policy.Identity, "", allow(`"Action":"sqs:SendMessage","Resource":"` + queue + `","Condition":{"StringLike":{"aws:ResourceTag/team":"*"}}`), "", "", "sqs:SendMessage", queue, map[string][]string{"aws:ResourceTag/team": {"example"}}},
		{"an account", policy.Resource, "", allow(`"Principal":{"AWS":"444455556666"},"Action":"sqs:SendMessage","Resource":"*"`), queue, "arn:aws:iam::444455556666:role/example", "sqs:SendMessage", queue, nil},
		{"a role's own ARN", policy.Resource, allow(`"Principal":{"AWS":"444455556666"},"Action":"sqs:*","Resource":"*"`),
			allow(`"Principal":{"AWS":"*"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}`), queue,
			"arn:aws:iam::111122223333:role/example", "sqs:SendMessage", queue, map[string][]string{"aws:PrincipalArn": {"arn:aws:iam::111122223333:role/example"}}},
		{"a service that acts for a resource", policy.Resource, "", allow(`"Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}`), queue,
			"sns.amazonaws.com", "sqs:SendMessage", queue, map[string][]string{"aws:SourceArn": {"arn:aws:sns:us-east-1:111122223333:example"}}},
		{"a web identity", policy.Resource, "", allow(`"Principal":{"Federated":"` + github + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/*"}}`), deploy,
			github, "sts:AssumeRoleWithWebIdentity", deploy, map[string][]string{"token.actions.githubusercontent.com:sub": {"repo:acme/example"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := access.NoNewAccess(mustParse(t, wrap(tt.before), tt.kind, false), mustParse(t, wrap(tt.after), tt.kind, false), access.Options{Resource: tt.resource})
			if got.Verdict != access.Fail {
				t.Fatalf("got %v", got.Verdict)
			}
			q := got.Gains[0].Witness
			if tt.context == nil {
				tt.context = map[string][]string{}
			}
			if diff := cmp.Diff([]any{tt.principal, tt.action, tt.on, tt.context}, []any{q.Principal.String(), q.Action, q.Resource, q.Context}); diff != "" {
				t.Errorf("principal, action, resource, context (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWitnessOfItsStatement holds the witness of a gain to match the statement that it
// is for, also where another statement allows a more believable request.
func TestWitnessOfItsStatement(t *testing.T) {
	arn := func(effect, principal, pattern string) string {
		return `{"Effect":"` + effect + `","Principal":{"AWS":` + principal + `},"Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"` + pattern + `"}}}`
	}
	docs := mustParse(t, wrap(arn("Allow", `"*"`, "arn:aws:iam::*:role/*")+","+arn("Allow", `["111111111111","arn:aws:iam::111111111111:role/r"]`, "arn:aws:iam::*:role/r")), policy.Resource, false)
	before := mustParse(t, wrap(arn("Allow", `"*"`, "arn:aws:iam::*:user/u")), policy.Resource, false)
	got := access.NoNewAccess(before, docs, access.Options{Explain: true})
	if len(got.Gains) != 2 {
		t.Fatalf("got %+v", got)
	}
	for _, g := range got.Gains {
		if d, _ := policy.Evaluate(alone(docs[0], g.Statement), g.Witness, policy.Reading{}); d != policy.DecisionAllow {
			t.Errorf("statement %d does not match its witness %+v", g.Statement, g.Witness)
		}
	}
}

// TestWitnessOfBool holds the value of a key that is known to be a Boolean to what
// such a key can hold, also where text operators alone are used with it.
func TestWitnessOfBool(t *testing.T) {
	docs := mustParse(t, wrap(on(`"StringNotEquals":{"aws:SecureTransport":"false"},"Null":{"aws:SecureTransport":"false"}`)), policy.Identity, false)
	got := access.NoNewAccess(nil, docs, access.Options{})
	if got.Verdict != access.Fail {
		t.Fatalf("got %v", got.Verdict)
	}
	if diff := cmp.Diff([]string{"true"}, got.Gains[0].Witness.Context["aws:SecureTransport"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
