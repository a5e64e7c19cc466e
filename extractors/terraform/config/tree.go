// Package config reads Terraform and OpenTofu configuration below one folder: the
// files of each module, the blocks in them with what override files change, and which
// folder a module call leads to. It reads nothing outside of the file system that it is
// given, and it bounds how much it reads; what is wrong with a file is a diagnostic, and
// what could be read counts all the same.
package config

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Bounds on what is read. The nesting bounds keep hostile files from exhausting the
// stack of the recursive parser.
const (
	maxFile    = 512 << 10 // bytes
	maxFiles   = 2000
	maxNesting = 500
)

// Tree is the configuration below one folder. It is for one goroutine.
type Tree struct {
	fsys  fs.FS
	dirs  map[string]*Dir
	files int
	ds    diag.Diagnostics

	comments map[string][]Comment // by file
}

// New returns the configuration in a file system: os.Root.FS of a folder, which keeps
// links from leading out of it, or an archive.
func New(fsys fs.FS) *Tree { return &Tree{fsys: fsys, dirs: map[string]*Dir{}} }

// Diagnostics are warnings about files that could not be read in full.
func (t *Tree) Diagnostics() diag.Diagnostics { return t.ds }

func (t *Tree) warn(name, summary, detail string) {
	t.ds = append(t.ds, diag.Diagnostic{
		Severity: diag.Warning, Summary: summary, Detail: detail,
		Subject: source.Range{Path: name},
	})
}

// ReadFile reads a regular file of at most 512 KiB.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("%s is outside of the source folder", name)
	}
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
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has more than %d bytes", name, maxFile)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxFile:
		return nil, fmt.Errorf("%s has more than %d bytes", name, maxFile)
	}
	return text, nil
}

// Dir is the configuration of one module: the blocks in the files of one folder.
type Dir struct {
	// Name is the folder, relative to the tree.
	Name   string
	blocks map[string]*Block
	locals map[string]*Local
	files  int
}

// Dir reads a folder; it has no blocks when there is nothing to read.
func (t *Tree) Dir(name string) *Dir {
	name = path.Clean(name)
	if d := t.dirs[name]; d != nil {
		return d
	}
	d := &Dir{Name: name, blocks: map[string]*Block{}, locals: map[string]*Local{}}
	t.dirs[name] = d
	if !fs.ValidPath(name) {
		return d
	}
	entries, err := fs.ReadDir(t.fsys, name)
	if err != nil {
		return d
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	primary, overrides := configurationFiles(names)
	for _, n := range primary {
		t.file(d, path.Join(name, n), false)
	}
	for _, n := range overrides {
		t.file(d, path.Join(name, n), true)
	}
	return d
}

// Resource is the block of a managed resource, or nil.
func (d *Dir) Resource(typ, name string) *Block { return d.blocks["resource "+typ+" "+name] }

// Data is the block of a data source, or nil.
func (d *Dir) Data(typ, name string) *Block { return d.blocks["data "+typ+" "+name] }

// Call is the block of a module call, or nil.
func (d *Dir) Call(name string) *Block { return d.blocks["module "+name] }

// Variable is the block of an input variable, or nil.
func (d *Dir) Variable(name string) *Block { return d.blocks["variable "+name] }

// Output is the block of an output value, or nil.
func (d *Dir) Output(name string) *Block { return d.blocks["output "+name] }

// Provider is the block of a provider configuration, alias "" for the default, or nil.
func (d *Dir) Provider(name, alias string) *Block { return d.blocks["provider "+name+" "+alias] }

// Local is a local value, or nil.
func (d *Dir) Local(name string) *Local { return d.locals[name] }

// Empty reports whether the folder has no configuration.
func (d *Dir) Empty() bool { return d.files == 0 }

// Outputs are the names of the output values, sorted.
func (d *Dir) Outputs() []string {
	var names []string
	for key := range d.blocks {
		if name, ok := strings.CutPrefix(key, "output "); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
