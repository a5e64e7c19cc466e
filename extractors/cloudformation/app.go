package cloudformation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/cdk"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// KindStack is the kind of the extraction from a stack of a CDK app.
const KindStack = "cdk-stack"

// App is a CDK app as cdk synth writes it into a folder, and Stack is one of its stacks.
type (
	App   = cdk.Assembly
	Stack = cdk.Stack
)

// IsApp reports whether a folder is a CDK app.
func IsApp(folder string) bool { return cdk.Is(folder) }

// ReadApp reads a CDK app; see cdk.Read. SourceDir is the folder of its program.
func ReadApp(folder, sourceDir string) (*App, error) {
	return cdk.Read(folder, cdk.Options{SourceDir: sourceDir})
}

// AppManifest is the file that makes a folder a CDK app.
const AppManifest = cdk.ManifestName

// ExtractStack is Extract for a stack of a CDK app. What the app says of its account,
// region and name counts more than the options, and their parameters count more than
// those of the app.
//
// The manifest that was beside the template before is nil where there was none. A
// template that it does not list, or lists for another account, Region or stack, is not
// what the stack was before.
func ExtractStack(ctx context.Context, s *Stack, before, manifest []byte, o Options) (extractors.Extraction, error) {
	o.Path = s.Template.Path
	o.Account, o.Region, o.StackName = cmp.Or(s.Account, o.Account), cmp.Or(s.Region, o.Region), s.Name
	given := o.Parameters
	o.Parameters = withGiven(s.Parameters, given)
	prior := source.Clean(cmp.Or(o.PriorPath, o.Path))
	var (
		then       *tree.Document
		told       diag.Diagnostics
		incomplete string
	)
	if before != nil {
		then = tree.Parse(prior, before, tree.Limits{}).Unwrapped()
	}
	if p, ok := cdk.ReadPrior(manifest, path.Join(path.Dir(prior), cdk.ManifestName), path.Base(prior)); ok && then != nil {
		switch {
		case p.Stack == nil:
			then = nil // an earlier synthesis left it
		case s.Differs(p.Stack) != "":
			then = nil
			told = append(told, diag.Diagnostic{
				Severity: diag.Warning, Summary: "another stack than before",
				Detail: fmt.Sprintf("The app deploys %s to %s, so that it is new there with all of its access. Where that is not meant, synthesize both sides for the same environment.",
					s.Display, s.Differs(p.Stack)),
				Subject: source.Range{Path: o.Path},
			})
		default:
			incomplete = p.Incomplete
			if old := withGiven(p.Stack.Parameters, given); !maps.Equal(old, o.Parameters) {
				o.PriorParameters = old
			}
		}
	}
	x, err := ExtractTrees(ctx, s.Template, then, o)
	x.Kind = KindStack
	x.Diagnostics = append(told, x.Diagnostics...)
	if incomplete != "" {
		x.Incomplete = append(x.Incomplete, incomplete)
	}
	return x, err
}

// withGiven are the parameters of an app, and those that are given instead.
func withGiven(app, given map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, app)
	maps.Copy(out, given)
	return out
}
