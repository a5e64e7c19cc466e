package report

import (
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// What the tests of escaping and cutting look at from close by.
var (
	Safe      = safe
	Visible   = visible
	InertLine = inertLine
	MDText    = mdText
	MDCode    = mdCode
	URI       = uri
)

const (
	MaxAnnotations  = maxAnnotations
	MaxSummary      = maxSummary
	MaxComment      = maxComment
	SARIFMaxResults = sarifMaxResults
	SARIFMaxText    = sarifMaxText
)

// Summary is the review as a step summary, in at most room bytes.
func Summary(r *rules.Result, o Options, room int) string { return review(r, o, stepSummary(room)) }

func RootPath(o Options, r *rules.Result, p string) (string, bool) { return o.rootPath(r, p) }

// UnstrippedSARIF is the report as the library holds it, and what it checks.
func UnstrippedSARIF(r *rules.Result, o Options) interface{ Validate() error } {
	return sarifReport(r, o)
}

// Compared writes the lines of a document: how they differ, the index of the statement or
// a dot, the text, and whether it is gained.
func Compared(d *rules.Document, findings []*rules.Finding) []string {
	var out []string
	for _, l := range compared(d, findings) {
		index := "."
		if l.statement >= 0 {
			index = strconv.Itoa(l.statement)
		}
		line := string(l.kind) + index + " " + l.text
		if l.gained {
			line += " GAINED"
		}
		out = append(out, line)
	}
	return out
}

// Changes writes the elements of a statement that change.
func Changes(f *rules.Finding, d *rules.Document) []string {
	var out []string
	for _, c := range changes(f, d) {
		out = append(out, c.name+": "+strings.Join(c.before, ", ")+" -> "+strings.Join(c.after, ", "))
	}
	return out
}
