package scanner

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/grantdiff/grantdiff/extractors/cloudformation"
)

// priorManifest is the manifest beside the template before the change, at path; nil
// where there was none.
func (ins *inputs) priorManifest(ctx context.Context, in *input, path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	text, err := ins.prior.read(ctx, in, filepath.Join(filepath.Dir(path), cloudformation.AppManifest), maxTemplate)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
