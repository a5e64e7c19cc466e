package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func TestSecrets(t *testing.T) {
	t.Parallel()
	values := func(kv ...any) m {
		v := m{}
		for i := 0; i < len(kv); i += 2 {
			v[kv[i].(string)] = m{"value": kv[i+1]}
		}
		return m{"variables": v}
	}
	sensitive := m{"sensitive": true}
	configuration := func(variables m, calls m) m {
		return m{"configuration": m{"root_module": m{"variables": variables, "module_calls": calls}}}
	}
	policyWith := func(more m) []m {
		attrs := m{"name": "the-name", "policy": getObject, "tags": m{"a": "tag-value", "b": "other-value"}, "list": []string{"first", "second"}}
		return []m{rc("aws_iam_policy.p", "create", nil, attrs, more)}
	}
	tests := []struct {
		name string
		plan string
		want []string
	}{
		{"sensitive variable", plan(nil, nil, values("a", "hunter22", "b", "public"), configuration(m{"a": sensitive, "b": m{}}, nil)), []string{"hunter22"}},
		{"not sensitive", plan(nil, nil, values("a", "hunter22"), configuration(m{"a": m{"sensitive": false}}, nil)), nil},
		{"no configuration", plan(nil, nil, values("a", "hunter22")), nil},
		{"collection", plan(nil, nil, values("a", m{"key1": []any{"leaf-1", m{"x": "leaf-2"}, 12345, true, nil}}), configuration(m{"a": sensitive}, nil)), []string{"12345", "leaf-1", "leaf-2"}},
		{"number", plan(nil, nil, values("a", 123456789012, "b", 987654321098, "c", true), configuration(m{"a": sensitive, "c": sensitive}, nil)), []string{"123456789012"}},
		{"number handed to a module", plan(nil, nil, configuration(nil, m{"m": m{"expressions": m{"n": m{"constant_value": 123456}}, "module": m{"variables": m{"n": sensitive}}}})), []string{"123456"}},
		{"function, as it is called", plan([]m{rc("aws_lambda_permission.p", "create", nil, m{"principal": "*", "action": "lambda:InvokeFunction", "function_name": "111122223333:function:hidden:live"},
			m{"after_sensitive": m{"function_name": true}})}, nil), []string{"111122223333:function:hidden", "111122223333:function:hidden:live", "hidden"}},
		{"function in a variable", plan(nil, nil, values("a", "arn:aws:lambda:eu-west-1:111122223333:function:hidden"), configuration(m{"a": sensitive}, nil)), []string{"arn:aws:lambda:eu-west-1:111122223333:function:hidden", "hidden"}},
		{"too short", plan(nil, nil, values("a", []string{"abc", "äöü", "abcd", "äöüß", ""}), configuration(m{"a": sensitive}, nil)), []string{"abcd", "äöüß"}},
		{"escapes", plan(nil, nil, values("a", "line\nbreak \"x\""), configuration(m{"a": sensitive}, nil)), []string{"line\nbreak \"x\""}},
		{"twice", plan(nil, nil, values("a", "same", "b", "same"), configuration(m{"a": sensitive, "b": sensitive}, nil)), []string{"same"}},
		{"default", plan(nil, nil, configuration(m{"a": m{"sensitive": true, "default": "fallback"}, "b": m{"default": "shown"}}, nil)), []string{"fallback"}},
		{"constant of a module call", plan(nil, nil, configuration(nil, m{"c": m{
			"expressions": m{"p": m{"constant_value": "in-the-call"}, "q": m{"constant_value": "shown"}},
			"module":      m{"variables": m{"p": sensitive, "q": m{}}},
		}})), []string{"in-the-call"}},
		{"variable handed on through two modules", plan(nil, nil, values("top", "from-the-top", "other", "shown"), configuration(m{"top": m{}, "other": m{}}, m{"c": m{
			"expressions": m{"mid": m{"references": []string{"var.top"}}},
			"module": m{"variables": m{"mid": m{}}, "module_calls": m{"d": m{
				"expressions": m{"low": m{"references": []string{"var.mid.x", "var.mid"}}},
				"module":      m{"variables": m{"low": sensitive}},
			}}},
		}})), []string{"from-the-top"}},
		{"marked in a resource", plan(policyWith(m{"after_sensitive": m{"tags": m{"a": true}, "list": []bool{false, true}}}), nil), []string{"second", "tag-value"}},
		{"marked object", plan(policyWith(m{"after_sensitive": m{"tags": true, "policy": true}}), nil), []string{"other-value", "tag-value"}},
		{"marked before", plan([]m{rc("aws_iam_policy.p", "update", m{"name": "old-name", "policy": getObject}, m{"name": "new-name", "policy": getObject}, m{"before_sensitive": m{"name": true}})}, nil), []string{"old-name"}},
		{"marked in another resource", plan([]m{rc("aws_instance.i", "create", nil, m{"user_data": "password"}, m{"after_sensitive": m{"user_data": true}})}, nil), nil},
		{"mark without a value", plan(policyWith(m{"after_sensitive": m{"missing": true, "name": false}}), nil), nil},
		{"in one of several plans", wrap(m{"a": onePlan("a", values("v", "hunter22"), configuration(m{"v": sensitive}, nil)), "b": onePlan("b", values("v", "not-here"))}), []string{"hunter22"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, tt.plan, terraform.Options{Path: "plan.json"})
			if diff := cmp.Diff(tt.want, x.Secrets); diff != "" || len(x.Diagnostics) > 0 {
				t.Errorf("diagnostics %v; secrets (-want +got):\n%s", x.Diagnostics, diff)
			}
		})
	}
}

// TestSecretsAnyOrder gives the members of a plan in the order of Terraform, which
// puts the configuration last, and the other way round.
func TestSecretsAnyOrder(t *testing.T) {
	t.Parallel()
	members := []string{
		`"format_version":"1.2"`, `"variables":{"a":{"value":"hunter22"}}`, `"resource_changes":[]`,
		`"configuration":{"root_module":{"variables":{"a":{"sensitive":true}},"module_calls":{"c":{"module":{"variables":{"b":{"sensitive":true}}},"expressions":{"b":{"constant_value":"constant"}}}}}}`,
	}
	backwards := []string{members[3], members[2], members[1], members[0]}
	for _, order := range [][]string{members, backwards} {
		x := extract(t, "{"+strings.Join(order, ",")+"}", terraform.Options{})
		if diff := cmp.Diff([]string{"constant", "hunter22"}, x.Secrets); diff != "" {
			t.Errorf("%s: secrets (-want +got):\n%s", order[0], diff)
		}
	}
}

// TestSecretsOfState: states mark attributes too.
func TestSecretsOfState(t *testing.T) {
	t.Parallel()
	text := `{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p",` +
		`"values":{"name":"hidden","policy":"{}"},"sensitive_values":{"name":true}}]}}}`
	x, err := terraform.ExtractState(t.Context(), strings.NewReader(text), terraform.Options{})
	if diff := cmp.Diff([]string{"hidden"}, x.Secrets); diff != "" || err != nil {
		t.Errorf("error %v; secrets (-want +got):\n%s", err, diff)
	}
}

// TestSecretsBounds: what is not kept is told.
func TestSecretsBounds(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 10_001 {
		many = append(many, fmt.Sprintf("secret-%d", i))
	}
	for name, value := range map[string]any{"many": many, "long": strings.Repeat("x", 70_000), "large": strings.Repeat("x", 5<<20)} {
		x := extract(t, plan(nil, nil, m{"variables": m{"a": m{"value": value}}, "configuration": m{"root_module": m{"variables": m{"a": m{"sensitive": true}}}}}), terraform.Options{})
		if len(x.Secrets) > 10_000 || len(x.Diagnostics) != 1 || x.Diagnostics.HasErrors() {
			t.Errorf("%s: %d secrets, diagnostics %v; want a warning", name, len(x.Secrets), x.Diagnostics)
		}
	}
}
