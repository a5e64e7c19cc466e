package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

var update = flag.Bool("update", false, "rewrite docs/rules.md")

func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range rules.All() {
		if seen[r.ID] {
			t.Errorf("%s is there twice", r.ID)
		}
		seen[r.ID] = true
		for what, text := range map[string]string{
			"title": r.Title, "text": r.Doc.Text, "before": r.Doc.Before, "after": r.Doc.After, "fix": r.Doc.Fix,
			"sources": strings.Join(r.Doc.Sources, ""),
		} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		if strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: the title ends with a dot", r.ID)
		}
	}
}

// TestRulesPage holds docs/rules.md to the rules.
func TestRulesPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# Rules\n\nThis page is made from the rules themselves (`go test ./rules -update`).\n")
	for _, r := range rules.All() {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.** %s\n\nBefore:\n\n    %s\n\nAfter:\n\n    %s\n\n%s\n\nSources: %s.\n",
			r.ID, r.Title, r.Doc.Text, r.Doc.Before, r.Doc.After, r.Doc.Fix, strings.Join(r.Doc.Sources, "; "))
	}
	b.WriteString("\n## Codes of invalid-policy\n\n" + lintCodes())
	file := filepath.Join("..", "docs", "rules.md")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(have)); d != "" {
		t.Errorf("docs/rules.md is not that of the rules; run go test ./rules -update (-want +got):\n%s", d)
	}
}

// side parses a policy, given as a document, a bare statement, or "" for none.
func side(t *testing.T, text string, kind extractors.Kind) extractors.Side {
	t.Helper()
	if text == "" {
		return extractors.Side{Absent: true}
	}
	if !strings.Contains(text, "Statement") {
		text = `{"Version": "2012-10-17", "Statement": [` + text + `]}`
	}
	d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind.PolicyKind()})
	if ds.HasErrors() {
		return extractors.Side{Diagnostics: ds}
	}
	return extractors.Side{Document: d}
}

func grant(t *testing.T, kind extractors.Kind, before, after string) *extractors.Grant {
	t.Helper()
	g := &extractors.Grant{
		Address: "aws_thing.x", Attribute: "policy", Kind: kind, Action: extractors.Update, Account: "111122223333",
		Subject: extractors.Subject{Kind: "thing", Name: "x"},
		Before:  side(t, before, kind), After: side(t, after, kind),
	}
	if before == "" {
		g.Action, g.Subject.New = extractors.Create, true
	}
	if after == "" {
		g.Action = extractors.Delete
	}
	return g
}

// TestDocumentedExamples runs each rule's own example: the rule reports the change
// from before to after, and not the one back.
func TestDocumentedExamples(t *testing.T) {
	t.Parallel()
	for _, r := range rules.All() {
		if !strings.HasPrefix(r.Doc.Before, "{") {
			continue // a fragment of Terraform
		}
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			kind := extractors.Identity
			if strings.Contains(r.Doc.Before, "Principal") {
				kind = extractors.Resource
			}
			if ids := ruleIDs(rules.Run(grant(t, kind, r.Doc.Before, r.Doc.After), rules.Options{})); !slices.Contains(ids, r.ID) {
				t.Errorf("not reported; got %v", ids)
			}
			if ids := ruleIDs(rules.Run(grant(t, kind, r.Doc.After, r.Doc.Before), rules.Options{})); slices.Contains(ids, r.ID) {
				t.Errorf("the way back is reported too")
			}
		})
	}
}

func ruleIDs(fs []rules.Found) []string {
	var ids []string
	for _, f := range fs {
		ids = append(ids, f.Rule)
	}
	return ids
}

// undecidable are statements that the engine leaves open: an equation between two values that
// takes more than its bound.
const undecidable = `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::${k:a}${k:a}${k:a}${k:b}"},
	{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::${k:b}a${k:b}b"}`

func TestFindings(t *testing.T) {
	t.Parallel()
	const get = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`
	for _, c := range []struct {
		name          string
		kind          extractors.Kind
		before, after string
		want          []string // level rule: message
	}{
		{"nothing changes", extractors.Identity, get, get, nil},
		{"a grant goes", extractors.Identity, get, "", nil},
		{"read on a named resource, new", extractors.Identity, "", get,
			[]string{"note new-access: thing x now allows s3:GetObject on arn:aws:s3:::logs/*."}},
		{"all of a service on a named resource", extractors.Identity, get,
			`{"Sid": "All", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`,
			[]string{`warning new-access: thing x now allows sqs:* on arn:aws:sqs:eu-west-1:111122223333:jobs (statement "All").`}},
		{"everything", extractors.Identity, get, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
			[]string{"error new-access: thing x now allows every action on every resource."}},
		{"all but a few", extractors.Identity, get, `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`,
			[]string{"error new-access: thing x now allows all but iam:* on every resource."}},
		{"pass any role", extractors.Identity, get, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/*"}`,
			[]string{"error new-access: thing x now allows iam:PassRole on arn:aws:iam::111122223333:role/*."}},
		{"pass one role", extractors.Identity, get, `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}`,
			[]string{"warning new-access: thing x now allows iam:PassRole on arn:aws:iam::111122223333:role/app."}},
		{"a condition goes", extractors.Identity,
			`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`, get,
			[]string{"warning new-access: thing x now allows s3:GetObject on arn:aws:s3:::logs/*; no longer limited to aws:SourceIp IpAddress 203.0.113.0/24."}},
		{"anyone may read", extractors.Resource, "", `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`,
			[]string{"error new-access: everyone can now use s3:GetObject on arn:aws:s3:::logs/*."}},
		{"anyone of the organization may read", extractors.Resource, "",
			`{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}}`,
			[]string{"note new-access: everyone can now use s3:GetObject on arn:aws:s3:::logs/*, if aws:PrincipalOrgID StringEquals o-abcdefghij."}},
		{"another account may write", extractors.Resource, "",
			`{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}`,
			[]string{"error new-access: account 444455556666 can now use s3:PutObject on arn:aws:s3:::logs/*."}},
		{"a service may assume", extractors.Trust, "",
			`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`,
			[]string{"note new-access: service ec2.amazonaws.com can now assume thing x (sts:AssumeRole)."}},
		{"a service may tag sessions", extractors.Trust, "",
			`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:TagSession"}`,
			[]string{"note new-access: service ec2.amazonaws.com can now tag sessions of thing x (sts:TagSession)."}},
		{"a deny goes, and lets its own policy work", extractors.Identity,
			get + `, {"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/secret"}`, get,
			[]string{`error new-access: thing x now allows s3:GetObject on arn:aws:s3:::logs/*; no longer denied by statement "No".`}},
		{"one statement is found, another is not decided", extractors.Resource, "",
			`{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}, ` + undecidable,
			[]string{"note new-access: account 111122223333 can now use s3:GetObject on arn:aws:s3:::logs/*.",
				"warning new-access: thing x: whether the change gives new access could not be decided: whether the access is new depends on the values of ${k:a}, ${k:b}."}},
		{"a deny goes", extractors.Identity, get + `, {"Sid": "No", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}`, get,
			[]string{`error guardrail-removed: thing x: Deny statement "No" is gone; it held back iam:* on every resource.`}},
		{"a control policy lets more through", extractors.SCP,
			`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`, `{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}`,
			[]string{"error guardrail-removed: thing x lets more through: ec2:* on every resource (statement 0)."}},
		{"what came before cannot be read", extractors.Identity, `{"effect": "Allow"}`, get,
			[]string{"warning new-access: thing x now allows s3:GetObject on arn:aws:s3:::logs/*.",
				"warning guardrail-removed: thing x: the policy before the change is not known or cannot be read, so whether it held something back could not be decided."}},
		{"what goes cannot be read", extractors.Identity, `{"effect": "Deny"}`, "",
			[]string{"warning guardrail-removed: thing x: the policy before the change is not known or cannot be read, so whether it held something back could not be decided."}},
		{"a guard that cannot be read is opened", extractors.SCP, `{"effect": "Deny"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
			[]string{"warning guardrail-removed: thing x: the policy before the change is not known or cannot be read, so whether it held something back could not be decided."}},
		{"a control policy loses a deny and allows more", extractors.SCP,
			`{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}, {"Sid": "No", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}`,
			`{"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"}`,
			[]string{"error guardrail-removed: thing x lets more through: s3:* on every resource (statement 0).",
				`error guardrail-removed: thing x: Deny statement "No" is gone; it held back iam:* on every resource.`}},
		{"everyone but one account", extractors.Trust, "",
			`{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}`,
			[]string{
				"error new-access: everyone but account 111122223333 can now assume thing x (sts:AssumeRole).",
				"warning invalid-policy: thing x: A role trust policy does not take NotPrincipal [ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL].",
			}},
		{"everyone of another account", extractors.Resource, "",
			`{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}}`,
			[]string{"error new-access: everyone can now use s3:GetObject on arn:aws:s3:::logs/*, if aws:PrincipalAccount StringEquals 999988887777."}},
		{"what comes after cannot be read", extractors.Identity, get, `{"effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`,
			[]string{`warning invalid-policy: thing x: the policy cannot be read: "effect" is no element of a statement.`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range rules.Run(grant(t, c.kind, c.before, c.after), rules.Options{}) {
				if f.External != nil || f.Rule == "privilege-escalation" {
					continue // said of the same gains by rules with tests of their own
				}
				got = append(got, fmt.Sprintf("%s %s: %s", f.Level, f.Rule, f.Message))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestGoneSubject: what guarded a thing that goes too guards nothing.
func TestGoneSubject(t *testing.T) {
	t.Parallel()
	g := grant(t, extractors.Resource, `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`, "")
	if len(rules.Run(g, rules.Options{})) != 1 {
		t.Errorf("a lost guard of a thing that stays is not reported")
	}
	g.Subject.Gone = true
	if fs := rules.Run(g, rules.Options{}); len(fs) != 0 {
		t.Errorf("got %v", ruleIDs(fs))
	}
}

// TestSensitive: nothing of a sensitive policy but the names of actions is told.
func TestSensitive(t *testing.T) {
	t.Parallel()
	g := grant(t, extractors.Trust, "", `{"Sid": "tellmenot", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole",
		"Condition": {"StringEquals": {"sts:ExternalId": "tellmenot"}}}`)
	g.After.Sensitive = true
	for _, f := range rules.Run(g, rules.Options{}) {
		text := fmt.Sprintf("%+v %+v %+v", f, f.Gained, f.Statement)
		for _, secret := range []string{"tellmenot", "444455556666"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is told: %s", secret, text)
			}
		}
		if f.Witness != nil {
			t.Error("a witness is shown")
		}
	}
}

// TestHoldsBack: which conditions keep strangers out of a statement for everyone.
func TestHoldsBack(t *testing.T) {
	t.Parallel()
	for condition, public := range map[string]bool{
		`"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}`:                 false,
		`"StringLike": {"aws:PrincipalOrgID": "o-*"}`:                            true,
		`"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}`:              true,
		`"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"}`:         true,
		`"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}`: true,
		`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcdefghij/*"}`:  false,
		`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-*/ou-*"}`:    true,
		`"StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}`:                      false,
		`"StringLike": {"aws:SourceVpc": "vpc-*"}`:                               true,
		`"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}`:           true,
		`"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}`:                        false,
		`"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}`:         true,
		`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`:                            false,
		`"IpAddress": {"aws:SourceIp": "2000::/3"}`:                              true,
		`"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}`:                         true,
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}`:    false,
		`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}`:          true,
		`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*"}`:                   true,
		`"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}`:                      false,
		`"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}`:                         true,
		`"StringEquals": {"aws:SourceAccount": "111122223333"}`:                  false,
		`"StringLike": {"aws:PrincipalAccount": "1*"}`:                           true,
		`"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}`:                        false,
		`"StringLike": {"aws:userid": "AROA*"}`:                                  true,
		`"Bool": {"aws:PrincipalIsAWSService": "true"}`:                          false,
		`"Bool": {"aws:PrincipalIsAWSService": "false"}`:                         true,
		`"StringEquals": {"aws:Referer": "https://acme.example/"}`:               true,
		`"StringEquals": {"sts:ExternalId": "secret"}`:                           true,
		`"StringEquals": {"aws:PrincipalTag/team": "red"}`:                       true,
		`"Bool": {"aws:SecureTransport": "true"}`:                                true,
	} {
		g := grant(t, extractors.Resource, "", `{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*", "Condition": {`+condition+`}}`)
		fs := rules.Run(g, rules.Options{})
		if len(fs) == 0 || fs[0].Rule != "new-access" {
			t.Errorf("%s: %v", condition, ruleIDs(fs))
			continue
		}
		if got := fs[0].Severity >= 9.3; got != public {
			t.Errorf("%s: public is %v (severity %v)", condition, got, fs[0].Severity)
		}
	}
}

// TestFingerprint: stable over lines and order, different for what is gained.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	one := func(after string, change func(*extractors.Grant)) string {
		g := grant(t, extractors.Identity, "", after)
		if change != nil {
			change(g)
		}
		fs := rules.Run(g, rules.Options{})
		if len(fs) != 1 {
			t.Fatalf("%d findings", len(fs))
		}
		return fs[0].Fingerprint
	}
	const a = `{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}`
	base := one(a, nil)
	moved := func(g *extractors.Grant) {
		at := g.Origin()
		at.Range.Start.Line = 99
		g.Written = &at
	}
	if got := one(a, moved); got != base {
		t.Error("a line changes the fingerprint")
	}
	if got := one(`{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*"}`, nil); got != base {
		t.Error("order changes the fingerprint")
	}
	for name, other := range map[string]string{
		"another action": one(`{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}`, nil),
		"another object": one(a, func(g *extractors.Grant) { g.Address = "aws_thing.y" }),
		"a condition":    one(`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`, nil),
		"another place":  one(a, func(g *extractors.Grant) { g.Attribute = "inline" }),
	} {
		if other == base {
			t.Errorf("%s has the same fingerprint", name)
		}
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	finding := func(l rules.Level, undecided bool) rules.Finding {
		return rules.Finding{Level: l, Undecided: undecided}
	}
	pinned := func(l rules.Level) rules.Finding {
		f := finding(rules.Warning, true)
		f.Pin(l)
		return f
	}
	for _, c := range []struct {
		name     string
		findings []rules.Finding
		open     int
		failOn   rules.Level
		want     rules.Outcome
	}{
		{"nothing", nil, 0, 0, rules.OutcomePass},
		{"below", []rules.Finding{finding(rules.Warning, false)}, 0, rules.Error, rules.OutcomePass},
		{"at", []rules.Finding{finding(rules.Warning, false)}, 0, rules.Warning, rules.OutcomeFail},
		{"undecided", []rules.Finding{finding(rules.Warning, true)}, 1, rules.Error, rules.OutcomeUndecided},
		{"a finding outweighs", []rules.Finding{finding(rules.Warning, true), finding(rules.Error, false)}, 1, rules.Error, rules.OutcomeFail},
		{"never", []rules.Finding{finding(rules.Error, false)}, 1, rules.Never, rules.OutcomePass},
		{"undecided and pinned below", []rules.Finding{pinned(rules.Note)}, 1, rules.Warning, rules.OutcomePass},
		{"undecided and pinned at", []rules.Finding{pinned(rules.Warning)}, 1, rules.Warning, rules.OutcomeUndecided},
		{"undecided and pinned above", []rules.Finding{pinned(rules.Error)}, 1, rules.Warning, rules.OutcomeUndecided},
		{"one of two pinned below", []rules.Finding{pinned(rules.Note), finding(rules.Warning, true)}, 2, rules.Error, rules.OutcomeUndecided},
		{"pinned below and an incomplete input", []rules.Finding{pinned(rules.Note)}, 2, rules.Error, rules.OutcomeUndecided},
		{"archived", []rules.Finding{{Level: rules.Error, Archived: &rules.Archived{}}}, 0, rules.Error, rules.OutcomePass},
	} {
		r := &rules.Result{Findings: c.findings, Summary: rules.Summary{Undecided: c.open}}
		if got := rules.OutcomeOf(r, c.failOn); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestPin holds a pinned finding's severity to the range of its level.
func TestPin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		level    rules.Level
		severity float64
		want     float64
	}{
		{rules.Error, 2.0, 7.0}, {rules.Error, 9.8, 9.8},
		{rules.Warning, 9.8, 6.9}, {rules.Warning, 5.0, 5.0}, {rules.Warning, 1.0, 4.0},
		{rules.Note, 9.8, 3.9}, {rules.Note, 2.0, 2.0},
	} {
		f := rules.Finding{Rule: "new-access", Level: rules.Warning, Severity: c.severity, Fingerprint: "f"}
		f.Pin(c.level)
		want := rules.Finding{Rule: "new-access", Level: c.level, Pinned: true, Severity: c.want, Fingerprint: "f"}
		if d := cmp.Diff(want, f); d != "" {
			t.Errorf("%s over %v (-want +got):\n%s", c.level, c.severity, d)
		}
	}
}

// TestNoStatementsBefore: a text without statements is known to hold nothing back; one
// that cannot be read otherwise is not.
func TestNoStatementsBefore(t *testing.T) {
	t.Parallel()
	const after = `{"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*"}`
	for before, open := range map[string]bool{
		`{"Version": "2012-10-17"}`: false,
		`{}`:                        false,
		`{"Version": "2012-10-17", "Statement": []}`: false,
		`{"Version": "2012-10-17", "statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}`: true,
		`{"Version": "2012-10-17", "Deny": []}`:     true,
		`{"Version": "2012-10-17", "Statement": 1}`: true,
		`[]`: true,
		``:   true,
	} {
		g := grant(t, extractors.Resource, after, after)
		d, ds := policy.Parse([]byte(before), policy.ParseOptions{Kind: policy.Resource})
		g.Before = extractors.Side{Document: d, Diagnostics: ds}
		told, news := false, ""
		for _, f := range rules.Run(g, rules.Options{}) {
			switch f.Rule {
			case "guardrail-removed":
				told = true
			case "new-access":
				news = strings.Join(f.Details, " ")
			}
		}
		if told != open || strings.Contains(news, "cannot be read") != open {
			t.Errorf("%s: told is %v: %s", before, told, news)
		}
	}
}

// TestPolicyBefore: what is said of a document that is new to its subject fits what the
// change does with it.
func TestPolicyBefore(t *testing.T) {
	t.Parallel()
	for action, want := range map[extractors.Action]string{
		extractors.Create:  "There was no such policy before, so all of its access is new.",
		extractors.Update:  "It did not have this policy before, so all of its access is new.",
		extractors.Replace: "It did not have this policy before, so all of its access is new.",
	} {
		g := grant(t, extractors.Identity, "", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}`)
		g.Action = action
		for _, f := range rules.Run(g, rules.Options{}) {
			if !slices.Contains(f.Details, want) {
				t.Errorf("%s: %v", action, f.Details)
			}
		}
	}
}
