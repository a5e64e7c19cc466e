package scanner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// maxTemplate bounds a template in bytes.
const maxTemplate = cloudformation.MaxBytes

// extractTemplate reads a template and compares it with what was there before.
func (ins *inputs) extractTemplate(ctx context.Context, in *input, o Options) (extractors.Extraction, error) {
	text, err := bounded(in.in, maxTemplate)
	if err != nil {
		return extractors.Extraction{}, &InputError{in.name, err}
	}
	old, path, err := ins.prior.text(ctx, in, maxTemplate)
	if err != nil {
		return extractors.Extraction{}, &InputError{o.Prior, err}
	}
	co := cloudformation.Options{
		Path: source.Clean(in.name), PriorPath: path, Parameters: o.Parameters,
		Account: o.Account, Region: o.Region, Partition: o.Partition,
		PriorKnown: ins.prior != nil,
		Read:       func(name string) ([]byte, error) { return readSource(in, o, name) },
		PriorRead:  func(name string) ([]byte, error) { return ins.prior.read(ctx, in, name, maxTemplate) },
	}
	if in.stack != nil {
		manifest, err := ins.priorManifest(ctx, in, path)
		if err != nil {
			return extractors.Extraction{}, &InputError{o.Prior, err}
		}
		return in.stack.extract(ctx, old, manifest, co, o)
	}
	return cloudformation.Extract(ctx, text, old, co)
}

// readSource reads a file that a template names: in the source folder or, for a
// template outside of it, in the folder of the template.
func readSource(in *input, o Options, name string) ([]byte, error) {
	folder := o.SourceDir
	if folder == "" {
		folder = "."
	}
	if rel, err := filepath.Rel(folder, name); err != nil || !filepath.IsLocal(rel) {
		folder = filepath.Dir(in.name)
	}
	return readBelow(folder, name, maxTemplate)
}

// Bounds on the files that are looked at in a folder.
const (
	maxFolderFiles  = 20_000
	maxFolderInputs = 2_000
)

// openFolder opens the plans, states and templates in a folder and below.
func (ins *inputs) openFolder(ctx context.Context, folder string, o Options) error {
	if cloudformation.IsApp(folder) {
		return ins.openApp(folder, folder, o)
	}
	files, found := 0, 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case d.IsDir() && path != folder && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() && cloudformation.IsApp(path):
			found++
			return cmp.Or(ins.openApp(path, folder, o), fs.SkipDir)
		case !d.Type().IsRegular() || !slices.Contains([]string{".json", ".yaml", ".yml", ".template", ".tfplan", ".tfstate"}, strings.ToLower(filepath.Ext(path))):
			return nil
		}
		if files++; files > maxFolderFiles {
			return fmt.Errorf("more than %d files; name a folder that holds less", maxFolderFiles)
		}
		if !holdsInput(path) {
			return nil
		}
		if found++; found > maxFolderInputs {
			return fmt.Errorf("more than %d plans and templates; name a folder that holds less", maxFolderInputs)
		}
		return ins.open(path, folder, o)
	})
	var input *InputError
	switch {
	case err != nil && !errors.As(err, &input):
		return &InputError{folder, err}
	case err != nil:
		return err
	case found == 0:
		return &InputError{folder, errors.New("no plan, state or template in this folder; name one")}
	}
	return nil
}

// holdsInput reports whether a file is something that a folder is looked through for.
func holdsInput(path string) bool {
	head, err := readHead(path)
	if err != nil {
		return false
	}
	switch terraform.Sniff(head) {
	case terraform.Plan, terraform.State, terraform.RawState, terraform.BinaryPlan:
		return true
	case terraform.Other:
		return cloudformation.Sniff(head)
	}
	return false
}

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, terraform.SniffLength))
}

// ReadParameters reads a file with values of template parameters.
func ReadParameters(name string) (map[string]string, error) {
	text, err := readFile(name, 1<<20)
	if err != nil {
		return nil, &InputError{name, err}
	}
	out, err := cloudformation.Parameters(source.Clean(name), text)
	if err != nil {
		return nil, &InputError{name, err}
	}
	return out, nil
}
