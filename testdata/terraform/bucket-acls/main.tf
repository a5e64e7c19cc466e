resource "aws_s3_bucket" "open" {
  bucket = "larkspur-open"
}

resource "aws_s3_bucket_ownership_controls" "open" {
  bucket = aws_s3_bucket.open.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "open" {
  bucket = aws_s3_bucket.open.id
  acl    = "public-read"
}

resource "aws_s3_bucket" "guarded" {
  bucket = "larkspur-guarded"
}

resource "aws_s3_bucket_ownership_controls" "guarded" {
  bucket = aws_s3_bucket.guarded.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "guarded" {
  bucket = aws_s3_bucket.guarded.id
  acl    = "public-read"
}

resource "aws_s3_bucket_public_access_block" "guarded" {
  bucket                  = aws_s3_bucket.guarded.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
