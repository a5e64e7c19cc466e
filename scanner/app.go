package scanner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"path"
	"path/filepath"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// appStack is a stack of a CDK app, which is an input of its own. The first one speaks
// for the app.
type appStack struct {
	*cloudformation.Stack
	app    *cloudformation.App
	folder string // of the app
}

// apps is how many CDK apps there are.
func (ins *inputs) apps() int {
	n := 0
	for _, in := range ins.list {
		if in.stack != nil && in.stack.app != nil {
			n++
		}
	}
	return n
}

// openApp opens the stacks of a CDK app, a folder that cdk synth wrote.
// root is the folder that was named, which holds it; another such folder is what was
// there before.
func (ins *inputs) openApp(folder, root string, o Options) error {
	a, err := cloudformation.ReadApp(folder, o.SourceDir)
	if err != nil {
		return &InputError{folder, err}
	}
	if len(a.Stacks) == 0 {
		if a.Diagnostics.HasErrors() {
			return &InputError{folder, errors.New("a CDK app without a stack that can be read: " + a.Diagnostics.Error())}
		}
		return &InputError{folder, errors.New("a CDK app without stacks; run cdk synth, and name the folder cdk.out")}
	}
	for i, s := range a.Stacks {
		in := &input{
			name: filepath.FromSlash(s.Template.Path), in: bufio.NewReader(bytes.NewReader(nil)),
			kind: terraform.Other, template: true, root: root, close: func() {}, stack: &appStack{Stack: s, folder: folder},
		}
		if i == 0 {
			in.stack.app = a
		}
		ins.list = append(ins.list, in)
	}
	return nil
}

// extract compares the stack with what it was before. The manifest that was beside the
// template then is nil where there was none.
func (s *appStack) extract(ctx context.Context, before, manifest []byte, co cloudformation.Options, o Options) (extractors.Extraction, error) {
	// Places are relative to the source folder, and all other paths to the working
	// directory.
	dir := filepath.ToSlash(filepath.Clean(o.SourceDir))
	co.Places = map[string]source.Range{}
	for id, at := range s.Places {
		if o.SourceDir != "" && dir != "." {
			at.Path = path.Join(dir, at.Path)
		}
		co.Places[id] = at
	}
	x, err := cloudformation.ExtractStack(ctx, s.Stack, before, manifest, co)
	if s.app != nil {
		x.Diagnostics = append(s.app.Diagnostics, x.Diagnostics...)
		x.Incomplete = append(x.Incomplete, s.app.Incomplete...)
		if s.app.Diagnostics.HasErrors() {
			x.Incomplete = append(x.Incomplete, "The CDK app could not be read as a whole.")
		}
	}
	return x, err
}
