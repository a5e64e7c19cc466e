package rules

import (
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestOpenings: what lets anyone in is named, the policy's statements as such, and what is
// no policy by what it is.
func TestOpenings(t *testing.T) {
	t.Parallel()
	const open = `{"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}`
	const more = `{"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"}`
	const call = `{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:a/*/GET/jwt"}`
	for _, one := range []struct {
		text, address, does, message string
		details                      []string
	}{
		{open, "aws_sqs_queue_policy.q", "", `Anyone can reach queue q (statement "A").`, nil},
		{open + "," + more, "aws_sqs_queue_policy.q", "", `Anyone can reach queue q (statement "A").`, []string{"The same by statement 1."}},
		{open + "," + more, "aws_lambda_permission.p", "lets a principal in", "Anyone can reach queue q (by aws_lambda_permission.p).", nil},
		{call, "aws_sqs_queue.q", "opens operations", "Anyone can reach queue q (by GET /jwt).", nil},
		{call, "aws_sqs_queue.q", opensMethod, "Anyone can reach queue q (by GET /jwt).", []string{"An API key is no authorizer: where the method asks for one, anyone who has a key is meant."}},
		{open, "aws_sqs_queue.q", "sets a list", "Anyone can reach queue q (by its acl).", nil},
	} {
		d, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [`+one.text+`]}`), policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		g := &extractors.Grant{
			Address: one.address, Attribute: "acl", Kind: extractors.Resource, Action: extractors.Create, Does: one.does,
			Subject: extractors.Subject{Kind: "queue", Name: "q", Address: "aws_sqs_queue.q"},
			Before:  extractors.Side{Absent: true}, After: extractors.Side{Document: d},
		}
		for _, f := range Run(g, Options{}) {
			if f.Rule == publicAccess.ID && (f.Message != one.message || !slices.Equal(f.Details, one.details)) {
				t.Errorf("got  %s %q\nwant %s %q", f.Message, f.Details, one.message, one.details)
			}
		}
	}
}
