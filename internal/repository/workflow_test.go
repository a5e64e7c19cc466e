package repository

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	usesLine = regexp.MustCompile(`^\s*(?:- )?uses: (.*)$`)
	pinned   = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	runLine  = regexp.MustCompile(`^(\s*)(?:- )?run: (.*)$`)
)

// workflows returns the workflow files and the action, by path.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(root, ".github", "workflows"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{"action.yml": read(t, "action.yml")}
	for _, e := range entries {
		name := ".github/workflows/" + e.Name()
		out[name] = read(t, name)
	}
	if len(out) < 2 {
		t.Fatal("no workflow found")
	}
	return out
}

// TestActionsArePinned wants every foreign action by commit, with its version
// beside it: a tag can be moved.
func TestActionsArePinned(t *testing.T) {
	for name, text := range workflows(t) {
		for line := range strings.Lines(text) {
			m := usesLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
			if m != nil && m[1] != "./" && !pinned.MatchString(m[1]) {
				t.Errorf("%s: %q: expected owner/name@COMMIT # vX.Y.Z", name, m[1])
			}
		}
	}
}

// TestNoExpressionInScripts wants no ${{ }} in a run line: what it is replaced by
// would be code.
func TestNoExpressionInScripts(t *testing.T) {
	for name, text := range workflows(t) {
		indent := -1 // of the run key whose block is being read
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			depth := len(line) - len(strings.TrimLeft(line, " "))
			if indent >= 0 && strings.TrimSpace(line) != "" && depth <= indent {
				indent = -1
			}
			if m := runLine.FindStringSubmatch(line); m != nil {
				indent = len(m[1])
			}
			if indent >= 0 && !strings.Contains(line, "env:") && strings.Contains(line, "${{") {
				t.Errorf("%s: an expression in a script: %s", name, strings.TrimSpace(line))
			}
		}
	}
}

// TestWorkflowPermissions wants the least that a workflow needs, said at its top.
func TestWorkflowPermissions(t *testing.T) {
	for name, text := range workflows(t) {
		if name == "action.yml" {
			continue
		}
		if !strings.Contains(text, "\npermissions:\n  contents: read\n\n") {
			t.Errorf("%s: expected permissions of contents: read and nothing else", name)
		}
		if strings.Contains(text, "pull_request_target") {
			t.Errorf("%s: pull_request_target runs foreign code with our token", name)
		}
	}
}
