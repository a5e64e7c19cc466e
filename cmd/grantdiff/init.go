package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/scanner"
)

// starter holds the files that init writes.
//
//go:embed all:starter
var starter embed.FS

func newInit(s streams) *cobra.Command {
	var references []string
	var force, noWorkflow bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a commented configuration and a workflow to start from",
		Long: `init writes .grantdiff.yaml, with every setting as a comment, and
.github/workflows/grantdiff.yml into the working directory. Files that are there stay as they
are, unless --force is given.

--reference NAME also writes a ready-made reference policy for the rule exceeds-reference into
policies/, and says what to put into the configuration: ` + strings.Join(referenceNames(), ", ") + `.`,
		Example: `  grantdiff init
  grantdiff init --no-workflow --reference no-iam-escalation`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			files := map[string]string{scanner.ConfigName: "starter/grantdiff.yaml"}
			order := []string{scanner.ConfigName}
			if !noWorkflow {
				order = append(order, filepath.Join(".github", "workflows", "grantdiff.yml"))
				files[order[1]] = "starter/workflow.yml"
			}
			for _, name := range references {
				from := "starter/references/" + name + ".json"
				if _, err := fs.Stat(starter, from); err != nil {
					return fmt.Errorf("unknown --reference %q: expected %s", name, strings.Join(referenceNames(), ", "))
				}
				to := filepath.Join("policies", name+".json")
				order, files[to] = append(order, to), from
			}
			for _, to := range order {
				if err := writeStarter(s, files[to], to, force); err != nil {
					return err
				}
			}
			for _, name := range references {
				kind := "identity"
				if text, err := fs.ReadFile(starter, "starter/references/"+name+".json"); err == nil && bytes.Contains(text, []byte(`"Principal"`)) {
					kind = "resource"
				}
				fmt.Fprintf(s.out, "\nPut this under rules in %s, with the subjects that it is for:\n\n  exceeds-reference:\n    - {name: %s, match: {address: \"module.example.**\"}, type: %s, policy: policies/%s.json}\n",
					scanner.ConfigName, name, kind, name)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringArrayVar(&references, "reference", nil, "also write this reference policy; repeatable")
	f.BoolVar(&force, "force", false, "replace files that are there")
	f.BoolVar(&noWorkflow, "no-workflow", false, "write no workflow file")
	return c
}

// referenceNames lists the reference policies that init can write, sorted.
func referenceNames() []string {
	entries, err := fs.ReadDir(starter, "starter/references")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// writeStarter copies a file that is part of the program.
func writeStarter(s streams, from, to string, force bool) error {
	text, err := fs.ReadFile(starter, from)
	if err != nil {
		return err
	}
	if dir := filepath.Dir(to); dir != "." {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(to, flags, 0o644)
	if errors.Is(err, fs.ErrExist) {
		fmt.Fprintf(s.out, "%s is there already and stays as it is\n", filepath.ToSlash(to))
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	fmt.Fprintf(s.out, "%s written\n", filepath.ToSlash(to))
	return nil
}
