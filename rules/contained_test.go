package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// told lists which statements of a role's policy are findings of their own and, after a
// colon, those which each contains.
func told(found []Found) string {
	var out []string
	for _, f := range found {
		if f.Rule != newAccess.ID {
			continue
		}
		text := fmt.Sprint(f.Statement.Index)
		for _, c := range f.Contained {
			text += fmt.Sprintf(":%d", c.Statement.Index)
			if c.Equal {
				text += "="
			}
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestContained: what another statement has in it is told there, but where that is less, is
// limited, or not certain.
func TestContained(t *testing.T) {
	t.Parallel()
	const (
		get    = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`
		getPut = `{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}`
		put    = `{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}`
		allS3  = `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
		inside = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`
		but    = `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`
		// The name of the object is not known before the change.
		open  = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/(aws_s3_object.o.key)"}`
		not   = `{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/a"}`
		three = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/?aws_s3_object.o.key?"}`
	)
	for name, c := range map[string]struct{ before, after, want string }{
		"contained":                            {"", get + "," + allS3, "1:0"},
		"the other way round":                  {"", allS3 + "," + get, "0:1"},
		"of some actions":                      {"", get + "," + getPut, "1:0"},
		"in part only":                         {"", `{"Effect": "Allow", "Action": ["s3:PutObject", "sqs:SendMessage"], "Resource": "*"},` + getPut, "0 1"},
		"equal":                                {"", get + "," + get, "0:1="},
		"all but some":                         {"", get + "," + but, "1:0"},
		"a chain":                              {"", get + "," + getPut + "," + allS3, "2:0:1"},
		"with a condition, in one without":     {"", inside + "," + get, "1:0"},
		"without a condition":                  {"", get + "," + strings.ReplaceAll(allS3, `"*"}`, `"*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`), "0 1"},
		"with the same condition":              {"", inside + "," + inside, "0:1="},
		"what is new of it":                    {put, put + "," + getPut + "," + get, "1:2="},
		"what was there":                       {put, put + "," + `{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}` + "," + strings.Replace(get, "b/*", "b/c", 1), "1:2"},
		"a value that is not known":            {"", open + "," + get, "1:0"},
		"not known, beside all but one":        {"", open + "," + not, "0 1"},
		"not known, beside a number of letter": {"", open + "," + three, "0 1"},
		// The first statement lost a condition, which is graded higher than what the second does.
		"a limit that is gone": {inside, strings.Replace(get, "b/*", "b/c", 1) + "," + get, "1:0"},
	} {
		g := identityGrant(t, c.before, c.after)
		g.After.Symbols = []extractors.Symbol{{Text: "(aws_s3_object.o.key)", Reference: "aws_s3_object.o.key"}}
		g.Before.Symbols = g.After.Symbols
		if got := told(Join(Merge(Run(g, Options{})))); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestContainedPrincipals: who is named is within none that is named otherwise: an account
// leaves its roles what a policy that names one gives it by itself, and everyone is mended.
func TestContainedPrincipals(t *testing.T) {
	t.Parallel()
	const (
		everyone = `"*"`
		account  = `{"AWS": "111122223333"}`
		root     = `{"AWS": "arn:aws:iam::111122223333:root"}`
		role     = `{"AWS": "arn:aws:iam::111122223333:role/reader"}`
		service  = `{"Service": "cloudtrail.amazonaws.com"}`
	)
	for _, c := range []struct{ wide, narrow, want string }{
		{everyone, everyone + `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`, "0 1"},
		{everyone, everyone, "0:1="},
		{everyone, role, "0 1"},
		{everyone, service, "0 1"},
		{account, root, "0:1="},
		{role, role, "0:1="},
		{root, role, "0 1"},
		{service, role, "0 1"},
	} {
		text := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": %s, "Action": "kms:Decrypt", "Resource": "*"},
			{"Effect": "Allow", "Principal": %s, "Action": "kms:Decrypt", "Resource": "*"}]}`, c.wide, c.narrow)
		d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Resource})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		g := &extractors.Grant{
			Address: "aws_kms_key.k", Attribute: "policy", Kind: extractors.Resource, ResourceType: "AWS::KMS::Key", Action: extractors.Create,
			Subject: extractors.Subject{Kind: "key", Address: "aws_kms_key.k"}, Before: extractors.Side{Absent: true}, After: extractors.Side{Document: d},
		}
		if got := told(Join(Merge(Run(g, Options{})))); got != c.want {
			t.Errorf("%s and %s: %s, want %s", c.wide, c.narrow, got, c.want)
		}
	}
}

// accepted puts comments at a grant.
func accepted(g *extractors.Grant, list []extractors.Ignore) {
	at := g.Origin()
	at.Ignores = list
	g.Written = &at
}

// several are policies of one role, each with the statements given.
func several(t *testing.T, texts ...string) Pass {
	t.Helper()
	s := &Sum{Subject: extractors.Subject{Kind: "role", Name: "ci"}, Kind: extractors.Identity, Terms: []Term{{}}}
	for i, text := range texts {
		g := identityGrant(t, "", text)
		g.Address = fmt.Sprintf("aws_iam_role_policy.p%d", i)
		g.Written = &extractors.Origin{Range: source.Range{Path: "main.tf", Start: source.Pos{Line: 10 * (i + 1), Column: 1}}}
		s.Terms[0].Holdings = append(s.Terms[0].Holdings, Holding{Grant: g, After: g.After.Document})
	}
	return Pass{Sum: s}
}

const (
	sendAny  = `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`
	sendOne  = `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}`
	sendSame = `{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:eu-west-1:111122223333:jobs"]}`
)

// TestContainedIsNamed: the finding that stays is as it was, and names what it contains.
func TestContainedIsNamed(t *testing.T) {
	t.Parallel()
	apart, together := newAccessOf(several(t, sendOne, sendAny))
	if len(apart) != 2 || len(together) != 1 {
		t.Fatalf("%d findings became %d", len(apart), len(together))
	}
	f := together[0]
	if f.Fingerprint != apart[1].Fingerprint || f.Address != "aws_iam_role_policy.p1" || len(f.Sources) > 0 {
		t.Errorf("it changed: %+v", f.Finding)
	}
	if want := []string{"A part of it also by statement 0 of aws_iam_role_policy.p0 (line 10)."}; !slices.Equal(f.AlsoBy(), want) {
		t.Errorf("%q, want %q", f.AlsoBy(), want)
	}
	// What is about the statement within it accepts nothing of it.
	for field, value := range map[string]string{"address": "aws_iam_role_policy.p0", "sources": "aws_iam_role_policy.p0", "fingerprint": apart[0].Fingerprint, "gained.actions": "sqs:SendMessage"} {
		if (&ArchiveRule{Filter: map[string]Criterion{field: {Eq: []string{value}}}}).Matches(&f.Finding) {
			t.Errorf("%s %s accepts it", field, value)
		}
	}
}

// TestContainedAndComments: what a comment accepts stays by itself, and accepts nothing else.
func TestContainedAndComments(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]int{"at what is contained": 0, "at what contains": 1} {
		p := several(t, sendOne, sendAny)
		accepted(p.Sum.Terms[0].Holdings[at].Grant, []extractors.Ignore{{Rule: newAccess.ID, Statement: -1}})
		_, together := newAccessOf(p)
		if len(together) != 2 {
			t.Fatalf("%s: %d findings", name, len(together))
		}
		for _, f := range together {
			if accepted := f.Archived != nil; accepted != (f.Address == fmt.Sprintf("aws_iam_role_policy.p%d", at)) || len(f.Contained) > 0 {
				t.Errorf("%s: %s accepted: %v, contains %v", name, f.Address, accepted, f.Contained)
			}
		}
	}
}

// TestContainedInAnyOrder: of statements that give the same, the same one stays.
func TestContainedInAnyOrder(t *testing.T) {
	t.Parallel()
	for range 3 {
		p := several(t, sendOne, sendSame, sendOne)
		holdings := p.Sum.Terms[0].Holdings
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			q := *p.Sum
			q.Terms = []Term{{Holdings: []Holding{holdings[order[0]], holdings[order[1]], holdings[order[2]]}}}
			_, together := newAccessOf(Pass{Sum: &q})
			if len(together) != 1 || together[0].Address != "aws_iam_role_policy.p0" {
				t.Fatalf("%v: %v", order, together)
			}
			if want := []string{"The same also by statement 0 of aws_iam_role_policy.p1 (line 20), statement 0 of aws_iam_role_policy.p2 (line 30)."}; !slices.Equal(together[0].AlsoBy(), want) {
				t.Errorf("%v: %q", order, together[0].AlsoBy())
			}
		}
	}
}

// TestContainedNeedsTheSameWay: what comes within other limits is not contained.
func TestContainedNeedsTheSameWay(t *testing.T) {
	t.Parallel()
	p := several(t, sendOne, sendAny)
	all := p.Sum.Terms[0].Holdings
	limit := identityGrant(t, "", `{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}`).After.Document
	p.Sum.Terms = []Term{{Holdings: all[:1]}, {Holdings: all[1:], Limits: []Limit{{Before: []*policy.Document{limit}, After: []*policy.Document{limit}}}}}
	if _, together := newAccessOf(p); len(together) != 2 {
		t.Errorf("%d findings, want 2", len(together))
	}
}

// TestContainedOfSeveral: of roles that share a policy each finding keeps what it contains.
func TestContainedOfSeveral(t *testing.T) {
	t.Parallel()
	one, two := attached(t, readOnly, "a", ""), attached(t, readOnly, "b", "")
	two.Sum.Terms[0].Holdings[0].Grant = one.Sum.Terms[0].Holdings[0].Grant
	own := identityGrant(t, "", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`)
	two.Sum.Terms[0].Holdings = append(two.Sum.Terms[0].Holdings, Holding{Grant: own, After: own.After.Document})
	found := slices.DeleteFunc(Join(Merge(append(Check(one, Options{}), Check(two, Options{})...))), func(f Found) bool { return f.Rule != newAccess.ID })
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	if want := []string{"For role b: a part of it also by statement 0 of aws_iam_role_policy.x."}; !slices.Equal(found[0].AlsoBy(), want) {
		t.Errorf("%q, want %q", found[0].AlsoBy(), want)
	}
}
