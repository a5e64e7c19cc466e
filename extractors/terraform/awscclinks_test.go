package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCloudControlLinks covers links under the names of the AWS Cloud Control provider:
// policies that name their principals, parts of a user, objects and maps.
func TestCloudControlLinks(t *testing.T) {
	t.Parallel()
	const own = "arn:aws:iam::111122223333:policy/own"
	owned := func(more m) m {
		out := m{"id": own, "policy_arn": own, "managed_policy_name": "own", "policy_document": getObject}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	role := m{"id": "r", "role_name": "r", "assume_role_policy_document": ec2Trust}
	user := func(login any, groups ...any) m {
		return m{"id": "u", "user_name": "u", "login_profile": login, "groups": groups}
	}
	password := m{"password": "correct horse", "password_reset_required": nil}
	entry := func(policies ...any) m {
		return m{"cluster_name": "c", "principal_arn": "arn:aws:iam::111122223333:role/r", "access_policies": policies}
	}
	scoped := func(arn, typ string, namespaces ...any) m {
		return m{"policy_arn": arn, "access_scope": m{"type": typ, "namespaces": namespaces}}
	}
	ps := func(boundary any) m {
		return m{"permission_set_arn": "ps", "name": "n", "permissions_boundary": boundary}
	}
	guard := func(targets ...any) m {
		return m{"id": "p-1", "name": "n", "type": "SERVICE_CONTROL_POLICY", "content": getObject, "target_ids": targets}
	}
	const p = "awscc_iam_managed_policy.p"
	const u = "awscc_iam_user.u"
	const e = "awscc_eks_access_entry.e"
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"policy that names a role", []m{stay("awscc_iam_role.r", role), rc(p, "update", owned(nil), owned(m{"roles": []any{"r"}}))}, nil, []string{
			p + " | roles | attached | create | role awscc_iam_role.r r | none > policy " + p + " 111122223333:policy/own"}},
		{"policy that names another role", []m{rc(p, "update", owned(m{"roles": []any{"a", "b"}}), owned(m{"roles": []any{"b", "c"}}))}, nil, []string{
			p + " | roles | attached | delete | role  a | policy " + p + " 111122223333:policy/own > none",
			p + " | roles | attached | update | role  b | policy " + p + " 111122223333:policy/own > policy " + p + " 111122223333:policy/own",
			p + " | roles | attached | create | role  c | none > policy " + p + " 111122223333:policy/own"}},
		{"new policy for a user and a group", []m{rc(p, "create", nil, m{"policy_document": getObject, "users": []any{"u"}, "groups": []any{"g"}}, unknown("id", "policy_arn", "managed_policy_name", "roles"))},
			[]m{conf(p, map[string][]string{"policy_document": nil, "users": nil, "groups": nil})}, []string{
				p + " | users | attached | create | user  u | none > policy " + p,
				p + " | groups | attached | create | group  g | none > policy " + p}},
		{"new policy for a new role", []m{rc("awscc_iam_role.r", "create", nil, m{"assume_role_policy_document": ec2Trust}, unknown("id", "role_name")),
			rc(p, "create", nil, m{"policy_document": getObject}, m{"after_unknown": m{"id": true, "policy_arn": true, "roles": []any{true}}})},
			[]m{conf(p, map[string][]string{"roles": {"awscc_iam_role.r.role_name"}})}, []string{
				p + " | roles | attached | create | role awscc_iam_role.r new | none > policy " + p}},
		{"policy that shows what others attach", []m{stay(p, owned(m{"roles": []any{"r"}})), rc("aws_iam_role_policy_attachment.a", "delete", m{"role": "r", "policy_arn": own}, nil)},
			[]m{conf(p, map[string][]string{"policy_document": nil})}, []string{
				"aws_iam_role_policy_attachment.a | policy_arn | attached | delete | role  r | policy " + p + " 111122223333:policy/own > none"}},
		{"forgotten policy", []m{rc(p, "forget", owned(m{"roles": []any{"r"}}), nil)}, nil, []string{
			p + " | roles | attached | forget | role  r | policy " + p + " 111122223333:policy/own > policy " + p + " 111122223333:policy/own"}},

		{"password", []m{rc(u, "update", user(nil), user(password))}, nil, []string{
			u + " | login_profile | acts | update | password " + u + ".login_profile u | none > user " + u + " u"}},
		{"another password", []m{rc(u, "update", user(m{"password": "x"}), user(password))}, nil, []string{
			u + " | login_profile | acts | update | password " + u + ".login_profile u | user " + u + " u > user " + u + " u"}},
		{"password that nothing sets", []m{rc(u, "create", nil, m{"user_name": "u"}, unknown("id", "login_profile", "groups"))}, []m{conf(u, map[string][]string{"user_name": nil})}, nil},
		{"groups", []m{rc(u, "update", user(nil, "a"), user(nil, "b"))}, nil, []string{
			u + " | groups | member | update | user " + u + " u | group a > group b"}},

		{"scope of a cluster policy", []m{rc(e, "update", entry(scoped("admin", "namespace", "b", "a"), scoped("view", "cluster")), entry(scoped("admin", "cluster"), scoped("view", "namespace", "a", "b")))}, nil, []string{
			e + " | access_policies.policy_arn | attached | update | cluster-user  arn:aws:iam::111122223333:role/r in cluster c | eks-access-policy admin (namespace: a, b), eks-access-policy view (cluster) > eks-access-policy admin (cluster), eks-access-policy view (namespace: a, b)"}},
		{"boundary of a permission set", []m{rc("awscc_sso_permission_set.s", "update", ps(m{"managed_policy_arn": readOnly}), ps(m{"customer_managed_policy_reference": m{"name": "own", "path": "/"}}))}, nil, []string{
			"awscc_sso_permission_set.s | permissions_boundary.managed_policy_arn | bounded | update | permission-set awscc_sso_permission_set.s ps | policy aws:policy/ReadOnlyAccess > none",
			"awscc_sso_permission_set.s | permissions_boundary.customer_managed_policy_reference.name | bounded | update | permission-set awscc_sso_permission_set.s ps | none > policy own"}},
		{"control policy leaves a unit", []m{rc("awscc_organizations_policy.p", "update", guard("ou-1", "r-1"), guard("r-1"))}, nil, []string{
			"awscc_organizations_policy.p | target_ids | guarded | delete | organization-target  ou-1 | organization-policy awscc_organizations_policy.p p-1 > none",
			"awscc_organizations_policy.p | target_ids | guarded | update | organization-target  r-1 | organization-policy awscc_organizations_policy.p p-1 > organization-policy awscc_organizations_policy.p p-1"}},
		{"roles of an identity pool", []m{rc("awscc_cognito_identity_pool_role_attachment.p", "update",
			m{"identity_pool_id": "eu:1", "roles": `{"authenticated":"r"}`},
			m{"identity_pool_id": "eu:1", "roles": m{"authenticated": "s"}, "role_mappings": m{
				"x": m{"rules_configuration": m{"rules": []any{m{"role_arn": "t"}}}}, "y": m{"rules_configuration": nil}}})}, nil, []string{
			"awscc_cognito_identity_pool_role_attachment.p | roles.authenticated | acts | update | identity-pool  eu:1 in sessions with a login | role r > role s",
			"awscc_cognito_identity_pool_role_attachment.p | role_mappings.*.rules_configuration.rules.role_arn | acts | update | identity-pool  eu:1 in sessions of mapped claims | none > role t"}},
		{"assignment", []m{rc("awscc_sso_assignment.a", "create", nil, m{"principal_type": "USER", "principal_id": "u1", "target_id": "111122223333", "permission_set_arn": "ps"})}, nil, []string{
			"awscc_sso_assignment.a | permission_set_arn | acts | create | identity-center-user  u1 in account 111122223333 | none > permission-set ps",
			"awscc_sso_assignment.a | permission_set_arn | acts | create | identity-center-user  u1 | none > identity-center-user u1 in account 111122223333"}},
		{"member of a group", []m{rc("awscc_identitystore_group_membership.m", "create", nil, m{"group_id": "g1", "member_id": m{"user_id": "u1"}})}, nil, []string{
			"awscc_identitystore_group_membership.m | group_id | member | create | identity-center-user  u1 | none > identity-center-group g1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, linksOf(t, plan(tt.changes, tt.resources))); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}
