package terraform_test

import (
	"testing"
	"testing/fstest"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestElsewhere: what a provider configuration with other credentials makes may be in
// another account, what one of another region makes is not.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	assumed := m{"assume_role": []any{m{"role_arn": m{"constant_value": "arn:aws:iam::" + two + ":role/ci"}}}}
	for _, c := range []struct {
		name, provider string
		providers      m
		more           []m
		want           bool
	}{
		{"the same", "aws", m{"aws": m{"name": "aws"}}, nil, false},
		{"another region", "aws.other", m{"aws": m{"name": "aws"}, "aws.other": m{"name": "aws", "alias": "other", "expressions": m{"region": m{"constant_value": "us-east-1"}}}}, nil, false},
		{"another role", "aws.other", m{"aws": m{"name": "aws"}, "aws.other": m{"name": "aws", "alias": "other", "expressions": assumed}}, nil, true},
		{"another role in the same account", "aws.other", m{"aws": m{"name": "aws"}, "aws.other": m{"name": "aws", "alias": "other", "expressions": assumed}},
			[]m{stays("aws_sqs_queue.q", m{"arn": arn1}), stays("aws_sqs_queue.r", m{"arn": arn1})}, false},
	} {
		source := fstest.MapFS{"main.tf": {Data: []byte(`
resource "aws_sqs_queue_policy" "p" {
  queue_url = "https://q"
  policy    = jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Principal = {AWS = aws_iam_role.r.arn}, Action = "sqs:SendMessage", Resource = "*"}]})
}
resource "aws_iam_role" "r" {
  name_prefix = "r"
}
`)}}
		changes := append([]m{
			rc("aws_sqs_queue_policy.p", "create", nil, m{"queue_url": "https://q"}, m{"after_unknown": m{"policy": true}}),
			rc("aws_iam_role.r", "create", nil, m{"name_prefix": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"arn": true, "name": true}}),
		}, c.more...)
		resources := []m{
			in("aws", "aws_sqs_queue_policy.p", map[string][]string{"policy": {"aws_iam_role.r.arn", "aws_iam_role.r"}}),
			in(c.provider, "aws_iam_role.r", nil), in("aws", "aws_sqs_queue.q", nil), in("aws.other", "aws_sqs_queue.r", nil),
		}
		x := extract(t, plan(changes, nil, m{"configuration": m{"provider_config": c.providers, "root_module": m{"resources": resources}}}), terraform.Options{Path: "plan.json", Source: source})
		got := false
		for _, g := range x.Grants {
			for _, s := range g.After.Symbols {
				got = got || s.Elsewhere && s.Reference == "account of aws.other"
			}
		}
		if got != c.want {
			t.Errorf("%s: the account of the role may be another is %v, want %v, in %q", c.name, got, c.want, lines(x.Grants))
		}
	}
}
