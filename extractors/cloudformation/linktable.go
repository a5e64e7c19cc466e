package cloudformation

import "github.com/grantdiff/grantdiff/extractors"

const (
	attached = extractors.Attached
	bounded  = extractors.Bounded
	member   = extractors.Member
	acts     = extractors.Acts
	guarded  = extractors.Guarded
)

// linkForm says that a property links its subject to something: a role to a managed
// policy, a user to a group, a function to a role.
type linkForm struct {
	Kind extractors.LinkKind
	// Target is the kind of what is linked to. With Self the resource itself is the
	// target, and the property of the row names who is linked to it.
	Target string
	Self   bool
	// Within is the property that names the accounts in which the subject is linked.
	Within string
	// Lambda and others name roles by ARN; what is named is found by its address.
}

// linkTable names what makes one thing take part in the access of another. To cover one
// more, add a line: kind of link, resource type, property that names the target, kind of
// target, kind of subject, property that names the subject ("": the resource itself). A
// property that ends in [] is a list, and [PROPERTY=VALUE] picks entries of one. A row
// made by linked is the other way round: the resource is the target, and the property
// names who is linked to it.
func linkTable() []row {
	return []row{
		// IAM.
		link(attached, "AWS::IAM::Role", "ManagedPolicyArns[]", "policy", "role", ""),
		link(attached, "AWS::IAM::User", "ManagedPolicyArns[]", "policy", "user", ""),
		link(attached, "AWS::IAM::Group", "ManagedPolicyArns[]", "policy", "group", ""),
		linked(attached, "AWS::IAM::ManagedPolicy", "Roles[]", "policy", "role"),
		linked(attached, "AWS::IAM::ManagedPolicy", "Users[]", "policy", "user"),
		linked(attached, "AWS::IAM::ManagedPolicy", "Groups[]", "policy", "group"),
		link(bounded, "AWS::IAM::Role", "PermissionsBoundary", "policy", "role", ""),
		link(bounded, "AWS::IAM::User", "PermissionsBoundary", "policy", "user", ""),
		link(member, "AWS::IAM::User", "Groups[]", "group", "user", ""),
		link(member, "AWS::IAM::UserToGroupAddition", "GroupName", "group", "user", "Users[]"),
		link(acts, "AWS::IAM::AccessKey", "UserName", "user", "access-key", ""),
		link(acts, "AWS::IAM::InstanceProfile", "Roles[]", "role", "instance-profile", ""),
		link(attached, "AWS::Budgets::BudgetsAction", "Definition.IamActionDefinition.PolicyArn", "policy", "role", "Definition.IamActionDefinition.Roles[]"),

		// Identity Center, IoT, chat.
		link(attached, "AWS::SSO::PermissionSet", "ManagedPolicies[]", "policy", "permission-set", ""),
		link(bounded, "AWS::SSO::PermissionSet", "PermissionsBoundary.ManagedPolicyArn", "policy", "permission-set", ""),
		inAccount("TargetId", link(acts, "AWS::SSO::Assignment", "PermissionSetArn", "permission-set", "identity-center-principal", "PrincipalId")),
		link(member, "AWS::IdentityStore::GroupMembership", "GroupId", "identity-center-group", "identity-center-user", "MemberId.UserId"),
		link(attached, "AWS::IoT::PolicyPrincipalAttachment", "PolicyName", "iot-policy", "iot-identity", "Principal"),
		link(bounded, "AWS::Chatbot::SlackChannelConfiguration", "GuardrailPolicies[]", "policy", "chat-channel", ""),
		link(bounded, "AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "GuardrailPolicies[]", "policy", "chat-channel", ""),
		link(bounded, "AWS::RolesAnywhere::Profile", "ManagedPolicyArns[]", "policy", "rolesanywhere-profile", ""),
		link(attached, "AWS::EMR::StudioSessionMapping", "SessionPolicyArn", "policy", "studio-user", "IdentityName"),

		// Organizations.
		linked(guarded, "AWS::Organizations::Policy", "TargetIds[]", "organization-policy", "organization-target"),

		// What acts as a role.
		acting("AWS::Lambda::Function", "Role", "function"),
		acting("AWS::EC2::Instance", "IamInstanceProfile", "instance", "instance-profile"),
		acting("AWS::EC2::LaunchTemplate", "LaunchTemplateData.IamInstanceProfile.Arn", "launch-template", "instance-profile"),
		acting("AWS::EC2::LaunchTemplate", "LaunchTemplateData.IamInstanceProfile.Name", "launch-template", "instance-profile"),
		acting("AWS::AutoScaling::LaunchConfiguration", "IamInstanceProfile", "launch-configuration", "instance-profile"),
		acting("AWS::ECS::TaskDefinition", "TaskRoleArn", "task"),
		acting("AWS::ECS::TaskDefinition", "ExecutionRoleArn", "task-execution"),
		acting("AWS::CodeBuild::Project", "ServiceRole", "build-project"),
		acting("AWS::CodePipeline::Pipeline", "RoleArn", "pipeline"),
		acting("AWS::CodePipeline::Pipeline", "Stages[].Actions[].RoleArn", "pipeline-action"),
		acting("AWS::CodePipeline::Pipeline", "Stages[].Actions[].Configuration.RoleArn", "pipeline-stack"),
		acting("AWS::CodeDeploy::DeploymentGroup", "ServiceRoleArn", "deployment-group"),
		acting("AWS::StepFunctions::StateMachine", "RoleArn", "state-machine"),
		acting("AWS::Glue::Job", "Role", "job"),
		acting("AWS::Glue::Crawler", "Role", "crawler"),
		acting("AWS::Glue::DevEndpoint", "RoleArn", "dev-endpoint"),
		acting("AWS::Glue::Session", "Role", "glue-session"),
		acting("AWS::Batch::JobDefinition", "ContainerProperties.JobRoleArn", "job-definition"),
		acting("AWS::Batch::JobDefinition", "ContainerProperties.ExecutionRoleArn", "job-execution"),
		acting("AWS::Batch::JobDefinition", "EcsProperties.TaskProperties[].TaskRoleArn", "job-definition"),
		acting("AWS::Batch::JobDefinition", "EcsProperties.TaskProperties[].ExecutionRoleArn", "job-execution"),
		acting("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties[].Container.JobRoleArn", "job-definition"),
		acting("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties[].Container.ExecutionRoleArn", "job-execution"),
		acting("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties[].EcsProperties.TaskProperties[].TaskRoleArn", "job-definition"),
		acting("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties[].EcsProperties.TaskProperties[].ExecutionRoleArn", "job-execution"),
		acting("AWS::Batch::ComputeEnvironment", "ComputeResources.InstanceRole", "compute-environment", "instance-profile"),
		acting("AWS::Batch::ComputeEnvironment", "ServiceRole", "compute-environment-service"),
		acting("AWS::Batch::ComputeEnvironment", "ComputeResources.SpotIamFleetRole", "compute-environment-spot"),
		acting("AWS::SageMaker::NotebookInstance", "RoleArn", "notebook"),
		acting("AWS::SageMaker::Model", "ExecutionRoleArn", "model"),
		acting("AWS::SageMaker::Domain", "DefaultUserSettings.ExecutionRole", "studio-user"),
		acting("AWS::SageMaker::Domain", "DefaultSpaceSettings.ExecutionRole", "studio-space"),
		acting("AWS::SageMaker::UserProfile", "UserSettings.ExecutionRole", "studio-user"),
		acting("AWS::EKS::Cluster", "RoleArn", "cluster"),
		acting("AWS::EKS::Nodegroup", "NodeRole", "node-group"),
		acting("AWS::EKS::FargateProfile", "PodExecutionRoleArn", "fargate-profile"),
		acting("AWS::EKS::Addon", "ServiceAccountRoleArn", "addon"),
		acting("AWS::EKS::Addon", "PodIdentityAssociations[].RoleArn", "addon"),
		acting("AWS::EKS::PodIdentityAssociation", "RoleArn", "pod-identity"),
		acting("AWS::EKS::PodIdentityAssociation", "TargetRoleArn", "pod-identity"),
		acting("AWS::Scheduler::Schedule", "Target.RoleArn", "schedule"),
		acting("AWS::Pipes::Pipe", "RoleArn", "pipe"),
		acting("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration.RoleARN", "delivery-stream"),
		acting("AWS::KinesisAnalyticsV2::Application", "ServiceExecutionRole", "application"),
		acting("AWS::AppRunner::Service", "InstanceConfiguration.InstanceRoleArn", "service"),
		acting("AWS::Amplify::App", "IAMServiceRole", "app"),
		acting("AWS::Bedrock::Agent", "AgentResourceRoleArn", "agent"),
		acting("AWS::BedrockAgentCore::Runtime", "RoleArn", "agent-runtime"),
		acting("AWS::IoT::RoleAlias", "RoleArn", "role-alias"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].CloudwatchAlarm.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].CloudwatchLogs.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].CloudwatchMetric.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].DynamoDB.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].DynamoDBv2.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Elasticsearch.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Firehose.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].IotAnalytics.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].IotEvents.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].IotSiteWise.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Kinesis.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].OpenSearch.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Republish.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].S3.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Sns.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Sqs.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].StepFunctions.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.Actions[].Timestream.RoleArn", "topic-rule"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.CloudwatchAlarm.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.CloudwatchLogs.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.CloudwatchMetric.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.DynamoDB.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.DynamoDBv2.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Elasticsearch.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Firehose.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.IotAnalytics.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.IotEvents.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.IotSiteWise.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Kinesis.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.OpenSearch.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Republish.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.S3.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Sns.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Sqs.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.StepFunctions.RoleArn", "topic-rule-error"),
		acting("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction.Timestream.RoleArn", "topic-rule-error"),
		acting("AWS::RolesAnywhere::Profile", "RoleArns[]", "rolesanywhere-profile"),
		acting("AWS::Transfer::User", "Role", "transfer-user"),
		acting("AWS::Cognito::UserPoolGroup", "RoleArn", "cognito-group"),
		acting("AWS::Cognito::IdentityPoolRoleAttachment", "Roles.authenticated", "identity-pool-users"),
		acting("AWS::Cognito::IdentityPoolRoleAttachment", "Roles.unauthenticated", "identity-pool-guests"),
		acting("AWS::ServiceCatalog::LaunchRoleConstraint", "RoleArn", "portfolio-product"),
		acting("AWS::ServiceCatalog::LaunchRoleConstraint", "LocalRoleName", "portfolio-product"),
		acting("AWS::Chatbot::SlackChannelConfiguration", "IamRoleArn", "chat-channel"),
		acting("AWS::Chatbot::MicrosoftTeamsChannelConfiguration", "IamRoleArn", "chat-channel"),
		acting("AWS::S3::AccessGrantsLocation", "IamRoleArn", "access-grants-location"),
		acting("AWS::CloudFormation::StackSet", "AdministrationRoleARN", "stack-set"),
		acting("AWS::AppSync::DataSource", "ServiceRoleArn", "data-source"),
		acting("AWS::AppSync::GraphQLApi", "LogConfig.CloudWatchLogsRoleArn", "graphql-api"),
		acting("AWS::DLM::LifecyclePolicy", "ExecutionRoleArn", "lifecycle-policy"),
		acting("AWS::EMR::Cluster", "JobFlowRole", "cluster-instances", "instance-profile"),
		acting("AWS::EMR::Cluster", "ServiceRole", "cluster"),
		acting("AWS::EMR::Cluster", "AutoScalingRole", "cluster-scaling"),
		acting("AWS::Events::Rule", "Targets[].RoleArn", "rule"),
		acting("AWS::SSM::MaintenanceWindowTask", "ServiceRoleArn", "maintenance-task"),
		acting("AWS::SSM::Association", "Parameters.AutomationAssumeRole[]", "association"),
		acting("AWS::Config::RemediationConfiguration", "Parameters.AutomationAssumeRole.StaticValue.Values[]", "remediation"),
		acting("AWS::Config::RemediationConfiguration", "Parameters.AutomationAssumeRole.StaticValue.Value", "remediation"),
		acting("AWS::MWAA::Environment", "ExecutionRoleArn", "airflow"),
		acting("AWS::Synthetics::Canary", "ExecutionRoleArn", "canary"),
		acting("AWS::Redshift::Cluster", "IamRoles[]", "cluster"),
		acting("AWS::RedshiftServerless::Namespace", "IamRoles[]", "namespace"),
		acting("AWS::RDS::DBCluster", "AssociatedRoles[].RoleArn", "database"),
		acting("AWS::RDS::DBInstance", "AssociatedRoles[].RoleArn", "database"),
		acting("AWS::S3::Bucket", "ReplicationConfiguration.Role", "bucket"),
		acting("AWS::ElasticBeanstalk::Environment", "OptionSettings[OptionName=IamInstanceProfile].Value", "beanstalk-instances", "instance-profile"),
		acting("AWS::ElasticBeanstalk::Environment", "OptionSettings[OptionName=ServiceRole].Value", "beanstalk-environment"),
		acting("AWS::ElasticBeanstalk::ConfigurationTemplate", "OptionSettings[OptionName=IamInstanceProfile].Value", "beanstalk-instances", "instance-profile"),
		acting("AWS::ElasticBeanstalk::ConfigurationTemplate", "OptionSettings[OptionName=ServiceRole].Value", "beanstalk-environment"),
		acting("AWS::GameLift::Fleet", "InstanceRoleARN", "fleet"),
		acting("AWS::Greengrass::Group", "RoleArn", "greengrass-group"),
		acting("AWS::EC2::SpotFleet", "SpotFleetRequestConfigData.IamFleetRole", "spot-fleet"),
		acting("AWS::EC2::SpotFleet", "SpotFleetRequestConfigData.LaunchSpecifications[].IamInstanceProfile.Arn", "spot-instances", "instance-profile"),
		acting("AWS::EC2::SpotFleet", "SpotFleetRequestConfigData.LaunchSpecifications[].IamInstanceProfile.Name", "spot-instances", "instance-profile"),
		acting("AWS::Lambda::CapacityProvider", "PermissionsConfig.CapacityProviderOperatorRoleArn", "capacity-provider"),
		acting("AWS::ImageBuilder::InfrastructureConfiguration", "InstanceProfileName", "image-builder", "instance-profile"),
	}
}

func link(kind extractors.LinkKind, typ, path, target, subject, of string) row {
	return row{Type: typ, Path: path, Subject: subject, Of: of, Link: &linkForm{Kind: kind, Target: target}}
}

func linked(kind extractors.LinkKind, typ, path, target, subject string) row {
	return row{Type: typ, Path: path, Subject: subject, Link: &linkForm{Kind: kind, Target: target, Self: true}}
}

// inAccount is a row of which the subject is linked in the account that a property names.
func inAccount(property string, r row) row {
	r.Link.Within = property
	return r
}

// acting is a row for a resource that acts as a role, or as what an instance profile
// holds.
func acting(typ, path, subject string, target ...string) row {
	kind := "role"
	if len(target) > 0 {
		kind = target[0]
	}
	return link(acts, typ, path, kind, subject, "")
}
