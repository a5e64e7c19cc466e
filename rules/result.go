package rules

import (
	"encoding/json"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Schema names the shape of Result's JSON form. It changes when a field changes
// meaning; new fields do not change it.
const Schema = "grantdiff.result/v1"

// Result is everything a scan found, and the only input of a report. Its JSON
// form is documented in docs/interface.md.
type Result struct {
	Schema      string       `json:"schema"`
	Tool        Tool         `json:"tool"`
	Inputs      []Input      `json:"inputs"`
	Findings    []Finding    `json:"findings"`
	Documents   []Document   `json:"documents,omitempty"`
	Unresolved  []Unresolved `json:"unresolved"`
	Diagnostics []Diagnostic `json:"diagnostics"`
	Summary     Summary      `json:"summary"`
}

// Tool names the program that made a result.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Input is one file that was read.
type Input struct {
	Path     string `json:"path"`
	Kind     string `json:"kind"`
	Policies int    `json:"policies"`
	Subjects int    `json:"subjects"`
}

// Finding is one statement about access. Text from plans and templates in it is
// not trusted: every report escapes it for its own sink.
type Finding struct {
	Rule string `json:"rule"`
	// Code tells the findings of invalid-policy apart: that of IAM Access Analyzer where
	// it has one. Other rules have none.
	Code        string     `json:"code,omitempty"`
	Level       Level      `json:"level"`
	Pinned      bool       `json:"pinned,omitempty"`  // the configuration sets the level of this rule
	Severity    float64    `json:"security_severity"` // 0.1 to 10.0, as code scanning grades it
	Fingerprint string     `json:"fingerprint"`
	Input       string     `json:"input,omitempty"` // path of the input, where there are several
	Address     string     `json:"address"`
	Attribute   string     `json:"attribute"`
	Action      string     `json:"action"` // create, update, delete, replace, ...
	Subject     Subject    `json:"subject"`
	Location    Location   `json:"location"`
	Callers     []Location `json:"callers,omitempty"`
	Sources     []Source   `json:"sources,omitempty"`
	// Same are further documents, of the sources, that bring the very same access: what is
	// about one of them alone does not accept the finding.
	Same []Source `json:"same,omitempty"`
	// Each are the findings about the first document and about those of Same, of which
	// this one is made: what accepts it is about every one of them.
	Each []Finding `json:"-"`
	// Contained are further statements that give the subject nothing but what the finding
	// is about or a part of it, and are no findings of their own. What accepts the finding
	// need not be about them, and what is about them accepts nothing.
	Contained []Contained `json:"contained,omitempty"`
	Statement *Statement  `json:"statement,omitempty"`
	Message   string      `json:"message"`
	Details   []string    `json:"details,omitempty"` // further sentences, one each
	Gained    *Gained     `json:"gained,omitempty"`
	// Parts are what a finding is made of that is about several statements of one policy,
	// or about one that gives something else under other choices, worst first: Statement
	// and Witness are those of the first, and Gained has the lists of all.
	// Empty where there is one statement.
	Parts    []Part          `json:"parts,omitempty"`
	Witness  *policy.Request `json:"witness,omitempty"`
	Unknowns []string        `json:"unknowns,omitempty"`
	// Undecided marks a finding that says access is not known, not that it is gained.
	Undecided bool      `json:"undecided,omitempty"`
	External  *External `json:"external,omitempty"`
	// Sensitive tells that the policy holds values that must not be shown, so that a
	// report shows nothing of its source.
	Sensitive bool      `json:"sensitive,omitempty"`
	Archived  *Archived `json:"archived"`
	// ToldBy are the fingerprints of findings of the same input that together say all that
	// this one does, worst first: what everyone newly may do, beside that anyone gets in.
	ToldBy []string `json:"told_by,omitempty"`
	// With are findings that a report for people shows in the place of this one, which is
	// all that they say.
	With []*Finding `json:"-"`

	Opens []Opening `json:"-"` // of public-access: by what everyone gets in
	Cases string    `json:"-"` // under which choices about what is not known it holds
}

// External is a finding about access from outside of the zone of trust, in the fields
// of IAM Access Analyzer (API Reference, "FindingSummary").
type External struct {
	Resource             string            `json:"resource,omitempty"`
	ResourceType         string            `json:"resourceType"`
	ResourceOwnerAccount string            `json:"resourceOwnerAccount,omitempty"`
	Principal            map[string]string `json:"principal"`
	Action               []string          `json:"action"`
	Condition            map[string]string `json:"condition"`
	IsPublic             bool              `json:"isPublic"`
	Sources              []string          `json:"sources"` // POLICY, BUCKET_ACL, S3_ACCESS_POINT, ...
}

// Subject is whose access a finding is about.
type Subject struct {
	Kind    string `json:"kind"`
	Address string `json:"address,omitempty"`
	Name    string `json:"name,omitempty"`
}

// Location is a place in a file; lines and columns are 1-based, the end column is
// one past the last character, columns count code points. A zero start line names
// the file as a whole.
type Location struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line,omitempty"`
	StartColumn int    `json:"start_column,omitempty"`
	EndLine     int    `json:"end_line,omitempty"`
	EndColumn   int    `json:"end_column,omitempty"`
}

// Source is another resource that takes part in bringing the access.
type Source struct {
	Address   string `json:"address"`
	Attribute string `json:"attribute"`
}

// Document is the policy that findings of the same input, address and attribute are
// about, before and after the change. Not every finding has one: the total is bounded.
type Document struct {
	Input     string `json:"input,omitempty"` // path of the input, where there are several
	Address   string `json:"address"`
	Attribute string `json:"attribute"`
	// Drift marks the document of findings of the rule drift: before is what the last
	// apply left, after what was found.
	Drift  bool         `json:"drift,omitempty"`
	Before DocumentSide `json:"before"`
	After  DocumentSide `json:"after"`
}

// DocumentSide is a policy in the form that extract prints, or why it is not here.
type DocumentSide struct {
	Policy  json.RawMessage `json:"policy,omitempty"`
	Omitted Omission        `json:"omitted,omitempty"`
}

// Omission is why a side of a document is not shown.
type Omission string

// The reasons.
const (
	OmittedAbsent     Omission = "absent"     // there is none
	OmittedUnknown    Omission = "unknown"    // known only after the change is applied
	OmittedUnreadable Omission = "unreadable" // the text is no policy
	OmittedSensitive  Omission = "sensitive"  // marked as sensitive
	OmittedLong       Omission = "long"       // longer than results show
)

// Statement names a statement of the document that brings the access.
type Statement struct {
	Index int    `json:"index"`
	Sid   string `json:"sid,omitempty"`
}

// Gained describes what is newly allowed, in the terms of the statement that
// allows it. Conditions holds sentences such as "no longer limited to aws:SourceIp ..." and,
// where the statement asks for other values of the key, "before only if aws:SourceArn ...".
type Gained struct {
	Actions    []string `json:"actions"`
	Resources  []string `json:"resources"`
	Principals []string `json:"principals"`
	Conditions []string `json:"conditions"`
	// Description says what is newly allowed, in words. Exact tells that this is all
	// of it and nothing else; otherwise it is an outline.
	Description string        `json:"description,omitempty"`
	Exact       bool          `json:"exact,omitempty"`
	Known       *KnownActions `json:"known_actions,omitempty"`
	// Thing is what the resource "*" stands for where that is the subject, and not every
	// resource.
	Thing string `json:"-"`
	// Keys are exactly what is gained, as fingerprints cover it.
	Keys []string `json:"-"`
}

// Part is what one statement of several gives.
type Part struct {
	Level     Level           `json:"level"`
	Severity  float64         `json:"security_severity"`
	Statement Statement       `json:"statement"`
	Gained    Gained          `json:"gained"`
	Witness   *policy.Request `json:"witness,omitempty"`
}

// KnownActions counts the known actions that a description is about, by access level
// as the Service Authorization Reference gives it.
type KnownActions struct {
	Total                 int `json:"total"`
	List                  int `json:"list"`
	Read                  int `json:"read"`
	Tagging               int `json:"tagging"`
	Write                 int `json:"write"`
	PermissionsManagement int `json:"permissions_management"`
}

// Archived says why a finding is accepted.
type Archived struct {
	Name    string `json:"name,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Expires string `json:"expires,omitempty"` // date, YYYY-MM-DD
}

// Unresolved is a policy whose text is not known, and why.
type Unresolved struct {
	Address    string   `json:"address"`
	Attribute  string   `json:"attribute"`
	Reason     string   `json:"reason"`
	References []string `json:"references"`
}

// Diagnostic is a remark about the input.
type Diagnostic struct {
	Severity string   `json:"severity"` // warning or error
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail,omitempty"`
	Location Location `json:"location"`
}

// Summary counts what was compared and what was found. Policies is what was
// found in the inputs, Compared how many of them could be decided.
type Summary struct {
	Policies   int `json:"policies"`
	Subjects   int `json:"subjects"`
	Compared   int `json:"compared"`
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Notes      int `json:"notes"`
	Unresolved int `json:"unresolved"`
	Archived   int `json:"archived"`
	// Undecided counts the findings that are not archived and say that access is not
	// known, and the reasons why an input does not show the whole change.
	Undecided int `json:"undecided"`
}
