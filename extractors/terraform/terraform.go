// Package terraform reads the JSON that Terraform and OpenTofu write about a
// plan or a state and yields the grants in it: every policy-bearing attribute
// before and after the change.
//
// Input is a stream. One resource change is held at a time, and of it only the
// attributes that the data table (types.go) names are kept; the size of a plan
// does not show in memory. Plans inside of other objects are read the same way, each
// as a change of its own (wrapped.go). The module's own minimal decoding is used instead of
// tfjson.Plan for that reason, and because tfjson drops errored, index_unknown
// and deferred_action_invocations, takes the last of two equal keys, and knows
// no ["create", "forget"].
package terraform

import (
	"context"
	"io"
	"io/fs"

	"github.com/grantdiff/grantdiff/extractors"
)

// The kinds of extraction, as in Extraction.Kind.
const (
	KindPlan  = "terraform-plan"
	KindState = "terraform-state"
)

// Options say where an input comes from and how much of it may be read. The zero
// value of each limit means its default.
type Options struct {
	// Path names the input in diagnostics and ranges; it is never opened.
	Path string
	// SourceDir is the folder below which the configuration (*.tf, *.tofu,
	// *.tf.json) is looked up, and the root of the paths in Origin. Empty: no
	// lookup. Nothing outside of it is read.
	SourceDir string
	// Source is the configuration itself, for a plan that brings it along; "." is
	// the root module. It takes the place of SourceDir.
	Source fs.FS
	// Modules are the folders in Source by module: the names of the calls that lead
	// to it joined with dots, "" for the root module.
	Modules map[string]string
	// MaxValue is the largest single JSON value, such as one resource change,
	// that is read, in bytes.
	MaxValue int
	// MaxGrants is the largest number of grants.
	MaxGrants int
}

// The default limits. A resource change holds one object; an AWS policy has at
// most 20 KB, but a bucket object or a template in the same plan may be large.
const (
	DefaultMaxValue  = 32 << 20
	DefaultMaxGrants = 1_000_000
)

func (o Options) withDefaults() Options {
	if o.MaxValue <= 0 {
		o.MaxValue = DefaultMaxValue
	}
	if o.MaxGrants <= 0 {
		o.MaxGrants = DefaultMaxGrants
	}
	return o
}

// Extract reads a plan: the output of "terraform show -json PLANFILE",
// format_version 0.1 to 1.x, or a document that Sniff calls Wrapped. Of several plans
// in one document the addresses begin with the path of their plan. Trouble with the input is in the diagnostics of the
// extraction, which then still holds everything that could be read; the error is
// for reading itself and for a cancelled ctx.
func Extract(ctx context.Context, r io.Reader, o Options) (extractors.Extraction, error) {
	x := newExtraction(ctx, o, KindPlan)
	err := x.run(r, func() error {
		if x.s.in.sniff() == Wrapped {
			return x.readWrapped()
		}
		return x.readPlan()
	})
	return x.result, err
}

// ExtractState reads a state: the output of "terraform show -json" or a raw
// state file of version 4. A state shows what exists, so both sides of each grant
// are the same and the action is NoOp.
func ExtractState(ctx context.Context, r io.Reader, o Options) (extractors.Extraction, error) {
	x := newExtraction(ctx, o, KindState)
	err := x.run(r, x.readState)
	return x.result, err
}
