package access_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// The tests here live in a small world: a supply of statements, and a set of
// requests that are all enumerated. The engine knows nothing of it: whatever the
// enumeration finds, the engine has to find too, and what the engine finds the
// evaluator confirms.
var (
	actionPatterns   = []string{"s:A", "s:B", "s:AB", "s:A*", "s:?", "s:*", "*", "t:A", "*:A", "S:a", "s:*B"}
	worldActions     = []string{"s:A", "s:B", "s:AB", "t:A", "u:C"}
	resourcePatterns = []string{
		"*", "arn:aws:s:::a", "arn:aws:s:::a*", "arn:aws:s:::*", "arn:aws:s:::*b", "arn:aws:s:::?", "arn:aws:s:r::a",
		"arn:aws:s:*:*:a*", "arn:aws:s:*:*:*", "arn:aws:s:::a/${aws:username}", "arn:aws:s:::${aws:username}/*",
		"arn:aws:s:::${aws:username, 'a'}", "arn:aws:s:::a${*}", "arn:aws:s", "arn:aws:s*", "arn:aws:*:a", "arn:aws*:b*",
		"arn:aws:s:::${aws:username}/${k:text}", "arn:aws:s::${k:text}:*", "arn:aws:s:${k:text}", "arn:aws:s:::*${k:text}*",
		long + "*", long + "?b*", "arn:aws:s:::*" + strings.Repeat("a", 66) + "*b",
	}
	// The resource policy of an API can leave out the ARN of the API.
	apiPatterns    = []string{"execute-api:/*", "execute-api:/p/*", "execute-api:/p/${aws:username}", "execute-api:/*/*x"}
	apiResources   = []string{"arn:aws:execute-api:r:1:a/p/x", "arn:aws:execute-api:r:1:a/q/p/x", "arn:aws:execute-api:r:1:a:b/p/a", "arn:aws:execute-api:r:1:/p/x", "arn:aws:execute-api:r:1:a"}
	long           = "arn:aws:s:::" + strings.Repeat("a", 70)
	worldResources = []string{
		"*", "arn:aws:s:::a", "arn:aws:s:::b", "arn:aws:s:::ab", "arn:aws:s:::a/a", "arn:aws:s:::b/x", "arn:aws:s:r::a",
		"arn:aws:s:r:1:a:b", "arn:aws:s:::a*", "arn:aws:t:::a", "arn:aws:s:r:b:x", "arn:aws:s:r:1:b", "arn:aws:s::b:x", long, long + "xb", long + "b",
	}
	principalElements = []string{
		`"*"`, `{"AWS":"*"}`, `{"AWS":"111111111111"}`, `{"AWS":"arn:aws:iam::111111111111:root"}`,
		`{"AWS":"arn:aws:iam::111111111111:role/r"}`, `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`,
		`{"AWS":["arn:aws:iam::111111111111:user/u","222222222222"]}`, `{"Service":"a.amazonaws.com"}`,
		`{"Service":["a.amazonaws.com","b.amazonaws.com"],"AWS":"222222222222"}`, `{"Federated":"accounts.google.com"}`,
		`{"AWS":"arn:aws:iam::111111111111:role/p/r"}`, `{"CanonicalUser":"79a5"}`, `{"AWS":"AROAEXAMPLE1234567"}`,
		`{"AWS":"arn:aws:sts::111111111111:federated-user/f"}`, `{"AWS":["111111111111","arn:aws:iam::111111111111:role/r"]}`,
		`{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:role/p/r","arn:aws:sts::111111111111:assumed-role/r/s","AROAEXAMPLE1234567"]}`,
	}
	// Reference policies can have wildcards in principals.
	referenceElements = []string{
		`{"AWS":"arn:aws:iam::111111111111:*"}`, `{"AWS":"arn:aws:iam::*:root"}`, `{"AWS":"arn:aws:iam::111111111111:role/*r"}`,
		`{"AWS":"arn:aws:iam::??????????11:r*"}`, `{"Service":"?.amazonaws.com"}`, `{"Federated":"*"}`, `{"AWS":"AROA*"}`,
	}
	worldPrincipals = []string{
		"*", "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/u", "arn:aws:iam::111111111111:role/r",
		"arn:aws:iam::111111111111:role/p/r", "arn:aws:sts::111111111111:assumed-role/r/s",
		"arn:aws:sts::111111111111:assumed-role/r/t", "arn:aws:iam::222222222222:user/u", "arn:aws:iam::333333333333:role/r",
		"a.amazonaws.com", "b.amazonaws.com", "accounts.google.com", "CanonicalUser:79a5",
		"arn:aws:sts::111111111111:federated-user/f", "AROAEXAMPLE1234567", "arn:aws:iam::222222222222:root",
	}
	// Conditions by key: operator and value list.
	worldConditions = map[string][][2]string{
		"aws:username": {
			{"StringEquals", `["a"]`}, {"StringLike", `["a*"]`}, {"StringNotEquals", `["a","b"]`}, {"Null", `"true"`},
			{"StringEqualsIfExists", `"b"`}, {"Null", `"false"`}, {"StringNotLike", `"*b"`},
		},
		"k:text": {
			{"StringEquals", `["a","b"]`}, {"StringEquals", `"a"`}, {"StringNotEquals", `"a"`}, {"StringLike", `"a*"`},
			{"StringLike", `"*"`}, {"StringNotLike", `["a*","b"]`}, {"StringEqualsIgnoreCase", `"A"`},
			{"StringNotEqualsIgnoreCase", `"a"`}, {"StringEqualsIfExists", `"a"`}, {"StringLikeIfExists", `"?"`},
			{"Null", `"true"`}, {"Null", `"false"`}, {"StringEquals", `"${aws:username}"`}, {"StringNotEquals", `"${aws:username}"`},
			{"StringEquals", `[]`}, {"StringNotEqualsIfExists", `"b"`},
		},
		"k:set": {
			{"ForAllValues:StringEquals", `["a","b"]`}, {"ForAllValues:StringEquals", `["a"]`}, {"ForAnyValue:StringEquals", `["a"]`},
			{"ForAnyValue:StringLike", `["a*","b"]`}, {"ForAllValues:StringNotEquals", `["a"]`}, {"ForAnyValue:StringNotEquals", `["a"]`},
			{"ForAllValues:StringLikeIfExists", `["a*"]`}, {"ForAnyValue:StringEqualsIfExists", `["a"]`}, {"Null", `"true"`},
			{"Null", `"false"`}, {"ForAnyValue:StringEquals", `[]`}, {"StringEquals", `"a"`}, {"ForAllValues:StringEquals", `""`}, {"StringNotEquals", `""`}, {"ForAnyValue:StringLike", `"?*"`}, {"StringNotEquals", `"a"`},
			{"ForAllValues:StringNotLike", `["a*"]`}, {"ForAnyValue:StringNotLike", `["a","b","c"]`}, {"StringLike", `"*"`},
			{"ForAllValues:StringEquals", `"${k:text}"`},
		},
		"aws:TagKeys": {{"StringEquals", `"a"`}, {"StringNotEquals", `"a"`}, {"ForAnyValue:StringEquals", `"b"`}, {"Null", `"false"`}},
		"k:mixed": {
			{"StringEquals", `["1","2"]`}, {"NumericLessThan", `"2"`}, {"NumericNotEquals", `"2"`}, {"StringNotEquals", `"1"`}, {"StringLike", `"?"`}, {"Bool", `"true"`},
		},
		"k:num": {
			{"NumericEquals", `[1,2]`}, {"NumericNotEquals", `"1"`}, {"NumericLessThan", `2`}, {"NumericLessThanEquals", `["2"]`},
			{"NumericGreaterThan", `"1"`}, {"NumericGreaterThanEquals", `[2,3]`}, {"NumericLessThanIfExists", `"1.5"`}, {"Null", `"false"`},
		},
		"k:date": {
			{"DateLessThan", `"2020-01-01"`}, {"DateGreaterThan", `"2020-01-01T00:00:00Z"`}, {"DateEquals", `"1577836800"`},
			{"DateNotEquals", `"2020-01-01"`}, {"DateGreaterThanEquals", `"2021-01-01"`}, {"DateLessThanEqualsIfExists", `"2021-01-01"`},
		},
		"k:bool": {
			{"Bool", `"true"`}, {"Bool", `"false"`}, {"BoolIfExists", `"false"`}, {"Bool", `["true","false"]`}, {"Null", `"true"`},
		},
		"aws:EpochTime": {
			{"NumericLessThan", `"3000"`}, {"DateGreaterThan", `"2019-06-01"`}, {"DateEquals", `"2020"`}, {"NumericGreaterThanEquals", `2020`},
		},
		"aws:SourceIp": {
			{"IpAddress", `"2001:db8::/33"`}, {"NotIpAddress", `["::/0","10.0.0.0/9","10.128.0.0/9"]`},
			{"IpAddress", `"10.0.0.0/8"`}, {"IpAddress", `["10.1.0.0/16","2001:db8::/32"]`}, {"NotIpAddress", `"10.0.0.0/8"`},
			{"NotIpAddress", `["10.1.2.3"]`}, {"IpAddressIfExists", `"10.1.0.0/16"`}, {"IpAddress", `"0.0.0.0/0"`}, {"IpAddress", `"::/0"`},
		},
		"aws:PrincipalArn": {
			{"ArnLike", `"arn:aws:iam::111111111111:role/*"`}, {"ArnEquals", `"arn:aws:iam::*:role/r"`}, {"ArnNotLike", `"arn:aws:iam::111111111111:*"`},
			{"ArnLike", `"arn:aws:iam::*"`}, {"ArnNotLike", `"arn:aws:iam"`}, {"ArnEquals", `"*:role/r"`}, {"ArnNotEquals", `["arn:aws*:r","*"]`},
			{"StringLike", `"arn:aws:iam::*"`}, {"ArnLike", `"*"`}, {"ArnLikeIfExists", `"arn:aws:iam::*:user/u"`},
			{"ArnLike", `"arn:aws:iam::222222222222:user/${aws:username}"`}, {"ArnNotEquals", `"${k:text}"`}, {"ArnEquals", `"${k:text}"`},
		},
		"k:bin": {{"BinaryEquals", `"YQ=="`}, {"BinaryEquals", `["YQ==","Yg=="]`}, {"BinaryEqualsIfExists", `"YQ=="`}},
	}
	worldValues = map[string][][]string{
		"aws:username":     {nil, {"a"}, {"b"}, {"ab"}, {"*"}},
		"k:text":           {nil, {"a"}, {"A"}, {"b"}, {"ab"}, {""}, {"arn:aws:iam::222222222222:user/u"}},
		"k:set":            {nil, {""}, {"", "b"}, {"a"}, {"b"}, {"a", "b"}, {"b", "c"}, {"ab"}},
		"aws:TagKeys":      {nil, {"a"}, {"b"}, {"a", "b"}},
		"k:mixed":          {nil, {"1"}, {"2"}, {"3"}, {"true"}, {"false"}},
		"aws:EpochTime":    {nil, {"2020"}, {"02020"}, {"1577836800"}, {"1500000000"}, {"2999"}, {"5"}},
		"k:num":            {nil, {"0"}, {"1"}, {"1.5"}, {"2"}, {"2.5"}, {"3"}, {"4"}},
		"k:date":           {nil, {"2019-01-01T00:00:00Z"}, {"2020-01-01T00:00:00Z"}, {"2020-06-01T00:00:00Z"}, {"2021-01-01T00:00:00Z"}, {"2022-01-01T00:00:00Z"}},
		"k:bool":           {nil, {"true"}, {"false"}},
		"aws:SourceIp":     {nil, {"10.1.2.3"}, {"10.1.9.9"}, {"10.9.9.9"}, {"11.0.0.1"}, {"2001:db8::1"}, {"2002::1"}},
		"aws:PrincipalArn": {nil, {"x"}, {"arn:aws:iam::r"}, {"a:role/r:b:c:d:e"}, {"arn:aws:iam::111111111111:role/r"}, {"arn:aws:iam::111111111111:role/p/r"}, {"arn:aws:iam::222222222222:role/r"}, {"arn:aws:iam::222222222222:user/u"}},
		"k:bin":            {nil, {"YQ=="}, {"Yg=="}, {"Yw=="}},
	}
)

// list draws one or two of the given texts as a JSON value.
func list(t *rapid.T, label string, from []string) string {
	texts := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 2, rapid.ID[string]).Draw(t, label)
	b, _ := json.Marshal(texts)
	return string(b)
}

func element(t *rapid.T, name string) string {
	if rapid.IntRange(0, 4).Draw(t, "not") == 0 {
		return "Not" + name
	}
	return name
}

// drawStatement writes a statement over the given condition keys.
func drawStatement(t *rapid.T, kind policy.Kind, keys []string) string {
	parts := []string{fmt.Sprintf(`"Effect":%q`, rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"))}
	parts = append(parts, fmt.Sprintf("%q:%s", element(t, "Action"), list(t, "action", actionPatterns)))
	resources := resourcePatterns
	if kind == policy.Resource && rapid.IntRange(0, 3).Draw(t, "API") == 0 {
		resources = append(apiPatterns, "arn:aws:execute-api:r:1:a/p/*")
	}
	if kind == policy.Identity || rapid.Bool().Draw(t, "has resource") {
		parts = append(parts, fmt.Sprintf("%q:%s", element(t, "Resource"), list(t, "resource", resources)))
	}
	if kind == policy.Resource {
		name := element(t, "Principal")
		from := principalElements
		if name == "Principal" && rapid.IntRange(0, 3).Draw(t, "reference") == 0 {
			from = referenceElements
		}
		parts = append(parts, fmt.Sprintf("%q:%s", name, rapid.SampledFrom(from).Draw(t, "principal")))
	}
	blocks := map[string][]string{}
	for _, k := range keys {
		if rapid.Bool().Draw(t, "condition "+k) {
			c := rapid.SampledFrom(worldConditions[k]).Draw(t, k)
			blocks[c[0]] = append(blocks[c[0]], fmt.Sprintf("%q:%s", k, c[1]))
		}
	}
	var conds []string
	for op, entries := range blocks {
		conds = append(conds, fmt.Sprintf("%q:{%s}", op, strings.Join(entries, ",")))
	}
	if len(conds) > 0 {
		slices.Sort(conds)
		parts = append(parts, `"Condition":{`+strings.Join(conds, ",")+`}`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func drawKeys(t *rapid.T) []string {
	all := make([]string, 0, len(worldConditions))
	for k := range worldConditions {
		all = append(all, k)
	}
	slices.Sort(all)
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 2, rapid.ID[string]).Draw(t, "keys")
}

func drawText(t *rapid.T, label string, kind policy.Kind, keys []string, most int) string {
	n := rapid.IntRange(1, most).Draw(t, label)
	statements := make([]string, n)
	for i := range statements {
		statements[i] = drawStatement(t, kind, keys)
	}
	version := rapid.SampledFrom([]string{`"Version":"2012-10-17",`, `"Version":"2012-10-17",`, ``}).Draw(t, "version")
	return "{" + version + `"Statement":[` + strings.Join(statements, ",") + "]}"
}

// world is a part of the requests, small enough to be enumerated for each case.
type world struct{ principals, resources []string }

func drawWorld(t *rapid.T, kind policy.Kind) world {
	w := world{principals: []string{""}, resources: some(t, "resources", worldResources, 6)}
	if kind == policy.Resource {
		w = world{some(t, "principals", worldPrincipals, 6), append(w.resources[:3], some(t, "API resources", apiResources, 2)...)}
	}
	return w
}

func some[T comparable](t *rapid.T, label string, from []T, n int) []T {
	if len(from) <= n {
		return from
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), n, n, rapid.ID[T]).Draw(t, label)
}

// eachRequest calls f with the requests of the world until it returns false.
func (w world) eachRequest(keys []string, f func(policy.Request) bool) {
	contexts := []map[string][]string{{}}
	for _, k := range keys {
		var next []map[string][]string
		for _, c := range contexts {
			for _, v := range worldValues[k] {
				n := map[string][]string{k: v}
				for kk, vv := range c {
					n[kk] = vv
				}
				next = append(next, n)
			}
		}
		contexts = next
	}
	for _, ptext := range w.principals {
		var pr policy.Principal
		if ptext != "" {
			pr, _ = policy.ParsePrincipal(ptext)
		}
		for _, a := range worldActions {
			for _, res := range w.resources {
				for _, c := range contexts {
					if !f(policy.Request{Principal: pr, Action: a, Resource: res, Context: c}) {
						return
					}
				}
			}
		}
	}
}

// enumerated finds a request of the world whose decisions are wanted, in some
// reading.
func (w world) enumerated(readings []policy.Reading, old, now []*policy.Document, keys []string, wanted func(before, after policy.Decision) bool) (found policy.Request, in policy.Reading, ok bool) {
	for _, in = range readings {
		w.eachRequest(keys, func(q policy.Request) bool {
			before, _ := policy.Evaluate(old, q, in)
			if after, _ := policy.Evaluate(now, q, in); wanted(before, after) {
				found, ok = q, true
			}
			return !ok
		})
		if ok {
			return found, in, ok
		}
	}
	return found, in, ok
}

func TestNoNewAccessAgainstEnumeration(t *testing.T) {
	againstEnumeration(t, func(old, now []*policy.Document) access.Result {
		return access.NoNewAccess(old, now, access.SearchAll(access.Options{Explain: true, StrictOpenWorld: true}))
	}, func(before, after policy.Decision) bool {
		return after == policy.DecisionAllow && before != policy.DecisionAllow
	})
}

func TestLostDenialAgainstEnumeration(t *testing.T) {
	againstEnumeration(t, func(old, now []*policy.Document) access.Result {
		return access.LostDenial(old, now, access.Options{Explain: true, StrictOpenWorld: true})
	}, func(before, after policy.Decision) bool {
		return before == policy.DecisionExplicitDeny && after != policy.DecisionExplicitDeny
	})
}

// againstEnumeration draws two policies and compares the engine's answer with what
// the enumeration finds.
func againstEnumeration(t *testing.T, ask func(old, now []*policy.Document) access.Result, wanted func(before, after policy.Decision) bool) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				keys := drawKeys(t)
				before := drawText(t, "before", kind, keys, 3)
				after := drawText(t, "after", kind, keys, 2)
				old, now := parse(t, before, kind), parse(t, after, kind)
				got := ask(old, now)
				readings := some(t, "readings", policy.Readings(policy.Questions(slices.Concat(old, now)...)), 2)
				q, r, found := drawWorld(t, kind).enumerated(readings, old, now, used(before+after), wanted)
				switch {
				case found && (got.Verdict == access.Pass || got.Verdict != access.Fail && !mixed(before+after)):
					t.Fatalf("enumeration finds %+v, reading %+v\nbefore %s\nafter  %s\ngot %v %s", q, r, before, after, got.Verdict, got.Reason)
				case got.Verdict == access.Undetermined && !mixed(before+after):
					t.Fatalf("undetermined: %s\nbefore %s\nafter  %s", got.Reason, before, after)
				}
			})
		})
	}
}

func TestAccessNotGrantedAgainstEnumeration(t *testing.T) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				keys := drawKeys(t)
				text := drawText(t, "policy", kind, keys, 3)
				docs := parse(t, text, kind)
				listed := access.Access{
					Actions:   rapid.SliceOfN(rapid.SampledFrom(worldActions), 0, 2).Draw(t, "actions"),
					Resources: rapid.SliceOfN(rapid.SampledFrom(worldResources[1:]), 1, 2).Draw(t, "resources"),
				}
				got, err := access.AccessNotGranted(docs, []access.Access{listed}, access.Options{Explain: true, StrictOpenWorld: true})
				if err != nil {
					t.Fatal(err)
				}
				w := drawWorld(t, kind)
				w.resources = listed.Resources
				for _, r := range some(t, "readings", policy.Readings(policy.Questions(docs...)), 2) {
					w.eachRequest(used(text), func(q policy.Request) bool {
						if len(listed.Actions) > 0 && !slices.Contains(listed.Actions, q.Action) || !slices.Contains(listed.Resources, q.Resource) {
							return true
						}
						if d, _ := policy.Evaluate(docs, q, r); d == policy.DecisionAllow && got.Verdict == access.Pass {
							t.Fatalf("enumeration finds %+v, reading %+v\npolicy %s\nlisted %v", q, r, text, listed)
						}
						return true
					})
				}
				if got.Verdict == access.Undetermined && !mixed(text) {
					t.Fatalf("undetermined: %s\npolicy %s", got.Reason, text)
				}
			})
		})
	}
}

// used lists the condition keys of the world that the texts name.
func used(text string) []string {
	var keys []string
	for k := range worldValues {
		if strings.Contains(text, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// mixed reports whether the policies leave the decided fragment: unknown variable
// values that no tried value settles, and a key of several types.
func mixed(text string) bool {
	return strings.Contains(text, "${") || strings.Contains(text, "k:mixed")
}

func parse(t *rapid.T, text string, kind policy.Kind) []*policy.Document {
	d, diags := policy.Parse([]byte(text), policy.ParseOptions{Kind: kind, Reference: true})
	if diags.HasErrors() {
		t.Fatalf("parse %s: %v", text, diags)
	}
	return []*policy.Document{d}
}

func TestLaws(t *testing.T) {
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		t.Run(kind.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				keys := drawKeys(t)
				a := parse(t, drawText(t, "a", kind, keys, 3), kind)
				b := parse(t, drawText(t, "b", kind, keys, 2), kind)
				deny := parse(t, `{"Version":"2012-10-17","Statement":[`+strings.Replace(drawStatement(t, kind, keys), `"Effect":"Allow"`, `"Effect":"Deny"`, 1)+`]}`, kind)
				never := func(law string, before, after []*policy.Document) {
					if got := access.NoNewAccess(before, after, access.Options{Explain: true, StrictOpenWorld: true}); got.Verdict == access.Fail {
						t.Fatalf("%s: %+v", law, got)
					}
				}
				if got := access.NoNewAccess(a, a, access.Options{Explain: true, StrictOpenWorld: true}); got.Verdict != access.Pass {
					t.Fatalf("a policy exceeds itself: %+v", got)
				}
				never("a deny adds access", a, slices.Concat(a, deny))
				if !hasDeny(b) {
					never("a is not within a and b", slices.Concat(a, b), a)
				}
				ab := access.NoNewAccess(a, b, access.Options{Explain: true, StrictOpenWorld: true}).Verdict
				ba := access.NoNewAccess(a, slices.Concat(a, b), access.Options{Explain: true, StrictOpenWorld: true}).Verdict
				if ab == access.Pass && ba == access.Fail {
					t.Fatalf("b within a, but a and b not")
				}
			})
		})
	}
}

func hasDeny(docs []*policy.Document) bool {
	return slices.ContainsFunc(docs, func(d *policy.Document) bool {
		return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny })
	})
}
