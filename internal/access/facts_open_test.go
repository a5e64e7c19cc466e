package access_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestFactsLeaveOpen holds facts to what they say, and not more: each pair gives new
// access with them, too.
func TestFactsLeaveOpen(t *testing.T) {
	const (
		session = `{"AWS":"arn:aws:sts::111111111111:assumed-role/admin/ci-1"}`
		role    = `{"AWS":"arn:aws:iam::111111111111:role/r"}`
		nothing = `{"Effect":"Deny","Principal":{"Service":"x.amazonaws.com"},"Action":"x:x","Resource":"*"}`
	)
	limited := func(arn, conditions string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":%q,"Condition":{%s}}`, arn, conditions)
	}
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
	}{
		{"a short pattern does not run into the session", policy.Resource, by(session, `"ArnNotLike":{"aws:PrincipalArn":"*:role/admin"}`), by(session, `"ArnNotLike":{"aws:PrincipalArn":"*:role/a*1"}`)},
		{"a short pattern with one character", policy.Resource, by(session, `"ArnNotLike":{"aws:PrincipalArn":"*:role/admin"}`), by(session, `"ArnNotLike":{"aws:PrincipalArn":"*:role/admin?ci-1"}`)},
		{"a denial by a short pattern", policy.Resource,
			by(session, ``) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"*:role/admin"}}}`,
			by(session, ``) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"*:role/a*1"}}}`},
		{"a service that is not known yet", policy.Resource, nothing, by(`{"Service":"unknown:x"}`, `"StringEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}`)},
		{"a principal that is not known yet", policy.Resource, nothing, by(`{"AWS":"unknown:x"}`, `"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"}`)},
		{"is an unknown principal a service", policy.Resource, nothing, by(`{"AWS":"unknown:x"}`, `"Bool":{"aws:PrincipalIsAWSService":"true"}`)},
		{"a colon in the account of a resource", policy.Identity, `{"Effect":"Deny","Action":"*","Resource":"*"}`, limited("arn:aws:sqs:r:111111111111:foo:bar", `"Null":{"aws:ResourceAccount":"false"},"StringNotLike":{"aws:ResourceAccount":"*:foo"}`)},
		{"a colon in the account of a principal", policy.Resource, nothing, by(`{"AWS":"arn:aws:iam::111111111111:role/a:b"}`, `"StringNotEquals":{"aws:PrincipalAccount":"111111111111:role/a"}`)},
		{"a role of two names", policy.Resource, by(role, ``), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``) + "," + by(`{"AWS":"arn:aws:iam::111111111111:role/p/r"}`, ``)},
		{"a role with a path in a condition", policy.Resource, by(role, ``), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/p/r"}`)},
		{"a role that conditions name only", policy.Resource, by(`"*"`, `"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/p/r"}`), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a pattern of roles is no role", policy.Resource, by(`"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*/r"}`), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a pattern of roles, with one character", policy.Resource, by(`"*"`, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/?/r"}`), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a pattern of roles that are left out", policy.Resource, by(`"*"`, `"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*/r"}`), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, `"StringLike":{"aws:PrincipalArn":"*:role/a/r"}`)},
		{"a pattern of roles where a Deny goes", policy.Resource,
			by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*/r"}}}`,
			by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a role that is not named", policy.Resource, by(`{"AWS":"arn:aws:iam::111111111111:role/rr"}`, ``), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a role of another account", policy.Resource, by(`{"AWS":"arn:aws:iam::222222222222:role/r"}`, ``), by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, ``)},
		{"a separator in a value", policy.Resource, nothing, by(`{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, `"StringNotLike":{"aws:PrincipalArn":["*:role/*/*","arn:aws:iam::111111111111:role/r\u001fs"]}`)},

		// Variables whose value follows from the principal or the resource.
		{"beside a variable for the account", policy.Resource, by(`{"AWS":"111111111111"}`, `"StringLike":{"k:b":"${aws:PrincipalAccount}"}`), by(`{"AWS":"111111111111"}`, `"StringLike":{"k:b":"${aws:PrincipalAccount}"}`) + "," + by(role, ``)},
		{"beside a perimeter", policy.Resource, by(role, ``) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}}`, by(role, ``)},
		{"the ARN of the principal as a variable", policy.Resource, nothing, `{"Effect":"Allow","Principal":` + role + `,"Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalArn}/x"}`},
		{"the ARN of the principal as a value", policy.Resource, nothing, by(role, `"StringEquals":{"aws:PrincipalArn":"${k:x}"}`)},
		{"the account of a resource as a variable", policy.Identity, `{"Effect":"Deny","Action":"*","Resource":"*"}`, limited("arn:aws:sqs:r:111111111111:q", `"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, after := mustParse(t, wrap(tt.before), tt.kind, true), mustParse(t, wrap(tt.after), tt.kind, true)
			for _, o := range []access.Options{{}, access.SearchAll(access.Options{Explain: true})} {
				if got := access.NoNewAccess(before, after, o); got.Verdict != access.Fail {
					t.Errorf("%+v: got %v %s", o, got.Verdict, got.Reason)
				}
			}
		})
	}
}

// TestBudgetInGuardrails spends the work at every place of a question about guardrails:
// no place may make a pass of it.
func TestBudgetInGuardrails(t *testing.T) {
	allow := func(action, arn string) string {
		return fmt.Sprintf(`{"Effect":"Allow","Action":%q,"Resource":%q}`, action, arn)
	}
	grants := mustParse(t, wrap(allow("s3:Get*", "arn:aws:s3:::q*")+","+allow("s3:Put*", "arn:aws:s3:::b*")+","+allow("s3:Get*", "arn:aws:s3:::b*")), policy.Identity, false)
	guard := mustParse(t, wrap(repeat(30, func(i int) string { return allow(fmt.Sprintf("s3:Lis%d*", i), fmt.Sprintf("arn:aws:s3:::b%d*", i)) })+","+
		repeat(400, func(i int) string { return allow("s3:Ge*", fmt.Sprintf("arn:aws:s3:::zz%d*", i)) })+","+
		allow("s3:GetX*", "arn:aws:s3:::bb*")), policy.Identity, false)
	after := access.Allowed(grants...).And(guard...)
	full := access.Gained(access.Set{}, after, access.Options{})
	if full.Verdict != access.Fail {
		t.Fatalf("got %v %s", full.Verdict, full.Reason)
	}
	for work := 1; work < full.Steps; work += 1 + work/400 {
		if got := access.Gained(access.Set{}, after, access.Options{Work: work}); got.Verdict == access.Pass {
			t.Fatalf("a pass after %d of %d steps", work, full.Steps)
		}
	}
}

// TestTextsOfMixedVersions bounds the comparison of texts where Versions differ.
func TestTextsOfMixedVersions(t *testing.T) {
	text := func(version string) string {
		return `{` + version + `"Statement":[` + repeat(1000, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s:%d","Resource":"*","Condition":{"StringEquals":{"k:a":[%s]}}}`, i, repeat(40, func(int) string { return `"a"` }))
		}) + `]}`
	}
	old, now := mustParse(t, text(""), policy.Identity, false), mustParse(t, text(`"Version":"2012-10-17",`), policy.Identity, false)
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	got := access.NoNewAccess(old, now, access.Options{Work: 1000})
	runtime.ReadMemStats(&end)
	if n := (end.TotalAlloc - start.TotalAlloc) >> 20; got.Verdict != access.Pass || n > 64 {
		t.Errorf("got %v with %d MB allocated", got.Verdict, n)
	}
}
