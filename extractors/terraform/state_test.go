package terraform_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func extractState(t *testing.T, text string) extractors.Extraction {
	t.Helper()
	x, err := terraform.ExtractState(context.Background(), strings.NewReader(text), terraform.Options{Path: "state.json"})
	if err != nil {
		t.Fatalf("ExtractState: %v", err)
	}
	return x
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var (
	shownState = `{"format_version":"1.0","terraform_version":"1.11.4","values":{"outputs":{},"root_module":{
  "resources":[
    {"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p","values":{"name":"p","policy":` + quoted(getObject) + `},"sensitive_values":{"policy":true}},
    {"address":"data.aws_iam_policy_document.d","mode":"data","type":"aws_iam_policy_document","name":"d","values":{"json":` + quoted(getObject) + `}}],
  "child_modules":[{"resources":[
    {"address":"module.m[\"a.b\"].aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","values":{"bucket":"x","id":"x","policy":` + quoted(openToAll) + `}},
    {"address":"module.m[\"a.b\"].aws_s3_bucket_policy.b[0]","mode":"managed","type":"aws_s3_bucket_policy","name":"b","index":0,"values":{"bucket":"x","policy":` + quoted(openToAll) + `}}],
    "address":"module.m[\"a.b\"]","child_modules":[]}]}}}`
	rawState = `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l","outputs":{},"resources":[
    {"mode":"managed","type":"aws_iam_policy","name":"p","provider":"p","instances":[{"schema_version":0,"attributes":{"name":"p","policy":` + quoted(getObject) + `},"sensitive_attributes":[[{"type":"get_attr","value":"policy"}]]}]},
    {"module":"module.m[\"a.b\"]","mode":"managed","type":"aws_s3_bucket","name":"b","instances":[{"attributes":{"bucket":"x","id":"x","policy":` + quoted(openToAll) + `}}]},
    {"module":"module.m[\"a.b\"]","mode":"managed","type":"aws_s3_bucket_policy","name":"b","instances":[{"index_key":0,"attributes":{"bucket":"x","policy":` + quoted(openToAll) + `}},{"index_key":0,"deposed":"ab","attributes":{"bucket":"x","policy":` + quoted(openToOne) + `}}]},
    {"mode":"data","type":"aws_iam_policy_document","name":"d","instances":[{"attributes":{"json":` + quoted(getObject) + `}}]}]}`
)

func TestState(t *testing.T) {
	t.Parallel()
	common := []string{
		"aws_iam_policy.p | policy | identity | no-op | policy aws_iam_policy.p p | A sensitive > A sensitive",
		`module.m["a.b"].aws_s3_bucket_policy.b[0] | policy | resource | no-op | bucket module.m["a.b"].aws_s3_bucket.b x | C > C`,
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"shown", shownState, common},
		{"raw", rawState, append(common[:2:2], `module.m["a.b"].aws_s3_bucket_policy.b[0] (deposed object ab) | policy | resource | no-op | bucket module.m["a.b"].aws_s3_bucket.b x | D > D`)},
		{"shown, empty", `{"format_version":"1.0","values":{"root_module":{}}}`, nil},
		{"raw, empty", `{"version":4,"serial":1,"lineage":"","resources":[]}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extractState(t, tt.text)
			if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 || x.Kind != terraform.KindState {
				t.Fatalf("diagnostics %v, incomplete %q, kind %q; want a clean state", x.Diagnostics, x.Incomplete, x.Kind)
			}
			if diff := cmp.Diff(tt.want, lines(x.Grants)); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStateTrouble(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"version 3":       `{"version":3,"serial":1,"lineage":"","modules":[]}`,
		"format 2.0":      `{"format_version":"2.0","values":{}}`,
		"a plan":          plan(nil, nil),
		"something else":  `{"a":1}`,
		"no type":         `{"version":4,"serial":1,"resources":[{"name":"x","instances":[{"attributes":{}}]}]}`,
		"truncated":       shownState[:400],
		"truncated, raw":  rawState[:400],
		"resources wrong": `{"version":4,"serial":1,"resources":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extractState(t, text)
			if !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
				t.Errorf("diagnostics %v, incomplete %q; want an error and incomplete", x.Diagnostics, x.Incomplete)
			}
		})
	}
}
