package report

import (
	"cmp"
	"fmt"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/grantdiff/grantdiff/rules"
)

// sarifInvocation tells how the scan went: it was successful when all input could
// be read. What was cut from the report comes first, then trouble with the input,
// then policies whose text is not known, then the counts.
func sarifInvocation(r *rules.Result, o Options, shown, total int) *sarif.Invocation {
	var notes []*sarif.Notification
	successful := true
	if shown < total {
		notes = append(notes, notification("error", fmt.Sprintf(
			"%d of %d findings are left out, the least severe ones: code scanning takes at most %d results a run. The json report has all of them.",
			total-shown, total, sarifMaxResults)))
	}
	room := sarifMaxNotifications
	left := 0
	for _, d := range r.Diagnostics {
		if d.Severity == "error" {
			successful = false
		}
		if room--; room < 0 {
			left++
			continue
		}
		notes = append(notes, sarifDiagnostic(r, o, d))
	}
	for _, u := range r.Unresolved {
		if room--; room < 0 {
			left++
			continue
		}
		text := "Not decided: " + value(join(u.Address, u.Attribute)) + ": " + sentence(safe(cmp.Or(u.Reason, "the policy is not known"), 400))
		if len(u.References) > 0 {
			text += " It refers to " + values(u.References, 5, 80) + "."
		}
		notes = append(notes, notification("warning", unlinked(text)))
	}
	if left > 0 {
		notes = append(notes, notification("warning", fmt.Sprintf("%d further remarks are left out; the json report has all of them.", left)))
	}
	notes = append(notes, notification("note", summaryLine(r.Summary)+"."))
	return sarif.NewInvocation().WithExecutionSuccessful(successful).WithToolExecutionNotifications(notes)
}

func sarifDiagnostic(r *rules.Result, o Options, d rules.Diagnostic) *sarif.Notification {
	level := "warning"
	if d.Severity == "error" {
		level = "error"
	}
	text := sentence(safe(cmp.Or(d.Summary, "trouble with the input"), 400))
	if d.Detail != "" {
		text += " " + sentence(safe(d.Detail, 500))
	}
	n := notification(level, unlinked(text))
	if d.Location.Path != "" {
		n.AddLocation(sarif.NewLocation().WithPhysicalLocation(o.physical(r, d.Location)))
	}
	return n
}

func notification(level, text string) *sarif.Notification {
	return sarif.NewNotification().WithLevel(level).WithMessage(sarif.NewTextMessage(capped(text, sarifMaxText)))
}
