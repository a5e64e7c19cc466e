// Package analyzer answers as the custom policy checks of IAM Access Analyzer do: as
// functions, and over HTTP with the operations, shapes and errors of its API (IAM
// Access Analyzer API Reference).
//
// It words results and nothing else: internal/access decides.
package analyzer

import (
	"fmt"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Answer is the response of a check in the service's shape, with a witness added.
// Result is PASS, FAIL or, which the service does not have, UNDETERMINED with the
// reason in Message.
type Answer struct {
	Result  string          `json:"result"`
	Message string          `json:"message"`
	Reasons []Reason        `json:"reasons,omitempty"` // of a FAIL
	Witness *policy.Request `json:"witness,omitempty"` // of a FAIL
}

// Reason names the statement that a FAIL comes from. The service reports one
// statement at a time (IAM User Guide, "Validate policies with IAM Access Analyzer
// custom policy checks").
type Reason struct {
	Description string `json:"description"`
	Index       int    `json:"statementIndex"` // from 0
	ID          string `json:"statementId,omitempty"`
}

// wording is how a check tells its results.
type wording struct {
	pass, fail string // messages
	reason     string // in front of the statement
	open       string // what could not be decided
}

// answer tells r.
func (w wording) answer(r access.Result) Answer {
	a := Answer{Result: r.Verdict.String()}
	switch r.Verdict {
	case access.Pass:
		a.Message = w.pass
	case access.Fail:
		a.Message = w.fail
		g := r.Gains[0]
		a.Reasons = []Reason{{Description: w.reason + " " + statement(g) + ".", Index: g.Statement, ID: g.Sid}}
		a.Witness = &g.Witness
	default:
		a.Message = "It could not be decided whether " + w.open + ": " + r.Reason + "."
	}
	return a
}

// statement names a statement by its Sid, or by its index where it has none or an
// empty one.
func statement(g access.Gain) string {
	if g.Sid != "" {
		return "with sid: " + g.Sid
	}
	return fmt.Sprintf("with index: %d", g.Statement)
}
