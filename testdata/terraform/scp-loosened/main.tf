# The Deny covers one action less.
resource "aws_organizations_policy" "guardrails" {
  name = "guardrails"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "KeepTrail"
      Effect   = "Deny"
      Action   = "cloudtrail:DeleteTrail"
      Resource = "*"
    }]
  })
}

# An allow list that got longer.
resource "aws_organizations_policy" "services" {
  name = "services"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:*", "sqs:*", "iam:*"]
      Resource = "*"
    }]
  })
}

# A resource control policy that leaves queues out.
resource "aws_organizations_policy" "perimeter" {
  name = "perimeter"
  type = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OwnOrganization"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringNotEqualsIfExists = { "aws:PrincipalOrgID" = "o-exampleorg1" } }
    }]
  })
}

# Stricter: one region less.
resource "aws_organizations_policy" "regions" {
  name = "regions"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Regions"
      Effect    = "Deny"
      NotAction = ["iam:*", "sts:*", "support:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "eu-central-1" } }
    }]
  })
}

# Not about access at all.
resource "aws_organizations_policy" "tags" {
  name = "tags"
  type = "TAG_POLICY"
  content = jsonencode({
    tags = { team = { tag_key = { "@@assign" = "cost-center" } } }
  })
}
