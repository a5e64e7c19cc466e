package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// step is one module call on the way to a module instance.
type step struct {
	name string
	key  cty.Value // cty.NilVal when the call makes one instance
}

// maxAddress bounds addresses, whose parser is recursive, in bytes.
const maxAddress = 16 << 10

// moduleSteps takes the address of a module instance apart.
func moduleSteps(address string) ([]step, error) {
	if address == "" {
		return nil, nil
	}
	if len(address) > maxAddress {
		return nil, errTooMuch
	}
	t, ds := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if ds.HasErrors() {
		return nil, ds
	}
	var steps []step
	for i := 0; i < len(t); {
		if traversalName(t, i) != "module" || traversalName(t, i+1) == "" {
			return nil, fmt.Errorf("%q is no module address", address)
		}
		s := step{name: traversalName(t, i+1), key: cty.NilVal}
		i += 2
		if i < len(t) {
			if ix, ok := t[i].(hcl.TraverseIndex); ok {
				s.key = ix.Key
				i++
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func traversalName(t hcl.Traversal, i int) string {
	if i >= len(t) {
		return ""
	}
	switch p := t[i].(type) {
	case hcl.TraverseRoot:
		return p.Name
	case hcl.TraverseAttr:
		return p.Name
	}
	return ""
}

// traversalText writes a reference as it stands in the source.
func traversalText(t hcl.Traversal) string {
	var b strings.Builder
	for i, p := range t {
		if index, ok := p.(hcl.TraverseIndex); ok {
			b.WriteString(keyText(index.Key))
		} else if name := traversalName(t, i); name != "" {
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(name)
		}
	}
	return b.String()
}

// keyText writes an instance key as in an address.
func keyText(key cty.Value) string {
	switch {
	case key == cty.NilVal || !key.IsKnown() || key.IsNull():
		return ""
	case key.Type() == cty.String:
		return "[" + quote(key.AsString()) + "]"
	case key.Type() == cty.Number:
		return "[" + key.AsBigFloat().Text('f', -1) + "]"
	}
	return ""
}

// quote writes a text as Terraform does in addresses.
func quote(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' || r == '$' || r == '%' }) < 0 {
		return `"` + s + `"`
	}
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

func join(module, rest string) string {
	if module == "" {
		return rest
	}
	return module + "." + rest
}
