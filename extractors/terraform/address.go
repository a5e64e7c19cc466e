package terraform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// step is one part of a path of module calls: its name and its instance key as
// written in an address, or "".
type step struct{ name, key string }

// instanceKey renders an index as it stands in an address.
func instanceKey(v jsontext.Value) string {
	if s, ok := str(v); ok {
		return "[" + quoteHCL(s) + "]"
	}
	if isNull(v) {
		return ""
	}
	return "[" + string(v) + "]"
}

// deposedKey reads the key of a deposed object. Terraform 0.12 wrote a boolean.
func deposedKey(v jsontext.Value) string {
	if s, ok := str(v); ok {
		return s
	}
	if isTrue(v) {
		return "deposed"
	}
	return ""
}

// quoteHCL writes a string as Terraform does in addresses.
func quoteHCL(s string) string {
	if plain := strings.IndexFunc(s, func(r rune) bool {
		return r < ' ' || r > '~' || r == '"' || r == '\\' || r == '$' || r == '%'
	}) < 0; plain {
		return `"` + s + `"`
	}
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// completeAddress makes up for what hand-made or old plans leave out: an address,
// or the module and the mode, which are parts of the address.
func (x *extraction) completeAddress(o *object) {
	if o.module == "" && strings.HasPrefix(o.address, "module.") && o.name != "" {
		o.module = moduleOf(o.address)
	}
	if o.address == "" && o.typ != "" {
		prefix := o.module
		if prefix != "" {
			prefix += "."
		}
		if o.mode == "data" {
			prefix += "data."
		}
		o.address = prefix + o.typ + "." + o.name + o.index
	}
	if o.mode == "" {
		o.mode = "managed"
		if strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(o.address, o.module), "."), "data.") {
			o.mode = "data"
		}
	}
}

// addressFits reports whether the address names the type, the name and the module
// that the other members do. They are redundant, so a difference means damage.
func addressFits(o *object) bool {
	if o.name == "" { // left out in hand-made plans, and the module with it
		return strings.Contains(o.address, o.typ)
	}
	rest, ok := strings.CutPrefix(o.address, o.module)
	if !ok {
		return false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "."), "data.")
	return strings.HasPrefix(rest, o.typ+"."+o.name)
}

// isDataAddress reports whether the address is that of a data source.
func isDataAddress(o *object) bool {
	module := o.module
	if module == "" {
		module = moduleOf(o.address) // left out in hand-made plans
	}
	return strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(o.address, module), "."), "data.")
}

// modulePath takes the address of a module instance apart.
func modulePath(address string) ([]step, error) {
	if address == "" {
		return nil, nil
	}
	if path := plainPath(address); path != nil {
		return path, nil
	}
	t, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	var path []step
	for i := 0; i < len(t); {
		if part(t, i) != "module" || part(t, i+1) == "" {
			return nil, fmt.Errorf("%q is no module address", limited(address))
		}
		s := step{name: part(t, i+1)}
		i += 2
		if i < len(t) {
			if ix, ok := t[i].(hcl.TraverseIndex); ok {
				s.key = keyText(ix.Key)
				i++
			}
		}
		path = append(path, s)
	}
	return path, nil
}

// plainPath is modulePath for addresses as almost all are: with keys that are small
// numbers or texts without escapes, as they are written in the path. It is nil for others.
func plainPath(address string) []step {
	path := make([]step, 0, 1+strings.Count(address, ".module."))
	for rest := address; ; {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, "module."); !ok {
			return nil
		}
		n := nameLength(rest)
		if n == 0 {
			return nil
		}
		s := step{name: rest[:n]}
		rest = rest[n:]
		if strings.HasPrefix(rest, "[") {
			text, after, ok := strings.Cut(rest[1:], "]")
			if !ok || !isPlainKey(text) {
				return nil
			}
			s.key, rest = rest[:len(text)+2], after
		}
		path = append(path, s)
		if rest == "" {
			return path
		}
		if rest, ok = strings.CutPrefix(rest, "."); !ok {
			return nil
		}
	}
}

// nameLength is the length of the name that a text starts with, 0 where it does not start
// with one of ASCII letters, digits, _ and -.
func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && (s[n] == '-' || s[n] >= '0' && s[n] <= '9')) {
		n++
	}
	return n
}

// maxAddress is the longest address that is parsed, in bytes: far beyond any real
// one, and short enough for the recursive parser.
const maxAddress = 16 << 10

func parseAddress(address string) (hcl.Traversal, error) {
	if len(address) > maxAddress {
		return nil, fmt.Errorf("an address has more than %d bytes", maxAddress)
	}
	if t := plainAddress(address); t != nil {
		return t, nil
	}
	t, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%q is no address", limited(address))
	}
	return t, nil
}

// plainAddress parses an address of names, numbers and plain keys, as nearly all are,
// without the parser; nil for others. It leaves out the ranges.
func plainAddress(address string) hcl.Traversal {
	t := make(hcl.Traversal, 0, 1+strings.Count(address, ".")+strings.Count(address, "["))
	for rest := address; ; {
		n := nameLength(rest)
		switch name := rest[:n]; {
		case n == 0:
			return nil
		case len(t) == 0:
			t = append(t, hcl.TraverseRoot{Name: name})
		default:
			t = append(t, hcl.TraverseAttr{Name: name})
		}
		rest = rest[n:]
		for strings.HasPrefix(rest, "[") {
			text, after, ok := strings.Cut(rest[1:], "]")
			key := plainKey(text)
			if !ok || key == cty.NilVal {
				return nil
			}
			t = append(t, hcl.TraverseIndex{Key: key})
			rest = after
		}
		if rest == "" {
			return t
		}
		if rest[0] != '.' {
			return nil
		}
		rest = rest[1:]
	}
}

// plainKey reads a key that isPlainKey.
func plainKey(text string) cty.Value {
	switch {
	case !isPlainKey(text):
		return cty.NilVal
	case text[0] == '"':
		return cty.StringVal(text[1 : len(text)-1])
	}
	n, _ := strconv.Atoi(text) // a number, as just checked
	return cty.NumberIntVal(int64(n))
}

// isPlainKey reports whether a key is a small number, or a text in quotes that has no need
// of escapes.
func isPlainKey(text string) bool {
	if text == "" {
		return false
	}
	if text[0] != '"' {
		n, err := strconv.Atoi(text)
		return err == nil && n >= 0 && strconv.Itoa(n) == text && len(text) < 10
	}
	quoted, ok := strings.CutPrefix(text, `"`)
	key, more := strings.CutSuffix(quoted, `"`)
	return ok && more && !strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' || r == '$' || r == '%' })
}

// part is the name at one place of a traversal, or "" when there is none.
func part(t hcl.Traversal, i int) string {
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

func keyText(key cty.Value) string {
	switch {
	case !key.IsKnown() || key.IsNull():
		return ""
	case key.Type() == cty.String:
		return "[" + quoteHCL(key.AsString()) + "]"
	case key.Type() == cty.Number:
		return "[" + key.AsBigFloat().Text('f', -1) + "]"
	}
	return ""
}

func joinModules(path []step) string {
	var b strings.Builder
	for i, s := range path {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString("module." + s.name + s.key)
	}
	return b.String()
}

// limited shortens text from the input for messages.
func limited(s string) string {
	const limit = 200
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
