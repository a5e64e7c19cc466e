package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/report"
)

func newCheck(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "check",
		Short: "Ask one question about policy files, as IAM Access Analyzer does",
		Long: `check answers as the custom policy checks of IAM Access Analyzer do, offline, and shows
a request that proves a FAIL. A file name "-" is standard input.

Exit codes: 0 PASS, 1 FAIL, 2 usage or input error, 3 undetermined.`,
	}
	c.AddCommand(newNoNewAccess(s), newNotGranted(s), newNoPublicAccess(s))
	return c
}

// checkFlags are shared by the checks; kind only by those of both kinds of policies.
type checkFlags struct {
	kind, format string
	engine       access.Options
}

func (f *checkFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.format, "format", "text", "output: text or json")
	openWorldFlag(c, &f.engine.StrictOpenWorld)
}

func (f *checkFlags) registerKind(c *cobra.Command) {
	c.Flags().StringVar(&f.kind, "type", "identity", "kind of the policies: identity or resource")
}

func openWorldFlag(c *cobra.Command, strict *bool) {
	c.Flags().BoolVar(strict, "strict-open-world", false, "use no facts about AWS: any request is taken to be possible")
}

func newNoNewAccess(s streams) *cobra.Command {
	var flags checkFlags
	var existing, updated string
	c := &cobra.Command{
		Use:     "no-new-access --existing FILE --new FILE",
		Short:   "Does the new policy allow anything that the existing one does not?",
		Example: "  grantdiff check no-new-access --existing before.json --new after.json --type identity",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			kind, err := parseKind(flags.kind)
			if err != nil {
				return err
			}
			old, err := s.readPolicy(existing, policy.ParseOptions{Kind: kind, Reference: true})
			if err != nil {
				return err
			}
			now, err := s.readPolicy(updated, policy.ParseOptions{Kind: kind})
			if err != nil {
				return err
			}
			return s.answer(analyzer.NoNewAccess(old, now, flags.engine), flags.format)
		},
	}
	flags.register(c)
	flags.registerKind(c)
	c.Flags().StringVar(&existing, "existing", "", "policy to compare with, the reference")
	c.Flags().StringVar(&updated, "new", "", "policy to check")
	require(c, "existing", "new")
	return c
}

func newNotGranted(s streams) *cobra.Command {
	var flags checkFlags
	var file string
	var listed access.Access
	c := &cobra.Command{
		Use:     "access-not-granted --policy FILE [--actions A,B] [--resources R,S]",
		Short:   "Does the policy allow any of the listed actions on any of the listed resources?",
		Example: "  grantdiff check access-not-granted --policy policy.json --actions iam:PassRole,iam:CreateUser",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			kind, err := parseKind(flags.kind)
			if err != nil {
				return err
			}
			doc, err := s.readPolicy(file, policy.ParseOptions{Kind: kind})
			if err != nil {
				return err
			}
			a, err := analyzer.AccessNotGranted(doc, listed, flags.engine)
			if err != nil {
				return err
			}
			return s.answer(a, flags.format)
		},
	}
	flags.register(c)
	flags.registerKind(c)
	c.Flags().StringVar(&file, "policy", "", "policy to check")
	c.Flags().StringSliceVar(&listed.Actions, "actions", nil, "actions that must not be allowed; none: any action")
	c.Flags().StringSliceVar(&listed.Resources, "resources", nil, "resource ARNs that must not be reachable; none: any resource")
	require(c, "policy")
	return c
}

func newNoPublicAccess(s streams) *cobra.Command {
	var flags checkFlags
	var file, resourceType string
	c := &cobra.Command{
		Use:   "no-public-access --policy FILE --resource-type TYPE",
		Short: "Can the resource policy give everyone access?",
		Long: "no-public-access says whether a resource policy can give public access to a resource of\n" +
			"the type, one of:\n\n  " + strings.Join(access.ResourceTypes(), "\n  "),
		Example: "  grantdiff check no-public-access --policy bucket.json --resource-type AWS::S3::Bucket",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			doc, err := s.readPolicy(file, policy.ParseOptions{Kind: policy.Resource})
			if err != nil {
				return err
			}
			a, err := analyzer.NoPublicAccess(doc, resourceType, flags.engine)
			if err != nil {
				return err
			}
			return s.answer(a, flags.format)
		},
	}
	c.Flags().StringVar(&file, "policy", "", "resource policy to check")
	c.Flags().StringVar(&resourceType, "resource-type", "", "type of the resource, as CloudFormation names it")
	flags.register(c)
	require(c, "policy", "resource-type")
	return c
}

func require(c *cobra.Command, flags ...string) {
	for _, f := range flags {
		if err := c.MarkFlagRequired(f); err != nil {
			panic(err) // the flag is not defined: a broken program
		}
	}
}

// answer prints a, and turns it into the exit code.
func (s streams) answer(a analyzer.Answer, format string) error {
	switch format {
	case "json":
		if err := s.json(a); err != nil {
			return err
		}
	case "text":
		var b strings.Builder
		fmt.Fprintf(&b, "%s: %s\n", a.Result, printable(a.Message))
		for _, r := range a.Reasons {
			fmt.Fprintf(&b, "  %s\n", printable(r.Description))
		}
		if a.Witness != nil {
			b.WriteString(requestText(a.Witness))
		}
		if err := s.write(b.String()); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown --format %q: expected text or json", format)
	}
	switch a.Result {
	case access.Pass.String():
		return nil
	case access.Fail.String():
		return exitError(exitFindings)
	}
	return exitError(exitUndecided)
}

// json prints v indented, with nothing in it that a terminal or a log acts on.
func (s streams) json(v any) error {
	b, err := report.EncodeJSON(v)
	if err != nil {
		return err
	}
	return s.write(string(b))
}

// write writes an answer, which must not get lost in silence.
func (s streams) write(text string) error {
	if _, err := io.WriteString(s.out, text); err != nil {
		return &outputError{err}
	}
	return nil
}
