// Package changeset reads what "aws cloudformation describe-change-set
// --include-property-values" prints: for each resource that changes, its properties
// before and after, as CloudFormation itself has worked them out. It makes a template of
// either side, with nothing left to evaluate but what is not known before the change.
//
// See "DescribeChangeSet" and "ResourceChange" of the AWS CloudFormation API Reference.
// A change set lists only the resources that change.
package changeset

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// ChangeSet is what one description says.
type ChangeSet struct {
	// ID and StackID are ARNs, StackName the name of the stack.
	ID, StackID, StackName string
	// Partition, Account and Region are those of the stack, "" where the description
	// does not tell.
	Partition, Account, Region string
	// Before and After are templates of the resources that change.
	Before, After *tree.Document
	// Nested are the change sets of nested stacks, which have descriptions of their own.
	Nested []Nested
	// Incomplete says why the description does not show the whole change.
	Incomplete  []string
	Diagnostics diag.Diagnostics
}

// Nested is the change set of a nested stack.
type Nested struct {
	LogicalID string
	ID        string // the ARN of the change set
}

// Is reports whether a tree is the description of a change set.
func Is(root *tree.Node) bool {
	changes := root.Get("Changes")
	return changes != nil && changes.Kind == tree.List && (root.Get("ChangeSetId") != nil || root.Get("ChangeSetName") != nil || root.Get("StackId") != nil)
}

// stackARN takes the ARN of a stack apart.
var stackARN = regexp.MustCompile(`^arn:(aws[a-z-]*):cloudformation:([a-z0-9-]+):([0-9]{12}):stack/`)

// Read reads a description. What is wrong with it is in its diagnostics; what could be
// read is in Before and After all the same.
func Read(doc *tree.Document) *ChangeSet {
	c := &ChangeSet{Diagnostics: doc.Diagnostics}
	root := doc.Root
	c.ID, _ = root.Get("ChangeSetId").Text()
	c.StackID, _ = root.Get("StackId").Text()
	c.StackName, _ = root.Get("StackName").Text()
	if m := stackARN.FindStringSubmatch(c.StackID); m != nil {
		c.Partition, c.Region, c.Account = m[1], m[2], m[3]
	}
	if doc.Diagnostics.HasErrors() {
		c.incomplete("The description of the change set could not be read as a whole.")
	}
	if token := root.Get("NextToken"); !token.IsNull() {
		c.incomplete("The description is one page of several: describe the change set with the AWS CLI, which puts the pages together, without --max-items and --no-paginate.")
	}
	if status, ok := root.Get("Status").Text(); ok && strings.HasPrefix(status, "CREATE_") && status != "CREATE_COMPLETE" {
		c.incomplete("The change set is still being made (" + shown(status) + "): wait for it with aws cloudformation wait change-set-create-complete, then describe it again.")
	}
	r := &reader{set: c, doc: doc, opened: map[string]bool{}, seen: map[string]bool{}}
	changes := root.Get("Changes")
	if changes == nil || changes.Kind != tree.List {
		c.fail(source.Range{Path: doc.Path}, "the change set has no changes", "Expected Changes, a list. Describe the change set with aws cloudformation describe-change-set --include-property-values.")
		changes = tree.NewList(source.Range{Path: doc.Path})
	}
	for _, change := range changes.Items {
		r.change(change)
	}
	r.finish(changes.Range)
	c.Diagnostics.Sort()
	return c
}

func (c *ChangeSet) incomplete(sentence string) {
	for _, have := range c.Incomplete {
		if have == sentence {
			return
		}
	}
	c.Incomplete = append(c.Incomplete, sentence)
}

func (c *ChangeSet) fail(at source.Range, summary, detail string) {
	c.report(diag.Error, at, summary, detail)
}

func (c *ChangeSet) warn(at source.Range, summary, detail string) {
	c.report(diag.Warning, at, summary, detail)
}

func (c *ChangeSet) report(s diag.Severity, at source.Range, summary, detail string) {
	const most = 100
	switch {
	case len(c.Diagnostics) < most:
		c.Diagnostics = append(c.Diagnostics, diag.Diagnostic{Severity: s, Summary: summary, Detail: detail, Subject: at})
	case s == diag.Error:
		c.incomplete("More than can be listed is wrong with the description of the change set.")
	}
}

// shown is a text of the description in a message, shortened.
func shown(s string) string {
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func quoted(s string) string { return fmt.Sprintf("%q", shown(s)) }
