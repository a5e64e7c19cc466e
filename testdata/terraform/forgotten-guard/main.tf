# Terraform forgets the policy and leaves it where it is.
removed {
  from = aws_iam_group_policy.freeze

  lifecycle {
    destroy = false
  }
}
