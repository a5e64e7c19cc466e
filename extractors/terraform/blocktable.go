package terraform

// blockTable names settings that hold access back and are no policies. To cover one
// more, add a line: resource type, attribute or block, kind of subject, attributes
// naming it, resource types of the subject ("" for itself), what it does, settings. See
// blockForm for their language.
var blockTable = []row{
	// Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage". Access
	// points have all four settings on unless they are turned off when they are made.
	named("public_access_block", block("aws_s3_bucket_public_access_block", "block_public_acls", "bucket", "bucket", "aws_s3_bucket", "blocks public access to a bucket", publicAccess(""))),
	named("public_access_block", block("aws_s3_account_public_access_block", "block_public_acls", "account", "account_id|id", "", "blocks public access to the buckets of an account", publicAccess(""), policyOnly)),
	pointDefault(block("aws_s3_access_point", "public_access_block_configuration", "access-point", "arn|name", "", "blocks public access through an access point", publicAccess("public_access_block_configuration."))),
	// Amazon S3 User Guide, "Creating access points restricted to a virtual private cloud".
	block("aws_s3_access_point", "vpc_configuration", "access-point", "arn|name", "", oneNetwork, "vpc_configuration.vpc_id="),
	pointDefault(block("aws_s3control_multi_region_access_point", "details.public_access_block", "multi-region-access-point", "details.name|arn", "", "blocks public access through an access point", publicAccess("details.public_access_block."))),
	block("aws_s3_bucket_ownership_controls", "rule.object_ownership", "bucket", "bucket", "aws_s3_bucket", "disables the access control lists of a bucket", "rule.object_ownership:"+bucketOwnerEnforced+"="+bucketOwnerEnforced),

	// AWS Secrets Manager API Reference, "PutResourcePolicy".
	owned(block("aws_secretsmanager_secret_policy", "block_public_policy", "secret", "secret_arn", "aws_secretsmanager_secret", "blocks public policies of a secret", "block_public_policy")),
	// Amazon EC2 User Guide, "Block public access for EBS snapshots" and "Block public
	// access to your AMIs"; Amazon EMR Management Guide, "Using Amazon EMR block public
	// access".
	block("aws_ebs_snapshot_block_public_access", "state", "account", "id", "", "blocks public snapshots", snapshotStates, policyOnly),
	block("aws_ec2_image_block_public_access", "state", "account", "id", "", "blocks public images", "state:block-new-sharing=block-new-sharing", policyOnly),
	block("aws_emr_block_public_access_configuration", "block_public_security_group_rules", "account", "id", "", "blocks public clusters", "block_public_security_group_rules", policyOnly),
	// IAM Identity Center API Reference, "PutApplicationAssignmentConfiguration".
	block("aws_ssoadmin_application_assignment_configuration", "assignment_required", "application", "application_arn", "aws_ssoadmin_application", "lets only assigned users into an application", "assignment_required"),
	// AWS Organizations User Guide, "Enabling a policy type": without its type no policy
	// of it holds.
	block("aws_organizations_organization", "enabled_policy_types", "organization", "id", "", "lets policies of the organization hold", "enabled_policy_types[]"),

	// The same under the names of the AWS Cloud Control provider.
	block("awscc_s3_bucket", "public_access_block_configuration", "bucket", "bucket_name|id", "", "blocks public access to a bucket", publicAccess("public_access_block_configuration.")),
	block("awscc_s3_bucket", "ownership_controls.rules.object_ownership", "bucket", "bucket_name|id", "", "disables the access control lists of a bucket", "ownership_controls.rules.object_ownership:"+bucketOwnerEnforced+"="+bucketOwnerEnforced),
	pointDefault(block("awscc_s3_access_point", "public_access_block_configuration", "access-point", "arn|name", "", "blocks public access through an access point", publicAccess("public_access_block_configuration."))),
	block("awscc_s3_access_point", "vpc_configuration", "access-point", "arn|name", "", oneNetwork, "vpc_configuration.vpc_id="),
	block("awscc_s3express_access_point", "vpc_configuration", "access-point", "arn|name", "", oneNetwork, "vpc_configuration.vpc_id="),
	pointDefault(block("awscc_s3_multi_region_access_point", "public_access_block_configuration", "multi-region-access-point", "name|alias", "", "blocks public access through an access point", publicAccess("public_access_block_configuration."))),
	pointDefault(block("awscc_s3express_access_point", "public_access_block_configuration", "access-point", "arn|name", "", "blocks public access through an access point", publicAccess("public_access_block_configuration."))),
	owned(block("awscc_secretsmanager_resource_policy", "block_public_policy", "secret", "secret_id", "awscc_secretsmanager_secret|aws_secretsmanager_secret", "blocks public policies of a secret", "block_public_policy")),
	block("awscc_ec2_snapshot_block_public_access", "state", "account", "account_id", "", "blocks public snapshots", snapshotStates, policyOnly),
}

const oneNetwork = "lets requests through an access point come from one network only"

// snapshotStates: blocking all sharing blocks new sharing as well.
const snapshotStates = "state:block-all-sharing=block-all-sharing+block-new-sharing,block-new-sharing=block-new-sharing"

// publicAccess are the four settings below a block.
func publicAccess(prefix string) string {
	return prefix + "block_public_acls|" + prefix + "block_public_policy|" + prefix + "ignore_public_acls|" + prefix + "restrict_public_buckets"
}

// block is a row of the table above.
func block(typ, path, subject, name, of, does, settings string, f ...flags) row {
	r := row{Type: typ, Path: path, Kind: resource, Subject: subject, Name: name, Of: of, Block: &blockForm{Does: does, Settings: settings}}
	for _, flag := range f {
		r.Flags |= flag
	}
	return r
}

// named is a row whose settings are called something together.
func named(name string, r row) row {
	r.Block.Name = name
	return r
}

// pointDefault is a row whose settings are on when nothing is said.
func pointDefault(r row) row {
	r.Block.DefaultOn = true
	return r
}

// owned is a row whose settings protect nothing once the object is gone.
func owned(r row) row {
	r.Block.Own = true
	return r
}
