package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Target is one attribute of one object.
type Target struct {
	Module, Type, Name string
	Address            string // of the object
	// Steps are the nested blocks that lead to the attribute, and its name.
	Steps []string
	// Block is the value of the argument name of the nested block, where blocks of its
	// type are told apart by one; with Steps of one element it means nothing.
	Block string
}

// Policy works out the text of a policy document.
func (e *Evaluator) Policy(t Target) (text string, symbols []Symbol, err error) {
	values, err := e.twice(func() (cty.Value, error) { return e.target(t) })
	if err != nil {
		return "", nil, err
	}
	var texts [2]string
	for i, v := range values {
		if v.IsNull() || v.Type() != cty.String {
			return "", nil, errors.New("what it is set to is no text")
		}
		texts[i] = v.AsString()
	}
	return e.policyText(texts)
}

// Text works out an attribute that is one text.
func (e *Evaluator) Text(t Target) (text string, symbols []Symbol, err error) {
	list, symbols, err := e.Texts(t)
	if err != nil {
		return "", nil, err
	}
	if len(list) != 1 {
		return "", nil, errors.New("it is no single text")
	}
	return list[0], symbols, nil
}

// Texts works out an attribute that is a text, or a list of texts, in sorted order.
func (e *Evaluator) Texts(t Target) (list []string, symbols []Symbol, err error) {
	values, err := e.twice(func() (cty.Value, error) { return e.target(t) })
	if err != nil {
		return nil, nil, err
	}
	var runs [2][]string
	used := map[int]bool{}
	for i, v := range values {
		texts, err := flat(v)
		if err != nil {
			return nil, nil, err
		}
		for j, s := range texts {
			pieces, err := e.symbols.split(i, s)
			if err != nil {
				return nil, nil, err
			}
			for _, p := range pieces {
				if p.id >= 0 {
					used[p.id] = true
				}
			}
			texts[j] = e.symbols.readable(i, s)
		}
		slices.Sort(texts)
		runs[i] = texts
	}
	if !slices.Equal(runs[0], runs[1]) {
		return nil, nil, errBroken
	}
	return runs[0], e.used(used), nil
}

func flat(v cty.Value) ([]string, error) {
	switch {
	case v.IsNull():
		return nil, nil
	case v.Type().IsPrimitiveType(): // an attribute of type string takes numbers and truth values as well
		w, err := convert.Convert(v, cty.String)
		if err != nil {
			return nil, err
		}
		return []string{w.AsString()}, nil
	case !v.CanIterateElements() || v.Type().IsObjectType() || v.Type().IsMapType():
		return nil, errors.New("it is neither a text nor a list of texts")
	}
	var list []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() || e.Type() != cty.String {
			return nil, errors.New("it is neither a text nor a list of texts")
		}
		list = append(list, e.AsString())
	}
	return list, nil
}

// used lists symbols in a fixed order.
func (e *Evaluator) used(ids map[int]bool) []Symbol {
	var list []Symbol
	for id := range ids {
		s := e.symbols.list[id]
		list = append(list, Symbol{Text: symbolText(s.name), Reference: s.reference})
	}
	slices.SortFunc(list, func(a, b Symbol) int { return strings.Compare(a.Text, b.Text) })
	return list
}

// Own works out an attribute that the object has, whether or not the configuration sets
// it, such as its ARN.
func (e *Evaluator) Own(t Target) (text string, symbols []Symbol, err error) {
	values, err := e.twice(func() (cty.Value, error) {
		o, err := e.find(t)
		if err != nil {
			return cty.DynamicVal, err
		}
		return o.attribute(t.Steps[0]), nil
	})
	if err != nil {
		return "", nil, err
	}
	used := map[int]bool{}
	var texts [2]string
	for i, v := range values {
		if v.IsNull() || v.Type() != cty.String {
			return "", nil, errors.New("it is no text")
		}
		if v, err = e.named(i, v, used); err != nil {
			return "", nil, err
		}
		texts[i] = v.AsString()
	}
	if texts[0] != texts[1] {
		return "", nil, errBroken
	}
	return texts[0], e.used(used), nil
}

// Value works out an attribute with symbols as texts that people read.
func (e *Evaluator) Value(t Target) (cty.Value, []Symbol, error) {
	values, err := e.twice(func() (cty.Value, error) { return e.target(t) })
	if err != nil {
		return cty.DynamicVal, nil, err
	}
	used := map[int]bool{}
	var out [2]cty.Value
	for i, v := range values {
		if out[i], err = e.named(i, v, used); err != nil {
			return cty.DynamicVal, nil, err
		}
	}
	if !out[0].RawEquals(out[1]) {
		return cty.DynamicVal, nil, errBroken
	}
	return out[0], e.used(used), nil
}

// named puts the names of symbols in their place.
func (e *Evaluator) named(run int, v cty.Value, used map[int]bool) (cty.Value, error) {
	return cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !isSymbolic(v) {
			return v, nil
		}
		pieces, err := e.symbols.split(run, v.AsString())
		if err != nil {
			return v, err
		}
		for _, p := range pieces {
			if p.id >= 0 {
				used[p.id] = true
			}
		}
		return cty.StringVal(e.symbols.readable(run, v.AsString())), nil
	})
}

// target evaluates an attribute in the run at hand.
func (e *Evaluator) target(t Target) (cty.Value, error) {
	o, err := e.find(t)
	if err != nil {
		return cty.DynamicVal, err
	}
	if len(t.Steps) > 1 {
		return o.inside(t)
	}
	if o.block == nil {
		return cty.DynamicVal, errNoSource
	}
	a := o.block.Attribute(t.Steps[0])
	if a == nil {
		return cty.DynamicVal, ErrNotSet
	}
	return o.s.evaluate(a.Expr, o.s.repetitionOf(o.block, o.key()))
}

// Subjects are what the expression of an attribute refers to: variables, local values,
// modules, data sources and resources, each once, in order. The second result is false
// where the sources do not set the attribute.
func (e *Evaluator) Subjects(t Target) ([]string, bool) {
	s, err := e.scope(t.Module)
	if err != nil || len(t.Steps) != 1 {
		return nil, false
	}
	block := s.block("managed", t.Type, t.Name)
	if block == nil {
		return nil, false
	}
	a := block.Attribute(t.Steps[0])
	if a == nil {
		return nil, false
	}
	var list []string
	for _, ref := range e.prepare(a.Expr).refs {
		if name := Subject(ref); name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list, true
}

// Subject is the variable, local value, module, data source or resource that a
// reference begins with; "" for each, count, path and the like.
func Subject(t hcl.Traversal) string {
	n := 2
	switch traversalName(t, 0) {
	case "each", "count", "path", "self", "terraform", "tofu":
		return ""
	case "data", "resource":
		n = 3
	}
	if len(t) < n {
		return ""
	}
	return traversalText(t[:n])
}

// find opens the object of a target.
func (e *Evaluator) find(t Target) (*object, error) {
	s, err := e.scope(t.Module)
	if err != nil {
		return nil, err
	}
	list, _ := e.plan.Instances(t.Module, "managed", t.Type, t.Name)
	i := slices.IndexFunc(list, func(inst *Instance) bool { return inst.Address == t.Address })
	if i < 0 {
		return nil, errNotKept
	}
	block := s.block("managed", t.Type, t.Name)
	o := s.open(t.Type, block, list[i])
	if o == nil {
		return nil, s.m.unknown()
	}
	return o, nil
}

// ErrNotSet says that the configuration leaves the attribute to the provider.
var ErrNotSet = errors.New("the sources do not set it")

// errNotKept: what a plan says of its objects is kept up to a bound.
var errNotKept = errors.New("the plan is too large for the values of all its resources to be kept; scan a plan of a part of it, as terraform plan -target makes it")

var errNoSource = errors.New("its block is not in the sources")

// inside evaluates an attribute of a nested block.
func (o *object) inside(t Target) (cty.Value, error) {
	if o.block == nil {
		return cty.DynamicVal, errNoSource
	}
	if len(t.Steps) != 2 {
		return cty.DynamicVal, ErrNotSet
	}
	rep := o.s.repetitionOf(o.block, o.key())
	blocks, err := o.s.nestedBlocks(o.block, t.Steps[0], rep)
	if err != nil {
		return cty.DynamicVal, err
	}
	r := &reader{s: o.s}
	found := -1
	var value cty.Value
	for i, b := range blocks {
		v, _ := r.content(b, schema([]string{"name", t.Steps[1]}))
		if r.err != nil {
			return cty.DynamicVal, r.err
		}
		name := r.text(v["name"])
		if r.err != nil {
			return cty.DynamicVal, r.err
		}
		if t.Block != "" && name != t.Block && len(blocks) > 1 {
			continue
		}
		if found >= 0 {
			return cty.DynamicVal, fmt.Errorf("several blocks %s could be meant", t.Steps[0])
		}
		found, value = i, v[t.Steps[1]]
	}
	if found < 0 || value == cty.NilVal {
		return cty.DynamicVal, ErrNotSet
	}
	return value, nil
}

// Document builds the policy of a data source that the plan defers, without sources:
// its blocks are in the plan. Others answers for documents that it is made from, by
// attribute and place in the list of n.
func (e *Evaluator) Document(inst *Instance, find func(of *Instance, attribute string, i, n int) *Instance) (text string, symbols []Symbol, err error) {
	depth := 0
	var build func(inst *Instance) (cty.Value, error)
	build = func(inst *Instance) (cty.Value, error) {
		if depth++; depth > maxDepth {
			return cty.DynamicVal, errTooMuch
		}
		v, err := e.scopeOf(nil).planDocument(inst, func(of *Instance, attribute string, i, n int) (string, error) {
			next := find(of, attribute, i, n)
			if next == nil {
				return "", errors.New("a document that it is made from is not known")
			}
			v, err := build(next)
			if err != nil {
				return "", err
			}
			return v.GetAttr("json").AsString(), nil
		})
		if err != nil {
			return cty.DynamicVal, err
		}
		return v, nil
	}
	values, err := e.twice(func() (cty.Value, error) {
		depth = 0
		v, err := build(inst)
		if err != nil {
			return v, err
		}
		return v.GetAttr("json"), nil
	})
	if err != nil {
		return "", nil, err
	}
	return e.policyText([2]string{values[0].AsString(), values[1].AsString()})
}
