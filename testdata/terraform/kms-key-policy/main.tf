locals {
  admin = {
    Sid       = "Account"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::123456789012:root" }
    Action    = "kms:*"
    Resource  = "*"
  }
}

# The policy is an argument of the key.
resource "aws_kms_key" "invoices" {
  description = "invoices"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [local.admin, {
      Sid       = "Grants"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = ["kms:Decrypt", "kms:CreateGrant"]
      Resource  = "*"
    }]
  })
}

# The key shows the text that the next block manages.
resource "aws_kms_key" "backups" {
  description = "backups"
}

resource "aws_kms_key_policy" "backups" {
  key_id = aws_kms_key.backups.key_id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [local.admin, {
      Sid       = "Restore"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:Decrypt"
      Resource  = "*"
    }]
  })
}

# No policy is configured: the text is unknown only because AWS sets a default.
resource "aws_kms_key" "logs" {
  description = "logs"
}
