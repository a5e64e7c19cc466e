package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Nested is a nested block as it is written: itself, or the content of the dynamic
// block that generates it.
type Nested struct {
	Path string
	// Range is the whole block; of a generated one, the dynamic block.
	Range  source.Range
	native *hclsyntax.Body // one of these is nil
	json   hcl.Body
}

// Nested lists the nested blocks of a type in the layer whose blocks count.
func (b *Block) Nested(typ string) []Nested {
	layer := b.NestedLayer(typ)
	if layer == nil {
		return nil
	}
	if layer.native == nil {
		return layer.nestedJSON(typ)
	}
	var list []Nested
	for _, n := range layer.native.Body.Blocks {
		at := Place(layer.Path, n.Range())
		switch {
		case n.Type == typ:
			list = append(list, Nested{Path: layer.Path, Range: at, native: n.Body})
		case isDynamic(n, typ):
			for _, c := range n.Body.Blocks {
				if c.Type == "content" {
					list = append(list, Nested{Path: layer.Path, Range: at, native: c.Body})
				}
			}
		}
	}
	return list
}

func (b *Block) nestedJSON(typ string) []Nested {
	content, _, _ := b.json.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: typ}, {Type: "dynamic", LabelNames: []string{"type"}}}})
	if content == nil {
		return nil
	}
	var list []Nested
	for _, n := range content.Blocks {
		at := Place(b.Path, n.DefRange)
		switch {
		case n.Type == typ:
			list = append(list, Nested{Path: b.Path, Range: firstArgument(b.Path, n.Body, at), json: n.Body})
		case n.Labels[0] == typ:
			inner, _, _ := n.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "content"}}})
			if inner == nil {
				continue
			}
			for _, c := range inner.Blocks {
				list = append(list, Nested{Path: b.Path, Range: at, json: c.Body})
			}
		}
	}
	return list
}

// firstArgument is the range of the first argument of a body in JSON syntax, whose
// blocks have no place of their own when they stand in a list.
func firstArgument(path string, body hcl.Body, at source.Range) source.Range {
	attrs, _ := body.JustAttributes()
	first := at
	for _, a := range attrs {
		if r := Place(path, a.Range); first == at || r.Start.Byte < first.Start.Byte {
			first = r
		}
	}
	return first
}

// Attribute is the expression of an argument of the block, or nil.
func (n Nested) Attribute(name string) hcl.Expression {
	if n.native != nil {
		if a := n.native.Attributes[name]; a != nil {
			return a.Expr
		}
		return nil
	}
	content, _, _ := n.json.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: name}}})
	if content == nil || content.Attributes[name] == nil {
		return nil
	}
	return content.Attributes[name].Expr
}
