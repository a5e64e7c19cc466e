package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

const (
	one   = "111122223333"
	two   = "444455556666"
	arn1  = "arn:aws:sqs:eu-west-1:" + one + ":q"
	arn2  = "arn:aws:sqs:eu-west-1:" + two + ":q"
	china = "arn:aws-cn:sqs:cn-north-1:" + one + ":q"
)

// in makes a resource of the configuration with a provider configuration.
func in(provider, address string, exprs map[string][]string) m {
	c := conf(address, exprs)
	c["provider_config_key"] = provider
	return c
}

// stays is an object that does not change.
func stays(address string, attrs m, more ...m) m { return rc(address, "no-op", attrs, attrs, more...) }

func TestAccountAndARN(t *testing.T) {
	t.Parallel()
	self := []m{in("aws", "aws_sns_topic.t", map[string][]string{"policy": nil})}
	topic := func(actions string, before, after any, more ...m) m {
		return rc("aws_sns_topic.t", actions, before, after, more...)
	}
	bucketPolicy := rc("aws_s3_bucket_policy.b", "create", nil, m{"bucket": "my-bucket", "policy": openToAll})
	bucketConf := in("aws", "aws_s3_bucket_policy.b", map[string][]string{"policy": nil, "bucket": {"aws_s3_bucket.b.id", "aws_s3_bucket.b"}})
	dog := stays("aws_cloudwatch_metric_alarm.x", m{"arn": "arn:aws:cloudwatch:eu-west-1:" + one + ":alarm:x"})
	dogConf := func(provider string) m { return in(provider, "aws_cloudwatch_metric_alarm.x", nil) }
	const topicARN = "arn:aws:sns:eu-west-1:" + two + ":t"
	tests := []struct {
		name               string
		changes, resources []m
		account, arn       string // of the first grant
	}{
		{"own ARN", []m{topic("update", m{"arn": topicARN, "policy": openToOne}, m{"arn": topicARN, "policy": openToAll})}, self, two, topicARN},
		{"own ARN counts before the others", []m{topic("update", m{"arn": topicARN, "policy": openToOne}, m{"arn": topicARN, "policy": openToAll}), dog}, append([]m{dogConf("aws")}, self...), two, topicARN},
		{"own ARN of a deleted object", []m{topic("delete", m{"arn": topicARN, "policy": openToOne}, nil)}, nil, two, topicARN},
		{"own ARN of a forgotten object", []m{topic("forget", m{"arn": topicARN, "policy": openToOne}, nil)}, nil, two, topicARN},
		{"own ARN of a new object", []m{topic("create", nil, m{"name": "t", "policy": openToOne}, m{"after_unknown": m{"arn": true}})}, self, "", ""},
		{"replaced object", []m{topic("delete,create", m{"arn": topicARN, "policy": openToOne}, m{"policy": openToAll}, m{"after_unknown": m{"arn": true}})}, self, two, ""},
		{"redacted account", []m{topic("update", m{"arn": "arn:aws:sns:eu-west-1:***:t", "policy": openToOne}, m{"arn": "arn:aws:sns:eu-west-1:***:t", "policy": openToAll})}, self, "", "arn:aws:sns:eu-west-1:***:t"},
		{"ARN that is none", []m{topic("update", m{"arn": "topic " + two, "policy": openToOne}, m{"arn": 7, "policy": openToAll})}, self, "", ""},

		{"naming attribute", []m{rc("aws_secretsmanager_secret_policy.p", "create", nil, m{"secret_arn": "arn:aws:secretsmanager:eu-west-1:" + two + ":secret:s-abc", "policy": openToAll})}, nil, two, "arn:aws:secretsmanager:eu-west-1:" + two + ":secret:s-abc"},
		{"function ARN", []m{rc("aws_lambda_permission.p", "create", nil, m{"function_name": "arn:aws:lambda:eu-west-1:" + two + ":function:f", "principal": "*", "action": "lambda:InvokeFunction"})}, nil, two, "arn:aws:lambda:eu-west-1:" + two + ":function:f"},
		{"function name", []m{rc("aws_lambda_permission.p", "create", nil, m{"function_name": "f", "principal": "*", "action": "lambda:InvokeFunction"})}, nil, "", ""},
		{"naming attribute without account", []m{rc("aws_ssoadmin_permission_set_inline_policy.p", "create", nil, m{"permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "inline_policy": getObject})}, nil, "", "arn:aws:sso:::permissionSet/ssoins-1/ps-1"},
		{
			"subject's own change", []m{rc("aws_sqs_queue_policy.p", "create", nil, m{"queue_url": "https://q", "policy": openToAll}), stays("aws_sqs_queue.q", m{"url": "https://q", "arn": arn2})},
			nil, two, arn2,
		},
		{
			"subject's own change, replaced", []m{rc("aws_sqs_queue_policy.p", "create", nil, m{"queue_url": "https://q", "policy": openToAll}), rc("aws_sqs_queue.q", "delete,create", m{"url": "https://q", "arn": arn2}, m{}, m{"after_unknown": m{"arn": true, "url": true}})},
			nil, two, "",
		},
		{"role's own change", []m{rc("aws_iam_role_policy.p", "create", nil, m{"role": "r", "policy": getObject}), stays("aws_iam_role.r", m{"name": "r", "arn": "arn:aws:iam::" + one + ":role/r", "assume_role_policy": ec2Trust})}, nil, one, "arn:aws:iam::" + one + ":role/r"},
		{"policy that links name", []m{stays("aws_iam_policy.p", m{"name": "p", "arn": "arn:aws:iam::" + one + ":policy/p", "policy": getObject})}, nil, one, "arn:aws:iam::" + one + ":policy/p"},

		{"bucket name", []m{bucketPolicy}, []m{bucketConf}, "", "arn:aws:s3:::my-bucket"},
		{"bucket and its own ARN", []m{bucketPolicy, stays("aws_s3_bucket.b", m{"id": "my-bucket", "bucket": "my-bucket", "arn": "arn:aws-us-gov:s3:::my-bucket"})}, []m{bucketConf}, "", "arn:aws-us-gov:s3:::my-bucket"},
		{"new bucket", []m{rc("aws_s3_bucket.b", "create", nil, m{"bucket": "my-bucket", "policy": openToAll}, m{"after_unknown": m{"arn": true}})}, []m{conf("aws_s3_bucket.b", map[string][]string{"policy": nil})}, "", "arn:aws:s3:::my-bucket"},
		{"bucket name that is not known", []m{rc("aws_s3_bucket_policy.b", "create", nil, m{"policy": openToAll}, m{"after_unknown": m{"bucket": true}})}, []m{bucketConf}, "", ""},
		{"directory bucket", []m{rc("aws_s3_bucket_policy.b", "create", nil, m{"bucket": "b--usw2-az1--x-s3", "policy": openToAll})}, nil, "", ""},
		{"bucket in the partition of its provider", []m{bucketPolicy, stays("aws_sqs_queue.q", m{"arn": china}), stays("aws_sqs_queue.r", m{"arn": arn2})}, []m{bucketConf, in("aws", "aws_sqs_queue.q", nil), in("aws.other", "aws_sqs_queue.r", nil)}, one, "arn:aws-cn:s3:::my-bucket"},
		{"bucket in the only partition", []m{bucketPolicy, stays("aws_sqs_queue.q", m{"arn": china})}, nil, "", "arn:aws-cn:s3:::my-bucket"},
		{"bucket in one of two partitions", []m{bucketPolicy, stays("aws_sqs_queue.q", m{"arn": china}), stays("aws_sqs_queue.r", m{"arn": arn2})}, nil, "", ""},

		{"account of the provider", []m{bucketPolicy, dog}, []m{bucketConf, dogConf("aws")}, one, "arn:aws:s3:::my-bucket"},
		{"account of another provider", []m{bucketPolicy, dog}, []m{bucketConf, dogConf("aws.other")}, "", "arn:aws:s3:::my-bucket"},
		{"provider with two accounts", []m{bucketPolicy, dog, stays("aws_sqs_queue.r", m{"arn": arn2})}, []m{bucketConf, dogConf("aws"), in("aws", "aws_sqs_queue.r", nil)}, "", "arn:aws:s3:::my-bucket"},
		{"two instances in two accounts", []m{bucketPolicy, stays("aws_sqs_queue.r[0]", m{"arn": arn1}), stays("aws_sqs_queue.r[1]", m{"arn": arn2})}, []m{bucketConf, in("aws", "aws_sqs_queue.r", nil)}, "", "arn:aws:s3:::my-bucket"},
		{"two accounts before and after", []m{bucketPolicy, rc("aws_sqs_queue.r", "delete,create", m{"arn": arn1}, m{"arn": arn2})}, []m{bucketConf, in("aws", "aws_sqs_queue.r", nil)}, "", "arn:aws:s3:::my-bucket"},
		{"two providers with an account each", []m{bucketPolicy, dog, stays("aws_sqs_queue.r", m{"arn": arn2})}, []m{bucketConf, dogConf("aws"), in("aws.other", "aws_sqs_queue.r", nil)}, one, "arn:aws:s3:::my-bucket"},
		{"no configuration", []m{bucketPolicy, dog}, nil, "", "arn:aws:s3:::my-bucket"},
		{"ARN of something else", []m{bucketPolicy, stays("aws_launch_template.x", m{"profile": []m{{"arn": arn1}}, "target_arn": arn1})}, []m{bucketConf, in("aws", "aws_launch_template.x", nil)}, "", "arn:aws:s3:::my-bucket"},
		{"ARN of the management account", []m{bucketPolicy, stays("aws_organizations_account.x", m{"arn": "arn:aws:organizations::" + one + ":account/o-1/2"})}, []m{bucketConf, in("aws", "aws_organizations_account.x", nil)}, "", "arn:aws:s3:::my-bucket"},
		{"data source", []m{bucketPolicy, stays("data.aws_sqs_queue.x", m{"arn": arn1}, m{"mode": "data", "address": "data.aws_sqs_queue.x"})}, []m{bucketConf, in("aws", "aws_sqs_queue.x", nil)}, "", "arn:aws:s3:::my-bucket"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, tt.resources), terraform.Options{Path: "plan.json"})
			if len(x.Grants) == 0 {
				t.Fatalf("no grants; diagnostics %v", x.Diagnostics)
			}
			g := x.Grants[0]
			if diff := cmp.Diff([]string{tt.account, tt.arn}, []string{g.Account, g.ARN}); diff != "" {
				t.Errorf("account and ARN of %s (-want +got):\n%s", g.Address, diff)
			}
		})
	}
}

// TestAccountOfModules checks that blocks of equal names in different modules are
// told apart, and instances of one module are not.
func TestAccountOfModules(t *testing.T) {
	t.Parallel()
	module := func(provider string) m {
		return m{"module": m{"resources": []m{
			in(provider, "aws_s3_bucket_policy.b", map[string][]string{"policy": nil}), in(provider, "aws_sqs_queue.q", nil),
		}}}
	}
	policyIn := func(module string) m {
		return rc(module+".aws_s3_bucket_policy.b", "create", nil, m{"bucket": "my-bucket", "policy": openToAll})
	}
	text := plan([]m{
		policyIn("module.a[0]"), policyIn("module.a[1]"), policyIn("module.b"),
		stays("module.a[0].aws_sqs_queue.q", m{"arn": arn1}), stays("module.b.aws_sqs_queue.q", m{"arn": arn2}),
	}, nil, m{"configuration": m{"root_module": m{"module_calls": m{"a": module("aws"), "b": module("module.b:aws.x")}}}})
	var got []string
	for _, g := range clean(t, text) {
		got = append(got, g.Address+" "+g.Account)
	}
	want := []string{"module.a[0].aws_s3_bucket_policy.b " + one, "module.a[1].aws_s3_bucket_policy.b " + one, "module.b.aws_s3_bucket_policy.b " + two}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
}
