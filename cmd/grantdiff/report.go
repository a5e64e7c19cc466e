package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func newReport(s streams) *cobra.Command {
	var from string
	var o outputFlags
	c := &cobra.Command{
		Use:   "report --from RESULT",
		Short: "Render a saved result in another format",
		Long: `report reads what scan --format json wrote and renders it in any format, without looking
at the plan again: one scan, and a report for each place where somebody reads it.

Exit codes: 0 the report is written, 2 usage or input error. With --fail-on they are those
of scan.`,
		Example: `  grantdiff scan --format json=result.json plan.json
  grantdiff report --from result.json --format html=review.html --format markdown=comment.md`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("report takes no arguments, got %q: name the result with --from", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return errors.New("--from names no file: expected a result that scan --format json wrote, or - for standard input")
			}
			out, err := s.output(o, from)
			if err != nil {
				return err
			}
			// A result may come from strangers: it must not say which files are quoted.
			out.options.Source = nil
			result, err := s.savedResult(from)
			if err != nil {
				return err
			}
			return out.write(s.out, result)
		},
	}
	f := c.Flags()
	f.StringVar(&from, "from", "", "result `FILE` that scan --format json wrote, or - for standard input")
	o.add(c, "never")
	complete(c)
	return c
}

// savedResult reads a result from a file or standard input.
func (s streams) savedResult(from string) (*rules.Result, error) {
	in := s.in
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return nil, &savedError{err}
		}
		defer f.Close()
		in = f
	}
	r, err := report.Decode(in)
	if err != nil {
		return nil, &savedError{fmt.Errorf("%s: %w", from, err)}
	}
	return r, nil
}

// savedError is trouble with a saved result: nobody's wrong usage.
type savedError struct{ err error }

func (e *savedError) Error() string { return e.err.Error() }
func (e *savedError) Unwrap() error { return e.err }
