package main

import (
	"maps"
	"slices"

	"github.com/grantdiff/grantdiff/internal/report"
)

// printable makes text from a policy or a file name safe for a terminal and a log.
func printable(s string) string { return report.Inert(s) }

func sortedKeys(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }
