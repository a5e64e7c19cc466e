package cloudformation

import (
	"cmp"
	"context"
	"maps"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/cdk"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
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

// ExtractStack is Extract for a stack of a CDK app. What the app says of its account,
// region and name counts more than the options, and their parameters count more than
// those of the app.
func ExtractStack(ctx context.Context, s *Stack, before []byte, o Options) (extractors.Extraction, error) {
	o.Path = s.Template.Path
	o.Account, o.Region, o.StackName = cmp.Or(s.Account, o.Account), cmp.Or(s.Region, o.Region), s.Name
	parameters := maps.Clone(s.Parameters)
	if parameters == nil {
		parameters = map[string]string{}
	}
	maps.Copy(parameters, o.Parameters)
	o.Parameters = parameters
	var then *tree.Document
	if before != nil {
		then = tree.Parse(source.Clean(cmp.Or(o.PriorPath, o.Path)), before, tree.Limits{}).Unwrapped()
	}
	x, err := ExtractTrees(ctx, s.Template, then, o)
	x.Kind = KindStack
	return x, err
}
