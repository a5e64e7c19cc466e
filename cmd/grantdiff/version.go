package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

// version is set by the release build; "" in others.
var version string

// toolVersion is the release's version, the module's, or "dev".
func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func newVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the tool and of its action catalogue",
		Args:  cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			fmt.Fprintf(s.out, "grantdiff %s\naction catalogue %s (%s)\n", toolVersion(), catalog.Version(), catalog.Updated().Format("2006-01-02"))
		},
	}
}
