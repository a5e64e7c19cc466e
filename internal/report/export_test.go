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
	Summary   = summary
)

const (
	MaxAnnotations  = maxAnnotations
	MaxSummary      = maxSummary
	SARIFMaxResults = sarifMaxResults
	SARIFMaxText    = sarifMaxText
)

func RootPath(o Options, r *rules.Result, p string) (string, bool) { return o.rootPath(r, p) }

// UnstrippedSARIF is the report as the library holds it, and what it checks.
func UnstrippedSARIF(r *rules.Result, o Options) interface{ Validate() error } {
	return sarifReport(r, o)
}
