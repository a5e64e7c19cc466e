package rules

import (
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestInsteadOfAnother: what a principal had that goes is said of what one has that comes,
// as far as it really had it; the level stays.
func TestInsteadOfAnother(t *testing.T) {
	t.Parallel()
	const keys = `{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "*"}`
	bounded := identityGrant(t, keys, "").Before.Document
	bounded.Statements[0].Action.List[0].Text = "s3:*"
	for name, c := range map[string]struct {
		before string
		limit  *policy.Document
		want   bool
	}{
		"the same":            {keys, nil, true},
		"more":                {`{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}`, nil, true},
		"less":                {`{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/x"}`, nil, false},
		"within a boundary":   {keys, bounded, false},
		"but for what denies": {keys + `, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`, nil, false},
	} {
		old, sum := Own(identityGrant(t, c.before, "")), Own(identityGrant(t, "", keys))
		if c.limit != nil {
			old.Terms[0].Limits = []Limit{{Before: []*policy.Document{c.limit}}}
		}
		sum.Formers = []Former{{Name: "role old", Sum: old}}
		for _, f := range Join(Merge(Check(Pass{Sum: sum}, Options{}))) {
			if f.Rule != "new-access" {
				continue
			}
			if got := strings.HasSuffix(f.Message, ", as role old had, which goes."); got != c.want || f.Level != Error {
				t.Errorf("%s: %s %s", name, f.Level, f.Message)
			}
		}
	}
}
