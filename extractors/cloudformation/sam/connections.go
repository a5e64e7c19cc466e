package sam

// connection is what a connector gives for one pair of resource types, as "AWS SAM
// connector reference" of the AWS SAM Developer Guide lists them. In the texts,
// ${SourceArn}, ${SourceId}, ${SourceQualifier}, ${DestinationArn} and
// ${DestinationName} stand for the two ends.
type connection struct {
	Source, Destination string // CloudFormation types
	Form                form
	Read, Write         []statement // what each permission gives; nil where there is none
	// Together is set where Read and Write are not valid alone: "Write" where Write
	// needs Read, "both" where either needs the other.
	Together string
	// Principal, SourceArn and SourceAccount are of the permission or the resource
	// policy, for the forms that have one.
	Principal     string
	SourceArn     string
	SourceAccount string
}

// form says where the statements of a connection go.
type form string

const (
	sourceRole         form = "role of the source"      // a managed policy on the role of the source
	destinationRole    form = "role of the destination" // a managed policy on the role of the destination
	queuePolicy        form = "queue policy"            // of the destination
	topicPolicy        form = "topic policy"            // of the destination
	functionPermission form = "function permission"     // of the destination
)

const (
	functionType     = "AWS::Lambda::Function"
	stateMachineType = "AWS::StepFunctions::StateMachine"
	tableType        = "AWS::DynamoDB::Table"
	queueType        = "AWS::SQS::Queue"
	topicType        = "AWS::SNS::Topic"
	bucketType       = "AWS::S3::Bucket"
	busType          = "AWS::Events::EventBus"
	ruleType         = "AWS::Events::Rule"
	restAPIType      = "AWS::ApiGateway::RestApi"
	httpAPIType      = "AWS::ApiGatewayV2::Api"
	dataSourceType   = "AWS::AppSync::DataSource"
	graphQLAPIType   = "AWS::AppSync::GraphQLApi"
	placeIndexType   = "AWS::Location::PlaceIndex"
)

// Statements that several connections share.
var (
	readTable = []statement{{`dynamodb:GetItem dynamodb:Query dynamodb:Scan dynamodb:BatchGetItem
		dynamodb:ConditionCheckItem dynamodb:PartiQLSelect`, "${DestinationArn} ${DestinationArn}/index/*", nil}}
	writeTable = []statement{{`dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:BatchWriteItem
		dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLUpdate`, "${DestinationArn} ${DestinationArn}/index/*", nil}}
	readBucket = []statement{{`s3:GetObject s3:GetObjectAcl s3:GetObjectLegalHold s3:GetObjectRetention
		s3:GetObjectTorrent s3:GetObjectVersion s3:GetObjectVersionAcl s3:GetObjectVersionForReplication
		s3:GetObjectVersionTorrent s3:ListBucket s3:ListBucketMultipartUploads s3:ListBucketVersions
		s3:ListMultipartUploadParts`, "${DestinationArn} ${DestinationArn}/*", nil}}
	writeBucket = []statement{{`s3:AbortMultipartUpload s3:DeleteObject s3:DeleteObjectVersion s3:PutObject
		s3:PutObjectLegalHold s3:PutObjectRetention s3:RestoreObject`, "${DestinationArn} ${DestinationArn}/*", nil}}
	invoke      = []statement{{"lambda:InvokeAsync lambda:InvokeFunction", "${DestinationArn}", nil}}
	invokeOnly  = []statement{{"lambda:InvokeFunction", "${DestinationArn}", nil}}
	publish     = []statement{{"sns:Publish", "${DestinationArn}", nil}}
	sendMessage = []statement{{"sqs:SendMessage", "${DestinationArn}", nil}}
	putEvents   = []statement{{"events:PutEvents", "${DestinationArn}", nil}}
)

const (
	executions    = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${DestinationName}:*"
	executionRule = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
	apiCalls      = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SourceId}/${SourceQualifier}"
)

var connections = []connection{
	{Source: functionType, Destination: functionType, Form: sourceRole, Write: invoke},
	{Source: functionType, Destination: bucketType, Form: sourceRole, Read: readBucket, Write: writeBucket},
	{Source: functionType, Destination: tableType, Form: sourceRole, Read: readTable, Write: writeTable},
	{
		Source: functionType, Destination: queueType, Form: sourceRole,
		Read:  []statement{{"sqs:ReceiveMessage sqs:GetQueueAttributes", "${DestinationArn}", nil}},
		Write: []statement{{"sqs:DeleteMessage sqs:SendMessage sqs:ChangeMessageVisibility sqs:PurgeQueue", "${DestinationArn}", nil}},
	},
	{Source: functionType, Destination: topicType, Form: sourceRole, Write: publish},
	{
		Source: functionType, Destination: stateMachineType, Form: sourceRole,
		Read: []statement{
			{"states:DescribeStateMachine states:ListExecutions", "${DestinationArn}", nil},
			{"states:DescribeExecution states:DescribeStateMachineForExecution states:GetExecutionHistory", executions, nil},
		},
		Write: []statement{
			{"states:StartExecution states:StartSyncExecution", "${DestinationArn}", nil},
			{"states:StopExecution", executions, nil},
		},
	},
	{Source: functionType, Destination: busType, Form: sourceRole, Write: putEvents},
	{
		Source: functionType, Destination: placeIndexType, Form: sourceRole,
		Read: []statement{{`geo:DescribePlaceIndex geo:GetPlace geo:SearchPlaceIndexForPosition
			geo:SearchPlaceIndexForSuggestions geo:SearchPlaceIndexForText`, "${DestinationArn}", nil}},
	},

	{Source: stateMachineType, Destination: functionType, Form: sourceRole, Write: invoke},
	{Source: stateMachineType, Destination: topicType, Form: sourceRole, Write: publish},
	{Source: stateMachineType, Destination: queueType, Form: sourceRole, Write: sendMessage},
	{Source: stateMachineType, Destination: bucketType, Form: sourceRole, Read: readBucket, Write: writeBucket},
	{Source: stateMachineType, Destination: tableType, Form: sourceRole, Read: readTable, Write: writeTable},
	{Source: stateMachineType, Destination: busType, Form: sourceRole, Write: putEvents},
	{
		Source: stateMachineType, Destination: stateMachineType, Form: sourceRole, Together: "Write",
		Read: []statement{
			{"states:DescribeExecution", executions, nil},
			{"events:DescribeRule", executionRule, nil},
		},
		Write: []statement{
			{"states:StartExecution", "${DestinationArn}", nil},
			{"states:StopExecution", executions, nil},
			{"events:PutTargets events:PutRule", executionRule, nil},
		},
	},

	{Source: ruleType, Destination: busType, Form: sourceRole, Write: putEvents},
	{
		Source: ruleType, Destination: stateMachineType, Form: sourceRole,
		Write: []statement{{"states:StartExecution", "${DestinationArn}", nil}},
	},
	{
		Source: ruleType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "events.amazonaws.com", SourceArn: "${SourceArn}",
	},
	{
		Source: ruleType, Destination: topicType, Form: topicPolicy, Write: publish,
		Principal: "events.amazonaws.com", SourceArn: "${SourceArn}",
	},
	{
		Source: ruleType, Destination: queueType, Form: queuePolicy, Write: sendMessage,
		Principal: "events.amazonaws.com", SourceArn: "${SourceArn}",
	},

	{
		Source: topicType, Destination: queueType, Form: queuePolicy, Write: sendMessage,
		Principal: "sns.amazonaws.com", SourceArn: "${SourceArn}",
	},
	{
		Source: topicType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "sns.amazonaws.com", SourceArn: "${SourceArn}",
	},
	{
		Source: bucketType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "s3.amazonaws.com", SourceArn: "${SourceArn}", SourceAccount: "${AWS::AccountId}",
	},
	{
		Source: restAPIType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "apigateway.amazonaws.com", SourceArn: apiCalls,
	},
	{
		Source: httpAPIType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "apigateway.amazonaws.com", SourceArn: apiCalls,
	},
	{
		Source: graphQLAPIType, Destination: functionType, Form: functionPermission, Write: invokeOnly,
		Principal: "appsync.amazonaws.com", SourceArn: "arn:${AWS::Partition}:appsync:${AWS::Region}:${AWS::AccountId}:apis/${SourceId}",
	},

	{
		Source: tableType, Destination: functionType, Form: destinationRole,
		Read: []statement{{"dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams",
			"${SourceArn}/stream/*", nil}},
	},
	{
		Source: queueType, Destination: functionType, Form: destinationRole, Together: "both",
		Read:  []statement{{"sqs:ReceiveMessage sqs:GetQueueAttributes", "${SourceArn}", nil}},
		Write: []statement{{"sqs:DeleteMessage", "${SourceArn}", nil}},
	},

	{Source: dataSourceType, Destination: tableType, Form: sourceRole, Read: readTable, Write: writeTable},
	{
		Source: dataSourceType, Destination: functionType, Form: sourceRole,
		Write: []statement{{"lambda:InvokeAsync lambda:InvokeFunction", "${DestinationArn} ${DestinationArn}:*", nil}},
	},
	{Source: dataSourceType, Destination: busType, Form: sourceRole, Write: putEvents},
}
