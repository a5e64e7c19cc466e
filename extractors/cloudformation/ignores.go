package cloudformation

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// whereWritten is the resource in the template that a resource was written as, or made of.
type whereWritten struct {
	field *tree.Field
	// own: the key of the resource is its place, so that a comment at all of what is
	// written there is about it; not so what SAM makes of a part, such as an event.
	own bool
	// direct: its properties are those that are written; not so what SAM makes.
	direct bool
	// loop is the key of the loop that makes it, if one does.
	loop source.Range
}

func (w *world) writtenAs(v *view) whereWritten {
	f := w.fieldOf(v)
	s := v.u.stack.sides[v.i]
	if f == nil || s.serverless == nil {
		return whereWritten{field: f, own: true, direct: true}.inLoop(s.doc)
	}
	for i := range s.serverless.Fields {
		g := &s.serverless.Fields[i]
		typ, _ := g.Value.Get("Type").Text()
		if g.At == f.At && (g.Value.Range == f.Value.Range || !looping(s.doc)) {
			return whereWritten{field: g, own: true, direct: typ == v.typ}.inLoop(s.doc)
		}
	}
	for i := range s.serverless.Fields {
		if g := &s.serverless.Fields[i]; contains(span(g), f.At) && g.At != f.At {
			return whereWritten{field: g}.inLoop(s.doc)
		}
	}
	return whereWritten{}
}

// inLoop gives a resource that a loop makes its own key: it has the place of the loop.
func (at whereWritten) inLoop(d *tree.Document) whereWritten {
	if at.field == nil || !looping(d) || !follows(at.field) {
		return at
	}
	of := at.field.Value.Range
	n := d.Root.Get("Resources")
	for n != nil {
		var next *tree.Node
		for i := range n.Fields {
			switch f := &n.Fields[i]; {
			case f.Value.Range == of && f.At != at.field.At:
				at.loop = at.field.At
				at.field = &tree.Field{Key: at.field.Key, At: f.At, Value: at.field.Value}
				return at
			case contains(f.Value.Range, of):
				next = f.Value
			}
		}
		for _, item := range n.Items {
			if contains(item.Range, of) {
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

func looping(d *tree.Document) bool {
	r := d.Root.Get("Resources")
	return r != nil && hasLoop(r)
}

// whole is what about gives for all of a thing.
const all = -1

// ignores are the comments and the metadata that accept findings about a thing that a
// resource has or is. What a comment is about is told by what is written on its line: about
// says of one thing there which statements it holds, or all.
func (w *world) ignores(v *view, about func(whereWritten, spot) []int) []extractors.Ignore {
	s := v.u.stack.sides[v.i]
	if s == nil || v.node == nil {
		return nil
	}
	var out []extractors.Ignore
	if len(s.doc.Comments) > 0 {
		at := w.writtenAs(v)
		for _, c := range s.doc.Comments {
			rule, reason, ok := accepts(c)
			if !ok || at.field == nil || c.Range.Path != at.field.At.Path {
				continue
			}
			for _, i := range at.about(c.About, about) {
				out = append(out, extractors.Ignore{Rule: rule, Reason: reason, Statement: i, Range: c.Range})
			}
		}
	}
	list := v.node.Path("Metadata", "grantdiff", "ignore")
	items := []*tree.Node{list}
	if list != nil && list.Kind == tree.List {
		items = list.Items
	}
	for _, item := range items {
		rule, ok := item.Get("rule").Text()
		reason, _ := item.Get("reason").Text()
		if ok && rule != "" {
			out = append(out, extractors.Ignore{Rule: rule, Reason: reason, Statement: all, Range: item.Range})
		}
	}
	return out
}

func accepts(c tree.Comment) (rule, reason string, ok bool) {
	rest, ok := strings.CutPrefix(c.Text, "grantdiff:ignore")
	rule, reason, _ = strings.Cut(strings.TrimSpace(rest), " ")
	return rule, strings.TrimSpace(reason), ok && rule != ""
}

// about is what a comment about a line is about, of one thing: statements, or all alone.
func (at whereWritten) about(line int, about func(whereWritten, spot) []int) []int {
	a := aimAt(line, at.field)
	if at.own && (a.whole || at.loop.HasLines() && line == at.loop.Start.Line) {
		return []int{all}
	}
	var out []int
	for _, m := range a.spots {
		for _, i := range about(at, m) {
			if i == all {
				return []int{all}
			}
			if !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

// isProperty reports whether a spot is the property itself that a row is about.
func (at whereWritten) isProperty(m spot, r *row) bool {
	return at.direct && m.top && m.property == r.top()
}

// ofDocument says what of a document a spot is about. A comment at the entry that holds the
// document, or at a line of it that is no statement, is about all of it, and one at a
// statement about that. What is not there under the choices at hand has no place in value.
// What an alias repeats has the place of what it is an alias of.
func (w *world) ofDocument(v *view, r *row, value, doc *tree.Node, statements []*tree.Node) func(whereWritten, spot) []int {
	return func(at whereWritten, m spot) []int {
		if value == nil || value.Range.Path == "" {
			if at.isProperty(m, r) {
				return []int{all}
			}
			return nil
		}
		d := spanOf(value.Range, at.field.Value)
		made := doc != nil && doc.Field("Statement") != nil && doc.Field("Statement").At == doc.Range
		if p := at.field.Value.Get("Properties").Field(r.top()); at.direct && p != nil && !contains(span(p), d) {
			if at.isProperty(m, r) {
				return []int{all}
			}
			return nil
		}
		var out []int
		covered := true
		for i, s := range statements {
			own := spanOf(s.Range, at.field.Value)
			covered = covered && (contains(m.at, own) || own == at.field.At || own == at.loop)
			switch {
			case made && at.direct && r.Permit != nil && !r.Permit.Operations:
				if m.made(s, d) {
					out = append(out, i)
				}
			case !made && !contains(d, own):
			case contains(own, m.at), contains(m.at, own):
				out = append(out, i)
			}
		}
		text := value.Range
		if doc != nil {
			text = doc.Range
		}
		switch {
		case contains(m.at, d) && (covered || !made):
			return []int{all}
		case made && len(out) == len(statements):
			return []int{all}
		case len(out) > 0:
			return out
		case made && at.direct && r.Permit != nil && !r.Permit.Operations && at.isProperty(m, r):
			return []int{all}
		case !made && m.holder == text && (m.plain || m.key == "Statement"):
			return []int{all}
		case m.property != "" && !m.top && m.beside() && contains(m.holder, d) && !strings.HasPrefix(m.property, "Fn::") && (!at.direct || m.property == r.top()):
			return []int{all}
		}
		return nil
	}
}

// beside reports whether a spot is a text in an entry of a list, which stands for the entry.
func (m spot) beside() bool { return m.plain && m.holder.HasLines() && m.holder == m.item }

// made reports whether a statement was made of what is marked, of nothing else in the
// property that it is made of: of an entry of a list, or by the principals.
func (m spot) made(s *tree.Node, property source.Range) bool {
	inside := func(n *tree.Node, of, in source.Range) bool {
		any, every := false, true
		var walk func(n *tree.Node)
		walk = func(n *tree.Node) {
			if n.Scalar() && (contains(of, n.Range) || !of.HasLines()) {
				any, every = true, every && contains(in, n.Range)
			}
			for _, item := range n.Items {
				walk(item)
			}
			for i := range n.Fields {
				walk(n.Fields[i].Value)
			}
		}
		walk(n)
		return any && every
	}
	in := m.at
	if m.beside() {
		in = m.item
	}
	return inside(s, property, in) || inside(s.Get("Principal"), source.Range{}, m.at)
}

// ofProperty says whether a spot is about a property that is told of as a whole.
func (w *world) ofProperty(v *view, r *row) func(whereWritten, spot) []int {
	return func(at whereWritten, m spot) []int {
		if at.isProperty(m, r) || at.direct && m.property == r.top() && (!m.item.HasLines() || w.only(v, r, m)) {
			return []int{all}
		}
		if n := v.prop(r.top()); !at.direct && n != nil && contains(m.at, spanOf(n.Range, at.field.Value)) {
			return []int{all}
		}
		return nil
	}
}

// only reports whether a property has nothing but the entry of a list that a spot lies in.
func (w *world) only(v *view, r *row, m spot) bool {
	n := v.prop(r.top())
	for n != nil && n.Kind != tree.List && len(n.Fields) == 1 {
		n = n.Fields[0].Value
	}
	return n != nil && n.Kind == tree.List && len(n.Items) == 1 && contains(n.Items[0].Range, m.item)
}

// linkOrigin is where a link was written, and the comments that are about all of it: what
// it no longer leads to is accepted at the property alone.
func (w *world) linkOrigin(v [2]*view, i int, r *row, n *tree.Node, l *extractors.Link) extractors.Origin {
	o := extractors.Origin{Range: v[i].place(r.top())}
	now := v[i]
	if i == before && v[after].exists {
		now, n = v[after], nil
	}
	one := n != nil && len(l.After) < 2 && !slices.ContainsFunc(l.Before, func(t extractors.Target) bool {
		return !slices.ContainsFunc(l.After, func(has extractors.Target) bool { return sameTarget(t, has) })
	})
	o.Ignores = w.ignores(now, func(at whereWritten, m spot) []int {
		if at.isProperty(m, r) || one && contains(m.at, spanOf(n.Range, at.field.Value)) {
			return []int{all}
		}
		return nil
	})
	return o
}

// entryIgnores adds the comments that are about one entry of a list.
func (w *world) entryIgnores(v *view, entries []extractors.Entry) []extractors.Entry {
	for i := range entries {
		entries[i].Ignores = w.ignores(v, func(_ whereWritten, m spot) []int {
			if contains(m.at, entries[i].Range) {
				return []int{all}
			}
			return nil
		})
	}
	return entries
}

// blockIgnores are the comments about settings: at the property, or at each of those that
// are lost.
func (w *world) blockIgnores(v *view, r *row, b *extractors.Block) []extractors.Ignore {
	if r.Block.Settings == nil {
		return w.ignores(v, w.ofProperty(v, r))
	}
	lost := slices.DeleteFunc(slices.Clone(b.Before), func(s string) bool { return slices.Contains(b.After, s) })
	return w.ignores(v, func(at whereWritten, m spot) []int {
		if at.isProperty(m, r) || at.direct && m.property == r.top() && len(lost) == 1 && r.Block.Settings[m.key] == lost[0] {
			return []int{all}
		}
		return nil
	})
}
