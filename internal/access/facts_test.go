package access_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// by is an Allow of everything to a principal, under conditions.
func by(principal, conditions string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Principal":%s,"Action":"*","Resource":"*","Condition":{%s}}`, principal, conditions)
}

// TestFacts shows for each fact a pair that passes because of it, and fails without.
func TestFacts(t *testing.T) {
	const (
		all     = `"*"`
		role    = `{"AWS":"arn:aws:iam::111122223333:role/p/r"}`
		session = `{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"}`
	)
	for _, tt := range []struct {
		name          string
		kind          policy.Kind
		before, after string
	}{
		{"the ARN of a role that is another's", policy.Resource, by(`{"AWS":"111122223333"}`, `"Null":{"k:k":"false"}`), by(role, `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/r"}`)},
		{"the ARN of a role, as principal", policy.Resource, by(all, `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`), by(role, ``)},
		{"the account of a principal", policy.Resource, by(`{"AWS":"*"}`, `"StringEquals":{"aws:PrincipalAccount":"111122223333"}`), by(role, ``)},
		{"is a service", policy.Resource, by(all, `"Bool":{"aws:PrincipalIsAWSService":"true"}`), by(`{"Service":"s3.amazonaws.com"}`, ``)},
		{"is a service, in other words", policy.Resource, by(all, `"StringEquals":{"aws:PrincipalIsAWSService":"true"}`), by(`{"Service":"s3.amazonaws.com"}`, ``)},
		{"the name of a service", policy.Resource, by(all, `"StringLike":{"aws:PrincipalServiceName":"s3.*"}`), by(`{"Service":"s3.amazonaws.com"}`, ``)},
		{"names of services", policy.Resource, by(all, `"Null":{"aws:PrincipalServiceNamesList":"true"}`), by(role, ``)},
		{"a source for a role", policy.Resource, by(`{"Service":"s3.amazonaws.com"}`, ``), by(role, `"StringLike":{"aws:SourceAccount":"*"}`)},
		{"a key that is always there", policy.Identity, on(`"Bool":{"aws:SecureTransport":"true"}`) + "," + on(`"Bool":{"aws:SecureTransport":"false"}`), everything},
		{"a Bool key", policy.Identity, on(`"Bool":{"k:b":"true"}`) + "," + on(`"Bool":{"k:b":"false"}`) + "," + on(`"Null":{"k:b":"true"}`), everything},
		{"the texts of a Boolean", policy.Identity, on(`"StringEquals":{"aws:SecureTransport":["true","false"]}`), on(`"Bool":{"aws:SecureTransport":["true","false"]}`)},
		{"a text of a Boolean", policy.Identity, on(`"StringEquals":{"aws:MultiFactorAuthPresent":"true"}`), on(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`)},
		{"a Boolean under text operators only", policy.Identity, on(`"StringEquals":{"aws:SecureTransport":["true","false"]}`), on(`"StringLike":{"aws:SecureTransport":"*"}`)},
		{"a session of a role that is named", policy.Resource, by(`{"AWS":"arn:aws:iam::111122223333:role/r"}`, ``), by(session, ``)},
		{"a session of a role with a path", policy.Resource, by(role, ``), by(session, ``)},
		{"a session of a role that is denied", policy.Resource, by(`{"AWS":"444455556666"}`, ``), by(session, ``) + "," + strings.Replace(by(role, ``), "Allow", "Deny", 1)},
		{"the account of a resource", policy.Identity, on(`"StringEqualsIfExists":{"aws:ResourceAccount":"111122223333"}`), res("arn:aws:sqs:eu-west-1:111122223333:q")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, after := mustParse(t, wrap(tt.before), tt.kind, true), mustParse(t, wrap(tt.after), tt.kind, true)
			if got := access.NoNewAccess(before, after, access.Options{}); got.Verdict != access.Pass {
				t.Errorf("got %v: %+v", got.Verdict, got.Gains)
			}
			if got := access.NoNewAccess(before, after, access.Options{StrictOpenWorld: true}); got.Verdict != access.Fail {
				t.Errorf("in an open world: got %v", got.Verdict)
			}
		})
	}
}

// possible is the definition of the facts over one request, for comparison.
func possible(q policy.Request) bool {
	get := func(key string) (string, bool) {
		for k, v := range q.Context {
			if strings.EqualFold(k, key) && len(v) == 1 {
				return v[0], true
			}
		}
		return "", false
	}
	is := func(key, want string) bool { v, ok := get(key); return ok && v == want }
	has := func(key string) bool { _, ok := get(key); return ok }
	if account := strings.SplitN(q.Resource, ":", 6); len(account) == 6 && len(account[4]) == 12 && has("aws:ResourceAccount") && !is("aws:ResourceAccount", account[4]) {
		return false
	}
	if !has("aws:SecureTransport") || !has("aws:PrincipalAccount") {
		return false
	}
	isService := q.Principal.Type == policy.PrincipalService
	if is("aws:PrincipalIsAWSService", "true") != isService || has("aws:SourceAccount") && !isService {
		return false
	}
	if isService {
		return is("aws:PrincipalServiceName", q.Principal.ID)
	}
	if has("aws:PrincipalServiceName") {
		return false
	}
	if q.Principal.Type == policy.PrincipalAll {
		return !has("aws:PrincipalArn")
	}
	if q.Principal.Type != policy.PrincipalAWS {
		return true
	}
	f := strings.SplitN(q.Principal.ID, ":", 6)
	if strings.HasPrefix(f[5], "federated-user/") {
		return is("aws:PrincipalAccount", f[4])
	}
	arn := q.Principal.ID
	if session, ok := strings.CutPrefix(f[5], "assumed-role/"); ok {
		name, _, _ := strings.Cut(session, "/")
		got, _ := get("aws:PrincipalArn")
		if !strings.HasPrefix(got, "arn:aws:iam::"+f[4]+":role/") || got[strings.LastIndexByte(got, '/')+1:] != name {
			return false
		}
		arn = got
	}
	return is("aws:PrincipalArn", arn) && is("aws:PrincipalAccount", f[4])
}

var (
	factPrincipals = []string{
		`"*"`, `{"AWS":"111111111111"}`, `{"AWS":"arn:aws:iam::111111111111:role/p/r"}`, `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`,
		`{"AWS":"arn:aws:iam::222222222222:user/u"}`, `{"Service":"s3.amazonaws.com"}`, `{"Service":"*"}`, `{"Federated":"*"}`,
	}
	factConditions = []string{
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*"}`, `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/p/r"}`,
		`"StringNotLike":{"aws:PrincipalArn":"*:role/*r"}`, `"Null":{"aws:PrincipalArn":"true"}`, `"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::222222222222:user/u"}`,
		`"StringEquals":{"aws:PrincipalAccount":"111111111111"}`, `"StringNotLike":{"aws:PrincipalAccount":"1*"}`, `"Null":{"aws:PrincipalAccount":"false"}`,
		`"Bool":{"aws:PrincipalIsAWSService":"true"}`, `"Bool":{"aws:PrincipalIsAWSService":"false"}`, `"Null":{"aws:PrincipalIsAWSService":"true"}`,
		`"StringLike":{"aws:PrincipalServiceName":"s3.*"}`, `"StringNotEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}`,
		`"StringEquals":{"aws:SourceAccount":"111111111111"}`, `"Null":{"aws:SourceAccount":"true"}`, `"Bool":{"aws:SecureTransport":"true"}`, `"Bool":{"aws:SecureTransport":"false"}`,
		`"StringEquals":{"aws:ResourceAccount":"111111111111"}`, `"StringNotEqualsIfExists":{"aws:ResourceAccount":"111111111111"}`,
	}
	factRequests = struct {
		principals, resources []string
		values                map[string][][]string
	}{
		[]string{"*", "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/p/r", "arn:aws:iam::111111111111:role/q", "arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:iam::222222222222:user/u", "s3.amazonaws.com", "sns.amazonaws.com"},
		[]string{"*", "arn:aws:s3:::b", "arn:aws:sqs:r:111111111111:q", "arn:aws:sqs:r:222222222222:q"},
		map[string][][]string{
			"aws:PrincipalArn":          {nil, {"arn:aws:iam::111111111111:root"}, {"arn:aws:iam::111111111111:role/p/r"}, {"arn:aws:iam::111111111111:role/r"}, {"arn:aws:iam::111111111111:role/q"}, {"arn:aws:iam::222222222222:user/u"}},
			"aws:PrincipalAccount":      {{"111111111111"}, {"222222222222"}},
			"aws:PrincipalIsAWSService": {nil, {"true"}, {"false"}},
			"aws:PrincipalServiceName":  {nil, {"s3.amazonaws.com"}, {"sns.amazonaws.com"}},
			"aws:SourceAccount":         {nil, {"111111111111"}, {"222222222222"}},
			"aws:SecureTransport":       {{"true"}, {"false"}},
			"aws:ResourceAccount":       {nil, {"111111111111"}, {"222222222222"}},
		},
	}
)

// possibleRequests lists the requests that the facts leave.
var possibleRequests = func() []policy.Request {
	var out []policy.Request
	contexts := []map[string][]string{{}}
	for k, values := range factRequests.values {
		var next []map[string][]string
		for _, c := range contexts {
			for _, v := range values {
				n := map[string][]string{}
				for kk, vv := range c {
					n[kk] = vv
				}
				if v != nil {
					n[k] = v
				}
				next = append(next, n)
			}
		}
		contexts = next
	}
	for _, text := range factRequests.principals {
		pr, err := policy.ParsePrincipal(text)
		if err != nil {
			panic(err)
		}
		for _, r := range factRequests.resources {
			for _, c := range contexts {
				if q := (policy.Request{Principal: pr, Action: "s3:x", Resource: r, Context: c}); possible(q) {
					out = append(out, q)
				}
			}
		}
	}
	return out
}()

// TestFactsAgainstEnumeration holds decisions with facts to all possible requests of
// a world, and their witnesses to the definition of possible.
func TestFactsAgainstEnumeration(t *testing.T) {
	draw := func(t *rapid.T) string {
		n := rapid.IntRange(1, 3).Draw(t, "statements")
		out := make([]string, n)
		for i := range out {
			cs := map[string][]string{}
			for _, c := range rapid.SliceOfN(rapid.SampledFrom(factConditions), 0, 2).Draw(t, "conditions") {
				op, test, _ := strings.Cut(c, ":")
				if !slices.Contains(cs[op], test) {
					cs[op] = append(cs[op], test)
				}
			}
			var parts []string
			for op, tests := range cs {
				if len(tests) == 2 && strings.Split(tests[0], `"`)[1] == strings.Split(tests[1], `"`)[1] {
					tests = tests[:1]
				}
				parts = append(parts, op+":{"+strings.ReplaceAll(strings.ReplaceAll(strings.Join(tests, ","), "{", ""), "}", "")+"}")
			}
			slices.Sort(parts)
			out[i] = by(rapid.SampledFrom(factPrincipals).Draw(t, "principal"), strings.Join(parts, ","))
			if rapid.IntRange(0, 3).Draw(t, "deny") == 0 {
				out[i] = strings.Replace(out[i], "Allow", "Deny", 1)
			}
		}
		return wrap(strings.Join(out, ","))
	}
	rapid.Check(t, func(t *rapid.T) {
		old, now := draw(t), draw(t)
		before, after := parse(t, old, policy.Resource), parse(t, now, policy.Resource)
		// The session and its role with the path are both named as principals.
		pathed := strings.Contains(old+now, "assumed-role") && strings.Contains(old+now, factPrincipals[2])
		possible := func(q policy.Request) bool {
			return possible(q) && !(pathed && strings.Contains(q.Principal.ID, "assumed-role/r/s") && q.Context["aws:PrincipalArn"][0] != "arn:aws:iam::111111111111:role/p/r")
		}
		got := access.NoNewAccess(before, after, access.SearchAll(access.Options{}))
		switch got.Verdict {
		case access.Undetermined:
			t.Fatalf("undetermined: %s", got.Reason)
		case access.Fail:
			q := got.Gains[0].Witness
			for key, v := range map[string]string{"aws:SecureTransport": "true", "aws:PrincipalAccount": strings.Join(strings.Split(q.Principal.ID+":::::", ":")[4:5], "")} {
				if _, ok := q.Context[key]; !ok { // keys that no condition is about are left out
					q.Context[key] = []string{v}
				}
			}
			if _, ok := q.Context["aws:PrincipalArn"]; !ok && q.Principal.Type == policy.PrincipalAWS && !strings.Contains(q.Principal.ID, ":sts:") {
				q.Context["aws:PrincipalArn"] = []string{q.Principal.ID}
			}
			if f := strings.Split(q.Principal.ID, "/"); q.Context["aws:PrincipalArn"] == nil && len(f) == 3 {
				q.Context["aws:PrincipalArn"] = []string{strings.NewReplacer(":sts:", ":iam:", "assumed-role", "role").Replace(f[0] + "/" + f[1])}
			}
			if q.Principal.Type == policy.PrincipalService {
				q.Context["aws:PrincipalServiceName"] = []string{q.Principal.ID}
				q.Context["aws:PrincipalIsAWSService"] = []string{"true"}
			}
			if !possible(q) {
				t.Fatalf("the witness is not possible: %+v", q)
			}
		case access.Pass:
			for _, q := range possibleRequests {
				if !possible(q) {
					continue
				}
				for _, r := range policy.Readings(policy.Questions(append(slices.Clone(before), after...)...)) {
					b, _ := policy.Evaluate(before, q, r)
					if a, _ := policy.Evaluate(after, q, r); a == policy.DecisionAllow && b != policy.DecisionAllow {
						t.Fatalf("newly allowed: %+v", q)
					}
				}
			}
		}
	})
}

// TestFactsAreDocumented holds the page about the engine to the facts in use.
func TestFactsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/engine.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range access.Facts() {
		if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(string(page), "`", "")), " "), f.Name) {
			t.Errorf("docs/engine.md does not say: %s", f.Name)
		}
	}
}
