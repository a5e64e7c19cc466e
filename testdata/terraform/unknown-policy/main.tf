resource "aws_sns_topic" "archived" {
  name = "larkspur-archived"
}

resource "aws_iam_policy" "archive" {
  name = "larkspur-archive"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "arn:aws:s3:::larkspur-archive/*"
      },
      {
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:eu-central-1:123456789012:${aws_sns_topic.archived.tags_all["topic"]}"
      },
    ]
  })
}
