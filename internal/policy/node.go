package policy

// node is a tree of values with positions. The parser of JSON text builds it; a
// front end for another notation can build the same, so that every check on
// documents is made once, on nodes.
type node struct {
	kind    nodeKind
	text    string // of a scalar: decoded string, number as written, true, false, null
	members []member
	items   []node
	at      Place
}

type nodeKind int

const (
	objectNode nodeKind = iota
	arrayNode
	stringNode
	numberNode
	boolNode
	nullNode
)

// String names the kind as messages do.
func (k nodeKind) String() string {
	switch k {
	case objectNode:
		return "an object"
	case arrayNode:
		return "a list"
	case stringNode:
		return "a string"
	case numberNode:
		return "a number"
	case boolNode:
		return "a Boolean"
	default:
		return "null"
	}
}

// member is one name and value of an object.
type member struct {
	name  string
	at    Place // of the name, with its quotes
	value node
}
