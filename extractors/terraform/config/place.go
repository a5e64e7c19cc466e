package config

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Place is the range of an attribute where it is written out, in the layer that has
// the last word, or else the header of the block. The steps are the nested blocks that
// lead to it and its name; name is that of the nested block, where blocks of its type
// are told apart by one.
func (b *Block) Place(steps []string, name string) source.Range {
	for _, l := range b.Layers() {
		if found, ok := l.find(steps, name); ok {
			return found
		}
	}
	return b.Header()
}

func (b *Block) find(steps []string, name string) (source.Range, bool) {
	if b.json != nil {
		if len(steps) != 1 {
			return source.Range{}, false
		}
		if a := b.own(steps[0]); a != nil {
			return a.Range, true
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
		return Place(b.Path, a.SrcRange), true
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
		if isDynamic(nested, typ) {
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
		text, known := "", false
		if attr != nil {
			text, known = constant(attr.Expr)
		}
		switch {
		case known && text == name:
			return []*hclsyntax.Body{inner}
		case !known || name == "":
			others = append(others, inner)
		}
	}
	return others
}
