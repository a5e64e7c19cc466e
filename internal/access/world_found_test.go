package access_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestFoundByWorlds keeps pairs on which a run of TestWorlds stumbled, after they were
// shrunk. The path of a session's role is told by aws:PrincipalArn alone, and is
// taken to be free of what conditions say about that key: a pass would be wrong.
func TestFoundByWorlds(t *testing.T) {
	const session, pathless = `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, `{"AWS":"arn:aws:iam::111111111111:role/r"}`
	under := func(who, condition string) string {
		return `{"Effect":"Allow","Principal":` + who + `,"Action":"*","Resource":"*","Condition":` + condition + `}`
	}
	for _, tt := range []struct{ name, before, after string }{
		{"all but a session, and its account without the key", who("Allow", "NotPrincipal", session), under(`{"AWS":"arn:aws:iam::*:root"}`, `{"ArnEqualsIfExists":{"aws:PrincipalArn":[]}}`)},
		{"a role without path, and its session without the key", who("Allow", "NotPrincipal", pathless), under(session, `{"Null":{"aws:PrincipalArn":"true"}}`)},
		{"a role with its session, and a path that aws:PrincipalArn has alone",
			`{"Effect":"Deny","Principal":{"AWS":["*"]},"Action":"*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/*/r"]}}},{"Effect":"Allow","Principal":"*","Action":"*"}`,
			`{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:role/r","arn:aws:sts::111111111111:assumed-role/r/s"]},"Action":"s:AA"},{"Effect":"Allow","Principal":"*","NotAction":"?:A*","Condition":{"StringLike":{"aws:PrincipalArn":["${k:arn}","*:role/r"]}}}`},
		{"a denied role with a path, and a session", anyone + "," + `{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111111111111:role/p/r"},"Action":"*","Resource":"*"}`, who("Allow", "Principal", session)},
	} {
		old, now := mustParse(t, wrap(tt.before), policy.Resource, true), mustParse(t, wrap(tt.after), policy.Resource, true)
		if got := access.NoNewAccess(old, now, access.Options{StrictOpenWorld: true}); got.Verdict != access.Fail {
			t.Errorf("%s: %v %s", tt.name, got.Verdict, got.Reason)
		}
	}
}

// TestFoundByWorldsPass keeps pairs of which the witness was none that can be.
func TestFoundByWorldsPass(t *testing.T) {
	const none = `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`
	roots := func(arn, condition string) string {
		return `{"Effect":"Allow","Principal":{"AWS":` + quoted(arn) + `},"Action":"*","Resource":"*","Condition":` + condition + `}`
	}
	for _, tt := range []struct{ name, after string }{
		{"a pattern of root users is no principal", roots("arn:aws:iam::*:root", `{"StringEqualsIgnoreCase":{"aws:PrincipalAccount":"2222*"}}`)},
		{"a pattern of partitions is no principal", roots("arn:*:iam::111111111111:root", `{"StringNotEquals":{"aws:PrincipalAccount":"111111111111"}}`)},
	} {
		old, now := mustParse(t, wrap(none), policy.Resource, true), mustParse(t, wrap(tt.after), policy.Resource, true)
		if got := access.NoNewAccess(old, now, access.Options{}); got.Verdict != access.Pass {
			t.Errorf("%s: %v %s %+v", tt.name, got.Verdict, got.Reason, got.Gains)
		}
	}
}

// TestFoundByWorldsPathless: a session is of a role without path, so that aws:PrincipalArn does
// not name one of that name with a path.
func TestFoundByWorldsPathless(t *testing.T) {
	old := mustParse(t, wrap(`{"Effect":"Allow","Principal":"*","Action":"*"},{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111111111111:role/r"},"Action":"*",`+
		`"Condition":{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/p/r"}}}`), policy.Resource, true)
	now := mustParse(t, wrap(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111111111111:a*r?t"},"Action":"*"}`), policy.Resource, true)
	for _, strict := range []bool{false, true} {
		if got := access.NoNewAccess(old, now, access.Options{StrictOpenWorld: strict}); got.Verdict != access.Pass {
			t.Errorf("strict %t: %v %s %+v", strict, got.Verdict, got.Reason, got.Gains)
		}
	}
}

// TestFoundByWorldsPartition holds that no partition of a witness holds what parts a role
// from its session: a pattern for the partition could match more than that.
func TestFoundByWorldsPartition(t *testing.T) {
	docs := mustParse(t, wrap(`{"Effect":"Allow","Principal":{"AWS":"arn:*:iam::111111111111:role/?"},"Action":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*:role/r"}}}`), policy.Resource, true)
	got, err := access.AccessNotGranted(docs, []access.Access{{Actions: []string{"*"}}}, access.Options{})
	if err != nil || got.Verdict != access.Fail {
		t.Fatalf("%v %s, error %v", got.Verdict, got.Reason, err)
	}
	if id := got.Gains[0].Witness.Principal.ID; !strings.HasSuffix(id, ":iam::111111111111:role/r") && !strings.Contains(id, ":sts::111111111111:assumed-role/r/") {
		t.Errorf("the witness is %q", id)
	}
}
