package terraform

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/grantdiff/grantdiff/internal/source"
)

// place turns a range of the parser into one of ours.
func place(path string, r hcl.Range) source.Range {
	pos := func(p hcl.Pos) source.Pos { return source.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	return source.Range{Path: path, Start: pos(r.Start), End: pos(r.End)}
}

// header is the range of the line that opens the block.
func (b *sourceBlock) header() source.Range {
	if b.native != nil {
		return place(b.path, b.native.DefRange())
	}
	return place(b.path, b.json.DefRange)
}

// attribute is the range of an attribute where it is written out, in the block
// that has the last word, or else the header.
func (b *sourceBlock) attribute(r *row, name string) source.Range {
	if r.Permit == nil && r.Block == nil {
		for i := len(b.overrides) - 1; i >= 0; i-- {
			if found, ok := b.overrides[i].find(r, name); ok {
				return found
			}
		}
		if found, ok := b.find(r, name); ok {
			return found
		}
	}
	return b.header()
}

func (b *sourceBlock) find(r *row, name string) (source.Range, bool) {
	steps := r.steps()
	if b.json != nil {
		if len(steps) != 1 {
			return source.Range{}, false
		}
		attrs, _ := b.json.Body.JustAttributes()
		if a := attrs[steps[0]]; a != nil {
			return place(b.path, a.Range), true
		}
		return source.Range{}, false
	}
	bodies := []*hclsyntax.Body{b.native.Body}
	for _, s := range steps[:len(steps)-1] {
		var inner []*hclsyntax.Body
		for _, body := range bodies {
			inner = append(inner, nestedBodies(body, s, name)...)
		}
		bodies = inner
	}
	if len(bodies) != 1 { // none, or no telling which
		return source.Range{}, false
	}
	if a := bodies[0].Attributes[steps[len(steps)-1]]; a != nil {
		return place(b.path, a.SrcRange), true
	}
	return source.Range{}, false
}

// nestedBodies lists the nested blocks of a type. Where one of them has the name
// asked for, it is that one alone; otherwise those whose name is not a constant,
// such as the content of dynamic blocks.
func nestedBodies(body *hclsyntax.Body, typ, name string) []*hclsyntax.Body {
	var others []*hclsyntax.Body
	for _, nested := range body.Blocks {
		inner := nested.Body
		if nested.Type == "dynamic" && len(nested.Labels) == 1 && nested.Labels[0] == typ {
			inner = nil
			for _, c := range nested.Body.Blocks {
				if c.Type == "content" {
					inner = c.Body
				}
			}
		} else if nested.Type != typ {
			continue
		}
		if inner == nil {
			continue
		}
		attr := inner.Attributes["name"]
		constant, known := "", false
		if attr != nil {
			constant, known = constantString(attr.Expr)
		}
		switch {
		case known && constant == name:
			return []*hclsyntax.Body{inner}
		case !known || name == "":
			others = append(others, inner)
		}
	}
	return others
}

// hasDynamic reports whether nested blocks of a type are generated.
func (b *sourceBlock) hasDynamic(typ string) bool {
	for _, o := range b.overrides {
		if o.hasDynamic(typ) {
			return true
		}
	}
	if b.native == nil {
		content, _, _ := b.json.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "dynamic", LabelNames: []string{"type"}}}})
		return content != nil && slices.ContainsFunc(content.Blocks, func(nested *hcl.Block) bool {
			return len(nested.Labels) == 1 && nested.Labels[0] == typ
		})
	}
	for _, nested := range b.native.Body.Blocks {
		if nested.Type == "dynamic" && len(nested.Labels) == 1 && nested.Labels[0] == typ {
			return true
		}
	}
	return false
}

// constantString evaluates an expression without variables and functions.
func constantString(e hclsyntax.Expression) (string, bool) {
	v, ds := e.Value(nil)
	if ds.HasErrors() || v.IsNull() || !v.IsWhollyKnown() || v.Type() != cty.String {
		return "", false
	}
	v, _ = v.Unmark()
	return v.AsString(), true
}

// constantAttribute is the value of an attribute written as a constant.
func (b *sourceBlock) constantAttribute(name string) string {
	if b.native != nil {
		if a := b.native.Body.Attributes[name]; a != nil {
			s, _ := constantString(a.Expr)
			return s
		}
		return ""
	}
	attrs, _ := b.json.Body.JustAttributes()
	if a := attrs[name]; a != nil {
		if v, ds := a.Expr.Value(nil); !ds.HasErrors() && v.IsWhollyKnown() && !v.IsNull() && v.Type() == cty.String {
			return v.AsString()
		}
	}
	return ""
}
