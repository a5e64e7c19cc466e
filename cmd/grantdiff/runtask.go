package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/runtask"
	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// runTaskKeyEnv holds the key of the run task, where no file does. There is no flag with
// the key itself: others on the machine see the flags of a process.
const runTaskKeyEnv = "GRANTDIFF_RUN_TASK_KEY"

// maxKey bounds the file of the key in bytes.
const maxKey = 4096

// runTaskFlags are the flags of serve that are about run tasks.
type runTaskFlags struct {
	keyFile, failOn, config string
	hosts                   []string
}

func (f *runTaskFlags) add(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVar(&f.keyFile, "run-task-key-file", "", "answer run tasks at "+runtask.Path+", signed with the HMAC key in `FILE` (or in "+runTaskKeyEnv+")")
	fs.StringArrayVar(&f.hosts, "run-task-host", nil, "`HOST[:PORT]` of Terraform Enterprise, repeatable, in place of those of HCP Terraform: "+runtask.DefaultHosts().String())
	fs.StringVar(&f.failOn, "run-task-fail-on", "error", "lowest `LEVEL` that fails a run task: error, warning, note or never")
	fs.StringVar(&f.config, "run-task-config", "", "configuration `FILE` for the plans of run tasks (default: none)")
	words := cobra.FixedCompletions([]string{"error", "warning", "note", "never"}, cobra.ShellCompDirectiveNoFileComp)
	if err := c.RegisterFlagCompletionFunc("run-task-fail-on", words); err != nil {
		panic(err) // registered twice: a defect of this program
	}
}

// server is the one that the flags ask for, nil for none.
func (f *runTaskFlags) server(s streams, c *cobra.Command, strict bool) (*runtask.Server, error) {
	key, err := f.key(s)
	if err != nil {
		return nil, err
	}
	if key == nil {
		for _, name := range []string{"run-task-host", "run-task-fail-on", "run-task-config"} {
			if c.Flags().Changed(name) {
				return nil, fmt.Errorf("--%s is about run tasks, which need a key: give --run-task-key-file, or set %s", name, runTaskKeyEnv)
			}
		}
		return nil, nil
	}
	o := runtask.Options{Key: key}
	if o.FailOn, err = rules.ParseLevel(f.failOn); err != nil {
		return nil, fmt.Errorf("--run-task-fail-on: %w", err)
	}
	if c.Flags().Changed("run-task-host") {
		if o.Hosts, err = runtask.ParseHosts(f.hosts...); err != nil {
			return nil, fmt.Errorf("--run-task-host: %w", err)
		}
	}
	var config *scanner.Config
	if c.Flags().Changed("run-task-config") {
		if config, err = scanner.LoadConfig(f.config); err != nil {
			return nil, err
		}
	}
	o.Scan = planScan(config, strict)
	return runtask.New(o)
}

// key reads the key of the run task; nil for none. The line end of a file does not belong
// to it.
func (f *runTaskFlags) key(s streams) ([]byte, error) {
	key := []byte(s.getenv(runTaskKeyEnv))
	switch {
	case f.keyFile == "" && len(key) == 0:
		return nil, nil
	case f.keyFile == "":
		return key, nil
	case len(key) > 0:
		return nil, fmt.Errorf("--run-task-key-file and %s both give a key: take one away", runTaskKeyEnv)
	}
	in, err := os.Open(f.keyFile)
	if err != nil {
		return nil, fmt.Errorf("--run-task-key-file: %w", err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxKey+1))
	if err != nil {
		return nil, fmt.Errorf("--run-task-key-file: %w", err)
	}
	if len(text) > maxKey {
		return nil, fmt.Errorf("--run-task-key-file %s: more than %d bytes, which no key has", f.keyFile, maxKey)
	}
	if text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")); len(text) == 0 {
		return nil, fmt.Errorf("--run-task-key-file %s: there is no key in it", f.keyFile)
	}
	return text, nil
}

// planName stands for the plan of a run in what is told of it.
const planName = "plan.json"

// planScan compares a plan that is no file and has no configuration beside it. Anything
// else than a plan is refused: it would be looked at with files of this machine.
func planScan(config *scanner.Config, strict bool) func(context.Context, io.Reader) (*rules.Result, error) {
	return func(ctx context.Context, plan io.Reader) (*rules.Result, error) {
		in := bufio.NewReaderSize(plan, terraform.SniffLength)
		prefix, err := in.Peek(terraform.SniffLength)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if kind := terraform.Sniff(prefix); kind != terraform.Plan {
			return nil, fmt.Errorf("expected a plan as JSON, got: %v", kind)
		}
		r, err := scanner.Scan(ctx, scanner.Options{
			Paths: []string{"-"}, Stdin: in, Config: config, StrictOpenWorld: strict, Version: toolVersion(), Now: time.Now(),
		})
		if err == nil {
			named(r, planName)
		}
		return r, err
	}
}

// named gives a name to what was read from standard input.
func named(r *rules.Result, name string) {
	place := func(l *rules.Location) {
		if l.Path == "-" {
			l.Path = name
		}
	}
	for i := range r.Inputs {
		if r.Inputs[i].Path == "-" {
			r.Inputs[i].Path = name
		}
	}
	for i := range r.Findings {
		place(&r.Findings[i].Location)
	}
	for i := range r.Diagnostics {
		place(&r.Diagnostics[i].Location)
	}
}

// withRunTasks answers run tasks, and leaves everything else to next.
func withRunTasks(tasks *runtask.Server, next http.Handler) http.Handler {
	at := runtask.NotEnabled()
	if tasks != nil {
		at = tasks
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == runtask.Path {
			at.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
