package scanner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// expectation is the expect.json of a case; testdata/terraform/README.md describes
// it.
type expectation struct {
	Input      string
	Exit       int
	Incomplete bool
	Findings   []expectedFinding
	Clean      []string
	NeverPrint []string `json:"never_print"`
}

type expectedFinding struct {
	Rule, Address, Attribute, File string
	Line                           int
}

var update = flag.Bool("update", false, "rewrite the findings of expect.json")

// writeExpectation writes one finding a line, so that differences are read with ease.
func writeExpectation(t *testing.T, file string, e expectation) {
	t.Helper()
	text := func(v any) string {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(b.String())
	}
	var b strings.Builder
	b.WriteString("{\n")
	if e.Input != "plan.json" {
		fmt.Fprintf(&b, "  \"input\": %s,\n", text(e.Input))
	}
	fmt.Fprintf(&b, "  \"exit\": %d,\n", e.Exit)
	if e.Incomplete {
		b.WriteString("  \"incomplete\": true,\n")
	}
	list := func(name string, lines []string, last bool) {
		end := ",\n"
		if last {
			end = "\n"
		}
		if len(lines) == 0 {
			fmt.Fprintf(&b, "  %q: []%s", name, end)
			return
		}
		fmt.Fprintf(&b, "  %q: [\n    %s\n  ]%s", name, strings.Join(lines, ",\n    "), end)
	}
	var findings, clean, never []string
	for _, f := range e.Findings {
		findings = append(findings, fmt.Sprintf(`{"rule": %s, "address": %s, "attribute": %s, "file": %s, "line": %d}`,
			text(f.Rule), text(f.Address), text(f.Attribute), text(f.File), f.Line))
	}
	for _, c := range e.Clean {
		clean = append(clean, text(c))
	}
	for _, n := range e.NeverPrint {
		never = append(never, text(n))
	}
	list("findings", findings, false)
	list("clean", clean, len(never) == 0)
	if len(never) > 0 {
		list("never_print", never, true)
	}
	b.WriteString("}\n")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCases(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "testdata", "terraform")
	files, err := filepath.Glob(filepath.Join(root, "*", "expect.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d cases (%v)", len(files), err)
	}
	for _, file := range files {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			checkCase(t, dir, readJSON[expectation](t, file))
		})
	}
}

func readJSON[T any](t *testing.T, file string) (v T) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func checkCase(t *testing.T, dir string, want expectation) {
	if want.Input == "" {
		want.Input = "plan.json"
	}
	result := scan(t, filepath.Join(dir, want.Input), dir)

	var got []expectedFinding
	for _, f := range result.Findings {
		path, err := filepath.Rel(dir, filepath.FromSlash(f.Location.Path))
		if err != nil {
			t.Fatal(err)
		}
		e := expectedFinding{f.Rule, f.Address, f.Attribute, filepath.ToSlash(path), f.Location.StartLine}
		if !slices.Contains(got, e) { // several statements of one policy
			got = append(got, e)
		}
		if slices.Contains(want.Clean, f.Address) {
			t.Errorf("finding on %s, which is clean: %s %s", f.Address, f.Rule, f.Message)
		}
	}
	order := func(a, b expectedFinding) int {
		if c := bytes.Compare([]byte(a.Address+a.Attribute+a.Rule), []byte(b.Address+b.Attribute+b.Rule)); c != 0 {
			return c
		}
		return a.Line - b.Line
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want.Findings, order)
	if *update {
		want.Exit, want.Findings = exitCode(result), got
		writeExpectation(t, filepath.Join(dir, "expect.json"), want)
	}
	if d := cmp.Diff(want.Findings, got); d != "" && len(want.Findings)+len(got) > 0 {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if exit := exitCode(result); exit != want.Exit {
		t.Errorf("exit %d, want %d", exit, want.Exit)
	}
	if incomplete := slices.ContainsFunc(result.Diagnostics, func(d rules.Diagnostic) bool {
		return d.Summary == "The input does not show the whole change"
	}); incomplete != want.Incomplete {
		t.Errorf("incomplete is %v, want %v", incomplete, want.Incomplete)
	}
	neverPrinted(t, result, want.NeverPrint)
}

func scan(t *testing.T, plan, source string) *rules.Result {
	t.Helper()
	result, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{plan}, SourceDir: source, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func exitCode(r *rules.Result) int {
	switch rules.OutcomeOf(r, rules.Note) {
	case rules.OutcomeFail:
		return 1
	case rules.OutcomeUndecided:
		return 3
	case rules.OutcomePass:
	}
	return 0
}

// neverPrinted renders every format and looks for secrets.
func neverPrinted(t *testing.T, r *rules.Result, secrets []string) {
	t.Helper()
	for _, f := range report.Formats() {
		var b bytes.Buffer
		if err := f.Write(&b, r, report.Options{Rules: rules.All()}); err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if bytes.Contains(b.Bytes(), []byte(s)) {
				t.Errorf("the %s report holds %q", f.Name, s)
			}
		}
	}
}
