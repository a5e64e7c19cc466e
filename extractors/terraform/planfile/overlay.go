package planfile

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// Over is the configuration with a folder on disk below it: what the plan file does
// not hold, such as the files that file() reads, is looked up there. root is the
// folder of the root module in disk. Configuration is never taken from disk: it
// may have changed since the plan was made.
func (c *Configuration) Over(disk fs.FS, root string) fs.FS {
	return &overlay{c.FS, disk, root}
}

type overlay struct {
	fs.FS
	disk fs.FS
	root string
}

// Open implements fs.FS.
func (o *overlay) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	if !errors.Is(err, fs.ErrNotExist) || isConfiguration(name) {
		return f, err
	}
	shown := Path(name)
	below := path.Join(o.root, shown)
	if path.IsAbs(shown) || isDrive(shown) || !fs.ValidPath(below) {
		return nil, err // outside of the folder
	}
	if info, statErr := fs.Stat(o.disk, below); statErr != nil || !info.Mode().IsRegular() {
		return nil, err // opening a pipe would wait for its other end
	}
	return o.disk.Open(below)
}

// isConfiguration reports whether a name is one of those that make up a module.
func isConfiguration(name string) bool {
	for _, ext := range []string{".tf", ".tofu", ".tf.json", ".tofu.json"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}
