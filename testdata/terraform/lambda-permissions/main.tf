# Every method and path of every stage.
resource "aws_lambda_permission" "api" {
  statement_id  = "Api"
  function_name = "larkspur-checkout"
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/*"
}

# Narrower: the bucket must belong to the account.
resource "aws_lambda_permission" "uploads" {
  statement_id   = "Uploads"
  function_name  = "larkspur-checkout"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::larkspur-uploads"
  source_account = "123456789012"
}

# New: another account.
resource "aws_lambda_permission" "partner" {
  statement_id  = "Partner"
  function_name = "larkspur-checkout"
  action        = "lambda:InvokeFunction"
  principal     = "444455556666"
}
