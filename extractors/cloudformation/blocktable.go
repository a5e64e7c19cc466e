package cloudformation

// blockForm says which settings hold access back. Names are those of the settings in
// the service, by property; a setting is in force when it is true.
type blockForm struct {
	Does     string
	Settings map[string]string
	// Values are, for a property that is one word, the settings of each word.
	Values map[string][]string
	// Named is the setting of a property that holds access back by what it names.
	Named string
	// Account: it protects all of the account.
	Account bool
}

// publicAccessBlock are the settings of a public access block of Amazon S3.
var publicAccessBlock = map[string]string{
	"BlockPublicAcls": "block_public_acls", "BlockPublicPolicy": "block_public_policy",
	"IgnorePublicAcls": "ignore_public_acls", "RestrictPublicBuckets": "restrict_public_buckets",
}

// blockTable names settings that hold access back and are no policies.
func blockTable() []row {
	return []row{
		block("AWS::S3::Bucket", "PublicAccessBlockConfiguration", "bucket", "blocks public access to a bucket", publicAccessBlock),
		block("AWS::S3::AccessPoint", "PublicAccessBlockConfiguration", "access-point", "blocks public access to an access point", publicAccessBlock),
		block("AWS::S3::MultiRegionAccessPoint", "PublicAccessBlockConfiguration", "multi-region-access-point", "blocks public access to an access point", publicAccessBlock),
		block("AWS::S3Express::AccessPoint", "PublicAccessBlockConfiguration", "access-point", "blocks public access to an access point", publicAccessBlock),
		{Type: "AWS::S3::Bucket", Path: "OwnershipControls.Rules[].ObjectOwnership", Subject: "bucket", Block: &blockForm{
			Does:   "makes access control lists count for nothing",
			Values: map[string][]string{"BucketOwnerEnforced": {"bucket_owner_enforced"}},
		}},
		oneNetwork("AWS::S3::AccessPoint"),
		oneNetwork("AWS::S3Express::AccessPoint"),
		{Type: "AWS::SecretsManager::ResourcePolicy", Path: "BlockPublicPolicy", Subject: "secret", Of: "SecretId", Block: &blockForm{
			Does:   "blocks public policies of a secret",
			Values: map[string][]string{"true": {"block_public_policy"}},
		}},
		{Type: "AWS::EC2::SnapshotBlockPublicAccess", Path: "State", Subject: "account", Block: &blockForm{
			Does: "blocks public sharing of snapshots", Account: true,
			Values: map[string][]string{
				"block-all-sharing": {"block existing public snapshots", "block new public snapshots"},
				"block-new-sharing": {"block new public snapshots"},
			},
		}},
	}
}

func block(typ, path, subject, does string, settings map[string]string) row {
	return row{Type: typ, Path: path, Subject: subject, Block: &blockForm{Does: does, Settings: settings}}
}

// oneNetwork is a row about an access point that only one network reaches.
func oneNetwork(typ string) row {
	return row{Type: typ, Path: "VpcConfiguration.VpcId", Subject: "access-point", Block: &blockForm{
		Does: "lets requests through an access point come from one network only", Named: "vpc_configuration",
	}}
}
