resource "aws_iam_policy" "queues" {
  name = "larkspur-queues"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = "arn:aws:sqs:eu-central-1:123456789012:larkspur-*"
    }]
  })
}

resource "aws_iam_policy" "topics" {
  name = "larkspur-topics"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sns:*"
      Resource = "arn:aws:sns:eu-central-1:123456789012:larkspur-*"
    }]
  })
}
