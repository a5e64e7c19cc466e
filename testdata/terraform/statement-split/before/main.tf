resource "aws_iam_policy" "reader" {
  name = "larkspur-reader"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["dynamodb:GetItem", "dynamodb:Query"]
        Resource = [
          "arn:aws:dynamodb:eu-central-1:123456789012:table/orders",
          "arn:aws:dynamodb:eu-central-1:123456789012:table/invoices",
        ]
      },
      {
        Effect   = "Allow"
        Action   = ["s3:Get*", "s3:GetObject"]
        Resource = "arn:aws:s3:::larkspur-exports/*"
      },
    ]
  })
}
