package scanner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// input is a path that is open, and what it is.
type input struct {
	name   string
	in     *bufio.Reader
	prefix []byte
	kind   terraform.Kind
	binary *binaryPlan // of that kind
	// template is set for a CloudFormation template, whose kind is Other.
	template bool
	stack    *appStack // of a CDK app, which has its template; nil for others
	root     string    // the folder that it was found in, "" when it was named
	close    func()
}

// inputs are all paths of a scan and what was there before, nil without that.
type inputs struct {
	list  []*input
	prior *prior
}

func (ins *inputs) close() {
	for _, in := range ins.list {
		in.close()
	}
}

// openAll opens every path before any is scanned, so that a bad one is told at once
// and no work is lost. It opens each once: a pipe cannot be opened again. In place of a
// folder come the plans, states and templates in it.
func openAll(ctx context.Context, o Options) (*inputs, error) {
	if err := once(o.Paths); err != nil {
		return nil, err
	}
	ins := &inputs{}
	for _, name := range o.Paths {
		var err error
		if isFolder(name) {
			err = ins.openFolder(ctx, name, o)
		} else {
			err = ins.open(name, "", o)
		}
		if err != nil {
			ins.close()
			return nil, err
		}
	}
	if o.Prior == "" {
		return ins, nil
	}
	if err := ins.readPrior(ctx, o.Prior); err != nil {
		ins.close()
		return nil, &InputError{o.Prior, err}
	}
	return ins, nil
}

func (ins *inputs) open(name, root string, o Options) error {
	in, err := openInput(name, o)
	if err != nil {
		return &InputError{name, err}
	}
	in.root = root
	ins.list = append(ins.list, in)
	return nil
}

// once refuses a file that is named twice, by whatever names: what it gives would be
// reported twice.
func once(paths []string) error {
	infos := make([]os.FileInfo, len(paths))
	for i, name := range paths {
		if name != "-" {
			infos[i], _ = os.Stat(name) // trouble with it shows when it is opened
		}
		for j, other := range paths[:i] {
			if name == other || (infos[i] != nil && infos[j] != nil && os.SameFile(infos[i], infos[j])) {
				return &InputError{name, fmt.Errorf("the same input as %s: name each once", other)}
			}
		}
	}
	return nil
}

// openInput opens a path and tells what it is by its content, never by its name.
func openInput(name string, o Options) (*input, error) {
	r, done, err := open(name, o.Stdin)
	if err != nil {
		return nil, err
	}
	in := &input{name: name, in: bufio.NewReaderSize(r, terraform.SniffLength), close: done}
	in.prefix, err = in.in.Peek(terraform.SniffLength)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	in.kind = terraform.Sniff(in.prefix)
	switch {
	case err != nil:
	case in.kind == terraform.BinaryPlan:
		in.binary, err = openBinary(name, o)
	case in.kind == terraform.PlanLog:
		err = errors.New("the log of terraform plan -json, which holds no plan; run terraform plan -out=tfplan, then terraform show -json tfplan > plan.json")
	case in.kind == terraform.Other && cloudformation.Sniff(in.prefix):
		in.template = true
	case in.kind == terraform.Other && !bytes.Contains(in.prefix, []byte(`Statement`)):
		err = errors.New("not a Terraform plan or state as JSON, not a CloudFormation template, and not an IAM policy; for a plan: terraform show -json tfplan > plan.json")
	}
	if err != nil {
		done()
		return nil, err
	}
	if in.binary != nil {
		in.close = func() { done(); in.binary.close() }
	}
	return in, nil
}

// open opens a path, or standard input for "-".
func open(name string, stdin io.Reader) (io.Reader, func(), error) {
	if name == "-" {
		if stdin == nil {
			return nil, nil, errors.New("there is no standard input")
		}
		return stdin, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("a folder; name a file")
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil
}

// extract reads one input.
func (ins *inputs) extract(ctx context.Context, in *input, o Options) (extractors.Extraction, error) {
	defer in.close()
	to := terraform.Options{Path: source.Clean(in.name), SourceDir: o.SourceDir}
	switch in.kind {
	case terraform.Plan, terraform.Wrapped:
		x, err := terraform.Extract(ctx, in.in, to)
		return rebase(x, to), err
	case terraform.State, terraform.RawState:
		return terraform.ExtractState(ctx, in.in, to)
	case terraform.BinaryPlan:
		return in.binary.extract(ctx, in.name, o)
	case terraform.PlanLog, terraform.Other:
	}
	if in.template {
		return ins.extractTemplate(ctx, in, o)
	}
	return ins.extractPolicy(ctx, in, o)
}

// maxPolicyFile bounds a policy file in bytes; the largest policy that AWS stores
// has 20 KB.
const maxPolicyFile = 1 << 20

func (ins *inputs) extractPolicy(ctx context.Context, in *input, o Options) (extractors.Extraction, error) {
	text, err := bounded(in.in, maxPolicyFile)
	if err != nil {
		return extractors.Extraction{}, &InputError{in.name, err}
	}
	po := extractors.PolicyOptions{Path: source.Clean(in.name)}
	if po.Prior, po.PriorPath, err = ins.prior.text(ctx, in, maxPolicyFile); err != nil {
		return extractors.Extraction{}, &InputError{o.Prior, err}
	}
	x, err := extractors.ExtractPolicy(text, po)
	if err != nil {
		return x, err
	}
	for _, g := range x.Grants {
		if g.Before.Diagnostics.HasErrors() {
			return x, &InputError{o.Prior, priorError(g)}
		}
	}
	return x, nil
}

// priorError says what is wrong with the prior policy, one line each.
func priorError(g extractors.Grant) error {
	lines := []string{"not a policy that " + g.Address + " can be compared with: mend it where the messages below point"}
	for _, d := range g.Before.Diagnostics {
		if d.IsError() {
			lines = append(lines, d.String())
		}
	}
	return errors.New(strings.Join(lines, "\n"))
}

func bounded(r io.Reader, most int) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("larger than %d bytes, which is more than is read", most)
	}
	return text, err
}
