package scanner

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/extractors/terraform/planfile"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// binaryPlan is a plan file, and the program that reads it.
type binaryPlan struct {
	file    *planfile.File
	program string
}

// openBinary makes ready to read a plan file, so that what is missing for it is told
// before anything is scanned.
func openBinary(name string, o Options) (*binaryPlan, error) {
	if name == "-" {
		return nil, errors.New("a binary Terraform plan, which only Terraform reads, and that from a file: name the file, or write the plan as JSON: terraform show -json tfplan | grantdiff scan -")
	}
	file, err := planfile.Open(name)
	if err != nil {
		return nil, err
	}
	program, err := file.Program(o.Terraform)
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return &binaryPlan{file, program}, nil
}

func (b *binaryPlan) close() { _ = b.file.Close() } // only read

// extract has the plan shown, and takes the configuration from the plan file.
func (b *binaryPlan) extract(ctx context.Context, name string, o Options) (extractors.Extraction, error) {
	to := terraform.Options{Path: source.Clean(name), SourceDir: o.SourceDir}
	root := filepath.Dir(name)
	conf, confErr := b.file.Configuration()
	if confErr == nil {
		root = rootFolder(conf, name, o.SourceDir)
		disk := openFolder(root, o.SourceDir)
		defer disk.close()
		to.Source, to.Modules = disk.below(conf), conf.Modules
	}
	var x extractors.Extraction
	c := planfile.Command{Program: b.program, File: name, Dir: initFolder(root, name, o.SourceDir)}
	err := c.Show(ctx, func(r io.Reader) error {
		var err error
		x, err = terraform.Extract(ctx, r, to)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return x, ctx.Err()
	case err != nil:
		return extractors.Extraction{}, &InputError{name, err}
	case confErr != nil:
		x.Diagnostics = append(x.Diagnostics, diag.Diagnostic{
			Severity: diag.Warning, Summary: "the configuration in the plan file cannot be read",
			Detail:  "The lines of findings are those of the source folder, which may have changed: " + confErr.Error() + ".",
			Subject: source.Range{Path: to.Path},
		})
		return rebase(x, to), nil
	}
	movePlaces(&x, to, func(name string) string { return below(root, planfile.Path(name)) })
	return x, nil
}

// below is the path of a file that is written relative to the root module, relative
// to the working directory as all other paths are.
func below(root, name string) string {
	if path.IsAbs(name) || filepath.IsAbs(filepath.FromSlash(name)) {
		return name
	}
	return path.Join(filepath.ToSlash(filepath.Clean(root)), name)
}

// folder is the source folder, and where the root module is in it.
type folder struct {
	disk *os.Root // nil when the root module is not in the source folder
	root string
}

// openFolder opens the source folder if the root module lies in it. Nothing outside
// of the source folder is read.
func openFolder(root, sourceDir string) folder {
	from, err1 := filepath.Abs(sourceDir)
	to, err2 := filepath.Abs(root)
	if sourceDir == "" || err1 != nil || err2 != nil {
		return folder{}
	}
	rel, err := filepath.Rel(from, to)
	if err != nil || !filepath.IsLocal(rel) {
		return folder{}
	}
	disk, err := os.OpenRoot(sourceDir)
	if err != nil {
		return folder{} // only files beside the configuration are missed
	}
	return folder{disk, filepath.ToSlash(rel)}
}

func (f folder) close() {
	if f.disk != nil {
		_ = f.disk.Close() // only read
	}
}

// below is the configuration of a plan with the folder below it.
func (f folder) below(conf *planfile.Configuration) fs.FS {
	if f.disk == nil {
		return conf.FS
	}
	return conf.Over(f.disk.FS(), f.root)
}

// folders are where the root module may be: where the plan file is, the source
// folder, and the working directory.
func folders(name, sourceDir string) []string {
	list := []string{filepath.Dir(name)}
	if sourceDir != "" {
		list = append(list, sourceDir)
	}
	return append(list, ".")
}

// rootFolder is the folder on disk with most of the files of the root module.
func rootFolder(conf *planfile.Configuration, name, sourceDir string) string {
	list := folders(name, sourceDir)
	best, most := list[0], 0
	for _, dir := range list {
		if n := conf.Resembles(dir); n > most {
			best, most = dir, n
		}
	}
	return best
}

// initFolder is the folder in which terraform init was run: its data folder is
// there. Where nothing tells, it is the folder of the root module.
func initFolder(root, name, sourceDir string) string {
	data := os.Getenv("TF_DATA_DIR")
	if filepath.IsAbs(data) {
		return root
	}
	if data == "" {
		data = ".terraform"
	}
	for _, dir := range append([]string{root}, folders(name, sourceDir)...) {
		if info, err := os.Stat(filepath.Join(dir, data)); err == nil && info.IsDir() {
			return dir
		}
	}
	return root
}
