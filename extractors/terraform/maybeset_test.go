package terraform_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestMaybeSet: the policies that a new role may have, and which only the configuration
// tells, are one thing that is not known.
func TestMaybeSet(t *testing.T) {
	t.Parallel()
	open := m{"after_unknown": m{"inline_policy": true, "managed_policy_arns": true}}
	role := m{"name": "r", "assume_role_policy": ec2Trust}
	set := func(attrs ...string) []m {
		refs := map[string][]string{"name": nil}
		for _, a := range attrs {
			refs[a] = []string{"local.arns"}
		}
		return []m{conf("aws_iam_role.r", refs)}
	}
	other := conf("aws_iam_role.other", map[string][]string{"name": nil})
	const both = "inline_policy and managed_policy_arns are not known"
	for name, c := range map[string]struct {
		change m
		conf   []m
		grant  string // how the reason of the inline policy begins
		link   string
	}{
		"without configuration":                     {rc("aws_iam_role.r", "create", nil, role, open), nil, both, ""},
		"of another configuration":                  {rc("aws_iam_role.r", "create", nil, role, open), []m{other}, both, ""},
		"attachments alone":                         {rc("aws_iam_role.r", "create", nil, role, m{"after_unknown": m{"managed_policy_arns": true}}), nil, "", "managed_policy_arns is not known"},
		"inline policies alone":                     {rc("aws_iam_role.r", "create", nil, role, m{"after_unknown": m{"inline_policy": true}}), nil, "inline_policy is not known", ""},
		"nobody sets them":                          {rc("aws_iam_role.r", "create", nil, role, open), set(), "", ""},
		"attachments that are set":                  {rc("aws_iam_role.r", "create", nil, role, open), set("managed_policy_arns"), "", "What managed_policy_arns will hold"},
		"a role that was there":                     {rc("aws_iam_role.r", "update", role, role, open), nil, "The policy text is not known", "What managed_policy_arns will hold"},
		"a block whose text is not known":           {rc("aws_iam_role.r", "create", nil, m{"name": "r", "inline_policy": []m{{"name": "a"}}}, m{"after_unknown": m{"inline_policy": []m{{"policy": true}}, "managed_policy_arns": true}}), nil, "The policy text is not known", "managed_policy_arns is not known"},
		"attachments of which one is known already": {rc("aws_iam_role.r", "create", nil, m{"name": "r", "managed_policy_arns": []any{nil}}, m{"after_unknown": m{"inline_policy": true, "managed_policy_arns": []any{true}}}), nil, "inline_policy is not known", "The value of managed_policy_arns"},
	} {
		result := extract(t, plan([]m{c.change}, c.conf), terraform.Options{})
		grant, link := "", ""
		for _, g := range result.Grants {
			if g.Attribute != "assume_role_policy" && g.After.Unknown != nil {
				grant = g.After.Unknown.Reason
			}
		}
		for _, l := range result.Links {
			for _, a := range l.After {
				link = a.Unknown.Reason
			}
		}
		if !strings.HasPrefix(grant, c.grant) || c.grant == "" && grant != "" {
			t.Errorf("%s: inline policies: got %q, want %q", name, grant, c.grant)
		}
		if !strings.HasPrefix(link, c.link) || c.link == "" && link != "" {
			t.Errorf("%s: attached policies: got %q, want %q", name, link, c.link)
		}
	}
}

// TestEmptyRole: a role that has to be named and is the empty text is not one that is
// known later; what the configuration refers to is told.
func TestEmptyRole(t *testing.T) {
	t.Parallel()
	result := extract(t, plan(
		[]m{rc("aws_lambda_function.f", "create", nil, m{"function_name": "f", "role": ""})},
		[]m{conf("aws_lambda_function.f", map[string][]string{"role": {"aws_iam_role.r.arn"}})}), terraform.Options{})
	if len(result.Links) != 1 || len(result.Links[0].After) != 1 {
		t.Fatalf("links %+v", result.Links)
	}
	u := result.Links[0].After[0].Unknown
	if u == nil || !u.Faulty || u.Reason != "The attribute role is the empty text, and the resource type demands it." || len(u.References) != 1 || u.References[0] != "aws_iam_role.r.arn" {
		t.Errorf("unknown %+v", u)
	}
}

// TestNoCannedList: a name that no canned list has is shown, unless it is sensitive or
// too long to be meant for one.
func TestNoCannedList(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		acl       string
		sensitive bool
		want      string
	}{
		"shown":     {"public", false, `Its access control list "public" is none of the canned ones of Amazon S3, so it is not compared.`},
		"sensitive": {"public", true, "Its access control list has a name that is none of Amazon S3, so it is not compared."},
		"long":      {strings.Repeat("public", 9), false, "Its access control list has a name that is none of Amazon S3, so it is not compared."},
	} {
		result := extract(t, plan([]m{rc("aws_s3_bucket_acl.p", "create", nil, m{"bucket": "b", "acl": tt.acl}, m{"after_sensitive": m{"acl": tt.sensitive}})}, nil), terraform.Options{})
		if len(result.Grants) != 1 || result.Grants[0].After.Unknown == nil || result.Grants[0].After.Unknown.Reason != tt.want {
			t.Errorf("%s: grants %+v", name, result.Grants)
		}
	}
}
