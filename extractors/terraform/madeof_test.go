package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// TestMadeOf: a value of a data source that is not known is named by what the
// configuration makes it of, and by its place, since what else is in it is not known.
func TestMadeOf(t *testing.T) {
	t.Parallel()
	refs := func(list ...string) m { return m{"references": list} }
	const at = "data.aws_iam_policy_document.d.statement[0]"
	for name, tt := range map[string]struct {
		statements []m
		want       []string // the symbols of a resource, a principal and a value
	}{
		"named": {[]m{{"resources": refs("aws_s3_bucket.b.arn", "aws_s3_bucket.b"), "principals": []m{{"identifiers": refs("var.who")}}, "condition": []m{{"values": refs("local.a", "local.b")}}}},
			[]string{"aws_s3_bucket.b.arn in " + at + ".resources[0]", "var.who in " + at + ".principals[0].identifiers[0]", "local.a and local.b in " + at + ".condition[0].values[0]"}},
		"generated statements": {[]m{{"resources": refs("aws_s3_bucket.a.arn")}, {"resources": refs("aws_s3_bucket.b.arn")}},
			[]string{at + ".resources[0]", at + ".principals[0].identifiers[0]", at + ".condition[0].values[0]"}},
		"generated blocks": {[]m{{"resources": refs("aws_s3_bucket.b.arn"), "condition": []m{{"values": refs("local.a")}, {"values": refs("local.b")}}}},
			[]string{"aws_s3_bucket.b.arn in " + at + ".resources[0]", at + ".principals[0].identifiers[0]", at + ".condition[0].values[0]"}},
		"too many": {[]m{{"resources": refs("local.a", "local.b", "local.c", "local.d"), "principals": []m{{"identifiers": refs(strings.Repeat("x", 200))}}, "condition": []m{{"values": refs(`aws_s3_bucket.b["k"].arn`)}}}},
			[]string{at + ".resources[0]", at + ".principals[0].identifiers[0]", at + ".condition[0].values[0]"}},
	} {
		document := rc("data.aws_iam_policy_document.d", "read", nil, m{"statement": []m{{
			"actions": []string{"a:x"}, "resources": []any{nil}, "principals": []m{{"type": "AWS", "identifiers": []any{nil}}},
			"condition": []m{{"test": "StringEquals", "variable": "aws:x", "values": []any{nil}}}}}},
			m{"mode": "data", "type": "aws_iam_policy_document", "name": "d", "after_unknown": m{"json": true, "statement": []m{{
				"resources": []bool{true}, "principals": []m{{"identifiers": []bool{true}}}, "condition": []m{{"values": []bool{true}}}}}}})
		delete(document, "module_address")
		x := extract(t, plan([]m{document, rc("aws_sns_topic_policy.p", "create", nil, m{"arn": "arn:aws:sns:r:111122223333:t"}, m{"after_unknown": m{"policy": true}})}, []m{
			conf("aws_sns_topic_policy.p", map[string][]string{"policy": {"data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"}}),
			{"mode": "data", "type": "aws_iam_policy_document", "name": "d", "expressions": m{"statement": tt.statements}},
		}), terraform.Options{})
		if len(x.Grants) != 1 {
			t.Fatalf("%s: grants %+v, diagnostics %v", name, x.Grants, x.Diagnostics)
		}
		got := map[string]bool{}
		for _, s := range x.Grants[0].After.Symbols {
			text := s.Text[strings.Index(s.Text, "(")+1:]
			got[strings.TrimSuffix(text, ")")] = true
			if !strings.HasPrefix(s.Reference, at) {
				t.Errorf("%s: reference %q, want the place", name, s.Reference)
			}
		}
		want := map[string]bool{}
		for _, text := range tt.want {
			want[text] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: symbols (-want +got):\n%s", name, diff)
		}
	}
}
