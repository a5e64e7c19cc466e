package sam

// computeTemplates are the policy templates for functions, workflows, clusters and pipelines.
var computeTemplates = []policyTemplate{
	{"AMIDescribePolicy", nil, []statement{
		{"ec2:DescribeImages", "*", nil},
	}},
	{"CodeCommitCrudPolicy", []string{"RepositoryName"}, []statement{
		{`codecommit:GitPull codecommit:GitPush codecommit:CreateBranch codecommit:DeleteBranch codecommit:GetBranch
			codecommit:ListBranches codecommit:MergeBranchesByFastForward codecommit:MergeBranchesBySquash
			codecommit:MergeBranchesByThreeWay codecommit:UpdateDefaultBranch codecommit:BatchDescribeMergeConflicts
			codecommit:CreateUnreferencedMergeCommit codecommit:DescribeMergeConflicts codecommit:GetMergeCommit
			codecommit:GetMergeOptions codecommit:BatchGetPullRequests codecommit:CreatePullRequest
			codecommit:DescribePullRequestEvents codecommit:GetCommentsForPullRequest codecommit:GetCommitsFromMergeBase
			codecommit:GetMergeConflicts codecommit:GetPullRequest codecommit:ListPullRequests
			codecommit:MergePullRequestByFastForward codecommit:MergePullRequestBySquash
			codecommit:MergePullRequestByThreeWay codecommit:PostCommentForPullRequest
			codecommit:UpdatePullRequestDescription codecommit:UpdatePullRequestStatus codecommit:UpdatePullRequestTitle
			codecommit:DeleteFile codecommit:GetBlob codecommit:GetFile codecommit:GetFolder codecommit:PutFile
			codecommit:DeleteCommentContent codecommit:GetComment codecommit:GetCommentsForComparedCommit
			codecommit:PostCommentForComparedCommit codecommit:PostCommentReply codecommit:UpdateComment
			codecommit:BatchGetCommits codecommit:CreateCommit codecommit:GetCommit codecommit:GetCommitHistory
			codecommit:GetDifferences codecommit:GetObjectIdentifier codecommit:GetReferences codecommit:GetTree
			codecommit:GetRepository codecommit:UpdateRepositoryDescription codecommit:ListTagsForResource
			codecommit:TagResource codecommit:UntagResource codecommit:GetRepositoryTriggers
			codecommit:PutRepositoryTriggers codecommit:TestRepositoryTriggers codecommit:UploadArchive
			codecommit:GetUploadArchiveStatus codecommit:CancelUploadArchive`,
			"arn:${AWS::Partition}:codecommit:${AWS::Region}:${AWS::AccountId}:${RepositoryName}", nil},
	}},
	{"CodeCommitReadPolicy", []string{"RepositoryName"}, []statement{
		{`codecommit:GitPull codecommit:GetBranch codecommit:ListBranches codecommit:BatchDescribeMergeConflicts
			codecommit:DescribeMergeConflicts codecommit:GetMergeCommit codecommit:GetMergeOptions
			codecommit:BatchGetPullRequests codecommit:DescribePullRequestEvents codecommit:GetCommentsForPullRequest
			codecommit:GetCommitsFromMergeBase codecommit:GetMergeConflicts codecommit:GetPullRequest
			codecommit:ListPullRequests codecommit:GetBlob codecommit:GetFile codecommit:GetFolder codecommit:GetComment
			codecommit:GetCommentsForComparedCommit codecommit:BatchGetCommits codecommit:GetCommit
			codecommit:GetCommitHistory codecommit:GetDifferences codecommit:GetObjectIdentifier codecommit:GetReferences
			codecommit:GetTree codecommit:GetRepository codecommit:ListTagsForResource codecommit:GetRepositoryTriggers
			codecommit:TestRepositoryTriggers codecommit:GetUploadArchiveStatus`,
			"arn:${AWS::Partition}:codecommit:${AWS::Region}:${AWS::AccountId}:${RepositoryName}", nil},
	}},
	{"CodePipelineLambdaExecutionPolicy", nil, []statement{
		{"codepipeline:PutJobSuccessResult codepipeline:PutJobFailureResult",
			"*", nil},
	}},
	{"CodePipelineReadOnlyPolicy", []string{"PipelineName"}, []statement{
		{"codepipeline:ListPipelineExecutions",
			"arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${PipelineName}", nil},
	}},
	{"EC2CopyImagePolicy", []string{"ImageId"}, []statement{
		{"ec2:CopyImage",
			"arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:image/${ImageId}", nil},
	}},
	{"EC2DescribePolicy", nil, []statement{
		{"ec2:DescribeRegions ec2:DescribeInstances", "*", nil},
	}},
	{"EcsRunTaskPolicy", []string{"TaskDefinition"}, []statement{
		{"ecs:RunTask",
			"arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/${TaskDefinition}", nil},
	}},
	{"EKSDescribePolicy", nil, []statement{
		{"eks:DescribeCluster eks:ListClusters", "*", nil},
	}},
	{"ElasticMapReduceAddJobFlowStepsPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:AddJobFlowSteps",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"ElasticMapReduceCancelStepsPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:CancelSteps",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"ElasticMapReduceModifyInstanceFleetPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:ModifyInstanceFleet elasticmapreduce:ListInstanceFleets",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"ElasticMapReduceModifyInstanceGroupsPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:ModifyInstanceGroups elasticmapreduce:ListInstanceGroups",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"ElasticMapReduceSetTerminationProtectionPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:SetTerminationProtection",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"ElasticMapReduceTerminateJobFlowsPolicy", []string{"ClusterId"}, []statement{
		{"elasticmapreduce:TerminateJobFlows",
			"arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterId}", nil},
	}},
	{"LambdaInvokePolicy", []string{"FunctionName"}, []statement{
		{"lambda:InvokeFunction",
			"arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}*", nil},
	}},
	{"SageMakerCreateEndpointConfigPolicy", []string{"EndpointConfigName"}, []statement{
		{"sagemaker:CreateEndpointConfig",
			"arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint-config/${EndpointConfigName}", nil},
	}},
	{"SageMakerCreateEndpointPolicy", []string{"EndpointName"}, []statement{
		{"sagemaker:CreateEndpoint",
			"arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint/${EndpointName}", nil},
	}},
	{"ServerlessRepoReadWriteAccessPolicy", nil, []statement{
		{`serverlessrepo:CreateApplication serverlessrepo:CreateApplicationVersion serverlessrepo:UpdateApplication
			serverlessrepo:GetApplication serverlessrepo:ListApplications serverlessrepo:ListApplicationVersions
			serverlessrepo:ListApplicationDependencies`,
			"arn:${AWS::Partition}:serverlessrepo:${AWS::Region}:${AWS::AccountId}:applications/*", nil},
	}},
	{"StepFunctionsCallbackPolicy", []string{"StateMachineName"}, []statement{
		{"states:SendTaskFailure states:SendTaskHeartbeat states:SendTaskSuccess",
			"arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${StateMachineName}", nil},
	}},
	{"StepFunctionsExecutionPolicy", []string{"StateMachineName"}, []statement{
		{"states:StartExecution",
			"arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${StateMachineName}", nil},
	}},
	{"StepFunctionsExecutionPolicy_v2", []string{"StateMachineName"}, []statement{
		{"states:StartExecution states:StartSyncExecution",
			"arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${StateMachineName}", nil},
	}},
	{"VPCAccessPolicy", nil, []statement{
		{"ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DetachNetworkInterface",
			"*", nil},
	}},
}
