package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// limits are the conditions, as phrases, under which alone each of some ways is open: of
// every statement that allows one of the permissions that a way needs. shown leaves out
// those of sensitive policies.
func (a *abilities) limits(ways []escalation, shown bool) []string {
	var out []string
	for i, e := range ways {
		var own []string
		for _, action := range e.Needs {
			own = union(own, a.limitsOf(action, shown))
		}
		if i == 0 {
			out = own
			continue
		}
		out = slices.DeleteFunc(out, func(c string) bool { return !slices.Contains(own, c) })
	}
	return out
}

// limitsOf are the conditions of every statement that may allow an action on whatever
// resource. Which policies may be attached is said in other words (see does), and what
// is shown says nothing of the conditions of a sensitive policy.
func (a *abilities) limitsOf(action string, shown bool) []string {
	var out []string
	first := true
	for _, h := range a.p.gained().after.holdings {
		if h == nil { // a limit
			continue
		}
		for i := range h.After.Statements {
			s := &h.After.Statements[i]
			if s.Effect != policy.Allow || !namesAction(s, action) {
				continue
			}
			var own []string
			for _, c := range s.Conditions {
				if c.KeyName() != attachedKey && !(shown && (h.Grant.After.Sensitive || h.Grant.Before.Sensitive)) {
					own = append(own, access.ConditionText(c))
				}
			}
			if first {
				out, first = own, false
				continue
			}
			out = slices.DeleteFunc(out, func(c string) bool { return !slices.Contains(own, c) })
		}
	}
	return out
}

// namesAction reports whether the action of a statement takes in an action.
func namesAction(s *policy.Statement, action string) bool {
	named := slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return matches(strings.ToLower(v.Text), strings.ToLower(action)) })
	return named != s.Action.Not
}
