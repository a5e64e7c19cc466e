// Package report renders a result. Every format is a pure function of the result
// and Options: the same input gives the same bytes. The one exception is the
// github format, which also appends to the files that the runner names.
//
// All text of a result may come from a plan or template and is hostile: it is
// escaped for the sink it goes to, at the place where it is written (escape.go,
// markdown.go, path.go).
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// Options shape a report. The zero value is ready for use.
type Options struct {
	// Color switches styling on; the caller knows the terminal and NO_COLOR.
	Color bool
	// Width is the number of terminal columns to wrap text to; 0 means no wrapping.
	Width int
	// Verbose shows lists in full and the policies before and after, in text.
	Verbose bool
	// Source returns the text of a file that a location of the result names, for excerpts in
	// text; "" for one that is not to be had. The caller says what may be read; nil reads
	// nothing.
	Source func(path string) string
	// BaseDir is the absolute path of the repository root, and WorkDir that of the
	// folder which relative paths of the result start from (empty: BaseDir itself).
	// Reports that name files to a code host make paths relative to BaseDir.
	BaseDir, WorkDir string
	// Resolve follows the symbolic links of an absolute path, so that it can be
	// compared with BaseDir, in which there are none; nil follows none.
	Resolve func(path string) string
	// Rules is the catalogue, for reports that carry the rules' documentation.
	Rules []rules.Rule
	// FailOn is the lowest level that fails; zero means rules.Error.
	FailOn rules.Level
	// Getenv reads the environment of the github format; nil means an empty one.
	Getenv func(string) string
}

func (o Options) env(name string) string {
	if o.Getenv == nil {
		return ""
	}
	return o.Getenv(name)
}

// Format is one way to render a result.
type Format struct {
	Name  string
	About string // one line for help texts
	Write func(io.Writer, *rules.Result, Options) error
}

// Formats lists every format, the default first.
func Formats() []Format {
	return []Format{
		{"text", "for people, in a terminal or a log", Text},
		{"json", "the whole result, which the report command reads back", JSON},
		{"sarif", "SARIF 2.1.0 for code scanning", SARIF},
		{"github", "GitHub Actions: annotations, text, step summary and outputs", GitHub},
		{"gitlab-codequality", "GitLab Code Quality report, for the widget of a merge request", CodeQuality},
		{"gitlab-sast", "GitLab SAST report, for the vulnerability report", SAST},
		{"junit", "JUnit XML, a test case for each finding", JUnit},
		{"markdown", "a review for a comment on a pull or merge request", Markdown},
		{"html", "one page with everything, for a browser", HTML},
	}
}

// Lookup finds a format by name; the error lists the known ones.
func Lookup(name string) (Format, error) {
	var known []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q: expected one of %s", name, strings.Join(known, ", "))
}
