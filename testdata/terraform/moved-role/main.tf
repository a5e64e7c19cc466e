module "mailer" {
  source   = "./modules/function-role"
  name     = "mailer"
  action   = "ses:SendEmail"
  resource = "arn:aws:ses:eu-central-1:123456789012:identity/larkspur.example"
}

moved {
  from = aws_iam_role.mailer
  to   = module.mailer.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy.mailer
  to   = module.mailer.aws_iam_role_policy.this
}
