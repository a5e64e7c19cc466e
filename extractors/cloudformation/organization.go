package cloudformation

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// openKind is the kind of a policy of an organization whose type is not known.
const openKind extractors.Kind = "?"

// organizationKinds tell the grammar of a policy of an organization on each side: "" for
// those that are not written in the IAM policy language.
func organizationKinds(v [2]*view) (out [2]extractors.Kind) {
	for i, one := range v {
		if !one.exists {
			continue
		}
		switch t, ok := one.prop("Type").Text(); {
		case t == "SERVICE_CONTROL_POLICY":
			out[i] = extractors.SCP
		case t == "RESOURCE_CONTROL_POLICY":
			out[i] = extractors.RCP
		case !ok || t == "" || one.scope.Symbols().Holds(t):
			out[i] = openKind
		}
	}
	return out
}

// openOrganization makes the sides unknown whose type is not known, unless all stays as
// it is. A policy that is new can take away only, whatever its type; one that is gone
// counts as the guard that it may have been.
func openOrganization(g *extractors.Grant, v [2]*view, docs [2]*tree.Node) {
	if !v[before].exists || !v[after].exists || sameText(docs[before], docs[after]) && sameProperty(v, "Type") {
		return
	}
	kinds := organizationKinds(v)
	for i, side := range []*extractors.Side{&g.Before, &g.After} {
		if kinds[i] == openKind {
			n := v[i].prop("Type")
			if n == nil {
				n = v[i].node
			}
			*side = extractors.Side{Unknown: v[i].w.x.unknown("The type of the policy is not known before the change.", n)}
		}
	}
}
