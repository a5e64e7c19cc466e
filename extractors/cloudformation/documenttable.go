package cloudformation

import "github.com/grantdiff/grantdiff/extractors"

const (
	identity = extractors.Identity
	resource = extractors.Resource
	trust    = extractors.Trust
	endpoint = extractors.Endpoint
	acl      = extractors.ACL
)

// documentTable names every property that holds an IAM policy document: as an object, or
// as a JSON text. To cover one more, add a line: resource type, property, kind, kind of
// subject, property that names the subject ("": the resource itself), CloudFormation
// type the policy is attached to, flags. See row for the fields.
func documentTable() []row {
	return []row{
		// IAM and what else gives principals access.
		document("AWS::IAM::Role", "AssumeRolePolicyDocument", trust, "role", "", "AWS::IAM::AssumeRolePolicyDocument"),
		document("AWS::IAM::Role", "Policies[PolicyName].PolicyDocument", identity, "role", "", ""),
		document("AWS::IAM::User", "Policies[PolicyName].PolicyDocument", identity, "user", "", ""),
		document("AWS::IAM::Group", "Policies[PolicyName].PolicyDocument", identity, "group", "", ""),
		document("AWS::IAM::Policy", "PolicyDocument", identity, "role", "Roles[]", ""),
		document("AWS::IAM::Policy", "PolicyDocument", identity, "user", "Users[]", ""),
		document("AWS::IAM::Policy", "PolicyDocument", identity, "group", "Groups[]", ""),
		document("AWS::IAM::RolePolicy", "PolicyDocument", identity, "role", "RoleName", ""),
		document("AWS::IAM::UserPolicy", "PolicyDocument", identity, "user", "UserName", ""),
		document("AWS::IAM::GroupPolicy", "PolicyDocument", identity, "group", "GroupName", ""),
		document("AWS::IAM::ManagedPolicy", "PolicyDocument", identity, "policy", "", "", shared),
		document("AWS::SSO::PermissionSet", "InlinePolicy", identity, "permission-set", "", ""),
		document("AWS::IoT::Policy", "PolicyDocument", identity, "iot-policy", "", "", shared),
		document("AWS::Transfer::User", "Policy", extractors.Session, "transfer-user", "", "", session),
		document("AWS::EKS::PodIdentityAssociation", "Policy", extractors.Session, "pod-identity", "", "", session),
		document("AWS::RolesAnywhere::Profile", "SessionPolicy", extractors.Session, "rolesanywhere-profile", "", "", session),

		// Storage.
		document("AWS::S3::BucketPolicy", "PolicyDocument", resource, "bucket", "Bucket", "AWS::S3::Bucket"),
		document("AWS::S3::Bucket", "AccessControl", acl, "bucket", "", "AWS::S3::Bucket", accessList),
		document("AWS::S3::AccessPoint", "Policy", resource, "access-point", "", "AWS::S3::AccessPoint"),
		document("AWS::S3::MultiRegionAccessPointPolicy", "Policy", resource, "multi-region-access-point", "MrapName", "AWS::S3::MultiRegionAccessPoint"),
		document("AWS::S3Express::BucketPolicy", "PolicyDocument", resource, "bucket", "Bucket", "AWS::S3Express::DirectoryBucket"),
		document("AWS::S3Express::AccessPoint", "Policy", resource, "access-point", "", "AWS::S3Express::AccessPoint"),
		document("AWS::S3ObjectLambda::AccessPointPolicy", "PolicyDocument", resource, "object-lambda-access-point", "ObjectLambdaAccessPoint", "AWS::S3ObjectLambda::AccessPoint"),
		document("AWS::S3Outposts::AccessPoint", "Policy", resource, "outposts-access-point", "", "AWS::S3Outposts::AccessPoint"),
		document("AWS::S3Outposts::BucketPolicy", "PolicyDocument", resource, "outposts-bucket", "Bucket", "AWS::S3Outposts::Bucket"),
		document("AWS::S3Tables::TableBucketPolicy", "ResourcePolicy", resource, "table-bucket", "TableBucketARN", "AWS::S3Tables::TableBucket"),
		document("AWS::S3Tables::TablePolicy", "ResourcePolicy", resource, "table", "TableARN", "AWS::S3Tables::Table"),
		document("AWS::S3Vectors::VectorBucketPolicy", "Policy", resource, "vector-bucket", "VectorBucketArn", "AWS::S3Vectors::VectorBucket"),
		document("AWS::S3Files::FileSystemPolicy", "Policy", resource, "file-system", "FileSystemId", "AWS::S3Files::FileSystem"),
		document("AWS::FSx::S3AccessPointAttachment", "S3AccessPoint.Policy", resource, "access-point", "", "AWS::S3::AccessPoint"),
		document("AWS::EFS::FileSystem", "FileSystemPolicy", resource, "file-system", "", "AWS::EFS::FileSystem", mountDefault),
		document("AWS::Backup::BackupVault", "AccessPolicy", resource, "backup-vault", "", "AWS::Backup::BackupVault"),
		document("AWS::Backup::LogicallyAirGappedBackupVault", "AccessPolicy", resource, "backup-vault", "", "AWS::Backup::BackupVault"),
		document("AWS::MediaStore::Container", "Policy", resource, "container", "", "AWS::MediaStore::Container"),
		document("AWS::Omics::SequenceStore", "S3AccessPolicy", resource, "sequence-store", "", "AWS::Omics::SequenceStore"),

		// Keys and secrets.
		document("AWS::KMS::Key", "KeyPolicy", resource, "key", "", "AWS::KMS::Key", keyDefault),
		document("AWS::KMS::ReplicaKey", "KeyPolicy", resource, "key", "", "AWS::KMS::Key", keyDefault),
		document("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", resource, "secret", "SecretId", "AWS::SecretsManager::Secret"),
		document("AWS::SSM::ResourcePolicy", "Policy", resource, "parameter", "ResourceArn", "AWS::SSM::Parameter"),
		document("AWS::PaymentCryptography::Key", "Policy", resource, "payment-key", "", "AWS::PaymentCryptography::Key"),

		// Queues, topics, buses, streams, logs.
		document("AWS::SQS::QueuePolicy", "PolicyDocument", resource, "queue", "Queues[]", "AWS::SQS::Queue"),
		document("AWS::SQS::QueueInlinePolicy", "PolicyDocument", resource, "queue", "Queue", "AWS::SQS::Queue"),
		document("AWS::SNS::TopicPolicy", "PolicyDocument", resource, "topic", "Topics[]", "AWS::SNS::Topic"),
		document("AWS::SNS::TopicInlinePolicy", "PolicyDocument", resource, "topic", "TopicArn", "AWS::SNS::Topic"),
		document("AWS::Events::EventBus", "Policy", resource, "event-bus", "", "AWS::Events::EventBus"),
		document("AWS::EventSchemas::RegistryPolicy", "Policy", resource, "schema-registry", "RegistryName", "AWS::EventSchemas::Registry"),
		document("AWS::Kinesis::ResourcePolicy", "ResourcePolicy", resource, "stream", "ResourceArn", "AWS::Kinesis::Stream"),
		document("AWS::MSK::ClusterPolicy", "Policy", resource, "cluster", "ClusterArn", "AWS::MSK::Cluster"),
		document("AWS::Logs::ResourcePolicy", "PolicyDocument", resource, "log-groups", "", "AWS::Logs::ResourcePolicy"),
		document("AWS::Logs::Destination", "DestinationPolicy", resource, "log-destination", "", "AWS::Logs::Destination"),
		document("AWS::Logs::DeliveryDestination", "DeliveryDestinationPolicy", resource, "log-delivery-destination", "", "AWS::Logs::DeliveryDestination"),
		document("AWS::Oam::Sink", "Policy", resource, "sink", "", "AWS::Oam::Sink"),
		document("AWS::XRay::ResourcePolicy", "PolicyDocument", resource, "xray", "", "AWS::XRay::ResourcePolicy"),
		document("AWS::APS::ResourcePolicy", "PolicyDocument", resource, "workspace", "WorkspaceArn", "AWS::APS::Workspace"),
		document("AWS::RUM::AppMonitor", "ResourcePolicy.PolicyDocument", resource, "app-monitor", "", "AWS::RUM::AppMonitor"),
		document("AWS::AIOps::InvestigationGroup", "InvestigationGroupPolicy", resource, "investigation-group", "", "AWS::AIOps::InvestigationGroup"),
		document("AWS::CloudTrail::ResourcePolicy", "ResourcePolicy", resource, "trail-resource", "ResourceArn", "AWS::CloudTrail::EventDataStore"),

		// Code and containers.
		document("AWS::ECR::Repository", "RepositoryPolicyText", resource, "repository", "", "AWS::ECR::Repository"),
		document("AWS::ECR::PublicRepository", "RepositoryPolicyText", resource, "public-repository", "", "AWS::ECR::PublicRepository"),
		document("AWS::ECR::RegistryPolicy", "PolicyText", resource, "registry", "", "AWS::ECR::RegistryPolicy"),
		document("AWS::ECR::RepositoryCreationTemplate", "RepositoryPolicy", resource, "repositories", "", "AWS::ECR::RepositoryCreationTemplate"),
		document("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument", resource, "domain", "", "AWS::CodeArtifact::Domain"),
		document("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument", resource, "package-repository", "", "AWS::CodeArtifact::Repository"),
		document("AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupPolicy", resource, "model-package-group", "", "AWS::SageMaker::ModelPackageGroup"),
		document("AWS::Bedrock::ResourcePolicy", "PolicyDocument", resource, "bedrock-resource", "ResourceArn", "AWS::Bedrock::ResourcePolicy"),
		document("AWS::Bedrock::KnowledgeBasePolicy", "PolicyDocument", resource, "knowledge-base", "KnowledgeBaseId", "AWS::Bedrock::KnowledgeBase"),
		document("AWS::BedrockAgentCore::ResourcePolicy", "Policy", resource, "agent", "ResourceArn", "AWS::BedrockAgentCore::Runtime"),
		document("AWS::Comprehend::DocumentClassifier", "ModelPolicy", resource, "classifier", "", "AWS::Comprehend::DocumentClassifier"),

		// Data stores and search.
		document("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument", resource, "table", "", "AWS::DynamoDB::Table"),
		document("AWS::DynamoDB::Table", "StreamSpecification.ResourcePolicy.PolicyDocument", resource, "table-stream", "", "AWS::DynamoDB::Stream"),
		document("AWS::DynamoDB::GlobalTable", "Replicas[Region].ResourcePolicy.PolicyDocument", resource, "table", "", "AWS::DynamoDB::Table"),
		document("AWS::DynamoDB::GlobalTable", "Replicas[Region].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument", resource, "table-stream", "", "AWS::DynamoDB::Stream"),
		document("AWS::DSQL::Cluster", "PolicyDocument", resource, "cluster", "", "AWS::DSQL::Cluster"),
		document("AWS::Redshift::Cluster", "NamespaceResourcePolicy", resource, "cluster", "", "AWS::Redshift::Cluster"),
		document("AWS::RedshiftServerless::Namespace", "NamespaceResourcePolicy", resource, "namespace", "", "AWS::RedshiftServerless::Namespace"),
		document("AWS::OpenSearchService::Domain", "AccessPolicies", resource, "search-domain", "", "AWS::OpenSearchService::Domain"),
		document("AWS::Elasticsearch::Domain", "AccessPolicies", resource, "search-domain", "", "AWS::OpenSearchService::Domain"),
		document("AWS::OSIS::Pipeline", "ResourcePolicy.Policy", resource, "pipeline", "", "AWS::OSIS::Pipeline"),
		document("AWS::Lex::ResourcePolicy", "Policy", resource, "bot", "ResourceArn", "AWS::Lex::Bot"),

		// Networks, interfaces, media, mail.
		document("AWS::EC2::VPCEndpoint", "PolicyDocument", endpoint, "vpc-endpoint", "", "AWS::EC2::VPCEndpoint", openDefault),
		document("AWS::VpcLattice::AuthPolicy", "Policy", resource, "lattice-service", "ResourceIdentifier", "AWS::VpcLattice::Service"),
		document("AWS::VpcLattice::ResourcePolicy", "Policy", resource, "lattice-service", "ResourceArn", "AWS::VpcLattice::Service"),
		document("AWS::ApiGateway::RestApi", "Policy", resource, "rest-api", "", "AWS::ApiGateway::RestApi"),
		document("AWS::ApiGateway::RestApi", "Body", resource, "rest-api", "", "AWS::ApiGateway::RestApi", body),
		document("AWS::ApiGateway::DomainNameV2", "Policy", resource, "api-domain", "", "AWS::ApiGateway::DomainNameV2"),
		document("AWS::MediaPackageV2::ChannelPolicy", "Policy", resource, "channel", "ChannelName", "AWS::MediaPackageV2::Channel"),
		document("AWS::MediaPackageV2::OriginEndpointPolicy", "Policy", resource, "origin-endpoint", "OriginEndpointName", "AWS::MediaPackageV2::OriginEndpoint"),
		document("AWS::MediaTailor::ChannelPolicy", "Policy", resource, "channel", "ChannelName", "AWS::MediaTailor::Channel"),
		document("AWS::SMSVOICE::ResourcePolicy", "PolicyDocument", resource, "sms-sender", "ResourceArn", "AWS::SMSVOICE::PhoneNumber"),
		document("AWS::ODB::OdbNetwork", "S3PolicyDocument", endpoint, "odb-network", "", "AWS::ODB::OdbNetwork", openDefault),

		// Organizations.
		document("AWS::Organizations::Policy", "Content", extractors.SCP, "organization-policy", "", "AWS::Organizations::Policy", organization),
		document("AWS::Organizations::ResourcePolicy", "Content", resource, "organization", "", "AWS::Organizations::ResourcePolicy"),
	}
}
