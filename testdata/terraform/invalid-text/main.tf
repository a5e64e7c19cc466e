locals {
  texts = {
    intact    = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\"],\"Resource\":[\"arn:aws:sqs:eu-central-1:123456789012:larkspur-*\"]}}"
    no-json   = "see the wiki"
    truncated = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\""
    typo      = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Actions\":\"sqs:*\",\"Resource\":\"*\"}]}"
    effect    = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Permit\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}"
    widened   = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"arn:aws:sqs:eu-central-1:123456789012:larkspur-*\"}]}"
  }
}

resource "aws_iam_policy" "imported" {
  for_each = local.texts

  name   = "larkspur-${each.key}"
  policy = each.value
}
