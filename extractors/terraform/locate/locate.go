package locate

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Found is where the statements of a document are written.
type Found struct {
	// Statements are their places, by index; nil when none is known.
	Statements []extractors.Place
	// Around are the places of what each one is written in: the block of its data
	// source, a local value, the attribute.
	Around [][]source.Range
}

// Statements finds where the statements of a policy are written that an attribute of a
// block sets. The steps are as in config.Block.Place, and so is the name of the nested
// block.
func (f *Finder) Statements(m *config.Module, b *config.Block, steps []string, block string, doc *policy.Document) Found {
	if m == nil || m.Dir == nil || doc == nil || len(doc.Statements) == 0 {
		return Found{}
	}
	w := &walker{f: f, busy: map[hcl.Expression]bool{}}
	for _, a := range attributes(b, steps, block) {
		w.walk(a.Expr, w.inBlock(m, b, a, spot{}))
	}
	var out Found
	for i, c := range match(doc, w.list) {
		if c == nil {
			continue
		}
		if out.Statements == nil {
			out.Statements = make([]extractors.Place, len(doc.Statements))
			out.Around = make([][]source.Range, len(doc.Statements))
		}
		out.Statements[i] = c.place(&doc.Statements[i])
		out.Around[i] = c.around
	}
	return out
}

// attributes are the attributes that may be meant: of nested blocks, all those whose
// name is that one or not a constant.
func attributes(b *config.Block, steps []string, block string) []*config.Attribute {
	if len(steps) == 1 {
		if a := b.Attribute(steps[0]); a != nil {
			return []*config.Attribute{a}
		}
		return nil
	}
	if len(steps) != 2 {
		return nil
	}
	var list []*config.Attribute
	for _, n := range b.Nested(steps[0]) {
		x := n.Attribute(steps[1])
		if x == nil {
			continue
		}
		if named := n.Attribute("name"); named != nil && block != "" {
			if s, ok := literal(named); ok && s != block {
				continue
			}
		}
		list = append(list, &config.Attribute{Block: b.NestedLayer(steps[0]), Expr: x, Range: n.Range})
	}
	return list
}
