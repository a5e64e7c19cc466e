package terraform_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// module makes a module of the configuration.
func module(resources []m, calls, outputs m) m {
	return m{"resources": resources, "module_calls": calls, "outputs": outputs}
}

func refs(list ...string) m { return m{"references": list} }

func output(list ...string) m { return m{"expression": refs(list...)} }

// TestLinkReferences covers unknown values that the configuration leads to a resource:
// through keys, variables, outputs and the values of for_each.
func TestLinkReferences(t *testing.T) {
	t.Parallel()
	newPolicy := func(address string) m {
		return rc(address, "create", nil, m{"name": "own", "policy": getObject}, unknown("arn", "id"))
	}
	attach := func(address string) m {
		return rc(address, "create", nil, m{"role": "r"}, unknown("policy_arn"))
	}
	attachment := func(list ...string) m {
		return conf("aws_iam_role_policy_attachment.a", map[string][]string{"policy_arn": list})
	}
	forEach := func(c m, list ...string) m {
		c["for_each_expression"] = refs(list...)
		return c
	}
	root := func(resources []m, calls, outputs m) m { return m{"root_module": module(resources, calls, outputs)} }
	tests := []struct {
		name          string
		changes       []m
		configuration m
		want          string // targets of the last link
	}{
		{"one instance, any key", []m{newPolicy(`aws_iam_policy.p["a"]`), attach("aws_iam_role_policy_attachment.a")},
			root([]m{attachment("aws_iam_policy.p", "local.key")}, nil, nil), `aws_iam_policy.p["a"] own`},
		{"the same key", []m{newPolicy(`aws_iam_policy.p["a"]`), newPolicy(`aws_iam_policy.p["b"]`), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{attachment("aws_iam_policy.p", "each.key")}, nil, nil), `aws_iam_policy.p["b"] own`},
		{"another key", []m{newPolicy(`aws_iam_policy.p["a"]`), newPolicy(`aws_iam_policy.p["b"]`), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{attachment("aws_iam_policy.p", "local.key")}, nil, nil), "unknown aws_iam_policy.p local.key"},
		{"a constant key", []m{newPolicy(`aws_iam_policy.p["a"]`), newPolicy(`aws_iam_policy.p["b"]`), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{attachment(`aws_iam_policy.p["a"].arn`)}, nil, nil), `aws_iam_policy.p["a"] own`},
		{"value of for_each over the policies", []m{newPolicy(`aws_iam_policy.p["a"]`), newPolicy(`aws_iam_policy.p["b"]`), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{forEach(attachment("each.value.arn", "each.value"), "aws_iam_policy.p")}, nil, nil), `aws_iam_policy.p["b"] own`},
		{"value of for_each over a map", []m{newPolicy("aws_iam_policy.p"), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{forEach(attachment("each.value"), "aws_iam_policy.p.arn")}, nil, nil), "aws_iam_policy.p own"},
		{"value of for_each over a local value", []m{newPolicy("aws_iam_policy.p"), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{forEach(attachment("each.value"), "local.policies")}, nil, nil), "unknown each.value"},
		{"a branch that is not there", []m{newPolicy("aws_iam_policy.p"), attach("aws_iam_role_policy_attachment.a")},
			root([]m{attachment("var.x", "aws_iam_policy.none[0].arn", "aws_iam_policy.p.arn")}, nil, nil), "aws_iam_policy.p own"},
		{"input of a module", []m{newPolicy("aws_iam_policy.p"), attach("module.m.aws_iam_role_policy_attachment.a")},
			root(nil, m{"m": m{"expressions": m{"arn": refs("aws_iam_policy.p.arn")}, "module": module([]m{attachment("var.arn")}, nil, nil)}}, nil), "aws_iam_policy.p own"},
		{"input of a module with keys", []m{newPolicy(`aws_iam_policy.p["a"]`), newPolicy(`aws_iam_policy.p["b"]`), attach(`module.m["b"].aws_iam_role_policy_attachment.a`)},
			root(nil, m{"m": m{"expressions": m{"arn": refs("aws_iam_policy.p", "each.key")}, "module": module([]m{attachment("var.arn")}, nil, nil)}}, nil), `aws_iam_policy.p["b"] own`},
		{"output of a module", []m{newPolicy("module.m.module.n.aws_iam_policy.p"), attach("aws_iam_role_policy_attachment.a")},
			root([]m{attachment("module.m.arn")}, m{"m": m{"module": module(nil, m{"n": m{"module": module(nil, nil, m{"arn": output("aws_iam_policy.p.arn")})}}, m{"arn": output("module.n.arn"), "other": output("local.x")})}}, nil), "module.m.module.n.aws_iam_policy.p own"},
		{"some output of a module with keys", []m{newPolicy(`module.m["a"].aws_iam_policy.p`), newPolicy(`module.m["b"].aws_iam_policy.p`), attach(`aws_iam_role_policy_attachment.a["b"]`)},
			root([]m{attachment("module.m", "each.key")}, m{"m": m{"module": module(nil, nil, m{"arn": output("aws_iam_policy.p.arn"), "id": output("local.x")})}}, nil), `module.m["b"].aws_iam_policy.p own`},
		{"outputs that refer to each other", []m{attach("aws_iam_role_policy_attachment.a")},
			root([]m{attachment("module.m.a")}, m{"m": m{"expressions": m{"x": refs("module.m.a", "module.m.b"), "y": refs("module.m.a", "module.m.b")},
				"module": module(nil, nil, m{"a": output("var.x", "var.y"), "b": output("var.x", "var.y")})}}, nil), "unknown module.m.a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, nil, m{"configuration": tt.configuration}), terraform.Options{})
			if len(x.Links) != 1 || targets(x.Links[0].After) != "policy "+tt.want {
				t.Errorf("links %q, want one to %s", linkLines(x.Links), tt.want)
			}
		})
	}
}

// TestManyInstances makes sure that one of very many instances is not looked for.
func TestManyInstances(t *testing.T) {
	t.Parallel()
	var changes []m
	for i := range 200 {
		changes = append(changes, rc(fmt.Sprintf("aws_iam_policy.p[%d]", i), "create", nil, m{"policy": getObject}, unknown("arn")))
	}
	changes = append(changes, rc("aws_iam_role_policy_attachment.a", "create", nil, m{"role": "r"}, unknown("policy_arn")))
	x := extract(t, plan(changes, []m{conf("aws_iam_role_policy_attachment.a", map[string][]string{"policy_arn": {"aws_iam_policy.p", "local.n"}})}), terraform.Options{})
	if len(x.Links) != 1 || targets(x.Links[0].After) != "policy unknown aws_iam_policy.p local.n" {
		t.Errorf("links %q, want one to what is not known", linkLines(x.Links))
	}
}

// TestMovedLinks makes sure that an attachment that moves with its role stays one link.
func TestMovedLinks(t *testing.T) {
	t.Parallel()
	x := extract(t, plan([]m{
		rc("module.m.aws_iam_role.r", "no-op", roleObject("r"), roleObject("r"), m{"previous_address": "aws_iam_role.r"}),
		rc("module.m.aws_iam_role_policy_attachment.a", "no-op", m{"role": "r", "policy_arn": admin}, m{"role": "r", "policy_arn": admin}, m{"previous_address": "aws_iam_role_policy_attachment.a"}),
	}, nil), terraform.Options{})
	want := []string{"module.m.aws_iam_role_policy_attachment.a | policy_arn | attached | no-op | role module.m.aws_iam_role.r r | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess"}
	if diff := cmp.Diff(want, linkLines(x.Links)); diff != "" || x.Links[0].PreviousAddress != "aws_iam_role_policy_attachment.a" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestSameNames tells objects of one name apart: by the configuration, and by the side
// of the change that has the name.
func TestSameNames(t *testing.T) {
	t.Parallel()
	const a = "aws_iam_role_policy_attachment.a"
	side := m{"role": "r", "policy_arn": admin}
	ad := " | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess"
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"in two accounts", []m{stay("aws_iam_role.one", roleObject("r")), stay("aws_iam_role.two", roleObject("r")), stay(a, side)},
			[]m{conf(a, map[string][]string{"role": {"aws_iam_role.two.name"}})}, []string{a + " | policy_arn | attached | no-op | role aws_iam_role.two r" + ad}},
		{"in two accounts, no telling which", []m{stay("aws_iam_role.one", roleObject("r")), stay("aws_iam_role.two", roleObject("r")), stay(a, side)},
			nil, []string{a + " | policy_arn | attached | no-op | role  r" + ad}},
		{"one takes the name of the other", []m{rc("aws_iam_role.one", "delete", roleObject("r"), nil), rc("aws_iam_role.two", "create", nil, roleObject("r")), stay(a, side)},
			nil, []string{a + " | policy_arn | attached | no-op | role aws_iam_role.two r new" + ad}},
		{"renamed", []m{rc("aws_iam_role.one", "delete,create", roleObject("r"), roleObject("s")), rc("aws_iam_role.two", "create", nil, roleObject("r")), rc(a, "delete,create", side, m{"role": "s", "policy_arn": admin})},
			nil, []string{a + " | policy_arn | attached | replace | role aws_iam_role.one s" + ad}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, linksOf(t, plan(tt.changes, tt.resources))); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLinkPlaces covers the lines of links in the configuration.
func TestLinkPlaces(t *testing.T) {
	t.Parallel()
	text := plan([]m{
		stay("aws_iam_role_policy_attachment.a", m{"role": "r", "policy_arn": admin}),
		stay("aws_lambda_function.f", m{"function_name": "f", "role": "r"}),
	}, nil)
	dir := t.TempDir()
	configuration := "resource \"aws_iam_role_policy_attachment\" \"a\" {\n  role = \"r\"\n  policy_arn = \"x\"\n}\n\nresource \"aws_lambda_function\" \"f\" {\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	x := extract(t, text, terraform.Options{Path: "plan.json", SourceDir: dir})
	var got []string
	for _, l := range x.Links {
		got = append(got, fmt.Sprintf("%s:%d", l.Origin().Range.Path, l.Origin().Range.Start.Line))
	}
	if diff := cmp.Diff([]string{"main.tf:3", "main.tf:6"}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestLinksOfStates makes sure that a state yields the links that it shows.
func TestLinksOfStates(t *testing.T) {
	t.Parallel()
	role := roleObject("r")
	role["managed_policy_arns"] = []any{admin, readOnly}
	objects := []struct {
		typ    string
		values m
	}{{"aws_iam_role", role}, {"aws_iam_role_policy_attachment", m{"role": "r", "policy_arn": admin}}, {"aws_iam_access_key", m{"id": "k", "user": "u", "status": "Active"}}}
	var shown, raw []m
	for _, o := range objects {
		shown = append(shown, m{"address": o.typ + ".x", "mode": "managed", "type": o.typ, "name": "x", "values": o.values})
		raw = append(raw, m{"mode": "managed", "type": o.typ, "name": "x", "instances": []m{{"attributes": o.values}}})
	}
	data := m{"arn": ownARN, "policy": getObject}
	shown = append(shown, m{"address": "data.aws_iam_policy.x", "mode": "data", "type": "aws_iam_policy", "name": "x", "values": data})
	raw = append(raw, m{"mode": "data", "type": "aws_iam_policy", "name": "x", "instances": []m{{"attributes": data}}})
	want := []string{
		"aws_iam_role.x | managed_policy_arns | attached | no-op | role aws_iam_role.x r | policy aws:policy/ReadOnlyAccess > policy aws:policy/ReadOnlyAccess",
		"aws_iam_role_policy_attachment.x | policy_arn | attached | no-op | role aws_iam_role.x r | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess",
		"aws_iam_access_key.x | user | acts | no-op | access-key aws_iam_access_key.x k | user u > user u",
	}
	for name, document := range map[string]m{
		"shown": {"format_version": "1.0", "values": m{"root_module": m{"resources": shown}}},
		"raw":   {"version": 4, "serial": 1, "lineage": "", "resources": raw},
	} {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		x, err := terraform.ExtractState(context.Background(), strings.NewReader(string(text)), terraform.Options{})
		if err != nil || len(x.Diagnostics) > 0 {
			t.Fatalf("%s: error %v, diagnostics %v", name, err, x.Diagnostics)
		}
		if diff := cmp.Diff(want, linkLines(x.Links)); diff != "" {
			t.Errorf("%s: links (-want +got):\n%s", name, diff)
		}
	}
}

// TestLinksOfWrappedPlans makes sure that the addresses of links tell several plans in
// one document apart.
func TestLinksOfWrappedPlans(t *testing.T) {
	t.Parallel()
	one := json.RawMessage(plan([]m{stay("aws_iam_role.r", roleObject("r")), stay("aws_iam_policy.own", policyObject("own")), stay("aws_iam_role_policy_attachment.a", m{"role": "r", "policy_arn": ownARN})}, nil))
	text, err := json.Marshal(map[string]any{"a": one, "b": one})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, p := range []string{"a", "b"} {
		target := "policy " + p + ": aws_iam_policy.own 111122223333:policy/own"
		want = append(want, p+": aws_iam_role_policy_attachment.a | policy_arn | attached | no-op | role "+p+": aws_iam_role.r r | "+target+" > "+target)
	}
	got := linkLines(extract(t, string(text), terraform.Options{}).Links)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestManyLinks makes sure that the limit holds for links as well.
func TestManyLinks(t *testing.T) {
	t.Parallel()
	var users []any
	for i := range 50 {
		users = append(users, fmt.Sprintf("u%d", i))
	}
	text := plan([]m{rc("aws_iam_group_membership.m", "create", nil, m{"group": "g", "users": users}), stay("aws_iam_policy.own", policyObject("own"))}, nil)
	x := extract(t, text, terraform.Options{MaxGrants: 20})
	if len(x.Links) > 20 || !x.Diagnostics.HasErrors() || len(x.Incomplete) == 0 {
		t.Errorf("%d links, diagnostics %v, incomplete %q; want at most 20 and an error", len(x.Links), x.Diagnostics, x.Incomplete)
	}
	if x = extract(t, text, terraform.Options{MaxGrants: 51}); len(x.Links) != 50 || len(x.Grants) != 1 {
		t.Errorf("%d links and %d grants, want 50 and one", len(x.Links), len(x.Grants))
	}
}

// TestLinksAreDeterministic extracts the same plan several times.
func TestLinksAreDeterministic(t *testing.T) {
	t.Parallel()
	var changes []m
	for i := range 20 {
		role := roleObject(fmt.Sprintf("r%d", i))
		role["managed_policy_arns"] = []any{admin, readOnly, ownARN}
		changes = append(changes, stay(fmt.Sprintf("aws_iam_role.r%d", i), role), stay(fmt.Sprintf("aws_iam_role_policy_attachment.a%d", i), m{"role": role["name"], "policy_arn": admin}))
	}
	text := plan(changes, nil)
	var first []extractors.Link
	for range 5 {
		x := extract(t, text, terraform.Options{})
		if first == nil {
			first = x.Links
		}
		if diff := cmp.Diff(first, x.Links); diff != "" {
			t.Fatalf("links differ:\n%s", diff)
		}
	}
}
