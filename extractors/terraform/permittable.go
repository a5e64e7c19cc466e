package terraform

import "github.com/grantdiff/grantdiff/extractors"

// permitTable names what gives access without a policy document: grants, shares,
// permissions, open endpoints. To cover one more, add a line: resource type, attribute,
// kind of subject, attributes naming the subject, resource types of the subject (""
// for itself), CloudFormation type, what it does, the statements that it amounts to.
// See statementForm for their language; docs/terraform.md shows them.
//
// Actions are those of the Service Authorization Reference; a test looks each up.
var permitTable = []row{
	// Keys and certificates. AWS KMS Developer Guide, "Grants in AWS KMS".
	// The provider sends one block of constraints, the last one in the order of their hashes.
	once("constraints", permit("aws_kms_grant", "grantee_principal", "key", "key_id", "aws_kms_key|aws_kms_external_key|aws_kms_replica_key|aws_kms_replica_external_key", "AWS::KMS::Key", "lets a principal use a key",
		"{grantee_principal} may {operations[]~kmsconstrained} on * if StringEquals kms:EncryptionContext:{} {constraints.encryption_context_equals} and ForAllValues:StringEquals kms:EncryptionContextKeys {constraints.encryption_context_equals~keys} and StringEquals kms:EncryptionContext:{} {constraints.encryption_context_subset}; "+
			"{grantee_principal} may {operations[]~kmsfree} on *; {retiring_principal} may kms:RetireGrant on *")),
	permit("aws_acmpca_permission", "principal", "certificate-authority", "certificate_authority_arn", "aws_acmpca_certificate_authority", "AWS::ACMPCA::CertificateAuthority", "lets a service use a certificate authority",
		"{principal} may acm-pca:{actions[]} on * if StringEquals aws:SourceAccount {source_account}"),
	permit("aws_signer_signing_profile_permission", "principal", "signing-profile", "profile_name", "aws_signer_signing_profile", "AWS::Signer::SigningProfile", "lets a principal use a signing profile",
		"{principal} may {action} on * if StringEquals signer:ProfileVersion {profile_version} as {statement_id}"),

	// Functions and events. AWS Lambda API Reference, "AddPermission" and
	// "AddLayerVersionPermission"; Amazon EventBridge API Reference, "PutPermission".
	permit("aws_lambda_permission", "principal", "function", "function_name", "aws_lambda_function|aws_lambda_alias", "AWS::Lambda::Function", "lets a principal call a function",
		"{principal} may {action} on arn:aws:lambda:*:*:function:{function_name~function}(:{qualifier}) if ArnLike aws:SourceArn {source_arn} and StringEquals aws:SourceAccount {source_account} and StringEquals aws:PrincipalOrgID {principal_org_id} and StringEquals lambda:FunctionUrlAuthType {!function_url_auth_type} and StringEquals lambda:EventSourceToken {event_source_token} and Bool lambda:InvokedViaFunctionUrl {!invoked_via_function_url~istrue} as {statement_id}", required),
	permit("aws_lambda_layer_version_permission", "principal", "layer-version", "layer_name", "aws_lambda_layer_version", "AWS::Lambda::LayerVersion", "shares a layer",
		"{principal} may {action} on arn:aws:lambda:*:*:layer:{layer_name}(:{version_number}) if StringEquals aws:PrincipalOrgID {organization_id} as {statement_id}", required),
	permit("aws_lambda_function_url", "authorization_type", "function", "function_name", "aws_lambda_function|aws_lambda_alias", "AWS::Lambda::Function", "opens a function to the internet",
		"when authorization_type=NONE: * may lambda:InvokeFunctionUrl on arn:aws:lambda:*:*:function:{function_name~function}(:{qualifier}) if StringEquals lambda:FunctionUrlAuthType {authorization_type}"),
	coded("aws_cloudwatch_event_permission", "principal", "event-bus", "event_bus_name", "aws_cloudwatch_event_bus", "AWS::Events::EventBus", resource, "lets a principal put events on a bus", "bus", "principal|action|event_bus_name|statement_id|condition", required),
	permit("aws_ssm_document", "permissions", "document", "name|arn", "", "AWS::SSM::Document", "shares a document",
		"{permissions.account_ids~list} may ssm:DescribeDocument, ssm:GetDocument, ssm:SendCommand on *"),
	permit("aws_codebuild_project", "project_visibility", "build-project", "arn|name", "", "AWS::CodeBuild::Project", "makes builds public",
		"when project_visibility=PUBLIC_READ: * may codebuild:BatchGetBuilds, codebuild:ListBuildsForProject on *"),

	// Interfaces. Amazon API Gateway Developer Guide, "Control access to a REST API":
	// without an authorizer everyone may call, unless a resource policy decides.
	yielding(permit("aws_api_gateway_method", "authorization", "rest-api", "rest_api_id", "aws_api_gateway_rest_api", "AWS::ApiGateway::RestApi", "opens a method to everyone",
		"when authorization=NONE: * may execute-api:Invoke on arn:aws:execute-api:*:*:{rest_api_id}/*/{http_method~any}/{resource_id}")),
	yielding(coded("aws_api_gateway_rest_api", "body", "rest-api", "id|name", "", "AWS::ApiGateway::RestApi", resource, "opens operations to everyone", "operations", "body|id")),
	yielding(coded("aws_api_gateway_rest_api_put", "body", "rest-api", "rest_api_id", "aws_api_gateway_rest_api", "AWS::ApiGateway::RestApi", resource, "opens operations to everyone", "operations", "body|rest_api_id")),
	coded("aws_apigatewayv2_api", "body", "api", "id|name", "", "AWS::ApiGatewayV2::Api", resource, "opens operations to everyone", "operations", "body|id"),
	coded("aws_apigatewayv2_api", "target", "api", "id|name", "", "AWS::ApiGatewayV2::Api", resource, "opens a route to everyone", "quick route", "target|route_key|id"),
	permit("aws_apigatewayv2_route", "authorization_type", "api", "api_id", "aws_apigatewayv2_api", "AWS::ApiGatewayV2::Api", "opens a route to everyone",
		"when authorization_type=NONE|'': * may execute-api:{route_key~invoke} on arn:aws:execute-api:*:*:{api_id}/*/{route_key~route}"),
	// Amazon API Gateway Developer Guide, "Share a private custom domain name".
	permit("aws_api_gateway_domain_name_share", "allowed_accounts", "api-domain", "domain_name_id", "aws_api_gateway_domain_name", "AWS::ApiGateway::DomainNameV2", "lets accounts use a private domain name",
		"{allowed_accounts[]} may apigateway:CreateAccessAssociation on *"),
	// Amazon VPC Lattice User Guide, "Control access to VPC Lattice services using auth
	// policies": without one, all of the networks that are associated may call.
	permit("aws_vpclattice_service", "auth_type", "lattice-service", "arn|name", "", "AWS::VpcLattice::Service", "opens a service to its networks",
		"when auth_type=NONE|'': * may vpc-lattice-svcs:Invoke on * if StringEquals aws:SourceVpc @networks"),
	permit("aws_vpclattice_service_network", "auth_type", "lattice-service", "arn|name", "", "AWS::VpcLattice::ServiceNetwork", "opens the services of a network to its networks",
		"when auth_type=NONE|'': * may vpc-lattice-svcs:Invoke on * if StringEquals aws:SourceVpc @networks"),
	// Amazon Cognito Developer Guide, "Identity pools authentication flow".
	permit("aws_cognito_identity_pool", "allow_unauthenticated_identities", "identity-pool", "id|identity_pool_name", "", "AWS::Cognito::IdentityPool", "gives guests an identity",
		"when allow_unauthenticated_identities=true: * may cognito-identity:GetId, cognito-identity:GetOpenIdToken, cognito-identity:GetCredentialsForIdentity on *"),

	// AWS WAF, AWS Firewall Manager, and AWS Shield Advanced Developer Guide, "Setting up
	// Shield Response Team (SRT) support".
	permit("aws_shield_drt_access_log_bucket_association", "log_bucket", "bucket", "log_bucket", "aws_s3_bucket", "AWS::S3::Bucket", "lets the Shield Response Team read the logs in a bucket",
		"drt.shield.amazonaws.com may s3:GetBucketLocation, s3:ListBucket, s3:GetObject on arn:aws:s3:::{log_bucket}, arn:aws:s3:::{log_bucket}/*"),

	// Storage. Amazon S3 User Guide, "Managing access with S3 Access Grants".
	permit("aws_s3control_access_grant", "grantee", "access-grants-location", "access_grants_location_id", "aws_s3control_access_grants_location", "AWS::S3::AccessGrant", "lets a grantee reach a part of a location",
		"{!grantee.grantee_type~s3user}{grantee.grantee_identifier} may {permission~s3access} on arn:aws:s3:::{grant_scope~scope}"),
	permit("aws_ecr_replication_configuration", "replication_configuration", "registry", "registry_id", "", "AWS::ECR::ReplicationConfiguration", "copies images to other registries",
		"{replication_configuration.rule.destination.registry_id~foreign} may ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on arn:aws:ecr:*:*:repository/*"),

	// Snapshots and images. Amazon RDS User Guide, "Sharing a DB snapshot"; Amazon EC2
	// User Guide, "Share an AMI with specific AWS accounts", "Share an Amazon EBS snapshot".
	permit("aws_db_snapshot", "shared_accounts", "snapshot", "db_snapshot_identifier", "", "AWS::RDS::DBSnapshot", "shares a snapshot", "{shared_accounts[]} may rds:CopyDBSnapshot, rds:RestoreDBInstanceFromDBSnapshot on *"),
	permit("aws_db_cluster_snapshot", "shared_accounts", "snapshot", "db_cluster_snapshot_identifier", "", "AWS::RDS::DBClusterSnapshot", "shares a snapshot", "{shared_accounts[]} may rds:CopyDBClusterSnapshot, rds:RestoreDBClusterFromSnapshot on *"),
	permit("aws_db_snapshot_copy", "shared_accounts", "snapshot", "target_db_snapshot_identifier", "", "AWS::RDS::DBSnapshot", "shares a snapshot", "{shared_accounts[]} may rds:CopyDBSnapshot, rds:RestoreDBInstanceFromDBSnapshot on *"),
	permit("aws_rds_cluster_snapshot_copy", "shared_accounts", "snapshot", "target_db_cluster_snapshot_identifier", "", "AWS::RDS::DBClusterSnapshot", "shares a snapshot", "{shared_accounts[]} may rds:CopyDBClusterSnapshot, rds:RestoreDBClusterFromSnapshot on *"),
	permit("aws_snapshot_create_volume_permission", "account_id", "snapshot", "snapshot_id", "aws_ebs_snapshot|aws_ebs_snapshot_copy|aws_ebs_snapshot_import", "AWS::EC2::Snapshot", "shares a snapshot", "{account_id} may ec2:CreateVolume, ec2:CopySnapshot on *"),
	permit("aws_ami_launch_permission", "account_id", "image", "image_id", "aws_ami|aws_ami_copy|aws_ami_from_instance", "AWS::EC2::Image", "shares an image", "{account_id}, {group}, {organization_arn}, {organizational_unit_arn} may ec2:RunInstances on *"),
	permit("aws_imagebuilder_distribution_configuration", "distribution", "images", "arn|name", "", "AWS::ImageBuilder::DistributionConfiguration", "shares the images it makes",
		"each distribution.ami_distribution_configuration.launch_permission: {user_ids[]}, {user_groups[]}, {organization_arns[]}, {organizational_unit_arns[]} may ec2:RunInstances on *; {distribution.ami_distribution_configuration.target_account_ids[]} may ec2:RunInstances, ec2:ModifyImageAttribute on *"),
	permit("aws_dlm_lifecycle_policy", "policy_details", "snapshots", "arn|id|description", "", "AWS::DLM::LifecyclePolicy", "shares the snapshots it makes", "{policy_details.schedule.share_rule.target_accounts[]} may ec2:CreateVolume, ec2:CopySnapshot on *"),

	// Networks. Amazon VPC User Guide, "Configure an endpoint service".
	permit("aws_network_interface_permission", "aws_account_id", "network-interface", "network_interface_id", "aws_network_interface", "AWS::EC2::NetworkInterface", "shares a network interface", "{aws_account_id} may {permission~eni} on *"),
	permit("aws_vpc_endpoint_service", "allowed_principals", "endpoint-service", "id|service_name", "", "AWS::EC2::VPCEndpointService", "lets principals connect to a service", "{allowed_principals[]} may ec2:CreateVpcEndpoint on *", computed),
	managing(permit("aws_vpc_endpoint_service_allowed_principal", "principal_arn", "endpoint-service", "vpc_endpoint_service_id", "aws_vpc_endpoint_service", "AWS::EC2::VPCEndpointService", "lets a principal connect to a service", "{principal_arn} may ec2:CreateVpcEndpoint on *")),
	permit("aws_globalaccelerator_cross_account_attachment", "principals", "attachment", "arn|name", "", "AWS::GlobalAccelerator::CrossAccountAttachment", "shares resources with other accounts",
		"{principals[]} may globalaccelerator:AddEndpoints, globalaccelerator:CreateEndpointGroup, globalaccelerator:UpdateEndpointGroup on {resource.endpoint_id}, arn:aws:ec2:*:*:cidr/{resource.cidr_block}"),
	// AWS Resource Access Manager User Guide, "Sharing your AWS resources". What the share
	// holds, and what its permissions allow, is told apart (toldTable).
	permit("aws_ram_principal_association", "principal", "share", "resource_share_arn", "aws_ram_resource_share", "AWS::RAM::ResourceShare", "shares resources with a principal",
		"{principal} may ram:AssociateResourceShare, ram:GetResourceShareAssociations on *"),
	permit("aws_ram_resource_share_associations_exclusive", "principals", "share", "resource_share_arn", "aws_ram_resource_share", "AWS::RAM::ResourceShare", "shares resources with principals",
		"{principals[]} may ram:AssociateResourceShare, ram:GetResourceShareAssociations on *"),
	// Amazon Route 53 API Reference, "CreateVPCAssociationAuthorization".
	permit("aws_route53_vpc_association_authorization", "vpc_id", "zone", "zone_id", "aws_route53_zone", "AWS::Route53::HostedZone", "lets a network of another account use a zone", "* may route53:AssociateVPCWithHostedZone on * if StringEquals aws:SourceVpc {vpc_id}"),

	// Data. Amazon Redshift Management Guide, "Sharing data"; "Working with
	// Redshift-managed VPC endpoints".
	permit("aws_redshift_data_share_authorization", "consumer_identifier", "data-share", "data_share_arn", "", "", "shares data with an account",
		"{consumer_identifier~consumer} may redshift:AssociateDataShareConsumer on *; when allow_writes=true: {consumer_identifier~consumer} may redshift:AssociateDataShareConsumer on {data_share_arn}/writes"),
	permit("aws_redshift_endpoint_authorization", "account", "cluster", "cluster_identifier", "aws_redshift_cluster", "AWS::Redshift::Cluster", "lets an account connect to a cluster", "{account} may redshift:CreateEndpointAccess on * if StringEquals aws:SourceVpc {vpc_ids[]}"),
	permit("aws_opensearch_authorize_vpc_endpoint_access", "account", "search-domain", "domain_name", "aws_opensearch_domain", "AWS::OpenSearchService::Domain", "lets an account connect to a domain", "{account} may es:CreateVpcEndpoint on *"),
	coded("aws_opensearchserverless_access_policy", "policy", "collections", "name", "", "AWS::OpenSearchServerless::AccessPolicy", resource, "gives principals access to collections", "aoss", "policy", policyOnly),
	permit("aws_lakeformation_permissions", "principal", "data-lake", "principal", "", "", "gives a principal access to a data lake",
		"{principal} may {permissions[]~lake} on "+lakeResources+"; {principal} may {permissions_with_grant_option[]~grantable} on arn:aws:lakeformation:*:*:grantable/{permissions_with_grant_option[]}", policyOnly),
	permit("aws_lakeformation_data_lake_settings", "admins", "data-lake", "catalog_id|id", "", "", "makes principals administrators of a data lake",
		"{admins[]} may lakeformation:*, glue:* on *; {read_only_admins[]} may lakeformation:Get*, lakeformation:List*, lakeformation:Describe*, lakeformation:Search*, glue:Get* on *; "+
			"{trusted_resource_owners[]}, {external_data_filtering_allow_list[]} may lakeformation:GetDataAccess on *; "+
			"when allow_external_data_filtering=true: * may lakeformation:GetTemporaryGlueTableCredentials on * if StringEquals aws:PrincipalAccount @account"),
	permit("aws_lakeformation_data_lake_settings", "create_database_default_permissions", "data-lake", "catalog_id|id", "", "", "sets who has access to new databases",
		"each create_database_default_permissions: {principal} may {permissions[]~lake} on arn:aws:glue:*:*:database/*", computed),
	permit("aws_lakeformation_data_lake_settings", "create_table_default_permissions", "data-lake", "catalog_id|id", "", "", "sets who has access to new tables",
		"each create_table_default_permissions: {principal} may {permissions[]~lake} on arn:aws:glue:*:*:table/*", computed),
	permit("aws_glue_catalog", "create_database_default_permissions", "catalog", "arn|name", "", "AWS::Glue::Catalog", "sets who has access to new databases",
		"each create_database_default_permissions: {principal.data_lake_principal_identifier} may {permissions[]~lake} on arn:aws:glue:*:*:database/{^name}/*"),
	permit("aws_glue_catalog", "create_table_default_permissions", "catalog", "arn|name", "", "AWS::Glue::Catalog", "sets who has access to new tables",
		"each create_table_default_permissions: {principal.data_lake_principal_identifier} may {permissions[]~lake} on arn:aws:glue:*:*:table/{^name}/*"),
	permit("aws_glue_catalog_database", "create_table_default_permission", "database", "arn|name", "", "AWS::Glue::Database", "sets who has access to new tables",
		"each create_table_default_permission: {principal.data_lake_principal_identifier} may {permissions[]~lake} on arn:aws:glue:*:*:table/{^name}/*", computed),
	// Amazon Security Lake User Guide, "Subscriber management" and "Custom sources".
	permit("aws_securitylake_subscriber", "subscriber_identity", "data-lake", "arn|subscriber_name", "", "", "lets a subscriber read security data",
		"each subscriber_identity: {principal} may {^access_type~lakeaccess} on arn:aws:securitylake:*:*:source/{^source~digest} if StringEquals sts:ExternalId {external_id}"),
	permit("aws_securitylake_custom_log_source", "configuration", "data-lake", "source_name|id", "", "", "lets a provider write security data",
		"each configuration.provider_identity: {principal} may s3:PutObject on * if StringEquals sts:ExternalId {external_id}"),

	// Clusters and products. Amazon EKS User Guide, "Grant IAM users access to Kubernetes
	// with EKS access entries": what a group may do is decided inside of the cluster.
	permit("aws_eks_access_entry", "principal_arn", "cluster", "cluster_name", "aws_eks_cluster", "AWS::EKS::Cluster", "lets a principal into a cluster",
		"{principal_arn} may eks:AccessKubernetesApi on arn:aws:eks:*:*:cluster/{cluster_name}, arn:aws:eks:*:*:cluster/{cluster_name}/group/{kubernetes_groups[]}, arn:aws:eks:*:*:cluster/{cluster_name}/type/{!type}"),
	permit("aws_servicecatalog_portfolio_share", "principal_id", "portfolio", "portfolio_id", "aws_servicecatalog_portfolio", "AWS::ServiceCatalog::Portfolio", "shares a portfolio",
		"{principal_id} may servicecatalog:AcceptPortfolioShare, servicecatalog:DescribePortfolio on *; when share_principals=true: {principal_id} may servicecatalog:ProvisionProduct on *"),
	permit("aws_servicecatalog_principal_portfolio_association", "principal_arn", "portfolio", "portfolio_id", "aws_servicecatalog_portfolio", "AWS::ServiceCatalog::Portfolio", "lets principals use a portfolio",
		"{principal_arn} may servicecatalog:DescribeProduct, servicecatalog:ProvisionProduct on *"),
	permit("aws_licensemanager_grant", "principal", "license", "license_arn", "", "AWS::LicenseManager::License", "lets a principal use a license",
		"{principal} may {allowed_operations[]~license} on *"),
	permit("aws_config_aggregate_authorization", "account_id", "account", "account_id", "", "", "lets an account collect configuration data",
		"{account_id} may config:BatchGetAggregateResourceConfig, config:SelectAggregateResourceConfig on arn:aws:config:{authorized_aws_region|region|'*'}:*:*", policyOnly),
	permit("aws_directory_service_shared_directory", "target", "directory", "directory_id", "aws_directory_service_directory", "AWS::DirectoryService::MicrosoftAD", "shares a directory", "{target.id} may ds:AcceptSharedDirectory, ds:DescribeDirectories on *"),
	dashboard("aws_quicksight_analysis", "permissions", "AWS::QuickSight::Analysis"),
	dashboard("aws_quicksight_dashboard", "permissions", "AWS::QuickSight::Dashboard"),
	dashboard("aws_quicksight_data_set", "permissions", "AWS::QuickSight::DataSet"),
	dashboard("aws_quicksight_data_source", "permission", "AWS::QuickSight::DataSource"),
	dashboard("aws_quicksight_folder", "permissions", "AWS::QuickSight::Folder"),
	dashboard("aws_quicksight_template", "permissions", "AWS::QuickSight::Template"),
	dashboard("aws_quicksight_theme", "permissions", "AWS::QuickSight::Theme"),

	// Organizations. AWS Organizations User Guide, "Delegated administrator for AWS
	// services that work with Organizations" and "Using AWS Organizations with other AWS
	// services".
	delegated("aws_organizations_delegated_administrator", "account_id", "{service_principal~service}"),
	// An account that accepts makes the other one its administrator.
	invited("aws_guardduty_invite_accepter", "master_account_id", "guardduty"),
	invited("aws_macie2_invitation_accepter", "administrator_account_id", "macie2"),
	invited("aws_securityhub_invite_accepter", "master_id", "securityhub"),
	delegated("aws_guardduty_organization_admin_account", "admin_account_id", "guardduty"),
	delegated("aws_securityhub_organization_admin_account", "admin_account_id", "securityhub"),
	delegated("aws_macie2_organization_admin_account", "admin_account_id", "macie2"),
	delegated("aws_inspector2_delegated_admin_account", "account_id", "inspector2"),
	delegated("aws_fms_admin_account", "account_id", "fms"),
	delegated("aws_detective_organization_admin_account", "account_id", "detective"),
	delegated("aws_auditmanager_organization_admin_account_registration", "admin_account_id", "auditmanager"),
	delegated("aws_cloudtrail_organization_delegated_admin_account", "account_id", "cloudtrail"),
	permit("aws_vpc_ipam_organization_admin_account", "delegated_admin_account_id", "organization", "id", "", "", "makes an account the administrator of a service", "{delegated_admin_account_id} may ec2:*Ipam* on *", policyOnly),
	permit("aws_organizations_organization", "aws_service_access_principals", "organization", "id", "", "", "lets services act in the organization", "{aws_service_access_principals[]} may organizations:Describe*, organizations:List*, iam:CreateServiceLinkedRole on *"),
	permit("aws_organizations_aws_service_access", "service_principal", "organization", "id", "", "", "lets a service act in the organization", "{service_principal} may organizations:Describe*, organizations:List*, iam:CreateServiceLinkedRole on *", policyOnly),
	permit("aws_servicecatalog_organizations_access", "enabled", "organization", "id", "", "", "shares portfolios in the organization", "when enabled=true: servicecatalog.amazonaws.com may organizations:Describe*, organizations:List* on *", policyOnly),
	permit("aws_ram_sharing_with_organization", "id", "organization", "id", "", "", "allows shares in the whole organization", "ram.amazonaws.com may organizations:Describe*, organizations:List* on *", policyOnly),

	// IAM User Guide, "OIDC federation".
	coded("aws_iam_openid_connect_provider", "client_id_list", "identity-provider", "url|arn", "", "AWS::IAM::AssumeRolePolicyDocument", resource, "takes tokens that were made for a client", "audiences", "client_id_list|url|arn", established),
	coded("aws_iam_openid_connect_provider_client_id", "client_id", "identity-provider", "openid_connect_provider_arn", "aws_iam_openid_connect_provider", "AWS::IAM::AssumeRolePolicyDocument", resource, "takes tokens that were made for a client", "audience", "client_id|openid_connect_provider_arn", established),

	// IAM User Guide, "Create a service-linked role".
	trusting("aws_iam_service_linked_role", "aws_service_name", "gives a service a role of its own", "{aws_service_name} may sts:AssumeRole"),
}

// lakeResources is what permissions of AWS Lake Formation are about. Columns, filters
// and tags count as things of their own, since the policy language has none of them.
const lakeResources = "arn:aws:glue:*:*:database/{database.name}, arn:aws:glue:*:*:table/{table.database_name}/{table.name|'*'}, " +
	"arn:aws:glue:*:*:table/{table_with_columns.database_name}/{table_with_columns.name}/columns/{table_with_columns~digest}, " +
	"{data_location.arn}, arn:aws:lakeformation:*:*:lf-tag/{lf_tag~digest}, arn:aws:lakeformation:*:*:lf-tag-policy/{lf_tag_policy~digest}, " +
	"arn:aws:lakeformation:*:*:data-cells-filter/{data_cells_filter~digest}, arn:aws:glue:*:*:{catalog_resource~catalog}"

// permit is a row of the table above.
func permit(typ, path, subject, name, of, cfn, does, text string, f ...flags) row {
	r := row{Type: typ, Path: path, Kind: resource, Subject: subject, Name: name, Of: of, CFN: cfn, Permit: &permitForm{Does: does, Text: text}}
	for _, flag := range f {
		r.Flags |= flag
	}
	return r
}

func coded(typ, path, subject, name, of, cfn string, kind extractors.Kind, does, code, reads string, f ...flags) row {
	r := permit(typ, path, subject, name, of, cfn, does, "", f...)
	r.Kind, r.Permit.Code, r.Permit.Reads = kind, code, reads
	return r
}

func once(block string, r row) row {
	r.Permit.Once = block
	return r
}

func yielding(r row) row {
	r.Permit.Yields = true
	return r
}

func managing(r row) row {
	r.Permit.Manages = true
	return r
}

// delegated is a row about an account that may administer a service of the
// organization.
func delegated(typ, attribute, service string) row {
	return permit(typ, attribute, "organization", "id", "", "", "makes an account the administrator of a service", "{"+attribute+"} may "+service+":* on *", policyOnly)
}

// invited is a row about an account that lets another one administer a service for it.
func invited(typ, attribute, service string) row {
	return permit(typ, attribute, "account", "id", "", "", "makes another account the administrator of a service for this one", "{"+attribute+"} may "+service+":* on *", policyOnly)
}

// dashboard is a row about a resource of Amazon QuickSight (Amazon QuickSight API
// Reference, "ResourcePermission").
func dashboard(typ, attribute, cfn string) row {
	return permit(typ, attribute, "analysis", "arn|name", "", cfn, "shares an analysis or its data", "each "+attribute+": {principal} may {actions[]} on *")
}

// trusting is a row about a role that comes with its trust policy.
func trusting(typ, path, does, text string) row {
	r := permit(typ, path, "role", "name|role_name|arn|id", "", "AWS::IAM::AssumeRolePolicyDocument", does, text)
	r.Kind = trust
	return r
}
