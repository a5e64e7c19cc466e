package rules

// A escalation is a known way from some permissions to more of them. Needs are the
// actions that it takes, each on some resource; Passes tells that one of them hands a
// role to a service, whose access is what is won.
type escalation struct {
	ID     string // stable
	Needs  []string
	Passes bool
	To     string // the service that it hands the role to; "" where it hands over none
	Does   string // completes "It can ..."
	Source string // of the public description
}

const (
	rhino    = "Rhino Security Labs, AWS IAM Privilege Escalation Methods and Mitigation"
	bishop   = "Bishop Fox, Privilege Escalation in AWS: IAM Vulnerable"
	pathfind = "Datadog Security Labs, pathfinding.cloud"
)

// escalations are the known ways, shortest first. To add one, add a line.
var escalations = []escalation{
	{"iam-create-policy-version", []string{"iam:CreatePolicyVersion"}, false, "", "write a new version of a policy", rhino},
	{"iam-set-default-policy-version", []string{"iam:SetDefaultPolicyVersion"}, false, "", "go back to a wider version of a policy", rhino},
	{"iam-attach-user-policy", []string{"iam:AttachUserPolicy"}, false, "", "attach any policy to a user", rhino},
	{"iam-attach-group-policy", []string{"iam:AttachGroupPolicy"}, false, "", "attach any policy to a group", rhino},
	{"iam-put-user-policy", []string{"iam:PutUserPolicy"}, false, "", "write an inline policy of a user", rhino},
	{"iam-put-group-policy", []string{"iam:PutGroupPolicy"}, false, "", "write an inline policy of a group", rhino},
	{"iam-add-user-to-group", []string{"iam:AddUserToGroup"}, false, "", "put a user into any group", rhino},
	{"iam-create-access-key", []string{"iam:CreateAccessKey"}, false, "", "make an access key of another user", rhino},
	{"iam-create-login-profile", []string{"iam:CreateLoginProfile"}, false, "", "give another user a password", rhino},
	{"iam-update-login-profile", []string{"iam:UpdateLoginProfile"}, false, "", "change the password of another user", rhino},
	{"iam-attach-role-policy", []string{"iam:AttachRolePolicy"}, false, "", "attach any policy to a role", rhino},
	{"iam-put-role-policy", []string{"iam:PutRolePolicy"}, false, "", "write an inline policy of a role", rhino},
	{"iam-update-assume-role-policy", []string{"iam:UpdateAssumeRolePolicy"}, false, "", "let itself assume a role", rhino},
	{"iam-delete-role-permissions-boundary", []string{"iam:DeleteRolePermissionsBoundary"}, false, "", "take the boundary off a role", pathfind},
	{"iam-delete-user-permissions-boundary", []string{"iam:DeleteUserPermissionsBoundary"}, false, "", "take the boundary off a user", pathfind},
	{"sso-put-inline-policy", []string{"sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"}, false, "", "rewrite a permission set", pathfind},
	{"sso-attach-managed-policy", []string{"sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet"}, false, "", "attach any policy to a permission set", pathfind},
	{"lambda-update-function-code", []string{"lambda:UpdateFunctionCode"}, false, "", "run its own code with the role of a function", rhino},
	{"lambda-update-function-configuration", []string{"lambda:UpdateFunctionConfiguration"}, false, "", "run a layer of its own with the role of a function", rhino},
	{"glue-update-dev-endpoint", []string{"glue:UpdateDevEndpoint"}, false, "", "sign in to a development endpoint that has a role", rhino},
	{"sagemaker-presigned-notebook", []string{"sagemaker:CreatePresignedNotebookInstanceUrl"}, false, "", "open a notebook that has a role", bishop},
	{"ssm-send-command", []string{"ssm:SendCommand"}, false, "", "run commands on instances that have a role", bishop},
	{"ssm-start-session", []string{"ssm:StartSession"}, false, "", "open a shell on instances that have a role", bishop},
	{"ec2-instance-connect", []string{"ec2-instance-connect:SendSSHPublicKey"}, false, "", "sign in to instances that have a role", bishop},
	{"cloudformation-update-stack", []string{"cloudformation:UpdateStack"}, false, "", "change a stack that has a service role", bishop},
	{"codebuild-start-build", []string{"codebuild:UpdateProject", "codebuild:StartBuild"}, false, "", "run commands with the role of a build project", pathfind},
	{"passrole-ec2", []string{"iam:PassRole", "ec2:RunInstances"}, true, "ec2.amazonaws.com", "start an instance with a role", rhino},
	{"passrole-lambda-invoke", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}, true, "lambda.amazonaws.com", "make and run a function with a role", rhino},
	{"passrole-lambda-event", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"}, true, "lambda.amazonaws.com", "make a function with a role that an event runs", rhino},
	{"passrole-lambda-permission", []string{"iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"}, true, "lambda.amazonaws.com", "make a function with a role that another account may run", bishop},
	{"passrole-glue-endpoint", []string{"iam:PassRole", "glue:CreateDevEndpoint"}, true, "glue.amazonaws.com", "make a development endpoint with a role", rhino},
	{"passrole-glue-job", []string{"iam:PassRole", "glue:CreateJob", "glue:StartJobRun"}, true, "glue.amazonaws.com", "run a job with a role", bishop},
	{"passrole-cloudformation", []string{"iam:PassRole", "cloudformation:CreateStack"}, true, "cloudformation.amazonaws.com", "make a stack with a role", rhino},
	{"passrole-datapipeline", []string{"iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"}, true, "datapipeline.amazonaws.com", "run a pipeline with a role", rhino},
	{"passrole-sagemaker-notebook", []string{"iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"}, true, "sagemaker.amazonaws.com", "make and open a notebook with a role", bishop},
	{"passrole-sagemaker-training", []string{"iam:PassRole", "sagemaker:CreateTrainingJob"}, true, "sagemaker.amazonaws.com", "run a training job with a role", bishop},
	{"passrole-sagemaker-processing", []string{"iam:PassRole", "sagemaker:CreateProcessingJob"}, true, "sagemaker.amazonaws.com", "run a processing job with a role", bishop},
	{"passrole-codebuild", []string{"iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"}, true, "codebuild.amazonaws.com", "run a build with a role", bishop},
	{"passrole-ecs-run-task", []string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"}, true, "ecs-tasks.amazonaws.com", "run a container with a role", bishop},
	{"passrole-ecs-service", []string{"iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"}, true, "ecs-tasks.amazonaws.com", "run a service with a role", pathfind},
	{"passrole-apprunner", []string{"iam:PassRole", "apprunner:CreateService"}, true, "tasks.apprunner.amazonaws.com", "run a container with a role", pathfind},
	{"passrole-autoscaling", []string{"iam:PassRole", "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"}, true, "ec2.amazonaws.com", "start instances with a role", bishop},
	{"passrole-ssm-automation", []string{"iam:PassRole", "ssm:StartAutomationExecution"}, true, "ssm.amazonaws.com", "run an automation with a role", pathfind},
	{"passrole-bedrock-interpreter", []string{"iam:PassRole", "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:InvokeCodeInterpreter"}, true, "bedrock-agentcore.amazonaws.com", "run code with a role", pathfind},
}

// rare are ways that need what few accounts have any more, so that they are a warning on
// any resource: AWS Glue offers development endpoints for its versions 0.9 and 1.0 alone
// (AWS Glue Developer Guide, "Developing scripts using development endpoints"). What the
// permission itself is, new-access grades.
var rare = []string{"glue-update-dev-endpoint"}
