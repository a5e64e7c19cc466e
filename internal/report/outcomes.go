package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// Limits of what a run task tells HCP Terraform, which its JSON Schema of run task
// results gives in characters (hashicorp/terraform-docs-common, runtask-result.json and
// runtask-outcome.json). The documentation allows longer bodies. Bodies are measured in
// bytes here, which are never fewer.
const (
	maxOutcomes    = 10
	maxOutcomeID   = 64
	maxOutcomeLine = 1000
	maxOutcomeBody = 10_000
)

// Outcome is a part of a result for a place that lists parts: the summary or a finding.
type Outcome struct {
	// ID is the fingerprint of the finding, or "summary"; at most 64 characters.
	ID string
	// Description is one line of plain text, of at most 1000 characters.
	Description string
	// Body is Markdown without HTML blocks, of at most 10,000 bytes.
	Body string
	// Level is that of the finding, 0 for the summary.
	Level rules.Level
	// State is what the part alone means at the threshold.
	State rules.Outcome
}

// Sentence says what came out in one line of plain text, with no text of the input.
func Sentence(r *rules.Result, o Options) string {
	s := r.Summary
	active, _ := sorted(r.Findings)
	out := nothing(r)
	if len(active) > 0 {
		out = capital(levels(active))
	}
	if rules.OutcomeOf(r, o.FailOn) == rules.OutcomeUndecided {
		out = "Not decided in full, which is no pass. " + out
	}
	out += fmt.Sprintf(". %d of %s compared for %s", s.Compared, count(s.Policies, "policy"), count(s.Subjects, "subject"))
	if s.Unresolved > 0 {
		out += fmt.Sprintf(", %d unresolved", s.Unresolved)
	}
	if s.Archived > 0 {
		out += fmt.Sprintf(", %d accepted", s.Archived)
	}
	return out + "."
}

// Outcomes tells a result in at most ten parts: a summary of all of it, then the worst
// findings that are not accepted. The summary lists further ones.
func Outcomes(r *rules.Result, o Options) []Outcome {
	active, archived := sorted(r.Findings)
	active = together(active)
	m := &markdown{r: r, o: o, docs: documentsOf(r), flat: true}
	own := active[:min(len(active), maxOutcomes-1)]
	out := []Outcome{{
		ID: "summary", Description: line(Sentence(r, o)), Body: m.brief(active, archived, len(own)), State: rules.OutcomeOf(r, o.FailOn),
	}}
	for _, f := range own {
		out = append(out, Outcome{
			ID: cmp.Or(clipped(f.Fingerprint, maxOutcomeID), "finding"), Description: cmp.Or(line(f.Message), f.Rule), Body: m.body(f), Level: f.Level,
			State: stateOf(f, o.FailOn),
		})
	}
	return out
}

// stateOf grades a finding as a result that has nothing else.
func stateOf(f *rules.Finding, failOn rules.Level) rules.Outcome {
	alone := rules.Result{Findings: []rules.Finding{*f}}
	if f.Undecided {
		alone.Summary.Undecided = 1
	}
	return rules.OutcomeOf(&alone, failOn)
}

// brief is the review without its findings, told of which are told elsewhere.
func (m *markdown) brief(active, archived []*rules.Finding, told int) string {
	const elsewhere = "Scan the plan where it is made for all of it."
	out := m.headline()
	if more := len(active) - told; more > 0 {
		out += warning(fmt.Sprintf("The worst %d findings have an entry of their own; %d have none. %s", told, more, elsewhere))
	}
	tail := m.undecided(untold(m.r)) + m.accepted(archived) + m.remarks(m.r.Diagnostics)
	if len(tail) > maxOutcomeBody/2 {
		tail = warning("What is not decided, accepted, or wrong with the input does not fit here. " + elsewhere)
	}
	out += m.overview(active, maxOutcomeBody-len(out)-len(tail)-100)
	if out += tail; len(out) > maxOutcomeBody {
		return warning("The summary does not fit here. " + elsewhere)
	}
	return out
}

// body tells a finding in as much detail as there is room for. Markdown is never cut:
// what follows a cut could come to life.
func (m *markdown) body(f *rules.Finding) string {
	facts := strings.TrimPrefix(m.facts(f), "\n")
	if full := facts + m.document(f); len(full) <= maxOutcomeBody {
		return full
	}
	if without := facts + warning("The policy does not fit here."); len(without) <= maxOutcomeBody {
		return without
	}
	return mdText(safe(f.Message, 300)) + "\n" + warning("The rest of the finding does not fit here.")
}

// line makes s one line of plain text for a place that takes maxOutcomeLine characters.
func line(s string) string { return clipped(safe(s, messageCap), maxOutcomeLine) }

// clipped is s in at most limit characters, visible ones.
func clipped(s string, limit int) string {
	s = visible(s)
	if kept, rest := clip(s, limit); rest == 0 {
		return kept
	}
	kept, _ := clip(s, limit-1)
	return kept + "…"
}
