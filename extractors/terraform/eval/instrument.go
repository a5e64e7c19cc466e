package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// counted is an expression that is evaluated over and over, as for each element of a
// list, or whose text is put together with others.
type counted struct {
	hclsyntax.Expression
	e *Evaluator
}

// Unwrap is the expression as written.
func (c counted) Unwrap() hclsyntax.Expression { return c.Expression }

func (c counted) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	fail := func(err error) (cty.Value, hcl.Diagnostics) {
		return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: err.Error(), Subject: c.Range().Ptr()}}
	}
	if err := c.e.now.budget.charge(1, 0); err != nil {
		return fail(err)
	}
	v, ds := c.Expression.Value(ctx)
	if u, _ := v.Unmark(); u.Type() == cty.String && u.IsKnown() && !u.IsNull() {
		if err := c.e.now.budget.charge(0, len(u.AsString())); err != nil {
			return fail(err)
		}
	}
	return v, ds
}

// prepare makes an expression safe to evaluate: repeated parts are counted, and
// comparisons do not look into symbols. An expression is prepared once.
func (e *Evaluator) prepare(x hcl.Expression) prepared {
	if p, done := e.prepared[x]; done {
		return p
	}
	// The references first: they are not found any more through what is put around.
	p := prepared{refs: x.Variables()}
	p.err = e.instrument(x)
	e.prepared[x] = p
	return p
}

// prepared is what is known of an expression.
type prepared struct {
	refs []hcl.Traversal
	err  error // why it is not worked out
}

// prepareBody prepares all expressions of a body and returns what they refer to.
func (e *Evaluator) prepareBody(body *hclsyntax.Body) prepared {
	var all prepared
	add := func(p prepared) {
		all.refs = append(all.refs, p.refs...)
		if all.err == nil {
			all.err = p.err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		add(e.prepare(body.Attributes[name].Expr))
	}
	for _, b := range body.Blocks {
		add(e.prepareBody(b.Body))
	}
	return all
}

func (e *Evaluator) instrument(x hcl.Expression) error {
	if node, ok := x.(hclsyntax.Node); ok {
		return e.instrumentNode(node)
	}
	return e.plainJSON(x)
}

// instrumentNode prepares all that is written below a node of native syntax.
func (e *Evaluator) instrumentNode(node hclsyntax.Node) error {
	var problem error
	var loops []func()
	hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.LiteralValueExpr:
			if isSymbolic(n.Val) {
				problem = errReserved
			}
			if !fits(n.Val) {
				problem = errTooMuch
			}
		case *hclsyntax.BinaryOpExpr:
			switch n.Op {
			case hclsyntax.OpEqual:
				n.Op = &hclsyntax.Operation{Impl: e.equal, Type: cty.Bool}
			case hclsyntax.OpNotEqual:
				n.Op = &hclsyntax.Operation{Impl: e.notEqual, Type: cty.Bool}
			default:
				n.Op = e.bounded(n.Op)
			}
		case *hclsyntax.UnaryOpExpr:
			n.Op = e.bounded(n.Op)
		case *hclsyntax.ForExpr:
			loops = append(loops, func() {
				n.ValExpr = counted{n.ValExpr, e}
				if n.CondExpr != nil {
					n.CondExpr = counted{n.CondExpr, e}
				}
				if n.KeyExpr != nil {
					n.KeyExpr = counted{n.KeyExpr, e}
				}
			})
		case *hclsyntax.SplatExpr:
			loops = append(loops, func() { n.Each = counted{n.Each, e} })
		case *hclsyntax.TemplateExpr:
			loops = append(loops, func() {
				for i, part := range n.Parts {
					if _, literal := part.(*hclsyntax.LiteralValueExpr); !literal {
						n.Parts[i] = counted{part, e}
					}
				}
			})
		}
		return nil
	})
	for _, f := range loops {
		f()
	}
	return problem
}

// plainJSON reports an expression in JSON syntax that cannot be made safe: its
// templates are parsed anew each time, out of reach.
func (e *Evaluator) plainJSON(x hcl.Expression) error {
	r := x.Range()
	text, err := e.tree.ReadFile(r.Filename)
	if err != nil || r.Start.Byte < 0 || r.End.Byte > len(text) || r.Start.Byte > r.End.Byte {
		return fmt.Errorf("its source cannot be read again")
	}
	return plainTemplates(string(text[r.Start.Byte:r.End.Byte]))
}

// plainFile is plainJSON for a whole file.
func (e *Evaluator) plainFile(name string) error {
	text, err := e.tree.ReadFile(name)
	if err != nil {
		return fmt.Errorf("its source cannot be read again")
	}
	return plainTemplates(string(text))
}

func plainTemplates(s string) error {
	if hasReserved(s) || strings.Contains(s, `\u`) {
		return errReserved
	}
	for _, sign := range []string{"==", "!=", "for ", "[*]", ".*", "%{"} {
		if strings.Contains(s, sign) {
			return fmt.Errorf("it has %q in JSON syntax, which is not worked out", sign)
		}
	}
	return nil
}

// bounded is an operator whose numbers stay of a size that can be written out.
func (e *Evaluator) bounded(op *hclsyntax.Operation) *hclsyntax.Operation {
	if op.Type != cty.Number {
		return op
	}
	if done := e.operations[op]; done != nil {
		return done
	}
	impl := op.Impl
	done := &hclsyntax.Operation{Type: op.Type, ShortCircuit: op.ShortCircuit, Impl: function.New(&function.Spec{
		Params: impl.Params(), VarParam: impl.VarParam(), Type: function.StaticReturnType(op.Type),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !fits(a) {
					return cty.UnknownVal(op.Type), errTooMuch
				}
			}
			v, err := impl.Call(args)
			if err == nil && !fits(v) {
				err = errTooMuch
			}
			return v, err
		},
	})}
	e.operations[op], e.operations[done] = done, done
	return done
}

// comparison makes the operators for equality.
func (e *Evaluator) comparison(negate bool) function.Function {
	param := func(name string) function.Parameter {
		return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowNull: true}
	}
	return function.New(&function.Spec{
		Params: []function.Parameter{param("a"), param("b")},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !fits(args[0]) || !fits(args[1]) {
				return cty.UnknownVal(cty.Bool), errTooMuch
			}
			v, err := e.same(args[0], args[1])
			if !v.IsKnown() {
				if holdsSymbol(args[0]) || holdsSymbol(args[1]) {
					e.now.hide("a comparison")
				}
			}
			if err != nil || !v.IsKnown() || !negate {
				return v, err
			}
			return v.Not(), nil
		},
	})
}

// same compares two values without looking into symbols: a symbol is itself, is not
// null or empty where that is certain, and else may be anything.
func (e *Evaluator) same(a, b cty.Value) (cty.Value, error) {
	if !holdsSymbol(a) && !holdsSymbol(b) {
		return stdlib.Equal(a, b)
	}
	if a.IsWhollyKnown() && b.IsWhollyKnown() && a.RawEquals(b) {
		return cty.True, nil
	}
	if isSymbolic(b) {
		a, b = b, a
	}
	if !isSymbolic(a) || !b.IsKnown() {
		return cty.UnknownVal(cty.Bool), nil
	}
	switch {
	case b.IsNull():
		if e.solid(a.AsString()) {
			return cty.False, nil
		}
	case b.Type() == cty.String:
		x, y := a.AsString(), b.AsString()
		if y == "" && e.solid(x) || differInFront(e.known(x), e.known(y)) {
			return cty.False, nil
		}
	}
	return cty.UnknownVal(cty.Bool), nil
}

// solid reports whether a text with symbols is certain not to be empty.
func (e *Evaluator) solid(s string) bool {
	pieces, err := e.symbols.split(e.now.run, s)
	if err != nil {
		return false
	}
	for _, p := range pieces {
		if p.id < 0 || e.symbols.list[p.id].solid {
			return true
		}
	}
	return false
}

// prefix is what is known of the front of a text, and whether that is all of it.
type prefix struct {
	text string
	all  bool
}

func (e *Evaluator) known(s string) prefix {
	i := strings.IndexFunc(s, reserved)
	if i < 0 {
		return prefix{s, true}
	}
	if e.now.run != 0 {
		return prefix{strings.TrimSuffix(s[:i], string(secondLead)), false}
	}
	return prefix{s[:i], false}
}

func differInFront(a, b prefix) bool {
	n := min(len(a.text), len(b.text))
	switch {
	case a.text[:n] != b.text[:n]:
		return true
	case a.all && len(a.text) < len(b.text), b.all && len(b.text) < len(a.text):
		return true
	}
	return false
}
