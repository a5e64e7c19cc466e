variable "name" {
  type = string
}

variable "queue_arns" {
  type = map(string)
}

variable "bucket_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

output "written" {
  value = "${var.bucket_arn}/public/*"
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Queues"
    actions   = ["sqs:ReceiveMessage"]
    resources = values(var.queue_arns)
  }

  dynamic "statement" {
    for_each = var.bucket_arn == "" ? [] : [var.bucket_arn]
    content {
      sid       = "Archive"
      actions   = ["s3:PutObject"]
      resources = ["${statement.value}/*"]
    }
  }

  statement {
    sid       = "Key"
    actions   = ["kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "worker"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}
