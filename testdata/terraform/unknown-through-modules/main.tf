# Nothing of this exists yet: the texts depend on ARNs that are made by the apply, through
# locals, module inputs and outputs, count and for_each.

variable "environment" {
  type    = string
  default = "test"
}

locals {
  prefix = "larkspur-${var.environment}"
  queues = { orders = "rw", returns = "r" }
}

resource "aws_sqs_queue" "queue" {
  for_each = local.queues
  name     = "${local.prefix}-${each.key}"
}

resource "aws_s3_bucket" "archive" {
  bucket = "${local.prefix}-archive"
}

resource "aws_kms_key" "archive" {
  description = "archive"
}

module "worker" {
  source     = "./modules/worker"
  name       = "${local.prefix}-worker"
  queue_arns = { for k, q in aws_sqs_queue.queue : k => q.arn }
  bucket_arn = aws_s3_bucket.archive.arn
  key_arn    = aws_kms_key.archive.arn
}

# Anyone may read what the module says that it writes.
resource "aws_s3_bucket_policy" "archive" {
  bucket = aws_s3_bucket.archive.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Public"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = module.worker.written
    }]
  })
}
