package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// TestSameNames: a value that could not be everyone before the change and can be after it
// names the same principal; that it may be everyone is told, once.
func TestSameNames(t *testing.T) {
	t.Parallel()
	const (
		open = "public-access: thing x: whether everyone gets in could not be decided: the principal (Who) is not known and may be everyone."
		does = "new-access: (Who) can now use sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:q."
		more = "new-access: (Who) can now use sqs:DeleteMessage on arn:aws:sqs:us-east-1:111122223333:q."
	)
	send := func(actions, principal string) string {
		return `{"Effect": "Allow", "Action": ` + actions + `, "Principal": ` + principal + `, "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}`
	}
	const (
		one, two = `"sqs:SendMessage"`, `["sqs:SendMessage", "sqs:DeleteMessage"]`
		account  = `{"AWS": "arn:aws:iam::(Who):root"}`
		anARN    = `{"AWS": "arn:unknown:unknown:::(Who)"}`
		anyone   = `{"AWS": "unknown:(Who)"}`
		pattern  = `{"AWS": "arn:aws:iam::(Other):root"}`
		network  = `, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}`
		inside   = "new-access: (Other) can now use sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:q, if aws:SourceVpc StringEquals vpc-1."
	)
	pinned := rules.Settings{Levels: map[string]rules.Level{"public-access": rules.Note}}
	for _, c := range []struct {
		name, before, after string
		settings            rules.Settings
		want                []string
	}{
		{"nothing else", send(one, account), send(one, anyone), rules.Settings{}, []string{open}},
		{"as an ARN", send(one, anARN), send(one, anyone), rules.Settings{}, []string{open}},
		{"an action more", send(one, account), send(two, anyone), rules.Settings{}, []string{more, open}},
		{"another value", send(one, pattern), send(one, anyone), rules.Settings{}, []string{does, open}},
		{"one that is not told, since it is held to a network", send(one, account) + "," + strings.TrimSuffix(send(one, pattern), "}") + network,
			send(one, anyone) + "," + strings.TrimSuffix(send(one, `{"AWS": "unknown:(Other)"}`), "}") + network, rules.Settings{}, []string{inside, open}},
		{"another level for what may be public", send(one, account), send(one, anyone), pinned, []string{does, open}},
	} {
		g := grant(t, extractors.Resource, c.before, c.after)
		g.After.Symbols = []extractors.Symbol{{Text: "(Who)", Reference: "Who"}, {Text: "(Other)", Reference: "Other"}}
		g.Before.Symbols = g.After.Symbols
		var got []string
		for _, f := range rules.Run(g, rules.Options{Settings: c.settings}) {
			if f.Rule != "external-access" {
				got = append(got, f.Rule+": "+f.Message)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// TestOpenNames: what may be everyone is accepted by who it is.
func TestOpenNames(t *testing.T) {
	t.Parallel()
	let := func(principal string) string {
		return `{"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"AWS": ` + principal + `}, "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}`
	}
	prints := map[string]bool{}
	for _, principal := range []string{`"unknown:(A)"`, `"unknown:(B)"`, `["unknown:(A)", "unknown:(B)"]`} {
		for _, f := range rules.Run(grant(t, extractors.Resource, "", let(principal)), rules.Options{}) {
			if f.Rule == "public-access" {
				prints[f.Fingerprint] = true
			}
		}
	}
	if len(prints) != 3 {
		t.Errorf("%d fingerprints for 3 that may be everyone", len(prints))
	}
}
