package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// outputFlags are the flags of commands that write reports.
type outputFlags struct {
	formats       []string
	failOn, color string
	verbose       bool
}

func (o *outputFlags) add(c *cobra.Command, failOn string) {
	f := c.Flags()
	f.StringArrayVar(&o.formats, "format", []string{"text"}, "output as `FORMAT[=FILE]`, repeatable: "+formatNames())
	f.StringVar(&o.failOn, "fail-on", failOn, "lowest `LEVEL` that makes the exit code 1: error, warning, note or never")
	f.StringVar(&o.color, "color", "auto", "colour in text, `WHEN`: auto, always or never")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "text with lists in full and the policies before and after")
}

// output is where reports go, and how.
type output struct {
	sinks     []sink
	options   report.Options
	threshold rules.Level
}

// output reads the flags; inputs are files that no report may replace.
func (s streams) output(o outputFlags, inputs ...string) (*output, error) {
	threshold, err := rules.ParseLevel(o.failOn)
	if err != nil {
		return nil, fmt.Errorf("--fail-on: %w", err)
	}
	sinks, err := parseFormats(o.formats, inputs)
	if err != nil {
		return nil, err
	}
	options, err := s.reportOptions(o.color, threshold)
	if err != nil {
		return nil, err
	}
	options.Verbose = o.verbose
	return &output{sinks, options, threshold}, nil
}

// write writes all reports and returns the exit code of the result.
func (o *output) write(stdout io.Writer, r *rules.Result) error {
	if err := writeAll(o.sinks, stdout, r, o.options); err != nil {
		var code exitError
		if errors.As(outcome(r, o.threshold), &code) {
			err = &outputError{fmt.Errorf("%w\nwith all reports written, the exit code would have been %d", err, int(code))}
		}
		return err
	}
	return outcome(r, o.threshold)
}
