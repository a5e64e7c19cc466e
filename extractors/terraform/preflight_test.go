package terraform_test

import "testing"

// TestPreflights: a method for OPTIONS that the API answers by itself opens nothing; one
// whose integration is another, or not certainly its own, does.
func TestPreflights(t *testing.T) {
	t.Parallel()
	const method, integration = "aws_api_gateway_method.m", "aws_api_gateway_integration.i"
	refs := func(resource string) map[string][]string {
		return map[string][]string{"rest_api_id": {"aws_api_gateway_rest_api.a.id", "aws_api_gateway_rest_api.a"}, "resource_id": {resource + ".id", resource}}
	}
	open := m{"after_unknown": m{"rest_api_id": true, "resource_id": true}}
	asks := m{"authorization": "NONE", "http_method": "OPTIONS"}
	mock := m{"http_method": "OPTIONS", "type": "MOCK"}
	with := func(side m, resource string) m {
		out := m{"rest_api_id": "a", "resource_id": resource}
		for k, v := range side {
			out[k] = v
		}
		return out
	}
	// A plan lists what an expression refers to, and not what it does with it.
	some := map[string][]string{"rest_api_id": refs("")["rest_api_id"], "resource_id": {"aws_api_gateway_resource.r"}}
	each := map[string][]string{"rest_api_id": refs("")["rest_api_id"], "resource_id": {"each.value.resource", "each.value"}}
	lambda := m{"http_method": "OPTIONS", "type": "AWS_PROXY"}
	both := func(a, b string) []m { return []m{conf(method, refs(a)), conf(integration, refs(b))} }
	const r, s = "aws_api_gateway_resource.r", "aws_api_gateway_resource.s"
	for name, c := range map[string]struct {
		changes []m
		conf    []m
		open    bool
	}{
		"new":                      {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open)}, both(r, r), false},
		"new, another resource":    {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open)}, both(r, s), true},
		"new, a function":          {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, lambda, open)}, both(r, r), true},
		"new, one of two":          {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open)}, []m{conf(method, refs(r)), conf(integration, map[string][]string{"rest_api_id": refs(r)["rest_api_id"], "resource_id": {r + ".id", r, s + ".id", s}})}, true},
		"new, which resource":      {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open)}, []m{conf(method, some), conf(integration, some)}, true},
		"new, of each instance":    {[]m{rc(method+"[0]", "create", nil, asks, open), rc(integration+"[0]", "create", nil, mock, open)}, []m{conf(method, each), conf(integration, each)}, true},
		"new, a function, too":     {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open), rc("aws_api_gateway_integration.z", "create", nil, lambda, open)}, append(both(r, r), conf("aws_api_gateway_integration.z", refs(r))), true},
		"new, a function of any":   {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open), rc("aws_api_gateway_integration.z", "create", nil, lambda, open)}, both(r, r), true},
		"new, another function":    {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open), rc("aws_api_gateway_integration.z", "create", nil, with(lambda, "y"))}, both(r, r), false},
		"known, a function, too":   {[]m{rc(method, "create", nil, with(asks, "x")), rc(integration, "no-op", with(mock, "x"), with(mock, "x")), rc("aws_api_gateway_integration.z", "create", nil, with(lambda, "x"))}, nil, true},
		"new, no configuration":    {[]m{rc(method, "create", nil, asks, open), rc(integration, "create", nil, mock, open)}, nil, true},
		"known":                    {[]m{rc(method, "create", nil, with(asks, "x")), rc(integration, "no-op", with(mock, "x"), with(mock, "x"))}, nil, false},
		"known, another deposed":   {[]m{rc(method, "create", nil, with(asks, "x")), rc(method, "delete", with(asks, "y"), nil, m{"deposed": "00000001"}), rc(integration, "no-op", with(mock, "x"), with(mock, "x"))}, nil, false},
		"known, another":           {[]m{rc(method, "create", nil, with(asks, "x")), rc(integration, "no-op", with(mock, "y"), with(mock, "y"))}, nil, true},
		"answered by itself once":  {[]m{rc(method, "no-op", with(asks, "x"), with(asks, "x")), rc(integration, "update", with(mock, "x"), with(lambda, "x"))}, nil, true},
		"a method for another way": {[]m{rc(method, "create", nil, with(m{"authorization": "NONE", "http_method": "GET"}, "x")), rc(integration, "no-op", with(mock, "x"), with(mock, "x"))}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := false
			for _, g := range clean(t, plan(c.changes, c.conf)) {
				got = got || g.Before.Absent && g.After.Document != nil
			}
			if got != c.open {
				t.Errorf("newly open: %v, want %v", got, c.open)
			}
		})
	}
}
