package planfile

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// tree is a file system of entries of a plan file. It is read-only, and not safe for
// concurrent use: the bound on what is unpacked is shared.
type tree struct {
	file *File
	dirs map[string][]*entry // by folder, sorted by name
}

// entry is a file or a folder of a tree; as fs.DirEntry and fs.FileInfo of itself.
type entry struct {
	name string
	zip  *zip.File // nil for a folder
	size int64
}

func newTree(p *File) *tree { return &tree{file: p, dirs: map[string][]*entry{".": nil}} }

// add puts a file into a folder. It reports false when the folder has the file with
// another content.
func (t *tree) add(dir, name string, f *zip.File) bool {
	t.mkdir(dir)
	i, found := t.search(dir, name)
	if found {
		old := t.dirs[dir][i]
		return old.zip != nil && old.zip.CRC32 == f.CRC32 && old.zip.UncompressedSize64 == f.UncompressedSize64
	}
	size := int64(min(f.UncompressedSize64, maxFile+1))
	t.dirs[dir] = slices.Insert(t.dirs[dir], i, &entry{name, f, size})
	return true
}

// mkdir makes a folder and those that it lies in. A file in its way hides it.
func (t *tree) mkdir(dir string) {
	if _, ok := t.dirs[dir]; ok {
		return
	}
	parent, name := path.Dir(dir), path.Base(dir)
	t.mkdir(parent)
	t.dirs[dir] = nil
	if i, found := t.search(parent, name); !found {
		t.dirs[parent] = slices.Insert(t.dirs[parent], i, &entry{name: name})
	}
}

func (t *tree) search(dir, name string) (int, bool) {
	return slices.BinarySearchFunc(t.dirs[dir], name, func(e *entry, name string) int { return strings.Compare(e.name, name) })
}

func (t *tree) lookup(name string) *entry {
	if name == "." {
		return &entry{name: "."}
	}
	dir := path.Dir(name)
	if i, found := t.search(dir, path.Base(name)); found {
		return t.dirs[dir][i]
	}
	return nil
}

// Open implements fs.FS. A file is unpacked at once.
func (t *tree) Open(name string) (fs.File, error) {
	e := (*entry)(nil)
	err := fs.ErrInvalid
	if fs.ValidPath(name) {
		e, err = t.lookup(name), fs.ErrNotExist
	}
	if e == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if e.zip == nil {
		return &openDir{e, slices.Clone(t.dirs[name])}, nil
	}
	text, err := t.file.read(e.zip)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{&entry{e.name, e.zip, int64(len(text))}, bytes.NewReader(text)}, nil
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	dir, ok := f.(*openDir)
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return dir.ReadDir(-1)
}

type openFile struct {
	*entry
	*bytes.Reader
}

// Stat implements fs.File.
func (f *openFile) Stat() (fs.FileInfo, error) { return f.entry, nil }

// Size settles between the two embedded methods: both say the same.
func (f *openFile) Size() int64 { return f.entry.size }

// Close implements fs.File.
func (f *openFile) Close() error { return nil }

type openDir struct {
	*entry
	rest []*entry
}

// Stat implements fs.File.
func (d *openDir) Stat() (fs.FileInfo, error) { return d.entry, nil }

// Read implements fs.File.
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// Close implements fs.File.
func (d *openDir) Close() error { return nil }

// ReadDir implements fs.ReadDirFile.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	take := len(d.rest)
	if n > 0 {
		if take == 0 {
			return nil, io.EOF
		}
		take = min(take, n)
	}
	list := make([]fs.DirEntry, take)
	for i, e := range d.rest[:take] {
		list[i] = e
	}
	d.rest = d.rest[take:]
	return list, nil
}

// Name implements fs.DirEntry and fs.FileInfo.
func (e *entry) Name() string { return e.name }

// Size implements fs.FileInfo.
func (e *entry) Size() int64 { return e.size }

// Mode implements fs.FileInfo.
func (e *entry) Mode() fs.FileMode {
	if e.zip == nil {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// Type implements fs.DirEntry.
func (e *entry) Type() fs.FileMode { return e.Mode().Type() }

// IsDir implements fs.DirEntry and fs.FileInfo.
func (e *entry) IsDir() bool { return e.zip == nil }

// ModTime implements fs.FileInfo; times are not kept.
func (e *entry) ModTime() time.Time { return time.Time{} }

// Sys implements fs.FileInfo.
func (e *entry) Sys() any { return nil }

// Info implements fs.DirEntry.
func (e *entry) Info() (fs.FileInfo, error) { return e, nil }
