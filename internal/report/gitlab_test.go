package report_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func compiled(t testing.TB, format string) *jsonschema.Schema {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", "schemas", format+".json"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validated holds a report to the schema of its format and returns it.
func validated(t testing.TB, schema *jsonschema.Schema, out []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%v", err)
	}
	return v
}

// at looks up a path of names and indices in JSON.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v
}

// distinct fails where two entries of a list have the same value at a path: GitLab shows
// one of them.
func distinct(t testing.TB, list any, path ...any) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range list.([]any) {
		v := fmt.Sprint(at(e, path...))
		if seen[v] {
			t.Errorf("two entries with %q", v)
		}
		seen[v] = true
	}
}

func TestGitLabSchemas(t *testing.T) {
	for _, format := range []string{"gitlab-codequality", "gitlab-sast"} {
		schema := compiled(t, format)
		t.Run(format, func(t *testing.T) {
			for _, fx := range fixtures {
				t.Run(fx.name, func(t *testing.T) { validated(t, schema, render(t, format, fx.result(), options())) })
			}
			t.Run("bare", func(t *testing.T) { validated(t, schema, render(t, format, &rules.Result{}, report.Options{})) })
			each(t, func(t *testing.T, r *rules.Result) { validated(t, schema, render(t, format, r, options())) })
		})
	}
}

func TestAnyGitLab(t *testing.T) {
	quality, sast := compiled(t, "gitlab-codequality"), compiled(t, "gitlab-sast")
	rapid.Check(t, func(rt *rapid.T) {
		r := results().Draw(rt, "result")
		q := quiet{t, rt}
		issues := validated(q, quality, render(q, "gitlab-codequality", r, options()))
		distinct(q, issues, "fingerprint")
		vulnerabilities := at(validated(q, sast, render(q, "gitlab-sast", r, options())), "vulnerabilities")
		distinct(q, vulnerabilities, "id")
		distinct(q, vulnerabilities, "identifiers", 0, "value")
		active := 0
		for _, f := range r.Findings {
			if f.Archived == nil {
				active++
			}
		}
		if n := len(vulnerabilities.([]any)); n != active {
			rt.Fatalf("%d vulnerabilities of %d findings", n, active)
		}
		if n := len(issues.([]any)); n < active+len(r.Diagnostics) {
			rt.Fatalf("%d entries of %d findings and %d diagnostics", n, active, len(r.Diagnostics))
		}
	})
}

// TestGitLabTime: the only time in a report is that of the job.
func TestGitLabTime(t *testing.T) {
	for _, c := range []struct{ started, want string }{
		{"", "1970-01-01T00:00:00"},
		{"2026-11-28T23:30:01+01:30", "2026-11-28T22:00:01"},
		{"2026-11-28T10:00:00Z", "2026-11-28T10:00:00"},
		{"2026-11-28T10:00:00.5Z", "2026-11-28T10:00:00"},
		{"yesterday\n", "1970-01-01T00:00:00"},
		{"0000-01-01T00:00:00Z", "1970-01-01T00:00:00"},
	} {
		o := options()
		o.Getenv = func(name string) string { return map[string]string{"CI_JOB_STARTED_AT": c.started}[name] }
		got := at(validated(t, compiled(t, "gitlab-sast"), render(t, "gitlab-sast", rich(), o)), "scan", "start_time")
		if got != c.want {
			t.Errorf("%q gives %v, want %s", c.started, got, c.want)
		}
	}
}

// TestGitLabLimits: a report that is cut says so, and keeps the worst.
func TestGitLabLimits(t *testing.T) {
	r := many(10_000)
	issues := validated(t, compiled(t, "gitlab-codequality"), render(t, "gitlab-codequality", r, options())).([]any)
	distinct(t, issues, "fingerprint")
	last := fmt.Sprint(at(issues, len(issues)-1, "description"))
	if want := fmt.Sprintf("%d more entries are not in this report", 30_000-len(issues)+1); !strings.HasPrefix(last, want) {
		t.Errorf("last entry: %s; want %s", last, want)
	}
	if s := at(issues, len(issues)-2, "severity"); s != "critical" && s != "blocker" {
		t.Errorf("the last finding kept is %v: the worst come first", s)
	}

	sast := validated(t, compiled(t, "gitlab-sast"), render(t, "gitlab-sast", r, options()))
	if n := len(at(sast, "vulnerabilities").([]any)); n != 10_000 {
		t.Errorf("%d vulnerabilities", n)
	}
	if got, want := fmt.Sprint(at(sast, "scan", "messages", 0, "value")), "20000 of 30000 findings are left out"; !strings.HasPrefix(got, want) {
		t.Errorf("first message %q, want %q", got, want)
	}
}

// TestGitLabTellsTroubleWithInput: what could not be read is in no report clean.
func TestGitLabTellsTroubleWithInput(t *testing.T) {
	r := empty()
	r.Diagnostics = []rules.Diagnostic{{Severity: "error", Summary: "cut off"}}
	if out := render(t, "gitlab-codequality", r, options()); !bytes.Contains(out, []byte("cut off")) {
		t.Errorf("code quality: %s", out)
	}
	sast := validated(t, compiled(t, "gitlab-sast"), render(t, "gitlab-sast", r, options()))
	if at(sast, "scan", "status") != "failure" || at(sast, "scan", "messages", 0, "level") != "fatal" {
		t.Errorf("sast: %v", at(sast, "scan"))
	}
	if !slices.Equal(at(sast, "vulnerabilities").([]any), []any{}) {
		t.Error("a vulnerability")
	}
}

// TestQualitySame: the format has no details, so that the further documents which bring the
// same access stand in its sentence.
func TestQualitySame(t *testing.T) {
	t.Parallel()
	r := &rules.Result{Findings: []rules.Finding{{Rule: "new-access", Message: "Everyone may call F.", Same: []rules.Source{{Address: "P", Attribute: "Principal"}}}}}
	if out := render(t, "gitlab-codequality", r, options()); !bytes.Contains(out, []byte("Everyone may call F. The same comes of P (Principal).")) {
		t.Errorf("got %s", out)
	}
}
