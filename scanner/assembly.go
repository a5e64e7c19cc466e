package scanner

import (
	"bufio"
	"bytes"
	"errors"
	"path"
	"path/filepath"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/cdk"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// kindStack is the kind of the extraction from a stack of a CDK app.
const kindStack = "cdk-stack"

// cdkStack is a stack of a cloud assembly, which is an input of its own. The first one
// speaks for the assembly.
type cdkStack struct {
	*cdk.Stack
	assembly *cdk.Assembly
}

// openAssembly opens the stacks of a cloud assembly, a folder that cdk synth wrote.
func (ins *inputs) openAssembly(folder string, o Options) error {
	a, err := cdk.Read(folder, cdk.Options{SourceDir: o.SourceDir})
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
			kind: terraform.Other, template: true, root: folder, close: func() {}, stack: &cdkStack{Stack: s},
		}
		if i == 0 {
			in.stack.assembly = a
		}
		ins.list = append(ins.list, in)
	}
	return nil
}

// options says what the assembly knows of the stack. What the user says of parameters
// counts more.
func (s *cdkStack) options(co *cloudformation.Options, o Options) {
	if s.Account != "" {
		co.Account = s.Account
	}
	if s.Region != "" {
		co.Region = s.Region
	}
	co.StackName = s.Name
	co.Parameters = map[string]string{}
	for name, value := range s.Parameters {
		co.Parameters[name] = value
	}
	for name, value := range o.Parameters {
		co.Parameters[name] = value
	}
	dir := filepath.ToSlash(filepath.Clean(o.SourceDir))
	co.Places = map[string]source.Range{}
	for id, at := range s.Places {
		if o.SourceDir != "" && dir != "." {
			at.Path = path.Join(dir, at.Path)
		}
		co.Places[id] = at
	}
}

// complete adds what is to be said about the assembly.
func (s *cdkStack) complete(x *extractors.Extraction) {
	x.Kind = kindStack
	if s.assembly != nil {
		x.Diagnostics = append(s.assembly.Diagnostics, x.Diagnostics...)
		x.Incomplete = append(x.Incomplete, s.assembly.Incomplete...)
		if s.assembly.Diagnostics.HasErrors() {
			x.Incomplete = append(x.Incomplete, "The CDK app could not be read as a whole.")
		}
	}
}
