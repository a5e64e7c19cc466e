package scanner_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/scanner"
)

// change is a resource change or a drifted resource; before and after are attributes.
func change(address, actions string, before, after map[string]any) map[string]any {
	typ, name, _ := strings.Cut(address, ".")
	side := func(m map[string]any) any {
		if m == nil {
			return nil
		}
		return m
	}
	return map[string]any{
		"address": address, "mode": "managed", "type": typ, "name": name,
		"change": map[string]any{
			"actions": strings.Split(actions, ","), "before": side(before), "after": side(after), "after_unknown": map[string]any{},
			"before_sensitive": map[string]any{}, "after_sensitive": map[string]any{},
		},
	}
}

const (
	readOne   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}`
	readAll   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	readTwo   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::a/*","arn:aws:s3:::b/*"]}]}`
	sameOne   = `{"Statement":[{"Action":["s3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::a/*"]}],"Version":"2012-10-17"}`
	denyStop  = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"cloudtrail:StopLogging","Resource":"*"}]}`
	anyone    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}`
	noPolicy  = `{"Version":"2012-10-17"`
	roleTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// configuration sets, for each change, all attributes but those that mirror others.
func configuration(changes []map[string]any) map[string]any {
	resources := []any{}
	for _, c := range changes {
		r := map[string]any{"address": c["address"], "mode": "managed", "type": c["type"], "name": c["name"], "expressions": map[string]any{"name": map[string]any{}}}
		if typ := c["type"].(string); strings.HasSuffix(typ, "_policy") {
			r["expressions"].(map[string]any)["policy"] = map[string]any{}
		}
		resources = append(resources, r)
	}
	return map[string]any{"root_module": map[string]any{"resources": resources}}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	inline := func(text string) m { return m{"name": "i", "role": "r", "policy": text} }
	role := func(texts ...string) m {
		blocks := []m{}
		for i, text := range texts {
			blocks = append(blocks, m{"name": string(rune('i' + i)), "policy": text})
		}
		return m{"name": "r", "id": "r", "arn": "arn:aws:iam::111122223333:role/r", "assume_role_policy": roleTrust, "inline_policy": blocks}
	}
	bucket := func(text string) m { return m{"bucket": "a", "id": "a", "arn": "arn:aws:s3:::a", "policy": text} }
	bucketPolicy := func(text string) m { return m{"bucket": "a", "id": "a", "policy": text} }
	tests := []struct {
		name           string
		drift, changes []m
		unknown        bool // what the plan makes of the first change
		want           []string
	}{
		{"taken back",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(readAll))},
			[]m{change("aws_iam_role.r", "no-op", role(readAll), role(readAll)), change("aws_iam_role_policy.i", "update", inline(readAll), inline(readOne))}, false,
			[]string{"aws_iam_role_policy.i role r now allows s3:GetObject on every resource. It was changed outside of Terraform. The plan takes it back."}},
		{"left in place",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(readAll))},
			[]m{change("aws_iam_role_policy.i", "no-op", inline(readAll), inline(readAll))}, false,
			[]string{"aws_iam_role_policy.i role r now allows s3:GetObject on every resource. It was changed outside of Terraform. The plan leaves it in place."}},
		{"taken back in part",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(readAll))},
			[]m{change("aws_iam_role_policy.i", "update", inline(readAll), inline(readTwo))}, false,
			[]string{"aws_iam_role_policy.i role r now allows s3:GetObject on every resource. It was changed outside of Terraform. The plan takes back a part of it, with the request shown."}},
		{"not known",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(readAll))},
			[]m{change("aws_iam_role_policy.i", "update", inline(readAll), m{"name": "i", "role": "r"})}, true,
			[]string{"aws_iam_role_policy.i role r now allows s3:GetObject on every resource. It was changed outside of Terraform. What the plan makes of it is not known before the apply."}},
		{"narrowed", []m{change("aws_iam_role_policy.i", "update", inline(readAll), inline(readOne))},
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(readAll))}, false, nil},
		{"written differently", []m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(sameOne))},
			[]m{change("aws_iam_role_policy.i", "no-op", inline(sameOne), inline(sameOne))}, false, nil},
		{"moved between two documents of one role",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(denyStop)), change("aws_iam_role_policy.j", "update", m{"name": "j", "role": "r", "policy": denyStop}, m{"name": "j", "role": "r", "policy": readOne})},
			[]m{change("aws_iam_role_policy.i", "update", inline(denyStop), inline(readOne)), change("aws_iam_role_policy.j", "update", m{"name": "j", "role": "r", "policy": readOne}, m{"name": "j", "role": "r", "policy": denyStop})}, false, nil},
		{"mirrors of the first refresh",
			[]m{change("aws_iam_role.r", "update", role(), role(readAll)), change("aws_s3_bucket.a", "update", bucket(""), bucket(anyone))},
			[]m{change("aws_iam_role.r", "no-op", role(readAll), role(readAll)), change("aws_iam_role_policy.i", "no-op", inline(readAll), inline(readAll)),
				change("aws_s3_bucket.a", "no-op", bucket(anyone), bucket(anyone)), change("aws_s3_bucket_policy.a", "no-op", bucketPolicy(anyone), bucketPolicy(anyone))}, false, nil},
		{"an inline policy that nobody in the plan manages",
			[]m{change("aws_iam_role.r", "update", role(readOne), role(readOne, readAll))},
			[]m{change("aws_iam_role.r", "no-op", role(readOne, readAll), role(readOne, readAll)), change("aws_iam_role_policy.i", "no-op", inline(readOne), inline(readOne))}, false,
			[]string{"aws_iam_role.r role r now allows s3:GetObject on every resource. It was changed outside of Terraform. The plan leaves it in place."}},
		{"a lost guard",
			[]m{change("aws_iam_role_policy.i", "delete", inline(denyStop), nil)},
			[]m{change("aws_iam_role.r", "no-op", role(), role()), change("aws_iam_role_policy.i", "create", nil, inline(denyStop))}, false,
			[]string{"aws_iam_role_policy.i role r: the policy is deleted, and with it Deny statement 0, which held back cloudtrail:StopLogging on every resource. It was changed outside of Terraform. The plan takes it back."}},
		{"unreadable",
			[]m{change("aws_iam_role_policy.i", "update", inline(readOne), inline(noPolicy))},
			[]m{change("aws_iam_role_policy.i", "update", inline(noPolicy), inline(readOne))}, false,
			[]string{"aws_iam_role_policy.i role r: it was changed outside of Terraform, and what was found cannot be read, so whether that gave access is not known."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.unknown {
				tt.changes[0]["change"].(m)["after_unknown"] = m{"policy": true}
			}
			plan, err := json.Marshal(m{"format_version": "1.2", "resource_drift": tt.drift, "resource_changes": tt.changes, "configuration": configuration(tt.changes)})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			put(t, dir, "plan.json", string(plan))
			r := scanOK(t, scanner.Options{Paths: []string{filepath.Join(dir, "plan.json")}})
			var got []string
			for _, f := range r.Findings {
				if f.Rule != "drift" {
					continue
				}
				got = append(got, f.Address+" "+f.Message)
				if f.Level.String() != "note" || f.Undecided || f.Severity > 3.9 {
					t.Errorf("level %v, severity %v, undecided %v", f.Level, f.Severity, f.Undecided)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("drift (-want +got):\n%s", diff)
			}
		})
	}
}
