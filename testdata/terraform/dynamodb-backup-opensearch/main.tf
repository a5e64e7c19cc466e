resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Analytics"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/analytics" }
      Action    = ["dynamodb:Query", "dynamodb:PutItem"]
      Resource  = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
    }]
  })
}

resource "aws_backup_vault_policy" "main" {
  backup_vault_name = "main"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "NoDelete"
      Effect    = "Deny"
      Principal = "*"
      Action    = "backup:UpdateRecoveryPointLifecycle"
      Resource  = "*"
    }]
  })
}

resource "aws_opensearch_domain_policy" "search" {
  domain_name = "search"
  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Search"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/search" }
      Action    = "es:ESHttp*"
      Resource  = "arn:aws:es:eu-central-1:123456789012:domain/search/*"
    }]
  })
}
