package cloudformation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/internal/diag"
)

// ofDefaults says of what cannot be read, and is the default of a parameter, that it is:
// the stack may have another value, and nothing at the place of the policy is wrong then.
func (v *view) ofDefaults(ds diag.Diagnostics) diag.Diagnostics {
	if !ds.HasErrors() {
		return ds
	}
	out := slices.Clone(ds)
	for i := range out {
		d := &out[i]
		if !d.IsError() {
			continue
		}
		name := v.scope.ParameterWithDefault(func(text string) bool { return strings.Contains(d.Summary, strconv.Quote(text)) })
		if name == "" {
			continue
		}
		d.Detail = fmt.Sprintf("It is the default of parameter %s. ", shown(name)) + d.Detail
		if v.u.stack.prefix == "" {
			d.Detail += fmt.Sprintf(" If the stack has another value, give it with --param %s=VALUE.", shown(name))
		}
	}
	return out
}
