package terraform

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// target is a resource that a reference leads to.
type target struct {
	path           []step
	typ, name, key string
	// guess is the key that the expression most likely has for the resource, where it
	// says none that is constant: the one of the object it is written for.
	guess string
}

// trail is where references lead to.
type trail struct {
	targets []target
	// opaque counts the references that say nothing of what they lead to, such as
	// local values, and those to resources of other types.
	opaque int
	seen   map[string]bool
	refs   int // how many were looked at
}

// maxHops is how many variables and outputs a reference is followed through, and
// maxTrail how many of them in all; maxRefs is how many references are looked at.
const (
	maxHops  = 32
	maxTrail = 1000
	maxRefs  = 10_000
)

// viewpoint is where an expression stands: in a module, for an object with a key, and
// with a for_each that refers to each.
type viewpoint struct {
	path []step
	key  string
	each []string
}

// follow leads references to the first resource of one of the given types,
// through variables to the caller and through outputs into called modules.
func (m *moduleConfig) follow(path []step, refs []string, types []string) (target, bool) {
	var t trail
	m.lead(viewpoint{path: path}, refs, types, &t, 0)
	if len(t.targets) == 0 {
		return target{}, false
	}
	return t.targets[0], true
}

// lead follows references to all resources of the given types.
func (m *moduleConfig) lead(at viewpoint, refs []string, types []string, t *trail, hops int) {
	if m == nil || hops > maxHops {
		t.opaque++
		return
	}
	guess := ""
	if slices.Contains(refs, "each.key") || slices.Contains(refs, "count.index") {
		guess = at.key
	}
	for _, ref := range refs {
		if t.refs++; t.refs > maxRefs {
			t.opaque += 2 // not to be taken for a key
			return
		}
		parsed, err := parseAddress(ref)
		if err != nil {
			t.opaque++
			continue
		}
		switch root := part(parsed, 0); root {
		case "count", "path", "terraform", "self":
		case "each":
			if part(parsed, 1) == "value" && t.enter(at, ref) {
				if at.each == nil {
					t.opaque++
				}
				inner := at
				inner.each = nil
				m.lead(inner, append([]string{"each.key"}, at.each...), types, t, hops+1)
			}
		case "var":
			m.leadUp(at, part(parsed, 1), types, t, hops)
		case "module":
			m.leadDown(at, parsed, guess, types, t, hops)
		default:
			if slices.Contains(types, root) {
				t.targets = append(t.targets, target{at.path, root, part(parsed, 1), keyAt(parsed, 2), guess})
			} else {
				t.opaque++
			}
		}
	}
}

// leadUp follows a variable to what the caller gives for it. The values of the root
// module's variables, and constants, are known, so that they lead nowhere.
func (m *moduleConfig) leadUp(at viewpoint, name string, types []string, t *trail, hops int) {
	if len(at.path) == 0 || !t.enter(at, "var."+name) {
		return
	}
	last := at.path[len(at.path)-1]
	caller := at.path[:len(at.path)-1]
	c := m.module(caller)
	if c == nil || c.calls[last.name] == nil {
		t.opaque++
		return
	}
	call := c.calls[last.name]
	m.lead(viewpoint{caller, last.key, call.each}, call.arguments[name], types, t, hops+1)
}

// leadDown follows an output into the module. Where an expression has the key, the
// plan leaves out which output is meant.
func (m *moduleConfig) leadDown(at viewpoint, ref hcl.Traversal, guess string, types []string, t *trail, hops int) {
	s, rest := step{name: part(ref, 1)}, 2
	if s.key = keyAt(ref, rest); s.key != "" {
		rest++
	}
	output := part(ref, rest)
	if s.key == "" && output == "" {
		s.key = guess
	}
	inner := append(slices.Clone(at.path), s)
	c := m.module(inner)
	if c == nil {
		t.opaque++
		return
	}
	if output != "" {
		if t.enter(viewpoint{path: inner}, "output."+output) {
			m.lead(viewpoint{path: inner}, c.outputs[output], types, t, hops+1)
		}
		return
	}
	found := len(t.targets)
	opaque := t.opaque
	for _, name := range slices.Sorted(maps.Keys(c.outputs)) {
		if t.enter(viewpoint{path: inner}, "output."+name) {
			m.lead(viewpoint{path: inner}, c.outputs[name], types, t, hops+1)
		}
	}
	if len(t.targets) > found {
		t.opaque = opaque // the other outputs are not meant
	} else {
		t.opaque = opaque + 1
	}
}

// enter reports whether a variable or an output has not been followed yet. Without
// that, a few of them that refer to each other would be followed for ever.
func (t *trail) enter(at viewpoint, what string) bool {
	key := joinModules(at.path) + "\x00" + what
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	if t.seen[key] {
		return false
	}
	if len(t.seen) >= maxTrail {
		t.opaque++
		return false
	}
	t.seen[key] = true
	return true
}

func keyAt(t hcl.Traversal, i int) string {
	if i < len(t) {
		if ix, ok := t[i].(hcl.TraverseIndex); ok {
			return keyText(ix.Key)
		}
	}
	return ""
}
