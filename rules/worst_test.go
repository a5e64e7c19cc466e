package rules

import (
	"slices"
	"strings"
	"testing"
)

// TestWorstFirst: a sentence that leaves actions out names those that matter.
func TestWorstFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ actions, want string }{
		{"s3:GetObject s3:PutObject", "s3:GetObject s3:PutObject"}, // all are named
		{"s3:GetBucketLocation s3:ListBucket s3:GetBucketTagging s3:PutObject s3:PutBucketPolicy", "s3:PutBucketPolicy s3:PutObject s3:GetBucketLocation s3:ListBucket s3:GetBucketTagging"},
		{"s3:ListBucket s3:GetObjectTagging s3:GetBucketLocation s3:*Object", "s3:*Object s3:ListBucket s3:GetObjectTagging s3:GetBucketLocation"},
		{"s3:PutObjectAcl s3:ListBucket s3:GetBucketTagging s3:DeleteBucket", "s3:DeleteBucket s3:ListBucket s3:GetBucketTagging s3:PutObjectAcl"}, // one is idle
		{"logs:PutLogEvents logs:CreateLogStream dynamodb:GetRecords dynamodb:ListStreams sqs:SendMessage", "sqs:SendMessage dynamodb:GetRecords dynamodb:ListStreams logs:PutLogEvents logs:CreateLogStream"},
		{"ec2:Describe* s3:List* x:Unknown iam:PassRole", "iam:PassRole x:Unknown ec2:Describe* s3:List*"},
	} {
		given := strings.Fields(c.actions)
		if got := strings.Join(worstFirst(given, map[string]bool{"s3:PutObjectAcl": true}), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.actions, got, c.want)
		}
		if !slices.Equal(given, strings.Fields(c.actions)) {
			t.Errorf("%s: changed", c.actions)
		}
	}
}
