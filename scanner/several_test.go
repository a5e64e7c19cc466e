package scanner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

const twice = `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
]}`

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func scanAll(t *testing.T, o scanner.Options) *rules.Result {
	t.Helper()
	r, err := scanner.Scan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// copies writes the plan of a case twice, as two stages of one configuration have it.
func copies(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "terraform", "deploy-role-widened", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return []string{write(t, dir, "a/plan.json", string(text)), write(t, dir, "b/plan.json", string(text))}
}

// TestInputsOfFindings: findings say which input they are from where there are
// several, and have fingerprints of their own.
func TestInputsOfFindings(t *testing.T) {
	t.Parallel()
	paths := copies(t)
	alone := map[string]bool{}
	for _, f := range scanAll(t, scanner.Options{Paths: paths[:1]}).Findings {
		if f.Input != "" {
			t.Errorf("the only input is named: %q", f.Input)
		}
		alone[f.Fingerprint] = true
	}
	both := scanAll(t, scanner.Options{Paths: paths})
	seen := map[string]bool{}
	for _, f := range both.Findings {
		if seen[f.Fingerprint] {
			t.Errorf("fingerprint %s is there twice", f.Fingerprint)
		}
		seen[f.Fingerprint] = true
		if f.Input != filepath.ToSlash(paths[0]) && f.Input != filepath.ToSlash(paths[1]) {
			t.Errorf("input %q", f.Input)
		}
		if first := f.Input == filepath.ToSlash(paths[0]); first != alone[f.Fingerprint] {
			t.Errorf("fingerprint of %s: the first input's are those of that input alone, others are not", f.Input)
		}
	}
	if len(alone) == 0 || len(seen) != 2*len(alone) {
		t.Fatalf("%d findings alone, %d together", len(alone), len(seen))
	}
	if d := cmp.Diff(both, scanAll(t, scanner.Options{Paths: paths})); d != "" {
		t.Errorf("another run differs:\n%s", d)
	}
}

// TestWarnings: what looks wrong with a policy that changes is told, of any other not.
func TestWarnings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := strings.Replace(twice, `"Statement"`, `"Id": "a", "Statement"`, 1)
	now := write(t, dir, "now.json", text)
	prior := write(t, dir, "prior.json", twice)
	got := scanAll(t, scanner.Options{Paths: []string{now}, Prior: prior}).Diagnostics
	if len(got) == 0 || got[0].Severity != "warning" || !strings.HasPrefix(got[0].Summary, filepath.ToSlash(now)+": ") || got[0].Location.StartLine == 0 {
		t.Errorf("diagnostics %+v", got)
	}
	same := write(t, dir, "same.json", text)
	if ds := scanAll(t, scanner.Options{Paths: []string{now}, Prior: same}).Diagnostics; len(ds) != 0 {
		t.Errorf("a policy that stays as it is has diagnostics %+v", ds)
	}
}
