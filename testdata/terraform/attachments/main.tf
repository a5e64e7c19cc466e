resource "aws_iam_role" "reader" {
  name = "larkspur-reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role" "admin" {
  name = "larkspur-admin"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_policy" "orders" {
  name = "larkspur-orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Orders"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/larkspur-orders"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.admin.name
  policy_arn = aws_iam_policy.orders.arn
}

# A policy that another role has already.
resource "aws_iam_role_policy_attachment" "reader" {
  role       = aws_iam_role.reader.name
  policy_arn = aws_iam_policy.orders.arn
}

# One that AWS manages.
resource "aws_iam_role_policy_attachment" "read_only" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

# One that nothing in the plan shows.
resource "aws_iam_role_policy_attachment" "elsewhere" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::123456789012:policy/larkspur-elsewhere"
}
