resource "aws_iam_user_policy" "robot" {
  name = "robot"
  user = "robot"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "codebuild:*"
      Resource = "arn:aws:codebuild:eu-central-1:123456789012:project/larkspur"
    }]
  })
}

# The precondition fails, so this resource is missing in the plan.
resource "aws_iam_role" "admin" {
  name = "admin"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sts:AssumeRole"
    }]
  })

  lifecycle {
    precondition {
      condition     = aws_iam_user_policy.robot.user == "nobody"
      error_message = "Only nobody may be admin."
    }
  }
}
