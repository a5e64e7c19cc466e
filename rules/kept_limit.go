package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// withoutKept are the conditions of a gain less those that no statement has lost: what
// everyone gets on a condition still asks for it, and the gain is another principal's, by
// name and by a statement of its own.
func withoutKept(c *comparison, gain *access.Gain, s *policy.Statement) []string {
	return slices.DeleteFunc(slices.Clone(gain.Conditions), func(said string) bool {
		if s.Principal == nil || s.Principal.Not || hasStar(s.Principal.List) {
			return false
		}
		limits := func(docs []*policy.Document) (n int, everyone bool) {
			everyone = true
			for _, d := range docs {
				for i := range d.Statements {
					one := &d.Statements[i]
					if one.Effect == policy.Allow && slices.ContainsFunc(one.Conditions, func(c policy.Condition) bool { return noLongerLimited+access.ConditionText(c) == said }) {
						n++
						everyone = everyone && one.Principal != nil && !one.Principal.Not && hasStar(one.Principal.List)
					}
				}
			}
			return n, everyone
		}
		before, wide := limits(c.before.docs)
		after, _ := limits(c.after.docs)
		return wide && after >= before
	})
}
