package terraform

import "github.com/grantdiff/grantdiff/extractors"

const (
	attached = extractors.Attached
	bounded  = extractors.Bounded
	joins    = extractors.Member
	acts     = extractors.Acts
	guarded  = extractors.Guarded
)

// linkTable names what makes one thing take part in the access of another. To cover one
// more, add a line: kind of link, resource type, attribute that names the target, kind
// of target, its resource types ("": none), kind of subject, attributes naming the
// subject, its resource types ("": the resource itself), flags; and where needed what
// linkForm has besides. A path that ends in [] is a list: of targets in the attribute,
// of subjects in the naming one, and there is one link for each subject.
var linkTable = []row{
	// Managed policies of IAM.
	link(attached, "aws_iam_role", "managed_policy_arns[]", "policy", "aws_iam_policy", "role", "name|id", "", computed),
	link(attached, "aws_iam_role_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "role", "role", "aws_iam_role", required),
	link(attached, "aws_iam_user_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "user", "user", "aws_iam_user", required),
	link(attached, "aws_iam_group_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "group", "group", "aws_iam_group", required),
	link(attached, "aws_iam_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "role", "roles[]", "aws_iam_role", required|sole),
	link(attached, "aws_iam_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "user", "users[]", "aws_iam_user", required|sole),
	link(attached, "aws_iam_policy_attachment", "policy_arn", "policy", "aws_iam_policy", "group", "groups[]", "aws_iam_group", required|sole),
	link(attached, "aws_iam_role_policy_attachments_exclusive", "policy_arns[]", "policy", "aws_iam_policy", "role", "role_name", "aws_iam_role", exclusive),
	link(attached, "aws_iam_user_policy_attachments_exclusive", "policy_arns[]", "policy", "aws_iam_policy", "user", "user_name", "aws_iam_user", exclusive),
	link(attached, "aws_iam_group_policy_attachments_exclusive", "policy_arns[]", "policy", "aws_iam_policy", "group", "group_name", "aws_iam_group", exclusive),
	link(bounded, "aws_iam_role", "permissions_boundary", "policy", "aws_iam_policy", "role", "name|id", "", 0),
	link(bounded, "aws_iam_user", "permissions_boundary", "policy", "aws_iam_policy", "user", "name|id", "", 0),

	// Groups and credentials of IAM users.
	link(joins, "aws_iam_group_membership", "group", "group", "aws_iam_group", "user", "users[]", "aws_iam_user", required),
	link(joins, "aws_iam_user_group_membership", "groups[]", "group", "aws_iam_group", "user", "user", "aws_iam_user", 0),
	link(acts, "aws_iam_access_key", "user", "user", "aws_iam_user", "access-key", "id", "", required).when("status=Active"),
	link(acts, "aws_iam_user_login_profile", "user", "user", "aws_iam_user", "password", "id", "", required),
	link(acts, "aws_iam_service_specific_credential", "user_name", "user", "aws_iam_user", "credential", "service_name", "", required).when("status=Active").made("service_name"),
	link(acts, "aws_iam_user_ssh_key", "username", "user", "aws_iam_user", "ssh-key", "ssh_public_key_id", "", required).when("status=Active").made("public_key"),
	link(acts, "aws_iam_signing_certificate", "user_name", "user", "aws_iam_user", "signing-certificate", "certificate_id", "", required).when("status=Active").made("certificate_body"),

	// IAM Identity Center. An assignment counts in one account, so that a group in it is
	// a subject of its own, which the group as a whole leads to.
	link(attached, "aws_ssoadmin_managed_policy_attachment", "managed_policy_arn", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", required),
	link(attached, "aws_ssoadmin_managed_policy_attachments_exclusive", "managed_policy_arns[]", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", exclusive),
	link(attached, "aws_ssoadmin_customer_managed_policy_attachment", "customer_managed_policy_reference[].name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", required).pathed(),
	link(attached, "aws_ssoadmin_customer_managed_policy_attachments_exclusive", "customer_managed_policy_reference[].name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", exclusive).pathed(),
	link(bounded, "aws_ssoadmin_permissions_boundary_attachment", "permissions_boundary[].managed_policy_arn", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", exclusive),
	link(bounded, "aws_ssoadmin_permissions_boundary_attachment", "permissions_boundary[].customer_managed_policy_reference[].name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", exclusive).pathed(),
	link(acts, "aws_ssoadmin_account_assignment", "permission_set_arn", "permission-set", "aws_ssoadmin_permission_set", "identity-center-user", "principal_id", "aws_identitystore_user", required).when("principal_type=USER").within("account target_id").bridge(),
	link(acts, "aws_ssoadmin_account_assignment", "permission_set_arn", "permission-set", "aws_ssoadmin_permission_set", "identity-center-group", "principal_id", "aws_identitystore_group", required).when("principal_type==GROUP").within("account target_id").bridge(),
	link(joins, "aws_identitystore_group_membership", "group_id", "identity-center-group", "aws_identitystore_group", "identity-center-user", "member_id", "aws_identitystore_user", required),

	// Other directories.
	link(joins, "aws_cognito_user_in_group", "group_name", "cognito-group", "aws_cognito_user_group", "cognito-user", "username", "aws_cognito_user", required).within("pool user_pool_id"),
	link(joins, "aws_quicksight_group_membership", "group_name", "quicksight-group", "aws_quicksight_group", "quicksight-user", "member_name", "aws_quicksight_user", required).within("namespace namespace"),
	link(attached, "aws_quicksight_iam_policy_assignment", "policy_arn", "policy", "aws_iam_policy", "quicksight-user", "identities[].user[]", "aws_quicksight_user", 0).when("assignment_status==ENABLED").within("namespace namespace"),
	link(attached, "aws_quicksight_iam_policy_assignment", "policy_arn", "policy", "aws_iam_policy", "quicksight-group", "identities[].group[]", "aws_quicksight_group", 0).when("assignment_status==ENABLED").within("namespace namespace"),
	link(attached, "aws_eks_access_policy_association", "policy_arn", "eks-access-policy", "", "cluster-user", "principal_arn", "aws_iam_role|aws_iam_user", required).within("cluster cluster_name|scope access_scope[].type|namespaces access_scope[].namespaces[]"),
	link(attached, "aws_iot_policy_attachment", "policy", "iot-policy", "aws_iot_policy", "iot-identity", "target", "aws_iot_certificate|aws_iot_thing_group", required),
	link(attached, "aws_emr_studio_session_mapping", "session_policy_arn", "policy", "aws_iam_policy", "studio-user", "identity_id|identity_name", "aws_identitystore_user|aws_identitystore_group", required).within("studio studio_id"),
	link(attached, "vault_aws_secret_backend_role", "policy_arns[]", "policy", "aws_iam_policy", "vault-role", "name", "", 0),
	link(bounded, "vault_aws_secret_backend_role", "permissions_boundary_arn", "policy", "aws_iam_policy", "vault-role", "name", "", 0),
	link(joins, "vault_aws_secret_backend_role", "iam_groups[]", "group", "aws_iam_group", "vault-role", "name", "", 0),
	link(acts, "vault_aws_secret_backend_role", "role_arns[]", "role", "aws_iam_role", "vault-role", "name", "", 0),

	// What sessions are limited to.
	link(bounded, "aws_chatbot_slack_channel_configuration", "guardrail_policy_arns[]", "policy", "aws_iam_policy", "chat-channel", "configuration_name", "", computed),
	link(bounded, "aws_chatbot_teams_channel_configuration", "guardrail_policy_arns[]", "policy", "aws_iam_policy", "chat-channel", "configuration_name", "", computed),
	link(bounded, "aws_rolesanywhere_profile", "managed_policy_arns[]", "policy", "aws_iam_policy", "rolesanywhere-profile", "name", "", 0),

	// Organizations.
	link(guarded, "aws_organizations_policy_attachment", "policy_id", "organization-policy", "aws_organizations_policy", "organization-target", "target_id", "aws_organizations_account|aws_organizations_organizational_unit|aws_organizations_organization", required),
}

// link is a row of the table above.
func link(kind extractors.LinkKind, typ, path, target, types, subject, name, of string, flags flags) row {
	return row{Type: typ, Path: path, Subject: subject, Name: name, Of: withCounterparts(of), Flags: flags, Link: &linkForm{Kind: kind, Target: target, Types: withCounterparts(types)}}
}

// acting is a row for an object that acts as a role itself.
func acting(typ, path, subject string, flags flags) row {
	return link(acts, typ, path, "role", "aws_iam_role", subject, "name|id", "", flags)
}

func (r row) within(places string) row { r.Link.Within = places; return r }

func (r row) bridge() row { r.Link.Bridge = true; return r }

func (r row) when(condition string) row { r.Link.When = condition; return r }

func (r row) made(attributes string) row { r.Link.Made = attributes; return r }

func (r row) along(attributes string) row { r.Link.Along = attributes; return r }

func (r row) pathed() row { r.Link.Pathed = true; return r }

// itself is a row whose target is the object.
func itself(r row) row { r.Link.Itself = true; return r }

func (r row) inside(members string) row { r.Link.Inside = members; return r }
