package eval

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// outcome is what comes of an expression that may fail.
type outcome struct {
	value  cty.Value
	failed bool
}

// attempt evaluates an expression that may fail. Where it fails only because of what a
// text with a symbol looks like, nothing is known of it: with unknown values in the
// place of symbols it does not fail.
func (e *Evaluator) attempt(closure *customdecode.ExpressionClosure) (outcome, error) {
	if err := e.now.budget.charge(1, 0); err != nil {
		return outcome{}, err
	}
	before := e.now.hidden
	v, ds := closure.Value()
	if e.now.budget.spent {
		return outcome{}, errTooMuch
	}
	if !ds.HasErrors() {
		// Even what is not used has a type, which may not fit.
		if !v.IsWhollyKnown() || e.now.hidden != before {
			return outcome{value: cty.DynamicVal}, nil
		}
		return outcome{value: v}, nil
	}
	if e.now.partial {
		return outcome{value: cty.DynamicVal}, nil
	}
	_, ds = closure.Expression.Value(opaqueContext(closure.EvalContext))
	if e.now.budget.spent {
		return outcome{}, errTooMuch
	}
	if !ds.HasErrors() {
		return outcome{value: cty.DynamicVal}, nil
	}
	return outcome{failed: true}, nil
}

// opaqueContext hides the symbols in all values of a context.
func opaqueContext(ctx *hcl.EvalContext) *hcl.EvalContext {
	if ctx == nil {
		return nil
	}
	var child *hcl.EvalContext
	if parent := opaqueContext(ctx.Parent()); parent != nil {
		child = parent.NewChild()
	} else {
		child = &hcl.EvalContext{}
	}
	child.Functions = ctx.Functions
	if ctx.Variables != nil {
		child.Variables = map[string]cty.Value{}
		for name, v := range ctx.Variables {
			child.Variables[name] = anyType(v)
		}
	}
	return child
}

// anyType puts a value of unknown type in the place of each text with a symbol: what is
// taken for a text may turn out to be something else.
func anyType(v cty.Value) cty.Value {
	if !holdsSymbol(v) {
		return v
	}
	switch t := v.Type(); {
	case t.IsObjectType():
		fields := map[string]cty.Value{}
		for it := v.ElementIterator(); it.Next(); {
			k, f := it.Element()
			if isSymbolic(k) {
				return cty.DynamicVal
			}
			fields[k.AsString()] = anyType(f)
		}
		return cty.ObjectVal(fields)
	case t.IsTupleType():
		var list []cty.Value
		for it := v.ElementIterator(); it.Next(); {
			_, f := it.Element()
			list = append(list, anyType(f))
		}
		return cty.TupleVal(list)
	case isSymbolic(v):
		return cty.DynamicVal
	}
	return opaque(v)
}

// try is the first of its expressions that does not fail.
func (e *Evaluator) try() function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, a := range args {
				o, err := e.attempt(customdecode.ExpressionClosureFromVal(a))
				if err != nil || !o.failed {
					return o.value, err
				}
			}
			return cty.DynamicVal, errors.New("no expression of try succeeds")
		},
	})
}

// can tells whether an expression does not fail.
func (e *Evaluator) can() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			o, err := e.attempt(customdecode.ExpressionClosureFromVal(args[0]))
			switch {
			case err != nil:
				return cty.UnknownVal(cty.Bool), err
			case o.failed:
				return cty.False, nil
			case !o.value.IsWhollyKnown():
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.True, nil
		},
	})
}
