resource "aws_iam_policy" "oncall" {
  name = "larkspur-oncall"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Compute"
        Effect   = "Allow"
        Action   = ["ecs:*", "ec2:Describe*"]
        Resource = "*"
      },
      {
        Sid      = "Tables"
        Effect   = "Allow"
        Action   = "dynamodb:*"
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/*"
      },
    ]
  })
}
