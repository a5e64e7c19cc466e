package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestFamilies has one plan per question that an attribute raises, and the grants
// that a reader expects of it.
func TestFamilies(t *testing.T) {
	t.Parallel()
	inline := func(pairs ...string) []m {
		var out []m
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, m{"name": pairs[i], "policy": pairs[i+1]})
		}
		return out
	}
	role := func(blocks any) m { return m{"name": "r", "assume_role_policy": ec2Trust, "inline_policy": blocks} }
	const trusted = "aws_iam_role.r | assume_role_policy | trust | no-op | role aws_iam_role.r r | E > E"
	roleConf := conf("aws_iam_role.r", map[string][]string{"assume_role_policy": nil, "inline_policy": nil})
	plainRole := conf("aws_iam_role.r", map[string][]string{"assume_role_policy": nil})
	rolePolicy := conf("aws_iam_role_policy.p", map[string][]string{"policy": nil, "role": {"aws_iam_role.r.id", "aws_iam_role.r"}})
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"inline policies are paired by name",
			[]m{rc("aws_iam_role.r", "update", role(inline("a", getObject, "b", putObject, "gone", getObject)), role(inline("b", getObject, "a", getObject, "new", putObject)))},
			[]m{roleConf},
			[]string{
				strings.Replace(trusted, "no-op", "update", 1),
				`aws_iam_role.r | inline_policy["a"].policy | identity | update | role aws_iam_role.r r | A > A`,
				`aws_iam_role.r | inline_policy["b"].policy | identity | update | role aws_iam_role.r r | B > A`,
				`aws_iam_role.r | inline_policy["gone"].policy | identity | update | role aws_iam_role.r r | A > absent`,
				`aws_iam_role.r | inline_policy["new"].policy | identity | update | role aws_iam_role.r r | absent > B`,
			}},
		{"an empty inline block removes all",
			[]m{rc("aws_iam_role.r", "update", role(inline("a", getObject)), role(inline("", "")))},
			[]m{roleConf},
			[]string{strings.Replace(trusted, "no-op", "update", 1),
				`aws_iam_role.r | inline_policy["a"].policy | identity | update | role aws_iam_role.r r | A > absent`}},
		{"an inline block with an unknown text",
			[]m{rc("aws_iam_role.r", "create", nil, role([]m{{"name": "a"}}), m{"after_unknown": m{"inline_policy": []m{{"policy": true}}}})},
			[]m{conf("aws_iam_role.r", map[string][]string{"inline_policy": {"aws_s3_bucket.b.arn", "aws_s3_bucket.b"}})},
			[]string{strings.Replace(strings.Replace(trusted, "no-op", "create", 1), "E > E", "absent > E", 1),
				`aws_iam_role.r | inline_policy["a"].policy | identity | create | role aws_iam_role.r r | absent > unknown aws_s3_bucket.b.arn`}},
		{"a generated inline block with an unknown text is not in the configuration",
			[]m{rc("aws_iam_role.r", "create", nil, role([]m{{"name": "a"}}), m{"after_unknown": m{"inline_policy": []m{{"policy": true}}}})},
			[]m{plainRole},
			[]string{strings.Replace(strings.Replace(trusted, "no-op", "create", 1), "E > E", "absent > E", 1),
				`aws_iam_role.r | inline_policy["a"].policy | identity | create | role aws_iam_role.r r | absent > unknown`}},
		{"inline policies that are not set are computed",
			[]m{rc("aws_iam_role.r", "create", nil, m{"name": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"inline_policy": true}})},
			[]m{plainRole},
			[]string{strings.Replace(strings.Replace(trusted, "no-op", "create", 1), "E > E", "absent > E", 1)}},
		{"an inline policy that mirrors a role policy",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("p", getObject)), role(inline("p", getObject))),
				rc("aws_iam_role_policy.p", "update", m{"name": "p", "role": "r", "policy": getObject}, m{"name": "p", "role": "r", "policy": putObject})},
			[]m{plainRole, rolePolicy},
			[]string{trusted, "aws_iam_role_policy.p | policy | identity | update | role aws_iam_role.r r | A > B"}},
		{"an inline policy that a new role policy takes over",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("p", getObject)), role(inline("p", getObject))),
				rc("aws_iam_role_policy.p", "create", nil, m{"name": "p", "role": "r", "policy": putObject})},
			[]m{plainRole, rolePolicy},
			[]string{trusted,
				"aws_iam_role_policy.p | policy | identity | create | role aws_iam_role.r r | A > B"}},
		{"generated inline blocks that are not known, of a role that is there",
			[]m{rc("aws_iam_role.r", "update", role([]m{}), m{"name": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"inline_policy": true}})},
			[]m{plainRole},
			[]string{strings.Replace(trusted, "no-op", "update", 1),
				"aws_iam_role.r | inline_policy.policy | identity | update | role aws_iam_role.r r | absent > unknown"}},
		{"an inline policy that nobody manages stays",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject)))},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | no-op | role aws_iam_role.r r | A > A`}},
		{"an inline policy that nobody manages and a new list leaves out",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject))),
				rc("aws_iam_role_policies_exclusive.e", "create", nil, m{"role_name": "r", "policy_names": []any{"p"}})},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | update | role aws_iam_role.r r | A > absent`}},
		{"an inline policy that a changed list leaves in",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject))),
				rc("aws_iam_role_policies_exclusive.e", "update", m{"role_name": "r", "policy_names": []any{"p", "other"}}, m{"role_name": "r", "policy_names": []any{"other"}})},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | no-op | role aws_iam_role.r r | A > A`}},
		{"an inline policy and a list that is not known",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject))),
				rc("aws_iam_role_policies_exclusive.e", "create", nil, m{"role_name": "r"}, m{"after_unknown": m{"policy_names": true}})},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | update | role aws_iam_role.r r | A > unknown aws_iam_role_policies_exclusive.e`}},
		{"an inline policy and the list of another role",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject))),
				rc("aws_iam_role_policies_exclusive.e", "create", nil, m{"role_name": "s", "policy_names": []any{"p"}})},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | no-op | role aws_iam_role.r r | A > A`}},
		{"an inline policy that stays and a new list leaves out",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("p", getObject)), role(inline("p", getObject))),
				rc("aws_iam_role_policy.p", "no-op", m{"name": "p", "role": "r", "policy": getObject}, m{"name": "p", "role": "r", "policy": getObject}),
				rc("aws_iam_role_policies_exclusive.e", "create", nil, m{"role_name": "r", "policy_names": []any{"q"}})},
			[]m{plainRole, rolePolicy},
			[]string{trusted, "aws_iam_role_policy.p | policy | identity | update | role aws_iam_role.r r | A > absent"}},
		{"an inline policy of a user that a changed list leaves out",
			[]m{rc("aws_iam_user_policy.p", "no-op", m{"name": "p", "user": "u", "policy": getObject}, m{"name": "p", "user": "u", "policy": getObject}),
				rc("aws_iam_user_policies_exclusive.e", "update", m{"user_name": "u", "policy_names": []any{"p"}}, m{"user_name": "u", "policy_names": []any{}})},
			nil,
			[]string{"aws_iam_user_policy.p | policy | identity | update | user  u | A > absent"}},
		{"a list that is forgotten",
			[]m{rc("aws_iam_role.r", "no-op", role(inline("other", getObject)), role(inline("other", getObject))),
				rc("aws_iam_role_policies_exclusive.e", "forget", m{"role_name": "r", "policy_names": []any{"p"}}, nil)},
			[]m{plainRole},
			[]string{trusted, `aws_iam_role.r | inline_policy["other"].policy | identity | no-op | role aws_iam_role.r r | A > A`}},
		{"a role that is deleted takes its policies with it",
			[]m{rc("aws_iam_role.r", "delete", role(nil), nil),
				rc("aws_iam_role_policy.p", "delete", m{"name": "p", "role": "r", "policy": getObject}, nil)},
			nil,
			[]string{"aws_iam_role.r | assume_role_policy | trust | delete | role aws_iam_role.r r gone | E > absent",
				"aws_iam_role_policy.p | policy | identity | delete | role aws_iam_role.r r gone | A > absent"}},

		{"a bucket policy argument that is set",
			[]m{rc("aws_s3_bucket.b", "update", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToAll})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"policy": nil})},
			[]string{"aws_s3_bucket.b | policy | resource | update | bucket aws_s3_bucket.b b | D > C"}},
		{"a bucket policy argument that is set and not known",
			[]m{rc("aws_s3_bucket.b", "create", nil, m{"bucket": "b"}, m{"after_unknown": m{"policy": true}})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"policy": {"var.policy"}})},
			[]string{"aws_s3_bucket.b | policy | resource | create | bucket aws_s3_bucket.b b | absent > unknown var.policy"}},
		{"a bucket policy argument that is not set",
			[]m{rc("aws_s3_bucket.b", "create", nil, m{"bucket": "b"}, m{"after_unknown": m{"policy": true}})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil})},
			nil},
		{"a bucket that mirrors its policy resource",
			[]m{rc("aws_s3_bucket.b", "no-op", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToOne}),
				rc("aws_s3_bucket_policy.p", "update", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToAll})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil}), conf("aws_s3_bucket_policy.p", map[string][]string{"bucket": nil, "policy": nil})},
			[]string{"aws_s3_bucket_policy.p | policy | resource | update | bucket aws_s3_bucket.b b | D > C"}},
		{"a bucket with a policy that is not managed, under an update",
			[]m{rc("aws_s3_bucket.b", "update", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b"}, m{"after_unknown": m{"policy": true}})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil})},
			[]string{"aws_s3_bucket.b | policy | resource | update | bucket aws_s3_bucket.b b | D > D"}},
		{"a bucket policy that moves into its own resource",
			[]m{rc("aws_s3_bucket.b", "no-op", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToOne}),
				rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "b", "policy": openToOne})},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil}), conf("aws_s3_bucket_policy.p", map[string][]string{"bucket": nil, "policy": nil})},
			[]string{"aws_s3_bucket_policy.p | policy | resource | create | bucket aws_s3_bucket.b b | D > D"}},
		{"no change that changes a policy",
			[]m{rc("aws_iam_policy.p", "no-op", m{"name": "p", "policy": getObject}, m{"name": "p", "policy": putObject})}, nil,
			[]string{"aws_iam_policy.p | policy | identity | update | policy aws_iam_policy.p p | A > B"}},
		{"a deposed policy next to the current one",
			[]m{rc("aws_s3_bucket_policy.p", "delete", m{"bucket": "b", "policy": openToAll}, nil, m{"deposed": "abcd1234"}),
				rc("aws_s3_bucket_policy.p", "no-op", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToOne})}, nil,
			[]string{"aws_s3_bucket_policy.p | policy | resource | no-op | bucket  b | D > D"}},
		{"a deposed policy of another bucket",
			[]m{rc("aws_s3_bucket_policy.p", "delete", m{"bucket": "a", "policy": openToAll}, nil, m{"deposed": "abcd1234"}),
				rc("aws_s3_bucket_policy.p", "no-op", m{"bucket": "b", "policy": openToOne}, m{"bucket": "b", "policy": openToOne})}, nil,
			[]string{"aws_s3_bucket_policy.p (deposed object abcd1234) | policy | resource | delete | bucket  a | C > absent",
				"aws_s3_bucket_policy.p | policy | resource | no-op | bucket  b | D > D"}},
		{"a deposed inline policy under another name",
			[]m{rc("aws_iam_role_policy.p", "delete", m{"role": "r", "name": "old", "policy": getObject}, nil, m{"deposed": "abcd1234"}),
				rc("aws_iam_role_policy.p", "no-op", m{"role": "r", "name": "new", "policy": putObject}, m{"role": "r", "name": "new", "policy": putObject})}, nil,
			[]string{"aws_iam_role_policy.p (deposed object abcd1234) | policy | identity | delete | role  r | A > absent",
				"aws_iam_role_policy.p | policy | identity | no-op | role  r | B > B"}},
		{"a deposed inline policy under the name of the current one",
			[]m{rc("aws_iam_role_policy.p", "delete", m{"role": "r", "name": "new", "policy": getObject}, nil, m{"deposed": "abcd1234"}),
				rc("aws_iam_role_policy.p", "no-op", m{"role": "r", "name": "new", "policy": putObject}, m{"role": "r", "name": "new", "policy": putObject})}, nil,
			[]string{"aws_iam_role_policy.p | policy | identity | no-op | role  r | B > B"}},
		{"an organization policy that becomes one of another type",
			[]m{rc("aws_organizations_policy.p", "delete,create", m{"name": "p", "type": "SERVICE_CONTROL_POLICY", "content": getObject}, m{"name": "p", "type": "TAG_POLICY", "content": "{}"})}, nil,
			[]string{"aws_organizations_policy.p (left scp) | content | scp | delete | organization-policy aws_organizations_policy.p (left scp) p | A > absent"}},
		{"a key that is made anew without its policy",
			[]m{rc("aws_kms_key.k", "delete,create", m{"key_id": "k", "arn": "arn:aws:kms:us-east-1:111122223333:key/k", "policy": openToOne}, m{}, m{"after_unknown": m{"key_id": true, "arn": true, "policy": true}})},
			[]m{conf("aws_kms_key.k", map[string][]string{"description": nil})},
			[]string{"aws_kms_key.k | policy | resource | replace | key aws_kms_key.k  | D > Enable IAM User Permissions"}},
		{"an unset string is null or empty",
			[]m{rc("aws_sqs_queue.q", "update", m{"url": "https://q", "policy": ""}, m{"url": "https://q", "policy": openToOne}),
				rc("aws_sqs_queue.empty", "no-op", m{"url": "https://e", "policy": nil}, m{"url": "https://e", "policy": ""})},
			[]m{conf("aws_sqs_queue.q", map[string][]string{"policy": nil}), conf("aws_sqs_queue.empty", map[string][]string{"policy": nil})},
			[]string{"aws_sqs_queue.q | policy | resource | update | queue aws_sqs_queue.q https://q | absent > D"}},
		{"a required policy is never absent",
			[]m{rc("aws_iam_policy.empty", "create", nil, m{"policy": ""}), rc("aws_iam_policy.missing", "create", nil, m{"name": "x"}),
				rc("aws_iam_policy.number", "create", nil, m{"policy": 1}), rc("aws_iam_policy.object", "create", nil, m{"policy": m{"Statement": []m{}}})},
			nil,
			[]string{"aws_iam_policy.empty | policy | identity | create | policy aws_iam_policy.empty  | absent > unreadable",
				"aws_iam_policy.missing | policy | identity | create | policy aws_iam_policy.missing x | absent > unreadable",
				"aws_iam_policy.number | policy | identity | create | policy aws_iam_policy.number  | absent > unreadable",
				"aws_iam_policy.object | policy | identity | create | policy aws_iam_policy.object  | absent > "}},
		{"nested block",
			[]m{rc("aws_s3control_multi_region_access_point_policy.p", "create", nil, m{"details": []m{{"name": "mrap", "policy": openToAll}}})},
			nil,
			[]string{"aws_s3control_multi_region_access_point_policy.p | details.policy | resource | create | multi-region-access-point  mrap | absent > C"}},
		{"sensitive texts",
			[]m{rc("aws_iam_policy.p", "update", m{"name": "p", "policy": getObject}, m{"name": "p", "policy": putObject}, m{"after_sensitive": m{"policy": true}}),
				rc("aws_iam_policy.q", "update", m{"name": "q", "policy": getObject}, m{"name": "q", "policy": putObject}, m{"before_sensitive": true})},
			nil,
			[]string{"aws_iam_policy.p | policy | identity | update | policy aws_iam_policy.p p | A > B sensitive",
				"aws_iam_policy.q | policy | identity | update | policy aws_iam_policy.q q | A sensitive > B"}},

		{"organization policies",
			[]m{rc("aws_organizations_policy.scp", "update", m{"id": "p-1", "content": getObject}, m{"id": "p-1", "content": putObject}),
				rc("aws_organizations_policy.rcp", "create", nil, m{"name": "r", "type": "RESOURCE_CONTROL_POLICY", "content": openToAll}),
				rc("aws_organizations_policy.tags", "create", nil, m{"name": "t", "type": "TAG_POLICY", "content": `{"tags":{}}`}),
				rc("aws_organizations_policy.deleted", "delete", m{"id": "p-2", "type": "SERVICE_CONTROL_POLICY", "content": getObject}, nil)},
			nil,
			[]string{"aws_organizations_policy.scp | content | scp | update | organization-policy aws_organizations_policy.scp p-1 | A > B",
				"aws_organizations_policy.rcp | content | rcp | create | organization-policy aws_organizations_policy.rcp r | absent > C",
				"aws_organizations_policy.deleted | content | scp | delete | organization-policy aws_organizations_policy.deleted p-2 | A > absent"}},

		{"an endpoint without a policy lets everything through",
			[]m{rc("aws_vpc_endpoint.new", "create", nil, m{"service_name": "s"}, m{"after_unknown": m{"policy": true, "id": true}}),
				rc("aws_vpc_endpoint.narrowed", "create", nil, m{"policy": openToOne}, m{"after_unknown": m{"id": true}}),
				rc("aws_vpc_endpoint.opened", "update", m{"id": "vpce-1", "policy": openToOne}, m{"id": "vpce-1", "policy": ""})},
			[]m{conf("aws_vpc_endpoint.new", map[string][]string{"service_name": nil}), conf("aws_vpc_endpoint.narrowed", map[string][]string{"policy": nil}), conf("aws_vpc_endpoint.opened", map[string][]string{"policy": nil})},
			[]string{
				"aws_vpc_endpoint.new | policy | endpoint | create | vpc-endpoint aws_vpc_endpoint.new  | Allow *=* * * > Allow *=* * *",
				"aws_vpc_endpoint.narrowed | policy | endpoint | create | vpc-endpoint aws_vpc_endpoint.narrowed  | Allow *=* * * > D",
				"aws_vpc_endpoint.opened | policy | endpoint | update | vpc-endpoint aws_vpc_endpoint.opened vpce-1 | D > Allow *=* * *"}},
		{"an endpoint policy that is deleted, with and without its endpoint",
			[]m{rc("aws_vpc_endpoint.stays", "no-op", m{"id": "vpce-1", "policy": openToOne}, m{"id": "vpce-1", "policy": openToOne}),
				rc("aws_vpc_endpoint_policy.p", "delete", m{"vpc_endpoint_id": "vpce-1", "policy": openToOne}, nil),
				rc("aws_vpc_endpoint.goes", "delete", m{"id": "vpce-2", "policy": openToOne}, nil),
				rc("aws_vpc_endpoint_policy.q", "delete", m{"vpc_endpoint_id": "vpce-2", "policy": openToOne}, nil)},
			[]m{conf("aws_vpc_endpoint.stays", map[string][]string{"service_name": nil})},
			[]string{"aws_vpc_endpoint_policy.p | policy | endpoint | delete | vpc-endpoint aws_vpc_endpoint.stays vpce-1 | D > Allow *=* * *",
				"aws_vpc_endpoint_policy.q | policy | endpoint | delete | vpc-endpoint aws_vpc_endpoint.goes vpce-2 gone | D > absent"}},
		{"a key policy that is deleted puts the default back",
			[]m{rc("aws_kms_key.k", "no-op", m{"key_id": "1", "arn": "arn:aws-cn:kms:cn-north-1:111122223333:key/1", "policy": openToOne}, m{"key_id": "1", "arn": "arn:aws-cn:kms:cn-north-1:111122223333:key/1", "policy": openToOne}),
				rc("aws_kms_key_policy.p", "delete", m{"key_id": "1", "policy": openToOne}, nil),
				rc("aws_kms_key_policy.elsewhere", "delete", m{"key_id": "2", "policy": openToOne}, nil)},
			[]m{conf("aws_kms_key.k", map[string][]string{"description": nil})},
			[]string{"aws_kms_key_policy.p | policy | resource | delete | key aws_kms_key.k 1 | D > Enable IAM User Permissions",
				"aws_kms_key_policy.elsewhere | policy | resource | delete | key  2 | D > unknown"}},
		{"a key without a policy",
			[]m{rc("aws_kms_key.k", "create", nil, m{"description": "k"}, m{"after_unknown": m{"policy": true, "key_id": true, "arn": true}})},
			[]m{conf("aws_kms_key.k", map[string][]string{})},
			nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, lines(clean(t, plan(tt.changes, tt.resources)))); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoDoubleReading: what the provider computes from fields that are read is no
// unknown policy.
func TestNoDoubleReading(t *testing.T) {
	t.Parallel()
	side := m{"action": "lambda:GetLayerVersion", "layer_name": "l", "version_number": 1, "principal": "*", "statement_id": "S", "policy": openToAll}
	grants := clean(t, plan([]m{rc("aws_lambda_layer_version_permission.p", "no-op", side, side)}, nil))
	if got := lines(grants); len(got) != 1 || !strings.HasSuffix(got[0], "| S > S") {
		t.Errorf("got %q, want one grant", got)
	}
}

// TestSensitiveDiagnostics makes sure that what is wrong with a sensitive text is
// said without the text.
func TestSensitiveDiagnostics(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Replace(openToOne, "Allow", "s3cr3t", 1),
		strings.Replace(openToOne, "s3:GetObject", "s3cr3t", 1),
		"s3cr3t",
	} {
		x := extract(t, plan([]m{rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "b", "policy": text}, m{"after_sensitive": m{"policy": true}})}, nil), terraform.Options{})
		g := x.Grants[0]
		if !g.After.Sensitive || !g.After.Diagnostics.HasErrors() {
			t.Errorf("%+v: want a sensitive side with errors", g.After)
		}
		for _, d := range append(g.After.Diagnostics, x.Diagnostics...) {
			if strings.Contains(d.String(), "s3cr3t") {
				t.Errorf("%v tells the text", d)
			}
		}
	}
}
