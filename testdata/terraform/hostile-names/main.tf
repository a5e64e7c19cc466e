locals {
  # What the key says is in the address; what the value says is in the policy.
  names = {
    "::error::x"                                    = "::error::x"
    "::set-output name=x::y"                        = "::set-output name=x::y"
    "%0A::warning::x"                               = "%0A::warning::x"
    "a|b"                                           = "a|b"
    "<script>alert(1)</script>"                     = "<script>alert(1)</script>"
    "<img src=x onerror=alert(1)>"                  = "&lt;img&gt;"
    "`tick`"                                        = "`tick`"
    "[link](https://example.com)"                   = "[link](https://example.com)"
    "![image](https://example.com/x.png) @everyone" = "@everyone"
    "\u001b[31mred\u001b[0m"                        = "red"
    "line\nbreak\r::error::x"                       = "line"
    "tab\tbell\u0007"                               = "tab"
    "right\u202eleft"                               = "right"
    "back\\slash \"quote\""                         = "back\\slash"
    "]]>&amp;'"                                     = "]]>&amp;'"
  }
  numbers = { for i, k in keys(local.names) : k => i }
}

resource "aws_iam_policy" "hostile" {
  for_each = local.names

  name = "larkspur-${local.numbers[each.key]}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::larkspur-uploads/${each.value}"
    }]
  })
}
