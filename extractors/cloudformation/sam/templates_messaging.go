package sam

// messagingTemplates are the policy templates for queues, topics, streams, events and mail.
var messagingTemplates = []policyTemplate{
	{"EventBridgePutEventsPolicy", []string{"EventBusName"}, []statement{
		{"events:PutEvents",
			"arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${EventBusName}", nil},
	}},
	{"FirehoseCrudPolicy", []string{"DeliveryStreamName"}, []statement{
		{`firehose:CreateDeliveryStream firehose:DeleteDeliveryStream firehose:DescribeDeliveryStream firehose:PutRecord
			firehose:PutRecordBatch firehose:UpdateDestination`,
			"arn:${AWS::Partition}:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${DeliveryStreamName}", nil},
	}},
	{"FirehoseWritePolicy", []string{"DeliveryStreamName"}, []statement{
		{"firehose:PutRecord firehose:PutRecordBatch",
			"arn:${AWS::Partition}:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${DeliveryStreamName}", nil},
	}},
	{"KinesisCrudPolicy", []string{"StreamName"}, []statement{
		{`kinesis:AddTagsToStream kinesis:CreateStream kinesis:DecreaseStreamRetentionPeriod kinesis:DeleteStream
			kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetShardIterator
			kinesis:IncreaseStreamRetentionPeriod kinesis:ListTagsForStream kinesis:MergeShards kinesis:PutRecord
			kinesis:PutRecords kinesis:SplitShard kinesis:RemoveTagsFromStream`,
			"arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${StreamName}", nil},
	}},
	{"KinesisStreamReadPolicy", []string{"StreamName"}, []statement{
		{"kinesis:ListStreams kinesis:DescribeLimits",
			"arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/*", nil},
		{"kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetRecords kinesis:GetShardIterator",
			"arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${StreamName}", nil},
	}},
	{"MobileAnalyticsWriteOnlyAccessPolicy", nil, []statement{
		{"mobileanalytics:PutEvents", "*", nil},
	}},
	{"PinpointEndpointAccessPolicy", []string{"PinpointApplicationId"}, []statement{
		{"mobiletargeting:GetEndpoint mobiletargeting:UpdateEndpoint mobiletargeting:UpdateEndpointsBatch",
			"arn:${AWS::Partition}:mobiletargeting:${AWS::Region}:${AWS::AccountId}:apps/${PinpointApplicationId}/endpoints/*", nil},
	}},
	{"SESBulkTemplatedCrudPolicy", []string{"IdentityName"}, []statement{
		{`ses:GetIdentityVerificationAttributes ses:SendEmail ses:SendRawEmail ses:SendTemplatedEmail
			ses:SendBulkTemplatedEmail ses:VerifyEmailIdentity`,
			"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${IdentityName}", nil},
	}},
	{"SESBulkTemplatedCrudPolicy_v2", []string{"IdentityName", "TemplateName"}, []statement{
		{"ses:SendEmail ses:SendRawEmail ses:SendTemplatedEmail ses:SendBulkTemplatedEmail",
			"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${IdentityName} arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:template/${TemplateName}", nil},
		{"ses:GetIdentityVerificationAttributes ses:VerifyEmailIdentity",
			"*", nil},
	}},
	{"SESCrudPolicy", []string{"IdentityName"}, []statement{
		{"ses:GetIdentityVerificationAttributes ses:SendEmail ses:SendRawEmail ses:VerifyEmailIdentity",
			"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${IdentityName}", nil},
	}},
	{"SESEmailTemplateCrudPolicy", nil, []statement{
		{`ses:CreateTemplate ses:GetTemplate ses:ListTemplates ses:UpdateTemplate ses:DeleteTemplate
			ses:TestRenderTemplate`,
			"*", nil},
	}},
	{"SESSendBouncePolicy", []string{"IdentityName"}, []statement{
		{"ses:SendBounce",
			"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${IdentityName}", nil},
	}},
	{"SNSCrudPolicy", []string{"TopicName"}, []statement{
		{"sns:ListSubscriptionsByTopic sns:CreateTopic sns:SetTopicAttributes sns:Subscribe sns:Publish",
			"arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${TopicName}*", nil},
	}},
	{"SNSPublishMessagePolicy", []string{"TopicName"}, []statement{
		{"sns:Publish",
			"arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${TopicName}", nil},
	}},
	{"SQSPollerPolicy", []string{"QueueName"}, []statement{
		{`sqs:ChangeMessageVisibility sqs:ChangeMessageVisibilityBatch sqs:DeleteMessage sqs:DeleteMessageBatch
			sqs:GetQueueAttributes sqs:ReceiveMessage`,
			"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}", nil},
	}},
	{"SQSSendMessagePolicy", []string{"QueueName"}, []statement{
		{"sqs:SendMessage*",
			"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}", nil},
	}},
}
