// Package extractors holds what every extractor yields: grants, each one
// policy-bearing attribute before and after a change, with its place in the
// source and what is not known about it.
package extractors

import (
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Kind says how a grant takes part in access decisions.
type Kind string

// The kinds of grants.
const (
	Identity Kind = "identity" // gives its principal access
	Resource Kind = "resource" // gives principals access to the resource
	Trust    Kind = "trust"    // says who may assume a role
	Endpoint Kind = "endpoint" // limits what passes a VPC endpoint; absent means everything
	SCP      Kind = "scp"      // limits what identities of an account may do
	Session  Kind = "session"  // limits what sessions get of the role that they act as
	RCP      Kind = "rcp"      // limits what may be done to resources of an account
	ACL      Kind = "acl"      // an access control list of a bucket, written as the statements it amounts to
)

// PolicyKind is the grammar of the documents of a grant of this kind.
func (k Kind) PolicyKind() policy.Kind {
	switch k {
	case Identity, SCP, Session:
		return policy.Identity
	default:
		return policy.Resource
	}
}

// Restricts reports whether documents of this kind only limit access that other
// documents give: they never grant by themselves.
func (k Kind) Restricts() bool { return k == Endpoint || k == SCP || k == RCP || k == Session }

// Action is what the change does with the object that carries the grant.
type Action string

// The actions. Replace is delete and create in either order; Forget leaves the
// object in place, unmanaged, so its access persists.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Delete  Action = "delete"
	Replace Action = "replace"
	Forget  Action = "forget"
	Read    Action = "read"
)

// Subject is whose access a grant decides: a principal, a resource or a
// guardrail's target.
type Subject struct {
	Kind    string // role, user, group, policy, bucket, key, queue, ... ; see the data table
	Address string // address in the plan or template, where one is known
	Name    string // name or ARN, where one is known
	// Scope tells subjects of the same name apart: the account and region, or else the
	// provider configuration, that it is in. Subjects without an address are the same
	// only where their scopes are.
	Scope string
	// Gone is true when the change deletes the subject itself, so that what
	// guarded it guards nothing any more.
	Gone bool
	// New is true when the change creates the subject itself, so that nothing could
	// reach it, or be done by it, before.
	New bool
}

// Grant is one policy-bearing attribute of one object, before and after.
type Grant struct {
	Address         string // resource address or logical ID, unique within an input together with Attribute
	PreviousAddress string // address before a move, or ""
	Type            string // aws_iam_policy, AWS::IAM::Policy, ...; "" for a policy file
	ResourceType    string // CloudFormation type name of the resource the policy is attached to, such as AWS::S3::Bucket; "" where none applies
	Attribute       string // path of the attribute, such as policy or inline_policy["name"].policy
	Kind            Kind
	Action          Action
	Subject         Subject
	Account         string // 12-digit id of the account that the object lives in, or "" where the input does not tell
	ARN             string // of the resource or principal that the policy is attached to, or "" where the input does not tell
	// FormerARN is the ARN before the change of what the policy is attached to, where the
	// change puts another one in its place under a new name; "" where it does not.
	FormerARN string
	// Remains says by which setting what the policy was attached to is kept though it
	// leaves the input, such as "DeletionPolicy: Retain"; "" where nothing says so.
	Remains       string
	Before, After Side
	// Written is where it was written; nil where nothing is known of that. What was written
	// in one place may share it: it is replaced, and not changed. See Origin.
	Written *Origin
	// Does completes "It ..." where the document is made from attributes that are no
	// policy: what the resource does, such as "shares a snapshot"; "" otherwise.
	Does string
	// Under says under which choices about what is not known the grant is as it is.
	Under *Cases
	// OwnAccount is the number that stands for the account of the object where Account is
	// "" and documents name it; "" where there is none.
	OwnAccount string
	// Attachments is how many principals the service says have the managed policy
	// before the change; nil where that is not known, or the grant is no managed policy.
	Attachments *int
}

// Origin is where the grant was written.
func (g *Grant) Origin() Origin { return g.Written.get() }

// Side is one side of a grant. Exactly one of these holds: the attribute is
// absent (Absent), its text is not known (Unknown), its text could not be read
// (Diagnostics with errors), or Document is set.
type Side struct {
	Absent bool
	// Sensitive marks values that must not be printed.
	Sensitive   bool
	Unknown     *Unknown
	Document    *policy.Document
	Diagnostics diag.Diagnostics
	// Symbols are the texts in Document that stand for values which are not known
	// before the change is applied. Each equals itself and nothing else.
	Symbols []Symbol
}

// Symbol is a text that stands for an unknown value, and the reference that it comes
// from, such as aws_s3_bucket.logs.arn. Note is a sentence on why it is not known, or on
// how to tell it; "" for none. Elsewhere tells that what it comes from may be in another
// account than what the document is about, though the same input makes both. Wild tells
// that the value may begin with a wildcard, as far as the input says.
type Symbol struct {
	Text, Reference, Note string
	Elsewhere, Wild       bool
}

// OnlyHoldsBack reports whether g gives nothing that was not there before, whatever its
// text says: the policy of a VPC endpoint that is new, since without one everything passes
// (Amazon VPC User Guide, "Control access to VPC endpoints using endpoint policies").
func (g *Grant) OnlyHoldsBack() bool { return g.Kind == Endpoint && g.Subject.New }

// Readable reports whether the side's access is known: a document, or none.
func (s Side) Readable() bool {
	return s.Absent || (s.Document != nil && !s.Diagnostics.HasErrors())
}

// Unknown says why a text is not known before the change is applied.
type Unknown struct {
	Reason     string   // one sentence
	References []string // addresses whose values it depends on, in source order
	// DeniesNothing: whatever the text is, it has no Deny.
	DeniesNothing bool
	// Faulty: of the target of a link, the input has a value, and it can be none.
	Faulty bool
}

// Origin is where a grant was written. Range is the block in the configuration
// where that is known, else the input file without lines. Callers is the chain of
// module calls that leads there, innermost first.
type Origin struct {
	Range   source.Range
	Callers []source.Range
	// Statements are the places of the statements of the document after the change, by
	// index, as far as they are known; a zero Range means not known.
	Statements []Place
	// Entries are the places of what a list links to, by its name or ARN, where a link has
	// several targets.
	Entries []Entry
	// Ignores are the comments that accept findings here.
	Ignores []Ignore
	// Construct is what the AWS CDK calls the resource, such as Stack/Role/Resource; ""
	// where the input does not tell.
	Construct string
}

// get is the origin itself; the zero Origin for nil.
func (o *Origin) get() Origin {
	if o == nil {
		return Origin{}
	}
	return *o
}

// Place is where a statement was written.
type Place struct {
	Range   source.Range
	Callers []source.Range
	// Actions are the places of the entries of Action or NotAction, by their text.
	Actions []Entry
}

// Entry is the place of one entry of a list.
type Entry struct {
	Text  string
	Range source.Range
	// Ignores are the comments that are about the entry, and not about all of the list.
	Ignores []Ignore
}

// Ignore is a comment "grantdiff:ignore RULE reason" in the configuration, or the same said
// in another way there.
type Ignore struct {
	Rule   string
	Reason string
	// Statement is the index of the statement that it is about, or -1 for all of the grant.
	Statement int
	Range     source.Range // of the comment
}

// Variant is what an input amounts to in part under other choices about what is not
// known, such as the value of a parameter: what bears on each other is there together.
type Variant struct {
	Grants []Grant
	Links  []Link
	Blocks []Block
}

// Extraction is all that was read from one input. Diagnostics with errors mean
// that something could not be read; what could be is in Grants all the same.
type Extraction struct {
	Kind   string // terraform-plan, terraform-state, policy
	Grants []Grant
	Links  []Link
	Blocks []Block
	// Variants are parts of the input under other choices than those of Grants, Links and
	// Blocks, as far as they differ. What is new access under any of them is new.
	Variants []Variant
	// Drift are grants as they were left by the last apply (Before) and as they were
	// found (After): changes made outside of the tool. They are no part of Grants.
	Drift       []Grant
	Diagnostics diag.Diagnostics
	// Incomplete says why the input does not show the whole change (an errored
	// plan, deferred changes, a truncated file); empty when it does.
	Incomplete []string
	// Secrets are values that the input marks as sensitive, each of four characters
	// or more, sorted. No report may show them.
	Secrets []string
}
