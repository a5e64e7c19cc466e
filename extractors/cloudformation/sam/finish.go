package sam

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// finish puts the output together: resources in the order of the template, each with
// what was made from it, then what was made from none.
func (e *expander) finish() *tree.Node {
	given := e.root.Get("Resources")
	order := map[string]int{}
	for i := range given.Fields {
		order[given.Fields[i].Key] = i + 1
	}
	slices.SortStableFunc(e.out, func(a, b made) int { return position(order, a) - position(order, b) })
	fields := make([]tree.Field, len(e.out))
	for i, m := range e.out {
		fields[i] = m.field
	}
	root := e.root.Without("Globals").With("Resources", tree.NewMap(given.Range, fields...))
	root = withoutTransform(root)
	if len(e.conditions) > 0 {
		have := e.root.Get("Conditions")
		all := slices.Clone(e.conditions)
		if have != nil && have.Kind == tree.Map {
			all = append(slices.Clone(have.Fields), e.conditions...)
		}
		root = root.With("Conditions", tree.NewMap(given.Range, all...))
	}
	return e.rename(root)
}

func position(order map[string]int, m made) int {
	if at := order[m.origin]; at > 0 {
		return at
	}
	return len(order) + 1
}

// withoutTransform takes the transform of SAM off the list of transforms.
func withoutTransform(root *tree.Node) *tree.Node {
	t := root.Get("Transform")
	if t == nil || t.Kind != tree.List {
		return root.Without("Transform")
	}
	rest := slices.DeleteFunc(slices.Clone(t.Items), func(n *tree.Node) bool {
		text, _ := n.Text()
		return text == Transform
	})
	if len(rest) == 0 {
		return root.Without("Transform")
	}
	return root.With("Transform", tree.NewList(t.Range, rest...))
}

// condition adds a condition to the template unless it has one of that name.
func (e *expander) condition(name string, value *tree.Node) {
	if e.conditioned[name] || e.root.Path("Conditions", name) != nil {
		return
	}
	e.conditioned[name] = true
	e.conditions = append(e.conditions, tree.Field{Key: name, At: value.Range, Value: value})
}

// rename replaces the references that SAM offers to what it makes, such as
// "Ref: Function.Alias", by references to the resources made.
func (e *expander) rename(root *tree.Node) *tree.Node {
	if len(e.renamed) == 0 {
		return root
	}
	r := &renamer{to: e.renamed, done: map[*tree.Node]*tree.Node{}}
	return r.walk(root)
}

// renamer rewrites the nodes that need it; it visits a node that several share once.
type renamer struct {
	to   map[string]*tree.Node // "Function.Alias" to the logical ID, as a text
	done map[*tree.Node]*tree.Node
}

func (r *renamer) walk(n *tree.Node) *tree.Node {
	if n == nil || n.Kind != tree.Map && n.Kind != tree.List {
		return n
	}
	if out, ok := r.done[n]; ok {
		return out
	}
	out := r.rewrite(n)
	r.done[n] = out
	return out
}

func (r *renamer) rewrite(n *tree.Node) *tree.Node {
	if n.Kind == tree.List {
		items := slices.Clone(n.Items)
		if !r.all(items) {
			return n
		}
		return tree.NewList(n.Range, items...)
	}
	if name, arg, ok := n.Intrinsic(); ok {
		if out := r.call(n, name, arg); out != nil {
			return out
		}
	}
	values := make([]*tree.Node, len(n.Fields))
	for i := range n.Fields {
		values[i] = n.Fields[i].Value
	}
	if !r.all(values) {
		return n
	}
	fields := slices.Clone(n.Fields)
	for i := range fields {
		fields[i].Value = values[i]
	}
	return tree.NewMap(n.Range, fields...)
}

// all rewrites nodes in place and says whether any is another now.
func (r *renamer) all(nodes []*tree.Node) bool {
	changed := false
	for i, n := range nodes {
		if m := r.walk(n); m != n {
			nodes[i], changed = m, true
		}
	}
	return changed
}

func (r *renamer) call(n *tree.Node, name string, arg *tree.Node) *tree.Node {
	b := builder{n.Range}
	switch {
	case name == "Ref" && arg.Scalar() && r.to[arg.Value] != nil:
		return b.call(name, r.to[arg.Value])
	case name == "Fn::GetAtt" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 2 && arg.Items[0].Scalar() && arg.Items[1].Scalar():
		// Function.Alias.Arn is read as Function and "Alias.Arn".
		path := arg.Items[0].Value + "." + arg.Items[1].Value
		if i := strings.LastIndexByte(path, '.'); r.to[path[:i]] != nil {
			return b.call(name, b.list(r.to[path[:i]], b.text(path[i+1:])))
		}
	case name == "Fn::Sub" && arg.Scalar():
		if text := r.sub(arg.Value); text != arg.Value {
			return b.call(name, b.text(text))
		}
	case name == "Fn::Sub" && arg != nil && arg.Kind == tree.List && len(arg.Items) == 2 && arg.Items[0].Scalar():
		if text := r.sub(arg.Items[0].Value); text != arg.Items[0].Value {
			return b.call(name, b.list(b.text(text), r.walk(arg.Items[1])))
		}
	}
	return nil
}

// sub rewrites the references within a text of Fn::Sub.
func (r *renamer) sub(text string) string {
	var out strings.Builder
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			break
		}
		end += start
		name, attribute := text[start+2:end], ""
		if r.to[name] == nil {
			if i := strings.LastIndexByte(name, '.'); i > 0 {
				name, attribute = name[:i], name[i:]
			}
		}
		out.WriteString(text[:start])
		if to := r.to[name]; to != nil {
			out.WriteString("${" + to.Value + attribute + "}")
		} else {
			out.WriteString(text[start : end+1])
		}
		text = text[end+1:]
	}
	return out.String() + text
}
