package repository

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// edges says who may import whom. A key stands for the folder and all below it, a
// value for exactly that package; what lies under one key may import each other.
// The directions are those of a pipeline: documents and the language below, the
// engine and the catalogue beside it, then rules, reports and the scanner, and the
// command on top. Extractors never see the engine, reports never see an extractor. What
// answers run tasks opens connections: it is handed the scan, and sees results and their
// reports alone.
var edges = map[string][]string{
	"internal/source":               {},
	"internal/catalog":              {},
	"internal/repository":           {},
	"internal/memory":               {},
	"internal/diag":                 {"internal/source"},
	"internal/policy":               {"internal/source", "internal/diag"},
	"internal/access":               {"internal/policy", "internal/catalog"},
	"extractors":                    {"internal/policy", "internal/source", "internal/diag"},
	"extractors/terraform":          {"extractors", "internal/policy", "internal/source", "internal/diag", "internal/catalog"},
	"extractors/terraform/planfile": {},
	"extractors/cloudformation":     {"extractors", "internal/policy", "internal/source", "internal/diag", "internal/catalog"},
	"rules":                         {"internal/policy", "internal/access", "extractors", "internal/source", "internal/catalog"},
	"internal/report":               {"rules", "internal/source", "internal/diag"},
	"internal/analyzer":             {"internal/policy", "internal/access", "rules", "internal/catalog", "internal/diag"},
	"internal/runtask":              {"rules", "internal/report"},
	"scanner": {"extractors", "extractors/terraform", "extractors/terraform/planfile", "extractors/cloudformation", "rules", "internal/access",
		"internal/policy", "internal/catalog", "internal/source", "internal/diag"},
	"cmd": {"scanner", "extractors", "extractors/terraform", "extractors/cloudformation", "rules", "internal/access",
		"internal/policy", "internal/catalog", "internal/source", "internal/diag", "internal/report", "internal/analyzer", "internal/runtask", "internal/memory"},
}

// home is the key of edges that a package belongs to, "" for none.
func home(pkg string) string {
	best := ""
	for _, key := range slices.Sorted(maps.Keys(edges)) {
		if under(pkg, key) && len(key) > len(best) {
			best = key
		}
	}
	return best
}

func TestImportEdges(t *testing.T) {
	for _, f := range tree(t) {
		key := home(f.dir)
		if key == "" {
			t.Errorf("%s: the folder is in no row of the table of edges: say there whom it may import", f.path)
			continue
		}
		for _, imported := range f.imports {
			pkg, ours := strings.CutPrefix(imported, module+"/")
			if !ours || home(pkg) == key {
				continue
			}
			switch {
			case under(pkg, "cmd"):
				t.Errorf("%s imports %s: nothing imports the command", f.path, pkg)
			case f.test:
				// Tests look from outside: what they may import is not a question of layers.
			case !slices.Contains(edges[key], pkg):
				t.Errorf("%s imports %s: not an edge of the table", f.path, pkg)
			}
		}
	}
}

// TestEdgesHaveNoCycle holds the table itself to a direction.
func TestEdgesHaveNoCycle(t *testing.T) {
	state := map[string]int{} // 1: being visited, 2: done
	var visit func(key string, path []string)
	visit = func(key string, path []string) {
		switch state[key] {
		case 1:
			t.Fatalf("cycle: %s", strings.Join(append(path, key), " -> "))
		case 2:
			return
		}
		if _, ok := edges[key]; !ok {
			t.Fatalf("%s is imported by %v and has no row", key, path)
		}
		state[key] = 1
		for _, to := range edges[key] {
			visit(to, append(path, key))
		}
		state[key] = 2
	}
	for _, key := range slices.Sorted(maps.Keys(edges)) {
		visit(key, nil)
	}
}
