resource "aws_sqs_queue" "intake" {
  name = "larkspur-intake"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:larkspur-*" } }
    }]
  })
}

resource "aws_sqs_queue_policy" "returns" {
  queue_url = "https://sqs.eu-central-1.amazonaws.com/123456789012/larkspur-returns"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/carrier" }
      Action    = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource  = "arn:aws:sqs:eu-central-1:123456789012:larkspur-returns"
    }]
  })
}

resource "aws_sns_topic_policy" "orders" {
  arn = "arn:aws:sns:eu-central-1:123456789012:larkspur-orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sns:Subscribe"
      Resource  = "arn:aws:sns:eu-central-1:123456789012:larkspur-orders"
    }]
  })
}

resource "aws_sns_topic_policy" "alarms" {
  arn = "arn:aws:sns:eu-central-1:123456789012:larkspur-alarms"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:123456789012:larkspur-alarms"
    }]
  })
}
