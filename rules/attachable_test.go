package rules

import (
	"strings"
	"testing"
)

// TestEscalationByFixedPolicies: who may attach only policies that lead nowhere does not
// get further by it; one that leads on, or that nobody knows, is enough.
func TestEscalationByFixedPolicies(t *testing.T) {
	t.Parallel()
	const audit, admin, own = `"arn:aws:iam::aws:policy/SecurityAudit"`, `"arn:aws:iam::aws:policy/AdministratorAccess"`, `"arn:aws:iam::111122223333:policy/app"`
	one := func(condition string) string {
		return `{"Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*", "Condition": {` + condition + `}}`
	}
	for _, c := range []struct {
		name, before, after string
		want                bool
	}{
		{"harmless", "", one(`"ArnEquals": {"iam:PolicyARN": ` + audit + `}`), false},
		{"harmless, in other words", "", one(`"StringLike": {"IAM:policyarn": [` + audit + `]}`), false},
		{"one of two", "", one(`"ArnEquals": {"iam:PolicyARN": [` + audit + `, ` + admin + `]}`), true},
		{"administrator", "", one(`"ArnEquals": {"iam:PolicyARN": ` + admin + `}`), true},
		{"of the account", "", one(`"ArnEquals": {"iam:PolicyARN": ` + own + `}`), true},
		{"not known", "", one(`"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/NotYetThere"}`), true},
		{"a pattern", "", one(`"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/Security*"}`), true},
		{"all but one", "", one(`"ArnNotEquals": {"iam:PolicyARN": ` + audit + `}`), true},
		{"where it is given", "", one(`"ArnEqualsIfExists": {"iam:PolicyARN": ` + audit + `}`), true},
		{"another key", "", one(`"ArnEquals": {"iam:PermissionsBoundary": ` + audit + `}`), true},
		{"hands out roles", "", one(`"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"}`), true},
		{"joins groups", "", one(`"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AWSManagedAccountUserEntitlementAccess"}`), true},
		{"runs commands", "", one(`"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSSMFullAccess"}`), true},
		{"reads secrets", "", one(`"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/SecretsManagerReadWrite"}`), true},
		{"only harmless before", one(`"ArnEquals": {"iam:PolicyARN": ` + audit + `}`), one(`"ArnEquals": {"iam:PolicyARN": ` + admin + `}`), true},
		{"and another statement", "", one(`"ArnEquals": {"iam:PolicyARN": `+audit+`}`) + `, {"Effect": "Allow", "Action": "iam:Attach*", "Resource": "*"}`, true},
	} {
		got := false
		for _, f := range Run(identityGrant(t, c.before, c.after), Options{}) {
			got = got || f.Rule == privilegeEscalation.ID
		}
		if got != c.want {
			t.Errorf("%s: told is %v, want %v", c.name, got, c.want)
		}
	}
}

// TestAttachWording: not any policy, where a condition says which.
func TestAttachWording(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*", "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/PowerUserAccess"}}}`)
	for _, f := range Run(g, Options{}) {
		if f.Rule == privilegeEscalation.ID && f.Message != "role ci can now get more permissions: it can attach policies that iam:PolicyARN allows to a role." {
			t.Error(f.Message)
		}
	}
}

// TestHandsOverByItsStatement: of several statements that let roles be handed over, a way
// names the one that is about its service.
func TestHandsOverByItsStatement(t *testing.T) {
	t.Parallel()
	g := identityGrant(t, "", `{"Effect": "Allow", "Action": ["glue:CreateDevEndpoint", "ec2:RunInstances"], "Resource": "*"},
		{"Sid": "ToGlue", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}},
		{"Sid": "ToInstances", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`)
	for _, f := range Run(g, Options{}) {
		if f.Rule != privilegeEscalation.ID {
			continue
		}
		details := strings.Join(f.Details, "\n")
		for _, want := range []string{`(passrole-ec2): iam:PassRole by statement "ToInstances"`, `(passrole-glue-endpoint): iam:PassRole by statement "ToGlue"`} {
			if !strings.Contains(details, want) {
				t.Errorf("%s is not in\n%s", want, details)
			}
		}
		if !strings.HasSuffix(f.Message, "and 1 more known way is open.") {
			t.Error(f.Message)
		}
	}
}
