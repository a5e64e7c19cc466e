package planfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// The bounds on the program that reads plans.
const (
	// showTime is how long it may take. It reads no network, but starts the
	// providers for their schemas.
	showTime = 10 * time.Minute
	// showGrace is how long it has to stop its providers when it is interrupted.
	showGrace   = 5 * time.Second
	maxStderr   = 64 << 10 // bytes that are kept
	stderrLines = 20       // lines that are shown
)

// programs are the names under which a program that reads plan files is looked for,
// the likely one first.
func (p *File) programs() []string {
	if p.OpenTofu() {
		return []string{"tofu", "terraform"}
	}
	return []string{"terraform", "tofu"}
}

// Program finds the program that reads the plan: the one that is named, a command
// or a path, or else Terraform or OpenTofu on PATH. It is never looked for in the
// folder of the plan.
func (p *File) Program(named string) (string, error) {
	if named != "" {
		program, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("find the program that reads plan files: %w", err)
		}
		return filepath.Abs(program)
	}
	for _, name := range p.programs() {
		if program, err := exec.LookPath(name); err == nil {
			return filepath.Abs(program)
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH, and only they read a binary plan; install the one that made it, or write the plan as JSON where it is installed: terraform show -json tfplan > plan.json")
}

// Command says how a plan is shown.
type Command struct {
	Program string // see File.Program
	File    string // the plan file
	Dir     string // the folder in which terraform init was run
}

// Show runs "terraform show -json FILE" and hands its output to read, as it comes.
// It returns the error of read, or else of the program: what read has made of the
// output of a program that failed is worth nothing. Nothing of the plan
// decides what is run: the program is, and the providers that terraform init put
// into the folder, which it asks for their schemas.
func (c Command) Show(ctx context.Context, read func(io.Reader) error) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, showTime, fmt.Errorf("not done after %v", showTime))
	defer cancel()
	stderr := &head{max: maxStderr}
	out, in := io.Pipe()
	cmd := exec.CommandContext(ctx, c.Program, "show", "-json", "-no-color", file)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.Dir, showEnv(os.Environ()), in, stderr
	cmd.WaitDelay = showGrace // for whoever else holds the output open, too
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err == nil {
			return nil
		}
		return cmd.Process.Kill() // Windows knows no interrupt
	}
	if err := cmd.Start(); err != nil {
		return c.failed(err, stderr)
	}
	done := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		_ = in.Close() // of a pipe in memory; never fails
		done <- err
	}()
	readErr := read(out)
	if readErr != nil {
		cancel()
	}
	_, _ = io.Copy(io.Discard, out) // what nobody reads would block the program
	runErr := <-done
	switch cause := context.Cause(ctx); {
	case readErr != nil:
		return readErr
	case cause != nil:
		return c.failed(cause, stderr)
	case runErr != nil:
		return c.failed(runErr, stderr)
	}
	return nil
}

// failed says which command failed and what it wrote.
func (c Command) failed(err error, stderr *head) error {
	name := filepath.Base(c.Program)
	text := plainText(stderr.String())
	next := fmt.Sprintf("Run \"%s show -json %s\" in the folder where \"%s init\" was run, and name its output", name, filepath.Base(c.File), name)
	if text == "" {
		return fmt.Errorf("%s show -json failed in %s: %w\n%s", name, c.Dir, err, next)
	}
	return fmt.Errorf("%s show -json failed in %s: %w\n%s\n%s", name, c.Dir, err, text, next)
}

// showEnv is the environment of the program: the user's, without what changes its
// arguments or its output, and without its question for newer versions.
func showEnv(environ []string) []string {
	env := slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == "TF_CLI_ARGS" || strings.HasPrefix(name, "TF_CLI_ARGS_") ||
			name == "TF_LOG" || name == "TF_LOG_CORE" || name == "TF_LOG_PROVIDER"
	})
	return append(env, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
}

// head keeps the beginning of what is written to it.
type head struct {
	bytes.Buffer
	max int
}

// Write implements io.Writer; it takes everything.
func (h *head) Write(p []byte) (int, error) {
	_, _ = h.Buffer.Write(p[:min(len(p), max(h.max-h.Len(), 0))]) // never fails
	return len(p), nil
}

// plainText makes the text of a program fit for a message: a few lines without
// control characters.
func plainText(text string) string {
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(text, "\uFFFD")) {
		line = strings.TrimRightFunc(strings.Map(func(r rune) rune {
			if unicode.IsPrint(r) {
				return r
			}
			return -1
		}, line), unicode.IsSpace)
		if strings.Trim(line, "╷│╵ ") == "" {
			continue
		}
		if len(lines) == stderrLines {
			return strings.Join(append(lines, "..."), "\n")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
