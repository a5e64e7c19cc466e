resource "aws_iam_user" "ann" {
  name = "larkspur-ann"
}

resource "aws_iam_group" "operators" {
  name = "larkspur-operators"
}

resource "aws_iam_group_policy_attachment" "operators" {
  group      = aws_iam_group.operators.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
