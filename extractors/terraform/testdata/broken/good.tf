resource "aws_iam_policy" "good" {
  policy = "{}"
}
