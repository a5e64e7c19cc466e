package terraform

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// linkObject makes an object from which a row makes one link.
func linkObject(r *row) map[string]any {
	object := map[string]any{}
	put := func(path, value string) {
		steps := strings.Split(path, ".")
		at := object
		for i, s := range steps {
			name, list := strings.CutSuffix(s, "[]")
			if i == len(steps)-1 {
				at[name] = value
				if list {
					at[name] = []any{value}
				}
				return
			}
			inner, _ := at[name].(map[string]any)
			if wrapped, ok := at[name].([]any); ok {
				inner, _ = wrapped[0].(map[string]any)
			}
			if inner == nil {
				inner = map[string]any{}
				at[name] = inner
				if list {
					at[name] = []any{inner}
				}
			}
			at = inner
		}
	}
	for _, place := range split(r.Link.Within) {
		if _, attr, ok := cutPlace(place); ok {
			put(attr, "place")
		}
	}
	if attr, value, ok := strings.Cut(r.Link.When, "="); ok {
		put(attr, strings.TrimPrefix(value, "="))
	}
	put(r.nameAttrs()[0], "subject")
	if r.Link.Itself { // the object is the target
		for _, own := range rowsOf[r.Type] {
			if own.self() {
				put(own.nameAttrs()[0], "target")
				break
			}
		}
		put(r.Path, "subject")
		return object
	}
	target := "target"
	if r.Link.Inside != "" {
		target = `{"` + split(r.Link.Inside)[0] + `":"target"}`
	}
	put(r.Path, target)
	return object
}

// TestLinkRows runs every row: one object that has the attributes must yield one link
// with the row's kind, subject and target.
func TestLinkRows(t *testing.T) {
	t.Parallel()
	rows := 0
	for i := range table {
		r := &table[i]
		if r.Link == nil {
			continue
		}
		rows++
		plan, err := json.Marshal(map[string]any{
			"format_version": "1.0",
			"resource_changes": []any{map[string]any{
				"address": r.Type + ".x", "type": r.Type, "name": "x", "mode": "managed",
				"change": map[string]any{"actions": []string{"create"}, "before": nil, "after": linkObject(r), "after_unknown": map[string]any{}},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		x, err := Extract(context.Background(), strings.NewReader(string(plan)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.DeleteFunc(x.Links, func(l extractors.Link) bool {
			return l.Attribute != r.attribute() || len(l.After) == 0 || l.After[0].Kind != r.Link.Target || l.From.Kind != r.Subject
		})
		name := r.Type + "." + r.Path + " of " + r.Name
		if len(found) != 1 {
			t.Errorf("%s: %d links of %+v, want one", name, len(found), x.Links)
			continue
		}
		l := found[0]
		if l.Kind != r.Link.Kind || l.After[0].Name != "target" || l.FromUnknown != nil || l.From.Name == "" && l.From.Address == "" || len(l.Before) > 0 {
			t.Errorf("%s: got %+v; want the kind, subject and target of the row", name, l)
		}
	}
	if rows < 300 {
		t.Errorf("%d rows, want all of them", rows)
	}
}

var (
	linkPath  = regexp.MustCompile(`^[a-z0-9_]+(\[\])?(\.([a-z0-9_]+(\[\])?|\*))*$`)
	kindForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	placeForm = regexp.MustCompile(`^(=[a-z ]+|[a-z]+ [a-z0-9_.\[\]]+)$`)
	whenForm  = regexp.MustCompile(`^[a-z_]+==?[A-Za-z]+$`)
)

func TestLinkTableForm(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range table {
		r := &table[i]
		if r.Link == nil {
			continue
		}
		key := r.Type + "." + r.Path + " of " + r.Subject + " " + r.Link.Within
		matches := func(form *regexp.Regexp, list []string) bool {
			return !slices.ContainsFunc(list, func(s string) bool { return !form.MatchString(s) })
		}
		switch {
		case seen[key]:
			t.Errorf("%s occurs twice", key)
		case !linkPath.MatchString(r.Path) || !matches(linkPath, r.nameAttrs()):
			t.Errorf("%s: a path has another form than documented", key)
		case !kindForm.MatchString(r.Subject) || !kindForm.MatchString(r.Link.Target) || r.Link.Kind == "":
			t.Errorf("%s: a kind has another form than documented", key)
		case !matches(placeForm, split(r.Link.Within)), r.Link.When != "" && !whenForm.MatchString(r.Link.When):
			t.Errorf("%s: places or the condition have another form than documented", key)
		case r.Flags&^(required|computed|exclusive|sole) != 0 || r.Kind != "" || r.CFN != "":
			t.Errorf("%s: a field that links have not", key)
		case r.Flags&computed != 0 && !r.self() && !strings.HasPrefix(r.Type, "awscc_"):
			t.Errorf("%s: computed attributes show what their own object has", key)
		case r.Link.Made != "" && !r.self(), r.Link.Bridge && r.Link.Within == "", r.Link.Along != "" && !strings.Contains(r.Path, "[]."),
			r.Link.Itself && !r.self() && r.Path != r.Name:
			t.Errorf("%s: the form has no use here", key)
		}
		seen[key] = true
	}
}

// notLinks are attributes of the lists that are no links, and why.
var notLinks = map[string]string{
	"aws_bedrockagent_prompt.variant[].template_configuration[].chat[].message[].role": "the speaker of a chat message",
	"aws_eks_capability.configuration[].argo_cd[].rbac_role_mapping[].role":            "a role of Argo CD",
	"aws_grafana_role_association.role":                                                "a role of Grafana",
	"aws_quicksight_role_custom_permission.role":                                       "a role of QuickSight",
	"aws_quicksight_role_membership.role":                                              "a role of QuickSight",
	"aws_iam_role_policy.role":                                                         "what the policy is a part of",
	"aws_iam_role_policy_attachment.role":                                              "the subject of the link",
	"aws_iam_role_policies_exclusive.policy_names[]":                                   "takes away only",
	"aws_iam_user_policies_exclusive.policy_names[]":                                   "takes away only",
	"aws_iam_group_policies_exclusive.policy_names[]":                                  "takes away only",
	"aws_budgets_budget_action.definition.iam_action_definition.policy_arn":            "attached under a condition; told",
	"aws_ram_resource_share.permission_arns[]":                                         "no policy of a principal",
	"aws_transfer_user.policy":                                                         "a document",
	"aws_transfer_access.policy":                                                       "a document",
	"aws_rolesanywhere_profile.session_policy":                                         "a document",
	"awscc_budgets_budgets_action.definition.iam_action_definition.policy_arn":         "attached under a condition; told",
	"awscc_transfer_user.policy":                                                       "a document",
	"awscc_rolesanywhere_profile.session_policy":                                       "a document",
	"awscc_eks_pod_identity_association.policy":                                        "a document",
}

// spelled are attributes that the lists write in another way.
var spelled = map[string]string{
	"aws_iam_group_membership.users[]":                                                               "group",
	"aws_iam_service_specific_credential.service_name":                                               "user_name",
	"aws_iam_user_ssh_key.public_key":                                                                "username",
	"aws_iam_signing_certificate.certificate_body":                                                   "user_name",
	"aws_ssoadmin_customer_managed_policy_attachment.customer_managed_policy_reference":              "customer_managed_policy_reference[].name",
	"aws_ssoadmin_customer_managed_policy_attachments_exclusive.customer_managed_policy_reference[]": "customer_managed_policy_reference[].name",
	"aws_ssoadmin_permissions_boundary_attachment.permissions_boundary":                              "permissions_boundary[].managed_policy_arn",
	"aws_identitystore_group_membership.member_id":                                                   "group_id",
	"aws_quicksight_group_membership.member_name":                                                    "group_name",
	"aws_cognito_identity_pool_roles_attachment.roles":                                               "roles.authenticated",
	"aws_launch_template.iam_instance_profile":                                                       "iam_instance_profile[].name",
	"awscc_sso_permission_set.permissions_boundary":                                                  "permissions_boundary.managed_policy_arn",
	"awscc_identitystore_group_membership.member_id":                                                 "group_id",
	"awscc_cognito_identity_pool_role_attachment.roles":                                              "roles.authenticated",
}

// TestLinksAreComplete compares the table with lists of all attributes known to link.
func TestLinksAreComplete(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("GRANTDIFF_SHARED")
	if dir == "" {
		t.Skip("GRANTDIFF_SHARED names no folder with lists of types")
	}
	kinds := []string{"attachment", "boundary", "membership", "credential", "role-use", "session"}
	n := 0
	for _, file := range []struct {
		name            string
		typ, path, kind int
	}{{"tf_policy_types.tsv", 0, 1, 2}, {"tf_role_use_types.tsv", 0, 1, 2}, {"cfn_policy_types.tsv", 8, 9, 2}} {
		list, err := os.ReadFile(filepath.Join(dir, "data", file.name))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(list), "\n")[1:] {
			f := strings.Split(l, "\t")
			if len(f) <= file.path || len(f) > 2 && !slices.Contains(kinds, f[file.kind]) || !strings.Contains(f[file.typ], "_") {
				continue
			}
			typ, path := f[file.typ], f[file.path]
			key := typ + "." + path
			if spelled[key] != "" {
				path = spelled[key]
			}
			n++
			if notLinks[key] == "" && !slices.ContainsFunc(table, func(r row) bool { return r.Link != nil && r.Type == typ && r.Path == path }) {
				t.Errorf("%s is not in the table", key)
			}
		}
	}
	t.Logf("%d attributes of the lists", n)
}

// TestDataValues covers the values of data sources by address.
func TestDataValues(t *testing.T) {
	t.Parallel()
	x := newExtraction(context.Background(), Options{}, KindPlan)
	text := `{"format_version":"1.2","resource_changes":[],"prior_state":{"values":{"root_module":{"resources":[
	  {"address":"data.aws_caller_identity.me","mode":"data","type":"aws_caller_identity","name":"me","values":{"account_id":"111122223333","user_id":"x"}},
	  {"address":"data.aws_vpc.v","mode":"data","type":"aws_vpc","name":"v","values":{"id":"vpc-1"}}]}}}}`
	if err := x.read(strings.NewReader(text), x.readPlan); err != nil {
		t.Fatal(err)
	}
	values := func(address string) jsontext.Value {
		if d := x.data.byAddress[address]; d != nil {
			return d.values
		}
		return nil
	}
	if got := string(values("data.aws_caller_identity.me")); got != `{"account_id":"111122223333"}` {
		t.Errorf("values %s, want the account only", got)
	}
	if got := values("data.aws_vpc.v"); got != nil {
		t.Errorf("values %s, want none of a type that is not kept", got)
	}
}
