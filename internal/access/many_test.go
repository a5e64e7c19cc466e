package access_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestManyStatements decides a pair of 10,000 statements each, reordered and each a
// little narrower or, in one, wider. What it allocates must not grow with the square.
func TestManyStatements(t *testing.T) {
	const files, each = 4, 2500
	docs := func(text func(i int) string) []*policy.Document {
		var out []*policy.Document
		for k := range files {
			out = append(out, mustParse(t, wrap(repeat(each, func(i int) string { return text(each*k + i) })), policy.Identity, false)...)
		}
		return out
	}
	statement := func(i int, action, tag string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":["s3:Get%d%s*","ec2:Run%d"],"Resource":"arn:aws:s3:::b%d/*","Condition":{"StringLike":{"aws:PrincipalTag/t%d":%q}}}`, i%97, action, i, i, i%13, tag)
	}
	before := docs(func(i int) string { return statement(i, "", "x*") })
	for want, wide := range map[access.Verdict]int{access.Pass: -1, access.Fail: 7777} {
		after := docs(func(i int) string {
			if i = files*each - 1 - i; i == wide {
				return statement(i, "", "*")
			}
			return statement(i, "x", "x?*")
		})
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		got := access.NoNewAccess(before, after, access.Options{})
		runtime.ReadMemStats(&end)
		if got.Verdict != want {
			t.Errorf("got %v %s, want %v", got.Verdict, got.Reason, want)
		}
		if n := (end.TotalAlloc - start.TotalAlloc) >> 20; n > 256 {
			t.Errorf("%v: %d MB allocated in all", want, n)
		}
	}
}

// TestManyAccounts compares policies that name thirty accounts and compare accounts with
// one another: their values are told apart without looking at every pair.
func TestManyAccounts(t *testing.T) {
	var principals []string
	for i := range 30 {
		principals = append(principals, fmt.Sprintf("arn:aws:iam::%012d:role/app-%d", 100000000000+7*i, i))
	}
	statement := func(principals []string, condition string) string {
		return `{"Effect":"Allow","Principal":{"AWS":` + quoted(principals) + `},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"` + condition + `}`
	}
	const (
		own      = `,"Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}`
		foreign  = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}}`
		outsider = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:ResourceOrgID":"${aws:PrincipalOrgID}"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`
	)
	more := append(slices.Clone(principals), "arn:aws:sts::111111111111:assumed-role/r/s")
	for _, tt := range []struct {
		name, existing, new string
		want                access.Verdict
	}{
		{"a condition as a Deny", statement(principals, own), statement(principals, "") + "," + foreign, access.Pass},
		{"a Deny as a condition", statement(principals, "") + "," + foreign, statement(principals, own), access.Pass},
		{"a condition is gone", statement(principals, own), statement(principals, ""), access.Fail},
		{"another account", statement(principals, own), statement(more, own), access.Fail},
		{"another account, of one organization", statement(principals, ""), statement(more, own) + "," + outsider, access.Fail},
		{"a Deny of another kind", statement(principals, "") + "," + outsider, statement(principals, own), access.Fail},
	} {
		old, now := mustParse(t, wrap(tt.existing), policy.Resource, false), mustParse(t, wrap(tt.new), policy.Resource, false)
		if got := access.NoNewAccess(old, now, access.Options{}); got.Verdict != tt.want {
			t.Errorf("%s: %v %s, want %v", tt.name, got.Verdict, got.Reason, tt.want)
		}
	}
}

// TestKeysAtOdds: a key that rules out one case at once mostly does so in the next ones, which
// need not be told apart by others then.
func TestKeysAtOdds(t *testing.T) {
	p := func(s string) []*policy.Document { return mustParse(t, wrap(s), policy.Resource, true) }
	after := access.Allowed(p(who("Allow", "Principal", `"*","Condition":{"StringEquals":{"aws:PrincipalAccount":["${k:text}"]}}`) + "," +
		who("Allow", "Principal", `"*","Condition":{"StringEqualsIgnoreCase":{"aws:SourceArn":["${aws:PrincipalArn}"]}}`))...).
		And(append(p(who("Allow", "Principal", `"*","Condition":{"StringEqualsIgnoreCase":{"aws:PrincipalAccount":["a"]},"StringLike":{"aws:SourceArn":["arn:aws:iam::111111111111:*","${k:text}"]}}`)),
			p(who("Allow", "Principal", `"*","Condition":{"StringEquals":{"aws:PrincipalAccount":["${aws:ResourceAccount}"]},"StringEqualsIfExists":{"aws:PrincipalAccount":["*11"]}}`))...)...)
	few := access.Options{Work: 500_000}
	if got := access.Gained(access.Allowed(), after, few); got.Verdict != access.Fail {
		t.Errorf("%v %s after %d steps", got.Verdict, got.Reason, got.Steps)
	}
	before := p(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEqualsIgnoreCase":{"aws:ResourceAccount":["${k:text}"]}}}`)
	after = access.Allowed(p(who("Allow", "Principal", `"*","Condition":{"StringLike":{"aws:PrincipalArn":["arn:aws:iam::*:user/u","${k:text}"]}}`) + "," +
		who("Allow", "Principal", `"*","Condition":{"StringNotLike":{"k:text":["${k:other, 'a'}"]}}`))...).
		And(p(who("Allow", "NotPrincipal", `{"AWS":["arn:aws:iam::111111111111:user/u","222222222222"]},"Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/p/r","*:role/r"]},"StringNotLike":{"k:text":["${*}"]}}`))...)
	if got := access.Gained(access.Allowed(before...), after, few); got.Verdict != access.Fail {
		t.Errorf("%v %s after %d steps", got.Verdict, got.Reason, got.Steps)
	}
}
