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
