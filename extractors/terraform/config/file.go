package config

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
)

// extensions are those of configuration files, by what OpenTofu reads in their stead:
// a .tofu file takes the place of the .tf file of the same name (OpenTofu
// documentation, "Files and Directories").
var extensions = []struct{ plain, tofu string }{
	{".tf.json", ".tofu.json"},
	{".tf", ".tofu"},
}

// configurationFiles picks the files of a module from the names in its folder, those
// that override others apart. It follows Terraform, which leaves out what editors put
// beside.
func configurationFiles(names []string) (primary, overrides []string) {
	there := map[string]bool{}
	for _, n := range names {
		there[n] = true
	}
	for _, n := range names {
		base, ok := configuration(n, there)
		switch {
		case !ok:
		case base == "override" || strings.HasSuffix(base, "_override"):
			overrides = append(overrides, n)
		default:
			primary = append(primary, n)
		}
	}
	return primary, overrides
}

// IsFile reports whether a file of this name is one of configuration.
func IsFile(name string) bool {
	_, ok := configuration(name, nil)
	return ok
}

// configuration reports whether a file is read, and its name without extension.
func configuration(name string, there map[string]bool) (base string, ok bool) {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") {
		return "", false
	}
	for _, ext := range extensions {
		if base, ok := strings.CutSuffix(name, ext.tofu); ok {
			return base, true
		}
		if base, ok := strings.CutSuffix(name, ext.plain); ok {
			return base, !there[base+ext.tofu]
		}
	}
	return "", false
}

// file reads the blocks of one file into d.
func (t *Tree) file(d *Dir, name string, override bool) {
	if t.files++; t.files > maxFiles {
		if t.files == maxFiles+1 {
			t.warn(name, "too many source files", fmt.Sprintf("Only %d files were read for the places of findings.", maxFiles))
		}
		return
	}
	text, err := t.ReadFile(name)
	if err == nil && Nesting(text) > maxNesting {
		err = fmt.Errorf("%s nests deeper than %d levels", name, maxNesting)
	}
	if err != nil {
		t.warn(name, "a source file was not read", fmt.Sprintf("Findings in it get no lines: %v.", err))
		return
	}
	d.files++
	f, ds := parse(text, name)
	if ds.HasErrors() {
		t.warn(name, "a source file has errors", fmt.Sprintf("Findings in it may get no lines: %s.", limited(ds.Error())))
	}
	for _, b := range f.blocks {
		key := blockKey(b)
		switch first := d.blocks[key]; {
		case key == "":
		case first == nil && !override:
			d.blocks[key] = b
		case first != nil && override:
			first.overrides = append(first.overrides, b)
		}
	}
	for _, l := range f.locals {
		// Locals of override files replace the first ones of the same name.
		if d.locals[l.Name] == nil || override {
			d.locals[l.Name] = l
		}
	}
}

// Nesting is an upper bound of how deep the parser recurses: brackets, and runs
// of unary operators.
func Nesting(text []byte) int {
	depth, unary, deepest := 0, 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
		switch c {
		case '!', '-':
			unary++
		case ' ', '\t', '\n', '\r':
		default:
			unary = 0
		}
		deepest = max(deepest, depth+unary)
	}
	return deepest
}

// parsed is what matters here of one file.
type parsed struct {
	blocks []*Block
	locals []*Local
}

// parse reads a file. What could be read comes with the errors.
func parse(text []byte, name string) (f parsed, ds hcl.Diagnostics) {
	defer func() {
		// The parser belongs to somebody else and sees hostile files.
		if r := recover(); r != nil {
			ds = append(ds, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "the file cannot be parsed"})
		}
	}()
	if strings.HasSuffix(name, ".json") {
		return parseJSON(text, name)
	}
	file, ds := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if file == nil {
		return f, ds
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return f, ds
	}
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for _, a := range b.Body.Attributes {
				f.locals = append(f.locals, &Local{Name: a.Name, Path: name, Expr: a.Expr, rng: a.SrcRange})
			}
			continue
		}
		f.blocks = append(f.blocks, &Block{Path: name, native: b})
	}
	return f, ds
}

// jsonSchema is what a file in JSON syntax is read for.
var jsonSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "locals"},
}}

func parseJSON(text []byte, name string) (f parsed, ds hcl.Diagnostics) {
	file, ds := hcljson.Parse(text, name)
	if file == nil {
		return f, ds
	}
	content, _, more := file.Body.PartialContent(jsonSchema)
	ds = append(ds, more...)
	if content == nil {
		return f, ds
	}
	for _, b := range content.Blocks {
		if b.Type == "locals" {
			attrs, _ := b.Body.JustAttributes()
			for _, a := range attrs {
				f.locals = append(f.locals, &Local{Name: a.Name, Path: name, Expr: a.Expr, JSON: true, rng: a.Range})
			}
			continue
		}
		f.blocks = append(f.blocks, &Block{Path: name, json: b})
	}
	return f, ds
}

// blockKey names a block within its module; "" for those that do not matter here.
func blockKey(b *Block) string {
	typ, labels := b.header()
	switch {
	case (typ == "resource" || typ == "data") && len(labels) == 2:
		return typ + " " + labels[0] + " " + labels[1]
	case (typ == "module" || typ == "variable" || typ == "output") && len(labels) == 1:
		return typ + " " + labels[0]
	case typ == "provider" && len(labels) == 1:
		return typ + " " + labels[0] + " " + b.Constant("alias")
	}
	return ""
}

// limited shortens text from a file for messages.
func limited(s string) string {
	const limit = 200
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}
