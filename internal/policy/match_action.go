package policy

import (
	"slices"
	"strings"
)

// action matches Action or NotAction. Service prefix and name have no case, and
// wildcards may stand in both (IAM User Guide, "IAM JSON policy elements: Action").
// NotAction is every action that the list does not match.
func (e *evaluation) action(v Values) bool {
	listed := slices.ContainsFunc(v.List, func(v Value) bool {
		if !strings.ContainsAny(v.Text, "*?") {
			return strings.EqualFold(v.Text, e.request.Action) // the folding of sameLetter
		}
		p, _ := ParsePattern(v.Text, false, true) // without variables every text is one
		return e.matches(p, e.request.Action, sameLetter)
	})
	return listed != v.Not
}
