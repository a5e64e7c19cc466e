package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

func newExtract(s streams) *cobra.Command {
	var stack stackFlags
	o := scanner.Options{Stdin: s.in, Version: toolVersion(), Terraform: s.getenv(terraformEnv)}
	c := &cobra.Command{
		Use:   "extract PATH...",
		Short: "Print the policies found in a plan, before and after, as JSON",
		Long: `extract prints every policy-bearing attribute as JSON: address, attribute, kind, action, the
policy before and after the change, what is not known and why, and the place in the source; and the
links (attachments, boundaries, memberships, roles in use) and blocks that decide with them.
Policies that are marked as sensitive are left out, and the values of sensitive variables are
hidden.`,
		Example: "  grantdiff extract plan.json",
		Args:    needPaths,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if err := stack.apply(&o); err != nil {
				return err
			}
			o.Paths = paths
			all, err := scanner.Extract(cmd.Context(), o)
			if err != nil {
				return err
			}
			out := extracted{Policies: []extractedPolicy{}, Links: []extractedLink{}, Blocks: []extractedBlock{}, Diagnostics: []string{}}
			var secrets []string
			for _, x := range all {
				secrets = append(secrets, x.Secrets...)
			}
			hide := hider{scanner.NewRedactor(secrets)}
			for _, x := range all {
				seen := map[string]bool{}
				for _, part := range append([]extractors.Variant{{Grants: x.Grants, Links: x.Links, Blocks: x.Blocks}}, x.Variants...) {
					for i := range part.Grants {
						one := hide.grant(&part.Grants[i])
						if isNew(seen, one) {
							one.Under = hide.Text(part.Grants[i].Under.String())
							out.Policies = append(out.Policies, one)
						}
					}
					for i := range part.Links {
						one := hide.link(&part.Links[i])
						if isNew(seen, one) {
							one.Under = hide.Text(part.Links[i].Under.String())
							out.Links = append(out.Links, one)
						}
					}
					for i := range part.Blocks {
						one := hide.block(&part.Blocks[i])
						if isNew(seen, one) {
							one.Under = hide.Text(part.Blocks[i].Under.String())
							out.Blocks = append(out.Blocks, one)
						}
					}
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
	stack.add(c, &o)
	c.Flags().StringVar(&o.SourceDir, "source", ".", "folder of the configuration, for the lines of policies")
	return c
}

// isNew reports whether something is not among what was seen: what is the same under
// several choices about what is not known is printed once.
func isNew(seen map[string]bool, one any) bool {
	text, err := json.Marshal(one)
	if err != nil || seen[string(text)] {
		return err != nil
	}
	seen[string(text)] = true
	return true
}

// extracted is the answer of extract.
type extracted struct {
	Policies    []extractedPolicy `json:"policies"`
	Links       []extractedLink   `json:"links"`
	Blocks      []extractedBlock  `json:"blocks"`
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
	Does            string          `json:"does,omitempty"`  // of what is no policy: what it does
	Under           string          `json:"under,omitempty"` // choices about what is not known under which it is so
}

// extractedLink is what makes one thing take part in the access of another.
type extractedLink struct {
	Address   string              `json:"address"`
	Type      string              `json:"type,omitempty"`
	Attribute string              `json:"attribute"`
	Kind      extractors.LinkKind `json:"kind"`
	Action    string              `json:"action"`
	From      rules.Subject       `json:"from"`
	// Unknown says why From has neither an address nor a name.
	Unknown  string            `json:"unknown,omitempty"`
	Unknowns []string          `json:"unknowns,omitempty"`
	Before   []extractedTarget `json:"before"`
	After    []extractedTarget `json:"after"`
	Source   rules.Location    `json:"source"`
	Under    string            `json:"under,omitempty"`
}

type extractedTarget struct {
	Kind     string   `json:"kind"`
	Address  string   `json:"address,omitempty"`
	Name     string   `json:"name,omitempty"`
	Unknown  string   `json:"unknown,omitempty"`
	Unknowns []string `json:"unknowns,omitempty"`
}

// extractedBlock is a setting that holds access back and is no policy.
type extractedBlock struct {
	Address   string         `json:"address"`
	Type      string         `json:"type,omitempty"`
	Attribute string         `json:"attribute"`
	Action    string         `json:"action"`
	Subject   rules.Subject  `json:"subject"`
	Before    []string       `json:"before"`
	After     []string       `json:"after"`
	Unknown   string         `json:"unknown,omitempty"`
	Source    rules.Location `json:"source"`
	Under     string         `json:"under,omitempty"`
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
	// A mark on one side says that the attribute holds secrets; the other side may be of
	// a time when it was not marked.
	sensitive := g.Before.Sensitive || g.After.Sensitive
	return extractedPolicy{
		Address: h.Address(g.Address), PreviousAddress: h.Address(g.PreviousAddress), Type: g.Type, Attribute: h.Address(g.Attribute),
		Kind: g.Kind, Action: string(g.Action),
		Subject: h.subject(g.Subject),
		Before:  h.side(g.Before, sensitive), After: h.side(g.After, sensitive), Source: rules.LocationOf(g.Origin().Range),
		Does: g.Does,
	}
}

func (h hider) side(s extractors.Side, sensitive bool) extractedSide {
	out := extractedSide{Absent: s.Absent, Sensitive: s.Sensitive}
	if u := s.Unknown; u != nil {
		out.Unknown, out.Unknowns = h.Text(u.Reason), h.Addresses(u.References)
	}
	if sensitive {
		return out
	}
	for _, symbol := range s.Symbols {
		out.Unknowns = append(out.Unknowns, h.Address(symbol.Reference))
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

func (h hider) subject(s extractors.Subject) rules.Subject {
	return rules.Subject{Kind: s.Kind, Address: h.Address(s.Address), Name: h.Text(s.Name)}
}

func (h hider) link(l *extractors.Link) extractedLink {
	targets := func(list []extractors.Target) []extractedTarget {
		out := []extractedTarget{}
		for _, t := range list {
			one := extractedTarget{Kind: t.Kind, Address: h.Address(t.Address), Name: h.Text(t.Name)}
			if u := t.Unknown; u != nil {
				one.Unknown, one.Unknowns = h.Text(u.Reason), h.Addresses(u.References)
			}
			out = append(out, one)
		}
		return out
	}
	out := extractedLink{
		Address: h.Address(l.Address), Type: l.Type, Attribute: h.Address(l.Attribute), Kind: l.Kind, Action: string(l.Action),
		From: h.subject(l.From), Before: targets(l.Before), After: targets(l.After), Source: rules.LocationOf(l.Origin().Range),
	}
	if u := l.FromUnknown; u != nil {
		out.Unknown, out.Unknowns = h.Text(u.Reason), h.Addresses(u.References)
	}
	return out
}

func (h hider) block(b *extractors.Block) extractedBlock {
	out := extractedBlock{
		Address: h.Address(b.Address), Type: b.Type, Attribute: b.Attribute, Action: string(b.Action), Subject: h.subject(b.Subject),
		Before: append([]string{}, h.Texts(b.Before)...), After: append([]string{}, h.Texts(b.After)...), Source: rules.LocationOf(b.Origin().Range),
	}
	if b.Unknown != nil {
		out.Unknown = h.Text(b.Unknown.Reason)
	}
	return out
}
