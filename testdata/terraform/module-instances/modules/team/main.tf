resource "aws_iam_group_policy" "access" {
  for_each = var.stages

  name  = each.key
  group = var.group
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "List"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = "arn:aws:s3:::larkspur-${each.key}"
      },
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = each.key == "eu.prod" ? var.read : "s3:GetObject"
        Resource = "arn:aws:s3:::larkspur-${each.key}/*"
      },
    ]
  })
}
