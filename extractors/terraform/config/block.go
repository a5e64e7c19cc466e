package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Block is one block, with those of override files that replace parts of it.
type Block struct {
	// Path is the file, relative to the tree.
	Path      string
	native    *hclsyntax.Block // one of these is nil
	json      *hcl.Block
	overrides []*Block
}

// Local is a local value.
type Local struct {
	Name, Path string
	Expr       hcl.Expression
	// JSON is true when it is written in JSON syntax.
	JSON bool
	rng  hcl.Range
}

// Range is the place of the definition.
func (l *Local) Range() source.Range { return Place(l.Path, l.rng) }

// Place turns a range of the parser into one of ours.
func Place(path string, r hcl.Range) source.Range {
	pos := func(p hcl.Pos) source.Pos { return source.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	return source.Range{Path: path, Start: pos(r.Start), End: pos(r.End)}
}

func (b *Block) header() (typ string, labels []string) {
	if b.native != nil {
		return b.native.Type, b.native.Labels
	}
	return b.json.Type, b.json.Labels
}

// JSON reports whether the block is written in JSON syntax.
func (b *Block) JSON() bool { return b.native == nil }

// Header is the range of the line that opens the block.
func (b *Block) Header() source.Range {
	if b.native != nil {
		return Place(b.Path, b.native.DefRange())
	}
	return Place(b.Path, b.json.DefRange)
}

// Body is the body of this block alone, without overrides.
func (b *Block) Body() hcl.Body {
	if b.native != nil {
		return b.native.Body
	}
	return b.json.Body
}

// Layers are the block and those that override parts of it, the one with the last
// word first. An attribute counts from the first layer that has it, and so do all
// nested blocks of a type (Terraform documentation, "Override Files").
func (b *Block) Layers() []*Block {
	layers := make([]*Block, 0, 1+len(b.overrides))
	for i := len(b.overrides) - 1; i >= 0; i-- {
		layers = append(layers, b.overrides[i])
	}
	return append(layers, b)
}

// Attribute is an argument of the block.
type Attribute struct {
	Block *Block // the layer that sets it
	Expr  hcl.Expression
	Range source.Range
}

// Attribute finds an argument in the layer that has the last word on it, or nil.
func (b *Block) Attribute(name string) *Attribute {
	for _, l := range b.Layers() {
		if a := l.own(name); a != nil {
			return a
		}
	}
	return nil
}

func (b *Block) own(name string) *Attribute {
	if b.native != nil {
		if a := b.native.Body.Attributes[name]; a != nil {
			return &Attribute{b, a.Expr, Place(b.Path, a.SrcRange)}
		}
		return nil
	}
	content, _, _ := b.json.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: name}}})
	if content == nil || content.Attributes[name] == nil {
		return nil
	}
	a := content.Attributes[name]
	return &Attribute{b, a.Expr, Place(b.Path, a.Range)}
}

// NestedLayer is the layer whose nested blocks of a type count, written out or
// generated, or nil when there are none.
func (b *Block) NestedLayer(typ string) *Block {
	for _, l := range b.Layers() {
		if l.nests(typ) {
			return l
		}
	}
	return nil
}

func (b *Block) nests(typ string) bool {
	if b.native != nil {
		for _, nested := range b.native.Body.Blocks {
			if nested.Type == typ || isDynamic(nested, typ) {
				return true
			}
		}
		return false
	}
	content, _, _ := b.json.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: typ}, {Type: "dynamic", LabelNames: []string{"type"}}}})
	if content == nil {
		return false
	}
	for _, nested := range content.Blocks {
		if nested.Type == typ || nested.Labels[0] == typ {
			return true
		}
	}
	return false
}

func isDynamic(b *hclsyntax.Block, typ string) bool {
	return b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == typ
}

// Generates reports whether nested blocks of a type are generated, in any layer.
func (b *Block) Generates(typ string) bool {
	for _, l := range b.Layers() {
		if l.generates(typ) {
			return true
		}
	}
	return false
}

func (b *Block) generates(typ string) bool {
	if b.native != nil {
		for _, nested := range b.native.Body.Blocks {
			if isDynamic(nested, typ) {
				return true
			}
		}
		return false
	}
	content, _, _ := b.json.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "dynamic", LabelNames: []string{"type"}}}})
	if content == nil {
		return false
	}
	for _, nested := range content.Blocks {
		if nested.Labels[0] == typ {
			return true
		}
	}
	return false
}

// Constant is the value of an argument that is written as a constant text, or "".
func (b *Block) Constant(name string) string {
	a := b.Attribute(name)
	if a == nil {
		return ""
	}
	s, _ := constant(a.Expr)
	return s
}

// constant evaluates an expression without variables and functions.
func constant(e hcl.Expression) (string, bool) {
	v, ds := e.Value(nil)
	if ds.HasErrors() || v.IsNull() || !v.IsWhollyKnown() || v.Type() != cty.String {
		return "", false
	}
	v, _ = v.Unmark()
	return v.AsString(), true
}
