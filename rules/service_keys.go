package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// ofAccounts are condition keys that only requests of principals of an account or an
// organization have, and so none that a service makes by itself (IAM User Guide, "AWS global
// condition context keys", the availability of each). One that ends in a slash is for tags.
var ofAccounts = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/"}

// lackedByServices is the first condition of a statement for services alone on a key that
// no request of a service has and without which none meets the statement; nil where there
// is none.
func lackedByServices(s *policy.Statement) *policy.Condition {
	if s.Principal == nil || s.Principal.Not || len(s.Principal.List) == 0 ||
		slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return e.Type != policy.PrincipalService }) {
		return nil
	}
	for i := range s.Conditions {
		name := s.Conditions[i].KeyName()
		of := slices.ContainsFunc(ofAccounts, func(key string) bool {
			return name == key || strings.HasSuffix(key, "/") && strings.HasPrefix(name, key)
		})
		if of && keyPresent(s, name) {
			return &s.Conditions[i]
		}
	}
	return nil
}

// lackedKey says what comes of such a condition.
func lackedKey(key, does string) string {
	return "No request that a service makes by itself has " + key + ", so the statement " + does + ". " +
		"Use aws:SourceOrgID or aws:SourceAccount, which say on whose behalf the service asks."
}

const letsNoServiceIn = "lets no service in"

// serviceWithoutKey finds statements for services alone that ask for a key which only
// requests of principals of an account have.
func serviceWithoutKey(_ *lintText, s *policy.Statement) []trouble {
	c := lackedByServices(s)
	if c == nil {
		return nil
	}
	does := letsNoServiceIn
	if s.Effect == policy.Deny {
		does = "holds no service back"
	}
	return one(in(s, c.Range(), "%s", lackedKey(c.Key, does)).as(idle(s)))
}
