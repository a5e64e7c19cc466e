package terraform_test

import (
	"maps"
	"testing"
)

// TestOpenMethods: what an open method gives depends on its API: a private one without a
// policy lets nobody in, and one that is not known may be any that the plan makes.
func TestOpenMethods(t *testing.T) {
	t.Parallel()
	const everyone, undecided = "execute-api:Invoke", "unknown"
	method := func(more ...m) m {
		return rc("aws_api_gateway_method.m", "create", nil, m{"authorization": "NONE", "http_method": "GET", "resource_id": "r"},
			append(more, m{"after_unknown": m{"rest_api_id": true}})...)
	}
	api := func(name, typ string, more m) m {
		side := m{"name": name, "endpoint_configuration": []m{{"types": []string{typ}}}}
		for k, v := range more {
			side[k] = v
		}
		return rc("aws_api_gateway_rest_api."+name, "create", nil, side, m{"after_unknown": m{"id": true}})
	}
	policy := m{"policy": `{"Version":"2012-10-17","Statement":[{"Sid":"P","Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}`}
	linked := conf("aws_api_gateway_method.m", map[string][]string{"rest_api_id": {"aws_api_gateway_rest_api.a.id", "aws_api_gateway_rest_api.a"}})
	for name, one := range map[string]struct {
		changes []m
		conf    []m
		want    string
	}{
		"linked, private":          {[]m{method(), api("a", "PRIVATE", nil)}, []m{linked}, ""},
		"linked, regional":         {[]m{method(), api("a", "REGIONAL", nil)}, []m{linked}, everyone},
		"linked, with a policy":    {[]m{method(), api("a", "REGIONAL", policy)}, []m{linked}, ""},
		"private, policy in body":  {[]m{api("a", "PRIVATE", m{"body": `{"x-amazon-apigateway-policy": {}, "paths": {"/a": {"get": {}}}}`})}, nil, undecided},
		"private, open body":       {[]m{api("a", "PRIVATE", m{"body": `{"paths": {"/a": {"get": {}}}}`})}, nil, ""},
		"regional, open body":      {[]m{api("a", "REGIONAL", m{"body": `{"paths": {"/a": {"get": {}}}}`})}, nil, everyone},
		"nothing it can be":        {[]m{method()}, nil, everyone},
		"one that is open":         {[]m{method(), api("a", "EDGE", nil)}, nil, everyone},
		"one that is private":      {[]m{method(), api("a", "PRIVATE", nil)}, nil, undecided},
		"one that has a policy":    {[]m{method(), api("a", "EDGE", policy)}, nil, undecided},
		"one of two is private":    {[]m{method(), api("a", "EDGE", nil), api("b", "PRIVATE", nil)}, nil, undecided},
		"a private one that stays": {[]m{method(), rc("aws_api_gateway_rest_api.a", "no-op", m{"id": "x", "endpoint_configuration": []m{{"types": []string{"PRIVATE"}}}}, m{"id": "x", "endpoint_configuration": []m{{"types": []string{"PRIVATE"}}}})}, nil, everyone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, g := range clean(t, plan(one.changes, one.conf)) {
				if g.Address != "aws_api_gateway_method.m" && g.Attribute != "body" {
					continue
				}
				switch {
				case g.After.Unknown != nil:
					got = undecided
				case g.After.Document != nil:
					got = g.After.Document.Statements[0].Action.List[0].Text
				}
			}
			if got != one.want {
				t.Errorf("got %q, want %q", got, one.want)
			}
		})
	}
}

// TestGuardedMethods: a method that asks its callers in another way is told, and so is one
// that no longer asks where the policy of its API does not look at who calls.
func TestGuardedMethods(t *testing.T) {
	t.Parallel()
	const method, route = "aws_api_gateway_method.m", "aws_apigatewayv2_route.r"
	asks := func(how any) m {
		return m{"rest_api_id": "a", "resource_id": "r", "http_method": "GET", "authorization": how}
	}
	with := func(side m, more m) m {
		out := maps.Clone(side)
		maps.Copy(out, more)
		return out
	}
	by := func(id any, scopes ...any) m { return m{"authorizer_id": id, "authorization_scopes": scopes} }
	const other = "aws_api_gateway_method.other"
	routes := func(how any) m { return m{"api_id": "a", "route_key": "GET /x", "authorization_type": how} }
	withPolicy := func(principal string) m {
		side := m{"id": "a", "name": "a", "policy": `{"Version":"2012-10-17","Statement":[{"Sid":"P","Effect":"Allow","Principal":` + principal + `,"Action":"execute-api:Invoke","Resource":"*"}]}`}
		return rc("aws_api_gateway_rest_api.a", "no-op", side, side)
	}
	open := `{"paths": {"/a": {"get": {}}}}`
	for _, tt := range []struct {
		name    string
		changes []m
		want    string // what is told or given after the change
	}{
		{"another way", []m{rc(method, "update", asks("AWS_IAM"), asks("CUSTOM"))}, "told"},
		{"the same way", []m{rc(method, "update", asks("CUSTOM"), asks("CUSTOM"))}, ""},
		{"in no way", []m{rc(method, "update", asks("AWS_IAM"), asks("NONE"))}, "execute-api:Invoke"},
		{"in some way now", []m{rc(method, "update", asks("NONE"), asks("CUSTOM"))}, ""},
		{"a new method", []m{rc(method, "create", nil, asks("CUSTOM"))}, ""},
		{"a method that goes", []m{rc(method, "delete", asks("CUSTOM"), nil)}, ""},
		{"in no way, with a policy for everyone", []m{rc(method, "update", asks("AWS_IAM"), asks("NONE")), withPolicy(`"*"`)}, "told"},
		{"in no way, with a policy for one", []m{rc(method, "update", asks("AWS_IAM"), asks("NONE")), withPolicy(`{"AWS":"111122223333"}`)}, ""},
		{"in no way, by another block, with a policy for everyone", []m{rc(method, "delete", asks("AWS_IAM"), nil), rc(other, "create", nil, asks("NONE")), withPolicy(`"*"`)}, "told"},
		{"in no way, by another block, with a policy for one", []m{rc(method, "delete", asks("AWS_IAM"), nil), rc(other, "create", nil, asks("NONE")), withPolicy(`{"AWS":"111122223333"}`)}, ""},
		{"in no way as before, by another block, with a policy", []m{rc(method, "delete", asks("NONE"), nil), rc(other, "create", nil, asks("NONE")), withPolicy(`"*"`)}, ""},
		{"another method in no way, with a policy", []m{rc(method, "delete", asks("AWS_IAM"), nil), rc(other, "create", nil, with(asks("NONE"), m{"http_method": "PUT"})), withPolicy(`"*"`)}, ""},
		{"in no way at another place, with a policy", []m{rc(method, "delete,create", with(asks("AWS_IAM"), m{"resource_id": "s"}), asks("NONE")), rc(other, "delete", asks("AWS_IAM"), nil), withPolicy(`"*"`)}, "told"},
		{"another authorizer", []m{rc(method, "update", with(asks("CUSTOM"), by("1")), with(asks("CUSTOM"), by("2")))}, "told"},
		{"the same authorizer", []m{rc(method, "update", with(asks("CUSTOM"), by("1")), with(asks("CUSTOM"), by("1")))}, ""},
		{"no authorizer any more", []m{rc(method, "update", with(asks("CUSTOM"), by("1")), asks("NONE"))}, "execute-api:Invoke"},
		{"another scope", []m{rc(method, "update", with(asks("COGNITO_USER_POOLS"), by("1", "a")), with(asks("COGNITO_USER_POOLS"), by("1", "a", "b")))}, "told"},
		{"no scope any more", []m{rc(method, "update", with(asks("COGNITO_USER_POOLS"), by("1", "a")), with(asks("COGNITO_USER_POOLS"), by("1")))}, "told"},
		{"a scope now", []m{rc(method, "update", with(asks("COGNITO_USER_POOLS"), by("1")), with(asks("COGNITO_USER_POOLS"), by("1", "a")))}, ""},
		{"no scope and no authorizer any more", []m{rc(method, "update", with(asks("COGNITO_USER_POOLS"), by("1", "a")), asks("NONE"))}, "execute-api:Invoke"},
		{"a route, another authorizer", []m{rc(route, "update", with(routes("JWT"), by("1")), with(routes("JWT"), by("2")))}, "told"},
		{"a route, no scope any more", []m{rc(route, "update", with(routes("JWT"), by("1", "a")), with(routes("JWT"), by("1")))}, "told"},
		{"never in any way, with a policy", []m{rc(method, "update", asks("NONE"), asks("NONE")), withPolicy(`"*"`)}, ""},
		{"a route, another way", []m{rc(route, "update", routes("AWS_IAM"), routes("JWT"))}, "told"},
		{"a route, in no way", []m{rc(route, "update", routes("AWS_IAM"), routes(nil))}, "execute-api:Invoke"},
		{"a body put apart", []m{rc("aws_api_gateway_rest_api_put.p", "create", nil, m{"rest_api_id": "a", "body": open})}, "execute-api:Invoke"},
		{"a body put apart, with a policy", []m{rc("aws_api_gateway_rest_api_put.p", "create", nil, m{"rest_api_id": "a", "body": open}), withPolicy(`"*"`)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, g := range clean(t, plan(tt.changes, nil)) {
				switch {
				case g.Type == "aws_api_gateway_rest_api" || g.After.Absent:
				case g.After.Unknown != nil:
					got += "told"
				case show(g.Before) != show(g.After):
					got += g.After.Document.Statements[0].Action.List[0].Text
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
