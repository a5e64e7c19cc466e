package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

// scope is one instance of a module in one run: what names mean in it.
type scope struct {
	e       *Evaluator
	m       *machine
	address string
	path    []step
	caller  *scope         // nil for the root module
	module  *config.Module // nil without sources
	dir     *config.Dir    // nil without sources
	values  map[string]*memo
}

// memo is a value that is worked out once.
type memo struct {
	value cty.Value
	busy  bool
}

// scope is that of a module instance.
func (e *Evaluator) scope(address string) (*scope, error) {
	m := e.now
	if s := m.scopes[address]; s != nil {
		return s, nil
	}
	path, err := moduleSteps(address)
	if err != nil {
		return nil, err
	}
	if len(path) > maxDepth {
		return nil, errTooMuch
	}
	return e.scopeOf(path), nil
}

func (e *Evaluator) scopeOf(path []step) *scope {
	address := ""
	for _, p := range path {
		address = join(address, "module."+p.name+keyText(p.key))
	}
	if s := e.now.scopes[address]; s != nil {
		return s
	}
	s := &scope{e: e, m: e.now, address: address, path: path, values: map[string]*memo{}}
	if len(path) > 0 {
		s.caller = e.scopeOf(path[:len(path)-1])
	}
	if e.modules != nil {
		names := make([]string, len(path))
		for i, p := range path {
			names[i] = p.name
		}
		if s.module = e.modules.Module(names); s.module != nil {
			s.dir = s.module.Dir
		}
	}
	e.now.scopes[address] = s
	return s
}

// once works out a value of the scope, or returns what it is from before. A value that
// depends on itself is unknown.
func (s *scope) once(key, name string, f func() cty.Value) cty.Value {
	found := s.values[key]
	switch {
	case found == nil:
	case found.busy:
		s.m.because("%s depends on itself", name)
		return cty.DynamicVal
	default:
		return found.value
	}
	if s.m.budget.charge(1, 0) != nil {
		return cty.DynamicVal
	}
	if s.m.budget.depth >= maxDepth {
		s.m.because("%s depends on too long a chain of references", name)
		s.m.budget.spent = true
		return cty.DynamicVal
	}
	found = &memo{busy: true}
	s.values[key] = found
	s.m.budget.depth++
	defer func() {
		s.m.budget.depth--
		found.busy = false
		if found.value == cty.NilVal { // a panic came through
			delete(s.values, key)
		}
	}()
	found.value = f()
	if !fits(found.value) {
		s.m.because("%s is too large", name)
		found.value = cty.DynamicVal
	}
	return found.value
}

// repetition is the instance of a block that an expression is evaluated for.
type repetition struct {
	key cty.Value // cty.NilVal without count and for_each
	// element is the value that for_each has for the key.
	element func() cty.Value
}

// evaluate works out an expression of the module.
func (s *scope) evaluate(x hcl.Expression, rep repetition) (cty.Value, error) {
	p := s.e.prepare(x)
	if p.err != nil {
		return cty.DynamicVal, p.err
	}
	ctx := s.context(p.refs, rep)
	v, ds := x.Value(ctx)
	if ds.HasErrors() {
		return cty.DynamicVal, fmt.Errorf("%s", firstError(ds))
	}
	v, _ = v.UnmarkDeep()
	return v, nil
}

// valueOf is evaluate for a value among others: what goes wrong makes it unknown.
func (s *scope) valueOf(name string, x hcl.Expression, rep repetition) cty.Value {
	v, err := s.evaluate(x, rep)
	if err != nil {
		s.m.because("%s: %v", name, err)
		return cty.DynamicVal
	}
	return v
}

func firstError(ds hcl.Diagnostics) string {
	for _, d := range ds {
		if d.Severity == hcl.DiagError {
			text := d.Summary
			if d.Detail != "" {
				text += ": " + d.Detail
			}
			if len(text) > maxName {
				text = text[:maxName] + "..."
			}
			return cleaned(text)
		}
	}
	return "it cannot be evaluated"
}

// context holds the values of the names that expressions refer to.
func (s *scope) context(refs []hcl.Traversal, rep repetition) *hcl.EvalContext {
	groups := map[string]map[string]cty.Value{} // var, local, module, TYPE
	data := map[string]map[string]cty.Value{}
	put := func(into map[string]map[string]cty.Value, group, name string, f func() cty.Value) {
		if into[group] == nil {
			into[group] = map[string]cty.Value{}
		}
		if _, ok := into[group][name]; !ok && name != "" {
			into[group][name] = f()
		}
	}
	vars := map[string]cty.Value{}
	for _, t := range refs {
		name := traversalName(t, 1)
		switch root := t.RootName(); root {
		case "each":
			vars["each"] = s.each(rep)
		case "count":
			vars["count"] = count(rep)
		case "path":
			vars["path"] = s.paths()
		case "terraform", "tofu":
			vars[root] = cty.ObjectVal(map[string]cty.Value{"workspace": s.workspace()})
		case "self":
			vars["self"] = cty.DynamicVal
		case "var":
			put(groups, root, name, func() cty.Value { return s.variable(name) })
		case "local":
			put(groups, root, name, func() cty.Value { return s.local(name) })
		case "module":
			put(groups, root, name, func() cty.Value { return s.call(name, t) })
		case "data":
			put(data, name, traversalName(t, 2), func() cty.Value { return s.objects("data", name, traversalName(t, 2)) })
		case "resource":
			if name != "" {
				put(groups, name, traversalName(t, 2), func() cty.Value { return s.objects("managed", name, traversalName(t, 2)) })
			}
		default:
			put(groups, root, name, func() cty.Value { return s.objects("managed", root, name) })
		}
	}
	for group, values := range groups {
		if _, taken := vars[group]; !taken {
			vars[group] = cty.ObjectVal(values)
		}
	}
	if len(data) > 0 {
		types := map[string]cty.Value{}
		for typ, values := range data {
			types[typ] = cty.ObjectVal(values)
		}
		vars["data"] = cty.ObjectVal(types)
	}
	ctx := &hcl.EvalContext{Variables: vars, Functions: s.e.table}
	s.tell(refs, ctx)
	return ctx
}

// tell notes which of the attributes that are referred to are not known.
func (s *scope) tell(refs []hcl.Traversal, ctx *hcl.EvalContext) {
	for _, t := range refs {
		switch t.RootName() {
		case "var", "local", "module", "each", "count", "path", "self", "terraform", "tofu":
			continue
		}
		if traversalName(t, 1) == documentType {
			continue // it has told itself
		}
		if v, ds := t.TraverseAbs(ctx); !ds.HasErrors() && !v.IsKnown() {
			s.m.because("%s is not known before the change is applied", join(s.address, traversalText(t)))
		}
	}
}

func (s *scope) each(rep repetition) cty.Value {
	if rep.key == cty.NilVal || rep.key.Type() != cty.String {
		return cty.DynamicVal
	}
	return cty.ObjectVal(map[string]cty.Value{"key": rep.key, "value": rep.element()})
}

func count(rep repetition) cty.Value {
	if rep.key == cty.NilVal || rep.key.Type() != cty.Number {
		return cty.DynamicVal
	}
	return cty.ObjectVal(map[string]cty.Value{"index": rep.key})
}

// paths are the folders as Terraform shows them when it runs in the root module.
func (s *scope) paths() cty.Value {
	module := cty.UnknownVal(cty.String)
	if s.dir != nil {
		module = cty.StringVal(relative(s.e.modules.Root(), s.dir.Name))
	}
	return cty.ObjectVal(map[string]cty.Value{"module": module, "root": cty.StringVal("."), "cwd": cty.UnknownVal(cty.String)})
}

// workspace is the name of the workspace, where the folder tells it: the plan does not.
func (s *scope) workspace() cty.Value {
	text, err := s.e.file(".terraform/environment")
	if err != nil || text == "" {
		s.m.because("terraform.workspace is not in the plan")
		return cty.UnknownVal(cty.String)
	}
	return cty.StringVal(text)
}

// repetitionOf is that of one instance of a block.
func (s *scope) repetitionOf(b *config.Block, key cty.Value) repetition {
	return repetition{key: key, element: func() cty.Value {
		a := b.Attribute("for_each")
		if a == nil {
			return cty.DynamicVal
		}
		all := s.once("for_each "+fmt.Sprintf("%p", a.Expr), "for_each", func() cty.Value {
			return s.valueOf("for_each", a.Expr, repetition{key: cty.NilVal})
		})
		return elementOf(all, key)
	}}
}

// elementOf is what a collection has under a key; of a set it is the key itself.
func elementOf(all, key cty.Value) cty.Value {
	switch {
	case !all.IsKnown() || all.IsNull():
		return cty.DynamicVal
	case all.Type().IsSetType():
		return key
	case all.Type().IsObjectType() && all.Type().HasAttribute(key.AsString()):
		return all.GetAttr(key.AsString())
	case all.Type().IsMapType() && all.HasIndex(key).True():
		return all.Index(key)
	}
	return cty.DynamicVal
}
