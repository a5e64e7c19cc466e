package cloudformation

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// aim is what is written on one line of a resource, for telling what a comment there is
// about.
type aim struct {
	// whole: the line is the key of the resource, or of its attributes other than
	// Properties.
	whole bool
	spots []spot
}

// spot is a key with its value, or an entry of a list, that a line holds: the innermost
// ones that do not lie on the line as a whole, or the outermost that do.
type spot struct {
	at     source.Range // from the key to the end of the value
	holder source.Range // the map that it is a key of; none for an entry
	item   source.Range // the innermost entry of a list that it is or lies in; none outside of lists
	// property is the one of the resource that it lies in, and key its own key.
	property, key string
	// top: it is the property; plain: its value is a text, also one that a function gives.
	top, plain bool
}

// aimer finds what lies on a line.
type aimer struct {
	line  int
	spots []spot
}

// aimAt is what a line of a resource holds. A line that is not in the resource, or where
// only brackets or the alias of a value elsewhere are, holds nothing.
func aimAt(line int, f *tree.Field) aim {
	at := span(f)
	if !within(line, at) {
		return aim{}
	}
	if whole(at) {
		return aim{whole: true}
	}
	a := aimer{line: line}
	outside := line == at.Start.Line
	var properties *tree.Field
	if follows(f) {
		for i := range f.Value.Fields {
			switch g := &f.Value.Fields[i]; {
			case !within(line, span(g)):
			case g.Key == "Properties":
				properties = g
			default:
				outside = true
				a.field(g, f.Value, spot{})
			}
		}
	}
	if properties == nil {
		return aim{outside, a.spots}
	}
	if whole(span(properties)) || !follows(properties) {
		return aim{true, a.spots}
	}
	inner := aimer{line: line}
	if properties.Value.Kind == tree.Map && inner.fields(properties.Value, spot{top: true}) {
		return aim{spots: inner.spots}
	}
	return aim{line == properties.At.Start.Line || outside, a.spots}
}

// inside finds what of a value lies on the line, and reports whether anything does. The
// arguments of a function count as its own.
func (a *aimer) inside(n *tree.Node, in spot) bool {
	if _, arg, call := n.Intrinsic(); call {
		return a.inside(arg, in)
	}
	if n.Kind == tree.Map {
		return a.fields(n, in)
	}
	any := false
	for _, item := range n.Items {
		if !contains(n.Range, item.Range) || !within(a.line, item.Range) {
			continue
		}
		any = true
		m := spot{at: item.Range, item: item.Range, property: in.property}
		if whole(item.Range) || !a.inside(item, m) && a.line == item.Range.Start.Line {
			a.spots = append(a.spots, m)
		}
	}
	return any
}

// fields is inside for a map. Where the line holds a part of one value, texts beside it are
// only passed by.
func (a *aimer) fields(n *tree.Node, in spot) bool {
	any, parts := false, false
	var beside []spot
	for i := range n.Fields {
		f := &n.Fields[i]
		if !contains(n.Range, f.At) || !within(a.line, span(f)) {
			continue
		}
		any = true
		m := a.spotOf(f, n, in)
		switch had := len(a.spots); {
		case whole(m.at) && m.plain:
			beside = append(beside, m)
		default:
			a.field(f, n, in)
			parts = parts || len(a.spots) > had && !whole(m.at)
		}
	}
	if !parts {
		a.spots = append(a.spots, beside...)
	}
	return any
}

func (a *aimer) spotOf(f *tree.Field, n *tree.Node, in spot) spot {
	m := spot{at: span(f), holder: n.Range, item: in.item, property: in.property, key: f.Key, top: in.top, plain: plain(f.Value, 0)}
	if m.top {
		m.property = f.Key
	}
	return m
}

// field finds one key with its value, or what of the value lies on the line.
func (a *aimer) field(f *tree.Field, n *tree.Node, in spot) {
	m := a.spotOf(f, n, in)
	begins, all := a.line == f.At.Start.Line, whole(m.at)
	if _, _, call := f.Value.Intrinsic(); call && follows(f) && a.line == f.Value.Range.Start.Line {
		begins, all = true, all || whole(f.Value.Range)
	}
	below := spot{item: in.item, property: m.property}
	if all || (!follows(f) || !a.inside(f.Value, below)) && begins {
		a.spots = append(a.spots, m)
	}
}

// span is from a key to the end of its value; the key alone where the value is an alias of
// one that is written elsewhere.
func span(f *tree.Field) source.Range {
	r := f.At
	if follows(f) && f.Value.Range.End.Byte > r.End.Byte {
		r.End = f.Value.Range.End
	}
	return r
}

func follows(f *tree.Field) bool {
	return f.Value != nil && f.Value.Range.Path == f.At.Path && f.Value.Range.Start.Byte >= f.At.Start.Byte
}

func whole(r source.Range) bool { return r.Start.Line == r.End.Line }

func within(line int, r source.Range) bool {
	return r.Start.Line > 0 && line >= r.Start.Line && line <= r.End.Line
}

// contains reports whether one place lies in another.
func contains(outer, inner source.Range) bool {
	return inner.Path == outer.Path && outer.HasLines() && inner.HasLines() &&
		inner.Start.Byte >= outer.Start.Byte && inner.End.Byte <= outer.End.Byte
}

// plain reports whether a value is a text, or a function of texts.
func plain(n *tree.Node, depth int) bool {
	switch {
	case n.Scalar() || n.IsNull():
		return true
	case depth > 20:
		return false
	}
	_, arg, call := n.Intrinsic()
	if !call {
		return false
	}
	if arg.Kind == tree.List {
		return !slices.ContainsFunc(arg.Items, func(item *tree.Node) bool { return !plain(item, depth+1) })
	}
	return plain(arg, depth+1)
}

// spanOf is the whole of what has its key at a place in a resource, for what is made of it
// and has the place of its key; other places are returned as they are.
func spanOf(at source.Range, n *tree.Node) source.Range {
	for n != nil {
		var next *tree.Node
		for i := range n.Fields {
			f := &n.Fields[i]
			switch {
			case f.At == at && contains(n.Range, at):
				return span(f)
			case follows(f) && contains(f.Value.Range, at):
				next = f.Value
			}
		}
		for _, item := range n.Items {
			if contains(item.Range, at) && contains(n.Range, item.Range) {
				next = item
			}
		}
		if next != nil && !contains(n.Range, next.Range) {
			return at
		}
		n = next
	}
	return at
}
