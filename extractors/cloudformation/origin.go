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
	o.Ignores = w.ignores(v, w.ofDocument(v, r, value, doc, statements))
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
