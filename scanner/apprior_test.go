package scanner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/scanner"
)

// TestCDKPrior: what the manifest before the change says of a stack decides what the
// stack was. Both sides are the same here but for what a case edits.
func TestCDKPrior(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		old, new string // in the manifest before
		// told is part of a message, fresh whether the access of the stack is new, and open
		// whether the change is not decided.
		told        string
		fresh, open bool
	}{
		"the same":         {},
		"another account":  {old: "aws://111122223333/", new: "aws://444455556666/", told: `account "111122223333" and not "444455556666"`, fresh: true},
		"another Region":   {old: "eu-west-1", new: "eu-central-1", told: `Region "eu-west-1" and not "eu-central-1"`, fresh: true},
		"another name":     {old: "storage-dev", new: "storage", told: `stack name "storage-dev" and not "storage"`, fresh: true},
		"any environment":  {old: "aws://111122223333/eu-west-1", new: "aws://unknown-account/unknown-region"},
		"a template left":  {old: `"Storage.template.json"`, new: `"Other.template.json"`, fresh: true},
		"no manifest":      {old: `"artifacts"`, new: `"art"`},
		"made-up values":   {old: `"version": "53.0.0",`, new: `"version": "53.0.0", "missing": [{"key": "vpc"}],`, told: "lacks context values", open: true},
		"other parameters": {old: `"Stage": "dev"`, new: `"Stage": "444455556666"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := cdkApp(t)
			before, after := filepath.Join(root, "before"), filepath.Join(root, "same")
			if err := os.CopyFS(after, os.DirFS(before)); err != nil {
				t.Fatal(err)
			}
			edit(t, filepath.Join(before, "manifest.json"), tt.old, tt.new)
			r, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{after}, Prior: before, Version: "test"})
			if err != nil {
				t.Fatal(err)
			}
			var told strings.Builder
			for _, d := range r.Diagnostics {
				told.WriteString(d.Summary + " " + d.Detail + "\n")
			}
			if (tt.told == "") != (told.Len() == 0) || !strings.Contains(told.String(), tt.told) {
				t.Errorf("told %q, want %q", told.String(), tt.told)
			}
			if fresh := len(r.Findings) > 0; fresh != tt.fresh {
				t.Errorf("%d findings, want some: %v", len(r.Findings), tt.fresh)
			}
			if open := r.Summary.Undecided > 0; open != tt.open {
				t.Errorf("undecided %d, want some: %v", r.Summary.Undecided, tt.open)
			}
		})
	}
}

// TestCDKPriorParameters: the parameters of an app that others take the place of.
func TestCDKPriorParameters(t *testing.T) {
	t.Parallel()
	root := cdkApp(t)
	before, after := filepath.Join(root, "before"), filepath.Join(root, "same")
	edit(t, filepath.Join(before, "Storage.template.json"), `"Service": "lambda.amazonaws.com"`, `"AWS": {"Ref": "Stage"}`)
	if err := os.CopyFS(after, os.DirFS(before)); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(before, "manifest.json"), `"Stage": "dev"`, `"Stage": "111122223333"`)
	edit(t, filepath.Join(after, "manifest.json"), `"Stage": "dev"`, `"Stage": "444455556666"`)
	r, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{after}, Prior: before, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		t.Error("the role that another account may assume is not told")
	}
	for _, f := range r.Findings {
		if f.Subject.Kind != "role" || !strings.Contains(f.Message, "444455556666") {
			t.Errorf("%s: %s", f.Subject.Kind, f.Message)
		}
	}
}

// TestCDKPriorFolders: an app in a folder is compared with the one that is there in the
// folder before, and one app is not what several were.
func TestCDKPriorFolders(t *testing.T) {
	t.Parallel()
	root := cdkApp(t)
	then, now := filepath.Join(root, "then"), filepath.Join(root, "now")
	for to, from := range map[string]string{
		filepath.Join(then, "one", "cdk.out"): "before", filepath.Join(now, "one", "cdk.out"): "before",
		filepath.Join(then, "two", "cdk.out"): "before", filepath.Join(now, "two", "cdk.out"): "after",
	} {
		if err := os.CopyFS(to, os.DirFS(filepath.Join(root, from))); err != nil {
			t.Fatal(err)
		}
	}
	r, err := scanner.Scan(context.Background(), scanner.Options{Paths: []string{now}, Prior: then, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if !strings.Contains(f.Input, "/two/") {
			t.Errorf("%s: %s", f.Input, f.Message)
		}
	}
	if len(r.Findings) != 3 {
		t.Errorf("%d findings, want the three of the app that changed", len(r.Findings))
	}
	_, err = scanner.Scan(context.Background(), scanner.Options{Paths: []string{now}, Prior: filepath.Join(then, "one", "cdk.out"), Version: "test"})
	if err == nil || !strings.Contains(err.Error(), "one CDK app for several") {
		t.Errorf("one app for two: %v", err)
	}
}

// edit replaces a text of a file, which has to be there.
func edit(t *testing.T, name, old, now string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(text), old, now)), 0o600); err != nil {
		t.Fatal(err)
	}
}
