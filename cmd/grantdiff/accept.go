package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

func newAccept(s streams) *cobra.Command {
	var a acceptance
	var config, expires string
	c := &cobra.Command{
		Use:   "accept FINGERPRINT --reason TEXT",
		Short: "Accept a finding: write an archive rule into the configuration",
		Long: `accept adds an archive rule for one finding to the configuration file, which is made when
there is none. The finding stays in the results, as archived, and fails no scan any more, until
the day of --expires is over, or until it gives more access: then its fingerprint is another.`,
		Example: `  grantdiff accept a53219e634bdb173a778708f610e965e --reason "reviewed in SEC-1234" --expires 2027-06-30`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			a.fingerprint = args[0]
			switch {
			case !fingerprintPattern.MatchString(a.fingerprint):
				return fmt.Errorf("%q is no fingerprint: expected the 32 characters that the report shows with the finding", a.fingerprint)
			case strings.TrimSpace(a.reason) == "":
				return fmt.Errorf("--reason is missing: say why the access is fine")
			case expires != "":
				day, err := time.Parse(time.DateOnly, expires)
				if err != nil {
					return fmt.Errorf("--expires %q: expected a date such as 2027-06-30", expires)
				}
				a.expires = day
			}
			if config == "" {
				var err error
				if config, err = configToWrite(); err != nil {
					return err
				}
			}
			if a.from != "" {
				if err := a.look(s); err != nil {
					return err
				}
			}
			return a.write(s, config)
		},
	}
	f := c.Flags()
	f.StringVar(&a.reason, "reason", "", "why the access is fine")
	f.StringVar(&expires, "expires", "", "last day on which it is accepted, such as 2027-06-30; default: for ever")
	f.StringVar(&a.name, "name", "", "name of the archive rule (default: made from the fingerprint)")
	f.StringVar(&config, "config", "", "configuration file (default: the one that scan finds, else a new "+scanner.ConfigName+" here)")
	f.StringVar(&a.from, "from", "", "JSON result that must hold the finding; its rule and address are written beside")
	return c
}

// configToWrite is the configuration that scan would read, or a new one here.
func configToWrite() (string, error) {
	work, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	found, err := scanner.FindConfig(work)
	if err != nil || found != "" {
		return found, err
	}
	return scanner.ConfigName, nil
}

// acceptance is one archive rule to write.
type acceptance struct {
	fingerprint, reason, name, from string
	expires                         time.Time
	about                           string // rule and address of the finding
}

// look makes sure that the finding is in the result.
func (a *acceptance) look(s streams) error {
	result, err := s.savedResult(a.from)
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		if f.Fingerprint == a.fingerprint {
			a.about = f.Rule + " of " + f.Address
			return nil
		}
	}
	return fmt.Errorf("%s holds no finding with the fingerprint %s", a.from, a.fingerprint)
}

// write adds the rule to a file.
func (a *acceptance) write(s streams, path string) error {
	rule := rules.ArchiveRule{
		Name: a.name, Reason: a.reason, Expires: a.expires,
		Filter: map[string]rules.Criterion{"fingerprint": {Eq: []string{a.fingerprint}}},
	}
	if rule.Name == "" {
		rule.Name = "accepted-" + a.fingerprint[:8]
	}
	if err := scanner.AddArchiveRule(path, rule, a.about); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s accepts %s now (%s).\n", path, a.fingerprint, printable(rule.Name))
	return nil
}
