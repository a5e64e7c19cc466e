package rules

// Outcome is the answer of a scan in one word.
type Outcome string

// The outcomes, spelled as the output "result" of the github format.
const (
	OutcomePass      Outcome = "pass"      // nothing at or above the threshold
	OutcomeFail      Outcome = "fail"      // findings at or above it
	OutcomeUndecided Outcome = "undecided" // none, but something could not be decided
)

// OutcomeOf grades a result against the lowest level that fails (zero: Error).
// A finding about access outweighs what is not known. What could not be decided
// may be of any level, so it counts at every threshold but Never: a change is not
// passed because it could not be read. Where the configuration pins the level of
// such findings, somebody has decided how bad they are, and that level counts.
// Archived findings do not count.
func OutcomeOf(r *Result, failOn Level) Outcome {
	if failOn == 0 {
		failOn = Error
	}
	if failOn == Never {
		return OutcomePass
	}
	open := r.Summary.Undecided
	for _, f := range r.Findings {
		switch {
		case f.Archived != nil:
		case f.Undecided && f.Pinned && f.Level < failOn:
			open--
		case !f.Undecided && f.Level >= failOn:
			return OutcomeFail
		}
	}
	if open > 0 {
		return OutcomeUndecided
	}
	return OutcomePass
}

// Pin sets f to a level that the configuration gives all findings of its rule. The
// security severity moves to the nearest end of the level's range (docs/grading.md),
// so that code scanning, which grades by it, agrees. The fingerprint stays.
func (f *Finding) Pin(l Level) {
	f.Level, f.Pinned = l, true
	switch l {
	case Error:
		f.Severity = max(f.Severity, 7.0)
	case Warning:
		f.Severity = min(max(f.Severity, 4.0), 6.9)
	case Note:
		f.Severity = min(f.Severity, 3.9)
	case Never: // no level of a finding
	}
}
