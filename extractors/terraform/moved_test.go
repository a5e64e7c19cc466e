package terraform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLeftSubjects covers policies that leave one subject for another, and replaces that
// only look like it.
func TestLeftSubjects(t *testing.T) {
	t.Parallel()
	role := func(action, address, name string) m {
		side := m{"id": name, "name": name, "assume_role_policy": ec2Trust}
		switch action {
		case "create":
			return rc(address, action, nil, side)
		case "delete":
			return rc(address, action, side, nil)
		}
		return rc(address, action, side, side)
	}
	replaced := rc("aws_iam_role.r", "delete,create", m{"id": "r", "name": "r", "assume_role_policy": ec2Trust},
		m{"assume_role_policy": ec2Trust}, m{"after_unknown": m{"id": true, "name": true}})
	moved := func(after, unknown m) m {
		after["name"], after["policy"] = "p", getObject
		c := rc("aws_iam_role_policy.p", "delete,create", m{"name": "p", "role": "r", "policy": getObject}, after, m{"after_unknown": unknown})
		return c
	}
	to := func(refs ...string) []m {
		return []m{conf("aws_iam_role_policy.p", map[string][]string{"policy": nil, "role": refs})}
	}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"to another name", []m{moved(m{"role": "admin"}, m{})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | create | role  admin | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role  r | A > absent"}},
		{"to an unknown name", []m{moved(m{}, m{"role": true})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | create | role   | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role  r | A > absent"}},
		{"with its role", []m{replaced, moved(m{}, m{"role": true})}, to("aws_iam_role.r.id", "aws_iam_role.r"), []string{
			"aws_iam_role.r | assume_role_policy | trust | replace | role aws_iam_role.r  | E > E",
			"aws_iam_role_policy.p | policy | identity | replace | role aws_iam_role.r  | A > A"}},
		{"with its role, through a local value", []m{replaced, moved(m{}, m{"role": true})}, to("local.role"), []string{
			"aws_iam_role.r | assume_role_policy | trust | replace | role aws_iam_role.r  | E > E",
			"aws_iam_role_policy.p | policy | identity | replace | role   | A > A"}},
		{"from its role to a new one", []m{role("delete", "aws_iam_role.r", "r"), role("create", "aws_iam_role.n", "n"), moved(m{}, m{"role": true})}, to("aws_iam_role.n.id", "aws_iam_role.n"), []string{
			"aws_iam_role.r | assume_role_policy | trust | delete | role aws_iam_role.r r gone | E > absent",
			"aws_iam_role.n | assume_role_policy | trust | create | role aws_iam_role.n n | absent > E",
			"aws_iam_role_policy.p | policy | identity | create | role aws_iam_role.n n | absent > A",
			"aws_iam_role_policy.p (left r) | policy | identity | delete | role aws_iam_role.r r gone | A > absent"}},
		{"to another name of the same role", []m{moved(m{"role": "arn:aws:iam::111122223333:role/r"}, m{})}, nil, []string{
			"aws_iam_role_policy.p | policy | identity | replace | role  arn:aws:iam::111122223333:role/r | A > A"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := lines(clean(t, plan(tt.changes, tt.resources)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

// TestInstanceByName makes sure that a known name counts more than the key that two
// resources have in common.
func TestInstanceByName(t *testing.T) {
	t.Parallel()
	side := func(name string) m { return m{"id": name, "name": name, "assume_role_policy": ec2Trust} }
	grants := clean(t, plan([]m{
		rc(`aws_iam_role.r["a"]`, "no-op", side("ra"), side("ra")),
		rc(`aws_iam_role.r["b"]`, "delete", side("rb"), nil),
		rc(`aws_iam_role_policy.p["b"]`, "delete", m{"name": "p", "role": "ra", "policy": getObject}, nil),
	}, []m{conf("aws_iam_role_policy.p", map[string][]string{"policy": nil, "role": {"aws_iam_role.r", "each.value"}})}))
	s := grants[len(grants)-1].Subject
	if s.Address != `aws_iam_role.r["a"]` || s.Gone {
		t.Errorf("subject %+v, want the instance that has the name, which stays", s)
	}
}
