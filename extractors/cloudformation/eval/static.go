package eval

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// Mentions lists what a value refers to without evaluating it: names of parameters and
// resources, of conditions, and of mappings. Where a name is made by a function, all is
// true: it may be any.
type Mentions struct {
	Names, Conditions, Mappings map[string]bool
	All                         bool
}

// NewMentions is an empty list.
func NewMentions() *Mentions {
	return &Mentions{Names: map[string]bool{}, Conditions: map[string]bool{}, Mappings: map[string]bool{}}
}

// Add adds what n mentions.
func (m *Mentions) Add(n *tree.Node) { m.add(n, 0, map[*tree.Node]bool{}) }

func (m *Mentions) add(n *tree.Node, depth int, seen map[*tree.Node]bool) {
	if n == nil || depth > maxDepth || len(n.Items)+len(n.Fields) == 0 || seen[n] {
		return
	}
	seen[n] = true
	if name, arg, ok := n.Intrinsic(); ok {
		m.call(name, arg)
	}
	if name, ok := n.ConditionRef(); ok {
		m.Conditions[name] = true
	}
	for _, item := range n.Items {
		m.add(item, depth+1, seen)
	}
	for _, f := range n.Fields {
		if f.Key == "Condition" {
			if name, ok := f.Value.Text(); ok {
				m.Conditions[name] = true
			}
		}
		m.add(f.Value, depth+1, seen)
	}
}

func (m *Mentions) call(name string, arg *tree.Node) {
	first := arg
	if arg != nil && arg.Kind == tree.List && len(arg.Items) > 0 {
		first = arg.Items[0]
	}
	text, ok := first.Text()
	switch name {
	case "Ref", "Fn::GetAtt":
		m.Names[text] = true
		m.All = m.All || !ok
	case "Fn::If":
		if ok {
			m.Conditions[text] = true
		}
	case "Fn::FindInMap":
		m.Mappings[text] = true
		m.All = m.All || !ok
	case "Fn::Sub":
		for {
			_, rest, found := strings.Cut(text, "${")
			inner, tail, closed := strings.Cut(rest, "}")
			if !found || !closed {
				return
			}
			id, _, _ := strings.Cut(strings.TrimSpace(inner), ".")
			m.Names[id] = true
			text = tail
		}
	}
}
