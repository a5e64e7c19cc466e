resource "aws_iam_policy" "reader" {
  name = "larkspur-reader"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Exports"
        Effect   = "Allow"
        Action   = "S3:get*"
        Resource = "arn:aws:s3:::larkspur-exports/*"
      },
      {
        Sid      = "Orders"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:Query"]
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
      },
      {
        Sid      = "InvoiceItems"
        Effect   = "Allow"
        Action   = "dynamodb:GetItem"
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/invoices"
      },
      {
        Sid      = "InvoiceQueries"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/invoices"
      },
    ]
  })
}
