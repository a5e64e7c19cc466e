package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestLeftSubjects covers policies that leave one subject for another, and replaces that
// only look like it.
func TestLeftSubjects(t *testing.T) {
	t.Parallel()
	role := func(action, address, name string) m {
		side := m{"id": name, "name": name, "assume_role_policy": ec2Trust}
		switch action {
		case "create":
			return rc(address, action, nil, side)
		case "delete":
			return rc(address, action, side, nil)
		}
		return rc(address, action, side, side)
	}
	replaced := rc("aws_iam_role.r", "delete,create", m{"id": "r", "name": "r", "assume_role_policy": ec2Trust},
		m{"assume_role_policy": ec2Trust}, m{"after_unknown": m{"id": true, "name": true}})
	moved := func(after, unknown m) m {
		after["name"], after["policy"] = "p", getObject
		c := rc("aws_iam_role_policy.p", "delete,create", m{"name": "p", "role": "r", "policy": getObject}, after, m{"after_unknown": unknown})
		return c
	}
	to := func(refs ...string) []m {
		return []m{conf("aws_iam_role_policy.p", map[string][]string{"policy": nil, "role": refs})}
	}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"to another name", []m{moved(m{"role": "admin"}, m{})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | create | role  admin | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role  r | A > absent"}},
		{"to an unknown name", []m{moved(m{}, m{"role": true})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | create | role   | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role  r | A > absent"}},
		{"with its role", []m{replaced, moved(m{}, m{"role": true})}, to("aws_iam_role.r.id", "aws_iam_role.r"), []string{
			"aws_iam_role.r | assume_role_policy | trust | replace | role aws_iam_role.r  | E > E",
			"aws_iam_role_policy.p | policy | identity | replace | role aws_iam_role.r  | A > A"}},
		{"with its role, through a local value", []m{replaced, moved(m{}, m{"role": true})}, to("local.role"), []string{
			"aws_iam_role.r | assume_role_policy | trust | replace | role aws_iam_role.r  | E > E",
			"aws_iam_role_policy.p | policy | identity | replace | role   | A > A"}},
		{"from its role to a new one", []m{role("delete", "aws_iam_role.r", "r"), role("create", "aws_iam_role.n", "n"), moved(m{}, m{"role": true})}, to("aws_iam_role.n.id", "aws_iam_role.n"), []string{
			"aws_iam_role.r | assume_role_policy | trust | delete | role aws_iam_role.r r gone | E > absent",
			"aws_iam_role.n | assume_role_policy | trust | create | role aws_iam_role.n n | absent > E",
			"aws_iam_role_policy.p | policy | identity | create | role aws_iam_role.n n | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role aws_iam_role.r r gone | A > absent"}},
		{"to another name of the same role", []m{moved(m{"role": "arn:aws:iam::111122223333:role/r"}, m{})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | replace | role  arn:aws:iam::111122223333:role/r | A > A"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := lines(clean(t, plan(tt.changes, tt.resources)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLeftPlaces covers policies, links and settings that leave a region, an account or
// what an access point leads to: under the same name, they are something else there.
func TestLeftPlaces(t *testing.T) {
	t.Parallel()
	const (
		replace = "delete,create"
		all     = "block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"
	)
	in := func(region string, more m) m {
		side := m{"region": region}
		for k, v := range more {
			side[k] = v
		}
		return side
	}
	moves := func(address string, side m) m {
		return rc(address, replace, in("eu-west-1", side), in("us-east-1", side))
	}
	accountBlock := func(account any) m {
		return m{"account_id": account, "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true}
	}
	point := func(bucket any) m {
		return m{"name": "a", "arn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "bucket": bucket, "policy": openToOne}
	}
	domain := func(owner string) m {
		return m{"domain": "d", "domain_owner": owner, "policy_document": openToOne}
	}
	pointPolicy := m{"access_point_arn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "policy": openToOne}
	lambda := func(point string) m {
		return m{"name": "o", "configuration": []m{{"supporting_access_point": point}}}
	}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"the policy of a catalog", []m{moves("aws_glue_resource_policy.p", m{"id": "111122223333", "policy": openToOne})}, nil, []string{
			"aws_glue_resource_policy.p | policy | resource | create | catalog aws_glue_resource_policy.p 111122223333 | absent > D",
			"aws_glue_resource_policy.p (left eu-west-1) | policy | resource | delete | catalog aws_glue_resource_policy.p (left eu-west-1) 111122223333 | D > absent"}},
		{"replaced in its region", []m{rc("aws_glue_resource_policy.p", replace, in("eu-west-1", m{"id": "111122223333", "policy": openToOne}), in("eu-west-1", m{"id": "111122223333", "policy": openToOne}))}, nil, []string{
			"aws_glue_resource_policy.p | policy | resource | replace | catalog aws_glue_resource_policy.p 111122223333 | D > D"}},
		{"statements", []m{moves("aws_guardduty_organization_admin_account.g", m{"id": "g", "admin_account_id": "222222222222"})}, nil, []string{
			"aws_guardduty_organization_admin_account.g | admin_account_id | resource | create | organization aws_guardduty_organization_admin_account.g g | absent > Allow AWS=222222222222 guardduty:* *",
			"aws_guardduty_organization_admin_account.g (left eu-west-1) | admin_account_id | resource | delete | organization aws_guardduty_organization_admin_account.g (left eu-west-1) g | Allow AWS=222222222222 guardduty:* * > absent"}},
		{"a queue takes its policy along", []m{moves("aws_sqs_queue.q", m{"name": "q", "policy": openToOne})}, []m{conf("aws_sqs_queue.q", map[string][]string{"policy": nil})}, []string{
			"aws_sqs_queue.q | policy | resource | replace | queue aws_sqs_queue.q q | D > D"}},
		{"the owner of a domain", []m{rc("aws_codeartifact_domain_permissions_policy.p", replace, domain("111122223333"), domain("222222222222"))}, nil, []string{
			"aws_codeartifact_domain_permissions_policy.p | policy_document | resource | create | domain  d | absent > D",
			"aws_codeartifact_domain_permissions_policy.p (left 111122223333) | policy_document | resource | delete | domain  d of 111122223333 | D > absent"}},
		{"a link", []m{moves("aws_eks_access_policy_association.a", m{"cluster_name": "c", "principal_arn": "r", "policy_arn": "p", "access_scope": []m{{"type": "cluster"}}})}, nil, []string{
			"aws_eks_access_policy_association.a (left eu-west-1) | policy_arn | attached | delete | cluster-user  r in cluster c, scope cluster | eks-access-policy p > none",
			"aws_eks_access_policy_association.a | policy_arn | attached | create | cluster-user  r in cluster c, scope cluster | none > eks-access-policy p"}},
		{"settings of an account", []m{rc("aws_s3_account_public_access_block.b", replace, accountBlock("111122223333"), accountBlock("222222222222"))}, nil, []string{
			"aws_s3_account_public_access_block.b | create | account aws_s3_account_public_access_block.b 222222222222 |  > " + all,
			"aws_s3_account_public_access_block.b (left 111122223333) | delete | account aws_s3_account_public_access_block.b (left 111122223333) 111122223333 | " + all + " > "}},
		{"settings of an account that is made", []m{rc("aws_s3_account_public_access_block.b", replace, accountBlock("111122223333"), accountBlock(nil), m{"after_unknown": m{"account_id": true}})},
			[]m{conf("aws_s3_account_public_access_block.b", map[string][]string{"account_id": {"aws_organizations_account.a.id", "aws_organizations_account.a"}})}, []string{
				"aws_s3_account_public_access_block.b | create | account aws_s3_account_public_access_block.b  |  > " + all,
				"aws_s3_account_public_access_block.b (left 111122223333) | delete | account aws_s3_account_public_access_block.b (left 111122223333) 111122223333 | " + all + " > "}},
		{"settings of the account at hand, replaced", []m{rc("aws_s3_account_public_access_block.b", replace, accountBlock("111122223333"), accountBlock(nil), m{"after_unknown": m{"account_id": true}})},
			[]m{conf("aws_s3_account_public_access_block.b", map[string][]string{"block_public_acls": nil})}, []string{
				"aws_s3_account_public_access_block.b | replace | account aws_s3_account_public_access_block.b  | " + all + " > " + all}},
		{"settings of a region", []m{moves("aws_ebs_snapshot_block_public_access.b", m{"state": "block-new-sharing"})}, nil, []string{
			"aws_ebs_snapshot_block_public_access.b | create | account aws_ebs_snapshot_block_public_access.b  |  > block-new-sharing",
			"aws_ebs_snapshot_block_public_access.b (left eu-west-1) | delete | account aws_ebs_snapshot_block_public_access.b (left eu-west-1)  | block-new-sharing > "}},
		{"an access point to another bucket", []m{
			rc("aws_s3_access_point.a", replace, point("public"), point("payroll")),
			rc("aws_s3control_access_point_policy.p", replace, pointPolicy, m{"policy": openToOne}, m{"after_unknown": m{"access_point_arn": true}}),
		}, []m{conf("aws_s3_access_point.a", map[string][]string{"policy": nil}), conf("aws_s3control_access_point_policy.p", map[string][]string{"policy": nil, "access_point_arn": {"aws_s3_access_point.a.arn", "aws_s3_access_point.a"}})}, []string{
			"aws_s3_access_point.a | policy | resource | create | access-point aws_s3_access_point.a arn:aws:s3:eu-west-1:111122223333:accesspoint/a | absent > D",
			"aws_s3control_access_point_policy.p | policy | resource | create | access-point aws_s3_access_point.a arn:aws:s3:eu-west-1:111122223333:accesspoint/a | absent > D",
			"aws_s3_access_point.a (left public) | policy | resource | delete | access-point aws_s3_access_point.a (left public) arn:aws:s3:eu-west-1:111122223333:accesspoint/a gone | D > absent",
			"aws_s3control_access_point_policy.p (left arn:aws:s3:eu-west-1:111122223333:accesspoint/a) | policy | resource | delete | access-point aws_s3_access_point.a (left public) arn:aws:s3:eu-west-1:111122223333:accesspoint/a gone | D > absent",
			"aws_s3_access_point.a | create | access-point aws_s3_access_point.a arn:aws:s3:eu-west-1:111122223333:accesspoint/a |  > " + all,
			"aws_s3_access_point.a (left public) | delete | access-point aws_s3_access_point.a (left public) arn:aws:s3:eu-west-1:111122223333:accesspoint/a | " + all + " >  gone"}},
		{"an access point to a bucket that is made", []m{
			rc("aws_s3_bucket.n", "create", nil, m{"bucket": "n"}),
			rc("aws_s3_access_point.a", replace, point("public"), m{"name": "a", "policy": openToOne}, m{"after_unknown": m{"bucket": true, "arn": true}}),
		}, []m{conf("aws_s3_access_point.a", map[string][]string{"policy": nil, "bucket": {"aws_s3_bucket.n.id", "aws_s3_bucket.n"}})}, []string{
			"aws_s3_access_point.a | policy | resource | create | access-point aws_s3_access_point.a a | absent > D",
			"aws_s3_access_point.a (left public) | policy | resource | delete | access-point aws_s3_access_point.a (left public) arn:aws:s3:eu-west-1:111122223333:accesspoint/a gone | D > absent",
			"aws_s3_access_point.a | create | access-point aws_s3_access_point.a a |  > " + all,
			"aws_s3_access_point.a (left public) | delete | access-point aws_s3_access_point.a (left public) arn:aws:s3:eu-west-1:111122223333:accesspoint/a | " + all + " >  gone"}},
		{"an access point that is replaced with its bucket", []m{
			rc("aws_s3_bucket.n", replace, m{"bucket": "public"}, m{"bucket": "public"}, m{"after_unknown": m{"id": true}}),
			rc("aws_s3_access_point.a", replace, point("public"), m{"name": "a", "policy": openToOne}, m{"after_unknown": m{"bucket": true, "arn": true}}),
		}, []m{conf("aws_s3_access_point.a", map[string][]string{"policy": nil, "bucket": {"aws_s3_bucket.n.id", "aws_s3_bucket.n"}})}, []string{
			"aws_s3_access_point.a | policy | resource | replace | access-point aws_s3_access_point.a a | D > D",
			"aws_s3_access_point.a | replace | access-point aws_s3_access_point.a a | " + all + " > " + all}},
		{"what supports an access point", []m{
			rc("aws_s3control_object_lambda_access_point.o", "update", lambda("a"), lambda("b")),
			rc("aws_s3control_object_lambda_access_point_policy.p", "no-op", m{"name": "o", "policy": openToOne}, m{"name": "o", "policy": openToOne}),
		}, nil, []string{
			"aws_s3control_object_lambda_access_point.o | configuration.supporting_access_point | resource | update | object-lambda-access-point aws_s3control_object_lambda_access_point.o o | unknown > unknown",
			"aws_s3control_object_lambda_access_point_policy.p | policy | resource | create | object-lambda-access-point aws_s3control_object_lambda_access_point.o o | absent > D",
			"aws_s3control_object_lambda_access_point_policy.p (left o) | policy | resource | delete | object-lambda-access-point aws_s3control_object_lambda_access_point.o (left a) o gone | D > absent"}},
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

// TestInstanceByName makes sure that a known name counts more than the key that two
// resources have in common.
func TestInstanceByName(t *testing.T) {
	t.Parallel()
	side := func(name string) m { return m{"id": name, "name": name, "assume_role_policy": ec2Trust} }
	grants := clean(t, plan([]m{
		rc(`aws_iam_role.r["a"]`, "no-op", side("ra"), side("ra")),
		rc(`aws_iam_role.r["b"]`, "delete", side("rb"), nil),
		rc(`aws_iam_role_policy.p["b"]`, "delete", m{"name": "p", "role": "ra", "policy": getObject}, nil),
	}, []m{conf("aws_iam_role_policy.p", map[string][]string{"policy": nil, "role": {"aws_iam_role.r", "each.value"}})}))
	s := grants[len(grants)-1].Subject
	if s.Address != `aws_iam_role.r["a"]` || s.Gone {
		t.Errorf("subject %+v, want the instance that has the name, which stays", s)
	}
}
