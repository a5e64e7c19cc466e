resource "aws_kms_key" "data" {
  description = "larkspur"
}

resource "aws_lambda_function" "api" {
  function_name = "larkspur-api"
  role          = "arn:aws:iam::123456789012:role/larkspur-api"
  filename      = "api.zip"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
}

resource "aws_lambda_function_url" "api" {
  function_name      = aws_lambda_function.api.function_name
  authorization_type = "AWS_IAM"
}
