package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/grantdiff/grantdiff/rules"
)

// The limits of GitHub Actions: ten annotations of each level are kept a step, the
// rest vanish without a word; a step summary over 1 MiB is dropped whole.
const (
	maxAnnotations = 9 // of a level; one more says how many are not shown
	maxSummary     = 900 << 10
)

// GitHub writes for a step of GitHub Actions. Standard output gets the annotations,
// worst first, and then the plain text report, since annotations are few and
// short. Where the runner names the files, the Markdown summary is appended to
// GITHUB_STEP_SUMMARY and the outputs result (pass, fail or undecided), errors,
// warnings, notes and unresolved to GITHUB_OUTPUT.
func GitHub(w io.Writer, r *rules.Result, o Options) (err error) {
	// The library panics when it cannot write.
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(err, fmt.Errorf("write github report: %v", p))
		}
	}()
	var buf bytes.Buffer
	action := githubactions.New(githubactions.WithWriter(&buf), githubactions.WithGetenv(o.env))
	for _, a := range annotations(r, o) {
		a.issue(action)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write github report: %w", err)
	}
	if err := Text(w, r, o); err != nil {
		return fmt.Errorf("write github report: %w", err)
	}
	if file := o.env("GITHUB_STEP_SUMMARY"); file != "" {
		if md := review(r, o, stepSummary(summaryRoom(file))); md != "" {
			// What stands in the file may lack its line end.
			action.AddStepSummary("\n" + md)
		}
	}
	if o.env("GITHUB_OUTPUT") != "" {
		// Only words and numbers of ours: the library's delimiter for values is fixed,
		// so that a foreign value could forge further outputs.
		action.SetOutput("result", string(rules.OutcomeOf(r, o.FailOn)))
		action.SetOutput("errors", strconv.Itoa(r.Summary.Errors))
		action.SetOutput("warnings", strconv.Itoa(r.Summary.Warnings))
		action.SetOutput("notes", strconv.Itoa(r.Summary.Notes))
		action.SetOutput("unresolved", strconv.Itoa(r.Summary.Unresolved))
	}
	return nil
}

// summaryRoom is how much of the step's summary file is left to us.
func summaryRoom(file string) int {
	room := maxSummary
	if info, err := os.Stat(file); err == nil {
		room -= int(min(info.Size(), maxSummary))
	}
	return room
}

// annotation is one workflow command. Its texts are safe to show; the library
// escapes them for the command.
type annotation struct {
	level   rules.Level
	at      rules.Location // Path relative to the root, "" for none
	title   string
	message string
}

// annotations lists what is annotated: findings, then trouble with the input, at
// most maxAnnotations of each level and one that counts the rest.
func annotations(r *rules.Result, o Options) []annotation {
	active, _ := sorted(r.Findings)
	byLevel := map[rules.Level][]annotation{}
	total := map[rules.Level]int{}
	add := func(l rules.Level, build func() annotation) {
		if total[l]++; total[l] <= maxAnnotations {
			a := build()
			a.level = l
			byLevel[l] = append(byLevel[l], a)
		}
	}
	for _, f := range together(active) {
		level := f.Level
		if level != rules.Error && level != rules.Note {
			level = rules.Warning
		}
		add(level, func() annotation { return annotateFinding(r, o, f) })
	}
	for _, d := range r.Diagnostics {
		level := rules.Warning
		if d.Severity == "error" {
			level = rules.Error
		}
		add(level, func() annotation { return annotateDiagnostic(r, o, d) })
	}
	rest := "all of them are in the log of this step"
	if o.env("GITHUB_STEP_SUMMARY") != "" {
		rest = "see the step summary, and the log of this step for all"
	}
	var all []annotation
	for _, l := range []rules.Level{rules.Error, rules.Warning, rules.Note} {
		all = append(all, byLevel[l]...)
		if n := total[l] - maxAnnotations; n > 0 {
			all = append(all, annotation{
				level: l, title: "grantdiff",
				message: fmt.Sprintf("%s not shown as annotations: %s.", count(n, "more "+l.String()), rest),
			})
		}
	}
	return all
}

func annotateFinding(r *rules.Result, o Options, f *rules.Finding) annotation {
	a := annotation{
		at:    o.annotated(r, f.Location),
		title: safe(ruleNames(f), 80) + ": " + safe(subjectTitle(f.Subject), 120),
	}
	lines := []string{sentence(safe(cmp.Or(f.Message, f.Rule, "finding"), 500))}
	for i, d := range f.Details {
		if i == 3 {
			break
		}
		lines = append(lines, sentence(safe(d, 300)))
	}
	for _, row := range facts(f) {
		lines = append(lines, capital(row.label)+": "+values(row.values, 5, 120))
	}
	if f.Witness != nil {
		lines = append(lines, "Proof, "+proofTitle(f)+":")
		for i, row := range proof(f) {
			if i == listCap {
				break
			}
			lines = append(lines, "  "+row[0]+" "+safe(row[1], 160))
		}
	}
	if len(f.Unknowns) > 0 {
		lines = append(lines, "Not known: "+values(f.Unknowns, 5, 120))
	}
	in := "In " + value(f.Address)
	if parts := where(f); len(parts) > 0 {
		in += " (" + values(parts, 3, 80) + ")"
	}
	if f.Input != "" {
		in += ", input " + value(f.Input)
	}
	a.message = strings.Join(append(lines, in), "\n")
	return a
}

func annotateDiagnostic(r *rules.Result, o Options, d rules.Diagnostic) annotation {
	a := annotation{title: "grantdiff: input", message: safe(cmp.Or(d.Summary, "trouble with the input"), 500)}
	if d.Location.Path != "" {
		a.at = o.annotated(r, d.Location)
	}
	if d.Detail != "" {
		a.message += "\n" + safe(d.Detail, 500)
	}
	return a
}

// annotated gives a location of the repository that fits one line of a command, or
// none for a place outside of it.
func (o Options) annotated(r *rules.Result, l rules.Location) rules.Location {
	name, inside := o.rootPath(r, l.Path)
	if !inside {
		return rules.Location{}
	}
	l.Path = visible(name)
	return l
}

// issue writes the annotation. Columns only count where the place is one line, and
// the runner's end column is the last one, not the one behind it.
func (a annotation) issue(action *githubactions.Action) {
	fields := map[string]string{"title": a.title}
	if a.at.Path != "" {
		fields["file"] = a.at.Path
	}
	if line := a.at.StartLine; line > 0 && a.at.Path != "" {
		fields["line"] = strconv.Itoa(line)
		if a.at.EndLine == line && a.at.StartColumn > 0 && a.at.EndColumn > a.at.StartColumn {
			fields["endLine"] = strconv.Itoa(line)
			fields["col"] = strconv.Itoa(a.at.StartColumn)
			fields["endColumn"] = strconv.Itoa(a.at.EndColumn - 1)
		}
	}
	with := action.WithFieldsMap(fields)
	switch a.level {
	case rules.Error:
		with.Errorf("%s", a.message)
	case rules.Warning:
		with.Warningf("%s", a.message)
	default:
		with.Noticef("%s", a.message)
	}
}
