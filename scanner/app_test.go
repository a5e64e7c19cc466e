package scanner_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// cdkApp copies the fixture to a new folder, as if it had been made there.
func cdkApp(t *testing.T) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(templateCases, "cdk")
	if err := os.CopyFS(root, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	metadata := filepath.Join(root, "after", "Storage.metadata.json")
	text, err := os.ReadFile(metadata)
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.ReplaceAll(string(text), "/home/user/project", filepath.ToSlash(root))
	if err := os.WriteFile(metadata, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

func scanApp(t *testing.T, root string, o scanner.Options) *rules.Result {
	t.Helper()
	o.Paths, o.Prior, o.Version = []string{filepath.Join(root, "after")}, filepath.Join(root, "before"), "test"
	r, err := scanner.Scan(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCDKPlaces: where a trace leads into the program, its line is the place, and the
// line of the template stands behind it.
func TestCDKPlaces(t *testing.T) {
	t.Parallel()
	root := cdkApp(t)
	r := scanApp(t, root, scanner.Options{SourceDir: root})
	for _, f := range r.Findings {
		if !strings.HasPrefix(f.Address, "WorkerDefaultPolicy") {
			continue
		}
		want := filepath.ToSlash(root) + "/lib/storage.ts"
		if f.Location.Path != want || f.Location.StartLine != 13 {
			t.Errorf("at %s:%d, want %s:13", f.Location.Path, f.Location.StartLine, want)
		}
		if len(f.Callers) != 1 || !strings.HasSuffix(f.Callers[0].Path, "Storage.template.json") || f.Callers[0].StartLine == 0 {
			t.Errorf("behind it %+v, want a line of the template", f.Callers)
		}
		return
	}
	t.Error("no finding about the policy")
}

// TestCDKStacksAreInputs: each stack of an app is one input, with its own account, also
// when the app is in a folder that is named.
func TestCDKStacksAreInputs(t *testing.T) {
	t.Parallel()
	root := cdkApp(t)
	all, err := scanner.Extract(context.Background(), scanner.Options{Paths: []string{root}, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Fatalf("%d inputs, want two stacks in each of two apps", len(all))
	}
	for i, account := range []string{"111122223333", "", "111122223333", ""} {
		for _, g := range all[i].Grants {
			if all[i].Kind != "cdk-stack" || g.Account != account {
				t.Errorf("%s of a %s is in account %q, want %q", g.Address, all[i].Kind, g.Account, account)
			}
		}
	}
}

func TestBrokenApp(t *testing.T) {
	t.Parallel()
	root := cdkApp(t)
	broken := filepath.Join(root, "after", "assembly-Prod", "manifest.json")
	if err := os.WriteFile(broken, []byte(`{"version":"1","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"../../lib/storage.ts"}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r := scanApp(t, root, scanner.Options{})
	if r.Summary.Undecided == 0 {
		t.Error("a stack that cannot be read is passed over")
	}
	if err := os.WriteFile(filepath.Join(root, "after", "manifest.json"), []byte(`{"version":"1","artifacts":{}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{filepath.Join(root, "after")}})
	if input := (*scanner.InputError)(nil); !errors.As(err, &input) || !strings.Contains(err.Error(), "without stacks") {
		t.Errorf("an app without stacks: %v", err)
	}
}
