package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/grantdiff/grantdiff/rules"
)

// maxCases bounds a JUnit report; readers keep all of it in memory.
const maxCases = 10_000

// The elements of a JUnit report that its readers agree on; there is no official schema.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitProblem `xml:"failure"`
		Error   *junitProblem `xml:"error"`
		Skipped *junitProblem `xml:"skipped"`
		Output  string        `xml:"system-out,omitempty"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a JUnit report: a test case for each finding and one for the scan itself,
// so that a report is never empty. Findings at or above the threshold are failures, what
// could not be decided is an error, accepted findings are skipped; the others pass, with
// the finding as their output. There is a failure where the outcome is fail, and an error
// without one where it is undecided.
func JUnit(w io.Writer, r *rules.Result, o Options) error {
	b, err := xml.MarshalIndent(junit(r, o), "", "  ")
	if err != nil {
		return fmt.Errorf("write junit report: %w", err)
	}
	for _, part := range []string{xml.Header, string(b), "\n"} {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}

func junit(r *rules.Result, o Options) junitSuites {
	failOn := cmp.Or(o.FailOn, rules.Error)
	active, archived := sorted(r.Findings)
	suite := junitSuite{Name: "access", Cases: []junitCase{scanCase(r, failOn)}}
	names := map[string]int{}
	left := 0
	for _, f := range append(active, archived...) {
		if len(suite.Cases) == maxCases {
			left++
			continue
		}
		c := findingCase(r, o, f, failOn)
		if names[c.Class+"\x00"+c.Name]++; names[c.Class+"\x00"+c.Name] > 1 {
			c.Name += fmt.Sprintf(" #%d", names[c.Class+"\x00"+c.Name])
		}
		suite.Cases = append(suite.Cases, c)
	}
	if left > 0 {
		suite.Cases = append(suite.Cases, junitCase{Class: "grantdiff", Name: "report", Output: fmt.Sprintf(
			"%d findings are not in this report, the least severe ones. The json report has all of them.", left)})
	}
	for _, c := range suite.Cases {
		suite.Tests++
		switch {
		case c.Failure != nil:
			suite.Failures++
		case c.Error != nil:
			suite.Errors++
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	return junitSuites{
		Name: defaultName, Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Skipped: suite.Skipped, Suites: []junitSuite{suite},
	}
}

// scanCase is about the input: it is an error where that does not show the whole change.
func scanCase(r *rules.Result, failOn rules.Level) junitCase {
	c := junitCase{Class: "grantdiff", Name: "scan"}
	var lines []string
	for i, d := range r.Diagnostics {
		if i == tailRows {
			lines = append(lines, "and "+count(len(r.Diagnostics)-i, "more remark"))
			break
		}
		lines = append(lines, value(d.Severity)+": "+diagnosis(d))
	}
	for i, u := range untold(r) {
		if i == tailRows {
			lines = append(lines, "and more policies that are not decided")
			break
		}
		lines = append(lines, "not decided: "+value(join(u.Address, u.Attribute))+": "+message(u.Reason))
	}
	text := strings.Join(append(lines, summaryLine(r.Summary)), "\n")
	told := 0
	for _, f := range r.Findings {
		if f.Archived == nil && f.Undecided {
			told++
		}
	}
	if r.Summary.Undecided > told && failOn != rules.Never {
		c.Error = &junitProblem{Message: "The input does not show the whole change, or could not be read.", Type: "undecided", Text: text}
		return c
	}
	c.Output = text
	return c
}

func findingCase(r *rules.Result, o Options, f *rules.Finding, failOn rules.Level) junitCase {
	file, _ := o.rootPath(r, f.Location.Path)
	c := junitCase{
		Class: cmp.Or(value(subjectTitle(f.Subject)), "access"),
		Name:  ruleID(f) + ": " + value(strings.Join(nonEmpty(f.Address, strings.Join(where(f), ", ")), " ")),
		File:  visible(file), Line: max(0, f.Location.StartLine),
	}
	if f.Input != "" {
		c.Class = value(f.Input) + ": " + c.Class
	}
	problem := &junitProblem{Message: sentence(message(cmp.Or(f.Message, f.Rule, "finding"))), Type: ruleID(f), Text: findingText(f)}
	switch {
	case f.Archived != nil:
		c.Skipped = &junitProblem{Message: "accepted: " + message(acceptance(f.Archived))}
		c.Output = problem.Message
	case f.Undecided && failOn != rules.Never && !(f.Pinned && f.Level < failOn):
		c.Error = problem
	case !f.Undecided && f.Level >= failOn:
		c.Failure = problem
	default:
		c.Output = f.Level.String() + ": " + problem.Message + "\n" + problem.Text
	}
	return c
}

// findingText is a finding as lines of plain text.
func findingText(f *rules.Finding) string {
	var lines []string
	for i, d := range f.Details {
		if i == listCap {
			break
		}
		lines = append(lines, sentence(message(d)))
	}
	if at := place(f.Location); at != "" {
		lines = append(lines, "at: "+value(at))
	}
	for _, row := range append(facts(f), circumstances(f)...) {
		lines = append(lines, row.label+": "+values(row.values, listCap, valueCap))
	}
	for i, row := range proof(f) {
		if i == 0 {
			lines = append(lines, "proof, "+proofTitle(f)+":")
		}
		if i == 2*listCap {
			lines = append(lines, "  …")
			break
		}
		lines = append(lines, "  "+row[0]+" "+value(row[1]))
	}
	if f.Fingerprint != "" {
		lines = append(lines, "fingerprint: "+value(f.Fingerprint))
	}
	return "\n" + strings.Join(lines, "\n") + "\n"
}
