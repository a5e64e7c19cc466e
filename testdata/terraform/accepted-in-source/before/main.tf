resource "aws_iam_policy" "accepted" {
  name = "larkspur-accepted"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Read", Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::larkspur-a/*" },
    ]
  })
}
