package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// TestUnsettled: who is not known is told as that, once, and never as somebody from
// outside.
func TestUnsettled(t *testing.T) {
	t.Parallel()
	send := func(principal, condition string) string {
		if condition != "" {
			condition = `, "Condition": {` + condition + `}`
		}
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sqs:SendMessage", "Resource": "*"` + condition + `}`
	}
	symbols := []extractors.Symbol{
		{Text: "(aws_iam_role.own.arn)", Reference: "aws_iam_role.own.arn"},
		{Text: `(module.m["k"].aws_iam_role.own[0].arn)`, Reference: `module.m["k"].aws_iam_role.own[0].arn`},
		{Text: "(aws_iam_role.other.arn)", Reference: "aws_iam_role.other.arn", Elsewhere: true},
		{Text: "(account of aws.other)", Reference: "account of aws.other", Elsewhere: true},
		{Text: "(account of aws)", Reference: "account of aws"},
		{Text: "(data.remote.r.arn)", Reference: "data.remote.r.arn"},
		{Text: "(var.who)", Reference: "var.who"},
		{Text: "(Partner)", Reference: "Partner"},
		{Text: "000000000001", Reference: "Partner"},
		{Text: "(Org)", Reference: "Org"},
		{Text: "(aws_other_thing.x.arn)", Reference: "aws_other_thing.x.arn"},
	}
	const (
		open    = "thing x: whether somebody from outside of the zone of trust gets in could not be decided: it depends on "
		outside = "thing x can be reached from outside of the zone of trust, by account 444455556666."
	)
	pinned := rules.Settings{Levels: map[string]rules.Level{"public-access": rules.Note}}
	for _, c := range []struct {
		name, before, after string
		settings            rules.Settings
		want                []string
	}{
		{"a role of the input", "", send(`{"AWS": "arn:unknown:unknown:::(aws_iam_role.own.arn)"}`, ""), rules.Settings{}, nil},
		{"a role of a module of the input", "", send(`{"AWS": "arn:unknown:unknown:::(module.m[\"k\"].aws_iam_role.own[0].arn)"}`, ""), rules.Settings{}, nil},
		{"a role that the input makes in what may be another account", "", send(`{"AWS": "arn:unknown:unknown:::(aws_iam_role.other.arn)"}`, ""), rules.Settings{},
			[]string{open + "aws_iam_role.other.arn."}},
		{"a role in the account of another provider configuration", "", send(`{"AWS": "arn:aws:iam::(account of aws.other):role/r"}`, ""), rules.Settings{}, []string{open + "account of aws.other."}},
		{"a role in the account of the same one", "", send(`{"AWS": "arn:aws:iam::(account of aws):role/r"}`, ""), rules.Settings{}, nil},
		{"an ARN that is read", "", send(`{"AWS": "arn:unknown:unknown:::(data.remote.r.arn)"}`, ""), rules.Settings{}, []string{open + "data.remote.r.arn."}},
		{"an ARN of something else", "", send(`{"AWS": "arn:unknown:unknown:::(aws_other_thing.x.arn)"}`, ""), rules.Settings{}, []string{open + "aws_other_thing.x.arn."}},
		{"what may be everyone is told by public-access", "", send(`{"AWS": "unknown:(var.who)"}`, ""), rules.Settings{}, nil},
		{"unless that is pinned", "", send(`{"AWS": "unknown:(var.who)"}`, ""), pinned, []string{open + "var.who."}},
		{"an account", "", send(`{"AWS": "arn:aws:iam::(Partner):root"}`, ""), rules.Settings{}, []string{open + "Partner."}},
		{"an account as a number", "", send(`{"AWS": "000000000001"}`, ""), rules.Settings{}, []string{open + "Partner."}},
		{"a role of an account", "", send(`{"AWS": "arn:aws:iam::(Partner):role/x"}`, ""), rules.Settings{}, []string{open + "Partner."}},
		{"an unknown name in the own account", "", send(`{"AWS": "arn:aws:iam::111122223333:role/(var.who)"}`, ""), rules.Settings{}, nil},
		{"an unknown name in another account", "", send(`{"AWS": "arn:aws:iam::444455556666:role/(var.who)"}`, ""), rules.Settings{},
			[]string{"thing x can be reached from outside of the zone of trust, by role (var.who) of account 444455556666."}},
		{"everyone of an account", "", send(`"*"`, `"StringEquals": {"aws:PrincipalAccount": "000000000001"}`), rules.Settings{}, []string{open + "Partner."}},
		{"everyone of an organization that may be the own", "", send(`"*"`, `"StringEquals": {"aws:PrincipalOrgID": "o-(Org)"}`), rules.Settings{}, nil},
		{"everyone of an organization", "", send(`"*"`, `"StringEquals": {"aws:PrincipalOrgID": "o-(Org)"}`),
			rules.Settings{Trust: rules.Trust{Organizations: []string{"o-abcdefghij"}}}, []string{open + "Org."}},
		{"several in one", "", send(`{"AWS": ["arn:aws:iam::(Partner):root", "arn:unknown:unknown:::(data.remote.r.arn)"]}`, "") + "," + send(`{"AWS": "000000000001"}`, ""),
			rules.Settings{}, []string{open + "Partner and data.remote.r.arn."}},
		{"beside somebody from outside", "", send(`{"AWS": ["arn:aws:iam::(Partner):root", "444455556666"]}`, ""), rules.Settings{}, []string{outside, open + "Partner."}},
		{"there before", send(`{"AWS": "000000000001"}`, ""), send(`{"AWS": "000000000001"}`, `"Bool": {"aws:SecureTransport": "true"}`), rules.Settings{}, nil},
	} {
		g := grant(t, extractors.Resource, c.before, c.after)
		g.After.Symbols, g.Before.Symbols = symbols, symbols
		var got []string
		for _, f := range rules.Run(g, rules.Options{Settings: c.settings}) {
			if f.Rule != "external-access" {
				if f.Rule == "new-access" && f.Severity >= 7 && !strings.Contains(c.after, "444455556666") {
					t.Errorf("%s: graded as of another account: %s", c.name, f.Message)
				}
				continue
			}
			if f.Undecided != strings.HasPrefix(f.Message, open) || f.Undecided && (f.External != nil || f.Witness != nil || f.Level != rules.Warning) {
				t.Errorf("%s: %+v", c.name, f.Finding)
			}
			if f.Witness != nil && !strings.Contains(fmt.Sprint(f.Witness), "444455556666") {
				t.Errorf("%s: the witness is another: %v", c.name, f.Witness)
			}
			got = append(got, f.Message)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// TestNamedAccounts: a number that stands for an account is shown as what it comes from.
func TestNamedAccounts(t *testing.T) {
	t.Parallel()
	g := grant(t, extractors.Identity, "", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*", "Condition": {"StringEquals": {"s3:ResourceAccount": ["000000000002", "000000000000"]}}}`)
	g.After.Symbols = []extractors.Symbol{{Text: "000000000002", Reference: "Partners"}, {Text: "000000000000", Reference: "AWS::AccountId"}}
	fs := rules.Run(g, rules.Options{})
	if len(fs) != 1 {
		t.Fatal(ruleIDs(fs))
	}
	f := fs[0]
	const stands = "000000000002 stands for Partners, which is not known before the change."
	if want := "thing x now allows s3:GetObject on arn:aws:s3:::x/*, if s3:ResourceAccount StringEquals (Partners), 000000000000."; f.Message != want {
		t.Errorf("got  %s\nwant %s", f.Message, want)
	}
	if strings.Contains(f.Gained.Description, "000000000002") || !slices.Contains(f.Details, stands) {
		t.Errorf("%s; %v", f.Gained.Description, f.Details)
	}
	// What identifies it stays.
	g.After.Symbols = nil
	if other := rules.Run(g, rules.Options{})[0]; other.Fingerprint != f.Fingerprint {
		t.Error("the fingerprint is another")
	}
}

// TestOwnAccount: the number that stands for the own account is called so, and a condition
// that asks whether a key is there says that.
func TestOwnAccount(t *testing.T) {
	t.Parallel()
	g := grant(t, extractors.Resource, "", `{"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"AWS": "000000000000"}, "Resource": "arn:aws:sqs:us-east-1:000000000000:q",
		"Condition": {"Null": {"aws:SourceVpc": "false", "aws:SourceVpce": "true"}, "ForAllValues:StringEquals": {"aws:TagKeys": "a"}}}`)
	g.After.Symbols = []extractors.Symbol{{Text: "000000000000", Reference: "AWS::AccountId"}}
	for _, f := range rules.Run(g, rules.Options{}) {
		if f.Rule != "new-access" {
			continue
		}
		const want = "the own account can now use sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:q, if aws:SourceVpc is given, aws:SourceVpce is not given and aws:TagKeys ForAllValues:StringEquals a."
		if f.Message != want {
			t.Errorf("got  %s\nwant %s", f.Message, want)
		}
		return
	}
	t.Error("not told")
}
