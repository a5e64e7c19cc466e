package eval

import (
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// relative is the folder of a module as seen from the root module.
func relative(root, dir string) string {
	r, err := filepath.Rel(filepath.FromSlash(root), filepath.FromSlash(dir))
	if err != nil {
		return dir
	}
	return filepath.ToSlash(r)
}

// cleaned is a message without the runes of symbols.
func cleaned(s string) string {
	return strings.Map(func(r rune) rune {
		if reserved(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// variable is the value of an input variable: what the plan or the caller gives, or
// else the default.
func (s *scope) variable(name string) cty.Value {
	full := join(s.address, "var."+name)
	return s.once("var "+name, full, func() cty.Value {
		if s.dir == nil {
			return s.given(name, nil)
		}
		b := s.dir.Variable(name)
		if b == nil {
			s.m.because("%s is not declared in the sources", full)
			return cty.DynamicVal
		}
		return s.typed(full, b, s.given(name, b))
	})
}

// given is the value of a variable before its type is applied.
func (s *scope) given(name string, b *config.Block) cty.Value {
	full := join(s.address, "var."+name)
	v := cty.NullVal(cty.DynamicPseudoType)
	set := false
	if s.caller == nil {
		if raw, ok := s.e.plan.Variable(name); ok {
			v, set = s.fromJSON(raw), true
		}
	} else {
		if s.module == nil || s.module.Call == nil {
			s.m.because("the call of module %s is not in the sources", s.address)
			return cty.DynamicVal
		}
		if a := s.module.Call.Attribute(name); a != nil {
			last := s.path[len(s.path)-1]
			v, set = s.caller.valueOf(full, a.Expr, s.caller.repetitionOf(s.module.Call, last.key)), true
		}
	}
	if b == nil {
		if !set {
			return cty.DynamicVal
		}
		return v
	}
	if set && (!v.IsKnown() || !v.IsNull() || !refusesNull(b)) {
		return v
	}
	d := b.Attribute("default")
	if d == nil {
		s.m.because("the value of %s is not in the plan", full)
		return cty.DynamicVal
	}
	return s.valueOf(full, d.Expr, repetition{key: cty.NilVal})
}

// refusesNull reports whether null means the default.
func refusesNull(b *config.Block) bool {
	a := b.Attribute("nullable")
	if a == nil {
		return false
	}
	v, ds := a.Expr.Value(nil)
	return !ds.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
}

// parseType reads a type that is written as a text.
func parseType(text string) (hcl.Expression, hcl.Diagnostics) {
	if len(text) > maxAddress || config.Nesting([]byte(text)) > maxDepth {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "the type is too long"}}
	}
	return hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
}

// typed converts a value to the type of a variable.
func (s *scope) typed(full string, b *config.Block, v cty.Value) cty.Value {
	a := b.Attribute("type")
	if a == nil || v == cty.DynamicVal {
		return v
	}
	var t cty.Type
	var defaults *typeexpr.Defaults
	if a.Block.JSON() {
		// In JSON syntax the type is an expression in a text.
		text, ds := a.Expr.Value(nil)
		if ds.HasErrors() || text.Type() != cty.String || text.IsNull() {
			return cty.DynamicVal
		}
		x, ds := parseType(text.AsString())
		if ds.HasErrors() {
			return cty.DynamicVal
		}
		t, defaults, ds = typeexpr.TypeConstraintWithDefaults(x)
		if ds.HasErrors() {
			return cty.DynamicVal
		}
	} else {
		var ds hcl.Diagnostics
		t, defaults, ds = typeexpr.TypeConstraintWithDefaults(a.Expr)
		if ds.HasErrors() {
			s.m.because("the type of %s cannot be read", full)
			return cty.DynamicVal
		}
	}
	if defaults != nil && !v.IsNull() && v.IsKnown() {
		v = defaults.Apply(v)
	}
	if !fits(v) {
		return cty.DynamicVal
	}
	w, err := convert.Convert(v, t)
	if err != nil {
		s.m.because("%s is not of its type", full)
		return cty.DynamicVal
	}
	return w
}

// local is a local value.
func (s *scope) local(name string) cty.Value {
	full := join(s.address, "local."+name)
	return s.once("local "+name, full, func() cty.Value {
		if s.dir == nil || s.dir.Local(name) == nil {
			s.m.because("%s is not in the sources", full)
			return cty.DynamicVal
		}
		return s.valueOf(full, s.dir.Local(name).Expr, repetition{key: cty.NilVal})
	})
}

// call is what module.NAME means: the outputs of the module, by instance where the call
// makes several.
func (s *scope) call(name string, t hcl.Traversal) cty.Value {
	full := join(s.address, "module."+name)
	return s.once("module "+name, full, func() cty.Value {
		var b *config.Block
		if s.dir != nil {
			b = s.dir.Call(name)
		}
		if b == nil {
			s.m.because("%s is not in the sources", full)
			return cty.DynamicVal
		}
		return s.expand(full, b, func(key cty.Value) cty.Value {
			path := append(append([]step(nil), s.path...), step{name, key})
			if len(path) > maxDepth {
				return cty.DynamicVal
			}
			return s.e.scopeOf(path).outputs()
		})
	})
}

// outputs are the output values of a module instance.
func (s *scope) outputs() cty.Value {
	if s.dir == nil {
		s.m.because("the sources of %s are not there", s.address)
		return cty.DynamicVal
	}
	values := map[string]cty.Value{}
	for _, name := range s.dir.Outputs() {
		values[name] = s.once("output "+name, join(s.address, name), func() cty.Value {
			a := s.dir.Output(name).Attribute("value")
			if a == nil {
				return cty.DynamicVal
			}
			return s.valueOf(join(s.address, name), a.Expr, repetition{key: cty.NilVal})
		})
	}
	return cty.ObjectVal(values)
}

// expand makes the value of a block from those of its instances: one, a list by count,
// or an object by the keys of for_each.
func (s *scope) expand(full string, b *config.Block, instance func(key cty.Value) cty.Value) cty.Value {
	none := repetition{key: cty.NilVal}
	if a := b.Attribute("count"); a != nil {
		n := s.valueOf(full+" count", a.Expr, none)
		if n.IsKnown() && !n.IsNull() {
			n, _ = convert.Convert(n, cty.Number)
		}
		if n == cty.NilVal || !n.IsKnown() || n.IsNull() || n.Type() != cty.Number {
			s.m.because("the count of %s is not known", full)
			return cty.DynamicVal
		}
		k, _ := n.AsBigFloat().Int64()
		if k < 0 || k > maxInstances {
			return cty.DynamicVal
		}
		list := make([]cty.Value, k)
		for i := range list {
			list[i] = instance(cty.NumberIntVal(int64(i)))
		}
		return cty.TupleVal(list)
	}
	if a := b.Attribute("for_each"); a != nil {
		all := s.valueOf(full+" for_each", a.Expr, none)
		if !all.IsKnown() || all.IsNull() || !all.CanIterateElements() || all.LengthInt() > maxInstances {
			s.m.because("the instances of %s are not known", full)
			return cty.DynamicVal
		}
		values := map[string]cty.Value{}
		for it := all.ElementIterator(); it.Next(); {
			k, v := it.Element()
			if all.Type().IsSetType() {
				k = v
			}
			if !k.IsKnown() || k.IsNull() || k.Type() != cty.String || hasReserved(k.AsString()) {
				s.m.because("the instances of %s are not known", full)
				return cty.DynamicVal
			}
			values[k.AsString()] = instance(k)
		}
		return cty.ObjectVal(values)
	}
	return instance(cty.NilVal)
}

// maxInstances bounds the instances of one block.
const maxInstances = 2000
