// Package cdk reads the cloud assemblies that "cdk synth" writes, the folder cdk.out:
// its stacks with their templates, the accounts and regions they are for, their
// parameters, and the places in the program that their resources come from.
//
// The layout is that of the package @aws-cdk/cloud-assembly-schema. An assembly is made
// by running a program, so that everything in it is hostile: no file outside of the
// folder is read, and a place is only named when a file of the source folder is there.
package cdk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Options say how to read an assembly.
type Options struct {
	// Path names the folder in messages and ranges; "" is the folder as it is opened.
	Path string
	// SourceDir is the folder of the program, for the places of resources; "" is the
	// working directory.
	SourceDir string
}

// Assembly is what a folder holds.
type Assembly struct {
	// Stacks are in the order of the manifests; those of a nested assembly stand in its
	// place.
	Stacks []*Stack
	// Incomplete says why the templates are not those that would be deployed.
	Incomplete  []string
	Diagnostics diag.Diagnostics
}

// Stack is one stack of an assembly.
type Stack struct {
	// ID is the artifact with the folders of the assemblies around it, such as
	// assembly-Prod/ProdNetwork. It is the same from one synthesis to the next.
	ID string
	// Name is the name of the stack in its account.
	Name string
	// Display is what the CDK calls the stack, such as Prod/Network.
	Display string
	// Account and Region are "" where the program leaves them open.
	Account, Region string
	// Folder is the assembly of the stack within the root, "" for the root itself. The
	// paths of nested templates are relative to it.
	Folder string
	// Template is the template. A nested stack in it whose template is a file of the
	// assembly says so in its metadata, aws:asset:path.
	Template *tree.Document
	// Parameters are those that the CDK gives the stack.
	Parameters map[string]string
	// Places are where resources come from in the program, by logical ID, as far as the
	// assembly has traces. Their paths are relative to the source folder.
	Places map[string]source.Range
}

// The bounds on an assembly.
const (
	maxStacks   = 1000
	maxNesting  = 10
	maxManifest = 64 << 20 // bytes of a manifest or a file of metadata
	maxTotal    = 1 << 30  // bytes of all files
)

// ManifestName is the file that makes a folder an assembly.
const ManifestName = "manifest.json"

// Is reports whether a folder is a cloud assembly.
func Is(folder string) bool {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }()
	f, err := root.Open(ManifestName)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 1<<16)
	n, _ := io.ReadFull(f, head)
	text := string(head[:n])
	return strings.Contains(text, `"artifacts"`) && strings.Contains(text, `"version"`)
}

// Read reads an assembly and all assemblies in it. An error means that the folder cannot
// be opened; what is wrong with its contents is in the diagnostics.
func Read(folder string, o Options) (*Assembly, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	if o.Path == "" {
		o.Path = folder
	}
	r := &reader{root: root, path: source.Clean(o.Path), assembly: &Assembly{}, traces: newTraces(o.SourceDir), seen: map[string]bool{}}
	defer r.traces.close()
	r.folder("", 0)
	r.assembly.Diagnostics.Sort()
	return r.assembly, nil
}

// reader is the state of one reading.
type reader struct {
	root     *os.Root
	path     string
	assembly *Assembly
	traces   *traces
	seen     map[string]bool // assemblies
	total    int64
}

// name is a file of the assembly as messages have it.
func (r *reader) name(file string) string { return path.Join(r.path, file) }

func (r *reader) fail(at source.Range, summary, detail string) {
	const most = 100
	if len(r.assembly.Diagnostics) < most {
		r.assembly.Diagnostics = append(r.assembly.Diagnostics, diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: detail, Subject: at})
	}
}

// inside is a path of the assembly from one that a file of it names, relative to a
// folder of it; false where it leads out.
func inside(folder, name string) (string, bool) {
	name = strings.ReplaceAll(name, `\`, "/")
	if name == "" || path.IsAbs(name) || strings.ContainsRune(name, 0) {
		return "", false
	}
	full := path.Join(folder, name)
	return full, fs.ValidPath(full) && full != "."
}

// read reads a file of the assembly, as JSON or YAML.
func (r *reader) read(file string, at source.Range, limit int64) *tree.Document {
	text, err := r.bytes(file, limit)
	if err != nil {
		r.fail(at, fmt.Sprintf("%s cannot be read", r.name(file)), fmt.Sprintf("Expected a file of the cloud assembly, but: %v. Run cdk synth again.", reason(err)))
		return nil
	}
	doc := tree.Parse(r.name(file), text, tree.Limits{Bytes: int(limit)})
	return doc
}

var errTooLarge = errors.New("it is larger than what is read")

func (r *reader) bytes(file string, limit int64) ([]byte, error) {
	f, err := r.root.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	if r.total += info.Size(); info.Size() > limit || r.total > maxTotal {
		return nil, errTooLarge
	}
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// reason is an error without the path, which the message has.
func reason(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
