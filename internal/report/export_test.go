package report

import "github.com/grantdiff/grantdiff/rules"

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
