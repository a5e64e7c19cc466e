package access_test

import (
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// The tests here ask of every request of a small world whether a policy allows it and
// whether it is trusted, which trustedRequest decides from the text of the policy
// alone, and hold the check to the answers.

// A publicKey is a condition key of this world: conditions on it, values that
// requests have, and the types that trust it.
type publicKey struct {
	conditions [][2]string
	values     [][]string
	types      []string // nil: all
	// pattern is the beginning of patterns that count as fixed, in the types of
	// patternTypes, nil for all; "" for none.
	pattern      string
	patternTypes []string
}

var nowhere = []string{"no type"}

var publicKeys = map[string]publicKey{
	"aws:SourceVpc": {
		conditions: [][2]string{
			{"StringEquals", `"vpc-1"`}, {"StringEquals", `["vpc-1","vpc-2"]`}, {"StringLike", `"vpc-1"`}, {"StringLike", `["vpc-2","vpc-?"]`},
			{"StringEqualsIgnoreCase", `"VPC-1"`}, {"StringNotEquals", `"vpc-1"`}, {"StringEqualsIfExists", `"vpc-1"`}, {"Null", `"false"`},
			{"StringNotEqualsIfExists", `["vpc-1","vpc-2"]`}, {"StringNotLike", `"vpc-*"`}, {"Null", `"true"`}, {"StringEquals", `"vpc-*"`},
			{"StringEquals", `[]`}, {"ForAnyValue:StringEquals", `["vpc-1","vpc-2"]`}, {"ForAllValues:StringEquals", `"vpc-1"`},
		},
		values: [][]string{nil, {"vpc-1"}, {"VPC-1"}, {"vpc-2"}, {"vpc-3"}, {"x"}},
	},
	"aws:PrincipalOrgPaths": {
		conditions: [][2]string{
			{"ForAnyValue:StringLike", `"o-a1b2c3d4e5/*"`}, {"ForAllValues:StringLike", `"o-a1b2c3d4e5/r-1/*"`}, {"Null", `"false"`},
			{"ForAnyValue:StringEquals", `"o-a1b2c3d4e5/r-1/"`}, {"ForAnyValue:StringLike", `["o-a1b2c3d4e5/*","o-*"]`}, {"StringEquals", `"o-a1b2c3d4e5/r-1/"`},
			{"ForAllValues:StringNotLike", `"o-a1b2c3d4e5/*"`}, {"ForAnyValue:StringNotLike", `"o-a1b2c3d4e5/*"`}, {"ForAnyValue:StringLikeIfExists", `"o-a1b2c3d4e5/*"`},
		},
		values:  [][]string{nil, {"o-a1b2c3d4e5/r-1/"}, {"o-a1b2c3d4e5/r-2/"}, {"o-zzzzzzzzzz/r-1/"}, {"o-a1b2c3d4e5/r-1/", "o-zzzzzzzzzz/r-1/"}},
		pattern: "o-a1b2c3d4e5/",
	},
	"aws:SourceIp": {
		conditions: [][2]string{
			{"IpAddress", `"10.0.0.0/8"`}, {"IpAddress", `"0.0.0.0/1"`}, {"IpAddress", `["203.0.113.0/24","2001:db8::/32"]`}, {"IpAddress", `["10.1.0.0/16","2001::/16"]`},
			{"NotIpAddress", `"10.0.0.0/8"`}, {"IpAddressIfExists", `"10.0.0.0/8"`}, {"NotIpAddress", `["0.0.0.0/1","10.0.0.0/8"]`}, {"Null", `"false"`}, {"StringEquals", `"10.1.1.1"`},
		},
		values: [][]string{nil, {"10.1.1.1"}, {"10.2.1.1"}, {"11.1.1.1"}, {"203.0.113.5"}, {"2001:db8::1"}, {"2001:1::1"}},
		types:  []string{bucketType, pointType, apiType},
	},
	"aws:userid": {
		conditions: [][2]string{
			{"StringLike", `"AROAEXAMPLEID:*"`}, {"StringEquals", `"AROAEXAMPLEID:s"`}, {"StringLike", `"*:s"`}, {"StringNotLike", `"AROAEXAMPLEID:*"`}, {"StringLikeIfExists", `"AROAEXAMPLEID:*"`},
		},
		values:  [][]string{nil, {"AROAEXAMPLEID:s"}, {"AROAEXAMPLEID:t"}, {"AROAOTHERNAME:s"}},
		pattern: "AROAEXAMPLEID:", patternTypes: []string{bucketType, pointType},
	},
	"aws:PrincipalArn": {
		conditions: [][2]string{
			{"ArnLike", `"arn:aws:iam::111111111111:role/*"`}, {"ArnEquals", `"arn:aws:iam::*:role/r"`}, {"ArnNotLike", `"arn:aws:iam::111111111111:*"`},
			{"StringEquals", `"arn:aws:iam::111111111111:role/r"`}, {"StringLike", `"arn:aws:iam::11111111111?:role/r"`}, {"ArnLike", `"arn:aws:iam"`}, {"ArnLike", `"*"`},
		},
		values:  [][]string{nil, {"arn:aws:iam::111111111111:role/r"}, {"arn:aws:iam::111111111111:role/q"}, {"arn:aws:iam::111111111112:role/r"}},
		pattern: "arn:aws:iam::111111111111:",
	},
	"s3:DataAccessPointArn": {
		conditions: [][2]string{
			{"ArnLike", `"arn:aws:s3:us-west-2:111111111111:accesspoint/*"`}, {"StringLike", `"arn:aws:s3:us-west-2:*:accesspoint/a"`}, {"ArnNotEquals", `"arn:aws:s3:us-west-2:111111111111:accesspoint/a"`},
			{"ArnEquals", `"arn:aws:s3:us-west-2:111111111111:accesspoint/a"`},
		},
		values: [][]string{nil, {"arn:aws:s3:us-west-2:111111111111:accesspoint/a"}, {"arn:aws:s3:us-west-2:111111111111:accesspoint/b"}, {"arn:aws:s3:us-west-2:222222222222:accesspoint/a"}},
		types:  []string{bucketType, pointType}, pattern: "arn:aws:s3:us-west-2:111111111111:accesspoint/", patternTypes: []string{bucketType},
	},
	"aws:PrincipalIsAWSService": {
		conditions: [][2]string{{"Bool", `"true"`}, {"Bool", `"false"`}, {"BoolIfExists", `"true"`}, {"StringEquals", `"true"`}, {"Bool", `["true","false"]`}, {"Null", `"false"`}, {"BoolIfExists", `"false"`}},
		values:     [][]string{nil, {"true"}, {"false"}},
		types:      []string{tableType},
	},
	"kms:CallerAccount": {
		conditions: [][2]string{{"StringEquals", `"111111111111"`}, {"StringNotEquals", `"111111111111"`}, {"StringLike", `"1111*"`}},
		values:     [][]string{nil, {"111111111111"}, {"111122223333"}, {"2"}},
		types:      []string{keyType},
	},
	"accounts.google.com:aud": {
		conditions: [][2]string{{"StringEquals", `"app"`}, {"StringLike", `"a*"`}, {"StringNotEquals", `"app"`}},
		values:     [][]string{nil, {"app"}, {"ab"}},
		types:      nowhere, // only with its provider
	},
	"k:text": {
		conditions: [][2]string{{"StringEquals", `"a"`}, {"StringNotEquals", `"a"`}, {"Null", `"true"`}},
		values:     [][]string{nil, {"a"}, {"b"}},
		types:      nowhere,
	},
}

var publicWorldTypes = []string{bucketType, pointType, tableType, keyType, trustType, functionType, apiType, secretType}

// policyText is what trustedRequest reads of a policy.
type policyText struct {
	Statement []struct {
		Effect                  string
		Principal, NotPrincipal any
		Condition               map[string]map[string]any
	}
}

func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, e.(string))
		}
		return out
	}
	return nil
}

// trustedRequest says what "not public" means, for one request: its principal is
// named, or of an account that is; or a trusted key has a value that the policy fixes.
func trustedRequest(text, resourceType string, q policy.Request) bool {
	var p policyText
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		panic(err)
	}
	context := map[string][]string{}
	for k, v := range q.Context {
		context[strings.ToLower(k)] = v
	}
	trustsKey := func(key string, types []string) bool {
		k := publicKeys[key]
		return (types == nil || slices.Contains(types, resourceType)) && fixedByPolicy(p, key, k, resourceType, context[strings.ToLower(key)])
	}
	for key, k := range publicKeys {
		if trustsKey(key, k.types) {
			return true
		}
	}
	for _, s := range p.Statement {
		who := s.Principal
		if s.Effect == "Deny" {
			who = s.NotPrincipal
		}
		kinds, _ := who.(map[string]any) // not the text "*"
		for kind, names := range kinds {
			for _, name := range stringsOf(names) {
				if name == "*" || kind != q.Principal.Type.String() {
					continue
				}
				same := name == q.Principal.ID
				switch kind {
				case "AWS":
					if same || accountIn(name) != "" && accountIn(name) == accountIn(q.Principal.ID) {
						return true
					}
				case "Federated":
					if same && resourceType == trustType && trustsKey("accounts.google.com:aud", nil) {
						return true
					}
				default:
					if same {
						return true
					}
				}
			}
		}
	}
	return false
}

// accountIn is the account in an ARN, or an account id; "" for neither.
func accountIn(name string) string {
	if f := strings.Split(name, ":"); len(f) > 4 {
		return f[4]
	}
	if len(name) == 12 {
		return name
	}
	return ""
}

// fixedByPolicy reports whether one of the values is one that a condition fixes: of a
// positive operator in Allow, which is false for a missing key, or a negated one in
// Deny.
func fixedByPolicy(p policyText, key string, k publicKey, resourceType string, values []string) bool {
	sets := false
	for _, s := range p.Statement {
		for operator, keys := range s.Condition {
			list, ok := keys[key]
			if !ok {
				continue
			}
			sets = sets || strings.HasPrefix(operator, "For")
			if key == "aws:PrincipalIsAWSService" && operator != "Null" {
				if slices.Contains(values, "true") {
					return true
				}
				continue
			}
			_, name, qualified := strings.Cut(operator, ":")
			if !qualified {
				name = operator
			}
			not := strings.Contains(name, "Not")
			name = strings.Replace(name, "Not", "", 1)
			if not != (s.Effect == "Deny") || s.Effect == "Allow" && strings.HasSuffix(name, "IfExists") {
				continue
			}
			name = strings.TrimSuffix(name, "IfExists")
			for _, want := range stringsOf(list) {
				for _, v := range values {
					if fixes(name, want, v, key, k, resourceType) {
						return true
					}
				}
			}
		}
	}
	// AWS never sends an empty text for a key with several values.
	return (sets || key == "aws:PrincipalOrgPaths") && slices.Contains(values, "")
}

func fixes(name, want, v, key string, k publicKey, resourceType string) bool {
	if key == "aws:SourceIp" {
		if name != "IpAddress" {
			return false
		}
		_, network, err := net.ParseCIDR(want)
		if err != nil {
			panic(err)
		}
		ones, bits := network.Mask.Size()
		return network.Contains(net.ParseIP(v)) && ones >= map[int]int{32: 8, 128: 32}[bits]
	}
	literal, rest, wild := strings.Cut(want, "*")
	if strings.Contains(want, "?") || wild && (name == "StringEquals" || rest != "") {
		return false
	}
	switch {
	case wild:
		return k.pattern != "" && (k.patternTypes == nil || slices.Contains(k.patternTypes, resourceType)) &&
			strings.HasPrefix(literal, k.pattern) && strings.HasPrefix(v, literal)
	case name == "StringEqualsIgnoreCase":
		return strings.EqualFold(want, v)
	case strings.HasPrefix(name, "Arn"):
		return want == v && len(strings.Split(v, ":")) >= 6
	case name == "StringEquals" || name == "StringLike":
		return want == v
	}
	return false
}

// principalElements are values of Principal and NotPrincipal.
var principalElements = []string{
	`"*"`, `{"AWS":"*"}`, `{"AWS":"111111111111"}`, `{"AWS":"arn:aws:iam::111111111111:root"}`,
	`{"AWS":"arn:aws:iam::111111111111:role/r"}`, `{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`,
	`{"AWS":["arn:aws:iam::111111111111:user/u","222222222222"]}`, `{"Service":"a.amazonaws.com"}`,
	`{"Service":["a.amazonaws.com","b.amazonaws.com"],"AWS":"222222222222"}`, `{"Federated":"accounts.google.com"}`,
	`{"AWS":"arn:aws:iam::111111111111:role/p/r"}`, `{"CanonicalUser":"79a5"}`, `{"AWS":"AROAEXAMPLE1234567"}`,
	`{"AWS":"arn:aws:sts::111111111111:federated-user/f"}`, `{"AWS":["111111111111","arn:aws:iam::111111111111:role/r"]}`,
	`{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:role/p/r","arn:aws:sts::111111111111:assumed-role/r/s","AROAEXAMPLE1234567"]}`,
}

func drawPublicStatement(t *rapid.T, keys []string) string {
	effect := rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect")
	who := rapid.SampledFrom(append([]string{`"*"`, `"*"`, `{"AWS":"*"}`}, principalElements...)).Draw(t, "principal")
	if rapid.IntRange(0, 4).Draw(t, "not") == 0 {
		who = "!" + who
	}
	blocks := map[string]map[string]json.RawMessage{}
	for _, k := range keys {
		for range rapid.IntRange(0, 2).Draw(t, "conditions of "+k) {
			c := rapid.SampledFrom(publicKeys[k].conditions).Draw(t, k)
			if blocks[c[0]] == nil {
				blocks[c[0]] = map[string]json.RawMessage{}
			}
			blocks[c[0]][k] = json.RawMessage(c[1])
		}
	}
	s := strings.Replace(grant(effect, who), `"Action":"*"`, fmt.Sprintf(`"Action":%q`, rapid.SampledFrom([]string{"*", "s:A", "s:B"}).Draw(t, "action")), 1)
	if len(blocks) > 0 {
		b, _ := json.Marshal(blocks)
		s = strings.TrimSuffix(s, "}") + `,"Condition":` + string(b) + "}"
	}
	return s
}

func drawPublicKeys(t *rapid.T) []string {
	all := make([]string, 0, len(publicKeys))
	for k := range publicKeys {
		all = append(all, k)
	}
	slices.Sort(all)
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 3, rapid.ID[string]).Draw(t, "keys")
}

func drawPublicText(t *rapid.T, keys []string) string {
	statements := make([]string, rapid.IntRange(1, 3).Draw(t, "statements"))
	for i := range statements {
		statements[i] = drawPublicStatement(t, keys)
	}
	return wrap(strings.Join(statements, ","))
}

// publicRequest finds a request of the world that is allowed in one of the readings
// and not trusted.
func publicRequest(text, resourceType string, keys []string, doc []*policy.Document) (found policy.Request, ok bool) {
	contexts := []map[string][]string{{}}
	for _, k := range keys {
		var next []map[string][]string
		for _, c := range contexts {
			for _, v := range publicKeys[k].values {
				n := map[string][]string{k: v}
				for kk, vv := range c {
					n[kk] = vv
				}
				next = append(next, n)
			}
		}
		contexts = next
	}
	readings := policy.Readings(policy.Questions(doc...))
	for _, who := range worldPrincipals {
		principal, err := policy.ParsePrincipal(who)
		if err != nil {
			panic(err)
		}
		for _, action := range []string{"s:A", "s:B"} {
			for _, c := range contexts {
				q := policy.Request{Principal: principal, Action: action, Resource: "arn:aws:s:::a", Context: c}
				for _, r := range readings {
					if d, _ := policy.Evaluate(doc, q, r); d == policy.DecisionAllow {
						if !trustedRequest(text, resourceType, q) {
							return q, true
						}
						break
					}
				}
			}
		}
	}
	return policy.Request{}, false
}

func TestNoPublicAccessAgainstEnumeration(t *testing.T) {
	tally := map[access.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		keys := drawPublicKeys(t)
		text := drawPublicText(t, keys)
		resourceType := rapid.SampledFrom(publicWorldTypes).Draw(t, "type")
		doc := parse(t, text, policy.Resource)
		// The enumeration knows no facts: with them a request that it finds may be none.
		strict := rapid.IntRange(0, 3).Draw(t, "strict") > 0
		got, err := access.NoPublicAccess(doc[0], resourceType, access.Options{StrictOpenWorld: strict})
		if err != nil {
			t.Fatal(err)
		}
		tally[got.Verdict]++
		q, found := publicRequest(text, resourceType, keys, doc)
		switch {
		case found && strict && got.Verdict == access.Pass:
			t.Fatalf("enumeration finds %+v\n%s %s", q, resourceType, text)
		case got.Verdict == access.Undetermined:
			t.Fatalf("undetermined: %s\n%s %s", got.Reason, resourceType, text)
		case got.Verdict == access.Fail:
			g := got.Gains[0]
			if trustedRequest(text, resourceType, g.Witness) {
				t.Fatalf("the witness %+v is trusted\n%s %s", g.Witness, resourceType, text)
			}
			if !slices.ContainsFunc(policy.Readings(policy.Questions(doc...)), func(r policy.Reading) bool {
				d, by := policy.Evaluate(doc, g.Witness, r)
				return d == policy.DecisionAllow && slices.ContainsFunc(by, func(d policy.Decider) bool { return d.Index == g.Statement })
			}) {
				t.Fatalf("statement %d does not allow the witness %+v\n%s %s", g.Statement, g.Witness, resourceType, text)
			}
		}
	})
	if tally[access.Pass] == 0 || tally[access.Fail] == 0 {
		t.Errorf("the verdicts are %v: the test tells nothing", tally)
	}
}

// TestPublicAccessLaws: a Deny never makes a policy public, and neither do facts; a fixed
// condition in every Allow leaves nothing public.
func TestPublicAccessLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := drawPublicKeys(t)
		text := drawPublicText(t, keys)
		resourceType := rapid.SampledFrom(publicWorldTypes).Draw(t, "type")
		ask := func(text string, strict bool) access.Verdict {
			got, err := access.NoPublicAccess(parse(t, text, policy.Resource)[0], resourceType, access.Options{StrictOpenWorld: strict})
			if err != nil {
				t.Fatal(err)
			}
			return got.Verdict
		}
		verdict := func(text string) access.Verdict { return ask(text, false) }
		if ask(text, true) == access.Pass && verdict(text) != access.Pass {
			t.Fatalf("facts make it public\n%s", text)
		}
		denying := strings.Replace(drawPublicStatement(t, keys), `"Effect":"Allow"`, `"Effect":"Deny"`, 1)
		with := strings.TrimSuffix(text, "]}") + "," + denying + "]}"
		if verdict(text) == access.Pass && verdict(with) == access.Fail {
			t.Fatalf("a Deny makes it public\n%s\n%s", text, with)
		}
		const fixed = `"StringEquals":{"aws:SourceVpce":"vpce-1"}`
		var p struct {
			Version   string
			Statement []map[string]json.RawMessage
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Statement {
			if string(s["Effect"]) != `"Allow"` {
				continue
			}
			var c map[string]map[string]json.RawMessage
			if s["Condition"] != nil {
				_ = json.Unmarshal(s["Condition"], &c)
			} else {
				c = map[string]map[string]json.RawMessage{}
			}
			if c["StringEquals"] == nil {
				c["StringEquals"] = map[string]json.RawMessage{}
			}
			c["StringEquals"]["aws:SourceVpce"] = json.RawMessage(`"vpce-1"`)
			s["Condition"], _ = json.Marshal(c)
		}
		narrowed, _ := json.Marshal(p)
		if v := verdict(string(narrowed)); v != access.Pass {
			t.Fatalf("%v with the condition %s everywhere\n%s", v, fixed, narrowed)
		}
	})
}
