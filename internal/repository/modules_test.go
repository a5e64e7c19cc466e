package repository

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dependency is a row of docs/dependencies.md.
type dependency struct {
	module, version, licence, why string
	homes                         []string
}

// dependencies reads the rows of docs/dependencies.md.
func dependencies(t *testing.T) []dependency {
	t.Helper()
	var out []dependency
	for line := range strings.Lines(read(t, "docs/dependencies.md")) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 5 {
			t.Fatalf("docs/dependencies.md: %d cells, expected 5: %s", len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		d := dependency{strings.Trim(cells[0], "`"), cells[1], cells[3], cells[4], strings.Split(cells[2], ", ")}
		if d.licence == "" || len(d.why) < 3 || d.homes[0] == "" {
			t.Errorf("docs/dependencies.md: %s: expected a home, a licence and a reason", d.module)
		}
		out = append(out, d)
	}
	return out
}

// TestDependencyList holds go.mod and docs/dependencies.md to each other.
func TestDependencyList(t *testing.T) {
	mod := readMod(t)
	tool := func(path string) bool {
		return slices.ContainsFunc(mod.Tool, func(tool struct{ Path string }) bool { return under(tool.Path, path) })
	}
	var want, got []string
	for _, r := range mod.Require {
		if !r.Indirect || tool(r.Path) {
			want = append(want, r.Path+" "+r.Version)
		}
	}
	for _, d := range dependencies(t) {
		got = append(got, d.module+" "+d.version)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/dependencies.md does not list what go.mod requires (-go.mod +page):\n%s", diff)
	}
}

// TestModuleHomes holds every third-party import to the home that
// docs/dependencies.md names.
func TestModuleHomes(t *testing.T) {
	all := dependencies(t)
	for _, f := range tree(t) {
		for _, imported := range f.imports {
			if first, _, _ := strings.Cut(imported, "/"); under(imported, module) || !strings.Contains(first, ".") {
				continue // ours, or the standard library
			}
			i := slices.IndexFunc(all, func(d dependency) bool { return under(imported, d.module) })
			if i < 0 {
				t.Errorf("%s imports %s: not a module of docs/dependencies.md", f.path, imported)
				continue
			}
			homes := all[i].homes
			if f.test && slices.Contains(homes, "tests") {
				continue
			}
			if !slices.ContainsFunc(homes, func(home string) bool { return under(f.dir, home) }) {
				t.Errorf("%s imports %s: its home is %s", f.path, imported, strings.Join(homes, ", "))
			}
		}
	}
}
