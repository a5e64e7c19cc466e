package scanner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// gitPrior begins the name of a prior state that is in the history.
const gitPrior = "git:"

// prior is what was there before the change: a file, a folder, or a commit.
type prior struct {
	file   string // "" for the others
	data   []byte // of the file
	folder string
	app    bool // the folder is a CDK app
	git    *history
}

// readPrior finds what was there before, which only templates and policy files have a
// use for.
func (ins *inputs) readPrior(ctx context.Context, name string) error {
	for _, in := range ins.list {
		if in.kind != terraform.Other {
			return fmt.Errorf("%s is a %s and says itself what was there before: a prior state is for templates and policy files", in.name, in.kind)
		}
	}
	ins.prior = &prior{}
	if ref, ok := strings.CutPrefix(name, gitPrior); ok {
		var err error
		ins.prior.git, err = newHistory(ctx, ref)
		return err
	}
	if isFolder(name) {
		ins.prior.folder, ins.prior.app = name, cloudformation.IsApp(name)
		if ins.prior.app && ins.apps() > 1 {
			return errors.New("one CDK app for several; name a folder that holds the same apps, or git:REF")
		}
		return nil
	}
	if len(ins.list) > 1 {
		for _, in := range ins.list {
			if in.template {
				return errors.New("one file for several inputs; name a folder that holds the same files, or git:REF")
			}
		}
	}
	r, done, err := open(name, nil)
	if err != nil {
		return err
	}
	defer done()
	ins.prior.file = name
	ins.prior.data, err = bounded(r, maxTemplate)
	if err == nil && len(ins.prior.data) == 0 {
		err = errors.New("empty; expected the template or policy before the change")
	}
	return err
}

// text is what an input was before, and its path; nil when it was not there.
func (p *prior) text(ctx context.Context, in *input, most int) (text []byte, path string, err error) {
	switch {
	case p == nil:
		return nil, "", nil
	case in.name == "-" && p.file == "":
		return nil, "", errors.New("standard input has no path to look up; name the file before the change")
	case p.git != nil:
		text, err = p.git.show(ctx, in.name, most)
		return text, in.name, err
	case p.folder != "":
		path = p.pathOf(in)
		text, err = readFile(path, most)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, "", nil
		}
		return text, path, err
	}
	if len(p.data) > most {
		return nil, p.file, fmt.Errorf("larger than %d bytes, which is more than is read", most)
	}
	return p.data, p.file, nil
}

// relative is the path of an input in the folder that it was found in, or in its CDK
// app, or its name.
func (in *input) relative(inApp bool) string {
	root := in.root
	if inApp && in.stack != nil {
		root = in.stack.folder
	}
	if root != "" {
		if rel, err := filepath.Rel(root, in.name); err == nil {
			return rel
		}
	}
	return filepath.Base(in.name)
}

// read reads another file as it was before: path is relative to the working directory.
func (p *prior) read(ctx context.Context, in *input, path string, most int) ([]byte, error) {
	switch {
	case p == nil:
		return nil, fs.ErrNotExist
	case p.git != nil:
		text, err := p.git.show(ctx, path, most)
		if err == nil && text == nil {
			err = fs.ErrNotExist
		}
		return text, err
	}
	return readBelow(filepath.Dir(source.Clean(p.pathOf(in))), path, most)
}

// pathOf is the path of an input before the change.
func (p *prior) pathOf(in *input) string {
	if p.folder != "" {
		return filepath.Join(p.folder, in.relative(p.app))
	}
	return p.file
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func readFile(name string, most int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bounded(f, most)
}

// readBelow reads a file that is in a folder or below it, also through links.
func readBelow(folder, name string, most int) ([]byte, error) {
	rel, err := filepath.Rel(folder, name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(rel)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bounded(f, most)
}
