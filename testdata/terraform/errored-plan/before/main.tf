resource "aws_iam_user_policy" "robot" {
  name = "robot"
  user = "robot"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "codebuild:StartBuild"
      Resource = "arn:aws:codebuild:eu-central-1:123456789012:project/larkspur"
    }]
  })
}
