package policy

import (
	"fmt"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// TreeKind is what a Tree is.
type TreeKind int

// The kinds, as in JSON.
const (
	TreeObject = TreeKind(objectNode)
	TreeArray  = TreeKind(arrayNode)
	TreeString = TreeKind(stringNode)
	TreeNumber = TreeKind(numberNode)
	TreeBool   = TreeKind(boolNode)
	TreeNull   = TreeKind(nullNode)
)

// Tree is a policy document in another notation than JSON, such as the YAML of a
// template, with the places of its parts.
type Tree struct {
	Kind    TreeKind
	Text    string // of a scalar: the string, the number as written, true, false
	Members []TreeMember
	Items   []Tree
	Range   source.Range
}

// TreeMember is one name and value of an object.
type TreeMember struct {
	Name  string
	At    source.Range // of the name
	Value Tree
}

// ParseTree reads a policy document from a tree, as Parse does from text and as
// strictly. Its ranges are those of the tree.
func ParseTree(root Tree, o ParseOptions) (*Document, diag.Diagnostics) {
	p := &parser{o: o, kept: new(written)}
	doc := &Document{Kind: o.Kind}
	r := treeReader{in: new(written)}
	n, err := r.node(&root, 0)
	if err != nil {
		doc.Place = p.kept.add(root.Range)
		at := source.Range{Path: root.Range.Path, Start: root.Range.Start, End: root.Range.Start}
		p.fail("JSON_SYNTAX_ERROR", r.in.add(at), err.summary, err.message)
		return doc, p.ds
	}
	doc.Size = n.size()
	p.read(doc, &n)
	return doc, p.ds
}

// size is the size of the text that a node is written as, of which it counts what is no
// white space; characters that need an escape count as one.
func (n *node) size() int {
	switch n.kind {
	case objectNode, arrayNode:
		total := 2 + max(0, len(n.members)+len(n.items)-1)
		for i := range n.members {
			total += 3 + visible(n.members[i].name) + n.members[i].value.size()
		}
		for i := range n.items {
			total += n.items[i].size()
		}
		return total
	case stringNode:
		return 2 + visible(n.text)
	}
	return visible(n.text)
}

// visible counts the characters of a text that are no white space.
func visible(text string) int { return size(text) }

// treeReader turns a tree into nodes.
type treeReader struct {
	in   *written
	size int // of what was read so far
}

// node bounds a tree as the reader of JSON bounds text.
func (r *treeReader) node(t *Tree, depth int) (node, *syntaxError) {
	if r.size += 2 + len(t.Text); r.size > MaxText {
		return node{}, &syntaxError{0, "policy is too long",
			fmt.Sprintf("At most %d bytes are read. Give one policy document, of the size the service takes.", MaxText)}
	}
	if depth > MaxDepth {
		return node{}, &syntaxError{0, "policy nests too deep",
			fmt.Sprintf("Lists and objects may nest %d deep, and a policy document needs seven. Remove the inner ones.", MaxDepth)}
	}
	n := node{kind: nodeKind(t.Kind), text: t.Text, at: r.in.add(t.Range)}
	for i := range t.Items {
		item, err := r.node(&t.Items[i], depth+1)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, item)
	}
	for i := range t.Members {
		m := &t.Members[i]
		r.size += len(m.Name)
		at := r.in.add(m.At)
		value, err := r.node(&m.Value, depth+1)
		if err != nil {
			return n, err
		}
		n.members = append(n.members, member{m.Name, at, value})
	}
	return n, nil
}
