package cloudformation_test

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// TestMethods: a method that asks its callers in another way is told, and so is one that
// no longer asks where the policy of its API does not look at who calls. What the API
// answers by itself when browsers ask is not open.
func TestMethods(t *testing.T) {
	t.Parallel()
	of := func(verb, how, integration, principal string) string {
		policy := ""
		if principal != "" {
			policy = `, Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: ` + principal + `, Action: execute-api:Invoke, Resource: "*"}]}`
		}
		return `{Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a` + policy + `}}, M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: r, HttpMethod: ` +
			verb + `, AuthorizationType: ` + how + `, Integration: {Type: ` + integration + `}}}}}`
	}
	route := func(how string) string {
		return `{Resources: {R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: a, RouteKey: GET /x` + how + `}}}}`
	}
	by := func(how string) string { return "CUSTOM, " + how }
	renamed := func(s string) string { return strings.Replace(s, ", M: {", ", Other: {", 1) }
	const none, anyone, one = `{Resources: {}}`, `"*"`, `{AWS: "111122223333"}`
	for name, c := range map[string]struct {
		before, after, open string
		told                int
	}{
		"another way":                                  {of("GET", "AWS_IAM", "AWS", ""), of("GET", "CUSTOM", "AWS", ""), "", 1},
		"the same way":                                 {of("GET", "AWS_IAM", "AWS", ""), of("GET", "AWS_IAM", "AWS_PROXY", ""), "", 0},
		"in no way":                                    {of("GET", "AWS_IAM", "AWS", ""), of("GET", "NONE", "AWS", ""), "GET/r", 0},
		"in some way now":                              {of("GET", "NONE", "AWS", ""), of("GET", "CUSTOM", "AWS", ""), "", 0},
		"in no way, with a policy for all":             {of("GET", "AWS_IAM", "AWS", anyone), of("GET", "NONE", "AWS", anyone), "", 1},
		"another way, with a policy":                   {of("GET", "AWS_IAM", "AWS", anyone), of("GET", "CUSTOM", "AWS", anyone), "", 1},
		"in no way, with a policy for one":             {of("GET", "AWS_IAM", "AWS", one), of("GET", "NONE", "AWS", one), "", 0},
		"never in any way, with a policy":              {of("GET", "NONE", "AWS", anyone), of("GET", "NONE", "AWS_PROXY", anyone), "", 0},
		"by another resource, with a policy for all":   {of("GET", "AWS_IAM", "AWS", anyone), renamed(of("GET", "NONE", "AWS", anyone)), "", 1},
		"by another resource, with a policy for one":   {of("GET", "AWS_IAM", "AWS", one), renamed(of("GET", "NONE", "AWS", one)), "", 0},
		"by another resource as before, with a policy": {of("GET", "NONE", "AWS", anyone), renamed(of("GET", "NONE", "AWS", anyone)), "", 0},
		"another method, with a policy for all":        {of("GET", "AWS_IAM", "AWS", anyone), renamed(of("PUT", "NONE", "AWS", anyone)), "", 0},
		"another authorizer":                           {of("GET", by("AuthorizerId: a"), "AWS", ""), of("GET", by("AuthorizerId: b"), "AWS", ""), "", 1},
		"another scope":                                {of("GET", by("AuthorizationScopes: [a]"), "AWS", ""), of("GET", by("AuthorizationScopes: [a, b]"), "AWS", ""), "", 1},
		"no scope":                                     {of("GET", by("AuthorizationScopes: [a]"), "AWS", ""), of("GET", by("AuthorizationScopes: []"), "AWS", ""), "", 1},
		"a scope now":                                  {of("GET", by("AuthorizationScopes: []"), "AWS", ""), of("GET", by("AuthorizationScopes: [a]"), "AWS", ""), "", 0},
		"no authorizer and no scope":                   {of("GET", by("AuthorizerId: a, AuthorizationScopes: [a]"), "AWS", ""), of("GET", "NONE", "AWS", ""), "GET/r", 0},
		"another authorizer and another scope":         {of("GET", by("AuthorizerId: a, AuthorizationScopes: [a]"), "AWS", ""), of("GET", by("AuthorizerId: b, AuthorizationScopes: [b]"), "AWS", ""), "", 1},
		"a route, another authorizer":                  {route(", AuthorizationType: JWT, AuthorizerId: a"), route(", AuthorizationType: JWT, AuthorizerId: b"), "", 1},
		"browsers ask":                                 {none, of("OPTIONS", "NONE", "MOCK", ""), "", 0},
		"browsers ask a function":                      {none, of("OPTIONS", "NONE", "AWS_PROXY", ""), "OPTIONS/r", 0},
		"browsers ask a function now":                  {of("OPTIONS", "NONE", "MOCK", ""), of("OPTIONS", "NONE", "AWS_PROXY", ""), "OPTIONS/r", 0},
		"a mock that is asked for something":           {none, of("GET", "NONE", "MOCK", ""), "GET/r", 0},
		"a route, another way":                         {route(", AuthorizationType: AWS_IAM"), route(", AuthorizationType: JWT"), "", 1},
		"a route, in no way":                           {route(", AuthorizationType: AWS_IAM"), route(""), "GET/x", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, c.after, []byte(c.before), cloudformation.Options{})
			told, open := toldAndOpen(&x)
			if len(told) != c.told || open != c.open {
				t.Errorf("told %q, want %d; open %q, want %q", told, c.told, open, c.open)
			}
		})
	}
}
