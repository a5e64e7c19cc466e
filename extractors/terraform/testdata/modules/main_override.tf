resource "aws_iam_policy" "overridden" {
  policy = jsonencode({ Statement = [] })
}
