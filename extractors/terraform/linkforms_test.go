package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestLinkForms covers each kind of link, and what the forms have besides attributes:
// conditions, places, and what makes another subject of an object.
func TestLinkForms(t *testing.T) {
	t.Parallel()
	with := func(side m, more m) m {
		out := m{}
		for _, from := range []m{side, more} {
			for k, v := range from {
				out[k] = v
			}
		}
		return out
	}
	bound := func(arn any) m { return with(roleObject("r"), m{"permissions_boundary": arn}) }
	assign := func(kind, id, account string) m {
		return m{"principal_type": kind, "principal_id": id, "target_id": account, "permission_set_arn": "arn:aws:sso:::permissionSet/i/p"}
	}
	reference := func(path string) m { return m{"name": "own", "path": path} }
	customer := func(path string) m {
		return m{"permission_set_arn": "ps", "customer_managed_policy_reference": []any{reference(path)}}
	}
	boundary := func(path string) m {
		return m{"permission_set_arn": "ps", "permissions_boundary": []any{m{"managed_policy_arn": nil, "customer_managed_policy_reference": []any{reference(path)}}}}
	}
	cloud := func(path string) m {
		return m{"permission_set_arn": "set", "name": "set", "customer_managed_policy_references": []any{reference(path)}}
	}
	pathed := func(path string) m {
		arn := "arn:aws:iam::111122223333:policy" + path + "own"
		return m{"id": arn, "arn": arn, "name": "own", "path": path, "policy": getObject}
	}
	group := m{"id": "store/g1", "group_id": "g1", "display_name": "devs"}
	key := func(status any) m { return m{"id": "AKIA1", "user": "u", "status": status} }
	ssh := func(key string) m { return m{"username": "u", "ssh_public_key_id": "APKA1", "public_key": key} }
	pod := func(account, role string) m {
		return m{"id": "a", "cluster_name": "c", "namespace": "n", "service_account": account, "role_arn": role}
	}
	pool := func(roles m) m { return m{"identity_pool_id": "eu:1", "roles": roles} }
	const set = "permission-set arn:aws:sso:::permissionSet/i/p"
	const assignment = "aws_ssoadmin_account_assignment.a | permission_set_arn | acts | "
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"boundary goes", []m{rc("aws_iam_role.r", "update", bound(ownARN), bound(""))}, nil, []string{
			"aws_iam_role.r | permissions_boundary | bounded | update | role aws_iam_role.r r | policy 111122223333:policy/own > none"}},
		{"boundary comes with its policy", []m{rc("aws_iam_policy.own", "create", nil, m{"name": "own", "policy": getObject}, unknown("arn")),
			rc("aws_iam_role.r", "update", bound(nil), roleObject("r"), unknown("permissions_boundary"))},
			[]m{conf("aws_iam_role.r", map[string][]string{"permissions_boundary": {"aws_iam_policy.own.arn"}})}, []string{
				"aws_iam_role.r | permissions_boundary | bounded | update | role aws_iam_role.r r | none > policy aws_iam_policy.own own"}},
		{"boundary goes with its user", []m{rc("aws_iam_user.u", "delete", with(userObject("u"), m{"permissions_boundary": ownARN}), nil)}, nil, []string{
			"aws_iam_user.u | permissions_boundary | bounded | delete | user aws_iam_user.u u gone | policy 111122223333:policy/own > none"}},
		{"boundary of a permission set", []m{rc("aws_ssoadmin_permissions_boundary_attachment.b", "delete,create",
			m{"permission_set_arn": "ps", "permissions_boundary": []any{m{"managed_policy_arn": readOnly, "customer_managed_policy_reference": []any{}}}},
			m{"permission_set_arn": "ps", "permissions_boundary": []any{m{"managed_policy_arn": nil, "customer_managed_policy_reference": []any{m{"name": "own", "path": "/"}}}}})}, nil, []string{
			"aws_ssoadmin_permissions_boundary_attachment.b | permissions_boundary.managed_policy_arn | bounded | replace | permission-set  ps | policy aws:policy/ReadOnlyAccess > none",
			"aws_ssoadmin_permissions_boundary_attachment.b | permissions_boundary.customer_managed_policy_reference.name | bounded | replace | permission-set  ps | none > policy own"}},
		{"guardrail that is set by the service", []m{rc("aws_chatbot_slack_channel_configuration.c", "create", nil, m{"configuration_name": "c", "iam_role_arn": "r"}, unknown("guardrail_policy_arns"))},
			[]m{conf("aws_chatbot_slack_channel_configuration.c", map[string][]string{"iam_role_arn": nil})}, []string{
				"aws_chatbot_slack_channel_configuration.c | iam_role_arn | acts | create | chat-channel aws_chatbot_slack_channel_configuration.c c new | none > role r"}},
		{"guardrail goes", []m{rc("aws_chatbot_teams_channel_configuration.c", "update", m{"configuration_name": "c", "guardrail_policy_arns": []any{readOnly, ownARN}}, m{"configuration_name": "c", "guardrail_policy_arns": []any{}})}, nil, []string{
			"aws_chatbot_teams_channel_configuration.c | guardrail_policy_arns | bounded | update | chat-channel aws_chatbot_teams_channel_configuration.c c | policy aws:policy/ReadOnlyAccess, policy 111122223333:policy/own > none"}},
		{"control policy leaves a unit", []m{stay("aws_organizations_policy.p", m{"id": "p-1", "name": "p", "content": getObject}),
			stay("aws_organizations_organizational_unit.o", m{"id": "ou-1", "name": "prod"}),
			rc("aws_organizations_policy_attachment.a", "delete", m{"policy_id": "p-1", "target_id": "ou-1"}, nil)}, nil, []string{
			"aws_organizations_policy_attachment.a | policy_id | guarded | delete | organization-target aws_organizations_organizational_unit.o prod | organization-policy aws_organizations_policy.p p-1 > none"}},
		{"control policy that destroying leaves in place", []m{rc("aws_organizations_policy_attachment.a", "delete", m{"policy_id": "p-1", "target_id": "ou-1", "skip_destroy": true}, nil)}, nil, []string{
			"aws_organizations_policy_attachment.a | policy_id | guarded | forget | organization-target  ou-1 | organization-policy p-1 > organization-policy p-1"}},
		{"control policy on the root", []m{stay("aws_organizations_organization.o", m{"id": "o-1", "roots": []any{m{"id": "r-1"}}}), stay("aws_organizations_policy_attachment.a", m{"policy_id": "p-1", "target_id": "r-1"})},
			[]m{conf("aws_organizations_policy_attachment.a", map[string][]string{"target_id": {"aws_organizations_organization.o.roots[0].id"}})}, []string{
				"aws_organizations_policy_attachment.a | policy_id | guarded | no-op | organization-target  r-1 | organization-policy p-1 > organization-policy p-1"}},

		{"key is made", []m{rc("aws_iam_access_key.k", "create", nil, m{"user": "u"}, unknown("id")), stay("aws_iam_user.u", userObject("u"))}, nil, []string{
			"aws_iam_access_key.k | user | acts | create | access-key aws_iam_access_key.k new | none > user aws_iam_user.u u"}},
		{"key is switched on", []m{rc("aws_iam_access_key.k", "update", key("Inactive"), key("Active"))}, nil, []string{
			"aws_iam_access_key.k | user | acts | update | access-key aws_iam_access_key.k AKIA1 | none > user u"}},
		{"key that has always been off", []m{stay("aws_iam_access_key.k", key("Inactive"))}, nil, nil},
		{"key without a status", []m{stay("aws_iam_access_key.k", key(nil))}, nil, []string{
			"aws_iam_access_key.k | user | acts | no-op | access-key aws_iam_access_key.k AKIA1 | user u > user u"}},
		{"key of somebody else", []m{rc("aws_iam_user_ssh_key.k", "delete,create", ssh("a"), ssh("b"))}, nil, []string{
			"aws_iam_user_ssh_key.k (as it was) | username | acts | delete | ssh-key aws_iam_user_ssh_key.k (as it was) APKA1 gone | user u > none",
			"aws_iam_user_ssh_key.k | username | acts | create | ssh-key aws_iam_user_ssh_key.k APKA1 new | none > user u"}},
		{"role of another service account", []m{rc("aws_eks_pod_identity_association.p", "delete,create", pod("a", "r"), pod("b", "r"))}, nil, []string{
			"aws_eks_pod_identity_association.p (as it was) | role_arn | acts | delete | eks-pod-identity-association aws_eks_pod_identity_association.p (as it was) a gone | role r > none",
			"aws_eks_pod_identity_association.p | role_arn | acts | create | eks-pod-identity-association aws_eks_pod_identity_association.p a new | none > role r"}},

		{"assignment to a group", []m{stay("aws_identitystore_group.g", group), rc("aws_ssoadmin_account_assignment.a", "create", nil, assign("GROUP", "g1", "111122223333"))}, nil, []string{
			assignment + "create | identity-center-group  aws_identitystore_group.g in account 111122223333 | none > " + set,
			assignment + "create | identity-center-group aws_identitystore_group.g store/g1 | none > identity-center-group aws_identitystore_group.g in account 111122223333"}},
		{"assignment in another account", []m{rc("aws_ssoadmin_account_assignment.a", "delete,create", assign("USER", "u1", "111122223333"), assign("USER", "u1", "444455556666"))}, nil, []string{
			assignment + "delete | identity-center-user  u1 in account 111122223333 | " + set + " > none",
			assignment + "replace | identity-center-user  u1 | identity-center-user u1 in account 111122223333 > identity-center-user u1 in account 444455556666",
			assignment + "create | identity-center-user  u1 in account 444455556666 | none > " + set}},
		{"assignment in an account that is made", []m{rc("aws_ssoadmin_account_assignment.a", "create", nil, m{"principal_type": "USER", "principal_id": "u1", "permission_set_arn": "ps"}, unknown("target_id"))},
			[]m{conf("aws_ssoadmin_account_assignment.a", map[string][]string{"target_id": {"aws_organizations_account.n.id"}})}, []string{
				assignment + "create | identity-center-user  u1 in account aws_organizations_account.n.id | none > permission-set ps",
				assignment + "create | identity-center-user  u1 | none > identity-center-user u1 in account aws_organizations_account.n.id"}},
		{"assignment to a user and then to a group", []m{rc("aws_ssoadmin_account_assignment.a", "delete,create", assign("USER", "u1", "111122223333"), assign("GROUP", "g1", "111122223333"))}, nil, []string{
			assignment + "delete | identity-center-user  u1 in account 111122223333 | " + set + " > none",
			assignment + "delete | identity-center-user  u1 | identity-center-user u1 in account 111122223333 > none",
			assignment + "create | identity-center-group  g1 in account 111122223333 | none > " + set,
			assignment + "create | identity-center-group  g1 | none > identity-center-group g1 in account 111122223333"}},
		{"member of an Identity Center group", []m{stay("aws_identitystore_group.g", group), rc("aws_identitystore_group_membership.m", "create", nil, m{"group_id": "g1", "member_id": "u1"})}, nil, []string{
			"aws_identitystore_group_membership.m | group_id | member | create | identity-center-user  u1 | none > identity-center-group aws_identitystore_group.g g1"}},
		{"policies of a permission set by name", []m{stay("aws_iam_policy.own", policyObject("own")),
			rc("aws_ssoadmin_customer_managed_policy_attachment.c", "create", nil, m{"permission_set_arn": "ps", "customer_managed_policy_reference": []any{m{"name": "own", "path": "/"}}})}, nil, []string{
			"aws_ssoadmin_customer_managed_policy_attachment.c | customer_managed_policy_reference.name | attached | create | permission-set  ps | none > policy aws_iam_policy.own own"}},
		{"policies of one name and several paths", []m{stay("aws_iam_policy.a", pathed("/a/")), stay("aws_iam_policy.b", pathed("/b/")), stay("awscc_iam_managed_policy.c", m{"managed_policy_name": "own", "path": "/c/d/", "policy_document": getObject}),
			rc("aws_ssoadmin_customer_managed_policy_attachment.c", "delete,create", customer("/a/"), customer("/b/")),
			rc("aws_ssoadmin_customer_managed_policy_attachment.d", "create", nil, customer("/")),
			rc("aws_ssoadmin_customer_managed_policy_attachment.e", "create", nil, customer("/c/d/")),
			rc("aws_ssoadmin_permissions_boundary_attachment.f", "delete,create", boundary("/a/"), boundary("/x/")),
			rc("awscc_sso_permission_set.g", "update", cloud("/a/"), cloud("/y/"))}, nil, []string{
			"aws_ssoadmin_customer_managed_policy_attachment.c | customer_managed_policy_reference.name | attached | replace | permission-set  ps | policy aws_iam_policy.a a/own > policy aws_iam_policy.b b/own",
			"aws_ssoadmin_customer_managed_policy_attachment.d | customer_managed_policy_reference.name | attached | create | permission-set  ps | none > policy own",
			"aws_ssoadmin_customer_managed_policy_attachment.e | customer_managed_policy_reference.name | attached | create | permission-set  ps | none > policy awscc_iam_managed_policy.c c/d/own",
			"aws_ssoadmin_permissions_boundary_attachment.f | permissions_boundary.customer_managed_policy_reference.name | bounded | replace | permission-set  ps | policy aws_iam_policy.a a/own > policy x/own",
			"awscc_sso_permission_set.g | customer_managed_policy_references.name | attached | update | permission-set awscc_sso_permission_set.g set | policy aws_iam_policy.a a/own > policy y/own"}},
		{"policy of a path that is not known", []m{stay("aws_iam_policy.a", pathed("/a/")),
			rc("aws_ssoadmin_customer_managed_policy_attachment.c", "delete,create", customer("/a/"), m{"permission_set_arn": "ps", "customer_managed_policy_reference": []any{m{"name": "own"}}}, m{"after_unknown": m{"customer_managed_policy_reference": []any{m{"path": true}}}})}, nil, []string{
			"aws_ssoadmin_customer_managed_policy_attachment.c | customer_managed_policy_reference.name | attached | replace | permission-set  ps | policy aws_iam_policy.a a/own > policy unknown"}},
		{"scope of a cluster policy", []m{rc("aws_eks_access_policy_association.a", "delete,create",
			m{"cluster_name": "c", "principal_arn": "arn:aws:iam::111122223333:role/r", "policy_arn": "view", "access_scope": []any{m{"type": "namespace", "namespaces": []any{"b", "a"}}}},
			m{"cluster_name": "c", "principal_arn": "arn:aws:iam::111122223333:role/r", "policy_arn": "view", "access_scope": []any{m{"type": "cluster", "namespaces": []any{}}}})}, nil, []string{
			"aws_eks_access_policy_association.a | policy_arn | attached | delete | cluster-user  arn:aws:iam::111122223333:role/r in cluster c, scope namespace, namespaces a, b | eks-access-policy view > none",
			"aws_eks_access_policy_association.a | policy_arn | attached | create | cluster-user  arn:aws:iam::111122223333:role/r in cluster c, scope cluster | none > eks-access-policy view"}},
		{"sessions without a login", []m{rc("aws_cognito_identity_pool_roles_attachment.p", "update", pool(m{"authenticated": "r"}), pool(m{"unauthenticated": "r"}))}, nil, []string{
			"aws_cognito_identity_pool_roles_attachment.p | roles.authenticated | acts | update | identity-pool  eu:1 in sessions with a login | role r > none",
			"aws_cognito_identity_pool_roles_attachment.p | roles.unauthenticated | acts | update | identity-pool  eu:1 in sessions without a login | none > role r"}},
		{"assignment of another directory that is a draft", []m{rc("aws_quicksight_iam_policy_assignment.q", "update",
			m{"namespace": "default", "assignment_status": "DRAFT", "policy_arn": readOnly, "identities": []any{m{"user": []any{"u"}, "group": nil}}},
			m{"namespace": "default", "assignment_status": "ENABLED", "policy_arn": readOnly, "identities": []any{m{"user": []any{"u"}, "group": nil}}})}, nil, []string{
			"aws_quicksight_iam_policy_assignment.q | policy_arn | attached | update | quicksight-user  u in namespace default | none > policy aws:policy/ReadOnlyAccess"}},

		{"role of a profile and an instance", []m{stay("aws_iam_instance_profile.p", m{"id": "p", "name": "p", "role": "r"}), rc("aws_instance.i", "create", nil, m{"ami": "a", "iam_instance_profile": "p"}, unknown("id"))}, nil, []string{
			"aws_iam_instance_profile.p | role | acts | no-op | instance-profile aws_iam_instance_profile.p p | role r > role r",
			"aws_instance.i | iam_instance_profile | acts | create | instance aws_instance.i new | none > instance-profile aws_iam_instance_profile.p p"}},
		{"instance without a profile", []m{rc("aws_instance.i", "create", nil, m{"ami": "a"}, unknown("id", "iam_instance_profile"))}, []m{conf("aws_instance.i", map[string][]string{"ami": nil})}, nil},
		{"roles in nested blocks", []m{rc("aws_codepipeline.p", "update",
			m{"id": "p", "role_arn": "a", "stage": []any{m{"action": []any{m{"role_arn": "b"}, m{"role_arn": nil}}}}},
			m{"id": "p", "role_arn": "a", "stage": []any{m{"action": []any{m{"role_arn": "b"}}}, m{"action": []any{m{"role_arn": "c"}}}}})}, nil, []string{
			"aws_codepipeline.p | role_arn | acts | update | codepipeline aws_codepipeline.p p | role a > role a",
			"aws_codepipeline.p | stage.action.role_arn | acts | update | codepipeline aws_codepipeline.p p | role b > role b, role c"}},
		{"role that a product is made with", []m{rc("aws_servicecatalog_constraint.c", "create", nil, m{"type": "LAUNCH", "parameters": `{"RoleArn":"arn:aws:iam::111122223333:role/launch"}`}),
			rc("aws_servicecatalog_constraint.d", "create", nil, m{"type": "NOTIFICATION", "parameters": `{"NotificationArns":[]}`})}, nil, []string{
			"aws_servicecatalog_constraint.c | parameters | acts | create | servicecatalog-constraint aws_servicecatalog_constraint.c new | none > role 111122223333:role/launch"}},
		{"roles of a generated block", []m{rc("aws_codepipeline.p", "create", nil, m{"role_arn": "a"}, unknown("id", "stage"))}, []m{conf("aws_codepipeline.p", map[string][]string{"role_arn": nil})}, []string{
			"aws_codepipeline.p | role_arn | acts | create | codepipeline aws_codepipeline.p new | none > role a",
			"aws_codepipeline.p | stage.action.role_arn | acts | create | codepipeline aws_codepipeline.p new | none > role unknown",
			"aws_codepipeline.p | stage.before_entry.condition.rule.role_arn | acts | create | codepipeline aws_codepipeline.p new | none > role unknown",
			"aws_codepipeline.p | stage.on_failure.condition.rule.role_arn | acts | create | codepipeline aws_codepipeline.p new | none > role unknown",
			"aws_codepipeline.p | stage.on_success.condition.rule.role_arn | acts | create | codepipeline aws_codepipeline.p new | none > role unknown"}},
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

// TestLinkMirrors covers managed_policy_arns of a role, which shows what is attached by
// whatever means unless the configuration sets it.
func TestLinkMirrors(t *testing.T) {
	t.Parallel()
	role := func(arns ...any) m {
		side := roleObject("r")
		side["managed_policy_arns"] = arns
		return side
	}
	const at = "aws_iam_role_policy_attachment.a"
	attach := func(policy string) m { return m{"role": "r", "policy_arn": policy} }
	unset := []m{conf("aws_iam_role.r", map[string][]string{"assume_role_policy": nil})}
	set := []m{conf("aws_iam_role.r", map[string][]string{"managed_policy_arns": {"local.arns"}})}
	const own = "aws_iam_role.r | managed_policy_arns | attached | "
	const subject = "role aws_iam_role.r r | "
	const other = at + " | policy_arn | attached | "
	const ro, ad = "policy aws:policy/ReadOnlyAccess", "policy aws:policy/AdministratorAccess"
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"managed by an attachment", []m{stay("aws_iam_role.r", role(readOnly)), stay(at, attach(readOnly))}, unset, []string{
			other + "no-op | " + subject + ro + " > " + ro}},
		{"managed by nobody", []m{stay("aws_iam_role.r", role(readOnly))}, unset, []string{
			own + "no-op | " + subject + ro + " > " + ro}},
		{"taken over by an attachment", []m{stay("aws_iam_role.r", role(readOnly)), rc(at, "create", nil, attach(readOnly))}, unset, []string{
			other + "create | " + subject + ro + " > " + ro}},
		{"attachment goes", []m{stay("aws_iam_role.r", role(readOnly, admin)), rc(at, "delete", attach(readOnly), nil)}, unset, []string{
			own + "no-op | " + subject + ad + " > " + ad,
			other + "delete | " + subject + ro + " > none"}},
		{"not listed by a new exclusive resource", []m{stay("aws_iam_role.r", role(readOnly, admin)),
			rc("aws_iam_role_policy_attachments_exclusive.e", "create", nil, m{"role_name": "r", "policy_arns": []any{readOnly}})}, unset, []string{
			own + "update | " + subject + ad + " > none",
			"aws_iam_role_policy_attachments_exclusive.e | policy_arns | attached | create | " + subject + ro + " > " + ro}},
		{"a new exclusive resource of nothing", []m{stay("aws_iam_role.r", role(admin)),
			rc("aws_iam_role_policy_attachments_exclusive.e", "create", nil, m{"role_name": "r", "policy_arns": []any{}})}, unset, []string{
			own + "update | " + subject + ad + " > none"}},
		{"not listed by a new resource of all attachments", []m{stay("aws_iam_role.r", role(readOnly, admin)),
			rc("aws_iam_policy_attachment.a", "create", nil, m{"policy_arn": admin, "roles": []any{"s"}})}, unset, []string{
			own + "update | " + subject + ro + ", " + ad + " > " + ro,
			"aws_iam_policy_attachment.a | policy_arn | attached | create | role  s | none > " + ad}},
		{"not listed by a forgotten exclusive resource", []m{stay("aws_iam_role.r", role(admin)),
			rc("aws_iam_role_policy_attachments_exclusive.e", "forget", m{"role_name": "r", "policy_arns": []any{}}, nil)}, unset, []string{
			own + "no-op | " + subject + ad + " > " + ad}},
		{"an attachment that stays and a new exclusive resource leaves out", []m{stay("aws_iam_role.r", role(readOnly, admin)), stay(at, attach(readOnly)),
			rc("aws_iam_role_policy_attachments_exclusive.e", "create", nil, m{"role_name": "r", "policy_arns": []any{admin}})}, unset, []string{
			other + "update | " + subject + ro + " > none",
			"aws_iam_role_policy_attachments_exclusive.e | policy_arns | attached | create | " + subject + ad + " > " + ad}},
		{"an attachment that stays and a new resource of all attachments leaves out", []m{stay("aws_iam_role.r", role(readOnly)), stay(at, attach(readOnly)),
			rc("aws_iam_policy_attachment.a", "create", nil, m{"policy_arn": readOnly, "users": []any{"u"}})}, unset, []string{
			other + "update | " + subject + ro + " > none",
			"aws_iam_policy_attachment.a | policy_arn | attached | create | user  u | none > " + ro}},
		{"a boundary and a new resource of all attachments of it", []m{
			stay("aws_iam_user.u", m{"name": "u", "permissions_boundary": readOnly}),
			rc("aws_iam_policy_attachment.a", "create", nil, m{"policy_arn": readOnly, "users": []any{"v"}})}, nil, []string{
			"aws_iam_user.u | permissions_boundary | bounded | no-op | user aws_iam_user.u u | " + ro + " > " + ro,
			"aws_iam_policy_attachment.a | policy_arn | attached | create | user  v | none > " + ro}},
		{"policies of customers and an exclusive resource of those of AWS", []m{
			stay("aws_ssoadmin_customer_managed_policy_attachment.c", m{"permission_set_arn": "ps", "customer_managed_policy_reference": []any{m{"name": "own"}}}),
			rc("aws_ssoadmin_managed_policy_attachments_exclusive.e", "create", nil, m{"permission_set_arn": "ps", "managed_policy_arns": []any{readOnly}})}, nil, []string{
			"aws_ssoadmin_customer_managed_policy_attachment.c | customer_managed_policy_reference.name | attached | no-op | permission-set  ps | policy own > policy own",
			"aws_ssoadmin_managed_policy_attachments_exclusive.e | managed_policy_arns | attached | create | permission-set  ps | none > " + ro}},
		{"policies of an organization in another language", []m{
			stay("aws_organizations_policy.tags", m{"id": "p-1", "name": "tags", "type": "TAG_POLICY", "content": "{}"}),
			rc("aws_organizations_policy_attachment.t", "create", nil, m{"policy_id": "p-1", "target_id": "ou-1"})}, nil, nil},
		{"unknown of a role that is made", []m{rc("aws_iam_role.r", "create", nil, roleObject("r"), unknown("managed_policy_arns"))}, unset, nil},
		{"unknown of a role that stays", []m{rc("aws_iam_role.r", "update", role(readOnly), roleObject("r"), unknown("managed_policy_arns"))}, unset, []string{
			own + "update | " + subject + ro + " > " + ro}},
		{"unknown of a role that is replaced", []m{rc("aws_iam_role.r", "delete,create", role(readOnly), roleObject("r"), unknown("managed_policy_arns"))}, unset, []string{
			own + "replace | " + subject + ro + " > none"}},
		{"set", []m{rc("aws_iam_role.r", "update", role(readOnly), role(admin)), stay(at, attach(readOnly))}, set, []string{
			own + "update | " + subject + ro + " > " + ad,
			other + "no-op | " + subject + ro + " > " + ro}},
		{"set to what is not known", []m{rc("aws_iam_role.r", "create", nil, roleObject("r"), unknown("managed_policy_arns"))}, set, []string{
			own + "create | role aws_iam_role.r r new | none > policy unknown local.arns"}},
		{"of another kind of link", []m{stay("aws_rds_cluster.c", m{"id": "c", "cluster_identifier": "c", "iam_roles": []any{"x", "y"}}),
			rc("aws_rds_cluster_role_association.x", "delete", m{"db_cluster_identifier": "c", "role_arn": "x"}, nil)},
			[]m{conf("aws_rds_cluster.c", map[string][]string{"cluster_identifier": nil})}, []string{
				"aws_rds_cluster.c | iam_roles | acts | no-op | rds-cluster aws_rds_cluster.c c | role y > role y",
				"aws_rds_cluster_role_association.x | role_arn | acts | delete | rds-cluster aws_rds_cluster.c c | role x > none"}},
		{"goes with the role", []m{rc("aws_iam_role.r", "delete", role(readOnly), nil), rc(at, "delete", attach(readOnly), nil)}, nil, []string{
			other + "delete | role aws_iam_role.r r gone | " + ro + " > none"}},
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

// TestLinkFaults covers values that the format does not have there: each becomes an
// unknown end with a sentence that says what was expected.
func TestLinkFaults(t *testing.T) {
	t.Parallel()
	const a = "aws_iam_role_policy_attachment.a"
	tests := []struct {
		name   string
		change m
		want   string // part of the reason
		from   bool   // the subject is not known, rather than the target
	}{
		{"no policy", rc(a, "create", nil, m{"role": "r"}), "policy_arn is missing", false},
		{"null policy", rc(a, "create", nil, m{"role": "r", "policy_arn": nil}), "policy_arn is missing", false},
		{"policy that is a number", rc(a, "create", nil, m{"role": "r", "policy_arn": 1}), "policy_arn is a number, expected a string", false},
		{"policy that is an object", rc(a, "create", nil, m{"role": "r", "policy_arn": m{"a": "b"}}), "policy_arn is an object, expected a string", false},
		{"no policy before", rc(a, "delete", m{"role": "r"}, nil), "policy_arn is missing", false},
		{"no role", rc(a, "create", nil, m{"policy_arn": admin}), "role is missing", true},
		{"role that is true", rc(a, "create", nil, m{"policy_arn": admin, "role": true}), "role is a boolean", true},
		{"null among roles", rc("aws_iam_policy_attachment.a", "create", nil, m{"policy_arn": admin, "roles": []any{nil}}), "entry of roles[] is null", true},
		{"roles that are a number", rc("aws_iam_policy_attachment.a", "create", nil, m{"policy_arn": admin, "roles": 7}), "roles[] is a number", true},
		{"block that is a text", rc("aws_codepipeline.p", "create", nil, m{"stage": "x"}), "is a string, expected a block", false},
		{"parameters that are no JSON", rc("aws_servicecatalog_constraint.c", "create", nil, m{"type": "LAUNCH", "parameters": "{"}), "expected an object", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan([]m{tt.change}, nil), terraform.Options{})
			if len(x.Links) == 0 {
				t.Fatal("no links")
			}
			l := x.Links[0]
			reason := l.FromUnknown
			if !tt.from {
				for _, side := range append(l.Before, l.After...) {
					reason = side.Unknown
				}
			}
			if reason == nil || !strings.Contains(reason.Reason, tt.want) {
				t.Errorf("link %s, reason %+v; want %q", linkLine(l), reason, tt.want)
			}
		})
	}
}
