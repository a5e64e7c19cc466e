resource "aws_iam_policy" "export" {
  name_prefix = "larkspur-export-"
  path        = "/"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::larkspur-exports/*"
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_policy" "import" {
  name_prefix = "larkspur-import-"
  path        = "/"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "arn:aws:s3:::larkspur-imports/*"
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}
