resource "aws_iam_policy" "boundary" {
  name = "larkspur-boundary"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:*", "logs:*"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role" "app" {
  name = "larkspur-app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "app" {
  name = "app"
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Storage", Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::larkspur-app/*" },
      { Sid = "Keys", Effect = "Allow", Action = "kms:*", Resource = "*" },
    ]
  })
}
