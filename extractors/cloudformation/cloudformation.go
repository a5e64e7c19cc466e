// Package cloudformation reads AWS CloudFormation templates, YAML or JSON, and yields
// the grants in them: every policy-bearing property before and after a change, with its
// lines. The template before the change is another text: a template does not say what
// was there.
//
// Values are worked out offline (package eval). Conditions that depend on what is not
// known are explored: resources that bear on each other are evaluated under every
// consistent choice, both sides under the same, and what differs from the likeliest
// choice is in Extraction.Variants.
package cloudformation

import (
	"context"
	"fmt"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/changeset"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// MaxBytes is how large a template may be.
const MaxBytes = tree.DefaultBytes

// KindTemplate is the kind of the extraction from a template.
const KindTemplate = "cloudformation-template"

// Options say where templates come from and what is known of the stack.
type Options struct {
	// Path names the template in ranges, and PriorPath the one before the change.
	Path, PriorPath string
	// Parameters are the values that are given.
	Parameters map[string]string
	// PriorParameters are those before the change where they were others; nil: the same.
	PriorParameters map[string]string
	// Account, Region, Partition and StackName are "" where they are not known.
	Account, Region, Partition, StackName string
	// PriorKnown tells that it is known what was there before the change, also when there
	// was no template.
	PriorKnown bool
	// Read reads a file that a template names, by its path relative to the template,
	// and PriorRead the same file before the change. Nil: what they name is not read.
	// They must not read anything outside of the source root.
	Read, PriorRead func(name string) ([]byte, error)

	together bool // one file holds both sides
	// Places are where resources come from in the program that made the template, by
	// logical ID. They take the place of the lines in the template.
	Places map[string]source.Range
	// Choices is how many sets of choices are explored for what belongs together; 0
	// means the default.
	Choices int
	// MaxGrants is the largest number of grants; 0 means the default.
	MaxGrants int
}

// maxOutcomes is how many different outcomes of what belongs together are compared.
const maxOutcomes = 64

// The default limits.
const (
	DefaultChoices   = 512
	DefaultMaxGrants = 200_000
)

// Extract compares a template with the one before it, which is nil when there is none;
// then everything is new. Either may be wrapped as aws cloudformation get-template prints
// it. The description of a change set has both sides, and no use for another. Trouble with the input is in the diagnostics of the
// extraction, which then still holds all that could be read; the error is for a
// cancelled ctx.
func Extract(ctx context.Context, after, before []byte, o Options) (extractors.Extraction, error) {
	if o.Choices <= 0 {
		o.Choices = DefaultChoices
	}
	if o.MaxGrants <= 0 {
		o.MaxGrants = DefaultMaxGrants
	}
	if o.PriorPath == "" {
		o.PriorPath = o.Path
	}
	now := tree.Parse(source.Clean(o.Path), after, tree.Limits{})
	if changeset.Is(now.Root) {
		return extractChangeSet(ctx, now, o)
	}
	var then *tree.Document
	if before != nil {
		then = tree.Parse(source.Clean(o.PriorPath), before, tree.Limits{}).Unwrapped()
	}
	return ExtractTrees(ctx, now.Unwrapped(), then, o)
}

// ExtractTrees is Extract for templates that are read already.
func ExtractTrees(ctx context.Context, after, before *tree.Document, o Options) (extractors.Extraction, error) {
	if o.Choices <= 0 {
		o.Choices = DefaultChoices
	}
	if o.MaxGrants <= 0 {
		o.MaxGrants = DefaultMaxGrants
	}
	x := &extraction{ctx: ctx, o: o, result: extractors.Extraction{Kind: KindTemplate}, budget: &eval.Budget{Nodes: eval.DefaultBudget}, docs: map[string]parsed{}, declared: map[string][2]*tree.Node{}}
	x.rewritten = before != nil && before.Path == after.Path && !o.together
	x.diagnose(after)
	x.diagnose(before)
	if before == nil && !o.PriorKnown {
		x.result.Diagnostics = append(x.result.Diagnostics, diag.Diagnostic{
			Severity: diag.Warning, Summary: "no template before the change",
			Detail:  "All access counts as new. Name the template that is there: --prior FILE, or --prior git:REF for the file at a commit.",
			Subject: source.Range{Path: after.Path},
		})
	}
	x.symbols = eval.NewSymbols(x.literals(after, before)...)
	x.addStack("", after, before, nil, 0)
	x.explore()
	x.finish()
	return x.result, ctx.Err()
}

// extraction is the work on one template.
type extraction struct {
	ctx       context.Context
	o         Options
	rewritten bool // both sides have been at one path
	result    extractors.Extraction
	symbols   *eval.Symbols
	budget    *eval.Budget
	stacks    []*stack
	docs      map[string]parsed
	declared  map[string][2]*tree.Node // see eval.Template
	said      map[string]bool
	grants    int
	byAddress map[string]*unit
	byID      [2]map[string]*unit
}

// diagnose takes over what is wrong with a text.
func (x *extraction) diagnose(d *tree.Document) {
	if d == nil {
		return
	}
	x.result.Diagnostics = append(x.result.Diagnostics, d.Diagnostics...)
	if d.Diagnostics.HasErrors() {
		x.incomplete("The template " + d.Path + " could not be read as a whole.")
	}
}

func (x *extraction) incomplete(sentence string) {
	if x.said == nil {
		x.said = map[string]bool{}
	}
	if !x.said[sentence] {
		x.said[sentence] = true
		x.result.Incomplete = append(x.result.Incomplete, sentence)
	}
}

func (x *extraction) fail(at source.Range, summary, detail string, args ...any) {
	x.result.Diagnostics = append(x.result.Diagnostics, diag.Diagnostic{
		Severity: diag.Error, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: at,
	})
}

// literals are the texts of the input that could look like a symbol.
func (x *extraction) literals(docs ...*tree.Document) []string {
	var out []string
	seen := map[*tree.Node]bool{}
	var walk func(n *tree.Node, depth int)
	keep := func(s string) {
		for i := range len(s) {
			if s[i] == '(' || s[i] >= '0' && s[i] <= '9' && len(s) >= 12 {
				out = append(out, s)
				return
			}
		}
	}
	walk = func(n *tree.Node, depth int) {
		if n == nil || seen[n] || depth > tree.DefaultDepth*2 {
			return
		}
		if len(n.Items)+len(n.Fields) > 0 {
			seen[n] = true
		}
		keep(n.Value)
		for _, item := range n.Items {
			walk(item, depth+1)
		}
		for _, f := range n.Fields {
			keep(f.Key)
			walk(f.Value, depth+1)
		}
	}
	for _, d := range docs {
		if d != nil {
			walk(d.Root, 0)
		}
	}
	for _, v := range x.o.Parameters {
		keep(v)
	}
	for _, v := range x.o.PriorParameters {
		keep(v)
	}
	return out
}
