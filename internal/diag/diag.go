// Package diag describes trouble with the input: what was found, what was
// expected, where, and what to do. Diagnostics are returned together with
// whatever could still be read; they never speak about access (findings do) nor
// about a broken environment (errors do).
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Severity says how much of the input a diagnostic makes unusable.
type Severity int

// The severities. The zero value is invalid, so that a forgotten field shows.
const (
	Invalid Severity = iota
	Warning          // everything was read, something looks wrong
	Error            // something could not be read
)

// String returns the name used in reports.
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Error:
		return "error"
	case Invalid:
	}
	return "invalid"
}

// Diagnostic is one remark about the input. Summary is terse; Detail holds full
// sentences that end with the next step. Code is the finding code of the service
// (IAM User Guide, "IAM Access Analyzer policy check reference") where one exists.
type Diagnostic struct {
	Severity Severity
	Code     string
	Summary  string
	Detail   string
	Subject  source.Range
}

// String renders the diagnostic on one line.
func (d Diagnostic) String() string {
	var b strings.Builder
	if !d.Subject.IsZero() {
		fmt.Fprintf(&b, "%s: ", d.Subject)
	}
	b.WriteString(d.Summary)
	if d.Detail != "" {
		fmt.Fprintf(&b, "; %s", d.Detail)
	}
	return b.String()
}

// IsError reports whether d makes a part of the input unusable.
func (d Diagnostic) IsError() bool { return d.Severity == Error }

// Diagnostics is a list of remarks in the order found.
type Diagnostics []Diagnostic

// HasErrors reports whether something could not be read.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, Diagnostic.IsError)
}

// Error makes Diagnostics usable as an error: the first error, and how many follow.
func (ds Diagnostics) Error() string {
	var errs []string
	for _, d := range ds {
		if d.IsError() {
			errs = append(errs, d.String())
		}
	}
	switch len(errs) {
	case 0:
		return "no errors"
	case 1:
		return errs[0]
	default:
		return fmt.Sprintf("%s (and %d more)", errs[0], len(errs)-1)
	}
}

// Sort orders ds by file, position, severity and text, so that output does not
// depend on the order of discovery.
func (ds Diagnostics) Sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Subject.Path, b.Subject.Path),
			cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Summary, b.Summary),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
}
