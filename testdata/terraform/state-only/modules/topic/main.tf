resource "aws_sns_topic_policy" "this" {
  arn = "arn:aws:sns:eu-central-1:123456789012:larkspur-reports"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-central-1:123456789012:larkspur-reports"
    }]
  })
}
