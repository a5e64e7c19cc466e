package sam

// insightTemplates are the policy templates for recognition, language and monitoring.
var insightTemplates = []policyTemplate{
	{"CloudFormationDescribeStacksPolicy", nil, []statement{
		{"cloudformation:DescribeStacks",
			"arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/*", nil},
	}},
	{"CloudWatchDashboardPolicy", nil, []statement{
		{"cloudwatch:GetDashboard cloudwatch:ListDashboards cloudwatch:PutDashboard cloudwatch:ListMetrics",
			"*", nil},
	}},
	{"CloudWatchDescribeAlarmHistoryPolicy", nil, []statement{
		{"cloudwatch:DescribeAlarmHistory", "*", nil},
	}},
	{"CloudWatchPutMetricPolicy", nil, []statement{
		{"cloudwatch:PutMetricData", "*", nil},
	}},
	{"ComprehendBasicAccessPolicy", nil, []statement{
		{`comprehend:BatchDetectKeyPhrases comprehend:DetectDominantLanguage comprehend:DetectEntities
			comprehend:BatchDetectEntities comprehend:DetectKeyPhrases comprehend:DetectSentiment
			comprehend:BatchDetectDominantLanguage comprehend:BatchDetectSentiment`,
			"*", nil},
	}},
	{"CostExplorerReadOnlyPolicy", nil, []statement{
		{`ce:GetCostAndUsage ce:GetDimensionValues ce:GetReservationCoverage ce:GetReservationPurchaseRecommendation
			ce:GetReservationUtilization ce:GetTags`,
			"*", nil},
	}},
	{"FilterLogEventsPolicy", []string{"LogGroupName"}, []statement{
		{"logs:FilterLogEvents",
			"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupName}:log-stream:*", nil},
	}},
	{"OrganizationsListAccountsPolicy", nil, []statement{
		{"organizations:ListAccounts", "*", nil},
	}},
	{"PollyFullAccessPolicy", []string{"LexiconName"}, []statement{
		{"polly:GetLexicon polly:DeleteLexicon",
			"arn:${AWS::Partition}:polly:${AWS::Region}:${AWS::AccountId}:lexicon/${LexiconName}", nil},
		{"polly:DescribeVoices polly:ListLexicons polly:PutLexicon polly:SynthesizeSpeech",
			"arn:${AWS::Partition}:polly:${AWS::Region}:${AWS::AccountId}:lexicon/*", nil},
	}},
	{"RekognitionDetectOnlyPolicy", nil, []statement{
		{"rekognition:DetectFaces rekognition:DetectLabels rekognition:DetectModerationLabels rekognition:DetectText",
			"*", nil},
	}},
	{"RekognitionFacesManagementPolicy", []string{"CollectionId"}, []statement{
		{`rekognition:IndexFaces rekognition:DeleteFaces rekognition:SearchFaces rekognition:SearchFacesByImage
			rekognition:ListFaces`,
			"arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}:collection/${CollectionId}", nil},
	}},
	{"RekognitionFacesPolicy", nil, []statement{
		{"rekognition:CompareFaces rekognition:DetectFaces", "*", nil},
	}},
	{"RekognitionLabelsPolicy", nil, []statement{
		{"rekognition:DetectLabels rekognition:DetectModerationLabels",
			"*", nil},
	}},
	{"RekognitionNoDataAccessPolicy", []string{"CollectionId"}, []statement{
		{"rekognition:CompareFaces rekognition:DetectFaces rekognition:DetectLabels rekognition:DetectModerationLabels",
			"arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}:collection/${CollectionId}", nil},
	}},
	{"RekognitionReadPolicy", []string{"CollectionId"}, []statement{
		{"rekognition:ListCollections rekognition:ListFaces rekognition:SearchFaces rekognition:SearchFacesByImage",
			"arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}:collection/${CollectionId}", nil},
	}},
	{"RekognitionWriteOnlyAccessPolicy", []string{"CollectionId"}, []statement{
		{"rekognition:CreateCollection rekognition:IndexFaces",
			"arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}:collection/${CollectionId}", nil},
	}},
	{"Route53ChangeResourceRecordSetsPolicy", []string{"HostedZoneId"}, []statement{
		{"route53:ChangeResourceRecordSets", "arn:${AWS::Partition}:route53:::hostedzone/${HostedZoneId}", nil},
	}},
	{"TextractDetectAnalyzePolicy", nil, []statement{
		{`textract:DetectDocumentText textract:StartDocumentTextDetection textract:StartDocumentAnalysis
			textract:AnalyzeDocument`,
			"*", nil},
	}},
	{"TextractGetResultPolicy", nil, []statement{
		{"textract:GetDocumentTextDetection textract:GetDocumentAnalysis",
			"*", nil},
	}},
	{"TextractPolicy", nil, []statement{
		{"textract:*", "*", nil},
	}},
}
