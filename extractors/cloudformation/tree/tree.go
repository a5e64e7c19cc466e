// Package tree reads the text of CloudFormation templates, YAML or JSON, into one kind
// of tree with places: short and long intrinsic functions look the same, and every
// scalar keeps the characters that were written.
//
// Input is hostile. The size of a text, the depth of its nesting and what aliases
// expand to are bounded; circles of aliases and keys that occur twice are told. Trouble
// is in the diagnostics of the document, which holds everything that could be read.
package tree

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Limits bound what is read; zero values mean the defaults.
type Limits struct {
	Bytes int // of the text
	Depth int // of nesting
	Nodes int // of the tree, with what aliases expand to
}

// The default limits. The service takes templates of 1 MB (AWS CloudFormation User
// Guide, "Understand CloudFormation quotas"); what tools write on the way there may be
// larger.
const (
	DefaultBytes = 16 << 20
	DefaultDepth = 200
	DefaultNodes = 2_000_000
)

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = DefaultBytes
	}
	if l.Depth <= 0 {
		l.Depth = DefaultDepth
	}
	if l.Nodes <= 0 {
		l.Nodes = DefaultNodes
	}
	return l
}

// Format is the notation of a text.
type Format string

// The formats.
const (
	YAML Format = "yaml"
	JSON Format = "json"
)

// Document is one text that was read.
type Document struct {
	Path   string
	Format Format
	// Root is nil when nothing could be read.
	Root *Node
	// Comments are those of a YAML text that speak to this program: "# grantdiff:...".
	Comments []Comment
	// Diagnostics with errors mean that something is missing from Root or may be read
	// in another way by the service.
	Diagnostics diag.Diagnostics
}

// Comment is a comment without its "#" and the blanks around it.
type Comment struct {
	Text  string
	Range source.Range
	// Trailing is set when something else precedes it on its line.
	Trailing bool
	// About is the line that it is about: its own when it is trailing, else the next one
	// that is neither blank nor a comment. Where that is indented less, so that the comment
	// is at the end of what comes before it, it is the line of the comment, which has nothing.
	About int
}

// Parse reads a text, which is JSON when its first character other than white space is
// an opening brace or bracket, and YAML otherwise. JSON never goes through a parser for
// YAML, which reads some of it wrongly.
func Parse(path string, text []byte, l Limits) *Document {
	l = l.withDefaults()
	d := &Document{Path: path, Format: YAML}
	if len(text) > l.Bytes {
		d.fail(source.Pos{}, "the template is too large", fmt.Sprintf(
			"It has %d bytes and at most %d are read; CloudFormation takes 1 MB. Split the template.", len(text), l.Bytes))
		return d
	}
	text = Decode(text)
	if looksLikeJSON(text) {
		d.Format = JSON
		d.readJSON(text, l)
	} else {
		d.readYAML(text, l)
	}
	if d.Root != nil && d.Root.Kind == Invalid {
		d.Root = nil
	}
	d.Diagnostics.Sort()
	return d
}

// looksLikeJSON tells JSON by its first character. A flow mapping of YAML begins with
// a brace, too; what follows a brace in JSON is a quoted key or the other brace.
func looksLikeJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(rest) == 0 || strings.IndexByte("\"{}[]", rest[0]) >= 0 || text[0] == '['
}

// maxDiagnostics bounds what is said about one text.
const maxDiagnostics = 100

func (d *Document) fail(at source.Pos, summary, detail string) {
	d.report(diag.Error, at, summary, detail)
}

func (d *Document) warn(at source.Pos, summary, detail string) {
	d.report(diag.Warning, at, summary, detail)
}

// report keeps the first remarks; an error is kept in place of a warning, so that a
// faulty text is never taken for a good one.
func (d *Document) report(s diag.Severity, at source.Pos, summary, detail string) {
	one := diag.Diagnostic{Severity: s, Summary: summary, Detail: detail, Subject: source.Range{Path: d.Path, Start: at, End: at}}
	if len(d.Diagnostics) < maxDiagnostics {
		d.Diagnostics = append(d.Diagnostics, one)
		return
	}
	if s == diag.Error && !d.Diagnostics.HasErrors() {
		d.Diagnostics[maxDiagnostics-1] = one
	}
}

// quoted shows a text of the template in a message, shortened.
func quoted(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return fmt.Sprintf("%q", s)
}
