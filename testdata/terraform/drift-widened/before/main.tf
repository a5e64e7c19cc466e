# Widened by hand, and the plan takes it back.
resource "aws_iam_role" "reports" {
  name = "larkspur-reports"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reports" {
  name = "read"
  role = aws_iam_role.reports.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Read"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::larkspur-reports/*"
    }]
  })
}

# Opened by hand, and the configuration says to leave it alone.
resource "aws_sqs_queue" "jobs" {
  name = "larkspur-jobs"
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-central-1:123456789012:larkspur-jobs"
    }]
  })

  lifecycle {
    ignore_changes = [policy]
  }
}

# Narrowed by hand: the plan gives it back, which is new access.
resource "aws_iam_policy" "audit" {
  name = "larkspur-audit"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["cloudtrail:LookupEvents", "cloudtrail:GetTrail"]
      Resource = "*"
    }]
  })
}

# Fills up at the first refresh with what the resource below has attached.
resource "aws_s3_bucket" "site" {
  bucket = "larkspur-site"
}

resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::larkspur-site/*"
    }]
  })
}
