# The condition is gone.
resource "aws_iam_policy" "office" {
  name = "larkspur-office"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "FromTheOffice"
      Effect   = "Allow"
      Action   = "ssm:StartSession"
      Resource = "*"
    }]
  })
}

# IfExists also holds where the key is missing, as with long-term access keys.
resource "aws_iam_policy" "cleanup" {
  name = "larkspur-cleanup"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "WithMFA"
      Effect    = "Allow"
      Action    = "rds:DeleteDBSnapshot"
      Resource  = "*"
      Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
  })
}

# A Deny without its condition denies more.
resource "aws_iam_policy" "regional" {
  name = "larkspur-regional"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Queues"
        Effect   = "Allow"
        Action   = "sqs:*"
        Resource = "*"
      },
      {
        Sid      = "NoPurge"
        Effect   = "Deny"
        Action   = "sqs:PurgeQueue"
        Resource = "*"
      },
    ]
  })
}
