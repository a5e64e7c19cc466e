package terraform

import (
	"slices"
	"strings"
)

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
	link(attached, "awscc_sso_permission_set", "customer_managed_policy_references[].name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed).pathed(),
	link(bounded, "awscc_sso_permission_set", "permissions_boundary.managed_policy_arn", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed),
	link(bounded, "awscc_sso_permission_set", "permissions_boundary.customer_managed_policy_reference.name", "policy", "aws_iam_policy", "permission-set", "permission_set_arn|name", "", computed).pathed(),
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
// resources of either may name those of the other, and put a policy on them that replaces
// the one of the other. A table of Amazon DynamoDB is not among them: that provider has two
// policies on it, of which a resource of the other provider is one.
var counterparts = map[string]string{
	"aws_acmpca_certificate_authority":      "awscc_acmpca_certificate_authority",
	"aws_api_gateway_rest_api":              "awscc_apigateway_rest_api",
	"aws_apigatewayv2_api":                  "awscc_apigatewayv2_api",
	"aws_backup_vault":                      "awscc_backup_backup_vault",
	"aws_cloudwatch_event_bus":              "awscc_events_event_bus",
	"aws_cognito_identity_pool":             "awscc_cognito_identity_pool",
	"aws_cognito_user_group":                "awscc_cognito_user_pool_group",
	"aws_ecr_repository":                    "awscc_ecr_repository",
	"aws_efs_file_system":                   "awscc_efs_file_system",
	"aws_iam_group":                         "awscc_iam_group",
	"aws_iam_instance_profile":              "awscc_iam_instance_profile",
	"aws_iam_policy":                        "awscc_iam_managed_policy",
	"aws_iam_role":                          "awscc_iam_role",
	"aws_iam_user":                          "awscc_iam_user",
	"aws_identitystore_group":               "awscc_identitystore_group",
	"aws_identitystore_user":                "awscc_identitystore_user",
	"aws_iot_policy":                        "awscc_iot_policy",
	"aws_kinesis_stream":                    "awscc_kinesis_stream",
	"aws_kms_key":                           "awscc_kms_key",
	"aws_kms_replica_key":                   "awscc_kms_replica_key",
	"aws_lambda_function":                   "awscc_lambda_function",
	"aws_lambda_layer_version":              "awscc_lambda_layer_version",
	"aws_msk_cluster":                       "awscc_msk_cluster",
	"aws_opensearch_domain":                 "awscc_opensearchservice_domain",
	"aws_organizations_account":             "awscc_organizations_account",
	"aws_organizations_organization":        "awscc_organizations_organization",
	"aws_organizations_organizational_unit": "awscc_organizations_organizational_unit",
	"aws_organizations_policy":              "awscc_organizations_policy",
	"aws_prometheus_workspace":              "awscc_aps_workspace",
	"aws_redshift_cluster":                  "awscc_redshift_cluster",
	"aws_s3_access_point":                   "awscc_s3_access_point",
	"aws_s3_bucket":                         "awscc_s3_bucket",
	"aws_s3_directory_bucket":               "awscc_s3express_directory_bucket",
	"aws_s3tables_table":                    "awscc_s3tables_table",
	"aws_s3tables_table_bucket":             "awscc_s3tables_table_bucket",
	"aws_s3vectors_vector_bucket":           "awscc_s3vectors_vector_bucket",
	"aws_secretsmanager_secret":             "awscc_secretsmanager_secret",
	"aws_sns_topic":                         "awscc_sns_topic",
	"aws_sqs_queue":                         "awscc_sqs_queue",
	"aws_ssoadmin_permission_set":           "awscc_sso_permission_set",
	"aws_vpc_endpoint":                      "awscc_ec2_vpc_endpoint",
	"aws_vpclattice_service":                "awscc_vpclattice_service",
	"aws_vpclattice_service_network":        "awscc_vpclattice_service_network",
}

// withCounterparts adds them to types that are separated by bars.
func withCounterparts(types string) string {
	list := split(types)
	for _, t := range list {
		if c := counterparts[t]; c != "" && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return strings.Join(list, "|")
}

// ccActing is a row for an object that acts as a role itself.
func ccActing(typ, path, subject, name string, flags flags) row {
	return link(acts, typ, path, "role", "aws_iam_role", subject, name, "", flags)
}
