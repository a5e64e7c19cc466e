package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestOverwritten covers policies, settings and boundaries that several resources put in
// one place: the one that is written last replaces the others.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	const (
		allowed = `{"Version":"2012-10-17","Statement":[{"Sid":"Allowed","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}]}`
		denied  = `{"Version":"2012-10-17","Statement":[{"Sid":"Denied","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`
		block   = "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"
	)
	keep := func(address string, side m) m { return rc(address, "no-op", side, side) }
	on := func(subject, name, policy string) m { return m{subject: name, "policy": policy} }
	inline := func(name, policy string) m { return m{"role": "r", "name": name, "policy": policy} }
	settings := func(bucket string, set bool) m {
		return m{"bucket": bucket, "block_public_acls": set, "block_public_policy": set, "ignore_public_acls": set, "restrict_public_buckets": set}
	}
	account := func(id string, set bool) m {
		side := settings("", set)
		delete(side, "bucket")
		side["account_id"] = id
		return side
	}
	provided := func(resource m) m {
		resource["provider_config_key"] = "aws"
		return resource
	}
	boundary := func(arn string) m {
		return m{"permission_set_arn": "arn:p", "permissions_boundary": []m{{"managed_policy_arn": arn}}}
	}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"a new one over one that stays", []m{
			keep("aws_s3_bucket_policy.p", on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))}, nil, []string{
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  b | Denied > Allowed"}},
		{"what a domain that is made reads back", []m{
			rc("aws_opensearch_domain.d", "create", nil, m{"domain_name": "d"}, m{"after_unknown": m{"access_policies": true}}),
			rc("aws_opensearch_domain_policy.p", "create", nil, m{"domain_name": "d", "access_policies": allowed})}, nil, []string{
			"aws_opensearch_domain_policy.p | access_policies | resource | create | search-domain aws_opensearch_domain.d d | absent > Allowed"}},
		{"what a domain that stays reads back", []m{
			rc("aws_opensearch_domain.d", "update", m{"domain_name": "d", "access_policies": denied}, m{"domain_name": "d"}, m{"after_unknown": m{"access_policies": true}}),
			rc("aws_opensearch_domain_policy.p", "create", nil, m{"domain_name": "d", "access_policies": allowed})}, nil, []string{
			"aws_opensearch_domain.d | access_policies | resource | update | search-domain aws_opensearch_domain.d d | Denied > unknown",
			"aws_opensearch_domain_policy.p | access_policies | resource | create | search-domain aws_opensearch_domain.d d | absent > Allowed"}},
		{"a domain's policy that is not known", []m{
			rc("aws_opensearch_domain.d", "create", nil, m{"domain_name": "d"}, m{"after_unknown": m{"access_policies": true}}),
			rc("aws_opensearch_domain_policy.p", "create", nil, m{"domain_name": "d"}, m{"after_unknown": m{"access_policies": true}})}, nil, []string{
			"aws_opensearch_domain.d | access_policies | resource | create | search-domain aws_opensearch_domain.d d | absent > unknown",
			"aws_opensearch_domain_policy.p | access_policies | resource | create | search-domain aws_opensearch_domain.d d | absent > unknown"}},
		{"the policy of another domain", []m{
			rc("aws_opensearch_domain.d", "create", nil, m{"domain_name": "d"}, m{"after_unknown": m{"access_policies": true}}),
			rc("aws_opensearch_domain_policy.p", "create", nil, m{"domain_name": "e", "access_policies": allowed})}, nil, []string{
			"aws_opensearch_domain.d | access_policies | resource | create | search-domain aws_opensearch_domain.d d | absent > unknown",
			"aws_opensearch_domain_policy.p | access_policies | resource | create | search-domain  e | absent > Allowed"}},
		{"of two providers", []m{
			keep("awscc_s3_bucket_policy.p", m{"bucket": "b", "policy_document": denied}), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))}, nil, []string{
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  b | Denied > Allowed"}},
		{"of two providers, on a bucket of one", []m{
			keep("awscc_s3_bucket.b", m{"bucket_name": "b", "id": "b"}),
			keep("awscc_s3_bucket_policy.p", m{"bucket": "b", "policy_document": denied}), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))}, nil, []string{
			"aws_s3_bucket_policy.q | policy | resource | create | bucket awscc_s3_bucket.b b | Denied > Allowed"}},
		{"of two providers, on a bucket of the other", []m{
			keep("aws_s3_bucket.b", m{"bucket": "b", "id": "b"}),
			rc("awscc_s3_bucket_policy.p", "create", nil, m{"bucket": "b", "policy_document": allowed}), keep("aws_s3_bucket_policy.q", on("bucket", "b", denied))}, nil, []string{
			"awscc_s3_bucket_policy.p | policy_document | resource | create | bucket aws_s3_bucket.b b | Denied > Allowed"}},
		{"of two providers, both written", []m{
			keep("awscc_s3_bucket.b", m{"bucket_name": "b", "id": "b"}),
			rc("awscc_s3_bucket_policy.p", "create", nil, m{"bucket": "b", "policy_document": denied}), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))}, nil, []string{
			"awscc_s3_bucket_policy.p | policy_document | resource | create | bucket awscc_s3_bucket.b b | absent > unknown aws_s3_bucket_policy.q",
			"aws_s3_bucket_policy.q | policy | resource | create | bucket awscc_s3_bucket.b b | absent > Allowed"}},
		{"of another bucket", []m{
			keep("aws_s3_bucket_policy.p", on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "c", allowed))}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | no-op | bucket  b | Denied > Denied",
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  c | absent > Allowed"}},
		{"over the text that the bucket sets", []m{
			keep("aws_s3_bucket.b", m{"bucket": "b", "policy": denied}), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))},
			[]m{conf("aws_s3_bucket.b", map[string][]string{"policy": nil})}, []string{
				"aws_s3_bucket_policy.q | policy | resource | create | bucket aws_s3_bucket.b b | Denied > Allowed"}},
		{"moved to where one is", []m{
			keep("aws_sqs_queue_policy.p", on("queue_url", "https://q", denied)),
			rc("aws_sqs_queue_policy.z", "delete,create", on("queue_url", "https://z", allowed), on("queue_url", "https://q", allowed))}, nil, []string{
			"aws_sqs_queue_policy.z | policy | resource | create | queue  https://q | Denied > Allowed",
			"aws_sqs_queue_policy.z (left https://z) | policy | resource | delete | queue  https://z | Allowed > absent"}},
		{"an update next to one that stays", []m{
			keep("aws_s3_bucket_policy.p", on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "update", on("bucket", "b", openToAll), on("bucket", "b", allowed))}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | update | bucket  b | Denied > absent",
			"aws_s3_bucket_policy.q | policy | resource | update | bucket  b | C > Allowed"}},
		{"two that are written", []m{
			rc("aws_s3_bucket_policy.p", "update", on("bucket", "b", openToOne), on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", allowed))}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | update | bucket  b | D > unknown aws_s3_bucket_policy.q",
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  b | absent > Allowed"}},
		{"two that are written and say the same", []m{
			rc("aws_s3_bucket_policy.p", "create", nil, on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", denied))}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | create | bucket  b | absent > Denied",
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  b | absent > Denied"}},
		{"one goes and the other stays", []m{
			keep("aws_s3_bucket_policy.p", on("bucket", "b", denied)), rc("aws_s3_bucket_policy.q", "delete", on("bucket", "b", denied), nil)}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | update | bucket  b | Denied > absent",
			"aws_s3_bucket_policy.q | policy | resource | delete | bucket  b | Denied > absent"}},
		{"under another address", []m{
			rc("aws_s3_bucket_policy.p", "delete", on("bucket", "b", denied), nil), rc("aws_s3_bucket_policy.q", "create", nil, on("bucket", "b", denied))}, nil, []string{
			"aws_s3_bucket_policy.p | policy | resource | delete | bucket  b | Denied > absent",
			"aws_s3_bucket_policy.q | policy | resource | create | bucket  b | absent > Denied"}},
		{"inline policies of one name", []m{
			keep("aws_iam_role_policy.p", inline("n", putObject)), rc("aws_iam_role_policy.q", "create", nil, inline("n", getObject))}, nil, []string{
			"aws_iam_role_policy.q | policy | identity | create | role  r | B > A"}},
		{"inline policies of two names", []m{
			keep("aws_iam_role_policy.p", inline("n", putObject)), rc("aws_iam_role_policy.q", "create", nil, inline("o", getObject))}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | no-op | role  r | B > B",
			"aws_iam_role_policy.q | policy | identity | create | role  r | absent > A"}},
		{"an inline policy whose name is not known", []m{
			keep("aws_iam_role_policy.p", inline("n", putObject)),
			rc("aws_iam_role_policy.q", "create", nil, m{"role": "r", "policy": getObject}, m{"after_unknown": m{"name": true}})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | no-op | role  r | B > B",
			"aws_iam_role_policy.q | policy | identity | create | role  r | absent > A"}},
		{"an endpoint", []m{
			keep("aws_vpc_endpoint_policy.p", on("vpc_endpoint_id", "vpce-1", openToOne)), rc("aws_vpc_endpoint_policy.q", "create", nil, on("vpc_endpoint_id", "vpce-1", openToAll))},
			[]m{conf("aws_vpc_endpoint_policy.p", map[string][]string{"policy": nil}), conf("aws_vpc_endpoint_policy.q", map[string][]string{"policy": nil})}, []string{
				"aws_vpc_endpoint_policy.q | policy | endpoint | create | vpc-endpoint  vpce-1 | D > C"}},
		{"an endpoint, under another address", []m{
			rc("aws_vpc_endpoint_policy.p", "delete", on("vpc_endpoint_id", "vpce-1", openToOne), nil), rc("aws_vpc_endpoint_policy.q", "create", nil, on("vpc_endpoint_id", "vpce-1", openToAll))},
			[]m{conf("aws_vpc_endpoint_policy.q", map[string][]string{"policy": nil})}, []string{
				"aws_vpc_endpoint_policy.q | policy | endpoint | create | vpc-endpoint  vpce-1 | D > C"}},
		{"two policies of one service", []m{
			keep("aws_vpclattice_resource_policy.p", on("resource_arn", "arn:s", denied)), rc("aws_vpclattice_auth_policy.q", "create", nil, on("resource_identifier", "arn:s", allowed))}, nil, []string{
			"aws_vpclattice_resource_policy.p | policy | resource | no-op | lattice-service  arn:s | Denied > Denied",
			"aws_vpclattice_auth_policy.q | policy | resource | create | lattice-service  arn:s | absent > Allowed"}},
		{"settings of a bucket", []m{
			keep("aws_s3_bucket_public_access_block.p", settings("b", true)), rc("aws_s3_bucket_public_access_block.q", "create", nil, settings("b", false))}, nil, []string{
			"aws_s3_bucket_public_access_block.p | update | bucket  b | " + block + " > "}},
		{"settings of a bucket that go", []m{
			keep("aws_s3_bucket_public_access_block.p", settings("b", true)), rc("aws_s3_bucket_public_access_block.q", "delete", settings("b", true), nil)}, nil, []string{
			"aws_s3_bucket_public_access_block.p | update | bucket  b | " + block + " > ",
			"aws_s3_bucket_public_access_block.q | delete | bucket  b | " + block + " > "}},
		{"settings of a bucket, both written", []m{
			rc("aws_s3_bucket_public_access_block.p", "update", m{"bucket": "b", "block_public_acls": true}, settings("b", true)),
			rc("aws_s3_bucket_public_access_block.q", "create", nil, m{"bucket": "b", "block_public_policy": true})}, nil, []string{
			"aws_s3_bucket_public_access_block.p | update | bucket  b | block_public_acls > block_public_policy",
			"aws_s3_bucket_public_access_block.q | create | bucket  b |  > block_public_policy"}},
		{"settings of an account", []m{
			keep("aws_s3_account_public_access_block.p", account("111122223333", true)), rc("aws_s3_account_public_access_block.q", "create", nil, account("111122223333", false))}, nil, []string{
			"aws_s3_account_public_access_block.p | update | account aws_s3_account_public_access_block.p 111122223333 | " + block + " > "}},
		{"settings of the account at hand", []m{
			keep("aws_s3_account_public_access_block.p", account("111122223333", true)),
			rc("aws_s3_account_public_access_block.q", "create", nil, m{"block_public_acls": true}, m{"after_unknown": m{"account_id": true}})},
			[]m{provided(conf("aws_s3_account_public_access_block.p", nil)), provided(conf("aws_s3_account_public_access_block.q", nil))}, []string{
				"aws_s3_account_public_access_block.p | update | account aws_s3_account_public_access_block.p 111122223333 | " + block + " > block_public_acls",
				"aws_s3_account_public_access_block.q | create | account aws_s3_account_public_access_block.q  |  > block_public_acls new"}},
		{"settings of an account that is made", []m{
			keep("aws_s3_account_public_access_block.p", account("111122223333", true)),
			rc("aws_s3_account_public_access_block.q", "create", nil, m{"block_public_acls": true}, m{"after_unknown": m{"account_id": true}})},
			[]m{provided(conf("aws_s3_account_public_access_block.p", nil)), provided(conf("aws_s3_account_public_access_block.q", map[string][]string{"account_id": {"aws_organizations_account.a.id"}}))}, []string{
				"aws_s3_account_public_access_block.p | no-op | account aws_s3_account_public_access_block.p 111122223333 | " + block + " > " + block,
				"aws_s3_account_public_access_block.q | create | account aws_s3_account_public_access_block.q  |  > block_public_acls new"}},
		{"settings of two regions", []m{
			keep("aws_ebs_snapshot_block_public_access.p", m{"state": "block-new-sharing", "region": "eu-west-1"}),
			rc("aws_ebs_snapshot_block_public_access.q", "create", nil, m{"state": "unblocked", "region": "us-east-1"})},
			[]m{provided(conf("aws_ebs_snapshot_block_public_access.p", nil)), provided(conf("aws_ebs_snapshot_block_public_access.q", nil))}, []string{
				"aws_ebs_snapshot_block_public_access.p | no-op | account aws_ebs_snapshot_block_public_access.p  | block-new-sharing > block-new-sharing"}},
		{"settings of one region", []m{
			keep("aws_ebs_snapshot_block_public_access.p", m{"state": "block-new-sharing", "region": "eu-west-1"}),
			rc("aws_ebs_snapshot_block_public_access.q", "create", nil, m{"state": "unblocked", "region": "eu-west-1"})},
			[]m{provided(conf("aws_ebs_snapshot_block_public_access.p", nil)), provided(conf("aws_ebs_snapshot_block_public_access.q", nil))}, []string{
				"aws_ebs_snapshot_block_public_access.p | update | account aws_ebs_snapshot_block_public_access.p  | block-new-sharing > "}},
		{"settings of two accounts", []m{
			keep("aws_s3_account_public_access_block.p", account("111122223333", true)), rc("aws_s3_account_public_access_block.q", "create", nil, account("222222222222", false))}, nil, []string{
			"aws_s3_account_public_access_block.p | no-op | account aws_s3_account_public_access_block.p 111122223333 | " + block + " > " + block}},
		{"one boundary twice", []m{
			keep("aws_ssoadmin_permissions_boundary_attachment.p", boundary(readOnly)), rc("aws_ssoadmin_permissions_boundary_attachment.q", "create", nil, boundary(readOnly))}, nil, []string{
			"aws_ssoadmin_permissions_boundary_attachment.p | permissions_boundary.managed_policy_arn | bounded | no-op | permission-set  arn:p | policy aws:policy/ReadOnlyAccess > policy aws:policy/ReadOnlyAccess",
			"aws_ssoadmin_permissions_boundary_attachment.q | permissions_boundary.managed_policy_arn | bounded | create | permission-set  arn:p | none > policy aws:policy/ReadOnlyAccess"}},
		{"boundaries of a permission set", []m{
			keep("aws_ssoadmin_permissions_boundary_attachment.p", boundary(readOnly)), rc("aws_ssoadmin_permissions_boundary_attachment.q", "create", nil, boundary(admin))}, nil, []string{
			"aws_ssoadmin_permissions_boundary_attachment.p | permissions_boundary.managed_policy_arn | bounded | update | permission-set  arn:p | policy aws:policy/ReadOnlyAccess > none",
			"aws_ssoadmin_permissions_boundary_attachment.q | permissions_boundary.managed_policy_arn | bounded | create | permission-set  arn:p | none > policy aws:policy/AdministratorAccess"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, tt.resources), terraform.Options{Path: "plan.json"})
			got := append(lines(x.Grants), linkLines(x.Links)...)
			for _, b := range x.Blocks {
				got = append(got, blockLine(b))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(x.Diagnostics) > 0 {
				t.Errorf("diagnostics %v, parts (-want +got):\n%s", x.Diagnostics, diff)
			}
		})
	}
}

// TestMirrorsWithoutConfiguration covers computed attributes of which nothing says whether
// they are set: what another resource manages is what that one makes of it.
func TestMirrorsWithoutConfiguration(t *testing.T) {
	t.Parallel()
	bucket := func(policy string) m { return m{"bucket": "b", "policy": policy} }
	mirror := rc("aws_s3_bucket.b", "no-op", bucket(openToOne), bucket(openToOne))
	role := m{"name": "r", "assume_role_policy": ec2Trust, "managed_policy_arns": []string{readOnly}}
	attachment := m{"role": "r", "policy_arn": readOnly}
	opened := m{"name": "r", "assume_role_policy": ec2Trust}
	tests := []struct {
		name    string
		changes []m
		want    []string
	}{
		{"not known after the change", []m{rc("aws_iam_role.r", "update", role, opened, m{"after_unknown": m{"managed_policy_arns": true}})}, []string{
			"aws_iam_role.r | assume_role_policy | trust | update | role aws_iam_role.r r | E > E",
			"aws_iam_role.r | managed_policy_arns | attached | update | role aws_iam_role.r r | policy aws:policy/ReadOnlyAccess > policy unknown"}},
		{"written by another resource", []m{mirror, rc("aws_s3_bucket_policy.p", "update", bucket(openToOne), bucket(openToAll))}, []string{
			"aws_s3_bucket_policy.p | policy | resource | update | bucket aws_s3_bucket.b b | D > C"}},
		{"taken over by another resource", []m{mirror, rc("aws_s3_bucket_policy.p", "create", nil, bucket(openToAll))}, []string{
			"aws_s3_bucket_policy.p | policy | resource | create | bucket aws_s3_bucket.b b | D > C"}},
		{"gone with another resource", []m{mirror, rc("aws_s3_bucket_policy.p", "delete", bucket(openToOne), nil)}, []string{
			"aws_s3_bucket_policy.p | policy | resource | delete | bucket aws_s3_bucket.b b | D > absent"}},
		{"managed by none", []m{mirror}, []string{
			"aws_s3_bucket.b | policy | resource | no-op | bucket aws_s3_bucket.b b | D > D"}},
		{"set by the bucket", []m{rc("aws_s3_bucket.b", "update", bucket(openToOne), bucket(openToAll))}, []string{
			"aws_s3_bucket.b | policy | resource | update | bucket aws_s3_bucket.b b | D > C"}},
		{"attached by another resource", []m{rc("aws_iam_role.r", "no-op", role, role), rc("aws_iam_role_policy_attachment.a", "delete", attachment, nil)}, []string{
			"aws_iam_role.r | assume_role_policy | trust | no-op | role aws_iam_role.r r | E > E",
			"aws_iam_role_policy_attachment.a | policy_arn | attached | delete | role aws_iam_role.r r | policy aws:policy/ReadOnlyAccess > none"}},
	}
	for _, tt := range tests {
		for name, more := range map[string]m{"no configuration": {"configuration": nil}, "not listed": {}} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				t.Parallel()
				x := extract(t, plan(tt.changes, nil, more), terraform.Options{Path: "plan.json"})
				if diff := cmp.Diff(tt.want, append(lines(x.Grants), linkLines(x.Links)...)); diff != "" {
					t.Errorf("parts (-want +got):\n%s", diff)
				}
			})
		}
	}
}
