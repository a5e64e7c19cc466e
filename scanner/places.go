package scanner

import (
	"path"
	"path/filepath"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
	"github.com/grantdiff/grantdiff/internal/source"
)

// rebase makes the places in the configuration, which are relative to the source
// folder, relative to the working directory as all other paths are.
func rebase(x extractors.Extraction, o terraform.Options) extractors.Extraction {
	dir := filepath.ToSlash(filepath.Clean(o.SourceDir))
	if o.SourceDir != "" && dir != "." {
		movePlaces(&x, o, func(name string) string { return path.Join(dir, name) })
	}
	return x
}

// movePlaces changes the paths of all places in the configuration. Lists of places
// are made anew: grants of one block share them.
func movePlaces(x *extractors.Extraction, o terraform.Options, to func(string) string) {
	m := mover{input: o.Path, to: to, done: map[*extractors.Origin]*extractors.Origin{}}
	for i := range x.Grants {
		x.Grants[i].Written = m.origin(x.Grants[i].Written)
	}
	for i := range x.Links {
		x.Links[i].Written = m.origin(x.Links[i].Written)
	}
	for i := range x.Blocks {
		x.Blocks[i].Written = m.origin(x.Blocks[i].Written)
	}
	for i := range x.Drift {
		x.Drift[i].Written = m.origin(x.Drift[i].Written)
	}
	for i := range x.Diagnostics {
		x.Diagnostics[i].Subject = m.moved(x.Diagnostics[i].Subject)
	}
}

// mover changes paths other than that of the input.
type mover struct {
	input string
	to    func(string) string
	done  map[*extractors.Origin]*extractors.Origin // those that are shared
}

func (m mover) moved(r source.Range) source.Range {
	if r.Path != m.input && r.Path != "" {
		r.Path = m.to(r.Path)
	}
	return r
}

func (m mover) all(list []source.Range) []source.Range {
	list = slices.Clone(list)
	for i := range list {
		list[i] = m.moved(list[i])
	}
	return list
}

func (m mover) origin(written *extractors.Origin) *extractors.Origin {
	if written == nil {
		return nil
	}
	if o := m.done[written]; o != nil {
		return o
	}
	moved := *written
	o := &moved
	m.done[written] = o
	o.Range, o.Callers = m.moved(o.Range), m.all(o.Callers)
	o.Statements = slices.Clone(o.Statements)
	for i := range o.Statements {
		s := &o.Statements[i]
		s.Range, s.Callers, s.Actions = m.moved(s.Range), m.all(s.Callers), slices.Clone(s.Actions)
		for j := range s.Actions {
			s.Actions[j].Range = m.moved(s.Actions[j].Range)
		}
	}
	o.Ignores = slices.Clone(o.Ignores)
	for i := range o.Ignores {
		o.Ignores[i].Range = m.moved(o.Ignores[i].Range)
	}
	return o
}
