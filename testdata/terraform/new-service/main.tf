# Nothing of this exists yet.

resource "aws_sqs_queue" "jobs" {
  name = "larkspur-jobs"
}

resource "aws_iam_role" "worker" {
  name = "larkspur-jobs-worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# The queue's ARN is not known before the apply, so the whole text is not.
resource "aws_iam_role_policy" "jobs" {
  name = "jobs"
  role = aws_iam_role.worker.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource = aws_sqs_queue.jobs.arn
    }]
  })
}

# Known text, unknown role.
resource "aws_iam_role_policy" "metrics" {
  name = "metrics"
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "cloudwatch:PutMetricData"
      Resource = "*"
    }]
  })
}
