package main

import (
	"os"
	"regexp"

	"github.com/spf13/cobra"
)

var flagName = regexp.MustCompile(`--[a-z][a-z-]*`)

// commandsAndFlags lists every command line in full and every flag, as a page is to
// write them.
func commandsAndFlags() []string {
	var out []string
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Runnable() {
			out = append(out, c.CommandPath())
		}
		for _, usages := range []string{c.LocalNonPersistentFlags().FlagUsages(), c.PersistentFlags().FlagUsages()} {
			for _, name := range flagName.FindAllString(usages, -1) {
				out = append(out, "`"+name)
			}
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(streams{getenv: os.Getenv}))
	return out
}
