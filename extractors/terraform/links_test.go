package terraform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

const (
	readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	admin    = "arn:aws:iam::aws:policy/AdministratorAccess"
	ownARN   = "arn:aws:iam::111122223333:policy/own"
)

// linkLine writes a link on one line.
func linkLine(l extractors.Link) string {
	from := strings.TrimSpace(l.From.Kind + " " + l.From.Address + " " + l.From.Name)
	if l.FromUnknown != nil {
		from = strings.TrimSpace(from + " unknown " + strings.Join(l.FromUnknown.References, " "))
	}
	if l.From.New {
		from += " new"
	}
	if l.From.Gone {
		from += " gone"
	}
	return strings.Join([]string{
		l.Address, l.Attribute, string(l.Kind), string(l.Action), from, targets(l.Before) + " > " + targets(l.After),
	}, " | ")
}

func targets(list []extractors.Target) string {
	var out []string
	for _, t := range list {
		s := strings.TrimSpace(t.Address + " " + strings.TrimPrefix(t.Name, "arn:aws:iam::"))
		if t.Unknown != nil {
			s = strings.TrimSpace(s + " unknown " + strings.Join(t.Unknown.References, " "))
		}
		out = append(out, t.Kind+" "+s)
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

func linkLines(links []extractors.Link) []string {
	var out []string
	for _, l := range links {
		out = append(out, linkLine(l))
	}
	return out
}

// linksOf extracts a plan and expects no diagnostics and nothing incomplete.
func linksOf(t *testing.T, text string) []string {
	t.Helper()
	x := extract(t, text, terraform.Options{Path: "plan.json"})
	if len(x.Diagnostics) > 0 || len(x.Incomplete) > 0 {
		t.Fatalf("diagnostics %v, incomplete %q; want none", x.Diagnostics, x.Incomplete)
	}
	return linkLines(x.Links)
}

// roleObject, policyObject and userObject are subjects and targets of links.
func roleObject(name string) m {
	return m{"id": name, "name": name, "arn": "arn:aws:iam::111122223333:role/" + name, "assume_role_policy": ec2Trust}
}

func policyObject(name string) m {
	arn := "arn:aws:iam::111122223333:policy/" + name
	return m{"id": arn, "arn": arn, "name": name, "policy": getObject}
}

func userObject(name string) m {
	return m{"id": name, "name": name, "arn": "arn:aws:iam::111122223333:user/" + name}
}

func stay(address string, side m) m { return rc(address, "no-op", side, side) }

func unknown(names ...string) m {
	u := m{}
	for _, n := range names {
		u[n] = true
	}
	return m{"after_unknown": u}
}

// TestAttachments covers the scalar form, in which an object links one subject to one
// target, under every operation.
func TestAttachments(t *testing.T) {
	t.Parallel()
	const a = "aws_iam_role_policy_attachment.a"
	const head = a + " | policy_arn | attached | "
	side := func(role, policy string) m { return m{"id": "x", "role": role, "policy_arn": policy} }
	role, own := stay("aws_iam_role.r", roleObject("r")), stay("aws_iam_policy.own", policyObject("own"))
	newOwn := rc("aws_iam_policy.own", "create", nil, m{"name": "own", "policy": getObject}, unknown("id", "arn"))
	newRole := rc("aws_iam_role.r", "create", nil, m{"name_prefix": "r", "assume_role_policy": ec2Trust}, unknown("id", "arn", "name"))
	replacedRole := rc("aws_iam_role.r", "delete,create", roleObject("r"), m{"name_prefix": "r", "assume_role_policy": ec2Trust}, unknown("id", "arn", "name"))
	refs := func(policy, role []string) []m {
		return []m{conf(a, map[string][]string{"policy_arn": policy, "role": role})}
	}
	toRole := []string{"aws_iam_role.r.name", "aws_iam_role.r"}
	toOwn := []string{"aws_iam_policy.own.arn", "aws_iam_policy.own"}
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"no-op", []m{stay(a, side("r", readOnly))}, nil, []string{
			head + "no-op | role  r | policy aws:policy/ReadOnlyAccess > policy aws:policy/ReadOnlyAccess"}},
		{"no-op of objects in the plan", []m{role, own, stay(a, side("r", ownARN))}, nil, []string{
			head + "no-op | role aws_iam_role.r r | policy aws_iam_policy.own 111122223333:policy/own > policy aws_iam_policy.own 111122223333:policy/own"}},
		{"create", []m{role, rc(a, "create", nil, side("r", admin))}, nil, []string{
			head + "create | role aws_iam_role.r r | none > policy aws:policy/AdministratorAccess"}},
		{"delete", []m{role, rc(a, "delete", side("r", admin), nil)}, nil, []string{
			head + "delete | role aws_iam_role.r r | policy aws:policy/AdministratorAccess > none"}},
		{"another policy", []m{role, rc(a, "delete,create", side("r", readOnly), side("r", admin))}, nil, []string{
			head + "replace | role aws_iam_role.r r | policy aws:policy/ReadOnlyAccess > policy aws:policy/AdministratorAccess"}},
		{"another role", []m{role, rc(a, "create,delete", side("r", admin), side("s", admin))}, nil, []string{
			head + "delete | role aws_iam_role.r r | policy aws:policy/AdministratorAccess > none",
			head + "create | role  s | none > policy aws:policy/AdministratorAccess"}},
		{"role by name and by ARN", []m{rc(a, "delete,create", side("r", admin), side("arn:aws:iam::111122223333:role/r", admin))}, nil, []string{
			head + "replace | role  arn:aws:iam::111122223333:role/r | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess"}},
		{"role that goes as well", []m{rc("aws_iam_role.r", "delete", roleObject("r"), nil), rc(a, "delete", side("r", admin), nil)}, nil, []string{
			head + "delete | role aws_iam_role.r r gone | policy aws:policy/AdministratorAccess > none"}},
		{"forget", []m{rc(a, "forget", side("r", admin), nil)}, nil, []string{
			head + "forget | role  r | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess"}},
		{"replace and forget", []m{rc(a, "create,forget", side("r", readOnly), side("r", admin))}, nil, []string{
			head + "replace | role  r | policy aws:policy/ReadOnlyAccess > policy aws:policy/AdministratorAccess",
			a + " (forgotten object) | policy_arn | attached | forget | role  r | policy aws:policy/ReadOnlyAccess > policy aws:policy/ReadOnlyAccess"}},
		{"deposed", []m{rc(a, "delete", side("r", readOnly), nil, m{"deposed": "ab12"})}, nil, []string{
			a + " (deposed object ab12) | policy_arn | attached | delete | role  r | policy aws:policy/ReadOnlyAccess > none"}},
		{"no-op that changes", []m{rc(a, "no-op", side("r", readOnly), side("r", admin))}, nil, []string{
			head + "update | role  r | policy aws:policy/ReadOnlyAccess > policy aws:policy/AdministratorAccess"}},
		{"policy that is made", []m{role, newOwn, rc(a, "create", nil, m{"role": "r"}, unknown("policy_arn"))}, refs(toOwn, toRole), []string{
			head + "create | role aws_iam_role.r r | none > policy aws_iam_policy.own own"}},
		{"role that is made", []m{newRole, rc(a, "create", nil, m{"policy_arn": admin}, unknown("role"))}, refs(nil, toRole), []string{
			head + "create | role aws_iam_role.r new | none > policy aws:policy/AdministratorAccess"}},
		{"role that is replaced", []m{replacedRole, rc(a, "delete,create", side("r", admin), m{"policy_arn": admin}, unknown("role"))}, refs(nil, toRole), []string{
			head + "replace | role aws_iam_role.r | policy aws:policy/AdministratorAccess > policy aws:policy/AdministratorAccess"}},
		{"policy that is replaced", []m{rc("aws_iam_policy.own", "delete,create", policyObject("own"), m{"name": "own", "policy": putObject}, unknown("id", "arn")),
			rc(a, "delete,create", side("r", ownARN), m{"role": "r"}, unknown("policy_arn"))}, refs(toOwn, nil), []string{
			head + "replace | role  r | policy aws_iam_policy.own 111122223333:policy/own > policy aws_iam_policy.own own"}},
		{"unknown through a local value", []m{newOwn, rc(a, "create", nil, m{"role": "r"}, unknown("policy_arn"))}, refs([]string{"local.arn"}, nil), []string{
			head + "create | role  r | none > policy unknown local.arn"}},
		{"one of two policies that are made", []m{newOwn, rc("aws_iam_policy.b", "create", nil, m{"name": "b", "policy": putObject}, unknown("arn")),
			rc(a, "create", nil, m{"role": "r"}, unknown("policy_arn"))}, refs([]string{"var.x", "aws_iam_policy.own.arn", "aws_iam_policy.b.arn"}, nil), []string{
			head + "create | role  r | none > policy unknown var.x aws_iam_policy.own.arn aws_iam_policy.b.arn"}},
		{"one of two policies, the other is there", []m{newOwn, stay("aws_iam_policy.b", policyObject("b")),
			rc(a, "create", nil, m{"role": "r"}, unknown("policy_arn"))}, refs([]string{"var.x", "aws_iam_policy.own.arn", "aws_iam_policy.b.arn"}, nil), []string{
			head + "create | role  r | none > policy aws_iam_policy.own own"}},
		{"unknown without a configuration", []m{rc(a, "create", nil, m{"role": "r"}, unknown("policy_arn"))}, nil, []string{
			head + "create | role  r | none > policy unknown"}},
		{"unknown subject", []m{rc(a, "create", nil, m{"policy_arn": admin}, unknown("role"))}, refs(nil, []string{"local.role"}), []string{
			head + "create | role unknown local.role | none > policy aws:policy/AdministratorAccess"}},
		{"unknown subject after another", []m{rc(a, "delete,create", side("r", admin), m{"policy_arn": admin}, unknown("role"))}, refs(nil, []string{"local.role"}), []string{
			head + "delete | role  r | policy aws:policy/AdministratorAccess > none",
			head + "create | role unknown local.role | none > policy aws:policy/AdministratorAccess"}},
		{"all of it unknown", []m{rc(a, "create", nil, nil, m{"after_unknown": true})}, refs(nil, nil), []string{
			head + "create | role unknown | none > policy unknown"}},
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

// TestLinkLists covers lists of subjects and of targets, with members that are not
// known.
func TestLinkLists(t *testing.T) {
	t.Parallel()
	const pa, gm, ug, ex = "aws_iam_policy_attachment.a", "aws_iam_group_membership.m", "aws_iam_user_group_membership.m", "aws_iam_role_policy_attachments_exclusive.e"
	role := func(key string) m {
		return rc("aws_iam_role.pub["+key+"]", "create", nil, m{"assume_role_policy": ec2Trust}, unknown("id", "name", "arn"))
	}
	to := func(address, attr string, refs ...string) []m {
		return []m{conf(address, map[string][]string{attr: refs})}
	}
	policy := func(roles, users, groups any) m {
		return m{"policy_arn": readOnly, "roles": roles, "users": users, "groups": groups}
	}
	group := func(users ...any) m { return m{"group": "g", "users": users} }
	const ro = "policy aws:policy/ReadOnlyAccess"
	tests := []struct {
		name      string
		changes   []m
		resources []m
		want      []string
	}{
		{"one policy for many", []m{rc(pa, "update", policy([]any{"a", "b"}, nil, []any{"g"}), policy([]any{"b", "c"}, []any{"b"}, []any{"g"}))}, nil, []string{
			pa + " | policy_arn | attached | delete | role  a | " + ro + " > none",
			pa + " | policy_arn | attached | update | role  b | " + ro + " > " + ro,
			pa + " | policy_arn | attached | create | role  c | none > " + ro,
			pa + " | policy_arn | attached | create | user  b | none > " + ro,
			pa + " | policy_arn | attached | update | group  g | " + ro + " > " + ro}},
		{"members of which some are made", []m{role("0"), role("1"),
			rc(pa, "create", nil, policy([]any{"known", nil, nil}, nil, nil), m{"after_unknown": m{"roles": []any{false, true, true}}})},
			to(pa, "roles", "aws_iam_role.pub"), []string{
				pa + " | policy_arn | attached | create | role  known | none > " + ro,
				pa + " | policy_arn | attached | create | role aws_iam_role.pub[0] new | none > " + ro,
				pa + " | policy_arn | attached | create | role aws_iam_role.pub[1] new | none > " + ro}},
		{"members of which fewer are made", []m{role("0"), role("1"),
			rc(pa, "create", nil, policy([]any{"known", nil}, nil, nil), m{"after_unknown": m{"roles": []any{false, true}}})},
			to(pa, "roles", "aws_iam_role.pub"), []string{
				pa + " | policy_arn | attached | create | role  known | none > " + ro,
				pa + " | policy_arn | attached | create | role unknown aws_iam_role.pub | none > " + ro}},
		{"members that are all unknown", []m{rc(pa, "update", policy([]any{"a"}, nil, nil), policy(nil, nil, nil), m{"after_unknown": m{"roles": true}})},
			to(pa, "roles", "local.roles"), []string{
				pa + " | policy_arn | attached | update | role  a | " + ro + " > policy unknown",
				pa + " | policy_arn | attached | create | role unknown local.roles | none > " + ro}},
		{"the same member twice", []m{stay("aws_iam_user.a", userObject("a")), rc(gm, "create", nil, group("a", "arn:aws:iam::111122223333:user/a"))}, nil, []string{
			gm + " | group | member | create | user aws_iam_user.a a | none > group g"}},
		{"members come and go", []m{rc(gm, "update", group("a", "b"), group("b", "c"))}, nil, []string{
			gm + " | group | member | delete | user  a | group g > none",
			gm + " | group | member | update | user  b | group g > group g",
			gm + " | group | member | create | user  c | none > group g"}},
		{"members change the group", []m{rc(gm, "delete,create", group("a"), m{"group": "h", "users": []any{"a"}})}, nil, []string{
			gm + " | group | member | replace | user  a | group g > group h"}},
		{"groups of a user", []m{stay("aws_iam_group.g", m{"id": "g", "name": "g"}), rc(ug, "update", m{"user": "u", "groups": []any{"g"}}, m{"user": "u", "groups": []any{"g", "h"}})}, nil, []string{
			ug + " | groups | member | update | user  u | group aws_iam_group.g g > group aws_iam_group.g g, group h"}},
		{"exclusive", []m{rc(ex, "update", m{"role_name": "r", "policy_arns": []any{readOnly}}, m{"role_name": "r", "policy_arns": []any{admin}})}, nil, []string{
			ex + " | policy_arns | attached | update | role  r | " + ro + " > policy aws:policy/AdministratorAccess"}},
		{"exclusive with a policy that is made", []m{rc("aws_iam_policy.own", "create", nil, m{"name": "own", "policy": getObject}, unknown("arn", "id")),
			rc(ex, "create", nil, m{"role_name": "r", "policy_arns": []any{readOnly, nil}}, m{"after_unknown": m{"policy_arns": []any{false, true}}})},
			to(ex, "policy_arns", "aws_iam_policy.own.arn"), []string{
				ex + " | policy_arns | attached | create | role  r | none > " + ro + ", policy aws_iam_policy.own own"}},
		{"exclusive of nothing", []m{stay(ex, m{"role_name": "r", "policy_arns": []any{}})}, nil, nil},
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
