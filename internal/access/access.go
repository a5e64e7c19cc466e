// Package access decides questions about all requests at once: whether documents
// allow anything that others do not.
//
// It is a symbolic engine over the model of internal/policy. Every Fail carries a
// witness, a concrete request which the evaluator of internal/policy, sharing no
// decision code with this package, has confirmed.
package access

import "github.com/grantdiff/grantdiff/internal/policy"

// Verdict is the answer to a question.
type Verdict int

// The verdicts. The zero value is invalid; Undetermined is never a pass.
const (
	_ Verdict = iota
	Pass
	Fail
	Undetermined
)

// String returns the verdict as the service spells it.
func (v Verdict) String() string {
	switch v {
	case Pass:
		return "PASS"
	case Fail:
		return "FAIL"
	case Undetermined:
		return "UNDETERMINED"
	}
	return "INVALID"
}

// Options bound and shape a decision. The zero value is ready for use.
type Options struct {
	// Work bounds the steps of one question; 0 means DefaultWork. When it is spent
	// the verdict is Undetermined.
	Work int
	// Resource is the ARN of the resource the documents are attached to, for
	// witnesses of statements that do not name one; "" for none. It changes no
	// verdict.
	Resource string
	// Explain asks for every statement that brings access, each described. Without
	// it Gains holds the first such statement only, with its witness.
	Explain bool
	// Symbols are texts that stand for values which are not known, of which Ambiguous says
	// that a pattern could match their letters: Gained and LostDenial decide for both, as
	// they are written and with letters that no pattern has.
	Symbols []string
	// StrictOpenWorld leaves out what is known of AWS (see Facts): any request is
	// taken to be possible.
	StrictOpenWorld bool

	// searchAll leaves no statement to the comparison of texts, for tests of the search.
	searchAll bool
}

// Result answers one question.
type Result struct {
	Verdict Verdict
	// Reason says in one sentence why the verdict is Undetermined. With Fail it says why
	// statements besides those of Gains may bring access too, without Options.Explain
	// those before the first; "" when none does.
	Reason string
	// Gains holds, for Fail, the Allow statements of the new documents that bring
	// access, in document and statement order: the first, or with Options.Explain
	// each, as far as the work bound reached. There is at least one.
	Gains []Gain
	// Unknown are the principals that Reason names, of NoPublicAccess, and UnknownType
	// the type that all of them have; PrincipalNone where they differ.
	Unknown     []string
	UnknownType policy.PrincipalType
	// Steps is the work done, counted as Options.Work is.
	Steps int
}

// Gain is one statement that brings access.
type Gain struct {
	Document  int // index into the new documents
	Statement int // index of the statement in its document
	Sid       string
	Witness   policy.Request // newly allowed; confirmed by the evaluator

	// What follows is there with Options.Explain only.

	// Terms say what the statement brings: the union of their sets. With Exact that
	// is all it brings and nothing else; otherwise they are an outline, which holds
	// the witness.
	Terms []Term
	Exact bool
	// Known counts the known actions that the terms are about.
	Known Known

	// Actions, Resources and Principals are the patterns of the statement under
	// which something is newly allowed, in the order written; a Not element is one
	// entry, "all but ...".
	Actions, Resources, Principals []string
	// Conditions lists conditions that limited the access before and do not now,
	// each as a phrase.
	Conditions []string
	// Removed names the Deny statements of the existing documents that the witness
	// was denied by and is not any more.
	Removed []policy.Decider
}

// DefaultWork is the work budget of one question.
const DefaultWork = 30_000_000

// Access lists actions and resources as the service's AccessNotGranted input does:
// either list may be empty, which stands for all.
type Access struct {
	Actions, Resources []string
}
