package locate

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

const documentType = "aws_iam_policy_document"

func name(t hcl.Traversal, i int) string {
	if i >= len(t) {
		return ""
	}
	switch p := t[i].(type) {
	case hcl.TraverseRoot:
		return p.Name
	case hcl.TraverseAttr:
		return p.Name
	}
	return ""
}

// reference walks what a reference leads to.
func (w *walker) reference(t hcl.Traversal, at spot) {
	if at.module.Dir == nil {
		return
	}
	if name(t, 0) == "data" {
		if b := at.module.Dir.Data(name(t, 1), name(t, 2)); b != nil && name(t, 1) == documentType {
			w.document(b, at)
		}
		return
	}
	if name(t, 0) == "module" {
		w.output(t, at)
		return
	}
	if next, there, ok := w.resolve(t, at); ok {
		w.walk(next, there)
	}
}

// resolve is the expression that a variable, a local value, each.value or an attribute
// of a resource stands for, and where that is.
func (w *walker) resolve(t hcl.Traversal, at spot) (hcl.Expression, spot, bool) {
	m := at.module
	if m.Dir == nil {
		return nil, at, false
	}
	switch root := name(t, 0); root {
	case "local":
		if l := m.Dir.Local(name(t, 1)); l != nil {
			there := spot{module: m, path: l.Path, around: at.around}.within(l.Range())
			return l.Expr, there, true
		}
	case "var":
		if m.Call != nil {
			if a := m.Call.Attribute(name(t, 1)); a != nil {
				return a.Expr, w.inBlock(m.Caller, m.Call, a, at), true
			}
		}
		if v := m.Dir.Variable(name(t, 1)); v != nil {
			if a := v.Attribute("default"); a != nil {
				return a.Expr, spot{module: m, path: a.Block.Path, around: at.around}.within(v.Header()), true
			}
		}
	case "each":
		if name(t, 1) == "value" && at.each != nil {
			there := *at.eachSpot
			there.around = at.around
			return at.each, there, true
		}
	case "data", "module", "path", "terraform", "count", "self":
	default:
		b := m.Dir.Resource(root, name(t, 1))
		if b == nil {
			return nil, at, false
		}
		if a := b.Attribute(name(t, 2)); a != nil {
			return a.Expr, w.inBlock(m, b, a, at), true
		}
	}
	return nil, at, false
}

// inBlock is the spot of an attribute of a block.
func (w *walker) inBlock(m *config.Module, b *config.Block, a *config.Attribute, from spot) spot {
	s := spot{module: m, path: a.Block.Path, around: from.around}
	if each := b.Attribute("for_each"); each != nil {
		s.each, s.eachSpot = each.Expr, &spot{module: m, path: each.Block.Path}
	}
	s = s.within(b.Header())
	return s.within(a.Range)
}

// output walks an output of a called module, or all of them where the reference leaves
// open which.
func (w *walker) output(t hcl.Traversal, at spot) {
	var names []string
	if at.module.Path != "" {
		names = append(names, splitPath(at.module.Path)...)
	}
	inner := w.f.modules.Module(append(names, name(t, 1)))
	if inner == nil || inner.Dir == nil || inner.Path == at.module.Path {
		return
	}
	i := 2
	if i < len(t) {
		if _, ok := t[i].(hcl.TraverseIndex); ok {
			i++
		}
	}
	outputs := inner.Dir.Outputs()
	if n := name(t, i); n != "" {
		outputs = []string{n}
	}
	for _, n := range outputs {
		b := inner.Dir.Output(n)
		if b == nil {
			continue
		}
		if a := b.Attribute("value"); a != nil {
			w.walk(a.Expr, w.inBlock(inner, b, a, at))
		}
	}
}

// document walks a data source that makes a document, and those that it is made from.
func (w *walker) document(b *config.Block, at spot) {
	if w.steps++; w.steps > maxSteps || w.depth > maxDepth {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	base := spot{module: at.module, path: b.Path, around: at.around}.within(b.Header())
	if each := b.Attribute("for_each"); each != nil {
		base.each, base.eachSpot = each.Expr, &spot{module: at.module, path: each.Block.Path}
	}
	others := func(attrs ...string) {
		for _, n := range attrs {
			if a := b.Attribute(n); a != nil {
				there := base
				there.path = a.Block.Path
				w.walk(a.Expr, there)
			}
		}
	}
	start := len(w.list)
	others("source_json", "source_policy_documents")
	for _, n := range b.Nested("statement") {
		there := base
		there.path = n.Path
		c := w.candidate(n.Range, there)
		w.fill(c, n.Attribute("sid"), n.Attribute("effect"), n.Attribute("actions"), n.Attribute("not_actions"), there)
		if n.Attribute("effect") == nil {
			c.effect = "Allow"
		}
		w.list = append(w.list, c)
	}
	others("override_policy_documents", "override_json")
	w.list = append(w.list[:start], overridden(w.list[start:])...)
}

// overridden leaves of the statements of a document those that are in it: one with a Sid
// takes the place of an earlier one with the same.
func overridden(list []*candidate) []*candidate {
	var out []*candidate
	at := map[string]int{}
	for _, c := range list {
		i, there := at[c.sid]
		switch {
		case !c.sidKnown || c.sid == "":
			out = append(out, c)
		case there:
			out[i] = c
		default:
			at[c.sid] = len(out)
			out = append(out, c)
		}
	}
	return out
}
