package terraform

import "github.com/grantdiff/grantdiff/extractors"

const (
	identity = extractors.Identity
	resource = extractors.Resource
	trust    = extractors.Trust
	endpoint = extractors.Endpoint
	scp      = extractors.SCP

	sessionPolicy = extractors.Session
)

// documentTable names every attribute that holds an IAM policy document. To cover one
// more, add a line: resource type, attribute path, kind, kind of subject,
// attributes naming the subject, resource types of the subject ("": itself),
// CloudFormation type the policy is attached to, flags. See row for the fields.
// Paths are those of provider version 6, with the ones older versions had.
var documentTable = []row{
	// IAM and what else gives principals access.
	document("aws_iam_policy", "policy", identity, "policy", "arn|name", "", "", required|policyOnly),
	document("aws_iam_role", "assume_role_policy", trust, "role", "name|id", "", "AWS::IAM::AssumeRolePolicyDocument", required),
	document("aws_iam_role", "inline_policy[].policy", identity, "role", "name|id", "", "", computed),
	document("aws_iam_role_policy", "policy", identity, "role", "role", "aws_iam_role", "", required),
	document("aws_iam_user_policy", "policy", identity, "user", "user", "aws_iam_user", "", required),
	document("aws_iam_group_policy", "policy", identity, "group", "group", "aws_iam_group", "", required),
	document("aws_ssoadmin_permission_set_inline_policy", "inline_policy", identity, "permission-set", "permission_set_arn", "aws_ssoadmin_permission_set", "", required),
	document("aws_iot_policy", "policy", identity, "iot-policy", "name|arn", "", "", required|policyOnly),
	document("aws_transfer_user", "policy", sessionPolicy, "transfer-user", "user_name", "", "", session),
	document("aws_transfer_access", "policy", sessionPolicy, "transfer-user", "external_id", "", "", session),
	document("aws_rolesanywhere_profile", "session_policy", sessionPolicy, "rolesanywhere-profile", "name", "", "", session),
	document("vault_aws_secret_backend_role", "policy_document", identity, "vault-role", "name", "", "", 0),

	// Storage.
	document("aws_s3_bucket", "policy", resource, "bucket", "bucket|id", "", "AWS::S3::Bucket", computed),
	document("aws_s3_bucket_policy", "policy", resource, "bucket", "bucket", "aws_s3_bucket|aws_s3_directory_bucket", "AWS::S3::Bucket", required),
	document("aws_s3_access_point", "policy", resource, "access-point", "arn|name", "", "AWS::S3::AccessPoint", computed),
	document("aws_fsx_s3_access_point_attachment", "s3_access_point.policy", resource, "access-point", "s3_access_point_arn|name", "", "AWS::S3::AccessPoint", 0),
	document("aws_s3control_access_point_policy", "policy", resource, "access-point", "access_point_arn", "aws_s3_access_point", "AWS::S3::AccessPoint", required),
	document("aws_s3control_bucket_policy", "policy", resource, "outposts-bucket", "bucket", "aws_s3control_bucket", "AWS::S3Outposts::Bucket", required),
	document("aws_s3control_multi_region_access_point_policy", "details.policy", resource, "multi-region-access-point", "details.name", "aws_s3control_multi_region_access_point", "AWS::S3::MultiRegionAccessPoint", required),
	document("aws_s3control_object_lambda_access_point_policy", "policy", resource, "object-lambda-access-point", "name", "aws_s3control_object_lambda_access_point", "AWS::S3ObjectLambda::AccessPoint", required),
	document("aws_s3control_access_grants_instance_resource_policy", "policy", resource, "access-grants-instance", "account_id", "aws_s3control_access_grants_instance", "AWS::S3::AccessGrantsInstance", required),
	document("aws_s3tables_table_bucket_policy", "resource_policy", resource, "table-bucket", "table_bucket_arn", "aws_s3tables_table_bucket", "AWS::S3Tables::TableBucket", required),
	document("aws_s3tables_table_policy", "resource_policy", resource, "table", "name", "aws_s3tables_table", "AWS::S3Tables::Table", required),
	document("aws_s3vectors_vector_bucket_policy", "policy", resource, "vector-bucket", "vector_bucket_arn", "aws_s3vectors_vector_bucket", "AWS::S3Vectors::VectorBucket", required),
	document("aws_s3files_file_system_policy", "policy", resource, "file-system", "file_system_id", "aws_s3files_file_system", "AWS::S3Files::FileSystem", required),
	document("aws_efs_file_system_policy", "policy", resource, "file-system", "file_system_id", "aws_efs_file_system", "AWS::EFS::FileSystem", required),
	document("aws_glacier_vault", "access_policy", resource, "vault", "name|id", "", "AWS::S3::Glacier", 0),
	document("aws_glacier_vault_lock", "policy", resource, "vault", "vault_name", "aws_glacier_vault", "AWS::S3::Glacier", required),
	document("aws_backup_vault_policy", "policy", resource, "backup-vault", "backup_vault_name", "aws_backup_vault", "AWS::Backup::BackupVault", required),
	document("aws_media_store_container_policy", "policy", resource, "container", "container_name", "aws_media_store_container", "AWS::MediaStore::Container", required),

	// Keys and secrets.
	document("aws_kms_key", "policy", resource, "key", "key_id|arn", "", "AWS::KMS::Key", computed),
	document("aws_kms_key_policy", "policy", resource, "key", "key_id", "aws_kms_key|aws_kms_external_key|aws_kms_replica_key|aws_kms_replica_external_key", "AWS::KMS::Key", required),
	document("aws_kms_external_key", "policy", resource, "key", "id|arn", "", "AWS::KMS::Key", computed),
	document("aws_kms_replica_key", "policy", resource, "key", "key_id|arn", "", "AWS::KMS::Key", computed),
	document("aws_kms_replica_external_key", "policy", resource, "key", "key_id|arn", "", "AWS::KMS::Key", computed),
	document("aws_secretsmanager_secret", "policy", resource, "secret", "arn|id|name", "", "AWS::SecretsManager::Secret", computed),
	document("aws_secretsmanager_secret_policy", "policy", resource, "secret", "secret_arn", "aws_secretsmanager_secret", "AWS::SecretsManager::Secret", required),
	document("aws_acmpca_policy", "policy", resource, "certificate-authority", "resource_arn", "aws_acmpca_certificate_authority", "AWS::ACMPCA::CertificateAuthority", required),

	// Queues, topics, buses, streams, logs.
	document("aws_sqs_queue", "policy", resource, "queue", "url|id|name", "", "AWS::SQS::Queue", computed),
	document("aws_sqs_queue_policy", "policy", resource, "queue", "queue_url", "aws_sqs_queue", "AWS::SQS::Queue", required),
	document("aws_sns_topic", "policy", resource, "topic", "arn|id|name", "", "AWS::SNS::Topic", computed),
	document("aws_sns_topic_policy", "policy", resource, "topic", "arn", "aws_sns_topic", "AWS::SNS::Topic", required),
	document("aws_cloudwatch_event_bus_policy", "policy", resource, "event-bus", "event_bus_name", "aws_cloudwatch_event_bus", "AWS::Events::EventBus", required),
	document("aws_schemas_registry_policy", "policy", resource, "schema-registry", "registry_name", "aws_schemas_registry", "AWS::EventSchemas::Registry", required),
	document("aws_kinesis_resource_policy", "policy", resource, "stream", "resource_arn", "aws_kinesis_stream|aws_kinesis_stream_consumer", "AWS::Kinesis::Stream", required),
	document("aws_msk_cluster_policy", "policy", resource, "cluster", "cluster_arn", "aws_msk_cluster|aws_msk_serverless_cluster", "AWS::MSK::Cluster", required),
	document("aws_cloudwatch_log_resource_policy", "policy_document", resource, "log-groups", "policy_name", "", "AWS::Logs::ResourcePolicy", required|policyOnly),
	document("aws_cloudwatch_log_destination_policy", "access_policy", resource, "log-destination", "destination_name", "aws_cloudwatch_log_destination", "AWS::Logs::Destination", required),
	document("aws_cloudwatch_log_delivery_destination_policy", "delivery_destination_policy", resource, "log-delivery-destination", "delivery_destination_name", "aws_cloudwatch_log_delivery_destination", "AWS::Logs::DeliveryDestination", required),
	document("aws_oam_sink_policy", "policy", resource, "sink", "sink_identifier", "aws_oam_sink", "AWS::Oam::Sink", required),
	document("aws_xray_resource_policy", "policy_document", resource, "xray", "policy_name", "", "AWS::XRay::ResourcePolicy", required|policyOnly),
	document("aws_prometheus_resource_policy", "policy_document", resource, "workspace", "workspace_id", "aws_prometheus_workspace", "AWS::APS::Workspace", required),

	// Code and containers.
	document("aws_lambda_resource_policy", "policy", resource, "function", "resource_arn", "aws_lambda_function|aws_lambda_alias", "AWS::Lambda::Function", required),
	document("aws_ecr_repository_policy", "policy", resource, "repository", "repository", "aws_ecr_repository", "AWS::ECR::Repository", required),
	document("aws_ecr_registry_policy", "policy", resource, "registry", "registry_id|id", "", "AWS::ECR::RegistryPolicy", required|policyOnly),
	document("aws_ecr_repository_creation_template", "repository_policy", resource, "repositories", "prefix", "", "AWS::ECR::RepositoryCreationTemplate", policyOnly),
	document("aws_ecrpublic_repository_policy", "policy", resource, "public-repository", "repository_name", "aws_ecrpublic_repository", "AWS::ECR::PublicRepository", required),
	document("aws_codeartifact_domain_permissions_policy", "policy_document", resource, "domain", "domain", "aws_codeartifact_domain", "AWS::CodeArtifact::Domain", required),
	document("aws_codeartifact_repository_permissions_policy", "policy_document", resource, "package-repository", "repository", "aws_codeartifact_repository", "AWS::CodeArtifact::Repository", required),
	document("aws_codebuild_resource_policy", "policy", resource, "build-project", "resource_arn", "aws_codebuild_project|aws_codebuild_report_group", "AWS::CodeBuild::Project", required),
	document("aws_sagemaker_model_package_group_policy", "resource_policy", resource, "model-package-group", "model_package_group_name", "aws_sagemaker_model_package_group", "AWS::SageMaker::ModelPackageGroup", required),
	document("aws_bedrockagentcore_resource_policy", "policy", resource, "agent", "resource_arn", "aws_bedrockagentcore_agent_runtime|aws_bedrockagentcore_gateway", "AWS::BedrockAgentCore::Runtime", required),

	// Data stores and search.
	document("aws_dynamodb_resource_policy", "policy", resource, "table", "resource_arn", "aws_dynamodb_table", "AWS::DynamoDB::Table", required),
	document("aws_dsql_cluster_policy", "policy", resource, "cluster", "identifier", "aws_dsql_cluster", "AWS::DSQL::Cluster", required),
	document("aws_redshift_resource_policy", "policy", resource, "cluster", "resource_arn", "aws_redshift_cluster", "AWS::Redshift::Cluster", required),
	document("aws_redshiftserverless_resource_policy", "policy", resource, "namespace", "resource_arn", "aws_redshiftserverless_namespace|aws_redshiftserverless_snapshot", "AWS::RedshiftServerless::Namespace", required),
	document("aws_opensearch_domain", "access_policies", resource, "search-domain", "domain_name|arn", "", "AWS::OpenSearchService::Domain", computed),
	document("aws_opensearch_domain_policy", "access_policies", resource, "search-domain", "domain_name", "aws_opensearch_domain", "AWS::OpenSearchService::Domain", required),
	document("aws_elasticsearch_domain", "access_policies", resource, "search-domain", "domain_name|arn", "", "AWS::OpenSearchService::Domain", computed),
	document("aws_elasticsearch_domain_policy", "access_policies", resource, "search-domain", "domain_name", "aws_elasticsearch_domain", "AWS::OpenSearchService::Domain", required),
	document("aws_cloudsearch_domain_service_access_policy", "access_policy", resource, "search-domain", "domain_name", "aws_cloudsearch_domain", "AWS::CloudSearch::Domain", required),
	document("aws_osis_resource_policy", "policy", resource, "pipeline", "resource_arn", "aws_osis_pipeline", "AWS::OSIS::Pipeline", required),
	document("aws_glue_resource_policy", "policy", resource, "catalog", "id", "", "", required|policyOnly),

	// Networks, interfaces, mail.
	document("aws_vpc_endpoint", "policy", endpoint, "vpc-endpoint", "id", "", "AWS::EC2::VPCEndpoint", computed),
	document("aws_vpc_endpoint_policy", "policy", endpoint, "vpc-endpoint", "vpc_endpoint_id", "aws_vpc_endpoint", "AWS::EC2::VPCEndpoint", computed),
	document("aws_vpclattice_auth_policy", "policy", resource, "lattice-service", "resource_identifier", "aws_vpclattice_service|aws_vpclattice_service_network", "AWS::VpcLattice::Service", required),
	document("aws_vpclattice_resource_policy", "policy", resource, "lattice-service", "resource_arn", "aws_vpclattice_service|aws_vpclattice_service_network", "AWS::VpcLattice::Service", required),
	document("aws_networkfirewall_resource_policy", "policy", resource, "firewall-rules", "resource_arn", "aws_networkfirewall_rule_group|aws_networkfirewall_firewall_policy", "AWS::NetworkFirewall::RuleGroup", required),
	document("aws_api_gateway_rest_api", "policy", resource, "rest-api", "id|name", "", "AWS::ApiGateway::RestApi", computed),
	document("aws_api_gateway_rest_api_policy", "policy", resource, "rest-api", "rest_api_id", "aws_api_gateway_rest_api", "AWS::ApiGateway::RestApi", required),
	document("aws_api_gateway_domain_name", "policy", resource, "api-domain", "domain_name|id", "", "AWS::ApiGateway::DomainNameV2", computed),
	document("aws_ses_identity_policy", "policy", resource, "mail-identity", "identity", "aws_ses_domain_identity|aws_ses_email_identity", "AWS::SES::EmailIdentity", required),
	document("aws_sesv2_email_identity_policy", "policy", resource, "mail-identity", "email_identity", "aws_sesv2_email_identity", "AWS::SES::EmailIdentity", required),
	document("aws_pinpointsmsvoicev2_resource_policy", "policy", resource, "sms-sender", "resource_arn", "aws_pinpointsmsvoicev2_phone_number|aws_pinpointsmsvoicev2_pool", "AWS::SMSVOICE::PhoneNumber", required),

	// Organizations.
	document("aws_organizations_policy", "content", scp, "organization-policy", "id|name", "", "AWS::Organizations::Policy", required|policyOnly|organization),
	document("aws_organizations_resource_policy", "content", resource, "organization", "id", "", "AWS::Organizations::ResourcePolicy", required|policyOnly),
}

// otherGrammar names attributes whose JSON looks like an IAM policy but follows a
// grammar of its own (data protection, stack policies) and says nothing about who
// may do what, or is computed from fields that are read themselves. They are left
// alone.
var otherGrammar = map[string]string{
	"aws_sns_topic_data_protection_policy":              "policy",
	"aws_cloudwatch_log_data_protection_policy":         "policy_document",
	"aws_cloudwatch_log_account_policy":                 "policy_document",
	"aws_cloudformation_stack":                          "policy_body",
	"awscc_networkmanager_core_network":                 "policy_document",
	"aws_ecr_lifecycle_policy":                          "policy",
	"aws_opensearchserverless_security_policy":          "policy",
	"aws_sqs_queue_redrive_allow_policy":                "redrive_allow_policy",
	"aws_networkmanager_core_network":                   "policy_document",
	"aws_lambda_layer_version_permission":               "policy",
	"aws_verifiedpermissions_policy":                    "definition",
	"aws_networkmanager_core_network_policy_attachment": "policy_document",
}

// opaqueCarriers names attributes that hold a whole template or interface
// description, in which policies may be hidden.
var opaqueCarriers = map[string]string{
	"aws_cloudformation_stack":      "template_body",
	"aws_cloudformation_stack_set":  "template_body",
	"aws_cloudcontrolapi_resource":  "desired_state",
	"aws_iot_provisioning_template": "template_body",
	"aws_api_gateway_rest_api":      "body",
	"aws_api_gateway_rest_api_put":  "body",
}

// document is a row of the table above.
func document(typ, path string, kind extractors.Kind, subject, name, of, cfn string, flags flags) row {
	return row{Type: typ, Path: path, Kind: kind, Subject: subject, Name: name, Of: of, CFN: cfn, Flags: flags}
}
