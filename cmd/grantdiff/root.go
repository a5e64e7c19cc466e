package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/scanner"
)

// Exit codes of every command; docs/interface.md describes them.
const (
	exitOK        = 0 // nothing at or above the threshold; PASS
	exitFindings  = 1 // findings at or above the threshold; FAIL
	exitUsage     = 2 // usage, configuration or input error
	exitUndecided = 3 // could not decide, or could not finish
)

// streams are the outside world of a command.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

// exitError carries the exit code of a command that has said what it had to say.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, s streams) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	var code exitError
	var input *scanner.InputError
	var output *outputError
	var saved *savedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		s.complain("interrupted")
		return exitUndecided
	case errors.As(err, &input), errors.As(err, &output), errors.As(err, &saved):
		s.complain(err.Error())
		return exitUsage
	default:
		s.complain(err.Error())
		fmt.Fprintln(s.err, "Run 'grantdiff --help' for usage.")
		return exitUsage
	}
}

// complain writes to standard error, each line behind the name of the program: names
// of files may hold what a log reader takes for a command.
func (s streams) complain(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(s.err, "grantdiff: %s\n", printable(line))
	}
}

func newRoot(s streams) *cobra.Command {
	var level string
	root := &cobra.Command{
		Use:   "grantdiff",
		Short: "What access does this change newly give, to whom?",
		Long: `grantdiff reads a Terraform or OpenTofu plan and says what access the change newly
gives, to whom, on which line of which file, with a request that proves it.

It works offline: no cloud account, no credentials, no network.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or input error,
3 something could not be decided.`,
		Example: `  terraform show -json tfplan > plan.json
  grantdiff scan plan.json`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			var l slog.Level
			if err := l.UnmarshalText([]byte(level)); err != nil {
				return fmt.Errorf("unknown --log-level %q: expected debug, info, warn or error", level)
			}
			slog.SetDefault(slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: l})))
			return nil
		},
	}
	root.PersistentFlags().StringVar(&level, "log-level", "warn", "what to log to standard error: debug, info, warn or error")
	root.AddCommand(newScan(s), newReport(s), newCheck(s), newServe(s), newSimulate(s), newExtract(s), newExplain(s), newAccept(s), newInit(s), newVersion(s))
	root.AddCommand(newMan(root))
	return root
}
