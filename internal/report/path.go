package report

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/internal/source"
	"github.com/grantdiff/grantdiff/rules"
)

var drive = regexp.MustCompile(`^[A-Za-z]:/`)

func absolute(p string) bool { return strings.HasPrefix(p, "/") || drive.MatchString(p) }

// rootPath gives the path of a location as code hosts want it: relative to the
// repository root, with forward slashes, without ".." and never empty. A location
// without a file is one of the first input. A file outside the root is named by
// its last element, and inside is false: the name is for the reader only.
func (o Options) rootPath(r *rules.Result, p string) (name string, inside bool) {
	if p == "" && len(r.Inputs) > 0 {
		p = r.Inputs[0].Path
	}
	if p == "-" {
		return "stdin", false
	}
	inside = true
	p = source.Clean(p)
	base, work := source.Clean(o.BaseDir), source.Clean(o.WorkDir)
	if p != "" && !absolute(p) && absolute(base) && absolute(work) {
		p = path.Join(work, p)
	}
	if absolute(p) {
		if o.Resolve != nil {
			p = source.Clean(o.Resolve(p))
		}
		rel, ok := strings.CutPrefix(p, strings.TrimSuffix(base, "/")+"/")
		if ok && absolute(base) {
			p = rel
		} else {
			p, inside = path.Base(p), false
		}
	}
	if strings.HasPrefix(p, "../") {
		p, inside = path.Base(p), false
	}
	switch p {
	case "", ".", "..", "/":
		return "unknown", false
	}
	return p, inside
}

// uri percent-encodes a relative path. Colons too, so that no first element reads
// as a scheme.
func uri(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(part), ":", "%3A")
	}
	return strings.Join(parts, "/")
}
