package tree

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON appends n as JSON without blanks. What could not be read is null.
func (n *Node) AppendJSON(b []byte) []byte {
	switch {
	case n == nil:
		return append(b, "null"...)
	case n.Kind == String:
		b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(n.Value, "\uFFFD"))
	case n.Kind == Number, n.Kind == Bool:
		if v := jsontext.Value(n.Value); v.IsValid() {
			return append(b, n.Value...)
		}
		b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(n.Value, "\uFFFD")) // YAML has more numbers than JSON
	case n.Kind == List:
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.AppendJSON(b)
		}
		b = append(b, ']')
	case n.Kind == Map:
		b = append(b, '{')
		for i := range n.Fields {
			if i > 0 {
				b = append(b, ',')
			}
			b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(n.Fields[i].Key, "\uFFFD"))
			b = append(b, ':')
			b = n.Fields[i].Value.AppendJSON(b)
		}
		b = append(b, '}')
	default:
		b = append(b, "null"...)
	}
	return b
}
