package terraform_test

import "testing"

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
