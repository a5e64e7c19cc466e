package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func prior(resources ...m) m {
	return m{"prior_state": m{"format_version": "1.0", "values": m{"root_module": m{"resources": resources}}}}
}

func dataOf(address, typ, name string, values m, more ...m) m {
	d := m{"address": address, "mode": "data", "type": typ, "name": name, "values": values}
	for _, extra := range more {
		for k, v := range extra {
			d[k] = v
		}
	}
	return d
}

// TestDataPolicies covers policies that only a data source shows: those that a link
// leads to become grants that do not change.
func TestDataPolicies(t *testing.T) {
	t.Parallel()
	const a = "aws_iam_role_policy_attachment.a"
	attach := rc(a, "create", nil, m{"role": "r", "policy_arn": ownARN})
	other := m{"arn": "arn:aws:iam::111122223333:policy/other", "policy": putObject}
	own := m{"arn": ownARN, "policy": getObject, "attachment_count": 3}
	const grant = "data.aws_iam_policy.own | policy | identity | no-op | policy data.aws_iam_policy.own " + ownARN + " | A > A"
	const link = a + " | policy_arn | attached | create | role  r | none > policy data.aws_iam_policy.own 111122223333:policy/own"
	inModule := m{"prior_state": m{"values": m{"root_module": m{"child_modules": []any{m{"address": "module.m", "resources": []any{
		dataOf("module.m.data.aws_iam_policy.own[0]", "aws_iam_policy", "own", own, m{"index": 0})}}}}}}}
	tests := []struct {
		name    string
		changes []m
		prior   m
		grants  []string
		links   []string
	}{
		{"attached", []m{attach}, prior(dataOf("data.aws_iam_policy.own", "aws_iam_policy", "own", own), dataOf("data.aws_iam_policy.other", "aws_iam_policy", "other", other)),
			[]string{grant}, []string{link}},
		{"read twice", []m{attach}, prior(dataOf("data.aws_iam_policy.own", "aws_iam_policy", "own", own), dataOf("data.aws_iam_policy.again", "aws_iam_policy", "again", own)),
			[]string{grant}, []string{link}},
		{"managed as well", []m{stay("aws_iam_policy.own", policyObject("own")), attach}, prior(dataOf("data.aws_iam_policy.own", "aws_iam_policy", "own", own)),
			[]string{"aws_iam_policy.own | policy | identity | no-op | policy aws_iam_policy.own " + ownARN + " | A > A"},
			[]string{a + " | policy_arn | attached | create | role  r | none > policy aws_iam_policy.own 111122223333:policy/own"}},
		{"in a module", []m{attach}, inModule,
			[]string{"module.m.data.aws_iam_policy.own[0] | policy | identity | no-op | policy module.m.data.aws_iam_policy.own[0] " + ownARN + " | A > A"},
			[]string{strings.Replace(link, "data.aws_iam_policy.own", "module.m.data.aws_iam_policy.own[0]", 1)}},
		{"sensitive", []m{attach}, prior(dataOf("data.aws_iam_policy.own", "aws_iam_policy", "own", own, m{"sensitive_values": m{"policy": true}})),
			[]string{strings.Replace(grant, "A > A", "A sensitive > A sensitive", 1)}, []string{link}},
		{"no text", []m{attach}, prior(dataOf("data.aws_iam_policy.own", "aws_iam_policy", "own", m{"arn": ownARN})),
			[]string{strings.Replace(grant, "A > A", "unreadable > unreadable", 1)}, []string{link}},
		{"no data source", []m{attach}, prior(m{"address": "aws_iam_policy.own", "mode": "managed", "type": "aws_iam_policy", "name": "own", "values": own}),
			nil, []string{strings.Replace(link, "data.aws_iam_policy.own ", "", 1)}},
		{"values of another form", []m{attach}, m{"prior_state": m{"values": []any{1}}}, nil, []string{strings.Replace(link, "data.aws_iam_policy.own ", "", 1)}},
		{"resources of another form", []m{attach}, m{"prior_state": m{"values": m{"root_module": m{"resources": m{}, "child_modules": []any{1}}}}}, nil, []string{strings.Replace(link, "data.aws_iam_policy.own ", "", 1)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, nil, tt.prior), terraform.Options{Path: "plan.json"})
			if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 {
				t.Fatalf("diagnostics %v, incomplete %q; want none", x.Diagnostics, x.Incomplete)
			}
			if diff := cmp.Diff(tt.grants, lines(x.Grants)); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.links, linkLines(x.Links)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			for _, g := range x.Grants {
				if strings.Contains(g.Address, "data.") && (g.ARN != ownARN || g.Account != "111122223333") {
					t.Errorf("%s: ARN %q, account %q", g.Address, g.ARN, g.Account)
				}
			}
		})
	}
}

// TestAttachmentCount covers how often a managed policy is in use before the change.
func TestAttachmentCount(t *testing.T) {
	t.Parallel()
	side := func(count any) m {
		p := policyObject("own")
		p["attachment_count"] = count
		return p
	}
	for name, tt := range map[string]struct {
		change m
		want   int // -1 for nil
	}{
		"none":        {stay("aws_iam_policy.p", side(0)), 0},
		"two":         {rc("aws_iam_policy.p", "update", side(2), side(7)), 2},
		"not told":    {stay("aws_iam_policy.p", policyObject("own")), -1},
		"odd":         {stay("aws_iam_policy.p", side("2")), -1},
		"made":        {rc("aws_iam_policy.p", "create", nil, side(5)), -1},
		"not managed": {stay("aws_iam_role_policy.p", m{"role": "r", "policy": getObject, "attachment_count": 2}), -1},
	} {
		g := clean(t, plan([]m{tt.change}, nil))[0]
		got := -1
		if g.Attachments != nil {
			got = *g.Attachments
		}
		if got != tt.want {
			t.Errorf("%s: %d attachments, want %d", name, got, tt.want)
		}
	}
}

// TestCallerIdentity covers the account that a data source tells of its provider
// configuration.
func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	bucket := rc("aws_s3_bucket_policy.p", "create", nil, m{"bucket": "my-bucket", "policy": openToAll})
	provided := func(c m, provider string) m { c["provider_config_key"] = provider; return c }
	policy := provided(conf("aws_s3_bucket_policy.p", map[string][]string{"policy": nil}), "aws")
	caller := func(provider string) m {
		return provided(m{"address": "data.aws_caller_identity.me", "mode": "data", "type": "aws_caller_identity", "name": "me"}, provider)
	}
	values := m{"account_id": "111122223333", "arn": "arn:aws:sts::111122223333:assumed-role/ci/x"}
	read := dataOf("data.aws_caller_identity.me", "aws_caller_identity", "me", values)
	for name, tt := range map[string]struct {
		resources []m
		prior     m
		want      string
	}{
		"same provider":    {[]m{policy, caller("aws")}, prior(read), "111122223333"},
		"another provider": {[]m{policy, caller("aws.other")}, prior(read), ""},
		"not configured":   {[]m{policy}, prior(read), ""},
		"no account":       {[]m{policy, caller("aws")}, prior(dataOf("data.aws_caller_identity.me", "aws_caller_identity", "me", m{"arn": "x", "account_id": "y"})), ""},
	} {
		x := extract(t, plan([]m{bucket}, tt.resources, tt.prior), terraform.Options{})
		if len(x.Grants) != 1 || x.Grants[0].Account != tt.want {
			t.Errorf("%s: grants %+v, want account %q", name, lines(x.Grants), tt.want)
		}
	}
}
