package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// terraformEnv names the program that reads plan files; without it, terraform or tofu
// is looked for on PATH.
const terraformEnv = "GRANTDIFF_TERRAFORM"

func newScan(s streams) *cobra.Command {
	var flags outputFlags
	var config string
	var stack stackFlags
	o := scanner.Options{Stdin: s.in, Version: toolVersion(), Terraform: s.getenv(terraformEnv)}
	c := &cobra.Command{
		Use:   "scan [flags] PATH...",
		Short: "Say what access a change newly gives",
		Long: `scan reads what a change is about to do and reports the access it newly gives.

PATH is a Terraform or OpenTofu plan as JSON (terraform show -json tfplan), a plan file, a
state as JSON, a CloudFormation template, an IAM policy as JSON, a folder with any of the
former, or - for standard input. What it is, is told by its content. A plan file is read by
running terraform or tofu, whichever made it, from PATH or as GRANTDIFF_TERRAFORM names it.

A template and a policy do not say what was there before: --prior does, with a file, a folder
that holds the same files, or git:REF for the file where the branch left REF. Without it, all
access is new.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or input error,
3 something could not be decided.`,
		Example: `  terraform show -json tfplan > plan.json
  grantdiff scan plan.json
  grantdiff scan --format text --format sarif=grantdiff.sarif --fail-on warning plan.json
  grantdiff scan --prior git:origin/main --params prod.json template.yaml
  grantdiff scan --prior before.json after.json`,
		Args: needPaths,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if cmd.Flags().Changed("prior") && o.Prior == "" {
				return fmt.Errorf("--prior names nothing: expected a file, a folder or git:REF with what was there before the change")
			}
			if err := stack.apply(&o); err != nil {
				return err
			}
			out, err := s.output(flags, append([]string{o.Prior, config}, paths...)...)
			if err != nil {
				return err
			}
			if o.Config, err = loadConfig(config, cmd.Flags().Changed("config")); err != nil {
				return err
			}
			o.Paths, o.Now = paths, time.Now()
			end := s.progress(scanning(paths))
			defer end()
			result, err := scanner.Scan(cmd.Context(), o)
			end()
			if err != nil {
				return err
			}
			return out.write(s.out, result)
		},
	}
	f := c.Flags()
	flags.add(c, "error")
	f.StringVar(&config, "config", "", "configuration `FILE` (default: "+scanner.ConfigName+", looked for upwards to the repository root)")
	f.StringVar(&o.SourceDir, "source", ".", "folder `DIR` of the configuration or templates, for the lines of findings and what templates name")
	stack.add(c, &o)
	openWorldFlag(c, &o.StrictOpenWorld)
	complete(c)
	return c
}

func needPaths(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("name at least one input: a plan, a state, a template or a policy file, or - for standard input")
	}
	return nil
}

// loadConfig reads the configuration file that is named or, without a name, the one
// that is found; none is fine then.
func loadConfig(path string, named bool) (*scanner.Config, error) {
	if named {
		return scanner.LoadConfig(path)
	}
	work, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	path, err = scanner.FindConfig(work)
	if err != nil || path == "" {
		return nil, err
	}
	if rel, err := filepath.Rel(work, path); err == nil {
		path = rel
	}
	slog.Debug("configuration", "file", path)
	return scanner.LoadConfig(path)
}

// outcome turns a result into the exit code.
func outcome(r *rules.Result, threshold rules.Level) error {
	switch rules.OutcomeOf(r, threshold) {
	case rules.OutcomeFail:
		return exitError(exitFindings)
	case rules.OutcomeUndecided:
		return exitError(exitUndecided)
	case rules.OutcomePass:
	}
	return nil
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// reportOptions looks at the surroundings: the terminal, the repository, CI.
func (s streams) reportOptions(color string, threshold rules.Level) (report.Options, error) {
	o := report.Options{Rules: rules.All(), FailOn: threshold, Getenv: s.getenv}
	if isTerminal(s.out) {
		o.Width = s.columns()
	}
	switch color {
	case "always":
		o.Color = true
	case "never":
	case "auto":
		o.Color = s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb" && isTerminal(s.out)
	default:
		return o, fmt.Errorf("unknown --color %q: expected auto, always or never", color)
	}
	if f, ok := s.out.(*os.File); ok && o.Color {
		lipgloss.EnableLegacyWindowsANSI(f)
	}
	work, err := os.Getwd()
	if err != nil {
		return o, fmt.Errorf("find the working directory: %w", err)
	}
	work = resolve(work)
	o.WorkDir = filepath.ToSlash(work)
	o.Source = sourceReader(work)
	o.BaseDir = filepath.ToSlash(repositoryRoot(work, cmp.Or(s.getenv("GITHUB_WORKSPACE"), s.getenv("CI_PROJECT_DIR"))))
	o.Resolve = func(path string) string { return filepath.ToSlash(resolve(filepath.FromSlash(path))) }
	return o, nil
}

// columns is the width of the terminal, or what COLUMNS says instead; 0, for no wrapping,
// where neither says anything usable. Text in very long lines is hard to read.
func (s streams) columns() int {
	n, err := strconv.Atoi(s.getenv("COLUMNS"))
	if err == nil && n > 0 {
		return n
	}
	if f, ok := s.out.(*os.File); ok {
		if n, _, err = term.GetSize(f.Fd()); err == nil && n > 0 {
			return min(n, maxColumns)
		}
	}
	return 0
}

const maxColumns = 140

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
