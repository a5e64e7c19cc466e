package main

import (
	"fmt"

	"github.com/grantdiff/grantdiff/internal/access"
)

// noNewAccessAnswer words a result as CheckNoNewAccess does (IAM Access Analyzer
// API Reference).
func noNewAccessAnswer(r access.Result) answer {
	a := answer{Result: r.Verdict.String()}
	switch r.Verdict {
	case access.Pass:
		a.Message = "The modified permissions do not grant new access compared to your existing policy."
	case access.Fail:
		a.Message = "The modified permissions grant new access compared to your existing policy."
		a.because("New access in the statement", r.Gains[0])
	default:
		a.Message = "It could not be decided whether the modified permissions grant new access: " + r.Reason + "."
	}
	return a
}

// notGrantedAnswer words a result as CheckAccessNotGranted does.
func notGrantedAnswer(r access.Result, listed access.Access) answer {
	a := answer{Result: r.Verdict.String()}
	actions, resources := len(listed.Actions) > 0, len(listed.Resources) > 0
	what, reason := "perform one or more of the listed actions", "actions"
	switch {
	case actions && resources:
		what, reason = "one or more listed resources to perform one or more listed actions", "actions and/or resources"
	case resources:
		what, reason = "one or more of the listed resources", "resources"
	}
	to := "access to " + what
	switch r.Verdict {
	case access.Pass:
		a.Message = "The policy document does not grant " + to + "."
	case access.Fail:
		a.Message = "The policy document grants " + to + "."
		a.because("One or more of the listed "+reason+" in the statement", r.Gains[0])
	default:
		a.Message = "It could not be decided whether the policy document grants " + to + ": " + r.Reason + "."
	}
	return a
}

// because adds the reason, which names one statement only, and the witness.
func (a *answer) because(text string, g access.Gain) {
	r := reason{Index: g.Statement, ID: g.Sid}
	if g.Sid != "" {
		r.Description = fmt.Sprintf("%s with sid: %s.", text, g.Sid)
	} else {
		r.Description = fmt.Sprintf("%s with index: %d.", text, g.Statement)
	}
	a.Reasons = []reason{r}
	a.Witness = &g.Witness
}
