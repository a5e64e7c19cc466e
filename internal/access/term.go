package access

import "github.com/grantdiff/grantdiff/internal/policy"

// Term is a set of requests: those that match all of In and none of Except.
type Term struct {
	In, Except []Piece
}

// Piece matches requests as a statement does. It has elements of one statement of
// the question, or of a listed access, perhaps with shorter lists, or the contrary of
// a Not element; an element that is nil matches everything.
type Piece struct {
	Role      Role
	Document  int // index into the documents of its role's side
	Statement int
	Sid       string

	Principal  *policy.Principals
	Action     *policy.Values
	Resource   *policy.Values
	Conditions []policy.Condition

	kind    policy.Kind
	version string
}

// Role tells what a Piece is taken from.
type Role int

// The roles. The zero value is invalid.
const (
	_             Role = iota
	Asked              // the statement that brings the access
	ExistingAllow      // an Allow statement of the existing documents
	ExistingDeny       // a Deny statement of the existing documents
	NewDeny            // a Deny statement of the new documents
	NewAllow           // an Allow statement of a new guardrail
	Listed             // an access of the list that AccessNotGranted got
)

// Policy writes the piece as a document of one Allow statement, which allows what
// the piece matches.
func (p Piece) Policy() *policy.Document {
	s := policy.Statement{
		Effect: policy.Allow, Principal: p.Principal, Resource: p.Resource, Conditions: p.Conditions,
		Action: policy.Values{List: []policy.Value{{Text: "*"}}},
	}
	if p.Action != nil {
		s.Action = *p.Action
	}
	return &policy.Document{Kind: p.kind, Version: p.version, Statements: []policy.Statement{s}}
}

// Holds reports whether the request is in the set, by the evaluator.
func (t Term) Holds(q policy.Request, r policy.Reading) bool {
	for _, p := range t.In {
		if !p.matches(q, r) {
			return false
		}
	}
	for _, p := range t.Except {
		if p.matches(q, r) {
			return false
		}
	}
	return true
}

func (p Piece) matches(q policy.Request, r policy.Reading) bool {
	d, _ := policy.Evaluate([]*policy.Document{p.Policy()}, q, r)
	return d == policy.DecisionAllow
}

// empty reports whether the piece matches everything.
func (p Piece) empty() bool {
	return p.Principal == nil && p.Action == nil && p.Resource == nil && len(p.Conditions) == 0
}

// conditional reports whether the piece has conditions and nothing else.
func (p Piece) conditional() bool {
	return p.Principal == nil && p.Action == nil && p.Resource == nil && len(p.Conditions) > 0
}

// actional reports whether the piece has actions and nothing else.
func (p Piece) actional() bool {
	return p.Principal == nil && p.Action != nil && p.Resource == nil && len(p.Conditions) == 0
}
