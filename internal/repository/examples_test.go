package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// example is a block of a page that begins with the path of a file.
type example struct{ page, file, text string }

// examples lists the blocks of the pages that are files of YAML.
func examples(t *testing.T) []example {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"README.md"}
	for _, p := range pages {
		names = append(names, "docs/"+filepath.Base(p))
	}
	var out []example
	for _, name := range names {
		for _, m := range regexp.MustCompile("(?ms)^```yaml\n# (\\S+)[^\n]*\n(.*?)^```$").FindAllStringSubmatch(read(t, name), -1) {
			out = append(out, example{name, m[1], m[2]})
		}
	}
	return out
}

// TestExampleWorkflows lints the workflows of the pages, and holds what they hand to our
// action to its inputs.
func TestExampleWorkflows(t *testing.T) {
	if testing.Short() {
		t.Skip("builds actionlint")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("go is not on PATH")
	}
	inputs, dir, files := defaults(t), t.TempDir(), []string{}
	for _, e := range examples(t) {
		if !strings.HasPrefix(e.file, ".github/workflows/") {
			continue
		}
		file := filepath.Join(dir, strings.ReplaceAll(e.page, "/", "-")+"-"+filepath.Base(e.file))
		if err := os.WriteFile(file, []byte(e.text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		lines := strings.Split(e.text, "\n")
		for i := 0; i < len(lines); i++ {
			if !strings.Contains(lines[i], "uses: grantdiff/grantdiff@") {
				continue
			}
			for i++; i < len(lines) && !strings.Contains(lines[i], "- "); i++ {
				key, _, _ := strings.Cut(strings.TrimSpace(lines[i]), ":")
				if _, ok := inputs[key]; !ok && strings.HasPrefix(lines[i], "          ") {
					t.Errorf("%s: %s: %s is no input of action.yml", e.page, e.file, key)
				}
			}
			i--
		}
	}
	if len(files) < 4 {
		t.Fatalf("only %d workflows were found", len(files))
	}
	lint := exec.Command("go", append([]string{"tool", "actionlint", "-no-color", "-shellcheck="}, files...)...)
	lint.Dir = root
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestExampleComponent holds the inputs in the example for GitLab to those of the component.
func TestExampleComponent(t *testing.T) {
	inputs, found := componentInputs(t), 0
	for _, e := range examples(t) {
		_, text, ok := strings.Cut(e.text, "    inputs:\n")
		if !ok || e.file != ".gitlab-ci.yml" {
			continue
		}
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "      ") {
				break
			}
			key, _, _ := strings.Cut(strings.TrimSpace(line), ":")
			found++
			if _, ok := inputs[key]; !ok {
				t.Errorf("%s: %s is no input of the component", e.page, key)
			}
		}
	}
	if found == 0 {
		t.Error("no example was found")
	}
	page := read(t, "docs/gitlab.md")
	for name := range inputs {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/gitlab.md does not describe the input %s", name)
		}
	}
}

// TestHooks holds .pre-commit-hooks.yaml to what pre-commit requires of a hook.
func TestHooks(t *testing.T) {
	hooks := strings.Split("\n"+read(t, ".pre-commit-hooks.yaml"), "\n- id: ")[1:]
	if len(hooks) != 3 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, hook := range hooks {
		id, _, _ := strings.Cut(hook, "\n")
		for _, key := range []string{"name", "description", "language", "entry"} {
			if !strings.Contains(hook, "\n  "+key+": ") {
				t.Errorf("%s has no %s", id, key)
			}
		}
		if !strings.Contains(read(t, "docs/ci.md"), "`"+id+"`") {
			t.Errorf("docs/ci.md does not tell of %s", id)
		}
	}
}
