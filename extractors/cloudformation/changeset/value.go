package changeset

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// later is what stands in a value for what is not known before the change set is
// executed.
const later = "{{changeSet:KNOWN_AFTER_APPLY}}"

// open is a value that is not known: a parameter without a value.
func (r *reader) open(name string, at source.Range) *tree.Node {
	for n, base := 2, name; r.opened[name]; n++ {
		name = fmt.Sprintf("%s (%d)", base, n)
	}
	r.opened[name] = true
	r.parameters = append(r.parameters, tree.Field{Key: name, At: at, Value: tree.NewMap(at,
		tree.Field{Key: "Type", At: at, Value: tree.NewString("String", at)})})
	return tree.NewCall(at, "Ref", tree.NewString(name, at))
}

// values turns the properties of a context into those of a template. Each value that is
// not known becomes one that equals nothing else, and everything is placed at the
// context: it is one text, whose own lines nobody sees.
type values struct {
	*one
	at   source.Range
	when string
	n    int
}

// value turns one value; path names it in messages.
func (v *values) value(n *tree.Node, path string) *tree.Node {
	switch n.Kind {
	case tree.String:
		return v.text(n.Value, path)
	case tree.List:
		items := make([]*tree.Node, len(n.Items))
		for i, item := range n.Items {
			items[i] = v.value(item, path+"."+strconv.Itoa(i))
		}
		return tree.NewList(v.at, items...)
	case tree.Map:
		return v.mapping(n, path)
	case tree.Number, tree.Bool:
		return n.Placed(v.at)
	default:
		return tree.NewNull(v.at)
	}
}

func (v *values) mapping(n *tree.Node, path string) *tree.Node {
	if name, _, call := n.Intrinsic(); call {
		// Properties hold no calls any more, and this would be taken for one.
		v.set.fail(v.at, fmt.Sprintf("%s holds %s", path, quoted(name)), "Expected a value that is worked out. It is taken for one that is not known.")
		return v.unknownAt(path)
	}
	fields := make([]tree.Field, len(n.Fields))
	for i, f := range n.Fields {
		if strings.Contains(f.Key, later) || strings.HasPrefix(f.Key, "Fn::") {
			return v.unknownAt(path)
		}
		fields[i] = tree.Field{Key: f.Key, At: v.at, Value: v.value(f.Value, path+"."+f.Key)}
	}
	return tree.NewMap(v.at, fields...)
}

// maxPath bounds what a value is called.
const maxPath = 100

func (v *values) unknownAt(path string) *tree.Node {
	v.n++
	if len(path) > maxPath {
		path = strings.ToValidUTF8(path[:maxPath], "") + "..."
	}
	name := path
	if v.n > 1 || v.when == "before" {
		name = fmt.Sprintf("%s %s %d", path, v.when, v.n)
	}
	return v.open(name, v.at)
}

// text is a text in which each part that is not known is a value of its own.
func (v *values) text(s, path string) *tree.Node {
	if !strings.Contains(s, later) {
		return tree.NewString(s, v.at)
	}
	if s == later {
		return v.unknownAt(path)
	}
	var out strings.Builder
	var names []tree.Field
	for i, part := range strings.Split(s, later) {
		if i > 0 {
			name := "Part" + strconv.Itoa(i)
			names = append(names, tree.Field{Key: name, At: v.at, Value: v.unknownAt(path)})
			out.WriteString("${" + name + "}")
		}
		out.WriteString(strings.ReplaceAll(part, "${", "${!"))
	}
	return tree.NewCall(v.at, "Fn::Sub", tree.NewList(v.at, tree.NewString(out.String(), v.at), tree.NewMap(v.at, names...)))
}

// plain is metadata as it is, placed at the context.
func (v *values) plain(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	return n.Placed(v.at)
}
