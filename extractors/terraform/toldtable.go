package terraform

// toldTable names what gives or limits access and cannot be compared as statements or
// settings: that it changes is told, with the reason. To cover one more, add a line:
// resource type, attributes, kind of subject, attributes naming it, what it does, why
// it is not compared. See unread for the fields.
var toldTable = []unread{
	// Whom identity providers sign in. What a role gives them is in its trust policy.
	told("aws_iam_openid_connect_provider", "url", "identity-provider", "arn|url", trusts, outside).existing(),
	told("aws_iam_openid_connect_provider", "thumbprint_list", "identity-provider", "arn|url", trusts, outside).existing().computed(),
	told("aws_iam_saml_provider", "saml_metadata_document", "identity-provider", "arn|name", trusts, outside).existing(),
	told("aws_rolesanywhere_trust_anchor", "source", "trust-anchor", "arn|name", trusts, outside),
	told("aws_eks_identity_provider_config", "oidc", "cluster", "cluster_name", trusts, outside),
	told("aws_ssoadmin_trusted_token_issuer", "trusted_token_issuer_configuration", "identity-provider", "arn|name", trusts, outside),
	told("aws_bedrockagentcore_gateway", "authorizer_configuration", "gateway", "gateway_arn|name", trusts, outside),
	told("aws_bedrockagentcore_agent_runtime", "authorizer_configuration", "agent", "agent_runtime_arn|agent_runtime_name", trusts, outside),
	told("aws_agentregistry_registry", "discovery_configuration.authorizer_configuration|discovery_configuration.authorizer_type", "registry", "registry_arn|name", trusts, outside),
	told("aws_verifiedpermissions_identity_source", "configuration", "policy-store", "policy_store_id", trusts, outside),
	told("aws_verifiedaccess_trust_provider", "oidc_options|native_application_oidc_options|device_options", "identity-provider", "id", trusts, outside).existing(),
	told("aws_grafana_workspace_saml_configuration", "idp_metadata_url|idp_metadata_xml|admin_role_values|editor_role_values|role_assertion|allowed_organizations", "workspace", "workspace_id", trusts, outside),
	told("aws_iam_outbound_web_identity_federation", "issuer_identifier", "account", "id", "lets principals prove who they are to services outside", "which of them may is in their policies"),
	told("aws_iam_organizations_features", "enabled_features", "organization", "id", "lets the management account act as the root user of other accounts", "which of its principals may is in their policies"),

	// Policies in Cedar.
	told("aws_verifiedaccess_endpoint", "policy_document", "verified-access", "id", sets, cedar),
	told("aws_verifiedaccess_group", "policy_document", "verified-access", "verifiedaccess_group_arn|id", sets, cedar),
	told("aws_verifiedpermissions_policy", "definition", "policy-store", "policy_store_id", sets, cedar),
	told("aws_verifiedpermissions_policy_template", "statement", "policy-store", "policy_store_id", sets, cedar),
	told("aws_bedrockagentcore_policy", "definition", "policy-engine", "policy_engine_id", sets, cedar),

	// Shares of resources that are named elsewhere.
	told("aws_ram_resource_share", "allow_external_principals", "share", "arn|name", "allows shares outside of the organization", shares),
	told("aws_ram_resource_share", "permission_arns", "share", "arn|name", "sets what a share allows", shares).computed(),
	told("aws_ram_resource_association", "resource_arn|resource_share_arn", "share", "resource_share_arn", "shares a resource", shares),
	told("aws_ram_resource_share_associations_exclusive", "resource_arns|resource_share_arn", "share", "resource_share_arn", "shares resources", shares),
	told("aws_ram_permission", "policy_template", "share-permission", "arn|name", "sets what shares allow", shares),
	told("aws_opensearchserverless_security_policy", "policy", "collections", "name", "sets which networks reach collections", "a data access policy decides next to it"),

	// Attached only later.
	told("aws_budgets_budget_action", "definition", "budget", "budget_name", "attaches a policy when a budget is used up", "it is attached under a condition"),

	// Users and groups of directories, and applications that decide themselves.
	told("aws_ssoadmin_application_assignment", "principal_id|application_arn", "application", "application_arn", "gives a user or group an application", decides),
	told("aws_ssoadmin_application_access_scope", "authorized_targets", "application", "application_arn", "lets applications act for the users of an application", decides),
	told("aws_accountaccess_entitlement", "entitlement|application_arn", "application", "application_arn", "gives a user or group access to accounts", decides),
	told("aws_cloud9_environment_membership", "permissions|user_arn", "environment", "environment_id", "lets a user into an environment", decides),
	told("aws_grafana_role_association", "role|user_ids|group_ids|workspace_id", "workspace", "workspace_id", "gives users or groups a role in a workspace", decides),
	told("aws_datazone_policy_grant", "principal|policy_type|detail|entity_identifier", "domain", "domain_identifier", "gives a principal a permission in a domain", decides),
	told("aws_lightsail_bucket_resource_access", "resource_name|bucket_name", "bucket", "bucket_name", "lets an instance use a bucket", decides),
	told("aws_lightsail_bucket_access_key", "bucket_name", "bucket", "bucket_name", makesKey, decides),
	told("aws_transfer_ssh_key", "body|user_name|server_id", "transfer-user", "user_name", makesKey, "what its user may do is in the role of that one"),
	told("aws_grafana_workspace_api_key", "key_role|workspace_id", "workspace", "workspace_id", makesKey, decides),
	told("aws_grafana_workspace_service_account_token", "service_account_id|workspace_id", "workspace", "workspace_id", makesKey, decides),
	told("aws_quicksight_role_membership", "member_name|role|namespace", "quicksight", "member_name", "gives a group a role in QuickSight", decides),
	told("aws_quicksight_user", "user_role|identity_type", "quicksight-user", "user_name|iam_arn|email", "gives a user a role in QuickSight", decides),
	told("aws_quicksight_role_custom_permission", "custom_permissions_name|role", "quicksight", "role", limitsRole, decides).limits(),
	told("aws_quicksight_user_custom_permission", "custom_permissions_name|user_name", "quicksight-user", "user_name", limitsRole, decides).limits(),
	told("aws_cleanrooms_collaboration", "member", "collaboration", "arn|name", "sets what members of a collaboration may do with its data", decides),
	told("aws_detective_invitation_accepter", "graph_arn", "account", "graph_arn", "lets another account see the findings of this one", decides),
	told("aws_msk_cluster", "client_authentication.unauthenticated", "cluster", "arn|cluster_name", "lets in clients that do not say who they are", network),
	told("aws_ec2_client_vpn_authorization_rule", "target_network_cidr|access_group_id|authorize_all_groups|client_vpn_endpoint_id", "client-vpn", "client_vpn_endpoint_id", "lets users of a VPN into a network", decides),
	told("aws_backup_global_settings", "global_settings", "organization", "id", "sets whether backups may leave an account", "it is a setting of the organization and names nobody"),
	told("aws_serverlessapplicationrepository_cloudformation_stack", "capabilities|application_id|semantic_version", "stack", "name|id", "makes a stack of a published application that may make roles", "its template is not in the plan"),

	// Attributes of sessions that policies may test.
	told("aws_cognito_identity_pool_provider_principal_tag", "principal_tags|use_defaults", "identity-pool", "identity_pool_id", tags, policiesTest),
	told("aws_ssoadmin_instance_access_control_attributes", "attribute", "identity-center", "instance_arn", tags, policiesTest),
	told("aws_lakeformation_resource_lf_tags", "lf_tag|database|table|table_with_columns", "data-lake", "id", "tags data, by which permissions are given", "permissions that name tags are elsewhere"),
	told("aws_lakeformation_opt_in", "principal|resource_data", "data-lake", "id", "makes permissions of the data lake hold for a principal", "the permissions are elsewhere"),
	told("aws_lakeformation_resource_lf_tag", "lf_tag|database|table|table_with_columns", "data-lake", "id", "tags data, by which permissions are given", "permissions that name tags are elsewhere"),
	told("aws_lakeformation_lf_tag_expression", "expression", "data-lake", "name", "sets what permissions that name an expression are about", "they are elsewhere").existing(),
	told("aws_lakeformation_data_cells_filter", "table_data", "data-lake", "id", "sets which rows and columns a filter lets through", "permissions that name it are elsewhere").existing(),
	told("aws_lakeformation_resource", "hybrid_access_enabled", "data-lake", "arn", "lets policies alone give access to a location", "they are elsewhere").existing(),
	told("aws_s3_bucket_abac", "abac_status.status", "bucket", "bucket", "lets tags of a bucket decide who has access", policiesTest).nothings("Disabled"),

	// Limits whose loss gives access.
	told("aws_s3control_directory_bucket_access_point_scope", "scope", "access-point", "name", "drops or changes the scope of an access point", "the policies that it limits are elsewhere").limits(),
	told("aws_sqs_queue", "redrive_allow_policy", "queue", "url|id|name", redrive, grammar).limits().computed().own(),
	told("aws_sqs_queue_redrive_allow_policy", "redrive_allow_policy", "queue", "queue_url", redrive, grammar).limits().of("aws_sqs_queue"),
	told("aws_sns_topic_data_protection_policy", "policy", "topic", "arn", protection, grammar).limits().of("aws_sns_topic"),
	told("aws_cloudwatch_log_data_protection_policy", "policy_document", "log-group", "log_group_name", protection, grammar).limits().of("aws_cloudwatch_log_group"),
	told("aws_organizations_account", "parent_id", "organization-target", "id|name", "moves an account, for which the policies of other units then hold", "they may be elsewhere").limits().own().computed(),
	told("aws_controltower_control", "control_identifier|target_identifier", "organization-target", "target_identifier", "drops or moves a control", "what it denies is not in the plan").limits(),
	told("aws_eks_access_entry", "user_name", "cluster", "cluster_name", "changes as which user a principal is in a cluster", "what that user may do is decided inside of the cluster").existing().computed(),
	told("aws_cognito_identity_pool", "cognito_identity_providers", "identity-pool", "id|identity_pool_name", trusts, outside).existing(),
	told("aws_cognito_identity_pool", "supported_login_providers", "identity-pool", "id|identity_pool_name", trusts, outside).existing(),
	told("aws_cognito_identity_pool", "openid_connect_provider_arns", "identity-pool", "id|identity_pool_name", trusts, outside).existing(),
	told("aws_cognito_identity_pool", "saml_provider_arns", "identity-pool", "id|identity_pool_name", trusts, outside).existing(),
	told("aws_cognito_identity_pool", "allow_classic_flow", "identity-pool", "id|identity_pool_name", "lets callers choose the role of their sessions", "which roles trust the pool is elsewhere").existing(),
	told("aws_ecr_repository_creation_template", "applied_for|prefix", "repositories", "prefix", "says for which new repositories a policy is", "which will be made is not known").existing(),
	told("aws_appsync_graphql_api", "authentication_type|additional_authentication_provider|lambda_authorizer_config|openid_connect_config|user_pool_config|visibility", "api", "id|name", callers, service).limits().own(),
	told("aws_appsync_api", "event_config", "api", "id|name", callers, service).limits().own(),
	told("aws_appsync_channel_namespace", "publish_auth_mode|subscribe_auth_mode", "api", "api_id", callers, service).limits().of("aws_appsync_api"),
	told("awscc_appsync_graph_ql_api", "authentication_type|additional_authentication_providers|lambda_authorizer_config|open_id_connect_config|user_pool_config|visibility", "api", "api_id|name", callers, service).limits().own(),
	// Who calls without any of these is compared.
	told("aws_api_gateway_method", "authorization|authorizer_id", "rest-api", "rest_api_id", callers, service).limits().own().nothings("NONE").elsewise("authorization", "NONE"),
	told("aws_api_gateway_method", "authorization_scopes", "rest-api", "rest_api_id", callers, service).limits().own().asWhole().elsewise("authorization", "NONE"),
	told("aws_apigatewayv2_route", "authorization_type|authorizer_id", "api", "api_id", callers, service).limits().own().nothings("NONE").elsewise("authorization_type", "NONE|"),
	told("aws_apigatewayv2_route", "authorization_scopes", "api", "api_id", callers, service).limits().own().asWhole().elsewise("authorization_type", "NONE|"),
	told("aws_emr_block_public_access_configuration", "permitted_public_security_group_rule_range", "account", "id", "lets clusters be public on more ports", network),
	// AWS Systems Manager User Guide, "Block public sharing for SSM documents" and "Default
	// Host Management Configuration".
	told("aws_ssm_service_setting", "setting_value", "account", "setting_id", "lets documents be shared with everyone", "whether one is shared is elsewhere").limits().nothings("Enable").only("setting_id", "/ssm/documents/console/public-sharing-permission"),
	told("aws_ssm_service_setting", "setting_value", "account", "setting_id", "gives a role to instances that have none", "what the role may do may be elsewhere").only("setting_id", "/ssm/managed-instance/default-ec2-instance-management-role"),
	told("aws_ecr_account_setting", "value", "registry", "name", "sets which actions the policy of the registry is about", "that policy may be elsewhere").only("name", "REGISTRY_POLICY_SCOPE"),
	told("aws_ec2_serial_console_access", "enabled", "account", "id", "lets principals use the serial consoles of instances", "which of them may is in their policies"),
	told("aws_vpc_endpoint_service", "acceptance_required", "endpoint-service", "service_name|id", "lets principals connect without being accepted", "which of them may ask is compared").limits().own(),

	// What networks reach.
	told("aws_eks_cluster", "vpc_config.endpoint_public_access", "cluster", "name|id", opens, network).existing(),
	told("aws_eks_cluster", "vpc_config.public_access_cidrs", "cluster", "name|id", opens, network).existing().blank(`["0.0.0.0/0"]`), // Amazon EKS API Reference, "VpcConfigRequest"
	told("aws_api_gateway_rest_api", "endpoint_configuration.types", "rest-api", "id|name", reached, apiDecides).limits().own().computed().nothings("REGIONAL|EDGE"),
	told("aws_db_instance", "publicly_accessible", "database", "identifier|id", public, network),
	told("aws_rds_cluster_instance", "publicly_accessible", "database", "identifier|id", public, network).computed(),
	told("aws_redshift_cluster", "publicly_accessible", "cluster", "cluster_identifier", public, network),
	told("aws_redshiftserverless_workgroup", "publicly_accessible", "workgroup", "workgroup_name", public, network),
	told("aws_neptune_cluster_instance", "publicly_accessible", "database", "identifier|id", public, network),
	told("aws_dms_replication_instance", "publicly_accessible", "replication-instance", "replication_instance_id", public, network).computed(),
	told("aws_mq_broker", "publicly_accessible", "broker", "broker_name|id", public, network),
	told("aws_msk_cluster", "broker_node_group_info.connectivity_info.public_access.type", "cluster", "arn|cluster_name", public, network).nothings("DISABLED").computed(),
	told("aws_timestreaminfluxdb_db_instance", "publicly_accessible", "database", "name|id", public, network),
	told("aws_timestreaminfluxdb_db_cluster", "publicly_accessible", "database", "name|id", public, network),
	told("aws_lightsail_database", "publicly_accessible", "database", "relational_database_name|id", public, network),
}

// Sentences that several rows share.
const (
	trusts       = "trusts an identity provider, or changes whom it vouches for"
	outside      = "whom it signs in is decided outside of AWS, and what they may do in policies that name it"
	sets         = "sets a policy in Cedar"
	cedar        = "policies in Cedar are not read"
	shares       = "what a share allows depends on the managed permissions of AWS RAM and on the other resources of the share"
	decides      = "what it allows is decided inside of the service, and not by policies"
	tags         = "sets which attributes of users become tags of their sessions"
	policiesTest = "policies that test tags are elsewhere"
	redrive      = "drops or changes which queues may use the queue for dead letters"
	protection   = "drops or changes the protection of sensitive data"
	makesKey     = "makes a key"
	limitsRole   = "drops or changes what a role or a user may not do"
	grammar      = "it is not written in the policy language of IAM"
	public       = "gives it a public address"
	callers      = "changes who may call an API"
	service      = "the service decides it, and not policies"
	network      = "network rules decide who reaches it"
	opens        = "opens the endpoint of a cluster to networks"
	reached      = "lets a private API be reached from elsewhere"
	apiDecides   = "its policy and its methods decide who may call it"
)

// told is a row of the table above.
func told(typ, attributes, subject, name, does, why string) unread {
	return unread{Type: typ, Attributes: attributes, Does: does, Why: why, Kind: resource, Subject: subject, Name: name}
}

func (u unread) limits() unread {
	u.Limits = true
	return u
}

func (u unread) existing() unread {
	u.Existing = true
	return u
}

func (u unread) nothings(values string) unread {
	u.Nothing = values
	return u
}

// only limits a row to objects of which an attribute ends in a text.
func (u unread) only(attribute, end string) unread {
	u.Only = [2]string{attribute, end}
	return u
}

// elsewise leaves values of an attribute to another table.
func (u unread) elsewise(attribute, values string) unread {
	u.Else = [2]string{attribute, values}
	return u
}

func (u unread) asWhole() unread {
	u.Whole = true
	return u
}

func (u unread) blank(value string) unread {
	u.Blank = value
	return u
}

func (u unread) own() unread {
	u.Own = true
	return u
}

func (u unread) computed() unread {
	u.Computed = true
	return u
}

func (u unread) of(types string) unread {
	u.Of = types
	return u
}

// elsewhere names attributes that say something about access and need no row, with the
// reason.
var elsewhere = map[string]string{
	"aws_iam_role_policies_exclusive.policy_names":                              "takes away what is not listed; inline policies that the plan shows count",
	"aws_iam_user_policies_exclusive.policy_names":                              "takes away what is not listed; inline policies that the plan shows count",
	"aws_iam_group_policies_exclusive.policy_names":                             "takes away what is not listed; inline policies that the plan shows count",
	"aws_sns_topic_subscription.endpoint":                                       "sends messages somewhere; who may subscribe is in the policy of the topic",
	"awscc_sns_subscription.endpoint":                                           "sends messages somewhere; who may subscribe is in the policy of the topic",
	"awscc_networkmanager_core_network.policy_document":                         "describes a network and names nobody",
	"aws_eks_cluster.access_config.bootstrap_cluster_creator_admin_permissions": "makes whoever applies the plan administrator of the new cluster, and nobody else",
	"aws_api_gateway_rest_api.body":                                             "an interface description: operations that everyone may call count, and policies in it are told when it changes",
	"aws_api_gateway_rest_api_put.body":                                         "an interface description: operations that everyone may call count, and policies in it are told when it changes",
	"aws_cloudcontrolapi_resource.desired_state":                                "a whole resource: policies in it are told when it changes",
	"aws_iot_provisioning_template.template_body":                               "a template: policies in it are told when it changes",
	"aws_cloudformation_stack.template_body":                                    "a template: policies in it are told when it changes",
	"aws_cloudformation_stack_set.template_body":                                "a template: policies in it are told when it changes",
}
