package terraform_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func TestActions(t *testing.T) {
	t.Parallel()
	arn := "arn:aws:iam::111122223333:policy/p"
	before, after := m{"arn": arn, "name": "p", "policy": getObject}, m{"arn": arn, "name": "p", "policy": putObject}
	const subject = "policy aws_iam_policy.p arn:aws:iam::111122223333:policy/p"
	tests := []struct {
		name   string
		change m
		want   []string
	}{
		{"no-op", rc("aws_iam_policy.p", "no-op", before, before), []string{"aws_iam_policy.p | policy | identity | no-op | " + subject + " | A > A"}},
		{"create", rc("aws_iam_policy.p", "create", nil, after), []string{"aws_iam_policy.p | policy | identity | create | " + subject + " | absent > B"}},
		{"update", rc("aws_iam_policy.p", "update", before, after), []string{"aws_iam_policy.p | policy | identity | update | " + subject + " | A > B"}},
		{"delete", rc("aws_iam_policy.p", "delete", before, nil), []string{"aws_iam_policy.p | policy | identity | delete | " + subject + " | A > absent"}},
		{"replace", rc("aws_iam_policy.p", "delete,create", before, after), []string{"aws_iam_policy.p | policy | identity | replace | " + subject + " | A > B"}},
		{"create before destroy", rc("aws_iam_policy.p", "create,delete", before, after), []string{"aws_iam_policy.p | policy | identity | replace | " + subject + " | A > B"}},
		{"forget", rc("aws_iam_policy.p", "forget", before, nil), []string{"aws_iam_policy.p | policy | identity | forget | " + subject + " | A > A"}},
		{"replace and forget", rc("aws_iam_policy.p", "create,forget", before, after), []string{
			"aws_iam_policy.p | policy | identity | replace | " + subject + " | A > B",
			"aws_iam_policy.p (forgotten object) | policy | identity | forget | policy aws_iam_policy.p (forgotten object) " + arn + " | A > A"}},
		{"import", rc("aws_iam_policy.p", "update", before, after, m{"importing": m{"id": "x"}}), []string{"aws_iam_policy.p | policy | identity | update | " + subject + " | A > B"}},
		{"deposed", rc("aws_iam_policy.p", "delete", before, nil, m{"deposed": "abcd1234"}), []string{
			"aws_iam_policy.p (deposed object abcd1234) | policy | identity | delete | policy aws_iam_policy.p (deposed object abcd1234) " + arn + " | A > absent"}},
		{"data source", rc("aws_iam_policy.p", "read", nil, after, m{"mode": "data", "address": "data.aws_iam_policy.p"}), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, lines(clean(t, plan([]m{tt.change}, nil)))); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMoved(t *testing.T) {
	t.Parallel()
	side := m{"policy": getObject}
	g := clean(t, plan([]m{rc(`module.a["x.y"].aws_iam_policy.p`, "no-op", side, side, m{"previous_address": "aws_iam_policy.p"})}, nil))
	got := []string{g[0].Address, g[0].PreviousAddress}
	if diff := cmp.Diff([]string{`module.a["x.y"].aws_iam_policy.p`, "aws_iam_policy.p"}, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

// TestIncomplete covers what keeps a plan from showing the whole change, and what
// is wrong with its form.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	change := rc("aws_iam_policy.p", "create", nil, m{"policy": getObject})
	tests := []struct {
		name       string
		plan       string
		incomplete string // part of a sentence, or "" for a complete plan
		diagnostic string // part of an error or warning, or ""
		grants     int
	}{
		{"complete", plan([]m{change}, nil, m{"complete": true, "errored": false}), "", "", 1},
		{"errored", plan([]m{change}, nil, m{"errored": true}), "errored is true", "", 1},
		{"not complete", plan([]m{change}, nil, m{"complete": false}), "complete is false", "", 1},
		{"deferred change", plan([]m{}, nil, m{"deferred_changes": []m{{"reason": "instance_count_unknown", "resource_change": change}}}), "put off 1 resource changes", "", 1},
		{"deferred actions", plan([]m{change}, nil, m{"deferred_action_invocations": []m{{}, {}}}), "put off 2 action", "", 1},
		{"unknown members", plan([]m{change}, nil, m{"new_in_1_99": []m{{"a": 1}}}), "", "", 1},
		{"no version", strings.Replace(plan([]m{change}, nil), `"format_version":"1.2",`, "", 1), "", "format_version is missing", 1},
		{"empty version", plan([]m{change}, nil, m{"format_version": ""}), "", "format_version is missing", 1},
		{"version of a redacted plan", strings.Replace(plan([]m{change}, nil), `"format_version"`, `"plan_format_version"`, 1), "", "", 1},
		{"no version and no plan", `{"a":{}}`, "does not say", "holds no plan", 0},
		{"no version and only variables", `{"variables":{"a":{"value":"resource_changes"}}}`, "does not say", "holds no plan", 0},
		{"version that is none", plan([]m{change}, nil, m{"format_version": "xxx"}), "", `The plan says "xxx"`, 1},
		{"version that is none, without changes", `{"format_version":"xxx"}`, "not known", "unsupported format_version", 0},
		{"version without minor", plan([]m{change}, nil, m{"format_version": "1"}), "", "is no version", 1},
		{"version 2", plan([]m{change}, nil, m{"format_version": "2"}), "not known", "0.1 to 1.x can be read", 1},
		{"version 2.x", plan([]m{change}, nil, m{"format_version": "2.x"}), "not known", "0.1 to 1.x can be read", 1},
		{"version 2.0", plan([]m{change}, nil, m{"format_version": "2.0"}), "not known", "0.1 to 1.x can be read", 1},
		{"version 0.1", plan([]m{change}, nil, m{"format_version": "0.1"}), "", "", 1},
		{"version 1.99", plan([]m{change}, nil, m{"format_version": "1.99"}), "", "", 1},
		{"version 0.0", plan([]m{change}, nil, m{"format_version": "0.0"}), "not known", "unsupported format_version", 1},
		{"unknown action", plan([]m{rc("aws_iam_policy.p", "explode", m{"policy": getObject}, m{"policy": getObject})}, nil), "actions that are not known", "unknown actions", 1},
		{"no actions", plan([]m{rc("aws_iam_policy.p", "", m{"policy": getObject}, m{"policy": getObject})}, nil), "actions that are not known", "unknown actions", 1},
		{"no before", plan([]m{rc("aws_iam_policy.p", "update", nil, m{"policy": getObject})}, nil), "lacks one side", `no "before"`, 1},
		{"no after", plan([]m{rc("aws_iam_policy.p", "update", m{"policy": getObject}, nil)}, nil), "lacks one side", `no "after"`, 1},
		{"no type", plan([]m{{"address": "a.b", "change": m{}}}, nil), "has no type", "has no type", 0},
		{"no change", plan([]m{{"address": "aws_iam_policy.p", "type": "aws_iam_policy", "name": "p"}}, nil), "does not say what changes", "has no change", 0},
		{"type and address disagree", plan([]m{rc("aws_iam_policy.p", "create", nil, m{"policy": getObject}, m{"type": "aws_iam_polixy"})}, nil), "contradicts itself", "disagree", 1},
		{"twice", plan([]m{change, change}, nil), "occurs twice", "occurs twice", 2},
		{"no resource_changes", `{"format_version":"1.2","planned_values":{"root_module":{"resources":[{}]}}}`, "no resource_changes", "", 0},
		{"null for the changes of planned resources", `{"format_version":"1.2","resource_changes":null,"planned_values":{"root_module":{"resources":[{}]}}}`, "no resource_changes", "", 0},
		{"a plan in a plan", `{"format_version":"1.2","resource_changes":[],"plan":{"resource_changes":[]}}`, "holds another plan", "", 0},
		{"a plan in a plan that is wrapped", `{"x":{"resource_changes":[],"format_version":"1.2","plan":{"resource_changes":[]}}}`, "holds another plan", "", 0},
		{"nothing of a plan", `{"format_version":"1.2"}`, "neither", "", 0},
		{"empty plan", `{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{"root_module":{}}}`, "", "", 0},
		{"null changes", `{"format_version":"1.2","resource_changes":null}`, "", "", 0},
		{"duplicate name", `{"format_version":"1.2","resource_changes":[],"resource_changes":[]}`, "to its end", "occurs twice in one object", 0},
		{"duplicate name deep inside", `{"format_version":"1.2","resource_changes":[{"change":{"after":{"a":1,"a":2}}}]}`, "to its end", "occurs twice in one object", 0},
		{"wrong type", `{"format_version":"1.2","resource_changes":{}}`, "to its end", "is an object, expected an array", 0},
		{"array", `[{"format_version":"1.2"}]`, "no JSON object", "no JSON object", 0},
		{"empty", ``, "no JSON object", "no JSON object", 0},
		{"text", `Error: no plan`, "no JSON object", "no JSON object", 0},
		{"two documents", plan([]m{change}, nil) + plan([]m{change}, nil), "More JSON follows", "more JSON follows", 1},
		{"closed too early", `{"format_version":"1.2","resource_changes":[]} ,"configuration":{}}`, "More JSON follows", "more JSON follows", 0},
		{"invalid UTF-8", "{\"format_version\":\"1.2\",\"a\":\"\xff\",\"resource_changes\":[]}", "to its end", "not valid JSON", 0},
		{"nested too deep", `{"format_version":"1.2","a":` + strings.Repeat("[", 20_000), "to its end", "not valid JSON", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, tt.plan, terraform.Options{Path: "plan.json"})
			if got := strings.Join(x.Incomplete, " "); !strings.Contains(got, tt.incomplete) || (tt.incomplete == "") != (got == "") {
				t.Errorf("incomplete is %q, want %q", got, tt.incomplete)
			}
			var all []string
			for _, d := range x.Diagnostics {
				all = append(all, d.String())
			}
			if got := strings.Join(all, "\n"); !strings.Contains(got, tt.diagnostic) || (tt.diagnostic == "") != (got == "") {
				t.Errorf("diagnostics are %q, want %q", got, tt.diagnostic)
			}
			if len(x.Grants) != tt.grants {
				t.Errorf("%d grants, want %d: %q", len(x.Grants), tt.grants, lines(x.Grants))
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	changes := []m{
		rc("aws_iam_policy.a", "create", nil, m{"policy": getObject}),
		rc("aws_iam_policy.b", "create", nil, m{"policy": getObject, "description": strings.Repeat("x", 200_000)}),
	}
	t.Run("value", func(t *testing.T) {
		t.Parallel()
		x := extract(t, plan(changes, nil, m{"configuration": nil}), terraform.Options{Path: "plan.json", MaxValue: 50_000})
		if len(x.Incomplete) == 0 || !strings.Contains(x.Diagnostics.Error(), "too large") {
			t.Errorf("incomplete %q, diagnostics %v; want the value refused", x.Incomplete, x.Diagnostics)
		}
	})
	t.Run("grants", func(t *testing.T) {
		t.Parallel()
		x := extract(t, plan(changes, nil), terraform.Options{Path: "plan.json", MaxGrants: 1})
		if len(x.Grants) != 1 || len(x.Incomplete) == 0 || !x.Diagnostics.HasErrors() {
			t.Errorf("%d grants, incomplete %q, diagnostics %v; want one grant and a complaint", len(x.Grants), x.Incomplete, x.Diagnostics)
		}
	})
}

// TestUnknownTypes covers attributes that the table does not know and that hold a
// policy document all the same.
func TestUnknownTypes(t *testing.T) {
	t.Parallel()
	const userTrust = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`
	tests := []struct {
		name, typ     string
		before, after m
		want          []string // attribute, kind and sides
	}{
		{"new type", "aws_new_thing", nil, m{"access": openToAll}, []string{"access | resource | absent > C"}},
		{"of another provider for AWS", "awscc_new_thing", nil, m{"access": getObject}, []string{"access | identity | absent > A"}},
		{"trust", "awscc_iam_role", nil, m{"assume_role_policy_document": userTrust}, []string{"assume_role_policy_document | trust | absent > Allow *=* sts:AssumeRole"}},
		{"changed", "aws_new_thing", m{"access": getObject}, m{"access": putObject}, []string{"access | identity | A > B"}},
		{"another text before", "aws_new_thing", m{"access": "none"}, m{"access": putObject}, []string{"access | identity | absent > B"}},
		{"nested", "aws_new_thing", nil, m{"block": []m{{"rules": openToAll}}}, []string{"block[0].rules | resource | absent > C"}},
		{"an object", "aws_new_thing", nil, m{"rules": m{"Statement": []m{{"Sid": "O", "Effect": "Allow", "Action": "*", "Resource": "*"}}}}, []string{"rules | identity | absent > O"}},
		{"broken", "aws_new_thing", nil, m{"access": `{"Statement":[{"Effect":"Allow",}]}`}, []string{"access | identity | absent > unreadable"}},
		{"new attribute of a known type", "aws_iam_policy", nil, m{"policy": getObject, "polixy": openToAll}, []string{"policy | identity | absent > A", "polixy | resource | absent > C"}},
		{"other provider", "google_thing", nil, m{"access": openToAll}, nil},
		{"word in a text", "aws_new_thing", nil, m{"description": "a Statement of intent"}, nil},
		{"other grammar", "aws_sns_topic_data_protection_policy", nil, m{"policy": openToAll}, nil},
		{"template", "aws_cloudformation_stack", nil, m{"template_body": "Resources:\n  A: {Properties: {PolicyDocument: {Statement: []}}}"}, []string{"template_body | resource | absent > unknown"}},
		{"same template", "aws_cloudformation_stack", m{"template_body": "Statement"}, m{"template_body": "Statement"}, nil},
		{"interface", "aws_api_gateway_rest_api", nil, m{"body": `{"x-amazon-apigateway-policy":{}}`}, []string{"body | resource | absent > unknown"}},
		{"other language", "aws_opensearchserverless_access_policy", m{"policy": `[{"Principal":["a"]}]`}, m{"policy": `[{"Principal":["b"]}]`}, []string{"policy | resource | unknown > unknown"}},
		{"other language with access", "aws_opensearchserverless_access_policy", nil, m{"policy": `[{"Rules":[{"ResourceType":"index","Resource":["index/c/*"],"Permission":["aoss:ReadDocument"]}],"Principal":["arn:aws:iam::111122223333:role/r","saml/111122223333/idp/user/u"]}]`},
			[]string{"policy | resource | absent > Allow AWS=arn:aws:iam::111122223333:role/r Federated=saml/111122223333/idp/user/u aoss:ReadDocument arn:aws:aoss:*:*:index/c/*"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			action, before := "create", any(nil)
			if tt.before != nil {
				action, before = "update", tt.before
			}
			var got []string
			for _, g := range clean(t, plan([]m{rc(tt.typ+".x", action, before, tt.after)}, nil)) {
				got = append(got, g.Attribute+" | "+string(g.Kind)+" | "+show(g.Before)+" > "+show(g.After))
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnknownTexts covers attributes of types that the table does not know and whose
// texts are not known either.
func TestUnknownTexts(t *testing.T) {
	t.Parallel()
	change := rc("aws_new_thing.x", "create", nil, m{}, m{"after_unknown": m{"policy": true, "lifecycle_policy": true, "id": true}})
	for name, tt := range map[string]struct {
		resources []m
		want      int
	}{
		"set":     {[]m{conf("aws_new_thing.x", map[string][]string{"policy": {"aws_s3_bucket.b.arn"}, "lifecycle_policy": nil})}, 1},
		"not set": {[]m{conf("aws_new_thing.x", map[string][]string{"name": nil})}, 0},
	} {
		if got := clean(t, plan([]m{change}, tt.resources)); len(got) != tt.want {
			t.Errorf("%s: grants %q, want %d", name, lines(got), tt.want)
		}
	}
}
