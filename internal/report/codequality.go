package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// maxQuality bounds a Code Quality report; the widget of a merge request is no place for
// more. GitLab sets no number, but refuses artifacts that are too large.
const maxQuality = 5000

// qualityIssue is an entry of a Code Quality report (GitLab, "Code Quality": "Code Quality
// report format"). GitLab shows one of those with the same fingerprint.
type qualityIssue struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

// CodeQuality writes a GitLab Code Quality report: an entry for each finding that is not
// accepted, for each policy that could not be decided, and for trouble with the input, so
// that nothing reads as clean because it could not be read.
func CodeQuality(w io.Writer, r *rules.Result, o Options) error {
	b, err := EncodeJSON(qualityIssues(r, o))
	if err != nil {
		return fmt.Errorf("write gitlab-codequality report: %w", err)
	}
	_, err = w.Write(b)
	return err
}

func qualityIssues(r *rules.Result, o Options) []qualityIssue {
	issues := []qualityIssue{}
	seen := map[string]int{}
	add := func(l rules.Location, severity, check, text, fingerprint string) {
		if seen[fingerprint]++; seen[fingerprint] > 1 {
			fingerprint = hash(fingerprint, fmt.Sprint(seen[fingerprint]))
		}
		name, _ := o.rootPath(r, l.Path)
		issues = append(issues, qualityIssue{
			Description: text, CheckName: check, Fingerprint: fingerprint, Severity: severity,
			Location: qualityLocation{valid(name), qualityLines{max(1, l.StartLine)}},
		})
	}
	active, _ := sorted(r.Findings)
	for _, f := range active {
		add(f.Location, qualitySeverity(f), ruleID(f), qualityText(f), fingerprintOf(f))
	}
	for _, u := range untold(r) {
		text := "Not decided: " + value(join(u.Address, u.Attribute)) + ": " + sentence(message(cmp.Or(u.Reason, "the policy is not known")))
		add(rules.Location{}, "major", "not-decided", text, hash("not-decided", u.Address, u.Attribute))
	}
	for _, d := range r.Diagnostics {
		severity := "info"
		if d.Severity == "error" {
			severity = "major"
		}
		add(d.Location, severity, "input", diagnosis(d), hash("input", d.Summary, d.Detail))
	}
	if left := len(issues) - (maxQuality - 1); left > 1 {
		issues = issues[:maxQuality-1]
		add(rules.Location{}, "major", "report-cut",
			fmt.Sprintf("%d more entries are not in this report, the least severe ones. The json report has all of them.", left), hash("report-cut"))
	}
	return issues
}

func diagnosis(d rules.Diagnostic) string {
	text := sentence(message(cmp.Or(d.Summary, "trouble with the input")))
	if d.Detail != "" {
		text += " " + sentence(message(d.Detail))
	}
	return text
}

// qualityText is one line: the widget shows no more.
func qualityText(f *rules.Finding) string {
	text := sentence(message(cmp.Or(f.Message, f.Rule, "finding")))
	// The format has no place for details; these are further places.
	var same []string
	for _, s := range f.Same {
		same = append(same, join(s.Address, s.Attribute))
	}
	if len(same) > 0 {
		text += " The same comes of " + message(strings.Join(same, ", ")) + "."
	}
	var within []string
	for _, c := range f.Contained {
		if name := join(c.Address, c.Attribute); !slices.Contains(within, name) {
			within = append(within, name)
		}
	}
	if len(within) > 0 {
		text += " All or a part of it comes of " + message(strings.Join(within, ", ")) + ", too."
	}
	if f.Input != "" {
		text += " Input: " + value(f.Input) + "."
	}
	return text
}

// qualitySeverity maps a level and grade to the words of GitLab.
func qualitySeverity(f *rules.Finding) string {
	switch {
	case f.Level == rules.Error && f.Severity >= 9:
		return "blocker"
	case f.Level == rules.Error:
		return "critical"
	case f.Level == rules.Note:
		return "minor"
	}
	return "major"
}

// hash is a fingerprint of texts.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
