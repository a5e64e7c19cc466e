package terraform

import "github.com/grantdiff/grantdiff/extractors"

// aclTable names access control lists. What is about objects has their bucket for
// subject, whose settings hold for them too.
var aclTable = []row{
	acl("aws_s3_bucket", "acl", "bucket", "bucket|id", "", "AWS::S3::Bucket", "sets the access control list of a bucket", "bucket acl", "acl", computed),
	acl("aws_s3_bucket", "grant", "bucket", "bucket|id", "", "AWS::S3::Bucket", "sets the access control list of a bucket", bucketGrants, "grant", computed),
	managing(acl("aws_s3_bucket_acl", "acl", "bucket", "bucket", "aws_s3_bucket", "AWS::S3::Bucket", "sets the access control list of a bucket", "acl of bucket", "acl|access_control_policy.grant")),
	acl("aws_s3_bucket_logging", "target_grant", "bucket", "target_bucket", "aws_s3_bucket", "AWS::S3::Bucket", "gives access to logs in a bucket", "log grants", "target_grant"),
	acl("aws_s3_object", "acl", "bucket", "bucket", "aws_s3_bucket", "AWS::S3::Bucket", "sets the access control list of an object", "object acl", "acl|key", computed),
	acl("aws_s3_bucket_object", "acl", "bucket", "bucket", "aws_s3_bucket", "AWS::S3::Bucket", "sets the access control list of an object", "object acl", "acl|key", computed),
	acl("aws_s3_object_copy", "acl", "bucket", "bucket", "aws_s3_bucket", "AWS::S3::Bucket", "sets the access control list of an object", "object acl", "acl|key", computed),
	acl("aws_s3_object_copy", "grant", "bucket", "bucket", "aws_s3_bucket", "AWS::S3::Bucket", "sets the access control list of an object", "object grants", "grant|key"),
	acl("aws_storagegateway_nfs_file_share", "object_acl", "file-share", "arn|file_share_name|id", "", "", "sets the access control list of its objects", "share acl", "object_acl|location_arn"),
	acl("aws_storagegateway_smb_file_share", "object_acl", "file-share", "arn|file_share_name|id", "", "", "sets the access control list of its objects", "share acl", "object_acl|location_arn"),
	acl("aws_elastictranscoder_pipeline", "content_config_permissions", "pipeline", "arn|name", "", "", "sets the access control list of its output", "content acl", "content_config_permissions|content_config|output_bucket"),
	acl("aws_elastictranscoder_pipeline", "thumbnail_config_permissions", "pipeline", "arn|name", "", "", "sets the access control list of its thumbnails", "thumbnail acl", "thumbnail_config_permissions|thumbnail_config|output_bucket"),
	acl("awscc_s3_bucket", "access_control", "bucket", "bucket_name|id", "", "AWS::S3::Bucket", "sets the access control list of a bucket", "awscc acl", "access_control", computed),
}

// acl is a row of the table above: code names what reads the attributes.
func acl(typ, path, subject, name, of, cfn, does, code, reads string, f ...flags) row {
	r := coded(typ, path, subject, name, of, cfn, extractors.ACL, does, code, reads, f...)
	r.Permit.named = r.nameAttrs()[0]
	r.Permit.Reads += "|" + r.Permit.named // for the ARN
	return r
}
