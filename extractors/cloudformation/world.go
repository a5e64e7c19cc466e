package cloudformation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// world is both sides of all stacks under one set of choices.
type world struct {
	x      *extraction
	scopes map[*stack][2]*eval.Scope
	views  map[*unit][2]*view
	byName map[string]string // kind, NUL, name of a resource: its address; "" for several
	// written are the resources that write a document, by slot and owner.
	written map[string][]writer
	// beside are those of the group, the resources that are evaluated together.
	beside map[string][]writer
	group  []*unit
	// goneAPIs are the APIs with guards that leave the template, by type.
	goneAPIs map[string][]api
	// askedMethods are the methods that are no longer where they were and asked who calls.
	askedMethods map[string]bool
	out          extractors.Variant
}

func (x *extraction) newWorld(c *eval.Choices) *world {
	w := &world{x: x, scopes: map[*stack][2]*eval.Scope{}, views: map[*unit][2]*view{}}
	for _, st := range x.stacks { // parents come first
		var pair [2]*eval.Scope
		for i, s := range st.sides {
			if s == nil {
				continue
			}
			t := *s.template
			if st.parent != nil {
				t.Value = w.parameters(st, i)
			}
			t.Outputs = w.outputs(st, i)
			own := *s
			own.template = &t
			pair[i] = x.newScope(&own, i, c)
		}
		w.scopes[st] = pair
	}
	return w
}

// parameters evaluates the parameters that a parent gives a nested stack.
func (w *world) parameters(st *stack, i int) func(string, bool) *tree.Node {
	return func(name string, deciding bool) *tree.Node {
		parent := w.scopes[st.parent][i]
		u := w.unitOf(st)
		if parent == nil || u == nil || u.nodes[i] == nil {
			return nil
		}
		v := passed(parent, u.nodes[i].Get("Properties"), deciding, "Parameters", name)
		w.share(st, i)
		return v
	}
}

// passed is the value at a path of properties: of all that is around it, where a call or
// a macro makes that; nil for none.
func passed(parent *eval.Scope, n *tree.Node, deciding bool, path ...string) *tree.Node {
	for i, name := range path {
		if n == nil {
			return nil
		}
		if _, _, call := n.Intrinsic(); call || hasLoop(n) || n.Get("Fn::Transform") != nil {
			all := parent.EvalFor(n, deciding)
			for _, name := range path[i:] {
				if all == nil || all.Kind != tree.Map || all.Get("Fn::Transform") != nil {
					break // it may be anything
				}
				all = all.Get(name)
			}
			return all
		}
		n = n.Get(name)
	}
	if n == nil {
		return nil
	}
	return parent.EvalFor(n, deciding)
}

func (w *world) unitOf(st *stack) *unit {
	for _, u := range st.parent.units {
		if u.ids[after] == st.id || u.ids[before] == st.id {
			return u
		}
	}
	return nil
}

// share makes a choice that a parent needs one that the nested stack needs.
func (w *world) share(st *stack, i int) {
	if n := w.scopes[st.parent][i].Need(); n != nil && w.scopes[st][i] != nil {
		w.scopes[st][i].Ask(n)
	}
}

// outputs evaluates the outputs of the nested stacks of a stack.
func (w *world) outputs(st *stack, i int) func(string, string) *tree.Node {
	return func(id, name string) *tree.Node {
		child := st.nested[id]
		if child == nil || child.sides[i] == nil || w.scopes[child][i] == nil {
			return nil
		}
		o := child.sides[i].outputs.Get(name).Get("Value")
		if o == nil {
			return nil
		}
		v := w.scopes[child][i].Eval(o)
		if n := w.scopes[child][i].Need(); n != nil {
			w.scopes[st][i].Ask(n)
		}
		return v
	}
}

// need is a choice that is missing.
func (w *world) need() *eval.Need {
	for _, st := range w.x.stacks {
		for _, s := range w.scopes[st] {
			if s != nil && s.Need() != nil {
				return s.Need()
			}
		}
	}
	return nil
}

// view is one side of a unit.
type view struct {
	w      *world
	u      *unit
	i      int
	scope  *eval.Scope
	id     string
	node   *tree.Node
	typ    string
	exists bool
	// kept: the resource leaves the template and stays as it is.
	kept  bool
	props map[string]*tree.Node
}

// view makes the views of a unit.
func (w *world) view(u *unit) [2]*view {
	if v, done := w.views[u]; done {
		return v
	}
	var out [2]*view
	for i := range out {
		v := &view{w: w, u: u, i: i, scope: w.scopes[u.stack][i], id: u.ids[i], node: u.nodes[i], typ: u.types[i], props: map[string]*tree.Node{}}
		v.exists = v.node != nil && v.scope != nil && w.there(u.stack, i)
		if c, ok := v.node.Get("Condition").Text(); v.exists && ok {
			v.exists = v.scope.Condition(c, v.node)
		}
		out[i] = v
	}
	if out[before].exists && !out[after].exists {
		policy, _ := out[before].scope.Eval(out[before].node.Get("DeletionPolicy")).Text()
		out[before].kept = policy == "Retain" || policy == "RetainExceptOnCreate"
	}
	w.views[u] = out
	return out
}

// there reports whether the nested stacks around a resource are.
func (w *world) there(st *stack, i int) bool {
	for ; st.parent != nil; st = st.parent {
		u := w.unitOf(st)
		if u == nil || u.nodes[i] == nil {
			return false
		}
		if c, ok := u.nodes[i].Get("Condition").Text(); ok && !w.scopes[st.parent][i].Condition(c, u.nodes[i]) {
			return false
		}
	}
	return true
}

// prop is the evaluated value of a property; nil where there is none.
func (v *view) prop(name string) *tree.Node {
	if !v.exists || name == "" {
		return nil
	}
	if p, done := v.props[name]; done {
		return p
	}
	p := v.node.Path("Properties", name)
	if props := v.node.Get("Properties"); p == nil && props != nil {
		if _, _, call := props.Intrinsic(); call || hasLoop(props) {
			if all := v.scope.Eval(props); all != nil && all.Kind == tree.Map {
				p = all.Get(name)
			} else {
				p = all // it is not known, and neither is any of them
			}
		} else if props.Get("Fn::Transform") != nil {
			p = props.Get("Fn::Transform") // it may set any
			p = tree.NewMap(p.Range, tree.Field{Key: "Fn::Transform", At: p.Range, Value: p})
		}
	}
	out := v.scope.Eval(p)
	if out != nil && out.Kind == tree.Null {
		out = nil
	}
	v.props[name] = out
	return out
}

// hasLoop reports whether a loop makes fields of a map.
func hasLoop(n *tree.Node) bool {
	return slices.ContainsFunc(n.Fields, func(f tree.Field) bool { return strings.HasPrefix(f.Key, "Fn::ForEach::") })
}

// at is where the resource was written: its logical ID.
func (v *view) at() source.Range {
	if f := v.w.fieldOf(v); f != nil {
		return f.At
	}
	if v.node != nil {
		return v.node.Range
	}
	return source.Range{}
}

func (w *world) fieldOf(v *view) *tree.Field {
	s := v.u.stack.sides[v.i]
	if s == nil || v.id == "" {
		return nil
	}
	return s.resources.Field(v.id)
}

// place is where a property was written, or the resource.
func (v *view) place(property string) source.Range {
	if f := v.node.Get("Properties").Field(property); f != nil {
		r := f.At
		if end := f.Value.Range.End; f.Value.Range.Path == r.Path && end.Byte > r.End.Byte {
			r.End = end
		}
		return r
	}
	return v.at()
}

// account is the account of the stack, or what stands for it.
func (v *view) account() string {
	return cmp.Or(v.w.x.o.Account, v.w.x.symbols.Account())
}

// action is what the change does with a unit.
func action(v [2]*view) extractors.Action {
	switch {
	case !v[before].exists && !v[after].exists:
		return extractors.NoOp
	case !v[before].exists:
		return extractors.Create
	case !v[after].exists && v[before].kept:
		return extractors.Forget
	case !v[after].exists:
		return extractors.Delete
	}
	return extractors.Update
}

// self is the resource as a subject.
func (w *world) self(v [2]*view, kind string) extractors.Subject {
	s := extractors.Subject{Kind: kind, Address: v[after].u.address}
	for _, i := range []int{after, before} {
		if v[i].exists && s.Name == "" {
			s.Name = w.plain(v[i].scope.Name(v[i].id))
		}
	}
	a := action(v)
	s.Gone, s.New = a == extractors.Delete, a == extractors.Create
	return s
}

// plain is a name without symbols, or "".
func (w *world) plain(name string) string {
	if w.x.symbols.Holds(name) {
		return ""
	}
	return name
}

// named is what a text names: the address of a resource where it is one of the input,
// and else the text.
func (w *world) named(v *view, n *tree.Node, kind string) extractors.Subject {
	text, _ := n.Text()
	s := extractors.Subject{Kind: kind, Name: text}
	if n.Of != "" {
		s.Address = n.Of
	} else {
		s.Address = w.addressOf(kind, text)
	}
	if u := w.x.unitAt(s.Address); u != nil {
		own := w.self(w.view(u), kind)
		s.Gone, s.New, s.Name = own.Gone, own.New, own.Name
	} else if s.Address != "" {
		s.Address, s.Name = "", text
	}
	return s
}

// unitAt finds a resource by its address.
func (x *extraction) unitAt(address string) *unit {
	if address == "" {
		return nil
	}
	if x.byAddress == nil {
		x.byAddress = map[string]*unit{}
		for _, st := range x.stacks {
			for _, u := range st.units {
				x.byAddress[u.address] = u
			}
		}
	}
	return x.byAddress[address]
}

// bareName is the name in an ARN, or in the URL of a queue; other texts are names.
func (w *world) bareName(kind, text string) string {
	if !strings.HasPrefix(text, "arn:") && (kind != "queue" || !strings.Contains(text, "://")) {
		return text
	}
	if i := strings.LastIndexByte(text, '('); i > 0 && w.x.symbols.Whole(text[i:]) != nil && strings.IndexByte(":/", text[i-1]) >= 0 {
		return text[i:] // the symbols of nested stacks have slashes
	}
	return text[strings.LastIndexAny(text, ":/")+1:]
}

// addressOf finds the resource of a kind that has a name, or an ARN or URL with it, by
// the names that templates give and the symbols of those that they do not; "" when none
// has, or several.
func (w *world) addressOf(kind, text string) string {
	types := subjectTypes[kind]
	if len(types) == 0 || text == "" {
		return ""
	}
	if w.byName == nil {
		w.byName = map[string]string{}
	}
	name := w.bareName(kind, text)
	key := kind + "\x00" + name
	if a, done := w.byName[key]; done {
		return a
	}
	found := ""
	if sym := w.x.symbols.Whole(name); sym != nil {
		found = w.symbolic(types, kind, name, sym.Reference)
	}
	for _, st := range w.x.stacks {
		for _, u := range st.units {
			if !containsFold(types, u.types[after]) && !containsFold(types, u.types[before]) {
				continue
			}
			for _, v := range w.view(u) {
				if !v.exists || !v.mayBeNamed(name) || v.scope.Name(v.id) != name {
					continue
				}
				if found != "" && found != u.address {
					w.byName[key] = ""
					return ""
				}
				found = u.address
			}
		}
	}
	w.byName[key] = found
	return found
}

// symbolic is the address of the resource that a symbol is the name of: its template
// gives none. It is "" where another thing has that reference.
func (w *world) symbolic(types []string, kind, name, address string) string {
	u := w.x.unitAt(address)
	if u == nil {
		return ""
	}
	for _, v := range w.view(u) {
		if v.exists && containsFold(types, v.typ) {
			if ref, ok := v.scope.Attribute(v.id, "", v.node).Text(); ok && w.bareName(kind, ref) == name {
				return address
			}
		}
	}
	return ""
}

// mayBeNamed spares the evaluation of names that are other texts.
func (v *view) mayBeNamed(name string) bool {
	p := v.node.Path("Properties", eval.NameProperty(v.typ))
	if p == nil {
		return false
	}
	text, ok := p.Text()
	return !ok || text == name
}
