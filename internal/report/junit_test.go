package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/rules"
)

// junitReport counts the elements of a report.
type junitReport struct{ Tests, Failures, Errors, Skipped int }

// parseJUnit reads a report as its readers do and counts what it holds.
func parseJUnit(t testing.TB, out []byte) junitReport {
	t.Helper()
	var r junitReport
	dec := xml.NewDecoder(bytes.NewReader(out))
	names := map[string]bool{}
	claimed := map[string]string{}
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "testsuites":
			claimed = attr
		case "testcase":
			r.Tests++
			name := attr["classname"] + "\x00" + attr["name"]
			if attr["classname"] == "" || attr["name"] == "" || names[name] {
				t.Errorf("test case %q has no name or that of another", name)
			}
			names[name] = true
		case "failure":
			r.Failures++
		case "error":
			r.Errors++
		case "skipped":
			r.Skipped++
		case "testsuite", "system-out":
		default:
			t.Errorf("element %s", e.Name.Local)
		}
	}
	for name, n := range map[string]int{"tests": r.Tests, "failures": r.Failures, "errors": r.Errors, "skipped": r.Skipped} {
		if claimed[name] != fmt.Sprint(n) {
			t.Errorf("%d %s, the report says %s", n, name, claimed[name])
		}
	}
	return r
}

func TestJUnitSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		out := render(t, "junit", r, options())
		shown(t, string(out))
		parseJUnit(t, out)
	})
}

// TestJUnitOutcome holds the counts to the exit code: a reader of the report and one of
// the exit code come to the same answer.
func TestJUnitOutcome(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := results().Draw(rt, "result")
		for i := range r.Findings {
			f := &r.Findings[i]
			f.Pinned = rapid.Bool().Draw(rt, "pinned")
			if f.Archived == nil && f.Undecided {
				r.Summary.Undecided++
			}
		}
		o := options()
		o.FailOn = rules.Level(rapid.IntRange(0, 4).Draw(rt, "threshold"))
		got := parseJUnit(quiet{t, rt}, render(t, "junit", r, o))
		if got.Tests != 1+len(r.Findings) {
			rt.Fatalf("%d cases of %d findings", got.Tests, len(r.Findings))
		}
		want := rules.OutcomeOf(r, o.FailOn)
		switch {
		case (want == rules.OutcomeFail) != (got.Failures > 0):
			rt.Fatalf("outcome %s with %d failures", want, got.Failures)
		case want != rules.OutcomeFail && (want == rules.OutcomeUndecided) != (got.Errors > 0):
			rt.Fatalf("outcome %s with %d errors", want, got.Errors)
		}
	})
}

func TestJUnitLimits(t *testing.T) {
	out := render(t, "junit", many(10_000), options())
	r := parseJUnit(t, out)
	if r.Tests != 10_001 || r.Failures == 0 {
		t.Errorf("%+v", r)
	}
	if want := "20001 findings are not in this report"; !strings.Contains(string(out), want) {
		t.Errorf("the report does not say: %s", want)
	}
}
