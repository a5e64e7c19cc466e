package config

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Modules is the tree of module calls below a root module.
type Modules struct {
	tree     *Tree
	root     string
	manifest map[string]string
	// Source is the source of a module call as something else than the files tells
	// it, such as a plan, or ""; path are the names of the calls that lead there.
	Source func(path []string) string
	// Given are the folders of modules, by the names of their calls joined with dots, of
	// a plan that brings its configuration along. They count before all else.
	Given map[string]string
	calls map[string]*Module
}

// Module is a called module, or the root module.
type Module struct {
	// Path are the names of the calls that lead here, joined with dots.
	Path string
	Dir  *Dir // nil when its sources are not there
	// Call is the block that calls it and Caller the module which that is in; nil for
	// the root module.
	Call   *Block
	Caller *Module
}

// Callers is the chain of module calls that leads here, innermost first.
func (m *Module) Callers() []source.Range {
	var list []source.Range
	for ; m.Call != nil; m = m.Caller {
		list = append(list, m.Call.Header())
	}
	return list
}

// Manifest is where terraform init writes which modules it has put where, relative to
// the root module.
const manifestFile = ".terraform/modules/modules.json"

// Modules returns the tree of calls of the root module in the folder root.
func (t *Tree) Modules(root string) *Modules {
	m := &Modules{tree: t, root: root, calls: map[string]*Module{}}
	m.calls[""] = &Module{Dir: t.Dir(root)}
	m.manifest = m.readManifest()
	return m
}

// Root is the folder of the root module, relative to the tree.
func (m *Modules) Root() string { return m.root }

// readManifest reads the names of calls joined with dots, and folders relative to the
// root module.
func (m *Modules) readManifest() map[string]string {
	name := path.Join(m.root, manifestFile)
	text, err := m.tree.ReadFile(name)
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
		m.tree.warn(name, "the module manifest cannot be read", "Run terraform init again; modules are looked up by their sources.")
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

// Module follows the calls of the given names. It is nil when there is no such call:
// the sources are then not those of the plan. A module whose sources are not there is
// returned with the last call that is.
func (m *Modules) Module(names []string) *Module {
	key := strings.Join(names, ".")
	if found, ok := m.calls[key]; ok {
		return found
	}
	m.calls[key] = nil
	caller := m.Module(names[:len(names)-1])
	switch {
	case caller == nil:
		return nil
	case caller.Dir == nil:
		m.calls[key] = caller
		return caller
	}
	call := caller.Dir.Call(names[len(names)-1])
	if call == nil {
		return nil
	}
	found := &Module{Path: key, Call: call, Caller: caller}
	src := ""
	if m.Source != nil {
		src = m.Source(names)
	}
	if src == "" {
		src = call.Constant("source")
	}
	found.Dir = m.dir(caller.Dir.Name, key, src)
	m.calls[key] = found
	return found
}

// dir is the folder of a called module: next to the caller for a local source, else
// where the manifest says.
func (m *Modules) dir(caller, key, src string) *Dir {
	var name string
	src = strings.ReplaceAll(src, `\`, "/")
	switch {
	case m.Given[key] != "":
		name = m.Given[key]
	case src == "." || src == ".." || strings.HasPrefix(src, "./") || strings.HasPrefix(src, "../"):
		name = path.Join(caller, src)
	case m.manifest[key] != "":
		name = m.manifest[key]
	default:
		return nil
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil
	}
	if d := m.tree.Dir(name); !d.Empty() {
		return d
	}
	return nil
}
