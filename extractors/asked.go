package extractors

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// NoLongerAsked is said of a method without authorization in front of whose API a policy
// stands that has no need to know who calls: before, callers had to say it.
const NoLongerAsked = "It no longer asks who calls, and the resource policy of its API lets in callers of whom that is not known, so whether it lets in more than before could not be decided."

// LetsAnyoneIn reports whether a policy has statements for callers of whom it is not known
// who they are.
func LetsAnyoneIn(s Side) bool {
	return s.Document != nil && slices.ContainsFunc(s.Document.Statements, func(st policy.Statement) bool {
		return st.Effect == policy.Allow && (st.Principal != nil && (st.Principal.Not || slices.ContainsFunc(st.Principal.List, func(e policy.PrincipalEntry) bool { return e.Text == "*" || e.Unknown() })))
	})
}
