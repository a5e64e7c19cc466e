package scanner_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/scanner"
)

// TestPartsOfSensitiveValues looks for parts of sensitive values in all that a scan
// says: quoted, cut out of an ARN, filled in for a wildcard, in lower case.
func TestPartsOfSensitiveValues(t *testing.T) {
	allow := func(more string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"` + more + `}]}`
	}
	anyone := func(more string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"` + more + `}]}`
	}
	for _, tt := range []struct {
		secret, resourceType, policy string
		parts                        []string
	}{
		{`hunt"er22`, "aws_iam_policy", allow(`,"Sid":"x hunt\"er22"`), []string{"er22"}},
		{"hunté\u0085r22", "aws_iam_policy", allow(`,"Sid":"x hunté\u0085r22"`), []string{"r22"}},
		{"arn:aws:iam::444455556666:role/partner", "aws_s3_bucket_policy", strings.Replace(anyone(""), `"*","Action"`, `{"AWS":"arn:aws:iam::444455556666:role/partner"},"Action"`, 1), []string{"444455556666", "partner"}},
		{"arn:aws:iam::444455556666:root", "aws_s3_bucket_policy", strings.Replace(anyone(""), `"*","Action"`, `{"AWS":"arn:aws:iam::444455556666:root"},"Action"`, 1), []string{"444455556666"}},
		{"arn:aws:s3:::supersecret-*-bucket/*", "aws_iam_policy", strings.Replace(allow(""), `"Resource":"*"`, `"Resource":"arn:aws:s3:::supersecret-*-bucket/*"`, 1), []string{"supersecret"}},
		{"o-abcdefghij/r-ab12/*", "aws_s3_bucket_policy", anyone(`,"Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/r-ab12/*"}}`), []string{"r-ab12"}},
		{"198.18.44.0/24", "aws_iam_policy", allow(`,"Condition":{"IpAddress":{"aws:SourceIp":"198.18.44.0/24"}}`), []string{"198.18.44"}},
		{"0000734561", "aws_iam_policy", allow(`,"Condition":{"NumericEquals":{"s3:max-keys":"0000734561"}}`), []string{"734561"}},
		{"SecretAction77", "aws_iam_policy", strings.Replace(allow(""), "s3:GetObject", "s3:*SecretAction77*", 1), []string{"ecretaction77", "ecretAction77"}},
	} {
		text := func(v any) string { b, _ := json.Marshal(v); return string(b) }
		plan := fmt.Sprintf(`{"format_version":"1.2","terraform_version":"1.9.0","complete":true,
			"variables":{"s":{"value":%s}},"configuration":{"root_module":{"variables":{"s":{"sensitive":true}}}},
			"resource_changes":[{"address":"%[2]s.p","mode":"managed","type":"%[2]s","name":"p","provider_name":"registry.terraform.io/hashicorp/aws",
			"change":{"actions":["create"],"before":null,"after":{"name":"p","bucket":"b","policy":%[3]s},"after_unknown":{},"before_sensitive":false,"after_sensitive":{}}}]}`,
			text(tt.secret), tt.resourceType, text(tt.policy))
		got, err := scanner.Scan(t.Context(), scanner.Options{Paths: []string{"-"}, Stdin: strings.NewReader(plan), SourceDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Findings) == 0 {
			t.Errorf("%q: nothing found", tt.secret)
		}
		out, err := report.EncodeJSON(got)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range tt.parts {
			if i := bytes.Index(out, []byte(part)); i >= 0 {
				t.Errorf("%q: the result says %s", tt.secret, out[max(0, i-60):min(len(out), i+60)])
			}
		}
	}
}
