package terraform

// permitWords are the filters that replace the values of an attribute by what they
// stand for, each with its source.
var permitWords = map[string]words{
	// AWS KMS Developer Guide, "Grants in AWS KMS": constraints apply to operations
	// that take an encryption context, and CreateGrant passes them on.
	"kmsconstrained": {"DescribeKey": nil, "RetireGrant": nil, "GetPublicKey": nil, "": {"kms:$"}},
	"kmsfree":        {"DescribeKey": {"kms:$"}, "RetireGrant": {"kms:$"}, "GetPublicKey": {"kms:$"}, "": nil},

	// Amazon S3 User Guide, "Register a location": what the role of a location may do
	// for READ, WRITE and READWRITE.
	"s3access": {
		"READ":  s3Read,
		"WRITE": s3Write,
		"":      append(append([]string(nil), s3Read...), s3Write...),
	},
	"s3user": {
		"DIRECTORY_USER": {"arn:aws:identitystore:::user/"}, "DIRECTORY_GROUP": {"arn:aws:identitystore:::group/"}, "": {""},
	},

	// Amazon EC2 API Reference, "CreateNetworkInterfacePermission".
	"eni": {"EIP-ASSOCIATE": {"ec2:AssociateAddress"}, "": {"ec2:AttachNetworkInterface"}},

	// Amazon Redshift Management Guide, "Sharing data": ADX is AWS Data Exchange, and
	// DataCatalog/ names the Glue catalog of an account.
	"consumer": {"ADX": {"dataexchange.amazonaws.com"}, "": {"$"}},

	// AWS Lake Formation Developer Guide, "Lake Formation permissions reference".
	"lake": {
		"SELECT":                       {"lakeformation:GetDataAccess", "glue:GetTable", "s3:GetObject"},
		"INSERT":                       {"lakeformation:GetDataAccess", "glue:GetTable", "s3:PutObject"},
		"DELETE":                       {"lakeformation:GetDataAccess", "glue:GetTable", "s3:DeleteObject"},
		"DESCRIBE":                     {"glue:GetDatabase", "glue:GetTable", "lakeformation:GetLFTag"},
		"ALTER":                        {"glue:UpdateDatabase", "glue:UpdateTable", "lakeformation:UpdateLFTag"},
		"DROP":                         {"glue:DeleteDatabase", "glue:DeleteTable", "lakeformation:DeleteLFTag"},
		"CREATE_DATABASE":              {"glue:CreateDatabase"},
		"CREATE_TABLE":                 {"glue:CreateTable"},
		"CREATE_CATALOG":               {"glue:CreateCatalog"},
		"CREATE_LF_TAG":                {"lakeformation:CreateLFTag"},
		"CREATE_TAG":                   {"lakeformation:CreateLFTag"},
		"ASSOCIATE":                    {"lakeformation:AddLFTagsToResource", "lakeformation:RemoveLFTagsFromResource"},
		"GRANT_WITH_LF_TAG_EXPRESSION": {"lakeformation:GrantPermissions"},
		"CREATE_LF_TAG_EXPRESSION":     {"lakeformation:CreateLFTagExpression"},
		"DATA_LOCATION_ACCESS":         {"lakeformation:GetDataAccess", "glue:CreateTable", "glue:UpdateTable"},
		// ALL, SUPER_USER and what comes later.
		"": {"glue:*", "lakeformation:*", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
	},

	"grantable": {"": {"lakeformation:GrantPermissions"}},
	"catalog":   {"true": {"catalog"}, "": nil},
	"istrue":    {"true": {"true"}, "": nil},

	// AWS License Manager API Reference, "CreateGrant".
	"license": {"ListPurchasedLicenses": {"license-manager:ListReceivedLicenses"}, "ExtendConsumptionLicense": {"license-manager:ExtendLicenseConsumption"}, "": {"license-manager:$"}},

	// Amazon Security Lake User Guide, "Subscriber management": what a subscriber may
	// read, and in which way.
	"lakeaccess": {"LAKEFORMATION": {"lakeformation:GetDataAccess", "glue:GetTable"}, "": {"s3:GetObject"}},
}

var (
	s3Read = []string{
		"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:GetObjectVersionAcl",
		"s3:ListMultipartUploadParts", "s3:ListBucket",
	}
	s3Write = []string{
		"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:DeleteObject",
		"s3:DeleteObjectVersion", "s3:AbortMultipartUpload",
	}
)
