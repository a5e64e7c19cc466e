package policy

// Decision is the outcome of one request.
type Decision string

// The decisions, spelled as in the answer of simulate.
const (
	DecisionAllow        Decision = "Allow"
	DecisionExplicitDeny Decision = "ExplicitDeny"
	DecisionImplicitDeny Decision = "ImplicitDeny"
)

// Decider is a statement that decided a request. Its JSON form is an element of
// the answer of simulate.
type Decider struct {
	Policy int    `json:"policy"` // index of the document
	Index  int    `json:"index"`  // index of the statement in it
	Sid    string `json:"sid,omitempty"`
	Effect Effect `json:"effect"`
}
