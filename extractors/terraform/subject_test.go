package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSubjects covers how a policy finds the resource it is about.
func TestSubjects(t *testing.T) {
	t.Parallel()
	bucket := func(address, name string) m {
		side := m{"id": name, "bucket": name, "arn": "arn:aws:s3:::" + name}
		return rc(address, "no-op", side, side)
	}
	policy := func(address string, more ...m) m {
		return rc(address, "create", nil, m{"policy": openToAll}, append([]m{{"after_unknown": m{"bucket": true}}}, more...)...)
	}
	refs := func(r ...string) map[string][]string { return map[string][]string{"policy": nil, "bucket": r} }
	tests := []struct {
		name    string
		changes []m
		root    m
		want    string // address and name
	}{
		{"by reference", []m{bucket("aws_s3_bucket.b", "x"), policy("aws_s3_bucket_policy.p")},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_s3_bucket.b.id", "aws_s3_bucket.b"))}},
			"aws_s3_bucket.b x"},
		{"by reference with the same key", []m{bucket(`aws_s3_bucket.b["a.b"]`, "x"), bucket(`aws_s3_bucket.b["c"]`, "y"), policy(`aws_s3_bucket_policy.p["a.b"]`)},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_s3_bucket.b", "each.key"))}},
			`aws_s3_bucket.b["a.b"] x`},
		{"by reference to one instance", []m{bucket("aws_s3_bucket.b[0]", "x"), bucket("aws_s3_bucket.b[1]", "y"), policy("aws_s3_bucket_policy.p")},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_s3_bucket.b[1].id", "aws_s3_bucket.b[1]", "aws_s3_bucket.b"))}},
			"aws_s3_bucket.b[1] y"},
		{"one of several, not told which", []m{bucket("aws_s3_bucket.b[0]", "x"), bucket("aws_s3_bucket.b[1]", "y"), policy("aws_s3_bucket_policy.p")},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_s3_bucket.b", "var.i"))}},
			" "},
		{"through a variable", []m{bucket("aws_s3_bucket.b", "x"), policy(`module.m["k"].aws_s3_bucket_policy.p`)},
			m{"module_calls": m{"m": m{"source": "./m", "expressions": m{"bucket": m{"references": []string{"aws_s3_bucket.b.id", "aws_s3_bucket.b"}}},
				"module": m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("var.bucket"))}}}}},
			"aws_s3_bucket.b x"},
		{"through an output", []m{bucket(`module.m["k"].aws_s3_bucket.b`, "x"), policy("aws_s3_bucket_policy.p")},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs(`module.m["k"].bucket`, `module.m["k"]`, "module.m"))},
				"module_calls": m{"m": m{"module": m{"outputs": m{"bucket": m{"expression": m{"references": []string{"aws_s3_bucket.b.id", "aws_s3_bucket.b"}}}}}}}},
			`module.m["k"].aws_s3_bucket.b x`},
		{"in the same module instance", []m{bucket("module.m[0].aws_s3_bucket.b", "x"), bucket("module.m[1].aws_s3_bucket.b", "y"), policy("module.m[1].aws_s3_bucket_policy.p")},
			m{"module_calls": m{"m": m{"module": m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_s3_bucket.b.id", "aws_s3_bucket.b"))}}}}},
			"module.m[1].aws_s3_bucket.b y"},
		{"variables that lead in a circle", []m{policy("module.m.aws_s3_bucket_policy.p")},
			m{"module_calls": m{"m": m{"expressions": m{"a": m{"references": []string{"module.m.o"}}},
				"module": m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("var.a"))}, "outputs": m{"o": m{"expression": m{"references": []string{"var.a"}}}}}}}},
			" "},
		{"by value", []m{bucket("aws_s3_bucket.b", "x"), rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "x", "policy": openToAll})},
			m{}, "aws_s3_bucket.b x"},
		{"by a value that two share", []m{bucket("aws_s3_bucket.b", "x"), bucket("aws_s3_bucket.c", "x"), rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "x", "policy": openToAll})},
			m{}, " x"},
		{"by another of its names", []m{
			rc("aws_sns_topic.t", "no-op", m{"arn": "arn:t", "name": "t"}, m{"arn": "arn:t", "name": "t"}),
			rc("aws_sns_topic_policy.p", "create", nil, m{"arn": "arn:t", "policy": openToAll})},
			m{}, "aws_sns_topic.t arn:t"},
		{"not in the plan", []m{rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "x", "policy": openToAll})}, m{}, " x"},
		{"a resource of another type", []m{policy("aws_s3_bucket_policy.p")},
			m{"resources": []m{conf("aws_s3_bucket_policy.p", refs("aws_iam_role.r.name", "aws_iam_role.r"))}}, " "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			grants := clean(t, plan(tt.changes, nil, m{"configuration": m{"root_module": tt.root}}))
			if len(grants) != 1 {
				t.Fatalf("%d grants, want one: %q", len(grants), lines(grants))
			}
			if diff := cmp.Diff(tt.want, grants[0].Subject.Address+" "+grants[0].Subject.Name); diff != "" {
				t.Errorf("subject (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConfigurationFirst makes sure that the order of the members of a plan does
// not matter.
func TestConfigurationFirst(t *testing.T) {
	t.Parallel()
	side := `{"id":"x","bucket":"x"}`
	text := `{"configuration":{"root_module":{"resources":[{"expressions":{"bucket":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]},"policy":{"references":["var.p"]}},"name":"p","type":"aws_s3_bucket_policy","mode":"managed"}]}},` +
		`"resource_changes":[{"change":{"after_unknown":{"bucket":true,"policy":true},"after":{},"before":null,"actions":["create"]},"name":"p","type":"aws_s3_bucket_policy","address":"aws_s3_bucket_policy.p"},` +
		`{"address":"aws_s3_bucket.b","type":"aws_s3_bucket","name":"b","change":{"actions":["no-op"],"before":` + side + `,"after":` + side + `,"after_unknown":{}}}],"format_version":"1.0"}`
	want := []string{"aws_s3_bucket_policy.p | policy | resource | create | bucket aws_s3_bucket.b x | absent > unknown var.p"}
	if diff := cmp.Diff(want, lines(clean(t, text))); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}
