package terraform_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestScopeOfLinks makes sure that a target has the scope that its own grants have, so
// that links find them.
func TestScopeOfLinks(t *testing.T) {
	t.Parallel()
	const two, role = "aws.two", "arn:aws:iam::444455556666:role/r"
	x := extract(t, plan([]m{
		rc("aws_iam_role_policy.p", "create", nil, m{"name": "p", "role": "r", "policy": getObject}),
		rc("aws_lambda_function.f", "create", nil, m{"function_name": "f", "role": role}),
		stay("aws_iam_user.u", userObject("u")),
		stay("aws_iam_user.v", m{"name": "v", "arn": "arn:aws:iam::444455556666:user/v"}),
	}, []m{in(two, "aws_iam_role_policy.p", nil), in(two, "aws_lambda_function.f", nil), in("aws", "aws_iam_user.u", nil), in(two, "aws_iam_user.v", nil)},
	), terraform.Options{})
	if len(x.Grants) != 1 || len(x.Links) != 1 || len(x.Links[0].After) != 1 {
		t.Fatalf("grants %q, links %q; want one each", lines(x.Grants), linkLines(x.Links))
	}
	got := []string{x.Grants[0].Subject.Scope, x.Links[0].After[0].Scope}
	if diff := cmp.Diff([]string{"444455556666", "444455556666"}, got); diff != "" {
		t.Errorf("scopes of the role and of what acts as it (-want +got):\n%s", diff)
	}
}

// TestWrappedScopes makes sure that several plans in one document share no subjects, and
// that none of them loses its blocks.
func TestWrappedScopes(t *testing.T) {
	t.Parallel()
	one := json.RawMessage(plan([]m{
		rc("aws_s3_bucket_policy.b", "create", nil, m{"bucket": "b", "policy": openToAll}),
		rc("aws_s3_bucket_public_access_block.b", "delete", m{"bucket": "b", "restrict_public_buckets": true}, nil),
	}, nil))
	text, err := json.Marshal(map[string]any{"a": one, "b": one})
	if err != nil {
		t.Fatal(err)
	}
	x := extract(t, string(text), terraform.Options{})
	var got []string
	for _, g := range x.Grants {
		got = append(got, g.Address+" | "+g.Subject.Scope)
	}
	for _, b := range x.Blocks {
		got = append(got, b.Address+" | "+b.Subject.Scope)
	}
	want := []string{
		"a: aws_s3_bucket_policy.b | a: ", "b: aws_s3_bucket_policy.b | b: ",
		"a: aws_s3_bucket_public_access_block.b | a: ", "b: aws_s3_bucket_public_access_block.b | b: ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}
