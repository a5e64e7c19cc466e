package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// TestOutsiders: who counts as one from outside of the zone of trust.
func TestOutsiders(t *testing.T) {
	t.Parallel()
	trust := func(principal, condition string) string {
		if condition != "" {
			condition = `, "Condition": {` + condition + `}`
		}
		return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:AssumeRole"` + condition + `}`
	}
	const github = `{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`
	const sub = `"token.actions.githubusercontent.com:sub": `
	zone := rules.Trust{Accounts: []string{"555566667777"}, Organizations: []string{"o-abcdefghij"}}
	for _, c := range []struct {
		name, statement string
		want            string // principal of the finding, "" for none
	}{
		{"the own account", trust(`{"AWS": "111122223333"}`, ""), ""},
		{"a role of the own account", trust(`{"AWS": "arn:aws:iam::111122223333:role/app"}`, ""), ""},
		{"a trusted account", trust(`{"AWS": "arn:aws:iam::555566667777:role/ci"}`, ""), ""},
		{"another account", trust(`{"AWS": "444455556666"}`, ""), "AWS 444455556666"},
		{"another account with an external id", trust(`{"AWS": "444455556666"}`, `"StringEquals": {"sts:ExternalId": "x"}`), "AWS 444455556666"},
		{"another account of the organization", trust(`{"AWS": "444455556666"}`, `"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}`), ""},
		{"everyone of the organization", trust(`{"AWS": "*"}`, `"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}`), ""},
		{"a path of the organization", trust(`{"AWS": "*"}`, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/ou-ab12-11111111/*"}`), ""},
		{"everyone of another organization", trust(`{"AWS": "*"}`, `"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}`), "AWS *"},
		{"everyone of a trusted account", trust(`{"AWS": "*"}`, `"StringEquals": {"aws:PrincipalAccount": "555566667777"}`), ""},
		{"roles of a trusted account", trust(`{"AWS": "*"}`, `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::555566667777:role/*"}`), ""},
		{"roles of another account", trust(`{"AWS": "*"}`, `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}`), "AWS *"},
		{"a service", trust(`{"Service": "lambda.amazonaws.com"}`, ""), ""},
		{"everyone is told by public-access", trust(`{"AWS": "*"}`, ""), ""},
		{"a repository", trust(github, `"StringLike": {`+sub+`"repo:acme/shop:*"}`), ""},
		{"all repositories of an owner", trust(github, `"StringLike": {`+sub+`"repo:acme/*"}`), ""},
		{"all repositories of everyone", trust(github, `"StringLike": {`+sub+`"repo:*"}`), "Federated arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		{"owners that begin alike", trust(github, `"StringLike": {`+sub+`"repo:acme*/shop:*"}`), "Federated arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		{"one good and one bad", trust(github, `"StringLike": {`+sub+`["repo:acme/shop:*", "*"]}`), "Federated arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		{"the audience alone", trust(github, `"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}`), "Federated arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		{"a claim of another provider, which nobody has", trust(`{"Federated": "cognito-identity.amazonaws.com"}`, `"StringEquals": {`+sub+`"repo:*"}`), ""},
		{"a provider of one's own", trust(`{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"}`, ""), ""},
		{"any provider is told by public-access", trust(`{"Federated": "*"}`, ""), ""},
	} {
		g := grant(t, extractors.Trust, "", c.statement)
		got, public := "", false
		for _, f := range rules.Run(g, rules.Options{Settings: rules.Settings{Trust: zone}}) {
			if f.Rule == "public-access" {
				public = true
			}
			if f.Rule != "external-access" {
				continue
			}
			for kind, id := range f.External.Principal {
				got += kind + " " + id
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		// Whoever has an account with the provider is anyone, too.
		want := strings.Contains(c.name, "told by public-access") || strings.HasPrefix(c.want, "Federated") || c.name == "a provider of one's own"
		if public != want {
			t.Errorf("%s: public is %v, want %v", c.name, public, want)
		}
	}
}

// TestExternalOnce: several statements for one principal are one finding.
func TestExternalOnce(t *testing.T) {
	t.Parallel()
	g := grant(t, extractors.Resource, "", `{"Effect": "Allow", "Principal": {"AWS": ["444455556666", "777788889999"]}, "Action": "sqs:SendMessage", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sqs:ReceiveMessage", "Resource": "*"}`)
	var got []string
	for _, f := range rules.Run(g, rules.Options{}) {
		if f.Rule == "external-access" {
			got = append(got, fmt.Sprint(f.External.Principal, f.External.Action, " ", f.Message))
		}
	}
	want := []string{
		"map[AWS:444455556666] [sqs:SendMessage sqs:ReceiveMessage] thing x can be reached from outside of the zone of trust, by account 444455556666.",
		"map[AWS:777788889999] [sqs:SendMessage] thing x can be reached from outside of the zone of trust, by account 777788889999.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	const pass = `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/admin-ci"}`
	const get = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`
	forbidden := func(match rules.Match) rules.Options {
		return rules.Options{Settings: rules.Settings{Forbidden: []rules.Forbidden{{
			Access: []access.Access{{Actions: []string{"iam:PassRole"}, Resources: []string{"arn:aws:iam::*:role/admin-*"}}}, Match: match.Compile(),
		}}}}
	}
	for _, c := range []struct {
		name, before, after string
		match               rules.Match
		want                string
	}{
		{"new", get, get + "," + pass, rules.Match{}, "error: Forbidden access: thing x now allows iam:PassRole on arn:aws:iam::111122223333:role/admin-ci."},
		{"a wildcard that reaches it", get, `{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}`, rules.Match{}, "error: Forbidden access: thing x now allows iam:* on every resource."},
		{"there already", pass, get + "," + pass, rules.Match{}, "note: Forbidden access that is there already: thing x now allows iam:PassRole on arn:aws:iam::111122223333:role/admin-ci."},
		{"another role", get, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}`, rules.Match{}, ""},
		{"denied", get, pass + `,{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}`, rules.Match{}, ""},
		{"another subject", get, get + "," + pass, rules.Match{Address: "module.ci.**"}, ""},
		{"another kind", get, get + "," + pass, rules.Match{Kind: "role"}, ""},
		{"this subject", get, get + "," + pass, rules.Match{Address: "aws_thing.*", Kind: "thing", Name: "?"}, "error: Forbidden access: thing x now allows iam:PassRole on arn:aws:iam::111122223333:role/admin-ci."},
	} {
		got := ""
		for _, f := range rules.Run(grant(t, extractors.Identity, c.before, c.after), forbidden(c.match)) {
			if f.Rule == "forbidden-access" {
				got += fmt.Sprintf("%s: %s", f.Level, f.Message)
			}
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	reference, ds := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}`), policy.ParseOptions{Kind: policy.Identity})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	o := rules.Options{Settings: rules.Settings{References: []rules.Reference{{Name: "no-keys", Match: rules.Match{}.Compile(), Policy: reference}}}}
	const decrypt = `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}`
	const get = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`
	for _, c := range []struct {
		name, before, after, want string
		kind                      extractors.Kind
	}{
		{"within", get, `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`, "", extractors.Identity},
		{"beyond", get, get + "," + decrypt, "error: Beyond the reference no-keys: thing x now allows kms:Decrypt on every resource.", extractors.Identity},
		{"beyond already", decrypt, get + "," + decrypt, "note: Beyond the reference no-keys already: thing x now allows kms:Decrypt on every resource.", extractors.Identity},
		{"of the other type", "", `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}`, "", extractors.Resource},
	} {
		got := ""
		for _, f := range rules.Run(grant(t, c.kind, c.before, c.after), o) {
			if f.Rule == "exceeds-reference" {
				got += fmt.Sprintf("%s: %s", f.Level, f.Message)
			}
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}
