package terraform

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// linkForm says that an attribute links its subject to something: a role to a managed
// policy, a user to a group, a function to a role.
type linkForm struct {
	Kind extractors.LinkKind
	// Target is the kind of what the attribute names, and Types its resource types,
	// separated by bars.
	Target, Types string
}

// takeLink takes the links that one row makes of an object.
func (x *extraction) takeLink(o *object, op operation, r *row, before, after, unknown jsontext.Value) {
}
