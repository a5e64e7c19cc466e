package eval

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/json"
)

// maxName bounds the name of a symbol, in bytes.
const maxName = 200

// total are functions that make a text of any text. Others fail for some, so that even
// whether there is a result is not known.
var total = map[string]bool{
	"base64encode": true, "base64sha256": true, "basename": true, "chomp": true, "dirname": true,
	"indent": true, "lower": true, "md5": true, "replace": true, "sha1": true, "sha256": true, "sha512": true,
	"strrev": true, "substr": true, "title": true, "trim": true, "trimprefix": true, "trimspace": true,
	"trimsuffix": true, "upper": true, "urlencode": true,
}

// derived is the symbol for what a function makes of symbols: the same call makes the
// same text. Where the arguments hold wildcards the text could be one, so that it stays
// unknown.
func (e *Evaluator) derived(function string, args []cty.Value) cty.Value {
	if function == "replace" && isSymbolic(args[1]) { // perhaps a pattern, and a faulty one
		e.now.hide(function)
		return cty.UnknownVal(cty.String)
	}
	var parts, refs []string
	for _, a := range args {
		text, ref, ok := e.render(a)
		if !ok || strings.ContainsAny(text, "*?") {
			e.now.hide(function)
			return cty.UnknownVal(cty.String)
		}
		parts = append(parts, text)
		if ref != "" {
			refs = append(refs, ref)
		}
	}
	name := function + "(" + strings.Join(parts, ", ") + ")"
	if len(name) > maxName {
		name = fmt.Sprintf("%s... %x)", strings.ToValidUTF8(name[:maxName], ""), sha256.Sum256([]byte(name)))
	}
	return e.symbol(name, strings.Join(refs, ", "), false)
}

// symbol is the text of a symbol in the run at hand.
func (e *Evaluator) symbol(name, reference string, solid bool) cty.Value {
	return cty.StringVal(encode(e.now.run, e.symbols.id(name, reference, solid)))
}

// render writes an argument as people read it, the same in both runs.
func (e *Evaluator) render(v cty.Value) (text, reference string, ok bool) {
	if !v.IsWhollyKnown() {
		return "", "", false
	}
	if isSymbolic(v) {
		pieces, err := e.symbols.split(e.now.run, v.AsString())
		if err != nil {
			return "", "", false
		}
		for _, p := range pieces {
			if p.id >= 0 {
				text += e.symbols.list[p.id].name
				reference = e.symbols.list[p.id].reference
			} else {
				text += fmt.Sprintf("%q", p.literal)
			}
		}
		return text, reference, true
	}
	if holdsSymbol(v) {
		return "", "", false
	}
	b, err := json.Marshal(v, v.Type())
	return string(b), "", err == nil
}
