package repository

import (
	"strings"
	"testing"
)

// maxLines is the length of a file that a person can still hold in mind.
const maxLines = 800

func TestFileLength(t *testing.T) {
	for _, f := range tree(t) {
		if f.lines > maxLines && !strings.HasSuffix(f.path, "_gen.go") {
			t.Errorf("%s has %d lines, more than %d: split it by what its parts are about", f.path, f.lines, maxLines)
		}
	}
}

func TestPackageComments(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range tree(t) {
		if f.test {
			continue
		}
		documented[f.dir] = documented[f.dir] || strings.HasPrefix(f.doc, "Package ") || strings.HasPrefix(f.doc, "Command ")
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no file has a comment that begins with Package or Command", dir)
		}
	}
}
