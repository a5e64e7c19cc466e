package eval

// shapeTable says, one line a type, what Ref and GetAtt give (AWS CloudFormation
// Template Reference, Return values of each resource type; ARNs as in the Service
// Authorization Reference). Fields are separated by " | ": type, property that names
// the resource (- for none), what Ref gives, then ATTRIBUTE=what GetAtt gives.
//
// {} is the name of the resource, or a symbol for it; {partition}, {region}, {account},
// {suffix} those of the stack; {Path} the path in IAM; {id} an id that the service
// makes; {function} the ARN of the function that it belongs to; any other {Property} that property. An attribute that is not listed is a
// symbol of its own, and an ARN without known parts when its name ends in Arn.
const shapeTable = `
AWS::S3::Bucket | BucketName | {} | Arn=arn:{partition}:s3:::{} | DomainName={}.s3.{suffix} | RegionalDomainName={}.s3.{region}.{suffix} | DualStackDomainName={}.s3.dualstack.{region}.{suffix} | WebsiteURL=http://{}.s3-website-{region}.{suffix}
AWS::S3::AccessPoint | Name | {} | Arn=arn:{partition}:s3:{region}:{account}:accesspoint/{} | Name={}
AWS::S3::MultiRegionAccessPoint | Name | {} | Alias={}.alias
AWS::S3Express::DirectoryBucket | BucketName | {} | Arn=arn:{partition}:s3express:{region}:{account}:bucket/{}
AWS::S3ObjectLambda::AccessPoint | Name | {} | Arn=arn:{partition}:s3-object-lambda:{region}:{account}:accesspoint/{}
AWS::S3Tables::TableBucket | TableBucketName | arn:{partition}:s3tables:{region}:{account}:bucket/{} | TableBucketARN=arn:{partition}:s3tables:{region}:{account}:bucket/{}
AWS::S3Vectors::VectorBucket | VectorBucketName | arn:{partition}:s3vectors:{region}:{account}:bucket/{} | VectorBucketArn=arn:{partition}:s3vectors:{region}:{account}:bucket/{}
AWS::IAM::Role | RoleName | {} | Arn=arn:{partition}:iam::{account}:role{Path}{} | RoleId={id}
AWS::IAM::User | UserName | {} | Arn=arn:{partition}:iam::{account}:user{Path}{}
AWS::IAM::Group | GroupName | {} | Arn=arn:{partition}:iam::{account}:group{Path}{}
AWS::IAM::ManagedPolicy | ManagedPolicyName | arn:{partition}:iam::{account}:policy{Path}{} | PolicyArn=arn:{partition}:iam::{account}:policy{Path}{} | PolicyId={id}
AWS::IAM::Policy | PolicyName | {} | Id={}
AWS::IAM::InstanceProfile | InstanceProfileName | {} | Arn=arn:{partition}:iam::{account}:instance-profile{Path}{}
AWS::IAM::AccessKey | - | {id}
AWS::IAM::OIDCProvider | - | arn:{partition}:iam::{account}:oidc-provider/{host} | Arn=arn:{partition}:iam::{account}:oidc-provider/{host}
AWS::IAM::SAMLProvider | Name | arn:{partition}:iam::{account}:saml-provider/{} | Arn=arn:{partition}:iam::{account}:saml-provider/{}
AWS::IAM::ServerCertificate | ServerCertificateName | {} | Arn=arn:{partition}:iam::{account}:server-certificate{Path}{}
AWS::KMS::Key | - | {} | Arn=arn:{partition}:kms:{region}:{account}:key/{} | KeyId={}
AWS::KMS::ReplicaKey | - | {} | Arn=arn:{partition}:kms:{region}:{account}:key/{} | KeyId={}
AWS::KMS::Alias | AliasName | {}
AWS::SQS::Queue | QueueName | https://sqs.{region}.{suffix}/{account}/{} | Arn=arn:{partition}:sqs:{region}:{account}:{} | QueueName={} | QueueUrl=https://sqs.{region}.{suffix}/{account}/{}
AWS::SNS::Topic | TopicName | arn:{partition}:sns:{region}:{account}:{} | TopicArn=arn:{partition}:sns:{region}:{account}:{} | TopicName={}
AWS::SNS::Subscription | - | arn:{partition}:sns:{region}:{account}:{} | Arn=arn:{partition}:sns:{region}:{account}:{}
AWS::Lambda::Function | FunctionName | {} | Arn=arn:{partition}:lambda:{region}:{account}:function:{}
AWS::Lambda::Alias | - | {function}:{Name} | AliasArn={function}:{Name}
AWS::Lambda::Version | - | {function}:{id} | FunctionArn={function}:{id} | Version={id}
AWS::Lambda::LayerVersion | LayerName | arn:{partition}:lambda:{region}:{account}:layer:{}:{id} | LayerVersionArn=arn:{partition}:lambda:{region}:{account}:layer:{}:{id}
AWS::Lambda::EventSourceMapping | - | {} | Id={} | EventSourceMappingArn=arn:{partition}:lambda:{region}:{account}:event-source-mapping:{}
AWS::Lambda::CodeSigningConfig | - | arn:{partition}:lambda:{region}:{account}:code-signing-config:{} | CodeSigningConfigArn=arn:{partition}:lambda:{region}:{account}:code-signing-config:{}
AWS::Lambda::Url | - | {function} | FunctionArn={function} | FunctionUrl=https://{}.lambda-url.{region}.on.aws/
AWS::DynamoDB::Table | TableName | {} | Arn=arn:{partition}:dynamodb:{region}:{account}:table/{} | StreamArn=arn:{partition}:dynamodb:{region}:{account}:table/{}/stream/{id}
AWS::DynamoDB::GlobalTable | TableName | {} | Arn=arn:{partition}:dynamodb:{region}:{account}:table/{} | StreamArn=arn:{partition}:dynamodb:{region}:{account}:table/{}/stream/{id}
AWS::Kinesis::Stream | Name | {} | Arn=arn:{partition}:kinesis:{region}:{account}:stream/{}
AWS::KinesisFirehose::DeliveryStream | DeliveryStreamName | {} | Arn=arn:{partition}:firehose:{region}:{account}:deliverystream/{}
AWS::KinesisAnalyticsV2::Application | ApplicationName | {} | Arn=arn:{partition}:kinesisanalytics:{region}:{account}:application/{}
AWS::SecretsManager::Secret | Name | arn:{partition}:secretsmanager:{region}:{account}:secret:{}-{id} | Id=arn:{partition}:secretsmanager:{region}:{account}:secret:{}-{id}
AWS::SSM::Parameter | Name | {} | Type={Type} | Value={Value}
AWS::SSM::Document | Name | {}
AWS::ECR::Repository | RepositoryName | {} | Arn=arn:{partition}:ecr:{region}:{account}:repository/{} | RepositoryUri={account}.dkr.ecr.{region}.{suffix}/{}
AWS::ECR::PublicRepository | RepositoryName | {} | Arn=arn:{partition}:ecr-public::{account}:repository/{}
AWS::ECS::Cluster | ClusterName | {} | Arn=arn:{partition}:ecs:{region}:{account}:cluster/{}
AWS::ECS::Service | ServiceName | arn:{partition}:ecs:{region}:{account}:service/{Cluster}/{} | Name={} | ServiceArn=arn:{partition}:ecs:{region}:{account}:service/{Cluster}/{}
AWS::ECS::TaskDefinition | Family | arn:{partition}:ecs:{region}:{account}:task-definition/{}:{id} | TaskDefinitionArn=arn:{partition}:ecs:{region}:{account}:task-definition/{}:{id}
AWS::EKS::Cluster | Name | {} | Arn=arn:{partition}:eks:{region}:{account}:cluster/{}
AWS::EKS::Nodegroup | - | {ClusterName}/{} | Arn=arn:{partition}:eks:{region}:{account}:nodegroup/{ClusterName}/{}/{id} | NodegroupName={}
AWS::EFS::FileSystem | - | {} | Arn=arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{} | FileSystemId={}
AWS::EFS::AccessPoint | - | {} | Arn=arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{} | AccessPointId={}
AWS::EC2::VPC | - | {} | VpcId={}
AWS::EC2::Subnet | - | {} | SubnetId={}
AWS::EC2::SecurityGroup | - | {} | GroupId={} | Id={}
AWS::EC2::Instance | - | {} | InstanceId={}
AWS::EC2::Volume | - | {} | VolumeId={}
AWS::EC2::VPCEndpoint | - | {} | Id={}
AWS::EC2::NetworkInterface | - | {} | Id={}
AWS::EC2::LaunchTemplate | - | {} | LaunchTemplateId={}
AWS::EC2::VPCEndpointService | - | {} | ServiceId={}
AWS::Events::EventBus | Name | {} | Arn=arn:{partition}:events:{region}:{account}:event-bus/{} | Name={}
AWS::Events::Rule | Name | {} | Arn=arn:{partition}:events:{region}:{account}:rule/{}
AWS::Events::Connection | Name | {} | Arn=arn:{partition}:events:{region}:{account}:connection/{}/{id}
AWS::Events::ApiDestination | Name | {} | Arn=arn:{partition}:events:{region}:{account}:api-destination/{}/{id}
AWS::Events::Archive | ArchiveName | {} | Arn=arn:{partition}:events:{region}:{account}:archive/{}
AWS::EventSchemas::Registry | RegistryName | arn:{partition}:schemas:{region}:{account}:registry/{} | RegistryName={} | RegistryArn=arn:{partition}:schemas:{region}:{account}:registry/{}
AWS::Pipes::Pipe | Name | {} | Arn=arn:{partition}:pipes:{region}:{account}:pipe/{}
AWS::Scheduler::Schedule | Name | {} | Arn=arn:{partition}:scheduler:{region}:{account}:schedule/default/{}
AWS::Scheduler::ScheduleGroup | Name | {} | Arn=arn:{partition}:scheduler:{region}:{account}:schedule-group/{}
AWS::StepFunctions::StateMachine | StateMachineName | arn:{partition}:states:{region}:{account}:stateMachine:{} | Arn=arn:{partition}:states:{region}:{account}:stateMachine:{} | Name={}
AWS::StepFunctions::Activity | Name | arn:{partition}:states:{region}:{account}:activity:{} | Arn=arn:{partition}:states:{region}:{account}:activity:{} | Name={}
AWS::Logs::LogGroup | LogGroupName | {} | Arn=arn:{partition}:logs:{region}:{account}:log-group:{}:*
AWS::Logs::Destination | DestinationName | {} | Arn=arn:{partition}:logs:{region}:{account}:destination:{}
AWS::CloudWatch::Alarm | AlarmName | {} | Arn=arn:{partition}:cloudwatch:{region}:{account}:alarm:{}
AWS::CloudTrail::Trail | TrailName | {} | Arn=arn:{partition}:cloudtrail:{region}:{account}:trail/{}
AWS::CloudTrail::EventDataStore | - | arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{} | EventDataStoreArn=arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{}
AWS::CloudFront::Distribution | - | {} | Id={} | DomainName={}.cloudfront.net
AWS::CloudFront::CloudFrontOriginAccessIdentity | - | {} | Id={} | S3CanonicalUserId={id}
AWS::CloudFront::OriginAccessControl | - | {} | Id={}
AWS::ApiGateway::RestApi | - | {} | RestApiId={} | RootResourceId={id}
AWS::ApiGateway::Stage | StageName | {}
AWS::ApiGateway::Deployment | - | {} | DeploymentId={}
AWS::ApiGateway::Authorizer | - | {} | AuthorizerId={}
AWS::ApiGatewayV2::Api | - | {} | ApiId={} | ApiEndpoint=https://{}.execute-api.{region}.{suffix}
AWS::ApiGatewayV2::Stage | StageName | {}
AWS::AppSync::GraphQLApi | - | arn:{partition}:appsync:{region}:{account}:apis/{} | Arn=arn:{partition}:appsync:{region}:{account}:apis/{} | ApiId={}
AWS::Cognito::UserPool | - | {} | Arn=arn:{partition}:cognito-idp:{region}:{account}:userpool/{} | UserPoolId={} | ProviderName=cognito-idp.{region}.{suffix}/{} | ProviderURL=https://cognito-idp.{region}.{suffix}/{}
AWS::Cognito::UserPoolClient | - | {} | ClientId={}
AWS::Cognito::IdentityPool | - | {} | Id={} | Name={IdentityPoolName}
AWS::CodeBuild::Project | Name | {} | Arn=arn:{partition}:codebuild:{region}:{account}:project/{}
AWS::CodeCommit::Repository | - | {} | Arn=arn:{partition}:codecommit:{region}:{account}:{RepositoryName} | Name={RepositoryName}
AWS::CodePipeline::Pipeline | Name | {} | Version={id}
AWS::CodeArtifact::Domain | DomainName | arn:{partition}:codeartifact:{region}:{account}:domain/{} | Arn=arn:{partition}:codeartifact:{region}:{account}:domain/{} | Name={}
AWS::CodeArtifact::Repository | RepositoryName | arn:{partition}:codeartifact:{region}:{account}:repository/{DomainName}/{} | Arn=arn:{partition}:codeartifact:{region}:{account}:repository/{DomainName}/{} | Name={}
AWS::CodeDeploy::Application | ApplicationName | {}
AWS::CodeStarConnections::Connection | - | arn:{partition}:codestar-connections:{region}:{account}:connection/{} | ConnectionArn=arn:{partition}:codestar-connections:{region}:{account}:connection/{}
AWS::ElasticLoadBalancingV2::LoadBalancer | - | arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{} | LoadBalancerArn=arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{}
AWS::ElasticLoadBalancingV2::TargetGroup | - | arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/{} | TargetGroupArn=arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/{}
AWS::RDS::DBInstance | DBInstanceIdentifier | {} | DBInstanceArn=arn:{partition}:rds:{region}:{account}:db:{} | DbiResourceId={id}
AWS::RDS::DBCluster | DBClusterIdentifier | {} | DBClusterArn=arn:{partition}:rds:{region}:{account}:cluster:{} | DBClusterResourceId={id}
AWS::RDS::DBProxy | DBProxyName | {} | DBProxyArn=arn:{partition}:rds:{region}:{account}:db-proxy:{id}
AWS::Redshift::Cluster | ClusterIdentifier | {} | ClusterNamespaceArn=arn:{partition}:redshift:{region}:{account}:namespace:{id}
AWS::ElastiCache::ReplicationGroup | ReplicationGroupId | {}
AWS::OpenSearchService::Domain | DomainName | {} | Arn=arn:{partition}:es:{region}:{account}:domain/{} | DomainArn=arn:{partition}:es:{region}:{account}:domain/{} | Id={account}/{}
AWS::Elasticsearch::Domain | DomainName | {} | Arn=arn:{partition}:es:{region}:{account}:domain/{} | DomainArn=arn:{partition}:es:{region}:{account}:domain/{}
AWS::OpenSearchServerless::Collection | - | {} | Arn=arn:{partition}:aoss:{region}:{account}:collection/{} | Id={}
AWS::MSK::Cluster | - | arn:{partition}:kafka:{region}:{account}:cluster/{ClusterName}/{} | Arn=arn:{partition}:kafka:{region}:{account}:cluster/{ClusterName}/{}
AWS::Glue::Database | - | {}
AWS::Glue::Job | Name | {}
AWS::Glue::Crawler | Name | {}
AWS::Athena::WorkGroup | Name | {}
AWS::Batch::JobQueue | JobQueueName | arn:{partition}:batch:{region}:{account}:job-queue/{} | JobQueueArn=arn:{partition}:batch:{region}:{account}:job-queue/{}
AWS::Batch::JobDefinition | JobDefinitionName | arn:{partition}:batch:{region}:{account}:job-definition/{}:{id}
AWS::Backup::BackupVault | BackupVaultName | {} | BackupVaultArn=arn:{partition}:backup:{region}:{account}:backup-vault:{} | BackupVaultName={}
AWS::CertificateManager::Certificate | - | arn:{partition}:acm:{region}:{account}:certificate/{} | CertificateArn=arn:{partition}:acm:{region}:{account}:certificate/{}
AWS::ACMPCA::CertificateAuthority | - | arn:{partition}:acm-pca:{region}:{account}:certificate-authority/{} | Arn=arn:{partition}:acm-pca:{region}:{account}:certificate-authority/{}
AWS::Route53::HostedZone | - | {} | Id={}
AWS::WAFv2::WebACL | Name | {}|{id}|REGIONAL | Arn=arn:{partition}:wafv2:{region}:{account}:regional/webacl/{}/{id} | Id={id}
AWS::SageMaker::NotebookInstance | - | arn:{partition}:sagemaker:{region}:{account}:notebook-instance/{} | NotebookInstanceName={}
AWS::SageMaker::Model | - | arn:{partition}:sagemaker:{region}:{account}:model/{} | ModelName={}
AWS::SageMaker::Endpoint | - | arn:{partition}:sagemaker:{region}:{account}:endpoint/{} | EndpointName={}
AWS::Bedrock::Agent | - | {} | AgentArn=arn:{partition}:bedrock:{region}:{account}:agent/{} | AgentId={}
AWS::Bedrock::KnowledgeBase | - | {} | KnowledgeBaseArn=arn:{partition}:bedrock:{region}:{account}:knowledge-base/{} | KnowledgeBaseId={}
AWS::Bedrock::Guardrail | - | arn:{partition}:bedrock:{region}:{account}:guardrail/{} | GuardrailArn=arn:{partition}:bedrock:{region}:{account}:guardrail/{} | GuardrailId={}
AWS::IoT::Thing | ThingName | {} | Arn=arn:{partition}:iot:{region}:{account}:thing/{} | Id={id}
AWS::IoT::Policy | PolicyName | {} | Arn=arn:{partition}:iot:{region}:{account}:policy/{} | Id={}
AWS::IoT::TopicRule | RuleName | {} | Arn=arn:{partition}:iot:{region}:{account}:rule/{}
AWS::SSO::PermissionSet | - | {InstanceArn}|arn:{partition}:sso:::permissionSet/{} | PermissionSetArn=arn:{partition}:sso:::permissionSet/{}
AWS::Organizations::Policy | - | {} | Id={} | Arn=arn:{partition}:organizations::{account}:policy/{}
AWS::Organizations::OrganizationalUnit | - | {} | Id={} | Arn=arn:{partition}:organizations::{account}:ou/{}
AWS::Organizations::Account | - | {} | AccountId={}
AWS::RAM::ResourceShare | - | arn:{partition}:ram:{region}:{account}:resource-share/{} | Arn=arn:{partition}:ram:{region}:{account}:resource-share/{}
AWS::Transfer::Server | - | arn:{partition}:transfer:{region}:{account}:server/{} | Arn=arn:{partition}:transfer:{region}:{account}:server/{} | ServerId={}
AWS::VpcLattice::Service | - | arn:{partition}:vpc-lattice:{region}:{account}:service/{} | Arn=arn:{partition}:vpc-lattice:{region}:{account}:service/{} | Id={}
AWS::VpcLattice::ServiceNetwork | - | arn:{partition}:vpc-lattice:{region}:{account}:servicenetwork/{} | Arn=arn:{partition}:vpc-lattice:{region}:{account}:servicenetwork/{} | Id={}
AWS::CloudFormation::Stack | - | arn:{partition}:cloudformation:{region}:{account}:stack/{}/{id}
`
