// Package scanner runs a scan: it tells what each input is, extracts the grants,
// runs the rules over them and sorts what they find.
package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// Options say what to scan. The zero value scans nothing.
type Options struct {
	// Paths are the inputs, in order; "-" is Stdin.
	Paths []string
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Prior says what was there before the change, for inputs that are templates or policy
	// files: a file or folder, or "git:REF" for the same file where the branch left REF; ""
	// for none. Other inputs carry their own and refuse it.
	Prior string
	// Parameters are the values of template parameters.
	Parameters map[string]string
	// Account, Region and Partition are those of the stacks, "" where they are not known.
	Account, Region, Partition string
	// SourceDir is the folder in which the configuration of plans is looked up.
	SourceDir string
	// Terraform is the program that reads plan files, a command or a path; "" for
	// terraform or tofu on PATH.
	Terraform string
	// Config is what the project's configuration file says; nil for none.
	Config *Config
	// StrictOpenWorld leaves out what is known of AWS; see rules.Options.
	StrictOpenWorld bool
	// Version is the tool's version, for the result.
	Version string
	// Now is the time that archive rules expire against; zero: none expires.
	Now time.Time
}

// rules are the options of the rules.
func (o Options) rules() rules.Options {
	ro := rules.Options{StrictOpenWorld: o.StrictOpenWorld}
	if o.Config != nil {
		ro.Settings = o.Config.Settings
		ro.Settings.Levels = o.Config.Levels
	}
	return ro
}

// Scan reads every input and returns what the rules find. Trouble with an input
// is in the result's diagnostics; an error means that nothing could be scanned: a
// file that cannot be opened, an input of unknown kind or named twice, a prior
// policy that is none or has no use, or a cancelled ctx.
func Scan(ctx context.Context, o Options) (*rules.Result, error) {
	if len(o.Paths) == 0 {
		return nil, errors.New("nothing to scan: name a plan, a state, a template or a policy file")
	}
	all, err := read(ctx, o)
	if err != nil {
		return nil, err
	}
	return assemble(ctx, all, o)
}

// Extract reads every input and returns its grants without judging them.
func Extract(ctx context.Context, o Options) ([]extractors.Extraction, error) {
	all, err := read(ctx, o)
	if err != nil {
		return nil, err
	}
	out := make([]extractors.Extraction, len(all))
	for i := range all {
		out[i] = all[i].Extraction
	}
	return out, nil
}

// read opens all inputs, then extracts one after the other.
func read(ctx context.Context, o Options) ([]extraction, error) {
	ins, err := openAll(ctx, o)
	if err != nil {
		return nil, err
	}
	defer ins.close()
	var all []extraction
	for _, in := range ins.list {
		x, err := ins.extract(ctx, in, o)
		if err != nil {
			return nil, err
		}
		all = append(all, extraction{in.name, x})
	}
	return all, nil
}

// extraction is what was read from one path.
type extraction struct {
	path string
	extractors.Extraction
}

// InputError is trouble with an input that makes a scan pointless: a usage error.
type InputError struct {
	Path string
	Err  error
}

// Error says which input and what to do.
func (e *InputError) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

// Unwrap returns the cause.
func (e *InputError) Unwrap() error { return e.Err }
