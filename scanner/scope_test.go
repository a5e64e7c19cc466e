package scanner_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/scanner"
)

// TestScopes covers subjects that only have a name, in plans with several provider
// configurations: what goes from one of them is not what comes to another of the same
// name, unless they are known to be the same.
func TestScopes(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	const (
		bucketText = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
		roleText   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	)
	change := func(typ, name, action string, side m) m {
		before, after := any(side), any(nil)
		switch action {
		case "create":
			before, after = nil, side
		case "no-op":
			after = side
		}
		return m{"address": typ + "." + name, "mode": "managed", "type": typ, "name": name,
			"change": m{"actions": []string{action}, "before": before, "after": after, "after_unknown": m{}}}
	}
	block := func(typ, name, provider string) m {
		return m{"address": typ + "." + name, "mode": "managed", "type": typ, "name": name, "provider_config_key": provider, "expressions": m{"policy": m{}}}
	}
	provider := func(expressions m) m { return m{"name": "aws", "expressions": expressions} }
	constant := func(v any) m { return m{"constant_value": v} }
	assume := func(account string) any { return []m{{"role_arn": constant("arn:aws:iam::" + account + ":role/ci")}} }
	bucket := func(name, action, region string) m {
		side := m{"bucket": "b", "policy": bucketText}
		if region != "" {
			side["region"] = region
		}
		return change("aws_s3_bucket_policy", name, action, side)
	}
	role := func(name, action string) m {
		return change("aws_iam_role_policy", name, action, m{"name": "p", "role": "r", "policy": roleText})
	}
	shown := func(account string) m {
		return change("aws_iam_role", "r", "no-op", m{"name": "r", "arn": "arn:aws:iam::" + account + ":role/r"})
	}
	// user tells the account of a provider configuration.
	user := func(name, account string) m {
		return change("aws_iam_user", name, "no-op", m{"name": name, "arn": "arn:aws:iam::" + account + ":user/" + name})
	}
	list := change("aws_s3_bucket_acl", "l", "create", m{"bucket": "b", "acl": "public-read"})
	shield := change("aws_s3_account_public_access_block", "a", "no-op", m{"account_id": "111122223333", "ignore_public_acls": true})
	listIn := func(provider string) []m {
		return []m{block("aws_s3_bucket_acl", "l", provider), block("aws_s3_account_public_access_block", "a", "aws")}
	}
	regions := m{"aws": provider(m{"region": constant("eu-west-1")}), "aws.us": provider(m{"region": constant("us-east-1")})}
	accounts := m{"aws": provider(m{"assume_role": assume("111122223333")}), "aws.two": provider(m{"assume_role": assume("444455556666")})}
	buckets := []m{block("aws_s3_bucket_policy", "old", "aws"), block("aws_s3_bucket_policy", "new", "aws.us")}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		providers m
		finding   bool
	}{
		{"bucket in two regions", []m{bucket("old", "delete", ""), bucket("new", "create", "")}, buckets, regions, true},
		{"bucket in two regions, without the block of the old policy", []m{bucket("old", "delete", ""), bucket("new", "create", ""), user("u", "111122223333")},
			[]m{block("aws_s3_bucket_policy", "new", "aws.us"), block("aws_iam_user", "u", "aws")}, regions, true},
		{"bucket in one region", []m{bucket("old", "delete", ""), bucket("new", "create", "")},
			[]m{block("aws_s3_bucket_policy", "old", "aws"), block("aws_s3_bucket_policy", "new", "aws")}, regions, false},
		{"bucket in one region, as the resources say", []m{bucket("old", "delete", "us-east-1"), bucket("new", "create", "us-east-1"), user("u", "111122223333")},
			[]m{block("aws_s3_bucket_policy", "new", "aws.us"), block("aws_iam_user", "u", "aws")}, regions, false},
		{"bucket in two regions, as the resources say", []m{bucket("old", "delete", "eu-west-1"), bucket("new", "create", "us-east-1")},
			[]m{block("aws_s3_bucket_policy", "old", "aws"), block("aws_s3_bucket_policy", "new", "aws")}, m{"aws": provider(nil)}, true},
		{"only one provider configuration", []m{bucket("old", "delete", ""), bucket("new", "create", "")}, []m{block("aws_s3_bucket_policy", "new", "aws")}, m{"aws": provider(nil)}, false},
		{"no configuration", []m{bucket("old", "delete", ""), bucket("new", "create", "")}, nil, nil, false},

		{"inline policy between aliases of one account, by ARNs", []m{role("old", "delete"), role("new", "create"), user("u", "111122223333"), user("v", "111122223333")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.two"), block("aws_iam_user", "u", "aws"), block("aws_iam_user", "v", "aws.two")}, accounts, false},
		{"inline policy that has left the configuration, in one account", []m{role("old", "delete"), role("new", "create"), user("u", "111122223333"), user("v", "111122223333")},
			[]m{block("aws_iam_role_policy", "new", "aws.two"), block("aws_iam_user", "u", "aws"), block("aws_iam_user", "v", "aws.two")}, accounts, false},
		{"inline policy between aliases of the same credentials", []m{role("old", "delete"), role("new", "create")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.us")}, regions, false},
		{"inline policy between two accounts", []m{role("old", "delete"), role("new", "create"), user("u", "111122223333"), user("v", "444455556666")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.two"), block("aws_iam_user", "u", "aws"), block("aws_iam_user", "v", "aws.two")}, accounts, true},
		{"inline policy between two accounts that are not known", []m{role("old", "delete"), role("new", "create")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.two")}, accounts, true},

		{"inline policy that a role of the same name in another account has already", []m{role("old", "no-op"), role("new", "create"), shown("111122223333"), user("v", "444455556666")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.two"), block("aws_iam_role", "r", "aws"), block("aws_iam_user", "v", "aws.two")}, accounts, true},
		{"inline policy that the role has already", []m{role("old", "no-op"), role("new", "create"), shown("111122223333")},
			[]m{block("aws_iam_role_policy", "old", "aws"), block("aws_iam_role_policy", "new", "aws.us"), block("aws_iam_role", "r", "aws")}, regions, false},

		{"public list behind the block of its account", []m{list, shield}, listIn("aws"), accounts, false},
		{"public list behind the block of its account, in another region", []m{list, shield}, listIn("aws.us"), regions, false},
		{"public list and the block of another account", []m{list, shield}, listIn("aws.two"), accounts, true},
		{"public list in an account of its own and the block of another", []m{list, shield, user("v", "444455556666")},
			append(listIn("aws.two"), block("aws_iam_user", "v", "aws.two")), accounts, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(m{"format_version": "1.2", "resource_changes": tt.changes,
				"configuration": m{"provider_config": tt.providers, "root_module": m{"resources": tt.resources}}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := scanner.Scan(t.Context(), scanner.Options{Paths: []string{"-"}, Stdin: strings.NewReader(string(text)), SourceDir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, f := range got.Findings {
				list = append(list, fmt.Sprintf("%s %s: %s", f.Rule, f.Address, f.Message))
			}
			if (len(list) > 0) != tt.finding {
				t.Errorf("findings %q, want some: %v; diagnostics %v", list, tt.finding, got.Diagnostics)
			}
		})
	}
}
