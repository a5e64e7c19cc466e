package rules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
)

// TestPassedToService: a way by which a role is handed to a service is open where one can be
// handed to that service, and not where only to others.
func TestPassedToService(t *testing.T) {
	t.Parallel()
	pass := func(operator, services string) string {
		if operator == "" {
			return `{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app"}`
		}
		return `{"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app", "Condition": {"` + operator + `": {"iam:PassedToService": ` + services + `}}}`
	}
	const (
		use   = `{"Effect": "Allow", "Action": ["cloudformation:CreateStack", "ec2:RunInstances", "apprunner:CreateService"], "Resource": "*"}`
		stack = "passrole-cloudformation"
		start = "passrole-ec2"
		run   = "passrole-apprunner"
	)
	for _, c := range []struct {
		name, before, after string
		want                []string
		statement           int
	}{
		{"to any service", "", use + "," + pass("", ""), []string{start, stack, run}, 1},
		{"to another service", "", use + "," + pass("StringEquals", `"firehose.amazonaws.com"`), nil, 0},
		{"to one of them", "", use + "," + pass("StringEquals", `["firehose.amazonaws.com", "cloudformation.amazonaws.com"]`), []string{stack}, 1},
		{"to one of them in China", "", use + "," + pass("StringEquals", `"ec2.amazonaws.com.cn"`), []string{start}, 1},
		{"to any but one", "", use + "," + pass("StringNotEquals", `"ec2.amazonaws.com"`), []string{start, stack, run}, 1},
		{"to none of a name", "", use + "," + pass("StringNotLike", `"ec2.*"`), []string{stack, run}, 1},
		{"by a pattern", "", use + "," + pass("StringLike", `"*.apprunner.amazonaws.com"`), []string{run}, 1},
		{"if the key is there", "", use + "," + pass("StringEqualsIfExists", `"firehose.amazonaws.com"`), nil, 0},
		{"to another one now", use + "," + pass("StringEquals", `"firehose.amazonaws.com"`), use + "," + pass("StringEquals", `"cloudformation.amazonaws.com"`), []string{stack}, 1},
		{"to one that is not known", "", use + "," + pass("StringEquals", `"(Service)"`), []string{start, stack, run}, 1},
		{"to one by a variable", "", use + "," + pass("StringEquals", `"${aws:PrincipalTag/service}"`), []string{start, stack, run}, 1},
		{"to fewer now", use + "," + pass("", ""), use + "," + pass("StringEquals", `"cloudformation.amazonaws.com"`), nil, 0},
	} {
		var got []string
		g := identityGrant(t, c.before, c.after)
		g.After.Symbols = []extractors.Symbol{{Text: "(Service)", Reference: "Service"}}
		for _, f := range Run(g, Options{}) {
			if f.Rule != privilegeEscalation.ID {
				continue
			}
			for _, d := range f.Details {
				if i := strings.Index(d, " (passrole-"); i >= 0 {
					id, _, _ := strings.Cut(d[i+2:], ")")
					got = append(got, id)
				}
			}
			if f.Statement == nil || f.Statement.Index != c.statement && c.before != "" {
				t.Errorf("%s: of statement %v", c.name, f.Statement)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
