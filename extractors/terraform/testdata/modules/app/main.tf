module "roles" {
  source = "./roles"
}

resource "aws_s3_bucket_policy" "data" {
  bucket = "b"
  policy = data.aws_iam_policy_document.data.json
}
