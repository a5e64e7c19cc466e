// Package source names places in input files: positions, ranges and normalised
// paths. It knows nothing about what the files hold.
package source

import (
	"fmt"
	"path"
	"strings"
)

// Pos is a place in a file. Line and Column are 1-based, Column counts Unicode
// code points; Byte is the 0-based offset. The zero Pos means "unknown".
type Pos struct {
	Line, Column, Byte int
}

// Range is a stretch of one file. End is exclusive: the position just behind the
// last character. Path is slash-separated; a Range whose Start.Line is 0 names the
// file as a whole.
type Range struct {
	Path       string
	Start, End Pos
}

// IsZero reports whether r names nothing at all.
func (r Range) IsZero() bool { return r == Range{} }

// HasLines reports whether r names lines and not only a file.
func (r Range) HasLines() bool { return r.Start.Line > 0 }

// String renders r as path:line:column, leaving out what is unknown; without a
// path, in words.
func (r Range) String() string {
	switch {
	case r.Path == "" && r.HasLines():
		return fmt.Sprintf("line %d, column %d", r.Start.Line, r.Start.Column)
	case !r.HasLines():
		return r.Path
	case r.Start.Column == 0:
		return fmt.Sprintf("%s:%d", r.Path, r.Start.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", r.Path, r.Start.Line, r.Start.Column)
	}
}

// Clean normalises a path for reports: forward slashes, no "." segments, no
// leading "./". It does not touch the file system.
func Clean(p string) string {
	if p == "" {
		return ""
	}
	return path.Clean(strings.ReplaceAll(p, `\`, "/"))
}
