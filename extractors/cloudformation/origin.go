package cloudformation

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// origin is where a grant was written: its property, each statement and action, and the
// comments that accept findings there.
func (w *world) origin(v *view, r *row, value, doc *tree.Node) extractors.Origin {
	o := extractors.Origin{Range: v.place(r.top())}
	if value != nil && value.Range.Path != "" && strings.Contains(r.Path, ".") {
		o.Range = value.Range
	}
	var statements []*tree.Node
	if s := doc.Get("Statement"); s != nil {
		statements = []*tree.Node{s}
		if s.Kind == tree.List {
			statements = s.Items
		}
	}
	for _, s := range statements {
		o.Statements = append(o.Statements, placeOf(v, s))
	}
	o.Ignores = w.ignores(v, value, statements)
	return o
}

// former is an origin without lines where they are those of the text before the change,
// which was at the same path: what is there now is something else.
func (w *world) former(v *view, o extractors.Origin) *extractors.Origin {
	if v.i != before || !w.x.rewritten {
		return &o
	}
	o.Range, o.Callers, o.Statements, o.Entries = source.Range{Path: o.Range.Path}, nil, nil, nil
	return &o
}

func placeOf(v *view, s *tree.Node) extractors.Place {
	p := extractors.Place{Range: where(v, s.Range)}
	for _, key := range []string{"Action", "NotAction"} {
		a := s.Get(key)
		if a == nil {
			continue
		}
		items := []*tree.Node{a}
		if a.Kind == tree.List {
			items = a.Items
		}
		for _, item := range items {
			if text, ok := item.Text(); ok {
				p.Actions = append(p.Actions, extractors.Entry{Text: text, Range: where(v, item.Range)})
			}
		}
	}
	return p
}

// ignores are the comments and the metadata that accept findings at a resource: a
// comment at a statement is about that, one elsewhere in the resource, or in front of
// it, about all of it.
func (w *world) ignores(v *view, value *tree.Node, statements []*tree.Node) []extractors.Ignore {
	s := v.u.stack.sides[v.i]
	if s == nil || v.node == nil {
		return nil
	}
	var out []extractors.Ignore
	f := w.fieldOf(v)
	for _, c := range s.doc.Comments {
		rest, ok := strings.CutPrefix(c.Text, "grantdiff:ignore")
		rule, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if !ok || rule == "" || f == nil || c.About < f.At.Start.Line || c.About > max(f.Value.Range.End.Line, f.At.Start.Line) {
			continue
		}
		if c.Range.Path != f.At.Path {
			continue
		}
		one := extractors.Ignore{Rule: rule, Reason: strings.TrimSpace(reason), Statement: -1, Range: c.Range}
		for i, st := range statements {
			if within(c.About, st.Range) {
				one.Statement = i
			}
		}
		if one.Statement < 0 && elsewhere(c.About, v.node, value, f) {
			continue
		}
		out = append(out, one)
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
			out = append(out, extractors.Ignore{Rule: rule, Reason: reason, Statement: -1, Range: item.Range})
		}
	}
	return out
}

func within(line int, r source.Range) bool {
	return r.Start.Line > 0 && line >= r.Start.Line && line <= r.End.Line
}

// elsewhere reports whether a comment is about another property of the resource than
// the one at hand.
func elsewhere(line int, node, value *tree.Node, f *tree.Field) bool {
	if line == f.At.Start.Line || value == nil {
		return false
	}
	if within(line, value.Range) {
		return false
	}
	props := node.Get("Properties")
	if props == nil {
		return false
	}
	for _, p := range props.Fields {
		end := max(p.Value.Range.End.Line, p.At.Start.Line)
		if line >= p.At.Start.Line && line <= end {
			return value.Range.Start.Line < p.At.Start.Line || value.Range.Start.Line > end
		}
	}
	return false
}
