package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/scanner"
)

func newSimulate(s streams) *cobra.Command {
	var files []string
	var requestFile, kindText, format string
	c := &cobra.Command{
		Use:   "simulate --policy FILE... --request FILE",
		Short: "Decide one concrete request against policy files",
		Long: `simulate decides one request: {"principal": "...", "action": "...", "resource": "...",
"context": {"key": ["value"]}}. Leave principal out for identity policies; "*" is an anonymous
caller. Several policies are one subject's documents together.`,
		Example: "  grantdiff simulate --policy policy.json --request request.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			q, err := s.readRequest(requestFile)
			if err != nil {
				return err
			}
			kind := policy.Identity
			if q.Principal.Type != policy.PrincipalNone {
				kind = policy.Resource
			}
			if kindText != "" {
				if kind, err = parseKind(kindText); err != nil {
					return err
				}
			}
			docs := make([]*policy.Document, len(files))
			for i, f := range files {
				if docs[i], err = s.readPolicy(f, policy.ParseOptions{Kind: kind}); err != nil {
					return err
				}
			}
			decision, deciders := policy.Evaluate(docs, q, policy.Reading{})
			return s.decision(decision, deciders, format)
		},
	}
	c.Flags().StringArrayVar(&files, "policy", nil, "policy file; repeatable")
	c.Flags().StringVar(&requestFile, "request", "", "request file")
	c.Flags().StringVar(&kindText, "type", "", "kind of the policies: identity or resource (default: resource if the request has a principal)")
	c.Flags().StringVar(&format, "format", "json", "output: json or text")
	require(c, "policy", "request")
	return c
}

func (s streams) readRequest(path string) (policy.Request, error) {
	var q policy.Request
	text, err := s.readFile(path)
	if err != nil {
		return q, err
	}
	if err := json.Unmarshal(text, &q); err != nil {
		return q, &scanner.InputError{Path: path, Err: fmt.Errorf("not a request: %w", err)}
	}
	return q, nil
}

func (s streams) decision(d policy.Decision, deciders []policy.Decider, format string) error {
	if deciders == nil {
		deciders = []policy.Decider{}
	}
	switch format {
	case "json":
		return s.json(struct {
			Decision   policy.Decision  `json:"decision"`
			Statements []policy.Decider `json:"statements"`
		}{d, deciders})
	case "text":
		var b strings.Builder
		fmt.Fprintln(&b, d)
		for _, by := range deciders {
			name := fmt.Sprintf("statement %d", by.Index)
			if by.Sid != "" {
				name += " (" + printable(by.Sid) + ")"
			}
			fmt.Fprintf(&b, "  %s by %s of policy %d\n", by.Effect, name, by.Policy)
		}
		return s.write(b.String())
	}
	return fmt.Errorf("unknown --format %q: expected json or text", format)
}

// requestText writes a request for people, one part a line.
func requestText(q *policy.Request) string {
	var b strings.Builder
	b.WriteString("For example:\n")
	line := func(label, value string) { fmt.Fprintf(&b, "  %-10s %s\n", printable(label), printable(value)) }
	if q.Principal.Type != policy.PrincipalNone {
		line("principal", q.Principal.String())
	}
	line("action", q.Action)
	line("resource", q.Resource)
	for _, k := range sortedKeys(q.Context) {
		line(k, strings.Join(q.Context[k], ", "))
	}
	return b.String()
}
