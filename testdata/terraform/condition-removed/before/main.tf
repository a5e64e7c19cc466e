resource "aws_iam_policy" "office" {
  name = "larkspur-office"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "FromTheOffice"
      Effect    = "Allow"
      Action    = "ssm:StartSession"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}

resource "aws_iam_policy" "cleanup" {
  name = "larkspur-cleanup"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "WithMFA"
      Effect    = "Allow"
      Action    = "rds:DeleteDBSnapshot"
      Resource  = "*"
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
  })
}

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
        Sid       = "NoPurge"
        Effect    = "Deny"
        Action    = "sqs:PurgeQueue"
        Resource  = "*"
        Condition = { StringNotEquals = { "aws:RequestedRegion" = "eu-central-1" } }
      },
    ]
  })
}
