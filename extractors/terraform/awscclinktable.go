package terraform

import "strings"

// ccLinkTable names what makes one thing take part in the access of another, under the
// names of the AWS Cloud Control provider. Rows are as in linkTable; what is not set
// shows what exists.
var ccLinkTable = []row{
	// Managed policies, groups and passwords of IAM.
	itself(link(attached, "awscc_iam_managed_policy", "roles[]", "policy", "aws_iam_role", "role", "roles[]", "aws_iam_role", computed)),
	itself(link(attached, "awscc_iam_managed_policy", "users[]", "policy", "aws_iam_user", "user", "users[]", "aws_iam_user", computed)),
	itself(link(attached, "awscc_iam_managed_policy", "groups[]", "policy", "aws_iam_group", "group", "groups[]", "aws_iam_group", computed)),
	link(attached, "awscc_iam_role", "managed_policy_arns[]", "policy", "aws_iam_policy", "role", "role_name|id", "", computed),
	link(attached, "awscc_iam_user", "managed_policy_arns[]", "policy", "aws_iam_policy", "user", "user_name|id", "", computed),
	link(attached, "awscc_iam_group", "managed_policy_arns[]", "policy", "aws_iam_policy", "group", "group_name|id", "", computed),
	link(bounded, "awscc_iam_role", "permissions_boundary", "policy", "aws_iam_policy", "role", "role_name|id", "", computed),
	link(bounded, "awscc_iam_user", "permissions_boundary", "policy", "aws_iam_policy", "user", "user_name|id", "", computed),
	link(joins, "awscc_iam_user", "groups[]", "group", "aws_iam_group", "user", "user_name|id", "", computed),
	itself(link(acts, "awscc_iam_user", "login_profile", "user", "", "password", "user_name|id", "", computed)),

	// IAM Identity Center and Amazon EKS.
	link(attached, "awscc_sso_permission_set", "managed_policies[]", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed),
	link(attached, "awscc_sso_permission_set", "customer_managed_policy_references[].name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed),
	link(bounded, "awscc_sso_permission_set", "permissions_boundary.managed_policy_arn", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed),
	link(bounded, "awscc_sso_permission_set", "permissions_boundary.customer_managed_policy_reference.name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed),
	link(acts, "awscc_sso_assignment", "permission_set_arn", "permission-set", "aws_ssoadmin_permission_set", "identity-center-user", "principal_id", "aws_identitystore_user", required).when("principal_type=USER").within("account target_id").bridge(),
	link(acts, "awscc_sso_assignment", "permission_set_arn", "permission-set", "aws_ssoadmin_permission_set", "identity-center-group", "principal_id", "aws_identitystore_group", required).when("principal_type==GROUP").within("account target_id").bridge(),
	link(joins, "awscc_identitystore_group_membership", "group_id", "identity-center-group", "aws_identitystore_group", "identity-center-user", "member_id.user_id", "aws_identitystore_user", required),
	link(attached, "awscc_eks_access_entry", "access_policies[].policy_arn", "eks-access-policy", "", "cluster-user", "principal_arn", "aws_iam_user", computed).within("cluster cluster_name").along("access_scope.type|access_scope.namespaces[]"),
	link(attached, "awscc_emr_studio_session_mapping", "session_policy_arn", "policy", "aws_iam_policy", "studio-user", "identity_name", "aws_identitystore_group", required).within("studio studio_id"),

	// What sessions are limited to.
	link(bounded, "awscc_chatbot_slack_channel_configuration", "guardrail_policies[]", "policy", "aws_iam_policy", "chat-channel", "configuration_name", "", computed),
	link(bounded, "awscc_chatbot_microsoft_teams_channel_configuration", "guardrail_policies[]", "policy", "aws_iam_policy", "chat-channel", "configuration_name", "", computed),
	link(bounded, "awscc_rolesanywhere_profile", "managed_policy_arns[]", "policy", "aws_iam_policy", "rolesanywhere-profile", "name", "", computed),

	// Organizations.
	itself(link(guarded, "awscc_organizations_policy", "target_ids[]", "organization-policy", ccTargets, "organization-target", "target_ids[]", ccTargets, computed)),

	// What acts as a role.
	ccActing("awscc_chatbot_slack_channel_configuration", "iam_role_arn", "chat-channel", "configuration_name", 0),
	ccActing("awscc_chatbot_microsoft_teams_channel_configuration", "iam_role_arn", "chat-channel", "configuration_name", 0),
	ccActing("awscc_cognito_user_pool_group", "role_arn", "cognito-group", "group_name|id", computed),
	link(acts, "awscc_cognito_identity_pool_role_attachment", "roles.authenticated", "role", "aws_iam_role", "identity-pool", "identity_pool_id", "aws_cognito_identity_pool", computed).within("=sessions with a login"),
	link(acts, "awscc_cognito_identity_pool_role_attachment", "roles.unauthenticated", "role", "aws_iam_role", "identity-pool", "identity_pool_id", "aws_cognito_identity_pool", computed).within("=sessions without a login"),
	link(acts, "awscc_cognito_identity_pool_role_attachment", "role_mappings.*.rules_configuration.rules[].role_arn", "role", "aws_iam_role", "identity-pool", "identity_pool_id", "aws_cognito_identity_pool", computed).within("=sessions of mapped claims"),
	ccActing("awscc_eks_pod_identity_association", "role_arn", "pod-identity", "association_arn|id", 0).made("cluster_name|namespace|service_account"),
	ccActing("awscc_eks_pod_identity_association", "target_role_arn", "pod-identity", "association_arn|id", computed).made("cluster_name|namespace|service_account"),
	ccActing("awscc_iam_instance_profile", "roles[]", "instance-profile", "instance_profile_name|id", 0),
	ccActing("awscc_iot_role_alias", "role_arn", "iot-role-alias", "role_alias|id", 0),
	ccActing("awscc_lambda_function", "role", "function", "function_name|id", 0),
	ccActing("awscc_mediapackage_asset", "source_role_arn", "mediapackage-asset", "asset_id|id", 0),
	ccActing("awscc_rolesanywhere_profile", "role_arns[]", "rolesanywhere-profile", "name|id", 0),
	ccActing("awscc_s3_access_grants_location", "iam_role_arn", "s3control-access-grants-location", "access_grants_location_id|id", computed),
	ccActing("awscc_servicecatalog_launch_role_constraint", "role_arn", "servicecatalog-constraint", "launch_role_constraint_id|id", computed),
	ccActing("awscc_servicecatalog_launch_role_constraint", "local_role_name", "servicecatalog-constraint", "launch_role_constraint_id|id", computed),
	ccActing("awscc_transfer_user", "role", "transfer-user", "user_name", 0).made("server_id|user_name"),
}

// ccTargets are what a policy of an organization may be attached to.
const ccTargets = "aws_organizations_account|aws_organizations_organizational_unit|aws_organizations_organization"

// counterparts are the types of the AWS Cloud Control provider for the same things: the
// resources of either may name those of the other.
var counterparts = map[string]string{
	"aws_cognito_identity_pool":             "awscc_cognito_identity_pool",
	"aws_cognito_user_group":                "awscc_cognito_user_pool_group",
	"aws_iam_group":                         "awscc_iam_group",
	"aws_iam_instance_profile":              "awscc_iam_instance_profile",
	"aws_iam_policy":                        "awscc_iam_managed_policy",
	"aws_iam_role":                          "awscc_iam_role",
	"aws_iam_user":                          "awscc_iam_user",
	"aws_identitystore_group":               "awscc_identitystore_group",
	"aws_identitystore_user":                "awscc_identitystore_user",
	"aws_iot_policy":                        "awscc_iot_policy",
	"aws_organizations_account":             "awscc_organizations_account",
	"aws_organizations_organization":        "awscc_organizations_organization",
	"aws_organizations_organizational_unit": "awscc_organizations_organizational_unit",
	"aws_organizations_policy":              "awscc_organizations_policy",
	"aws_ssoadmin_permission_set":           "awscc_sso_permission_set",
}

// withCounterparts adds them to types that are separated by bars.
func withCounterparts(types string) string {
	list := split(types)
	for _, t := range list {
		if c := counterparts[t]; c != "" {
			list = append(list, c)
		}
	}
	return strings.Join(list, "|")
}

// ccActing is a row for an object that acts as a role itself.
func ccActing(typ, path, subject, name string, flags flags) row {
	return link(acts, typ, path, "role", "aws_iam_role", subject, name, "", flags)
}
