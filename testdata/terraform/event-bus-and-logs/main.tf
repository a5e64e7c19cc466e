resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = "orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Producer"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = ["events:PutEvents", "events:PutRule", "events:PutTargets"]
      Resource  = "*"
    }]
  })
}

resource "aws_cloudwatch_log_resource_policy" "dns" {
  policy_name = "dns-query-logs"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["route53.amazonaws.com", "es.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*"
    }]
  })
}
