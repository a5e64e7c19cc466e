# The root module: a local module called twice, and one from a registry.
module "app" {
  for_each = toset(["a.b", "c"])
  source   = "./app"
}

module "registry" {
  source  = "example/roles/aws"
  version = "1.0.0"
}

module "outside" {
  source = "../../elsewhere"
}

resource "aws_iam_policy" "heredoc" {
  name   = "p"
  policy = <<-EOT
    {"Statement": []}
  EOT
}

resource "aws_iam_policy" "overridden" {
  policy = "{}"
}

resource "aws_lambda_permission" "fields" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "*"
}
