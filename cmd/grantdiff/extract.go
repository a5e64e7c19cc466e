package main

import (
	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

func newExtract(s streams) *cobra.Command {
	o := scanner.Options{Stdin: s.in, Version: toolVersion()}
	c := &cobra.Command{
		Use:   "extract PATH...",
		Short: "Print the policies found in a plan, before and after, as JSON",
		Long: `extract prints every policy-bearing attribute as JSON: address, attribute, kind, action, the
policy before and after the change, what is not known and why, and the place in the source.
Policies that are marked as sensitive are left out, and the values of sensitive variables are
hidden.`,
		Example: "  grantdiff extract plan.json",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, paths []string) error {
			o.Paths = paths
			all, err := scanner.Extract(cmd.Context(), o)
			if err != nil {
				return err
			}
			out := extracted{Policies: []extractedPolicy{}, Diagnostics: []string{}}
			var secrets []string
			for _, x := range all {
				secrets = append(secrets, x.Secrets...)
			}
			hide := hider{scanner.NewRedactor(secrets)}
			for _, x := range all {
				for i := range x.Grants {
					out.Policies = append(out.Policies, hide.grant(&x.Grants[i]))
				}
				for _, d := range x.Diagnostics {
					out.Diagnostics = append(out.Diagnostics, hide.Text(d.String()))
				}
				out.Incomplete = append(out.Incomplete, hide.Texts(x.Incomplete)...)
			}
			if err := s.json(out); err != nil {
				return err
			}
			if len(out.Incomplete) > 0 {
				return exitError(exitUndecided)
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.SourceDir, "source", ".", "folder of the configuration, for the lines of policies")
	return c
}

// extracted is the answer of extract.
type extracted struct {
	Policies    []extractedPolicy `json:"policies"`
	Diagnostics []string          `json:"diagnostics"`
	Incomplete  []string          `json:"incomplete,omitempty"`
}

type extractedPolicy struct {
	Address         string          `json:"address"`
	PreviousAddress string          `json:"previous_address,omitempty"`
	Type            string          `json:"type,omitempty"`
	Attribute       string          `json:"attribute"`
	Kind            extractors.Kind `json:"kind"`
	Action          string          `json:"action"`
	Subject         rules.Subject   `json:"subject"`
	Before          extractedSide   `json:"before"`
	After           extractedSide   `json:"after"`
	Source          rules.Location  `json:"source"`
}

// extractedSide is one side: a document, or why there is none.
type extractedSide struct {
	Document  *policy.Document `json:"document"`
	Absent    bool             `json:"absent,omitempty"`
	Unknown   string           `json:"unknown,omitempty"`
	Unknowns  []string         `json:"unknowns,omitempty"`
	Errors    []string         `json:"errors,omitempty"`
	Warnings  []string         `json:"warnings,omitempty"`
	Sensitive bool             `json:"sensitive,omitempty"`
}

// hider describes grants without the values that must not be shown.
type hider struct{ *scanner.Redactor }

func (h hider) grant(g *extractors.Grant) extractedPolicy {
	return extractedPolicy{
		Address: h.Address(g.Address), PreviousAddress: h.Address(g.PreviousAddress), Type: g.Type, Attribute: h.Address(g.Attribute),
		Kind: g.Kind, Action: string(g.Action),
		Subject: rules.Subject{Kind: g.Subject.Kind, Address: h.Address(g.Subject.Address), Name: h.Text(g.Subject.Name)},
		Before:  h.side(g.Before), After: h.side(g.After), Source: rules.LocationOf(g.Origin.Range),
	}
}

func (h hider) side(s extractors.Side) extractedSide {
	out := extractedSide{Absent: s.Absent, Sensitive: s.Sensitive}
	if u := s.Unknown; u != nil {
		out.Unknown, out.Unknowns = h.Text(u.Reason), h.Addresses(u.References)
	}
	if s.Sensitive {
		return out
	}
	out.Document = h.Document(s.Document)
	for _, d := range s.Diagnostics {
		if d.IsError() {
			out.Errors = append(out.Errors, h.Text(d.String()))
		} else {
			out.Warnings = append(out.Warnings, h.Text(d.String()))
		}
	}
	return out
}
