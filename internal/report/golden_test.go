package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixtures are the results that every format is golden-tested over.
var fixtures = []struct {
	name   string
	result func() *rules.Result
}{
	{"empty", empty},
	{"rich", rich},
	{"hostile", hostile},
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; look at it, then run the tests with -update (-want +got):\n%s", file, diff)
	}
}

func render(t testing.TB, format string, r *rules.Result, o report.Options) []byte {
	t.Helper()
	f, err := report.Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf, r, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return buf.Bytes()
}

func TestGolden(t *testing.T) {
	for _, fx := range fixtures {
		for _, f := range report.Formats() {
			t.Run(fx.name+"/"+f.Name, func(t *testing.T) {
				golden(t, fx.name+"."+f.Name, render(t, f.Name, fx.result(), options()))
			})
		}
	}
}

func TestGoldenStyledText(t *testing.T) {
	o := options()
	o.Color, o.Width = true, 80
	golden(t, "rich.color.text", render(t, "text", rich(), o))
}

func TestGoldenRunnerFiles(t *testing.T) {
	for _, fx := range fixtures {
		t.Run(fx.name, func(t *testing.T) {
			run := newRunner(t)
			render(t, "github", fx.result(), run.options())
			golden(t, fx.name+".summary.md", run.summary())
			golden(t, fx.name+".outputs", run.outputs())
		})
	}
}

// runner is a made-up environment of GitHub Actions.
type runner struct {
	t   testing.TB
	env map[string]string
}

func newRunner(t testing.TB) runner {
	dir := t.TempDir()
	return runner{t, map[string]string{
		"GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
		"GITHUB_OUTPUT":       filepath.Join(dir, "output"),
		"GITHUB_SERVER_URL":   "https://github.com",
		"GITHUB_REPOSITORY":   "example/infra",
		"GITHUB_SHA":          "0123456789abcdef0123456789abcdef01234567",
	}}
}

func (r runner) options() report.Options {
	o := options()
	o.Getenv = func(name string) string { return r.env[name] }
	return o
}

func (r runner) summary() []byte { return r.read("GITHUB_STEP_SUMMARY") }
func (r runner) outputs() []byte { return r.read("GITHUB_OUTPUT") }

func (r runner) read(name string) []byte {
	r.t.Helper()
	b, err := os.ReadFile(r.env[name])
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}
