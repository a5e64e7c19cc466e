package tree

import "github.com/grantdiff/grantdiff/internal/source"

// Placed is n with everything in it placed at one range: for a text within a text, whose
// own lines nobody sees.
func (n *Node) Placed(at source.Range) *Node {
	return n.placed(at, map[*Node]*Node{})
}

func (n *Node) placed(at source.Range, done map[*Node]*Node) *Node {
	if n == nil {
		return nil
	}
	if out, ok := done[n]; ok {
		return out
	}
	out := &Node{Kind: n.Kind, Value: n.Value, Range: at, size: n.size}
	if n.Items != nil {
		out.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			out.Items[i] = item.placed(at, done)
		}
	}
	if n.Fields != nil {
		out.Fields = make([]Field, len(n.Fields))
		for i, f := range n.Fields {
			out.Fields[i] = Field{Key: f.Key, At: at, Value: f.Value.placed(at, done)}
		}
	}
	done[n] = out
	return out
}
