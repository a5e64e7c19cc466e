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
      {
        Sid      = "KeepLedger"
        Effect   = "Deny"
        Action   = "s3:DeleteObject"
        Resource = "arn:aws:s3:::larkspur-ledger/*"
      },
    ]
  })
}

resource "aws_iam_policy" "baseline" {
  name = "larkspur-baseline"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepTrail"
        Effect   = "Deny"
        Action   = ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"]
        Resource = "*"
      },
      {
        Sid      = "KeepDetector"
        Effect   = "Deny"
        Action   = "guardduty:DeleteDetector"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_group_policy" "freeze" {
  name  = "freeze"
  group = "contractors"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "iam:*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_group_policy" "stricter" {
  name  = "stricter"
  group = "contractors"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "organizations:*"
      Resource = "*"
    }]
  })
}
