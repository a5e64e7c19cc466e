package cloudformation

import (
	"cmp"
	"context"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/changeset"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// KindChangeSet is the kind of the extraction from the description of a change set.
const KindChangeSet = "cloudformation-change-set"

// extractChangeSet compares the two sides that the description of a change set has.
func extractChangeSet(ctx context.Context, doc *tree.Document, o Options) (extractors.Extraction, error) {
	c := changeset.Read(doc)
	ds := slices.Clone(c.Diagnostics)
	if o.PriorKnown {
		ds = append(ds, diag.Diagnostic{
			Severity: diag.Warning, Summary: "the prior state has no use",
			Detail:  "A change set says itself what was there before, and that is compared. Leave out --prior for it.",
			Subject: source.Range{Path: doc.Path},
		})
	}
	o.Account, o.Region = cmp.Or(c.Account, o.Account), cmp.Or(c.Region, o.Region)
	o.Partition, o.StackName = cmp.Or(c.Partition, o.Partition), cmp.Or(c.StackName, o.StackName)
	// Parameters are put in already; what is open has names of its own.
	o.Parameters, o.PriorParameters, o.Read, o.PriorRead, o.together = nil, nil, nil, nil, true
	x, err := ExtractTrees(ctx, c.After, c.Before, o)
	x.Kind = KindChangeSet
	x.Diagnostics = append(ds, x.Diagnostics...)
	x.Diagnostics.Sort()
	x.Incomplete = append(x.Incomplete, c.Incomplete...)
	return x, err
}
