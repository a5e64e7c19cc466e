package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
)

// TestExcerpt shows the lines of a place, the part that is meant marked.
func TestExcerpt(t *testing.T) {
	const source = "one\n\t{ \"Action\": [\"s3:*\"] }\r\nthree\nfour\n\x1b[31m::error::é日x\n6\n7\n8\n9\n10\n11"
	at := func(line, column, endLine, endColumn int) rules.Location {
		return rules.Location{Path: "m.tf", StartLine: line, StartColumn: column, EndLine: endLine, EndColumn: endColumn}
	}
	for _, c := range []struct {
		name string
		at   rules.Location
		want string
	}{
		{"part of a line", at(2, 15, 2, 21),
			"     2 │   { \"Action\": [\"s3:*\"] }\n       │                ^^^^^^\n"},
		{"whole line", at(1, 0, 0, 0), "     1 │ one\n       │ ^^^\n"},
		{"without its blanks", at(2, 1, 3, 2), "     2 │   { \"Action\": [\"s3:*\"] }\n       │   ^^^^^^^^^^^^^^^^^^^^^^\n     3 │ three\n"},
		{"up to the start of a line", at(3, 1, 4, 1), "     3 │ three\n       │ ^^^^^\n"},
		{"hostile", at(5, 6, 5, 8), "     5 │ \\x1b[31m::error::é日x\n       │         ^^\n"},
		{"wide characters", at(5, 16, 5, 17), "     5 │ \\x1b[31m::error::é日x\n       │                   ^^\n"},
		{"much", at(4, 1, 11, 2), "     4 │ four\n       │ ^^^^\n       │ … 7 more lines\n"},
		{"behind the end", at(20, 1, 20, 2), ""},
		{"no line", at(0, 0, 0, 0), ""},
		{"an end in front of the start", at(3, 4, 2, 1), "     3 │ three\n       │    ^^\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := rules.Finding{Rule: "r", Level: rules.Error, Address: "a", Location: c.at}
			o := options()
			o.Source = func(path string) string { return map[string]string{"m.tf": source}[path] }
			out := string(render(t, "text", &rules.Result{Findings: []rules.Finding{f}}, o))
			shown(t, out)
			var got string
			for line := range strings.Lines(out) {
				if strings.Contains(line, "│") {
					got += strings.TrimPrefix(line, "  ")
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestNoExcerptOfSecrets: a policy that holds what must not be shown is not read.
func TestNoExcerptOfSecrets(t *testing.T) {
	o := options()
	o.Source = func(string) string { t.Error("read"); return "secret" }
	f := rules.Finding{Rule: "r", Level: rules.Error, Sensitive: true, Location: rules.Location{Path: "m.tf", StartLine: 1}}
	render(t, "text", &rules.Result{Findings: []rules.Finding{f, {Rule: "r", Level: rules.Error}}}, o)
}

// TestVerbose shows lists in full, and each policy once.
func TestVerbose(t *testing.T) {
	r := rich()
	f := &r.Findings[4]
	f.Gained.Actions = strings.Fields("a b c d e f g h i j k l m n o p")
	second := *f
	second.Fingerprint = "2"
	r.Findings = append(r.Findings, second)
	o := options()
	if out := string(render(t, "text", r, o)); !strings.Contains(out, "… and 6 more") || strings.Contains(out, "aws:SourceIp\": [") {
		t.Errorf("in short:\n%s", out)
	}
	o.Verbose = true
	out := string(render(t, "text", r, o))
	if strings.Contains(out, "… and") || strings.Count(out, `-           "aws:SourceIp": ["10.0.0.0/8"]`) != 1 {
		t.Errorf("in full:\n%s", out)
	}
	golden(t, "rich.verbose.text", render(t, "text", rich(), o))
}
