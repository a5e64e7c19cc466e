package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

func TestParsePrincipal(t *testing.T) {
	t.Parallel()
	hex := strings.Repeat("79a5", 16)
	tests := []struct {
		text string
		want policy.Principal
		back string // "" when as text
	}{
		{"*", policy.Principal{Type: policy.PrincipalAll}, ""},
		{"111122223333", policy.Principal{Type: policy.PrincipalAWS, ID: "111122223333"}, ""},
		{"arn:aws:iam::111122223333:role/a/R", policy.Principal{Type: policy.PrincipalAWS, ID: "arn:aws:iam::111122223333:role/a/R"}, ""},
		{"arn:aws-cn:sts::111122223333:assumed-role/R/s", policy.Principal{Type: policy.PrincipalAWS, ID: "arn:aws-cn:sts::111122223333:assumed-role/R/s"}, ""},
		{"AROAEXAMPLEEXAMPLE12", policy.Principal{Type: policy.PrincipalAWS, ID: "AROAEXAMPLEEXAMPLE12"}, ""},
		{"AIDAEXAMPLEEXAMPLE12", policy.Principal{Type: policy.PrincipalAWS, ID: "AIDAEXAMPLEEXAMPLE12"}, ""},
		{"ec2.amazonaws.com", policy.Principal{Type: policy.PrincipalService, ID: "ec2.amazonaws.com"}, ""},
		{"logs.eu-west-1.amazonaws.com", policy.Principal{Type: policy.PrincipalService, ID: "logs.eu-west-1.amazonaws.com"}, ""},
		{"ec2.amazonaws.com.cn", policy.Principal{Type: policy.PrincipalService, ID: "ec2.amazonaws.com.cn"}, ""},
		{"cognito-identity.amazonaws.com", policy.Principal{Type: policy.PrincipalFederated, ID: "cognito-identity.amazonaws.com"}, ""},
		{"accounts.google.com", policy.Principal{Type: policy.PrincipalFederated, ID: "accounts.google.com"}, ""},
		{"arn:aws:iam::111122223333:oidc-provider/x.example.com", policy.Principal{Type: policy.PrincipalFederated, ID: "arn:aws:iam::111122223333:oidc-provider/x.example.com"}, ""},
		{"arn:aws:iam::111122223333:saml-provider/x", policy.Principal{Type: policy.PrincipalFederated, ID: "arn:aws:iam::111122223333:saml-provider/x"}, ""},
		{hex, policy.Principal{Type: policy.PrincipalCanonical, ID: hex}, ""},
		{"Federated:idp.example.com", policy.Principal{Type: policy.PrincipalFederated, ID: "idp.example.com"}, ""},
		{"Service:cognito-identity.amazonaws.com", policy.Principal{Type: policy.PrincipalService, ID: "cognito-identity.amazonaws.com"}, ""},
		{"CanonicalUser:abc", policy.Principal{Type: policy.PrincipalCanonical, ID: "abc"}, ""},
		{"AWS:the ARN of something", policy.Principal{Type: policy.PrincipalAWS, ID: "the ARN of something"}, ""},
		{"Service:ec2.amazonaws.com", policy.Principal{Type: policy.PrincipalService, ID: "ec2.amazonaws.com"}, "ec2.amazonaws.com"},
	}
	for _, tt := range tests {
		got, err := policy.ParsePrincipal(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("%q: got %+v, %v; want %+v", tt.text, got, err, tt.want)
		}
		back := tt.back
		if back == "" {
			back = tt.text
		}
		if got.String() != back {
			t.Errorf("%q: written as %q, want %q", tt.text, got, back)
		}
	}
	for _, text := range []string{"", "bob", "AWS:", "idp.example.com", "11112222333"} {
		if p, err := policy.ParsePrincipal(text); err == nil {
			t.Errorf("%q: no error but %+v", text, p)
		}
	}
	if got := (policy.Principal{}).String(); got != "" {
		t.Errorf("the absent principal is written as %q", got)
	}
}

func TestPrincipalTypeString(t *testing.T) {
	t.Parallel()
	var got []string
	for p := policy.PrincipalNone; p <= policy.PrincipalCanonical; p++ {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"", "*", "AWS", "Federated", "Service", "CanonicalUser"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRequestMarshal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		q    policy.Request
		want string
	}{
		{"identity", policy.Request{Action: "s3:GetObject", Resource: "*"}, `{"action":"s3:GetObject","resource":"*","context":{}}`},
		{"anonymous", policy.Request{Principal: policy.Principal{Type: policy.PrincipalAll}, Action: "a:b", Resource: "r",
			Context: map[string][]string{"b": {"2", "\"3\""}, "a": nil}}, `{"principal":"*","action":"a:b","resource":"r","context":{"a":[],"b":["2","\"3\""]}}`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(tt.q)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: got %s, %v; want %s", tt.name, got, err, tt.want)
		}
	}
	if _, err := json.Marshal(policy.Request{Action: "\xff"}); err == nil {
		t.Error("text that is not UTF-8 was written")
	}
}

func TestRequestUnmarshalErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"list", `[]`, "it is a list"},
		{"unknown field", `{"action":"a:b","resource":"*","conditions":{}}`, `field "conditions" is unknown`},
		{"twice", `{"action":"a:b","action":"a:c","resource":"*"}`, "more than once"},
		{"no action", `{"resource":"*"}`, `field "action" is missing`},
		{"no resource", `{"action":"a:b"}`, `field "resource" is missing`},
		{"action type", `{"action":1,"resource":"*"}`, "action is a number"},
		{"principal type", `{"principal":null,"action":"a:b","resource":"*"}`, "principal is null"},
		{"principal form", `{"principal":"bob","action":"a:b","resource":"*"}`, `principal "bob"`},
		{"context type", `{"action":"a:b","resource":"*","context":[]}`, "context is a list"},
		{"value type", `{"action":"a:b","resource":"*","context":{"k":"v"}}`, `context key "k" has a string`},
		{"item type", `{"action":"a:b","resource":"*","context":{"k":[true]}}`, "has a Boolean in its list"},
		{"item object", `{"action":"a:b","resource":"*","context":{"k":[{}]}}`, "has an object in its list"},
		{"keys by case", `{"action":"a:b","resource":"*","context":{"K":[],"k":[]}}`, "more than once"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var q policy.Request
			err := json.Unmarshal([]byte(tt.text), &q)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v; want %q in it", err, tt.want)
			}
		})
	}
	// The decoder of the standard library finds faults of syntax itself.
	if err := new(policy.Request).UnmarshalJSON([]byte(`{"action":`)); err == nil || !strings.Contains(err.Error(), "ends too early") {
		t.Errorf("got %v", err)
	}
}

func genPrincipal() *rapid.Generator[policy.Principal] {
	return rapid.Custom(func(t *rapid.T) policy.Principal {
		kind := policy.PrincipalType(rapid.IntRange(0, 5).Draw(t, "type"))
		if kind <= policy.PrincipalAll {
			return policy.Principal{Type: kind}
		}
		id := rapid.OneOf(
			rapid.StringN(1, 20, -1),
			rapid.SampledFrom([]string{"*", "111122223333", "ec2.amazonaws.com", "graph.facebook.com", "AWS:x", "Federated:",
				"arn:aws:iam::111122223333:root", "arn:aws:iam::1:oidc-provider/x", "AROAEXAMPLEEXAMPLE12"}),
		).Draw(t, "id")
		return policy.Principal{Type: kind, ID: id}
	})
}

func TestRequestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := policy.Request{
			Principal: genPrincipal().Draw(t, "principal"),
			Action:    rapid.String().Draw(t, "action"),
			Resource:  rapid.String().Draw(t, "resource"),
			Context: rapid.MapOfN(rapid.StringMatching(`[a-z0-9:/é"\\ ]{0,8}`), rapid.SliceOf(rapid.String()), 0, 4).
				Draw(t, "context"),
		}
		text, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		var back policy.Request
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(q, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}
