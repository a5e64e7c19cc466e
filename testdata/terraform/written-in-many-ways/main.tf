# The same grows in each way of writing: s3:DeleteObject.

locals {
  objects = "arn:aws:s3:::larkspur-ways/*"
}

resource "aws_iam_policy" "encoded" {
  name = "larkspur-encoded"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "List"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = "arn:aws:s3:::larkspur-ways"
      },
      {
        Sid    = "Objects"
        Effect = "Allow"
        Action = [
          "s3:GetObject",
          "s3:DeleteObject",
        ]
        Resource = local.objects
      },
    ]
  })
}

resource "aws_iam_policy" "heredoc" {
  name   = "larkspur-heredoc"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Objects",
          "Effect": "Allow",
          "Action": [
            "s3:GetObject",
            "s3:DeleteObject"
          ],
          "Resource": "arn:aws:s3:::larkspur-ways/*"
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "document" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::larkspur-ways"]
  }

  statement {
    sid = "Objects"
    actions = [
      "s3:GetObject",
          "s3:DeleteObject",
    ]
    resources = [local.objects]
  }
}

resource "aws_iam_policy" "document" {
  name   = "larkspur-document"
  policy = data.aws_iam_policy_document.document.json
}

resource "aws_iam_policy" "file" {
  name   = "larkspur-file"
  policy = file("${path.module}/policies/static.json")
}

resource "aws_iam_policy" "template" {
  name   = "larkspur-template"
  policy = templatefile("${path.module}/policies/template.json.tftpl", { bucket = "larkspur-ways" })
}
