resource "aws_iam_role" "worker" {
  name = "larkspur-worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# What was an inline policy is a managed one now, and attached to the same role.
resource "aws_iam_policy" "queue" {
  name = "larkspur-queue"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "sqs:DeleteMessage"
        Resource = "arn:aws:sqs:eu-central-1:123456789012:larkspur-orders"
      },
      {
        Effect   = "Allow"
        Action   = "sqs:ReceiveMessage"
        Resource = "arn:aws:sqs:eu-central-1:123456789012:larkspur-orders"
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "queue" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.queue.arn
}
