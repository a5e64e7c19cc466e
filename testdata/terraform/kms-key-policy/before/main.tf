locals {
  admin = {
    Sid       = "Account"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::123456789012:root" }
    Action    = "kms:*"
    Resource  = "*"
  }
}

resource "aws_kms_key" "invoices" {
  description = "invoices"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.admin]
  })
}

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
      Principal = { AWS = "arn:aws:iam::111122223333:role/restore" }
      Action    = "kms:Decrypt"
      Resource  = "*"
    }]
  })
}
