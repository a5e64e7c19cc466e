package terraform

import (
	"github.com/go-json-experiment/json/jsontext"
)

// blockForm says which settings hold access back, and with which values.
type blockForm struct {
	// Does completes "It ...".
	Does string
}

// takeBlock takes the block that one row makes of an object.
func (x *extraction) takeBlock(o *object, op operation, r *row, before, after, unknown jsontext.Value) {
}
