# The same document allows what the Deny held back.
resource "aws_iam_policy" "developer" {
  name = "larkspur-developer"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Storage"
        Effect   = "Allow"
        Action   = "s3:*"
        Resource = "*"
      },
    ]
  })
}

# This document allows nothing; what others allow is not held back any more.
resource "aws_iam_policy" "baseline" {
  name = "larkspur-baseline"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepDetector"
        Effect   = "Deny"
        Action   = "guardduty:DeleteDetector"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_group_policy" "stricter" {
  name  = "stricter"
  group = "contractors"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = ["organizations:*", "account:*"]
      Resource = "*"
    }]
  })
}
