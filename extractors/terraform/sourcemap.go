package terraform

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// sourceMap finds the blocks that grants come from.
type sourceMap struct {
	x        *extraction
	tree     *sourceTree // nil when no sources were given
	root     string      // folder of the root module, relative to the tree
	manifest map[string]string
	modules  map[string]*modulePlace
	ds       diag.Diagnostics
}

// modulePlace is where a module instance is written and who calls it.
type modulePlace struct {
	dir     *sourceDir     // nil when its sources are not there
	callers []source.Range // innermost first
}

func newSourceMap(x *extraction) *sourceMap {
	m := &sourceMap{x: x, modules: map[string]*modulePlace{}}
	switch {
	case len(x.pending)+len(x.links)+len(x.blocks) == 0:
		return m
	case x.o.Source != nil:
		m.tree = &sourceTree{fsys: x.o.Source, dirs: map[string]*sourceDir{}}
		m.root, m.manifest = ".", x.o.Modules
		return m
	case x.o.SourceDir == "":
		return m
	}
	tree, err := openSourceTree(x.o.SourceDir)
	if err != nil {
		m.ds = diag.Diagnostics{{Severity: diag.Warning, Summary: "the source folder cannot be opened",
			Detail: "Findings get no lines: " + err.Error() + ".", Subject: source.Range{Path: x.o.Path}}}
		return m
	}
	m.tree = tree
	m.root = m.findRoot()
	m.manifest = m.readManifest()
	return m
}

// close releases the folder and returns what was remarkable about the sources.
func (m *sourceMap) close() diag.Diagnostics {
	if m.tree != nil {
		m.ds = append(m.ds, m.tree.ds...)
		if m.tree.root != nil {
			_ = m.tree.root.Close()
		}
	}
	return m.ds
}

// findRoot chooses the folder of the root module: the source folder itself or the
// folder of the plan, whichever has more of the plan's blocks.
func (m *sourceMap) findRoot() string {
	candidates := []string{"."}
	if p := m.x.o.Path; p != "" && p != "-" {
		base, err1 := filepath.Abs(m.x.o.SourceDir)
		folder, err2 := filepath.Abs(filepath.Dir(p))
		if err1 == nil && err2 == nil {
			if rel, err := filepath.Rel(base, folder); err == nil && filepath.IsLocal(rel) && rel != "." {
				candidates = append(candidates, filepath.ToSlash(rel))
			}
		}
	}
	best, most := ".", -1
	for _, c := range candidates {
		if n := m.score(m.tree.dir(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// score counts the blocks of the plan's root module that a folder has.
func (m *sourceMap) score(d *sourceDir) int {
	n := 0
	seen := map[string]bool{}
	count := func(in instance) {
		key := "resource " + in.typ + " " + in.name
		if in.module != "" {
			path, err := modulePath(in.module)
			if err != nil {
				return
			}
			key = "module " + path[0].name
		}
		if !seen[key] && d.blocks[key] != nil {
			n++
		}
		seen[key] = true
	}
	for _, p := range m.x.pending {
		count(p.instance())
	}
	for _, l := range m.x.links {
		count(l.instance)
	}
	return n
}

// readManifest reads where terraform init has put the modules: names of calls
// joined with dots, and folders relative to the root module.
func (m *sourceMap) readManifest() map[string]string {
	text, err := m.tree.read(path.Join(m.root, ".terraform/modules/modules.json"))
	if err != nil {
		return nil
	}
	var manifest struct {
		Modules []struct {
			Key string `json:"Key"`
			Dir string `json:"Dir"`
		} `json:"Modules"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		m.tree.warn(path.Join(m.root, ".terraform/modules/modules.json"), "the module manifest cannot be read", "Run terraform init again; modules are looked up by their sources.")
		return nil
	}
	dirs := map[string]string{}
	for _, e := range manifest.Modules {
		if dir := strings.ReplaceAll(e.Dir, `\`, "/"); dir != "" && !path.IsAbs(dir) {
			dirs[e.Key] = path.Join(m.root, dir)
		}
	}
	return dirs
}

// origin is where a grant was written. When that cannot be told it is the input,
// without lines.
func (m *sourceMap) origin(p *pending) extractors.Origin {
	name := ""
	if p.row.repeated() && len(p.blocks) > 0 {
		name = p.blocks[0]
	}
	kind := "resource "
	if p.data {
		kind = "data "
	}
	return m.originOf(kind, p.instance(), p.row, name)
}

// originOf is the place of the attribute of a row in the block of an object; name
// tells nested blocks apart.
func (m *sourceMap) originOf(kind string, in instance, r *row, name string) extractors.Origin {
	unknown := extractors.Origin{Range: source.Range{Path: m.x.o.Path}}
	if m.tree == nil {
		return unknown
	}
	mod := m.module(in.module)
	switch {
	case mod == nil:
		return unknown
	case mod.dir == nil && len(mod.callers) == 0:
		return unknown
	case mod.dir == nil: // a module from elsewhere: the call that brings it in
		return extractors.Origin{Range: mod.callers[0], Callers: mod.callers[1:]}
	}
	b := mod.dir.blocks[kind+in.typ+" "+in.name]
	if b == nil {
		return unknown
	}
	return extractors.Origin{Range: b.attribute(r, name), Callers: mod.callers}
}

// generates reports whether the nested blocks of an object are generated. Where the
// sources do not tell, the plan does for an object that is updated: what is not set
// keeps its value then, so that something unknown was set. An object that is made
// has unknown blocks in either case.
func (m *sourceMap) generates(in instance, block string, op operation) bool {
	if m.tree != nil {
		if mod := m.module(in.module); mod != nil && mod.dir != nil {
			if b := mod.dir.blocks["resource "+in.typ+" "+in.name]; b != nil {
				return b.hasDynamic(block)
			}
		}
	}
	return op.existed && op.action != extractors.Replace
}

// module follows the calls that lead to a module instance.
func (m *sourceMap) module(address string) *modulePlace {
	if found, ok := m.modules[address]; ok {
		return found
	}
	m.modules[address] = nil
	steps, err := modulePath(address)
	if err != nil {
		return nil
	}
	at := m.root
	place := &modulePlace{dir: m.tree.dir(at)}
	var names []string
	for i, s := range steps {
		names = append(names, s.name)
		call := place.dir.blocks["module "+s.name]
		if call == nil {
			// The sources are not those of the plan; no call is no place.
			return nil
		}
		place.callers = append([]source.Range{call.header()}, place.callers...)
		next, ok := m.moduleDir(at, strings.Join(names, "."), m.sourceOf(steps[:i+1], call))
		if !ok {
			place.dir = nil
			break
		}
		at, place.dir = next, m.tree.dir(next)
	}
	m.modules[address] = place
	return place
}

func (m *sourceMap) sourceOf(steps []step, call *sourceBlock) string {
	if c := m.x.config.module(steps[:len(steps)-1]); c != nil {
		if found := c.calls[steps[len(steps)-1].name]; found != nil && found.source != "" {
			return found.source
		}
	}
	return call.constantAttribute("source")
}

// moduleDir is the folder of a called module: next to the caller for a local
// source, else where the manifest says. Of a plan that brings its configuration
// along, the manifest knows every module.
func (m *sourceMap) moduleDir(caller, key, src string) (string, bool) {
	var dir string
	src = strings.ReplaceAll(src, `\`, "/")
	switch {
	case m.x.o.Source != nil && m.manifest[key] != "":
		dir = m.manifest[key]
	case src == "." || src == ".." || strings.HasPrefix(src, "./") || strings.HasPrefix(src, "../"):
		dir = path.Join(caller, src)
	case m.manifest[key] != "":
		dir = m.manifest[key]
	default:
		return "", false
	}
	if !filepath.IsLocal(filepath.FromSlash(dir)) {
		return "", false
	}
	return dir, m.tree.dir(dir).files > 0
}
