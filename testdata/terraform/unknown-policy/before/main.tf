resource "aws_iam_policy" "archive" {
  name = "larkspur-archive"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "arn:aws:s3:::larkspur-archive/*"
    }]
  })
}
