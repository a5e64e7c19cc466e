package sam

// storageTemplates are the policy templates for storage, tables, secrets and keys.
var storageTemplates = []policyTemplate{
	{"AcmGetCertificatePolicy", []string{"CertificateArn"}, []statement{
		{"acm:GetCertificate", "${CertificateArn}", nil},
	}},
	{"AthenaQueryPolicy", []string{"WorkGroupName"}, []statement{
		{`athena:ListWorkGroups athena:GetExecutionEngine athena:GetExecutionEngines athena:GetNamespace
			athena:GetCatalogs athena:GetNamespaces athena:GetTables athena:GetTable`,
			"*", nil},
		{`athena:StartQueryExecution athena:GetQueryResults athena:DeleteNamedQuery athena:GetNamedQuery
			athena:ListQueryExecutions athena:StopQueryExecution athena:GetQueryResultsStream athena:ListNamedQueries
			athena:CreateNamedQuery athena:GetQueryExecution athena:BatchGetNamedQuery athena:BatchGetQueryExecution
			athena:GetWorkGroup`,
			"arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${WorkGroupName}", nil},
	}},
	{"AWSSecretsManagerGetSecretValuePolicy", []string{"SecretArn"}, []statement{
		{"secretsmanager:GetSecretValue", "${SecretArn}", nil},
	}},
	{"AWSSecretsManagerRotationPolicy", []string{"FunctionName"}, []statement{
		{`secretsmanager:DescribeSecret secretsmanager:GetSecretValue secretsmanager:PutSecretValue
			secretsmanager:UpdateSecretVersionStage`,
			"arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*",
			&condition{"StringEquals", "secretsmanager:resource/AllowRotationLambdaArn", "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}"}},
		{"secretsmanager:GetRandomPassword", "*", nil},
	}},
	{"DynamoDBBackupFullAccessPolicy", []string{"TableName"}, []statement{
		{"dynamodb:CreateBackup dynamodb:DescribeContinuousBackups",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}", nil},
		{"dynamodb:DeleteBackup dynamodb:DescribeBackup dynamodb:ListBackups",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/backup/*", nil},
	}},
	{"DynamoDBCrudPolicy", []string{"TableName"}, []statement{
		{`dynamodb:GetItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Scan dynamodb:Query dynamodb:UpdateItem
			dynamodb:BatchWriteItem dynamodb:BatchGetItem dynamodb:DescribeTable dynamodb:ConditionCheckItem`,
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName} arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/*", nil},
	}},
	{"DynamoDBReadPolicy", []string{"TableName"}, []statement{
		{"dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem dynamodb:DescribeTable",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName} arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/*", nil},
	}},
	{"DynamoDBReconfigurePolicy", []string{"TableName"}, []statement{
		{"dynamodb:UpdateTable",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}", nil},
	}},
	{"DynamoDBRestoreFromBackupPolicy", []string{"TableName"}, []statement{
		{"dynamodb:RestoreTableFromBackup",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/backup/*", nil},
		{`dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:Query dynamodb:Scan
			dynamodb:BatchWriteItem`,
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}", nil},
	}},
	{"DynamoDBStreamReadPolicy", []string{"StreamName", "TableName"}, []statement{
		{"dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/${StreamName}", nil},
		{"dynamodb:ListStreams",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/*", nil},
	}},
	{"DynamoDBWritePolicy", []string{"TableName"}, []statement{
		{"dynamodb:PutItem dynamodb:UpdateItem dynamodb:BatchWriteItem",
			"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName} arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/*", nil},
	}},
	{"EFSWriteAccessPolicy", []string{"AccessPoint", "FileSystem"}, []statement{
		{"elasticfilesystem:ClientMount elasticfilesystem:ClientWrite",
			"arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system/${FileSystem}",
			&condition{"StringEquals", "elasticfilesystem:AccessPointArn", "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:access-point/${AccessPoint}"}},
	}},
	{"ElasticsearchHttpPostPolicy", []string{"DomainName"}, []statement{
		{"es:ESHttpPost es:ESHttpPut",
			"arn:${AWS::Partition}:es:${AWS::Region}:${AWS::AccountId}:domain/${DomainName}/*", nil},
	}},
	{"KMSDecryptPolicy", []string{"KeyId"}, []statement{
		{"kms:Decrypt",
			"arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}", nil},
	}},
	{"KMSEncryptPolicy", []string{"KeyId"}, []statement{
		{"kms:Encrypt",
			"arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}", nil},
	}},
	{"KMSEncryptPolicy_v2", []string{"KeyId"}, []statement{
		{`kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:GenerateDataKeyPair
			kms:GenerateDataKeyPairWithoutPlaintext`,
			"arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}", nil},
	}},
	{"S3CrudPolicy", []string{"BucketName"}, []statement{
		{`s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:PutObject s3:PutObjectAcl
			s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration s3:DeleteObject`,
			"arn:${AWS::Partition}:s3:::${BucketName} arn:${AWS::Partition}:s3:::${BucketName}/*", nil},
	}},
	{"S3FullAccessPolicy", []string{"BucketName"}, []statement{
		{`s3:GetObject s3:GetObjectAcl s3:GetObjectVersion s3:PutObject s3:PutObjectAcl s3:DeleteObject
			s3:DeleteObjectTagging s3:DeleteObjectVersionTagging s3:GetObjectTagging s3:GetObjectVersionTagging
			s3:PutObjectTagging s3:PutObjectVersionTagging`,
			"arn:${AWS::Partition}:s3:::${BucketName}/*", nil},
		{"s3:ListBucket s3:GetBucketLocation s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration",
			"arn:${AWS::Partition}:s3:::${BucketName}", nil},
	}},
	{"S3ReadPolicy", []string{"BucketName"}, []statement{
		{"s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:GetLifecycleConfiguration",
			"arn:${AWS::Partition}:s3:::${BucketName} arn:${AWS::Partition}:s3:::${BucketName}/*", nil},
	}},
	{"S3WritePolicy", []string{"BucketName"}, []statement{
		{"s3:PutObject s3:PutObjectAcl s3:PutLifecycleConfiguration",
			"arn:${AWS::Partition}:s3:::${BucketName} arn:${AWS::Partition}:s3:::${BucketName}/*", nil},
	}},
	{"SSMParameterReadPolicy", []string{"ParameterName"}, []statement{
		{"ssm:DescribeParameters", "*", nil},
		{"ssm:GetParameters ssm:GetParameter ssm:GetParametersByPath",
			"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${ParameterName}", nil},
	}},
	{"SSMParameterWithSlashPrefixReadPolicy", []string{"ParameterName"}, []statement{
		{"ssm:DescribeParameters", "*", nil},
		{"ssm:GetParameters ssm:GetParameter ssm:GetParametersByPath",
			"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ParameterName}", nil},
	}},
}
