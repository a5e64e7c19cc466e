package terraform

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Bounds on the configuration that is read for places. The nesting bounds keep
// hostile files from exhausting the stack of the recursive parser.
const (
	maxSourceFile    = 512 << 10 // bytes
	maxSourceFiles   = 2000
	maxSourceNesting = 500
)

// sourceTree reads configuration below one folder and nothing outside of it.
type sourceTree struct {
	root  *os.Root
	fsys  fs.FS
	dirs  map[string]*sourceDir
	files int
	ds    diag.Diagnostics
}

// sourceDir is the configuration of one module.
type sourceDir struct {
	blocks map[string]*sourceBlock // "resource TYPE NAME", "data TYPE NAME" or "module NAME"
	files  int
}

// sourceBlock is one block, with those that override parts of it.
type sourceBlock struct {
	path      string
	native    *hclsyntax.Block
	json      *hcl.Block
	overrides []*sourceBlock
}

func openSourceTree(dir string) (*sourceTree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &sourceTree{root: root, fsys: root.FS(), dirs: map[string]*sourceDir{}}, nil
}

func (t *sourceTree) warn(name, summary, detail string) {
	t.ds = append(t.ds, diag.Diagnostic{
		Severity: diag.Warning, Summary: summary, Detail: detail,
		Subject: source.Range{Path: name},
	})
}

// dir reads a module; it has no blocks when there is nothing to read.
func (t *sourceTree) dir(name string) *sourceDir {
	name = path.Clean(name)
	if d := t.dirs[name]; d != nil {
		return d
	}
	d := &sourceDir{blocks: map[string]*sourceBlock{}}
	t.dirs[name] = d
	if !fs.ValidPath(name) {
		return d
	}
	entries, err := fs.ReadDir(t.fsys, name)
	if err != nil {
		return d
	}
	var overrides []string
	for _, e := range entries {
		switch {
		case e.IsDir() || !isConfiguration(e.Name()):
		case isOverride(e.Name()):
			overrides = append(overrides, e.Name())
		default:
			t.file(d, path.Join(name, e.Name()), false)
		}
	}
	for _, n := range overrides {
		t.file(d, path.Join(name, n), true)
	}
	return d
}

// isConfiguration follows Terraform, which leaves out what editors put beside.
func isConfiguration(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") {
		return false
	}
	for _, ext := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}

func isOverride(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	return base == "override" || strings.HasSuffix(base, "_override")
}

// file reads the blocks of one file into d.
func (t *sourceTree) file(d *sourceDir, name string, override bool) {
	if t.files++; t.files > maxSourceFiles {
		if t.files == maxSourceFiles+1 {
			t.warn(name, "too many source files", fmt.Sprintf("Only %d files were read for the places of findings.", maxSourceFiles))
		}
		return
	}
	text, err := t.read(name)
	if err != nil {
		t.warn(name, "a source file was not read", fmt.Sprintf("Findings in it get no lines: %v.", err))
		return
	}
	d.files++
	blocks, ds := parseSource(text, name)
	if ds.HasErrors() {
		t.warn(name, "a source file has errors", fmt.Sprintf("Findings in it may get no lines: %s.", limited(ds.Error())))
	}
	for key, b := range blocks {
		switch first := d.blocks[key]; {
		case first == nil && !override:
			d.blocks[key] = b
		case first != nil && override:
			first.overrides = append(first.overrides, b)
		}
	}
}

func (t *sourceTree) read(name string) ([]byte, error) {
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", name)
	case info.Size() > maxSourceFile:
		return nil, fmt.Errorf("%s has more than %d bytes", name, maxSourceFile)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSourceFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxSourceFile:
		return nil, fmt.Errorf("%s has more than %d bytes", name, maxSourceFile)
	case nesting(text) > maxSourceNesting:
		return nil, fmt.Errorf("%s nests deeper than %d levels", name, maxSourceNesting)
	}
	return text, nil
}

// nesting is an upper bound of how deep the parser recurses: brackets, and runs
// of unary operators.
func nesting(text []byte) int {
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

// parseSource returns the blocks of a file that matter here. What could be read
// comes with the errors.
func parseSource(text []byte, name string) (blocks map[string]*sourceBlock, ds hcl.Diagnostics) {
	blocks = map[string]*sourceBlock{}
	defer func() {
		// The parser belongs to somebody else and sees hostile files; only places
		// depend on it.
		if r := recover(); r != nil {
			ds = append(ds, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "the file cannot be parsed"})
		}
	}()
	if strings.HasSuffix(name, ".json") {
		return parseJSONSource(text, name, blocks)
	}
	file, ds := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if file == nil {
		return blocks, ds
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return blocks, ds
	}
	for _, b := range body.Blocks {
		key := blockKey(b.Type, b.Labels)
		if key != "" && blocks[key] == nil {
			blocks[key] = &sourceBlock{path: name, native: b}
		}
	}
	return blocks, ds
}

func parseJSONSource(text []byte, name string, blocks map[string]*sourceBlock) (map[string]*sourceBlock, hcl.Diagnostics) {
	file, ds := hcljson.Parse(text, name)
	if file == nil {
		return blocks, ds
	}
	content, _, more := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "resource", LabelNames: []string{"type", "name"}},
		{Type: "data", LabelNames: []string{"type", "name"}},
		{Type: "module", LabelNames: []string{"name"}},
	}})
	ds = append(ds, more...)
	if content == nil {
		return blocks, ds
	}
	for _, b := range content.Blocks {
		key := blockKey(b.Type, b.Labels)
		if key != "" && blocks[key] == nil {
			blocks[key] = &sourceBlock{path: name, json: b}
		}
	}
	return blocks, ds
}

func blockKey(typ string, labels []string) string {
	switch {
	case (typ == "resource" || typ == "data") && len(labels) == 2:
		return typ + " " + labels[0] + " " + labels[1]
	case typ == "module" && len(labels) == 1:
		return "module " + labels[0]
	}
	return ""
}
