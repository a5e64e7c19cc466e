package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func TestSARIFIsValid(t *testing.T) {
	for _, fx := range fixtures {
		t.Run(fx.name, func(t *testing.T) {
			if err := report.UnstrippedSARIF(fx.result(), options()).Validate(); err != nil {
				t.Errorf("as built: %v", err)
			}
			back, err := sarif.FromBytes(render(t, "sarif", fx.result(), options()))
			if err != nil {
				t.Fatal(err)
			}
			// Reading back, the library takes what is absent for empty, not for the default.
			run := back.Runs[0]
			run.Language, run.Tool.Driver.Language = "en-US", "en-US"
			run.NewlineSequences = []string{"\n"}
			if err := back.Validate(); err != nil {
				t.Errorf("as written: %v", err)
			}
		})
	}
}

// The parts of a report that GitHub reads ("SARIF support for code scanning").
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver struct {
				Name  string       `json:"name"`
				Rules *[]sarifRule `json:"rules"`
			} `json:"driver"`
		} `json:"tool"`
		ColumnKind        string              `json:"columnKind"`
		AutomationDetails struct{ ID string } `json:"automationDetails"`
		Results           *[]sarifResult      `json:"results"`
		Invocations       []struct {
			ExecutionSuccessful        bool `json:"executionSuccessful"`
			ToolExecutionNotifications []struct {
				Level   string    `json:"level"`
				Message sarifText `json:"message"`
			} `json:"toolExecutionNotifications"`
		} `json:"invocations"`
	}
	sarifText struct{ Text, Markdown string }
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
		Help             sarifText `json:"help"`
		Properties       struct {
			Severity *string  `json:"security-severity"`
			Tags     []string `json:"tags"`
		} `json:"properties"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Suppressions        []struct{ Kind, Status, Justification string }
	}
	sarifLocation struct {
		ID               int `json:"id"`
		LogicalLocations []struct{ FullyQualifiedName string }
		PhysicalLocation struct {
			ArtifactLocation struct{ URI, URIBaseID string } `json:"artifactLocation"`
			Region           struct{ StartLine, EndLine, StartColumn, EndColumn int }
		} `json:"physicalLocation"`
	}
)

func parseSARIF(t testing.TB, b []byte) sarifRun {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(b, &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 {
		t.Fatalf("version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	run := log.Runs[0]
	if run.Results == nil || run.Tool.Driver.Rules == nil || len(run.Invocations) != 1 {
		t.Fatal("results, rules or invocations are missing")
	}
	return run
}

var (
	foreignLink = regexp.MustCompile(`\]\([^0-9]`)
	upwards     = regexp.MustCompile(`(^|/)\.\.(/|$)`)
)

// acceptable asserts what an upload is refused, or an alert not shown, without.
func acceptable(t testing.TB, b []byte) {
	t.Helper()
	run := parseSARIF(t, b)
	if run.Tool.Driver.Name == "" || run.ColumnKind != "unicodeCodePoints" || run.AutomationDetails.ID != "grantdiff/" {
		t.Errorf("driver %q, columns %q, id %q", run.Tool.Driver.Name, run.ColumnKind, run.AutomationDetails.ID)
	}
	for _, r := range *run.Tool.Driver.Rules {
		texts := []string{r.ID, r.ShortDescription.Text, r.FullDescription.Text, r.Help.Text, r.Help.Markdown}
		for i, text := range texts {
			if strings.TrimSpace(text) == "" {
				t.Errorf("rule %q: required text %d is empty", r.ID, i)
			}
		}
		if n := utf8.RuneCountInString(r.FullDescription.Text); n > report.SARIFMaxText {
			t.Errorf("rule %q: description of %d characters", r.ID, n)
		}
		if len(r.Properties.Tags) == 0 || r.Properties.Tags[0] != "security" || len(r.Properties.Tags) > 10 {
			t.Errorf("rule %q: tags %q", r.ID, r.Properties.Tags)
		}
		if s := r.Properties.Severity; s != nil {
			if grade, err := strconv.ParseFloat(*s, 64); err != nil || grade <= 0 || grade > 10 {
				t.Errorf("rule %q: security-severity %q", r.ID, *s)
			}
		}
	}
	seen := map[string]bool{}
	for i, r := range *run.Results {
		at := fmt.Sprintf("result %d", i)
		if r.RuleIndex < 0 || r.RuleIndex >= len(*run.Tool.Driver.Rules) || (*run.Tool.Driver.Rules)[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s: rule %q is not at %d", at, r.RuleID, r.RuleIndex)
		}
		if r.Level != "error" && r.Level != "warning" && r.Level != "note" {
			t.Errorf("%s: level %q", at, r.Level)
		}
		if n := utf8.RuneCountInString(r.Message.Text); n == 0 || n > report.SARIFMaxText {
			t.Errorf("%s: message of %d characters", at, n)
		}
		own := r.PartialFingerprints["grantdiff/v1"]
		hash := r.PartialFingerprints["primaryLocationLineHash"]
		if own == "" || !strings.HasPrefix(hash, own+":") || seen[hash] {
			t.Errorf("%s: fingerprints %q", at, r.PartialFingerprints)
		}
		seen[hash] = true
		if len(r.Locations) != 1 {
			t.Fatalf("%s: %d locations", at, len(r.Locations))
		}
		for _, l := range append(r.Locations, r.RelatedLocations...) {
			checkLocation(t, at, l)
		}
		for _, l := range r.RelatedLocations {
			if !strings.Contains(r.Message.Text, fmt.Sprintf("](%d)", l.ID)) {
				t.Errorf("%s: related location %d is not linked from %q", at, l.ID, r.Message.Text)
			}
		}
		if bad := foreignLink.FindString(r.Message.Text); bad != "" {
			t.Errorf("%s: a link of the input's in %q", at, r.Message.Text)
		}
	}
}

func checkLocation(t testing.TB, at string, l sarifLocation) {
	t.Helper()
	place := l.PhysicalLocation
	region := place.Region
	if region.StartLine < 1 || region.EndLine != region.StartLine {
		t.Errorf("%s: region %+v is not one line", at, region)
	}
	if region.StartColumn < 1 || region.EndColumn <= region.StartColumn {
		t.Errorf("%s: region %+v is empty", at, region)
	}
	uri := place.ArtifactLocation.URI
	u, err := url.Parse(uri)
	switch {
	case err != nil, uri == "", u.IsAbs(), u.Host != "", u.RawQuery != "", u.Fragment != "", strings.HasPrefix(uri, "/"), strings.Contains(uri, `\`):
		t.Errorf("%s: uri %q (%v)", at, uri, err)
	case upwards.MatchString(u.Path):
		t.Errorf("%s: uri %q leaves the root", at, uri)
	}
	if place.ArtifactLocation.URIBaseID != "%SRCROOT%" {
		t.Errorf("%s: base %q", at, place.ArtifactLocation.URIBaseID)
	}
}

func TestSARIFIsAcceptable(t *testing.T) {
	for _, fx := range fixtures {
		t.Run(fx.name, func(t *testing.T) { acceptable(t, render(t, "sarif", fx.result(), options())) })
	}
	t.Run("single attacks", func(t *testing.T) {
		each(t, func(t *testing.T, r *rules.Result) { acceptable(t, render(t, "sarif", r, options())) })
	})
	t.Run("the catalogue", func(t *testing.T) {
		acceptable(t, render(t, "sarif", empty(), report.Options{Rules: rules.All()}))
	})
	t.Run("nothing given", func(t *testing.T) {
		acceptable(t, render(t, "sarif", &rules.Result{Findings: []rules.Finding{{}}}, report.Options{}))
	})
}

func TestSARIFCountsCallers(t *testing.T) {
	f := rules.Finding{Rule: "new-access", Level: rules.Note, Message: strings.Repeat("m", 5000)}
	for i := range 300 {
		f.Callers = append(f.Callers, rules.Location{Path: fmt.Sprintf("stacks/number-%d/main.tf", i), StartLine: 3})
	}
	out := render(t, "sarif", &rules.Result{Findings: []rules.Finding{f}}, options())
	acceptable(t, out)
	r := (*parseSARIF(t, out).Results)[0]
	want := fmt.Sprintf(" and %d more.", 300-len(r.RelatedLocations))
	if len(r.RelatedLocations) == 0 || !strings.HasSuffix(r.Message.Text, want) {
		t.Errorf("%d related locations, message ends %q, want %q", len(r.RelatedLocations), r.Message.Text[len(r.Message.Text)-60:], want)
	}
}

func TestSARIFTellsTheRun(t *testing.T) {
	run := parseSARIF(t, render(t, "sarif", rich(), options()))
	inv := run.Invocations[0]
	if inv.ExecutionSuccessful {
		t.Error("successful although an input could not be read")
	}
	var told []string
	for _, n := range inv.ToolExecutionNotifications {
		told = append(told, n.Level+" "+n.Message.Text)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{
		"error resource change 7 could not be read",
		"warning source not found",
		"warning Not decided: aws_sqs_queue_policy.jobs (policy)",
		"note 11 policies compared, 1 errors",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("notifications lack %q:\n%s", want, all)
		}
	}
	if ok := parseSARIF(t, render(t, "sarif", empty(), options())).Invocations[0].ExecutionSuccessful; !ok {
		t.Error("not successful although all was read")
	}
}

func TestSARIFSuppressesArchived(t *testing.T) {
	run := parseSARIF(t, render(t, "sarif", rich(), options()))
	var suppressed []string
	for _, r := range *run.Results {
		for _, s := range r.Suppressions {
			suppressed = append(suppressed, r.RuleID+" "+s.Kind+" "+s.Status+" "+s.Justification)
		}
	}
	want := "public-access external accepted public-website; static site, reviewed by security; until 2027-06-30"
	if len(suppressed) != 1 || suppressed[0] != want {
		t.Errorf("suppressed %q, want only %q", suppressed, want)
	}
}

// TestSARIFIsLean looks for what the library writes for "not given".
func TestSARIFIsLean(t *testing.T) {
	out := render(t, "sarif", rich(), options())
	if bad := regexp.MustCompile(`: (-1|null|\{\}|\[\])`).Find(out); bad != nil {
		t.Errorf("holds %q", bad)
	}
	out = render(t, "sarif", empty(), report.Options{})
	for _, want := range []string{`"results": []`, `"rules": []`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("lacks %s:\n%s", want, out)
		}
	}
}

// TestSARIFEqualFingerprints: alerts with one line hash would be taken for one.
func TestSARIFEqualFingerprints(t *testing.T) {
	f := rules.Finding{Rule: "new-access", Level: rules.Note, Fingerprint: "same", Message: "m", Input: "a.json"}
	g := f
	g.Input = "b.json"
	out := render(t, "sarif", &rules.Result{Findings: []rules.Finding{g, f}}, options())
	acceptable(t, out)
	for i, r := range *parseSARIF(t, out).Results {
		if want := fmt.Sprintf("same:%d", i+1); r.PartialFingerprints["primaryLocationLineHash"] != want {
			t.Errorf("line hash %q, want %s", r.PartialFingerprints["primaryLocationLineHash"], want)
		}
		if want := []string{"Input: a.json.", "Input: b.json."}[i]; !strings.Contains(r.Message.Text, want) {
			t.Errorf("message %q lacks %q", r.Message.Text, want)
		}
	}
}

func TestSARIFRegion(t *testing.T) {
	tests := []struct {
		name string
		in   rules.Location
		want string
	}{
		{"columns", rules.Location{StartLine: 4, StartColumn: 2, EndLine: 4, EndColumn: 9}, "{4 4 2 9}"},
		{"several lines", rules.Location{StartLine: 4, StartColumn: 2, EndLine: 9, EndColumn: 3}, "{4 4 2 3}"},
		{"no columns", rules.Location{StartLine: 4, EndLine: 4}, "{4 4 1 2}"},
		{"empty", rules.Location{StartLine: 4, StartColumn: 2, EndLine: 4, EndColumn: 2}, "{4 4 2 3}"},
		{"no lines", rules.Location{StartColumn: 7, EndColumn: 9}, "{1 1 1 2}"},
		{"broken", rules.Location{StartLine: -4, StartColumn: -1}, "{1 1 1 2}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &rules.Result{Findings: []rules.Finding{{Rule: "new-access", Level: rules.Note, Location: tt.in}}}
			run := parseSARIF(t, render(t, "sarif", r, options()))
			if got := fmt.Sprint((*run.Results)[0].Locations[0].PhysicalLocation.Region); got != tt.want {
				t.Errorf("region (start line, end line, start column, end column) = %s, want %s", got, tt.want)
			}
		})
	}
}
