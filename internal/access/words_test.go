package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestWords reads descriptions as a reviewer does.
func TestWords(t *testing.T) {
	logs := func(action, more string) string {
		return `{"Effect":"Allow","Action":` + action + `,"Resource":"arn:aws:s3:::logs/*"` + more + `}`
	}
	const (
		office = `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`
		keep   = `{"Sid":"Keep","Effect":"Deny","Action":"s3:Delete*","Resource":"*"}`
	)
	role := func(action string) string {
		return `{"Effect":"Allow","Action":"` + action + `","Resource":"arn:aws:iam::111122223333:role/app"}`
	}
	for _, tt := range []struct {
		name, before, after string
		kind                policy.Kind // 0: identity
		want                string
	}{
		{"all of it", "", logs(`"s3:GetObject"`, ""), 0,
			"s3:GetObject on arn:aws:s3:::logs/*; 1 known action, read"},
		{"wider actions", logs(`"s3:Get*"`, ""), logs(`"s3:*"`, ""), 0,
			"s3:* except s3:Get* on arn:aws:s3:::logs/*; 117 known actions, of which 57 write and 27 permissions management, such as s3:PutBucketPolicy"},
		{"a condition is gone", logs(`"s3:*"`, office), logs(`"s3:*"`, ""), 0,
			"s3:* on arn:aws:s3:::logs/*, now also without aws:SourceIp IpAddress 10.0.0.0/8; 180 known actions, of which 57 write and 27 permissions management, such as s3:PutBucketPolicy"},
		{"wider actions and a condition is gone", logs(`"s3:GetObject"`, "") + "," + logs(`"s3:*"`, office), logs(`"s3:*"`, ""), 0,
			"s3:* except s3:GetObject on arn:aws:s3:::logs/*, now also without aws:SourceIp IpAddress 10.0.0.0/8; 179 known actions, of which 57 write and 27 permissions management, such as s3:PutBucketPolicy"},
		{"more actions of many", logs(`["s3:GetObject","s3:PutObject"]`, ""), logs(`["s3:GetObject","s3:PutObject","s3:DeleteObject","s3:PutBucketPolicy"]`, ""), 0,
			"s3:DeleteObject and s3:PutBucketPolicy on arn:aws:s3:::logs/*; 2 known actions, of which 1 write and 1 permissions management, such as s3:PutBucketPolicy"},
		{"a condition is gone for some", logs(`["s3:GetObject","s3:PutObject"]`, office), logs(`["s3:GetObject","s3:PutObject","s3:DeleteObject"]`, ""), 0,
			"s3:GetObject and s3:PutObject on arn:aws:s3:::logs/*, now also without aws:SourceIp IpAddress 10.0.0.0/8; and s3:DeleteObject on arn:aws:s3:::logs/*; 3 known actions, of which 2 write, such as s3:PutObject"},
		{"wider resources", res("arn:aws:s3:::logs/a/*") + "," + res("arn:aws:s3:::logs/b"), res("arn:aws:s3:::logs/*"), 0,
			"every action on arn:aws:s3:::logs/* except arn:aws:s3:::logs/a/* and arn:aws:s3:::logs/b; 22091 known actions, of which 11357 write and 425 permissions management, such as iam:PutRolePolicy"},
		{"a denial is gone", logs(`"s3:*"`, "") + "," + keep, logs(`"s3:*"`, ""), 0,
			`s3:Delete* on arn:aws:s3:::logs/*, which Deny statement "Keep" denied before; 23 known actions, of which 12 write and 7 permissions management, such as s3:DeleteBucketPolicy`},
		{"a denial is weaker", everything + "," + keep, everything + "," + keep[:len(keep)-1] + office + "}", 0,
			`s3:Delete* on every resource, which Deny statement "Keep" denied before, unless aws:SourceIp IpAddress 10.0.0.0/8; 23 known actions, of which 12 write and 7 permissions management, such as s3:DeleteBucketPolicy`},
		{"denials stay", logs(`"s3:Get*"`, "") + "," + keep, logs(`"s3:*"`, "") + "," + keep, 0,
			"s3:* except s3:Get* and s3:Delete* on arn:aws:s3:::logs/*; 94 known actions, of which 45 write and 20 permissions management, such as s3:PutBucketPolicy"},
		{"a denied part", "", everything + "," + `{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}`, 0,
			"iam:* on every resource; 190 known actions, of which 74 write and 23 permissions management, such as iam:PutRolePolicy"},
		{"not actions", `{"Effect":"Allow","NotAction":["iam:*","sts:*"],"Resource":"*"}`, `{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"}`, 0,
			"sts:* on every resource; 16 known actions, of which 10 write, such as sts:AssumeRole"},
		{"an unknown action", "", role("myservice:Do"), 0,
			"myservice:Do on arn:aws:iam::111122223333:role/app; no known action"},
		{"a principal more", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:SendMessage","Resource":"*"}`,
			`{"Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"],"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}`, policy.Resource,
			"sqs:SendMessage on every resource for 444455556666 and Service: sns.amazonaws.com; 1 known action, write"},
		{"many", "", logs(`[`+repeat(9, func(i int) string { return fmt.Sprintf(`"s%d:*"`, i) })+`]`, ""), 0,
			"s0:*, s1:*, s2:*, s3:*, s4:* and 4 more on arn:aws:s3:::logs/*; 180 known actions, of which 57 write and 27 permissions management, such as s3:PutBucketPolicy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind := tt.kind
			if kind == 0 {
				kind = policy.Identity
			}
			got := access.NoNewAccess(mustParse(t, wrap(tt.before), kind, false), mustParse(t, wrap(tt.after), kind, false), access.Options{Explain: true})
			if got.Verdict != access.Fail || len(got.Gains) != 1 {
				t.Fatalf("got %v, %d gains", got.Verdict, len(got.Gains))
			}
			if words := got.Gains[0].Words(); words != tt.want {
				t.Errorf("says %q\nwant %q", words, tt.want)
			}
		})
	}
}

// TestWordsOfOtherQuestions reads what is said beside new access.
func TestWordsOfOtherQuestions(t *testing.T) {
	docs := func(statements string) []*policy.Document {
		return mustParse(t, wrap(statements), policy.Identity, false)
	}
	keep := `{"Effect":"Deny","Action":["s3:Delete*","s3:Put*"],"Resource":"*"}`
	boundary := `{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`
	listed, err := access.AccessNotGranted(docs(everything+","+keep), []access.Access{{Actions: []string{"s3:*"}, Resources: []string{"arn:aws:s3:::logs"}}}, access.Options{Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		got  access.Result
		want string
	}{
		{"lost denial", access.LostDenial(docs(keep), docs(`{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}`), access.Options{Explain: true}),
			"s3:Delete* on every resource; 23 known actions, of which 12 write and 7 permissions management, such as s3:DeleteBucketPolicy"},
		{"listed access", listed,
			"s3:* except s3:Delete* and s3:Put* on arn:aws:s3:::logs; 117 known actions, of which 22 write and 8 permissions management, such as s3:CreateAccessGrant"},
		{"boundary removed", access.Gained(access.Allowed(docs(everything)...).And(docs(boundary)...), access.Allowed(docs(everything)...), access.Options{Explain: true}),
			"every action except s3:* and sqs:* on every resource; 21891 known actions, of which 11292 write and 395 permissions management, such as iam:PutRolePolicy"},
		{"boundary wider", access.Gained(access.Allowed(docs(everything)...).And(docs(boundary)...), access.Allowed(docs(everything)...).And(docs(boundary+","+res("arn:aws:sns:*:*:*"))...), access.Options{Explain: true}),
			"every action except s3:* and sqs:* on arn:aws:sns:*:*:*; 21891 known actions, of which 11292 write and 395 permissions management, such as iam:PutRolePolicy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if len(tt.got.Gains) != 1 {
				t.Fatalf("got %v", tt.got)
			}
			if words := tt.got.Gains[0].Words(); words != tt.want {
				t.Errorf("says %q\nwant %q", words, tt.want)
			}
		})
	}
}

// TestOutline holds descriptions to say that they are outlines where they leave
// something out, and to hold the witness.
func TestOutline(t *testing.T) {
	docs := func(n int, format string) []*policy.Document {
		return mustParse(t, wrap(repeat(n, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s%d:Get","Resource":`+format+`}`, i, i)
		})), policy.Identity, false)
	}
	for _, tt := range []struct {
		name     string
		old, now []*policy.Document
		exact    bool
	}{
		{"some exceptions", docs(20, `"arn:aws:s%d:::a"`), mustParse(t, wrap(everything), policy.Identity, false), true},
		{"many exceptions", docs(40, `"arn:aws:s%d:::a"`), mustParse(t, wrap(everything), policy.Identity, false), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := access.NoNewAccess(tt.old, tt.now, access.Options{Explain: true})
			if got.Verdict != access.Fail || len(got.Gains) != 1 {
				t.Fatalf("got %+v", got)
			}
			g := got.Gains[0]
			if g.Exact != tt.exact || !in(g.Terms, g.Witness, policy.Reading{}) {
				t.Errorf("exact: %v, the witness is told of: %v", g.Exact, in(g.Terms, g.Witness, policy.Reading{}))
			}
			if words := g.Words(); strings.HasPrefix(words, "in outline: ") == tt.exact {
				t.Errorf("says %q", words)
			}
		})
	}
}

// TestListsOfTiedUnits holds the lists of a gain to the units that bring it, where facts
// tell units apart that look alike.
func TestListsOfTiedUnits(t *testing.T) {
	const a, b = "111111111111", "444455556666"
	for _, order := range [][2]string{{a, b}, {b, a}} {
		limited := func(more string) []*policy.Document {
			return mustParse(t, wrap(by(fmt.Sprintf(`{"AWS":[%q,%q]}`, order[0], order[1]), `"StringEquals":{"aws:PrincipalAccount":"`+b+`"`+more+`}`)), policy.Resource, false)
		}
		got := access.NoNewAccess(limited(`,"aws:PrincipalTag/a":"x"`), limited(""), access.Options{Explain: true})
		if len(got.Gains) != 1 || !slices.Equal(got.Gains[0].Principals, []string{b}) {
			t.Errorf("%v: got %+v", order, got.Gains)
		}
	}
}

// TestListsOfRepeatedValues: what a statement writes twice is gained once; action names have
// no case, resources do.
func TestListsOfRepeatedValues(t *testing.T) {
	docs := mustParse(t, wrap(`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:getobject","s3:GetObject"],
		"Resource":["arn:aws:s3:::logs/a","arn:aws:s3:::logs/A","arn:aws:s3:::logs/a"]}`), policy.Identity, false)
	got := access.NoNewAccess(nil, docs, access.Options{Explain: true})
	if len(got.Gains) != 1 || !slices.Equal(got.Gains[0].Actions, []string{"s3:GetObject", "s3:PutObject"}) ||
		!slices.Equal(got.Gains[0].Resources, []string{"arn:aws:s3:::logs/a", "arn:aws:s3:::logs/A"}) {
		t.Errorf("got %+v", got.Gains)
	}
}

// TestWordsOfAWSPrincipals tells "every AWS principal" from everyone.
func TestWordsOfAWSPrincipals(t *testing.T) {
	before := mustParse(t, wrap(by(`{"AWS":"*"}`, "")), policy.Resource, false)
	got := access.NoNewAccess(before, mustParse(t, wrap(by(`"*"`, "")), policy.Resource, false), access.Options{Explain: true})
	if words := got.Gains[0].Words(); !strings.Contains(words, "everyone except every AWS principal") {
		t.Errorf("got %q", words)
	}
}
