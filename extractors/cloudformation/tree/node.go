package tree

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Kind is what a node is.
type Kind uint8

// The kinds. The zero value is Invalid: something that could not be read, about which
// there is a diagnostic.
const (
	Invalid Kind = iota
	Null
	String
	Number
	Bool
	List
	Map
)

// String names the kind as messages do.
func (k Kind) String() string {
	switch k {
	case Null:
		return "nothing"
	case String:
		return "a text"
	case Number:
		return "a number"
	case Bool:
		return "a Boolean"
	case List:
		return "a list"
	case Map:
		return "a map"
	case Invalid:
	}
	return "something unreadable"
}

// Node is one value of a template with its place. Nodes are never changed once they
// are made: an alias shares the node of its anchor, so that a tree is in truth a graph
// without cycles. What is derived from a node is a new one, with the place of the old.
type Node struct {
	Kind Kind
	// Value is the text of a scalar: a decoded string, a number as written, true or
	// false. YAML that reads 012345678901 or 2012-10-17 keeps these characters.
	Value string
	// Items are the entries of a list.
	Items []*Node
	// Fields are the entries of a map in the order written, each key once.
	Fields []Field
	// Range is where the node was written, with the tag of a short intrinsic.
	Range source.Range
	// Of is the address of the resource that a text names by its Ref or ARN, where
	// evaluation knows it.
	Of string

	// raw is the text of a scalar as in the file, with quotes or the head of a block,
	// beginning at its own position; "" where it is not known.
	raw   string
	rawAt source.Pos
	size  int   // nodes below and including this one, aliases counted each time
	from  *Node // of a text that was made of another, line by line
	json  *Node // of a text that is this value as JSON
}

// Field is one entry of a map.
type Field struct {
	Key   string
	At    source.Range // of the key
	Value *Node
}

// Get is the value of a key, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			return n.Fields[i].Value
		}
	}
	return nil
}

// Path is the value below a chain of keys, or nil.
func (n *Node) Path(keys ...string) *Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Field is the entry of a key, or nil.
func (n *Node) Field(key string) *Field {
	if n == nil || n.Kind != Map {
		return nil
	}
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			return &n.Fields[i]
		}
	}
	return nil
}

// IsNull reports whether n is absent or null.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Null }

// Scalar reports whether n is a string, a number or a Boolean: has a Value.
func (n *Node) Scalar() bool {
	return n != nil && (n.Kind == String || n.Kind == Number || n.Kind == Bool)
}

// Text is the text of a scalar that is no intrinsic, and whether n is one.
func (n *Node) Text() (string, bool) {
	if !n.Scalar() {
		return "", false
	}
	return n.Value, true
}

// Truth is the Boolean that n is, in any of the spellings that the service takes.
func (n *Node) Truth() (value, ok bool) {
	if !n.Scalar() {
		return false, false
	}
	switch strings.ToLower(n.Value) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// Intrinsic is the function that n calls and its argument: a map of one field whose key
// is Ref or begins with Fn::, or with the "!" of a tag that is no function of
// CloudFormation. "Condition" is one only where a condition is expected; see
// ConditionRef.
func (n *Node) Intrinsic() (name string, arg *Node, ok bool) {
	if n == nil || n.Kind != Map || len(n.Fields) != 1 {
		return "", nil, false
	}
	f := &n.Fields[0]
	if f.Key == "Ref" || strings.HasPrefix(f.Key, "Fn::") || strings.HasPrefix(f.Key, "!") {
		return f.Key, f.Value, true
	}
	return "", nil, false
}

// ConditionRef is the name of the condition that n, {"Condition": NAME}, refers to.
func (n *Node) ConditionRef() (string, bool) {
	if n == nil || n.Kind != Map || len(n.Fields) != 1 || n.Fields[0].Key != "Condition" {
		return "", false
	}
	return n.Fields[0].Value.Text()
}

// Size is the number of nodes below and including n, shared ones counted each time
// that they are reached.
func (n *Node) Size() int {
	if n == nil {
		return 0
	}
	return n.size
}

// NewString makes a text with the place at.
func NewString(text string, at source.Range) *Node {
	return &Node{Kind: String, Value: text, Range: at, size: 1}
}

// NewBool makes a Boolean with the place at.
func NewBool(b bool, at source.Range) *Node {
	n := &Node{Kind: Bool, Value: "false", Range: at, size: 1}
	if b {
		n.Value = "true"
	}
	return n
}

// NewNull makes nothing, with the place at.
func NewNull(at source.Range) *Node { return &Node{Kind: Null, Range: at, size: 1} }

// NewList makes a list with the place at.
func NewList(at source.Range, items ...*Node) *Node {
	n := &Node{Kind: List, Items: items, Range: at, size: 1}
	for _, item := range items {
		n.size = grow(n.size, item.Size())
	}
	return n
}

// NewMap makes a map with the place at. Keys must be different.
func NewMap(at source.Range, fields ...Field) *Node {
	n := &Node{Kind: Map, Fields: fields, Range: at, size: 1}
	for i := range fields {
		n.size = grow(n.size, fields[i].Value.Size())
	}
	return n
}

// NewCall makes the call of an intrinsic function, such as NewCall(at, "Ref", name).
func NewCall(at source.Range, function string, arg *Node) *Node {
	return NewMap(at, Field{Key: function, At: at, Value: arg})
}

// With is a map like n in which key has the value; it is added where n lacks it. An n
// that is no map counts as an empty one.
func (n *Node) With(key string, value *Node) *Node {
	var fields []Field
	at := value.Range
	found := false
	if n != nil {
		at = n.Range
		if n.Kind == Map {
			fields = make([]Field, 0, len(n.Fields)+1)
			for _, f := range n.Fields {
				if f.Key == key {
					f.Value, found = value, true
				}
				fields = append(fields, f)
			}
		}
	}
	if !found {
		fields = append(fields, Field{Key: key, At: value.Range, Value: value})
	}
	return NewMap(at, fields...)
}

// Without is a map like n without key.
func (n *Node) Without(key string) *Node {
	if n.Get(key) == nil {
		return n
	}
	fields := make([]Field, 0, len(n.Fields))
	for _, f := range n.Fields {
		if f.Key != key {
			fields = append(fields, f)
		}
	}
	return NewMap(n.Range, fields...)
}

// At is the place of the byte offset in the text of a scalar: in a block of YAML that
// holds JSON, the line in the template. Where that is not known, it is the start of n.
func (n *Node) At(offset int) source.Pos {
	if n.from != nil && offset >= 0 && offset <= len(n.Value) {
		return n.from.At(n.from.sameLine(n.Value, offset))
	}
	if n.raw == "" || n.Kind != String || offset < 0 || offset > len(n.Value) {
		return n.Range.Start
	}
	return locate(n.raw, n.rawAt, n.Value[:offset])
}

// sameLine is the offset in n of the beginning of the line that the offset in text, which
// has as many lines, is on; of its first character that is no blank.
func (n *Node) sameLine(text string, offset int) int {
	at := 0
	for range strings.Count(text[:offset], "\n") {
		at += strings.IndexByte(n.Value[at:], '\n') + 1
	}
	rest := n.Value[at:]
	return at + len(rest) - len(strings.TrimLeft(rest, " \t"))
}

const maxInt = int(^uint(0) >> 1)

// grow adds sizes and stays at the largest number.
func grow(a, b int) int {
	if b > maxInt-a {
		return maxInt
	}
	return a + b
}

// advance is the position behind text that begins at p.
func advance(p source.Pos, text string) source.Pos {
	if lines := strings.Count(text, "\n"); lines > 0 {
		p.Line += lines
		p.Column = 1
		p.Byte += len(text)
		p.Column += utf8.RuneCountInString(text[strings.LastIndexByte(text, '\n')+1:])
		return p
	}
	p.Column += utf8.RuneCountInString(text)
	p.Byte += len(text)
	return p
}

// Derived is a text that was made from the text n, such as by replacing names in it. It
// keeps the place of n, and the places of its lines where they stay as many.
func (n *Node) Derived(text string) *Node {
	out := NewString(text, n.Range)
	if strings.Count(text, "\n") == strings.Count(n.Value, "\n") {
		out.from = n
	}
	return out
}

// NewNumber makes a number with the place at.
func NewNumber(i int, at source.Range) *Node {
	return &Node{Kind: Number, Value: strconv.Itoa(i), Range: at, size: 1}
}

// NewJSON makes the text that is value as JSON, with the place at. What the text holds
// keeps its places: see Source.
func NewJSON(value *Node, at source.Range) *Node {
	n := NewString(string(value.AppendJSON(nil)), at)
	n.json = value
	return n
}

// Source is the value that a text was made from by NewJSON, or nil.
func (n *Node) Source() *Node { return n.json }
