package terraform_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestFormerARN: what is replaced under another name is one thing to its policy, unless the
// former one stays.
func TestFormerARN(t *testing.T) {
	t.Parallel()
	named := func(name string) m { return m{"bucket": name, "id": name, "arn": "arn:aws:s3:::" + name} }
	bucket := func(actions, from, to string) m {
		return rc("aws_s3_bucket.b", actions, named(from), m{"bucket": to}, m{"after_unknown": m{"id": true, "arn": true}})
	}
	guard := func(from, to string) m {
		after, unknown := m{"policy": openToOne, "bucket": to}, m{"id": true}
		if to == "" {
			after, unknown = m{"policy": openToOne}, m{"id": true, "bucket": true}
		}
		return rc("aws_s3_bucket_policy.p", "delete,create", m{"bucket": from, "id": from, "policy": openToOne}, after, m{"after_unknown": unknown})
	}
	queue := func(name string) m {
		return m{"name": name, "url": "https://q/" + name, "policy": openToOne, "arn": "arn:aws:sqs:eu-west-1:111122223333:" + name}
	}
	configuration := []m{conf("aws_s3_bucket.b", map[string][]string{"bucket": nil}), conf("aws_s3_bucket_policy.p", map[string][]string{"bucket": {"aws_s3_bucket.b.id", "aws_s3_bucket.b"}, "policy": nil})}
	for _, tt := range []struct {
		name    string
		changes []m
		want    string
	}{
		{"another name", []m{bucket("delete,create", "old", "new"), guard("old", "new")}, "arn:aws:s3:::old > arn:aws:s3:::new"},
		{"create before destroy", []m{bucket("create,delete", "old", "new"), guard("old", "new")}, "arn:aws:s3:::old > arn:aws:s3:::new"},
		{"by its id", []m{bucket("delete,create", "old", "new"), guard("old", "")}, "arn:aws:s3:::old > arn:aws:s3:::new"},
		{"the same name", []m{bucket("delete,create", "old", "old"), guard("old", "old")}, ""},
		{"the former one stays", []m{bucket("create,forget", "old", "new"), guard("old", "")}, "arn:aws:s3:::old > arn:aws:s3:::new destroy = false"},
		{"the former one is left in place", []m{rc("aws_s3_bucket.b", "delete,create", m{"bucket": "old", "id": "old", "arn": "arn:aws:s3:::old", "skip_destroy": true}, m{"bucket": "new"}, m{"after_unknown": m{"id": true, "arn": true}}), guard("old", "new")},
			"arn:aws:s3:::old > arn:aws:s3:::new skip_destroy"},
		{"of another bucket", []m{bucket("delete,create", "old", "new"), guard("other", "new")}, ""},
		{"its own policy", []m{rc("aws_sqs_queue.q", "delete,create", queue("old"), queue("new"))}, "arn:aws:sqs:eu-west-1:111122223333:old > arn:aws:sqs:eu-west-1:111122223333:new"},
		{"an ARN that is not known", []m{rc("aws_sqs_queue.q", "delete,create", queue("old"), m{"name": "new", "policy": openToOne}, m{"after_unknown": m{"arn": true, "url": true}})}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, g := range clean(t, plan(tt.changes, configuration)) {
				if g.FormerARN != "" && g.Kind == extractors.Resource {
					got += strings.TrimSpace(g.FormerARN + " > " + g.ARN + " " + g.Remains)
				}
			}
			if got != tt.want {
				t.Errorf("former and new ARN %q, want %q", got, tt.want)
			}
		})
	}
}
