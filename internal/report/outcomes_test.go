package report_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// TestOutcomesGolden shows the parts of a result as they are told.
func TestOutcomesGolden(t *testing.T) {
	for _, fx := range fixtures {
		t.Run(fx.name, func(t *testing.T) {
			var b strings.Builder
			fmt.Fprintf(&b, "%s\n", report.Sentence(fx.result(), options()))
			for _, p := range report.Outcomes(fx.result(), options()) {
				fmt.Fprintf(&b, "\n=== %s, level %d, %s\n%s\n\n%s", p.ID, p.Level, p.State, p.Description, p.Body)
			}
			golden(t, fx.name+".outcomes", []byte(b.String()))
		})
	}
}

// TestOutcomesLimits: what is sent stays within the limits, whatever the plan holds, and
// says what it leaves out.
func TestOutcomesLimits(t *testing.T) {
	long := strings.Repeat("\U000e0001`|<b>@a", 4000)
	big := rich()
	for i := range big.Findings {
		f := &big.Findings[i]
		f.Message, f.Details, f.Address, f.Fingerprint = long, []string{long, long, long, long}, long, long
	}
	for name, r := range map[string]*rules.Result{"many": many(40), "big": big, "hostile": hostile(), "empty": empty()} {
		parts := report.Outcomes(r, options())
		if len(parts) == 0 || len(parts) > 10 || parts[0].ID != "summary" {
			t.Fatalf("%s: %d parts", name, len(parts))
		}
		for _, p := range parts {
			if n := utf8.RuneCountInString(p.Description); n == 0 || n > 1000 || strings.Contains(p.Description, "\n") {
				t.Errorf("%s: a description of %d characters: %q", name, n, p.Description)
			}
			if p.ID == "" || utf8.RuneCountInString(p.ID) > 64 || len(p.Body) == 0 || len(p.Body) > 10_000 {
				t.Errorf("%s: id %q, a body of %d bytes", name, p.ID, len(p.Body))
			}
			if strings.Contains(p.Body, "<details>") {
				t.Errorf("%s: %s folds", name, p.ID)
			}
		}
	}
	if got := report.Outcomes(many(40), options())[0].Body; !strings.Contains(got, "The worst 9 findings have an entry of their own; 111 have none.") {
		t.Errorf("the summary does not say what has no entry:\n%s", got)
	}
}

// TestOutcomeStates: each part is graded as the exit code grades the whole.
func TestOutcomeStates(t *testing.T) {
	r := &rules.Result{Summary: rules.Summary{Policies: 3, Compared: 2, Undecided: 1}, Findings: []rules.Finding{
		{Rule: "new-access", Level: rules.Error, Fingerprint: "a", Message: "a"},
		{Rule: "new-access", Level: rules.Note, Fingerprint: "b", Message: "b"},
		{Rule: "unresolved-policy", Level: rules.Warning, Fingerprint: "c", Message: "c", Undecided: true},
		{Rule: "new-access", Level: rules.Error, Fingerprint: "d", Message: "d", Archived: &rules.Archived{}},
	}}
	for failOn, want := range map[rules.Level]string{
		rules.Error: "summary fail, a fail, c undecided, b pass",
		rules.Note:  "summary fail, a fail, c undecided, b fail",
		rules.Never: "summary pass, a pass, c pass, b pass",
	} {
		var got []string
		for _, p := range report.Outcomes(r, report.Options{FailOn: failOn}) {
			got = append(got, p.ID+" "+string(p.State))
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s: %s, want %s", failOn, got, want)
		}
	}
	r.Findings = r.Findings[1:3]
	if got, want := report.Sentence(r, report.Options{}), "Not decided in full, which is no pass. 1 warning, 1 note. 2 of 3 policies compared for 0 subjects."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
