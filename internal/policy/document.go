// Package policy is the IAM JSON policy language: the document model with source
// positions, a strict parser, and a concrete evaluator that answers one request.
//
// The symbolic engine in internal/access reads the same model but decides on its
// own; the evaluator here confirms every witness it finds, so the two must never
// share the code that matches a statement.
package policy

import "strings"

// Kind tells which grammar a document follows (IAM User Guide, "Policies and
// permissions in IAM").
type Kind int

// The kinds. The zero value is invalid.
const (
	_ Kind = iota
	// Identity documents have no Principal: managed and inline policies,
	// permissions boundaries, session policies and service control policies.
	Identity
	// Resource documents have a Principal or NotPrincipal in each statement:
	// bucket, key and queue policies, trust policies, resource control policies.
	Resource
)

// String returns the name used on the command line.
func (k Kind) String() string {
	switch k {
	case Identity:
		return "identity"
	case Resource:
		return "resource"
	}
	return "invalid"
}

// Version2012 is the version in which policy variables exist. A document without
// Version, or with 2008-10-17, takes "${...}" as plain text.
const Version2012 = "2012-10-17"

// Document is one policy. Its statements are in the order written; a bare
// statement object is statement 0.
type Document struct {
	Kind       Kind
	Version    string // "" when absent
	ID         string
	Statements []Statement
	Place
	// Size is the number of characters of the text without white space, by which IAM
	// counts (IAM User Guide, "IAM and AWS STS quotas"); 0 for a document that was not
	// parsed.
	Size int
}

// HasVariables reports whether "${...}" is a policy variable in d.
func (d *Document) HasVariables() bool { return d.Version == Version2012 }

// Effect is what a matching statement does. Its values are spelled as in JSON.
type Effect string

// The effects; nothing else parses.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Statement is one statement of a document.
type Statement struct {
	Index      int    // 0-based place in the document
	Sid        string // "" when absent or empty
	Effect     Effect
	Principal  *Principals // nil when the element is absent
	Action     Values
	Resource   *Values // nil when the element is absent: every resource
	Conditions []Condition
	Place
}

// Values is an element such as Action or NotResource: a list of patterns, and
// whether the element was the Not form.
type Values struct {
	Not  bool
	List []Value
	Place
}

// Value is one string of the document. Numbers and booleans in conditions are
// kept in their string form.
type Value struct {
	Text string
	Place
}

// Principals is a Principal or NotPrincipal element: the union of its entries.
// An empty list matches nobody.
type Principals struct {
	Not  bool
	List []PrincipalEntry
	Place
}

// PrincipalEntry is one value under one key of a Principal element. The string
// form "*" of the whole element has Type PrincipalAll.
type PrincipalEntry struct {
	Type PrincipalType
	Value
}

// PrincipalType is the key in a Principal element.
type PrincipalType int

// The principal types (IAM User Guide, "AWS JSON policy elements: Principal").
// The zero value means "none": an identity policy's request.
const (
	PrincipalNone      PrincipalType = iota
	PrincipalAll                     // "*": everyone; in a request: an anonymous caller
	PrincipalAWS                     // account, root, user, role, session, or "*"
	PrincipalFederated               // web identity provider name, OIDC or SAML provider ARN
	PrincipalService                 // service principal, such as ec2.amazonaws.com
	PrincipalCanonical               // S3 canonical user id
)

// String returns the key as written in a policy.
func (t PrincipalType) String() string {
	switch t {
	case PrincipalAll:
		return "*"
	case PrincipalAWS:
		return "AWS"
	case PrincipalFederated:
		return "Federated"
	case PrincipalService:
		return "Service"
	case PrincipalCanonical:
		return "CanonicalUser"
	case PrincipalNone:
	}
	return ""
}

// Condition is one key under one operator. All conditions of a statement must
// hold; the values of one condition are alternatives (none of them, for a
// negated operator).
type Condition struct {
	Operator Operator
	Key      string // as written; compare with KeyName
	Values   []Value
	Place
}

// KeyName is the condition key in the form used for comparison and in request
// contexts: lower case, since key names have no case (IAM User Guide, "IAM policy
// elements: Variables and tags").
func (c Condition) KeyName() string { return strings.ToLower(c.Key) }
