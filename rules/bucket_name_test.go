package rules_test

import (
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// TestBucketNameInWords: the id of a bucket is its name, and no ARN.
func TestBucketNameInWords(t *testing.T) {
	t.Parallel()
	for symbol, want := range map[string]string{
		"aws_s3_bucket.log.id":              "The name of aws_s3_bucket.log is not known before the change.",
		"module.a.aws_s3_bucket.log.bucket": "The name of module.a.aws_s3_bucket.log is not known before the change.",
		"aws_s3_bucket.log.arn":             "aws_s3_bucket.log.arn is an ARN that is not known before the change.",
		"aws_sqs_queue.q.id":                "aws_sqs_queue.q.id is an ARN that is not known before the change.",
	} {
		g := grant(t, extractors.Identity, "", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:unknown:unknown:::`+symbol+`/*"}}`)
		g.After.Symbols = []extractors.Symbol{{Text: symbol, Reference: symbol}}
		found := rules.Run(g, rules.Options{})
		if len(found) != 1 || !slices.Contains(found[0].Details, want) {
			t.Errorf("%s: %+v, want %s", symbol, found, want)
		}
	}
}
