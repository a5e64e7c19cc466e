package eval

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// fileFunctions read files of the source folder, and no others.
func (e *Evaluator) fileFunctions() map[string]function.Function {
	name := []function.Parameter{{Name: "path", Type: cty.String}}
	file := func(f func(string) (string, error)) function.Function {
		return function.New(&function.Spec{Params: name, Type: function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				s, err := e.file(args[0].AsString())
				if err == nil {
					s, err = f(s)
				}
				if err != nil {
					return cty.UnknownVal(cty.String), err
				}
				return cty.StringVal(s), nil
			}})
	}
	same := func(s string) (string, error) { return s, nil }
	table := map[string]function.Function{
		"file":             file(same),
		"filemd5":          file(hexMD5),
		"filesha256":       file(hexSHA256),
		"filebase64":       file(base64Encode),
		"filebase64sha256": file(base64SHA256),
	}
	for n, f := range table {
		table[n] = e.guard(n, f, false)
	}
	table["templatefile"] = e.guard("templatefile", e.templateFunction(func(name string) (string, string, error) {
		s, err := e.file(name)
		return s, name, err
	}), true, e.noSymbolFirst)
	table["templatestring"] = e.guard("templatestring", e.templateFunction(func(text string) (string, string, error) {
		if hasReserved(text) {
			return "", "", errBroken
		}
		return text, "templatestring", nil
	}), true, e.noSymbolFirst)
	return table
}

// file reads a file whose name is relative to the root module.
func (e *Evaluator) file(name string) (string, error) {
	if path.IsAbs(name) || strings.Contains(name, `\`) {
		return "", fmt.Errorf("%q is outside of the source folder", name)
	}
	text, err := e.tree.ReadFile(path.Join(e.modules.Root(), name))
	switch {
	case err != nil:
		return "", err
	case !utf8.Valid(text):
		return "", fmt.Errorf("%q is no text", name)
	case hasReserved(string(text)):
		return "", errReserved
	}
	return string(text), e.now.budget.charge(1, len(text))
}

// templateFunction renders a template with variables of its own.
func (e *Evaluator) templateFunction(load func(string) (text, name string, err error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "template", Type: cty.String}, anyValue("vars")},
		Type:   function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, name, err := load(args[0].AsString())
			if err != nil {
				return cty.DynamicVal, err
			}
			return e.template(text, name, args[1])
		},
	})
}

// maxNesting bounds the nesting of a template, whose parser is recursive.
const maxNesting = 500

func (e *Evaluator) template(text, name string, vars cty.Value) (cty.Value, error) {
	if !vars.IsKnown() {
		return cty.DynamicVal, nil
	}
	if t := vars.Type(); vars.IsNull() || !t.IsObjectType() && !t.IsMapType() {
		return cty.DynamicVal, errors.New("the variables of a template are no object")
	}
	if e.now.templates > 0 {
		return cty.DynamicVal, errors.New("a template in a template")
	}
	if config.Nesting([]byte(text)) > maxNesting {
		return cty.DynamicVal, errTooMuch
	}
	if err := e.now.budget.charge(1, len(text)); err != nil {
		return cty.DynamicVal, err
	}
	expr, ds := hclsyntax.ParseTemplate([]byte(text), name, hcl.InitialPos)
	if ds.HasErrors() {
		return cty.DynamicVal, ds
	}
	if err := e.instrument(expr); err != nil {
		return cty.DynamicVal, err
	}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: e.table}
	for it := vars.ElementIterator(); it.Next(); {
		k, v := it.Element()
		ctx.Variables[k.AsString()] = v
	}
	e.now.templates++
	defer func() { e.now.templates-- }()
	v, ds := expr.Value(ctx)
	if ds.HasErrors() {
		return cty.DynamicVal, ds
	}
	return v, nil
}
