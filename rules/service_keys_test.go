package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
)

// TestServiceWithoutKey: what services gain on a condition that no request of one meets is
// a note that says so, and nothing else is.
func TestServiceWithoutKey(t *testing.T) {
	t.Parallel()
	const org = `"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`
	for name, c := range map[string]struct {
		who, condition string
		unmet          bool
	}{
		"organization of every service":  {`{"Service": "*"}`, org, true},
		"organization of some services":  {`{"Service": ["logs.acme.example", "unknown:Name"]}`, org, true},
		"path":                           {`{"Service": "logs.acme.example"}`, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`, true},
		"tag":                            {`{"Service": "logs.acme.example"}`, `"StringLike": {"aws:PrincipalTag/team": "*"}`, true},
		"key given":                      {`{"Service": "logs.acme.example"}`, `"Null": {"aws:PrincipalOrgID": "false"}, "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`, true},
		"beside an account":              {`{"Service": "logs.acme.example", "AWS": "111122223333"}`, org, false},
		"everyone":                       {`"*"`, org, false},
		"if it exists":                   {`{"Service": "logs.acme.example"}`, `"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`, false},
		"for all values":                 {`{"Service": "logs.acme.example"}`, `"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}`, false},
		"another organization":           {`{"Service": "logs.acme.example"}`, `"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`, false},
		"key not given":                  {`{"Service": "logs.acme.example"}`, `"Null": {"aws:PrincipalOrgID": "true"}`, false},
		"organization of whom it is for": {`{"Service": "logs.acme.example"}`, `"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := linted{kind: resource, subject: "queue", text: `{"Effect": "Allow", "Principal": ` + c.who + `, "Action": "sqs:DeleteQueue", "Resource": "*", "Condition": {` + c.condition + `}}`}.grant(t)
			g.Subject.New = false
			seen := false
			for _, f := range rules.Check(rules.Pass{Grant: g, Sum: rules.Own(g)}, rules.Options{}) {
				if f.Rule != "new-access" {
					continue
				}
				seen = true
				said := slices.ContainsFunc(f.Details, func(d string) bool { return strings.Contains(d, "lets no service in. Use aws:SourceOrgID") })
				if said != c.unmet || (f.Level == rules.Note) != c.unmet {
					t.Errorf("%s %q", f.Level, f.Details)
				}
			}
			if !seen {
				t.Error("no new access")
			}
		})
	}
}
