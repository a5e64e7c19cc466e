package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/report"
)

// complete teaches the shells the values of the flags that reports have.
func complete(c *cobra.Command) {
	words := func(list ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
	}
	for flag, values := range map[string]cobra.CompletionFunc{
		"format":  formatCompletions,
		"fail-on": words("error", "warning", "note", "never"),
		"color":   words("auto", "always", "never"),
	} {
		if c.Flags().Lookup(flag) == nil {
			continue
		}
		if err := c.RegisterFlagCompletionFunc(flag, values); err != nil {
			panic(err) // registered twice: a defect of this program
		}
	}
}

// formatCompletions offers the formats and, behind FORMAT=, files.
func formatCompletions(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(typed, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var out []string
	for _, f := range report.Formats() {
		out = append(out, cobra.CompletionWithDesc(f.Name, f.About), cobra.CompletionWithDesc(f.Name+"=", f.About+", into a file"))
	}
	return out, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}
