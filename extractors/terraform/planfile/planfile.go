// Package planfile reads what a plan file of Terraform or OpenTofu holds besides the
// plan itself: the configuration that was planned. The plan in it is in a form that
// only the program that wrote it reads, so Show runs that program.
//
// A plan file is a zip archive. Its entries, as Terraform 0.12 to 1.14 and OpenTofu
// write them (packages planfile and configload of their sources): tfplan,
// tfstate, tfstate-prev, .terraform.lock.hcl, and the configuration as
// tfconfig/modules.json with one file tfconfig/m-KEY/NAME for each file of a module.
// Files that a configuration reads with file() or templatefile() are not in it.
package planfile

import (
	"archive/zip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
)

// The bounds on what is read of a plan file. Configurations of thousands of files
// stay far below; what goes beyond was not made by planning.
const (
	maxDirectory = 4 << 20  // bytes of the archive's directory
	maxModules   = 10_000   // entries of the manifest
	maxDepth     = 100      // folders that a module lies in
	maxFiles     = 20_000   // files of the configuration
	maxFile      = 4 << 20  // bytes of one file, unpacked
	maxTotal     = 64 << 20 // bytes of all files, unpacked
)

const (
	planEntry     = "tfplan"
	lockEntry     = ".terraform.lock.hcl"
	manifestEntry = "tfconfig/modules.json"
	modulePrefix  = "tfconfig/m-"
)

// ErrNotPlan is the error for a file that is no plan file.
var ErrNotPlan = errors.New("no plan file: expected a zip archive with an entry " + planEntry + ", as terraform plan -out=tfplan writes it")

// File is an open plan file.
type File struct {
	archive *zip.Reader
	closer  io.Closer
	left    int64 // bytes that may still be unpacked
}

// Open opens a plan file. Its directory is read; nothing is unpacked.
func Open(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file, as a plan file has to be: its directory stands at the end")
	}
	var p *File
	if err == nil {
		p, err = newFile(f, info.Size())
	}
	if err != nil {
		_ = f.Close() // only read
		return nil, err
	}
	p.closer = f
	return p, nil
}

func newFile(r io.ReaderAt, size int64) (*File, error) {
	archive, err := readDirectory(r, size)
	if err != nil {
		return nil, err
	}
	p := &File{archive: archive, left: maxTotal}
	if p.find(planEntry) == nil {
		return nil, ErrNotPlan
	}
	return p, nil
}

// Close closes the file; what was taken of it cannot be read any more.
func (p *File) Close() error {
	if p.closer == nil {
		return nil
	}
	return p.closer.Close()
}

// readDirectory reads the directory of an archive in bounded memory: nothing else
// is read while the reader is made.
func readDirectory(r io.ReaderAt, size int64) (*zip.Reader, error) {
	bounded := &boundedReaderAt{ReaderAt: r, left: maxDirectory}
	archive, err := zip.NewReader(bounded, size)
	switch {
	case bounded.left < 0:
		return nil, fmt.Errorf("the directory of the archive has more than %d bytes", maxDirectory)
	case errors.Is(err, zip.ErrFormat):
		return nil, ErrNotPlan
	case err != nil:
		return nil, err
	}
	bounded.opened = true
	return archive, nil
}

// boundedReaderAt fails when more than so many bytes are read before it is opened.
type boundedReaderAt struct {
	io.ReaderAt
	left   int64
	opened bool
}

// ReadAt implements io.ReaderAt.
func (b *boundedReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if !b.opened {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errors.New("too much read")
		}
	}
	return b.ReaderAt.ReadAt(p, off)
}

func (p *File) find(name string) *zip.File {
	for _, f := range p.archive.File {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// read unpacks one entry. What the directory says about its size is not believed.
func (p *File) read(f *zip.File) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", f.Name, err)
	}
	defer rc.Close()
	bound := min(maxFile, p.left)
	text, err := io.ReadAll(io.LimitReader(rc, bound+1))
	p.left -= int64(len(text))
	switch {
	case int64(len(text)) > bound:
		return nil, fmt.Errorf("unpack %s: more than %d bytes, or more than %d with all before", f.Name, maxFile, maxTotal)
	case err != nil:
		return nil, fmt.Errorf("unpack %s: %w", f.Name, err)
	}
	return text, nil
}

// OpenTofu reports whether the plan was most likely made by OpenTofu, whose lock file
// names another registry than Terraform's. Neither reads the other's plan files.
func (p *File) OpenTofu() bool {
	f := p.find(lockEntry)
	if f == nil {
		return false
	}
	text, err := p.read(f)
	return err == nil && strings.Contains(string(text), `provider "registry.opentofu.org/`)
}

// Configuration is the configuration in a plan file.
type Configuration struct {
	// FS has the files of all modules; "." is the root module. A folder that lies
	// outside of it has a name such as ..2/modules/role for ../../modules/role, see
	// Path.
	FS fs.FS
	// Modules are the folders in FS by module: the names of the calls that lead to
	// it joined with dots, "" for the root module.
	Modules map[string]string

	root map[string]uint32 // checksums of the files of the root module, by name
}

// Resembles counts the files of the root module that a folder on disk has with the
// same bytes: it tells where the plan was made.
func (c *Configuration) Resembles(dir string) int {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0
	}
	defer root.Close()
	n := 0
	for name, sum := range c.root {
		info, err := root.Stat(name)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
			continue
		}
		if text, err := root.ReadFile(name); err == nil && crc32.ChecksumIEEE(text) == sum {
			n++
		}
	}
	return n
}

// module is an entry of the manifest.
type module struct {
	Key string `json:"Key"`
	Dir string `json:"Dir"` // relative to the root module, as its system writes it
}

// Configuration lists the files of the configuration. They are unpacked when they
// are read, within bounds, and as long as the plan file is open.
func (p *File) Configuration() (*Configuration, error) {
	dirs, err := p.manifest()
	if err != nil {
		return nil, err
	}
	tree := newTree(p)
	c := &Configuration{FS: tree, Modules: dirs, root: map[string]uint32{}}
	seen := map[string]bool{}
	for _, f := range p.archive.File {
		rest, ok := strings.CutPrefix(f.Name, modulePrefix)
		if !ok {
			continue
		}
		key, name, ok := strings.Cut(rest, "/")
		dir, known := dirs[key]
		switch {
		case len(seen) >= maxFiles:
			return nil, fmt.Errorf("the configuration has more than %d files", maxFiles)
		case !ok || !plainName(name):
			return nil, fmt.Errorf("%q is no file of a module", f.Name)
		case !known:
			return nil, fmt.Errorf("%q belongs to a module that is not in %s", f.Name, manifestEntry)
		case seen[f.Name]:
			return nil, fmt.Errorf("%q occurs twice", f.Name)
		}
		seen[f.Name] = true
		if !tree.add(dir, name, f) {
			return nil, fmt.Errorf("%q is not what another module with the same folder has", f.Name)
		}
		if key == "" {
			c.root[name] = f.CRC32
		}
	}
	return c, nil
}

// manifest reads which module lies where, in the names of FS.
func (p *File) manifest() (map[string]string, error) {
	f := p.find(manifestEntry)
	if f == nil {
		return nil, fmt.Errorf("the plan file has no %s", manifestEntry)
	}
	text, err := p.read(f)
	if err != nil {
		return nil, err
	}
	var list []module
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read %s: %w", manifestEntry, err)
	}
	if len(list) > maxModules {
		return nil, fmt.Errorf("%s has more than %d modules", manifestEntry, maxModules)
	}
	dirs := map[string]string{}
	for _, m := range list {
		name := Name(strings.ReplaceAll(m.Dir, `\`, "/"))
		if !fs.ValidPath(name) || m.Dir == "" || strings.Count(name, "/") > maxDepth {
			return nil, fmt.Errorf("%s: %q is no folder", manifestEntry, m.Dir)
		}
		if _, twice := dirs[m.Key]; twice {
			return nil, fmt.Errorf("%s: the module %q occurs twice", manifestEntry, m.Key)
		}
		dirs[m.Key] = name
	}
	if dirs[""] != "." {
		return nil, fmt.Errorf("%s has no root module in the folder \".\"", manifestEntry)
	}
	return dirs, nil
}

// plainName reports whether a name is that of a file in a folder and nothing else.
func plainName(name string) bool {
	return name != "." && fs.ValidPath(name) && !strings.ContainsAny(name, `/\:`)
}
