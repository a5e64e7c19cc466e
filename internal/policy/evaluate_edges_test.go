package policy_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// The cases here stand where a small fault in a rule would change nothing else:
// TestMutants of internal/repository asks for them.

// TestEvaluateForms checks which texts of a request are values of a type: every
// number is above the least, every date after the first, and so on.
func TestEvaluateForms(t *testing.T) {
	t.Parallel()
	const ones, zeros = "1111111111", "0000000000"
	long := "1." + strings.Repeat("0", 198) // 200 characters
	for _, tt := range []struct {
		condition string
		yes, no   []string
	}{
		{`{"NumericGreaterThan":{"aws:k":"-1e300"}}`,
			[]string{"0", "+1", "-1", "1.5", "1e3", "1E-3", "1e+5", "1e400", "1e-400", long},
			[]string{"", "1.", ".5", "1.x", "1x", "x1", "1e", "1ex", "1e1.5", "1e401", "1e-401", "1e1111111111", long + "0", " 1", "1 ", "1,5", "0x1", "1/2", "1_0", "+-1", "--1"}},
		{`{"NumericNotEquals":{"aws:k":"1"}}`, []string{"2", "x", ""}, []string{"1", "1.0", "10e-1", "+1"}},
		{`{"DateGreaterThanEquals":{"aws:k":"0001"}}`,
			[]string{"2020", "2020-01", "2020-01-31", "2020-01-31T10:20Z", "2020-01-31T10:20:30Z", "2020-01-31T10:20:30.5Z", "2020-01-31T10:20:30+01:00", "2020-01-31T10:20-01:00",
				"20200", "0", "111111111111111111", "2020-01-31T10:20:30." + ones + ones + ones + "Z"},
			[]string{"", "x020", "2020-1", "2020-x1", "2020-01-3", "2020-01-x1", "2020-13", "2020-02-30", "2020-01-31T10:20:30", "2020-01-31T1:20Z", "2020-01-31Tx0:20Z", "2020-01-31T10:2Z", "2020-01-31T10:x0Z",
				"2020-01-31T10:20:3Z", "2020-01-31T10:20:x0Z", "2020-01-31T10:20:30.Z", "2020-01-31T10:20:30.xZ", "2020-01-31T10:20:30." + zeros + zeros + zeros + "1Z", "2020-01-31T10:20:30x01:00",
				"2020-01-31T10:20:30+1:00", "2020-01-31T10:20:30+x1:00", "2020-01-31T10:20:30+01:0", "2020-01-31T10:20:30+01:x0", "2020-01-31T10:20:30z", "1111111111111111111", "-1", "1.5", " 2020", "2020-01-31 10:20Z"}},
		{`{"Bool":{"aws:k":"true"}}`, []string{"true", "True", "TRUE"}, []string{"", "tru", "false", "1", "yes"}},
		{`{"Bool":{"aws:k":"False"}}`, []string{"false", "FALSE"}, []string{"", "true", "0"}},
		{`{"BinaryEquals":{"aws:k":"YQ=="}}`, []string{"YQ=="}, []string{"YQ", "YQ=", "YR==", "YQ==\n", "YQ\r==", "\nYQ==", "YQ==!", "Yg==", "a"}},
		{`{"BinaryEquals":{"aws:k":""}}`, []string{""}, []string{"\n", "\r", "YQ==", "!"}},
		{`{"IpAddress":{"aws:k":"10.0.0.0/8"}}`, []string{"10.0.0.0", "10.255.255.255"}, []string{"", "11.0.0.0", "9.255.255.255", "010.0.0.1", "10.0.0", "10.0.0.0/8", "::ffff:10.0.0.1", "x"}},
		{`{"IpAddress":{"aws:k":"fe80::/10"}}`, []string{"fe80::1", "FE80::1"}, []string{"fe80::1%eth0", "fec0::1", "10.0.0.1"}},
		{`{"IpAddress":{"aws:k":"10.1.2.3"}}`, []string{"10.1.2.3"}, []string{"10.1.2.2", "10.1.2.4"}},
		{`{"IpAddress":{"aws:k":"10.1.2.3/16"}}`, []string{"10.1.0.0", "10.1.255.255"}, []string{"10.0.255.255", "10.2.0.0"}},
		{`{"NotIpAddress":{"aws:k":"10.0.0.0/8"}}`, []string{"11.0.0.0", "::1", "x"}, []string{"10.1.1.1"}},
	} {
		d := parse(t, policy.Identity, condition(tt.condition))
		for want, list := range map[bool][]string{true: tt.yes, false: tt.no} {
			for _, text := range list {
				if got := allows(d, policy.Request{Action: "a:b", Resource: "*", Context: values(text)}, policy.Reading{}); got != want {
					t.Errorf("%s and %q: got %v", tt.condition, text, got)
				}
			}
		}
	}
}

// TestEvaluateOrders checks each operator that compares below, at and above its value.
func TestEvaluateOrders(t *testing.T) {
	t.Parallel()
	for operator, want := range map[string][3]bool{
		"Equals": {false, true, false}, "NotEquals": {true, false, true}, "LessThan": {true, false, false}, "LessThanEquals": {true, true, false},
		"GreaterThan": {false, false, true}, "GreaterThanEquals": {false, true, true},
	} {
		for test, texts := range map[string][4]string{
			"Numeric": {"2.5", "2.4999", "2.50", "2.5001"},
			"Date":    {"2020-06-01", "2020-05-31T23:59:59.9Z", "1590969600", "2020-06-01T00:00:00.1Z"},
		} {
			d := parse(t, policy.Identity, condition(`{"`+test+operator+`":{"aws:k":"`+texts[0]+`"}}`))
			for i, text := range texts[1:] {
				if got := allows(d, policy.Request{Action: "a:b", Resource: "*", Context: values(text)}, policy.Reading{}); got != want[i] {
					t.Errorf("%s%s %s and %s: got %v", test, operator, texts[0], text, got)
				}
			}
		}
	}
}

// TestEvaluateEdges checks single cases of actions, resources and text conditions.
func TestEvaluateEdges(t *testing.T) {
	t.Parallel()
	plain := func(elements string) string { return `{"Statement":{"Effect":"Allow",` + elements + `}}` }
	anyone := policy.Principal{Type: policy.PrincipalAll}
	bob := func(k string) map[string][]string {
		return map[string][]string{"aws:k": {k}, "aws:username": {"bob"}, "aws:rest": {"iam::1:role/x"}, "aws:short": {"a:b"}}
	}
	for _, tt := range []struct {
		name, text string
		kind       policy.Kind // 0: identity
		q          policy.Request
		r          policy.Reading
		want       bool
	}{
		{"an action has no variables", plain(`"Action":"s3:${a}","Resource":"*"`), 0, policy.Request{Action: "s3:${a}", Resource: "*"}, policy.Reading{}, true},
		{"no value is not an empty value", identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username}"`), 0, policy.Request{Action: "a:b", Resource: "arn:aws:s3:::"}, policy.Reading{}, false},
		{"an empty value", identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b${aws:username}"`), 0, policy.Request{Action: "a:b", Resource: "arn:aws:s3:::b", Context: map[string][]string{"aws:username": {""}}}, policy.Reading{}, true},
		{"no value inside a path", identity(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/k"`), 0, policy.Request{Action: "a:b", Resource: "arn:aws:s3:::b//k"}, policy.Reading{}, false},
		{"no value in a condition", condition(`{"StringLike":{"aws:k":"${aws:username}"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: values("")}, policy.Reading{}, false},
		{"whole ARN in a resource policy", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"arn:aws:s3:::b/*"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:s3:::b/k"}, policy.Reading{}, true},
		{"another ARN in a resource policy", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"arn:aws:s3:::b/*"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:s3:::c/k"}, policy.Reading{}, false},
		{"colons behind the API", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"execute-api:/p/a:b"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:execute-api:r:1:a/p/a:b"}, policy.Reading{}, true},
		{"less behind the API", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"execute-api:/p/a:b"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:execute-api:r:1:a/p/a"}, policy.Reading{}, false},
		{"an API of one letter", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"execute-api:/p"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:execute-api:r:1:a/p"}, policy.Reading{}, true},
		{"an API that is no ARN", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"execute-api:/p"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "x:aws:execute-api:r:1:a/p"}, policy.Reading{}, false},
		{"an API in a short ARN", identity(`"Effect":"Allow","Action":"*","Principal":"*","Resource":"execute-api:/p"`), policy.Resource, policy.Request{Principal: anyone, Action: "a:b", Resource: "arn:aws:execute-api:a/p"}, policy.Reading{}, false},
		{"an empty list and another", condition(`{"StringEquals":{"aws:k":["a"]}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: values("b")}, policy.Reading{EmptyListHolds: true}, false},
		{"an ARN in two variables", condition(`{"ArnLike":{"aws:k":"arn:aws:${aws:rest}"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: bob("arn:aws:iam::1:role/x")}, policy.Reading{}, true},
		{"another ARN in two variables", condition(`{"ArnLike":{"aws:k":"arn:aws:${aws:rest}"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: bob("arn:aws:iam::1:role/y")}, policy.Reading{}, false},
		{"a variable that is no ARN", condition(`{"ArnLike":{"aws:k":"${aws:short}"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: bob("a:b")}, policy.Reading{}, false},
		{"a variable that is no ARN, and short patterns", condition(`{"ArnLike":{"aws:k":"${aws:short}"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: bob("a:b")}, policy.Reading{ShortARNPatternMatches: true}, false},
		{"not equal by case", condition(`{"StringNotEquals":{"aws:k":"a"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: values("A")}, policy.Reading{}, true},
		{"not like by case", condition(`{"StringNotLike":{"aws:k":"a*"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: values("A")}, policy.Reading{}, true},
		{"ARN by case", condition(`{"ArnLike":{"aws:k":"arn:aws:iam::1:role/X"}}`), 0, policy.Request{Action: "a:b", Resource: "*", Context: values("arn:aws:iam::1:role/x")}, policy.Reading{}, false},
	} {
		kind := tt.kind
		if kind == 0 {
			kind = policy.Identity
		}
		if got := allows(parse(t, kind, tt.text), tt.q, tt.r); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}

// TestEvaluatePrincipalEdges checks names that are nearly another principal's.
func TestEvaluatePrincipalEdges(t *testing.T) {
	t.Parallel()
	chain := policy.Reading{NotPrincipalNeedsChain: true}
	federated := func(id string) policy.Principal { return policy.Principal{Type: policy.PrincipalFederated, ID: id} }
	for _, tt := range []struct {
		name, element string
		caller        policy.Principal
		r             policy.Reading
		want          bool
	}{
		{"a provider has no account", `"NotPrincipal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/x"}`, provider, chain, false},
		{"a provider called like a root user", `"Principal":{"Federated":"111122223333"}`, federated("arn:aws:iam::111122223333:root"), policy.Reading{}, false},
		{"an ARN without account has none above it", `"NotPrincipal":{"AWS":"arn:aws:iam:::role/R"}`, aws("arn:aws:iam:::role/R"), chain, false},
		{"an ARN without name is of its account", `"Principal":{"AWS":"111122223333"}`, aws("arn:aws:iam::111122223333:"), policy.Reading{}, true},
		{"a session with a slash", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, aws("arn:aws:sts::111122223333:assumed-role/R/s/x"), policy.Reading{}, true},
		{"a session of IAM", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, aws("arn:aws:iam::111122223333:assumed-role/R/s"), policy.Reading{}, false},
		{"a federated user with a slash", `"Principal":{"AWS":"arn:aws:iam::111122223333:role/R"}`, aws("arn:aws:sts::111122223333:federated-user/R/s"), policy.Reading{}, false},
		{"one unknown letter", `"Principal":{"AWS":"AROAEXAMPLEEXAMPLE1?"}`, roleID, policy.Reading{}, true},
		{"two unknown letters", `"Principal":{"AWS":"AROAEXAMPLEEXAMPLE1??"}`, roleID, policy.Reading{}, false},
		{"a name in two fields is no ARN", `"Principal":{"Federated":"a:*"}`, federated("a:b"), policy.Reading{}, false},
		{"another account of 12 digits", `"Principal":{"AWS":"111122223334"}`, user, policy.Reading{}, false},
	} {
		d := parse(t, policy.Resource, identity(`"Effect":"Allow","Action":"*",`+tt.element))
		if got := allows(d, policy.Request{Principal: tt.caller, Action: "a:b", Resource: "*"}, tt.r); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
	// Without the version that has variables, "${" is text.
	d := parse(t, policy.Resource, `{"Statement":{"Effect":"Allow","Action":"*","Principal":{"Federated":"${a*"}}}`)
	for id, want := range map[string]bool{"${ab": true, "ab": false, "": false} {
		if got := allows(d, policy.Request{Principal: federated(id), Action: "a:b", Resource: "*"}, policy.Reading{}); got != want {
			t.Errorf("%q: got %v", id, got)
		}
	}
}

// TestEvaluateIllTyped checks that values which Parse refuses match nothing, should a
// document be put together by hand.
func TestEvaluateIllTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		test          policy.Test
		text, request string
	}{
		{policy.NumericEquals, "x", "1"}, {policy.NumericLessThan, "x", "1"}, {policy.DateEquals, "x", "2020"}, {policy.DateGreaterThan, "x", "2020"},
		{policy.Bool, "x", "x"}, {policy.BinaryEquals, "!", ""}, {policy.IPAddress, "x", "10.0.0.1"}, {policy.IPAddress, "10.0.0.0/33", "10.0.0.1"},
		{policy.StringLike, "${", ""}, {policy.ArnLike, "${", ":::::"}, {policy.StringEquals, "${", ""},
	} {
		d := &policy.Document{Kind: policy.Identity, Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "*"}}},
			Conditions: []policy.Condition{{Operator: policy.Operator{Test: tt.test}, Key: "aws:k", Values: []policy.Value{{Text: tt.text}}}},
		}}}
		if allows(d, policy.Request{Action: "a:b", Resource: "*", Context: values(tt.request)}, policy.Reading{ShortARNPatternMatches: true}) {
			t.Errorf("%+v matches", tt)
		}
		if asked := policy.Questions(d); asked != 0 {
			t.Errorf("%+v raises %b", tt, asked)
		}
	}
	for _, text := range []string{"arn:aws:s3:::${", "execute-api:/p"} {
		d := &policy.Document{Kind: policy.Identity, Version: policy.Version2012, Statements: []policy.Statement{{
			Effect: policy.Allow, Action: policy.Values{List: []policy.Value{{Text: "*"}}}, Resource: &policy.Values{List: []policy.Value{{Text: text}}},
		}}}
		for _, resource := range []string{":::::", "arn:aws:execute-api:r:1:a/p"} {
			if allows(d, policy.Request{Action: "a:b", Resource: resource}, policy.Reading{}) {
				t.Errorf("%s matches %s", text, resource)
			}
		}
	}
}

// TestPrincipalForms checks texts that are nearly of a form.
func TestPrincipalForms(t *testing.T) {
	t.Parallel()
	hex := strings.Repeat("79a5", 16)
	for _, text := range []string{
		"1111222233334", "x111122223333", "x" + hex, hex + "0", strings.Repeat("79ax", 16), "xarn:aws:iam::1:saml-provider/x", "arnold",
		".amazonaws.com", "A.amazonaws.com", "a b.amazonaws.com", "axamazonaws.com", "a.amazonawsxcom", "a.awsxinternal", "a.amazonaws.comx", "a.amazonaws.comxcn", "x.amazon.com",
	} {
		if p, err := policy.ParsePrincipal(text); err == nil {
			t.Errorf("%q: got %+v", text, p)
		}
	}
	for text, want := range map[string]policy.PrincipalType{
		"www.amazon.com": policy.PrincipalFederated, "graph.facebook.com": policy.PrincipalFederated, "arn:a:b:iam::1:saml-provider/x": policy.PrincipalAWS,
		"arn:aws:iam::1:2:saml-provider/x": policy.PrincipalAWS, "arn:aws:iam::1:saml-provider/x": policy.PrincipalFederated, "a.aws.internal": policy.PrincipalService,
		"a.amazonaws.com.cn": policy.PrincipalService,
	} {
		if p, err := policy.ParsePrincipal(text); err != nil || p.Type != want {
			t.Errorf("%q: got %+v, %v", text, p, err)
		}
	}
}

// TestShortARNQuestion checks that a short ARN is a question in resource policies too,
// and the short form of an API is none.
func TestShortARNQuestion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]policy.Question{"arn:aws:sqs": policy.QuestionShortARN, "arn:aws:s3:::b": 0, "execute-api:/p": 0} {
		if got := policy.Questions(parse(t, policy.Resource, identity(anyone+`,"Resource":"`+text+`"`))); got != want {
			t.Errorf("%s raises %b, want %b", text, got, want)
		}
	}
	if _, err := policy.ParsePattern("${a:{b}", true, true); err == nil || !strings.Contains(err.Error(), `expected "}"`) {
		t.Errorf("a brace in a variable: %v", err)
	}
}

// TestEvaluateActionText checks that an action has no variables: what looks like one
// is text in policies of the old version, the only ones that can have it.
func TestEvaluateActionText(t *testing.T) {
	t.Parallel()
	d := parse(t, policy.Identity, `{"Statement":[{"Effect":"Allow","Action":"s3:${username}*","Resource":"*"}]}`)
	q := policy.Request{Action: "s3:${username}x", Resource: "*", Context: map[string][]string{"username": {"Get"}}}
	if !allows(d, q, policy.Reading{}) {
		t.Error("an action is not taken as it is written")
	}
	if q.Action = "s3:Getx"; allows(d, q, policy.Reading{}) {
		t.Error("a variable in an action is replaced")
	}
}
