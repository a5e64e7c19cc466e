package extractors

import (
	"bytes"
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// KindPolicy is the kind of the extraction from a policy file.
const KindPolicy = "policy"

// PolicyOptions say what a policy file is and what it replaces.
type PolicyOptions struct {
	// Path names the file in ranges and is the address of the grant.
	Path string
	// Prior is the text that the file replaces; nil when there was none.
	Prior []byte
	// PriorPath names the prior text in ranges; empty means Path.
	PriorPath string
	// Kind is the kind of policy; empty tells it from the text.
	Kind Kind
}

// ExtractPolicy reads a file that is one IAM policy document as JSON. Without a
// kind in the options, it is a resource policy when any statement, before or
// after, has a Principal or NotPrincipal, and an identity policy otherwise. What
// is wrong with the text is in the diagnostics of the side; the error is always
// nil and only there for the shape that extractors share.
func ExtractPolicy(data []byte, o PolicyOptions) (Extraction, error) {
	path := source.Clean(o.Path)
	priorPath := path
	if o.PriorPath != "" {
		priorPath = source.Clean(o.PriorPath)
	}
	kind := o.Kind
	if kind == "" {
		kind = Identity
		if hasPrincipal(data) || hasPrincipal(o.Prior) {
			kind = Resource
		}
	}
	g := Grant{
		Address: path, Kind: kind, Action: Create,
		Subject: Subject{Kind: "policy", Name: path},
		Before:  Side{Absent: true},
	}
	g.After = policySide(data, path, kind)
	if o.Prior != nil {
		g.Action = Update
		g.Before = policySide(o.Prior, priorPath, kind)
		if bytes.Equal(data, o.Prior) {
			g.Action = NoOp
		}
	}
	g.Written = &Origin{Range: g.After.Document.Range()}
	return Extraction{Kind: KindPolicy, Grants: []Grant{g}}, nil
}

var byteOrderMark = []byte("\ufeff")

// policySide reads the text of a file. Editors put a byte order mark in front of
// files, which is no part of the policy.
func policySide(text []byte, path string, kind Kind) Side {
	start := source.Pos{}
	if rest, ok := bytes.CutPrefix(text, byteOrderMark); ok {
		text, start = rest, source.Pos{Line: 1, Column: 1, Byte: len(byteOrderMark)}
	}
	doc, ds := policy.Parse(text, policy.ParseOptions{Path: path, Kind: kind.PolicyKind(), Start: start})
	return Side{Document: doc, Diagnostics: ds}
}

func hasPrincipal(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	doc := policySide(text, "", Resource).Document
	return slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool { return s.Principal != nil })
}
