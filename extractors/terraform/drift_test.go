package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	policy := func(text string) m {
		return m{"name": "p", "arn": "arn:aws:iam::111122223333:policy/p", "policy": text}
	}
	inline := func(text string) m { return m{"name": "i", "role": "r", "policy": text} }
	role := func(blocks ...m) m {
		return m{"name": "r", "assume_role_policy": ec2Trust, "inline_policy": blocks}
	}
	const subject = "policy aws_iam_policy.p arn:aws:iam::111122223333:policy/p"
	tests := []struct {
		name    string
		drift   []m
		changes []m
		want    []string
	}{
		{"widened, and the plan takes it back",
			[]m{rc("aws_iam_policy.p", "update", policy(getObject), policy(putObject))},
			[]m{rc("aws_iam_policy.p", "update", policy(putObject), policy(getObject))},
			[]string{"aws_iam_policy.p | policy | identity | update | " + subject + " | A > B"}},
		{"another attribute",
			[]m{rc("aws_iam_policy.p", "update", policy(getObject), m{"name": "p", "policy": getObject, "tags": m{"a": "b"}})},
			[]m{rc("aws_iam_policy.p", "update", policy(getObject), policy(putObject))}, nil},
		{"empty, and all as it was", []m{rc("aws_iam_policy.p", "update", policy(""), policy(""))}, nil, nil},
		{"empty as it was", []m{rc("aws_iam_policy.p", "update", policy(""), m{"name": "p", "policy": "", "tags": m{"a": "b"}})}, nil, nil},
		{"deleted",
			[]m{rc("aws_iam_policy.p", "delete", policy(getObject), nil)},
			[]m{rc("aws_iam_policy.p", "create", nil, policy(getObject))},
			[]string{"aws_iam_policy.p | policy | identity | delete | " + subject + " | A > absent"}},
		{"of a role that the plan replaces: its subject stays",
			[]m{rc("aws_iam_role_policy.i", "update", inline(getObject), inline(putObject))},
			[]m{rc("aws_iam_role.r", "delete", role(), nil), rc("aws_iam_role_policy.i", "delete", inline(putObject), nil)},
			[]string{"aws_iam_role_policy.i | policy | identity | update | role aws_iam_role.r r | A > B"}},
		{"a mirror fills up",
			[]m{rc("aws_iam_role.r", "update", role(), role(m{"name": "i", "policy": getObject}))},
			[]m{rc("aws_iam_role.r", "no-op", role(m{"name": "i", "policy": getObject}), role(m{"name": "i", "policy": getObject}))},
			[]string{`aws_iam_role.r | inline_policy["i"].policy | identity | update | role aws_iam_role.r r | absent > A`}},
		{"a permission",
			[]m{rc("aws_lambda_permission.l", "update",
				m{"action": "lambda:InvokeFunction", "function_name": "f", "principal": "111122223333", "statement_id": "old"},
				m{"action": "lambda:InvokeFunction", "function_name": "f", "principal": "*", "statement_id": "new"})},
			nil, []string{"aws_lambda_permission.l | principal | resource | update | function  f | old > new"}},
		{"a deposed object", []m{rc("aws_iam_policy.p", "update", policy(getObject), policy(putObject), m{"deposed": "abcd1234"})}, nil, nil},
		{"what is not compared", []m{rc("aws_iam_role.r", "update", m{"name": "r", "assume_role_policy": ec2Trust, "managed_policy_arns": []string{}},
			m{"name": "r", "assume_role_policy": ec2Trust, "managed_policy_arns": []string{"arn:aws:iam::aws:policy/AdministratorAccess"}})}, nil, nil},
		{"none", []m{}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, nil, m{"resource_drift": tt.drift}), terraform.Options{Path: "plan.json"})
			if len(x.Diagnostics)+len(x.Incomplete) > 0 {
				t.Errorf("diagnostics %v, incomplete %v", x.Diagnostics, x.Incomplete)
			}
			if diff := cmp.Diff(tt.want, lines(x.Drift)); diff != "" {
				t.Errorf("drift (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDriftIsAside holds what is wrong with drift apart from the plan, and its
// sensitive values to those of the plan.
func TestDriftIsAside(t *testing.T) {
	t.Parallel()
	text := plan([]m{created("aws_iam_policy.p")}, nil, m{"resource_drift": []m{
		rc("aws_iam_policy.p", "update", nil, m{"policy": getObject}),
		rc("aws_iam_policy.q", "update", m{"name": "q", "policy": getObject}, m{"name": "swordfish", "policy": "{"}, m{"after_sensitive": m{"name": true}}),
	}})
	x := extract(t, text, terraform.Options{Path: "plan.json"})
	if x.Diagnostics.HasErrors() || len(x.Diagnostics) == 0 || len(x.Incomplete) > 0 {
		t.Errorf("diagnostics %v, incomplete %v", x.Diagnostics, x.Incomplete)
	}
	if len(x.Grants) != 1 || len(x.Drift) != 2 || !x.Drift[1].After.Diagnostics.HasErrors() {
		t.Errorf("grants %v, drift %v", lines(x.Grants), lines(x.Drift))
	}
	if !strings.Contains(strings.Join(x.Secrets, " "), "swordfish") {
		t.Errorf("secrets %q", x.Secrets)
	}
}
