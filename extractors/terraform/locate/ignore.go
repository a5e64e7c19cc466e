package locate

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// ignoreForm is the form of a comment that accepts findings.
var ignoreForm = regexp.MustCompile(`^grantdiff:ignore[ \t]+([a-z][a-z0-9-]*)[ \t]+(\S.*)$`)

// meantForUs tells comments that are addressed to this tool.
var meantForUs = regexp.MustCompile(`(?i)^grantdiff\s*[-:]\s*ignore|^grantdiff:`)

// Ignores are the comments that accept findings at any of some places: above, or at the
// end of the first line. Statement is the one that they are about, or -1. Behind an entry
// of a place that goes on below, a comment is about that entry alone: places are those of
// what is in question, own those of the statement itself.
func (f *Finder) Ignores(places []source.Range, statement int, own ...source.Range) []extractors.Ignore {
	var list []extractors.Ignore
	for i, r := range append(slices.Clone(own), places...) {
		if !r.HasLines() || fetched(r.Path) {
			continue
		}
		for _, c := range f.commentsAt(r) {
			if i >= len(own) && !c.Own && c.Entry && r.End.Line > r.Start.Line {
				continue
			}
			if m := ignoreForm.FindStringSubmatch(c.Text); m != nil {
				ignore := extractors.Ignore{Rule: m[1], Reason: strings.TrimSpace(m[2]), Statement: statement, Range: c.Range}
				if !slices.Contains(list, ignore) {
					list = append(list, ignore)
				}
			}
		}
	}
	return list
}

// fetched reports whether a file is of a module from elsewhere: what its authors accept
// nobody has accepted here.
func fetched(path string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(path), "/"), ".terraform")
}

// commentsAt are the comments at the end of a line, and those on the lines above that
// hold nothing else.
func (f *Finder) commentsAt(r source.Range) []config.Comment {
	all := f.tree.Comments(r.Path)
	f.check(r.Path, all)
	var list []config.Comment
	above := r.Start.Line - 1
	for i := len(all) - 1; i >= 0; i-- {
		switch c := all[i]; {
		case !c.Own && c.Range.Start.Line == r.Start.Line:
			list = append(list, c)
		case c.Own && c.Range.Start.Line == above:
			list = append(list, c)
			above--
		}
	}
	slices.Reverse(list)
	return list
}

// check reports comments that were to accept findings and do not.
func (f *Finder) check(path string, comments []config.Comment) {
	if f.checked[path] {
		return
	}
	if f.checked == nil {
		f.checked = map[string]bool{}
	}
	f.checked[path] = true
	for _, c := range comments {
		if meantForUs.MatchString(c.Text) && !ignoreForm.MatchString(c.Text) {
			f.ds = append(f.ds, diag.Diagnostic{
				Severity: diag.Warning, Summary: "a comment does not accept anything",
				Detail:  fmt.Sprintf("It says %q; expected is \"grantdiff:ignore RULE reason\", and the reason must not be empty.", shortened(c.Text)),
				Subject: c.Range,
			})
		}
	}
}

func shortened(s string) string {
	const limit = 100
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "..."
}

// Diagnostics are warnings about comments.
func (f *Finder) Diagnostics() diag.Diagnostics { return f.ds }
