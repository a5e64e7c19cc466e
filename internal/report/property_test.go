package report_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(attacks),
		rapid.StringN(0, 20, -1),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")) }),
	)
}

func locations() *rapid.Generator[rules.Location] {
	return rapid.Custom(func(t *rapid.T) rules.Location {
		n := rapid.IntRange(-1, 50)
		return rules.Location{
			Path: texts().Draw(t, "path"), StartLine: n.Draw(t, "line"), StartColumn: n.Draw(t, "column"),
			EndLine: n.Draw(t, "end"), EndColumn: n.Draw(t, "end column"),
		}
	})
}

func findings() *rapid.Generator[rules.Finding] {
	return rapid.Custom(func(t *rapid.T) rules.Finding {
		text := func(label string) string { return texts().Draw(t, label) }
		list := func(label string) []string { return rapid.SliceOfN(texts(), 0, 12).Draw(t, label) }
		f := rules.Finding{
			Rule:     rapid.SampledFrom([]string{"new-access", "unresolved-policy", "later-rule"}).Draw(t, "rule"),
			Level:    rules.Level(rapid.IntRange(1, 3).Draw(t, "level")),
			Severity: rapid.Float64().Draw(t, "severity"),
			Address:  text("address"), Attribute: text("attribute"), Action: text("action"), Fingerprint: text("fingerprint"),
			Subject:  rules.Subject{Kind: text("kind"), Address: text("subject"), Name: text("name")},
			Location: locations().Draw(t, "location"),
			Callers:  rapid.SliceOfN(locations(), 0, 4).Draw(t, "callers"),
			Message:  text("message"), Details: list("details"), Unknowns: list("unknowns"),
			Undecided: rapid.Bool().Draw(t, "undecided"),
		}
		if rapid.Bool().Draw(t, "gains") {
			f.Gained = &rules.Gained{Actions: list("actions"), Resources: list("resources"), Principals: list("principals"), Conditions: list("conditions")}
		}
		if rapid.Bool().Draw(t, "has statement") {
			f.Statement = &rules.Statement{Index: rapid.IntRange(0, 9).Draw(t, "index"), Sid: text("sid")}
		}
		if rapid.Bool().Draw(t, "has witness") {
			w := fresh(&f.Witness)
			w.Action, w.Resource = text("witness action"), text("witness resource")
			if rapid.Bool().Draw(t, "named") {
				w.Principal.Type, w.Principal.ID = principalAWS, text("principal")
			}
			w.Context = map[string][]string{text("key"): list("values"), "aws:SourceIp": {"203.0.113.7"}}
		}
		if rapid.Bool().Draw(t, "is archived") {
			f.Archived = &rules.Archived{Name: text("archive"), Reason: text("why"), Expires: text("until")}
		}
		return f
	})
}

func results() *rapid.Generator[*rules.Result] {
	return rapid.Custom(func(t *rapid.T) *rules.Result {
		text := func(label string) string { return texts().Draw(t, label) }
		r := &rules.Result{
			Schema: rules.Schema, Tool: rules.Tool{Name: text("tool"), Version: text("version")},
			Findings: rapid.SliceOfN(findings(), 0, 25).Draw(t, "findings"),
		}
		for _, f := range r.Findings {
			if rapid.Bool().Draw(t, "has document") {
				d := hostileDocument(text("document"))
				d.Input, d.Address, d.Attribute = f.Input, f.Address, f.Attribute
				r.Documents = append(r.Documents, d)
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "inputs") {
			r.Inputs = append(r.Inputs, rules.Input{Path: text("input"), Kind: text("input kind"), Policies: 1})
		}
		for range rapid.IntRange(0, 2).Draw(t, "unresolved") {
			r.Unresolved = append(r.Unresolved, rules.Unresolved{Address: text("u"), Attribute: text("a"), Reason: text("r"), References: []string{text("ref")}})
		}
		for range rapid.IntRange(0, 2).Draw(t, "diagnostics") {
			r.Diagnostics = append(r.Diagnostics, rules.Diagnostic{
				Severity: rapid.SampledFrom([]string{"error", "warning"}).Draw(t, "severity"),
				Summary:  text("summary"), Detail: text("detail"), Location: locations().Draw(t, "place"),
			})
		}
		r.Summary = rules.Summary{Policies: rapid.IntRange(0, 3).Draw(t, "policies"), Undecided: rapid.IntRange(0, 3).Draw(t, "n undecided")}
		return r
	})
}

func TestAnyResult(t *testing.T) {
	tail := regexp.MustCompile(`\n\d+ policies compared, \d+ errors, \d+ warnings, \d+ notes, \d+ unresolved\n\z`)
	rapid.Check(t, func(rt *rapid.T) {
		r := results().Draw(rt, "result")
		o := options()
		o.Width = rapid.SampledFrom([]int{0, 1, 72}).Draw(rt, "width")
		for _, f := range report.Formats() {
			var once, twice bytes.Buffer
			if err := f.Write(&once, r, o); err != nil {
				rt.Fatalf("%s: %v", f.Name, err)
			}
			if err := f.Write(&twice, r, o); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
				rt.Fatalf("%s is not deterministic (%v)", f.Name, err)
			}
			out := once.String()
			switch f.Name {
			case "text":
				if bad := commandLine.FindString(out); bad != "" || strings.Contains(out, "##[") || atlantis.MatchString(out) || !tail.MatchString(out) {
					rt.Fatalf("text is not inert: %q", out)
				}
			case "github":
				if strings.Contains(out, "\r") {
					rt.Fatalf("carriage return in %q", out)
				}
				for _, line := range commandLine.FindAllString(out, -1) {
					if !ownCommand.MatchString(line) {
						rt.Fatalf("not a command of ours: %q", line)
					}
				}
			}
		}
		if out := report.Summary(r, o, report.MaxSummary); len(out) > report.MaxSummary {
			rt.Fatalf("summary of %d bytes", len(out))
		}
		if out := render(t, "markdown", r, o); len(out) > report.MaxComment {
			rt.Fatalf("comment of %d bytes", len(out))
		}
	})
}

func TestAnySARIF(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := results().Draw(rt, "result")
		var out bytes.Buffer
		if err := report.SARIF(&out, r, options()); err != nil {
			rt.Fatal(err)
		}
		acceptable(quiet{t, rt}, out.Bytes())
	})
}

// quiet reports failures to rapid, which then shrinks the result.
type quiet struct {
	testing.TB
	rt *rapid.T
}

func (q quiet) Helper()                           {}
func (q quiet) Errorf(format string, args ...any) { q.rt.Errorf(format, args...) }
func (q quiet) Fatalf(format string, args ...any) { q.rt.Fatalf(format, args...) }
func (q quiet) Fatal(args ...any)                 { q.rt.Fatal(args...) }

// The order in which findings come must not show.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rich()
		shuffled := *r
		shuffled.Findings = rapid.Permutation(r.Findings).Draw(rt, "findings")
		for _, format := range []string{"text", "sarif", "github", "markdown", "gitlab-codequality", "gitlab-sast", "junit", "html"} {
			if !bytes.Equal(render(t, format, r, options()), render(t, format, &shuffled, options())) {
				rt.Fatalf("%s depends on the order of the findings", format)
			}
		}
	})
}

func TestLookup(t *testing.T) {
	for _, f := range report.Formats() {
		got, err := report.Lookup(f.Name)
		if err != nil || got.Name != f.Name || got.About == "" {
			t.Errorf("Lookup(%q) = %+v, %v", f.Name, got, err)
		}
	}
	_, err := report.Lookup("pdf")
	if want := `unknown format "pdf": expected one of text, json, sarif, github, gitlab-codequality, gitlab-sast, junit, markdown, html`; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}
