package rules

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// TestSecretBeside: what a sensitive policy of the subject denies or limits is in nothing
// that is told of another one, nor does a fingerprint depend on it. What plain ones do is
// covered all the same.
func TestSecretBeside(t *testing.T) {
	t.Parallel()
	const allow = `{"Effect": "Allow", "Action": ["s3:*", "iam:PutRolePolicy"], "Resource": "*"}`
	check := func(secret, plain string, limited bool) []Found {
		own, other := identityGrant(t, "", allow+plain), identityGrant(t, secret, secret)
		other.Address, other.Before.Sensitive, other.After.Sensitive = "aws_iam_role_policy.secret", true, true
		own.Type, other.Type = "aws_iam_role_policy", "aws_iam_role_policy"
		sum := Own(own)
		term := &sum.Terms[0]
		if limited {
			term.Limits = []Limit{{Before: []*policy.Document{other.Before.Document}, After: []*policy.Document{other.After.Document}, Sensitive: true}}
		} else {
			term.Holdings = append(term.Holdings, Holding{Grant: other, Before: other.Before.Document, After: other.Before.Document})
		}
		return Check(Pass{Sum: sum}, Options{})
	}
	for name, c := range map[string]struct {
		secret, another string
		limited         bool
	}{
		"a Deny of all but some": {`{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::LATENT/*"}`, `{"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::OTHER/*"}`, false},
		"a condition":            {`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/t": "LATENT"}}}`, `{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/t": "OTHER"}}}`, false},
		"a boundary":             {`{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::LATENT/*"}`, `{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::OTHER/*"}`, true},
		"a way":                  {`{"Sid": "LATENT", "Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/t": "LATENT"}}}`, `{"Sid": "OTHER", "Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/t": "OTHER"}}}`, false},
	} {
		found := check(c.secret, "", c.limited)
		if len(found) == 0 {
			t.Errorf("%s: nothing found", name)
		}
		for i, f := range found {
			text, err := json.Marshal(f.Finding)
			if err != nil || strings.Contains(string(text), "LATENT") {
				t.Errorf("%s: %s %v", name, text, err)
			}
			if again := check(c.another, "", c.limited); len(again) != len(found) || again[i].Fingerprint != f.Fingerprint {
				t.Errorf("%s: the fingerprint of %s depends on it", name, f.Rule)
			}
			if less := check(c.secret, `, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}`, c.limited); f.Rule == newAccess.ID && less[0].Fingerprint == f.Fingerprint {
				t.Errorf("%s: a plain Deny is not covered", name)
			}
		}
	}
}
