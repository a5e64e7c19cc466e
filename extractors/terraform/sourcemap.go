package terraform

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/extractors/terraform/locate"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// sourceMap finds the blocks that grants come from.
type sourceMap struct {
	x       *extraction
	folder  *os.Root
	tree    *config.Tree    // nil when no sources were given
	modules *config.Modules // nil when no sources were given
	finder  *locate.Finder  // nil when no sources were given
	// nowhere is the origin of all that the sources do not have: the input, without lines.
	nowhere *extractors.Origin
	ds      diag.Diagnostics
}

func newSourceMap(x *extraction) *sourceMap {
	m := &sourceMap{x: x, nowhere: &extractors.Origin{Range: source.Range{Path: x.o.Path}}}
	switch {
	case len(x.pending)+len(x.shown)+len(x.links)+len(x.blocks) == 0:
		return m
	case x.o.Source != nil:
		m.tree = config.New(x.o.Source)
		m.modules = m.tree.Modules(".")
		m.modules.Given = x.o.Modules
		m.modules.Source = m.sourceOf
		m.finder = locate.New(m.tree, m.modules)
		return m
	case x.o.SourceDir == "":
		return m
	}
	folder, err := os.OpenRoot(x.o.SourceDir)
	if err != nil {
		m.ds = diag.Diagnostics{{Severity: diag.Warning, Summary: "the source folder cannot be opened",
			Detail: "Findings get no lines: " + err.Error() + ".", Subject: source.Range{Path: x.o.Path}}}
		return m
	}
	m.folder = folder
	m.tree = config.New(folder.FS())
	m.modules = m.tree.Modules(m.findRoot())
	m.modules.Source = m.sourceOf
	m.finder = locate.New(m.tree, m.modules)
	return m
}

// close releases the folder and returns what was remarkable about the sources.
func (m *sourceMap) close() diag.Diagnostics {
	if m.tree != nil {
		m.ds = append(m.ds, m.tree.Diagnostics()...)
		m.ds = append(m.ds, m.finder.Diagnostics()...)
		if m.folder != nil {
			_ = m.folder.Close()
		}
	}
	return m.ds
}

// rootCandidates are the folders below the source folder that may be the root module:
// itself, and the folder of the plan.
func (o Options) rootCandidates() []string {
	candidates := []string{"."}
	if o.Path == "" || o.Path == "-" {
		return candidates
	}
	base, err1 := filepath.Abs(o.SourceDir)
	folder, err2 := filepath.Abs(filepath.Dir(o.Path))
	if err1 == nil && err2 == nil {
		if rel, err := filepath.Rel(base, folder); err == nil && filepath.IsLocal(rel) && rel != "." {
			candidates = append(candidates, filepath.ToSlash(rel))
		}
	}
	return candidates
}

// findRoot chooses the folder of the root module: the candidate that has more of the
// plan's blocks.
func (m *sourceMap) findRoot() string {
	candidates := m.x.o.rootCandidates()
	best, most := ".", -1
	for _, c := range candidates {
		if n := m.score(m.tree.Dir(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// score counts the blocks of the plan's root module that a folder has.
func (m *sourceMap) score(d *config.Dir) int {
	n := 0
	type block struct{ typ, name string }
	seen := map[block]bool{}
	count := func(in *instance) {
		b := block{in.typ, in.name}
		found := d.Resource(b.typ, b.name)
		if in.module != "" {
			path, err := modulePath(in.module)
			if err != nil {
				return
			}
			b = block{"", path[0].name}
			found = d.Call(b.name)
		}
		if !seen[b] && found != nil {
			n++
		}
		seen[b] = true
	}
	for _, p := range m.x.pending {
		count(p.instance)
	}
	for i := range m.x.shown {
		count(m.x.shown[i].carrier.instance)
	}
	for _, l := range m.x.links {
		count(l.instance)
	}
	return n
}

// origin is where a grant was written. When that cannot be told it is the input,
// without lines.
func (m *sourceMap) origin(p *pending) *extractors.Origin {
	name := ""
	if p.row.repeated() && len(p.blocks) > 0 {
		name = p.blocks[0]
	}
	kind := "resource "
	if p.data {
		kind = "data "
	}
	o := m.originOf(kind, p.instance, p.row, name)
	if o != m.nowhere && p.Action != extractors.NoOp && !p.data && p.row.Permit == nil {
		m.statements(p, name, o)
	}
	return o
}

// statements adds where the statements of a grant are written, and what comments there
// say.
func (m *sourceMap) statements(p *pending, block string, o *extractors.Origin) {
	mod := m.module(p.module)
	if mod == nil || mod.Dir == nil || p.After.Document == nil {
		return
	}
	b := mod.Dir.Resource(p.typ, p.name)
	if b == nil {
		return
	}
	doc, _ := p.After.Document.read()
	found := m.finder.Statements(mod, b, p.row.steps(), block, doc)
	o.Statements = found.Statements
	for i, s := range found.Statements {
		if s.Range.Path == "" {
			continue
		}
		for _, ignore := range m.finder.Ignores(append(slices.Clone(found.Around[i]), s.Callers...), i, s.Range) {
			if !slices.ContainsFunc(o.Ignores, func(have extractors.Ignore) bool { return have.Range == ignore.Range && have.Statement < 0 }) {
				o.Ignores = append(o.Ignores, ignore)
			}
		}
	}
}

// originOf is the place of the attribute of a row in the block of an object; name
// tells nested blocks apart.
func (m *sourceMap) originOf(kind string, in *instance, r *row, name string) *extractors.Origin {
	mod := m.module(in.module)
	switch {
	case mod == nil:
		return m.nowhere
	case mod.Dir == nil: // a module from elsewhere: the call that brings it in
		callers := mod.Callers()
		return &extractors.Origin{Range: callers[0], Callers: callers[1:], Ignores: m.finder.Ignores(callers, -1)}
	}
	b := mod.Dir.Resource(in.typ, in.name)
	if kind == "data " {
		b = mod.Dir.Data(in.typ, in.name)
	}
	if b == nil {
		return m.nowhere
	}
	where := b.Header()
	if r.Permit == nil && r.Block == nil {
		where = b.Place(r.steps(), name)
	}
	o := &extractors.Origin{Range: where, Callers: mod.Callers()}
	o.Ignores = m.finder.Ignores(append([]source.Range{where, b.Header()}, o.Callers...), -1)
	return o
}

// generates reports whether the nested blocks of an object are generated. Where the
// sources do not tell, the plan does for an object that is updated: what is not set
// keeps its value then, so that something unknown was set. An object that is made
// has unknown blocks in either case.
func (m *sourceMap) generates(in *instance, block string, op operation) bool {
	if mod := m.module(in.module); mod != nil && mod.Dir != nil {
		if b := mod.Dir.Resource(in.typ, in.name); b != nil {
			return b.Generates(block)
		}
	}
	return op.existed && op.action != extractors.Replace
}

// module follows the calls that lead to a module instance; nil when the sources do not
// have them.
func (m *sourceMap) module(address string) *config.Module {
	if m.modules == nil {
		return nil
	}
	steps, err := modulePath(address)
	if err != nil {
		return nil
	}
	return m.modules.Module(callNames(steps))
}

// callNames are the names of module calls without their instance keys.
func callNames(steps []step) []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
	}
	return names
}

// sourceOf is what the plan says about the source of a module call.
func (m *sourceMap) sourceOf(names []string) string {
	steps := make([]step, len(names)-1)
	for i := range steps {
		steps[i].name = names[i]
	}
	if c := m.x.config.module(steps); c != nil {
		if found := c.calls[names[len(names)-1]]; found != nil {
			return found.source
		}
	}
	return ""
}
