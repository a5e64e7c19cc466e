package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// fingerprintPattern is what fingerprints of findings look like.
var fingerprintPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

func newExplain(s streams) *cobra.Command {
	var from string
	c := &cobra.Command{
		Use:   "explain [RULE | FINGERPRINT]",
		Short: "Say what a rule means, or why a finding of a result is one",
		Long: `explain RULE says what a rule means, shows an example, and how to mend it. Without an
argument it lists the rules.

explain FINGERPRINT --from result.json shows one finding of a result that scan wrote with
--format json=result.json, and what its rule means.`,
		Example: `  grantdiff explain new-access
  grantdiff explain --from result.json a53219e634bdb173a778708f610e965e`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				for _, r := range rules.All() {
					fmt.Fprintf(s.out, "%-22s%s\n", r.ID, r.Title)
				}
				return nil
			case fingerprintPattern.MatchString(args[0]):
				return explainFinding(s, from, args[0])
			}
			for _, r := range rules.All() {
				if r.ID == args[0] {
					fmt.Fprint(s.out, ruleText(r))
					return nil
				}
			}
			return fmt.Errorf("unknown rule %q: expected %s, or the fingerprint of a finding", args[0], strings.Join(ruleIDs(), ", "))
		},
	}
	c.Flags().StringVar(&from, "from", "", "JSON result that holds the finding")
	return c
}

func ruleIDs() []string {
	var ids []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
	}
	return ids
}

// ruleText is the documentation of a rule for a terminal.
func ruleText(r rules.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s.\n\n%s\n\nBefore:\n\n    %s\n\nAfter:\n\n    %s\n\n%s\n\nSources: %s.\n",
		r.ID, r.Title, r.Doc.Text, r.Doc.Before, r.Doc.After, r.Doc.Fix, strings.Join(r.Doc.Sources, "; "))
	return b.String()
}

// explainFinding shows one finding of a saved result, with its rule.
func explainFinding(s streams, from, fingerprint string) error {
	if from == "" {
		return fmt.Errorf("--from is missing: name the JSON result that holds the finding, as written by scan --format json=result.json")
	}
	result, err := s.savedResult(from)
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		if f.Fingerprint != fingerprint {
			continue
		}
		one := *result
		one.Findings, one.Unresolved, one.Diagnostics, one.Inputs = []rules.Finding{f}, []rules.Unresolved{}, []rules.Diagnostic{}, nil
		one.Summary = rules.Summary{Policies: result.Summary.Policies, Subjects: 1, Compared: result.Summary.Compared}
		for _, format := range report.Formats() {
			if format.Name == "text" {
				if err := format.Write(s.out, &one, report.Options{Rules: rules.All()}); err != nil {
					return err
				}
			}
		}
		for _, r := range rules.All() {
			if r.ID == f.Rule {
				fmt.Fprintf(s.out, "\n%s", ruleText(r))
			}
		}
		return nil
	}
	return fmt.Errorf("%s holds no finding with the fingerprint %s", from, fingerprint)
}
