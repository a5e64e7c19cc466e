package terraform

import (
	"github.com/go-json-experiment/json/jsontext"
)

// permitForm says which statement an object amounts to that gives access without a
// policy document: a share, a grant, a permission, an open endpoint.
type permitForm struct {
	// Does completes "It ...".
	Does string
}

// takePermit takes the grant that one row makes of an object.
func (x *extraction) takePermit(o *object, op operation, r *row, before, after, unknown, sensBefore, sensAfter jsontext.Value) {
}
