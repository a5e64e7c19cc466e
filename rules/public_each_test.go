package rules

import (
	"slices"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/extractors"
)

// publicTwice is a bucket that two statements of one policy, and one of another document,
// open.
func publicTwice(t *testing.T, first, second string) *Sum {
	t.Helper()
	one := bucketGrant(t, "AWS::S3::Bucket", "arn:aws:s3:::logs", "", first)
	sum := Own(one)
	if second != "" {
		two := bucketGrant(t, "AWS::S3::Bucket", "arn:aws:s3:::logs", "", second)
		two.Address, two.Attribute, two.Kind = "aws_s3_bucket_acl.logs", "acl", extractors.ACL
		sum.Terms[0].Holdings = append(sum.Terms[0].Holdings, Own(two).Terms[0].Holdings...)
	}
	return sum
}

// TestPublicAccessOfSeveral: one finding for a resource is accepted by what accepts each
// statement that opens it, and is another one when one comes.
func TestPublicAccessOfSeveral(t *testing.T) {
	t.Parallel()
	const get, list = `{"Sid": "Get", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`,
		`{"Sid": "List", "Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::logs"}`
	public := func(sum *Sum) Found {
		t.Helper()
		found := Check(Pass{Sum: sum}, Options{})
		i := slices.IndexFunc(found, func(f Found) bool { return f.Rule == "public-access" })
		if i < 0 {
			t.Fatal("not told")
		}
		return found[i]
	}
	alone, both, acl := public(publicTwice(t, get, "")), public(publicTwice(t, get+","+list, "")), public(publicTwice(t, get, list))
	if alone.Fingerprint == both.Fingerprint || both.Fingerprint == acl.Fingerprint || alone.Fingerprint == acl.Fingerprint {
		t.Error("the fingerprint does not tell what opens the bucket")
	}
	for _, c := range []struct {
		name   string
		f      Found
		field  string
		values []string
		want   bool
	}{
		{"alone", alone, "statement.sid", []string{"Get"}, true},
		{"one of two statements", both, "statement.sid", []string{"Get"}, false},
		{"the other one", both, "statement.sid", []string{"List"}, false},
		{"both statements", both, "statement.sid", []string{"Get", "List"}, true},
		{"their address", both, "address", []string{"aws_s3_bucket_policy.logs"}, true},
		{"one of two documents", acl, "address", []string{"aws_s3_bucket_policy.logs"}, false},
		{"the other one", acl, "address", []string{"aws_s3_bucket_acl.logs"}, false},
		{"both documents", acl, "address", []string{"aws_s3_bucket_policy.logs", "aws_s3_bucket_acl.logs"}, true},
		{"what one gives", both, "gained.actions", []string{"s3:GetObject"}, false},
		{"what both give", both, "gained.actions", []string{"s3:GetObject", "s3:ListBucket"}, true},
		{"the rule", acl, "rule", []string{"public-access"}, true},
		{"the bucket", acl, "subject.address", []string{"aws_s3_bucket.logs"}, true},
		{"the finding", acl, "fingerprint", []string{acl.Fingerprint}, true},
	} {
		found := []Finding{c.f.Finding}
		Archive(found, []ArchiveRule{{Name: "x", Filter: map[string]Criterion{c.field: {Eq: c.values}}}}, time.Time{})
		if got := found[0].Archived != nil; got != c.want {
			t.Errorf("%s: accepted is %v, want %v", c.name, got, c.want)
		}
	}
	comment := func(statement int) []extractors.Ignore {
		return []extractors.Ignore{{Rule: "public-access", Statement: statement}}
	}
	for name, c := range map[string]struct {
		sum        *Sum
		one, other []extractors.Ignore
		want       bool
	}{
		"at the only statement":   {publicTwice(t, get, ""), comment(0), nil, true},
		"at one of two":           {publicTwice(t, get+","+list, ""), comment(0), nil, false},
		"at both":                 {publicTwice(t, get+","+list, ""), append(comment(0), comment(1)...), nil, true},
		"at the policy":           {publicTwice(t, get+","+list, ""), comment(-1), nil, true},
		"at one of two documents": {publicTwice(t, get, list), comment(-1), nil, false},
		"at the other one":        {publicTwice(t, get, list), nil, comment(-1), false},
		"at both documents":       {publicTwice(t, get, list), comment(-1), comment(-1), true},
	} {
		accepted(c.sum.Terms[0].Holdings[0].Grant, c.one)
		if len(c.sum.Terms[0].Holdings) > 1 {
			accepted(c.sum.Terms[0].Holdings[1].Grant, c.other)
		}
		if got := public(c.sum).Archived != nil; got != c.want {
			t.Errorf("a comment %s: accepted is %v, want %v", name, got, c.want)
		}
	}
}
