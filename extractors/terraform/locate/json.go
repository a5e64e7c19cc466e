package locate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// json walks an expression in JSON syntax: a list, an object, or a text that refers to
// something. A document that is written as a text in it has no lines of its own.
func (w *walker) json(x hcl.Expression, at spot) {
	if list, ds := hcl.ExprList(x); !ds.HasErrors() {
		for _, e := range list {
			w.walk(e, at)
		}
		return
	}
	if pairs, ds := hcl.ExprMap(x); !ds.HasErrors() {
		for _, p := range pairs {
			w.walk(p.Value, at)
		}
		return
	}
	for _, t := range x.Variables() {
		w.reference(t, at)
	}
}

func splitPath(s string) []string { return strings.Split(s, ".") }
