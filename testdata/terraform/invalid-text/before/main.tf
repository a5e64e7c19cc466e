resource "aws_iam_policy" "imported" {
  for_each = toset(["intact", "no-json", "truncated", "typo", "effect", "widened"])

  name = "larkspur-${each.key}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = "arn:aws:sqs:eu-central-1:123456789012:larkspur-*"
    }]
  })
}
