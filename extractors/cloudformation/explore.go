package cloudformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// explore evaluates all resources. Those that bear on each other are evaluated
// together, under every consistent set of choices that they need.
func (x *extraction) explore() {
	for _, group := range x.groups() {
		if x.ctx.Err() != nil {
			return
		}
		x.exploreGroup(group)
	}
	if x.budget.Nodes <= 0 {
		x.fail(x.root(), "the template asks for too much work", "Evaluation was given up after %d steps. Split the template.", eval.DefaultBudget)
		x.incomplete("The template asks for more work than is done, so not all of it was compared.")
	}
}

// outcome is what a group gives under one set of choices.
type outcome struct {
	variant   extractors.Variant
	signature string
	cases     []extractors.Case
}

func (x *extraction) exploreGroup(group []*unit) {
	limit := x.o.Choices
	same := x.unchanged(group)
	if same {
		limit = 1 // nothing can change under any choice
	}
	outs, all := x.run(group, eval.NewChoices(), limit)
	if !all && !same {
		coarse := eval.NewChoices()
		coarse.Coarse = true
		outs, all = x.run(group, coarse, limit)
	}
	if !all && !same {
		x.incomplete(fmt.Sprintf("The conditions around %s allow more combinations than are compared. Give the values of parameters with --param or --params.",
			group[0].address))
	}
	var cases []extractors.Case
	for _, o := range outs {
		cases = append(cases, o.cases...)
	}
	first := 0
	for i, o := range outs {
		if len(outs) > 1 {
			under := &extractors.Cases{All: cases}
			for j := range o.cases {
				under.Holds = append(under.Holds, first+j)
			}
			first += len(o.cases)
			mark(&o.variant, under)
		}
		if i == 0 {
			x.result.Grants = append(x.result.Grants, o.variant.Grants...)
			x.result.Links = append(x.result.Links, o.variant.Links...)
			x.result.Blocks = append(x.result.Blocks, o.variant.Blocks...)
			continue
		}
		for len(x.result.Variants) < i {
			x.result.Variants = append(x.result.Variants, extractors.Variant{})
		}
		v := &x.result.Variants[i-1]
		v.Grants = append(v.Grants, o.variant.Grants...)
		v.Links = append(v.Links, o.variant.Links...)
		v.Blocks = append(v.Blocks, o.variant.Blocks...)
	}
}

func mark(v *extractors.Variant, under *extractors.Cases) {
	for i := range v.Grants {
		v.Grants[i].Under = under
	}
	for i := range v.Links {
		v.Links[i].Under = under
	}
	for i := range v.Blocks {
		v.Blocks[i].Under = under
	}
}

// run explores a group; outcomes that are the same are one.
func (x *extraction) run(group []*unit, start *eval.Choices, limit int) ([]*outcome, bool) {
	var outs []*outcome
	made := map[*eval.Choices]*outcome{}
	grants := x.grants
	sets, all := eval.Explore(start, limit, func(c *eval.Choices) *eval.Need {
		w := x.newWorld(c)
		w.group, x.grants = group, grants
		for _, u := range group {
			w.take(u)
		}
		if n := w.need(); n != nil && !x.exhausted() {
			return n
		}
		x.say(w)
		made[c] = &outcome{variant: w.out, signature: signature(&w.out), cases: []extractors.Case{caseOf(c)}}
		return nil
	})
	for _, c := range sets {
		o := made[c]
		i := slices.IndexFunc(outs, func(p *outcome) bool { return p.signature == o.signature })
		if i >= 0 {
			outs[i].cases = append(outs[i].cases, o.cases...)
			continue
		}
		if len(outs) == maxOutcomes {
			return outs, false
		}
		outs = append(outs, o)
	}
	return outs, all
}

func caseOf(c *eval.Choices) extractors.Case {
	var out extractors.Case
	for _, a := range c.Assumptions() {
		out = append(out, extractors.Assumption{About: a.Name, Words: a.Words})
	}
	return out
}

func (x *extraction) exhausted() bool { return x.budget.Nodes <= 0 || x.ctx.Err() != nil }

// say takes over the diagnostics of evaluation, each once.
func (x *extraction) say(w *world) {
	for _, st := range x.stacks {
		for i, s := range w.scopes[st] {
			if s == nil {
				continue
			}
			for _, d := range s.Diagnostics {
				key := fmt.Sprintf("diagnostic %d %s", i, d)
				if x.said == nil {
					x.said = map[string]bool{}
				}
				if !x.said[key] && len(x.result.Diagnostics) < 1000 {
					x.said[key] = true
					x.result.Diagnostics = append(x.result.Diagnostics, d)
				}
			}
		}
	}
}

// signature tells outcomes apart by all that decides access. Documents that say the
// same are the same.
func signature(v *extractors.Variant) string {
	var b strings.Builder
	side := func(s *extractors.Side) {
		fmt.Fprintf(&b, "%v %p ", s.Absent, s.Document)
		if s.Unknown != nil {
			fmt.Fprintf(&b, "%q %q", s.Unknown.Reason, s.Unknown.References)
		}
	}
	for i := range v.Grants {
		g := &v.Grants[i]
		fmt.Fprintf(&b, "%q %q %s %s %+v ", g.Address, g.Attribute, g.Kind, g.Action, g.Subject)
		side(&g.Before)
		side(&g.After)
	}
	for i := range v.Links {
		l := &v.Links[i]
		fmt.Fprintf(&b, "%q %q %s %s %+v", l.Address, l.Attribute, l.Kind, l.Action, l.From)
		for _, t := range slices.Concat(l.Before, []extractors.Target{{}}, l.After) {
			fmt.Fprintf(&b, "%q %q %q", t.Kind, t.Address, t.Name)
		}
	}
	for i := range v.Blocks {
		k := &v.Blocks[i]
		fmt.Fprintf(&b, "%q %q %s %q %q %v", k.Address, k.Attribute, k.Action, k.Before, k.After, k.Unknown != nil)
	}
	return b.String()
}

// groups puts the resources of the table together that bear on each other: by what the
// properties refer to that name a subject or a target, by name or by logical ID.
func (x *extraction) groups() [][]*unit {
	parent := map[*unit]*unit{}
	var find func(u *unit) *unit
	find = func(u *unit) *unit {
		if parent[u] == u {
			return u
		}
		r := find(parent[u])
		parent[u] = r
		return r
	}
	var all []*unit
	byName := map[string]*unit{}
	join := func(a, b *unit) {
		if parent[a] != nil && parent[b] != nil {
			parent[find(a)] = find(b)
		}
	}
	for _, st := range x.stacks {
		for _, u := range st.units {
			if u.matters() {
				all = append(all, u)
				parent[u] = u
			}
		}
	}
	for _, u := range all {
		for i, n := range u.nodes {
			if name, ok := n.Path("Properties", eval.NameProperty(u.types[i])).Text(); ok && eval.NameProperty(u.types[i]) != "" {
				if other := byName[name]; other != nil {
					join(u, other)
				} else {
					byName[name] = u
				}
			}
		}
	}
	byOwner := map[string]*unit{} // what writes a document of something that has no row, or is elsewhere
	for _, u := range all {
		for i, n := range u.nodes {
			for _, r := range rowsOf[u.types[i]] {
				if r.writes() {
					for _, owner := range x.owners(u, i, n.Path("Properties", linking(r)[0])) {
						if other := byOwner[owner]; other != nil {
							join(u, other)
						} else {
							byOwner[owner] = u
						}
					}
				}
				for _, property := range linking(r) {
					p := n.Path("Properties", property)
					m := eval.NewMentions()
					if r.Link != nil && property == strings.TrimSuffix(r.top(), "[]") {
						mentioned(m, p, strings.Split(strings.ReplaceAll(r.Path, "[]", ""), ".")[1:])
					} else {
						m.Add(p)
					}
					for name := range m.Names {
						if other := x.unitOf(u.stack, i, name); other != nil {
							join(u, other)
						}
					}
					for _, t := range texts(p, nil, nil) {
						if other := byName[t.Value[strings.LastIndexAny(t.Value, ":/")+1:]]; other != nil {
							join(u, other)
						}
					}
				}
			}
		}
	}
	index := map[*unit]int{}
	var out [][]*unit
	for _, u := range all {
		r := find(u)
		i, there := index[r]
		if !there {
			i = len(out)
			index[r] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], u)
	}
	return out
}

// matters reports whether anything is taken of a unit.
func (u *unit) matters() bool {
	for i, typ := range u.types {
		if len(rowsOf[typ]) > 0 || typ == nestedType || strings.HasSuffix(typ, moduleSuffix) || strings.HasPrefix(typ, "AWS::Serverless::") || looksLikePolicy(u.nodes[i].Get("Properties"), 0) {
			return true
		}
	}
	return false
}

// mentioned adds what the values at a path below n mention; all of n where it is a call.
func mentioned(m *eval.Mentions, n *tree.Node, path []string) {
	_, _, call := n.Intrinsic()
	switch {
	case n != nil && n.Kind == tree.List:
		for _, item := range n.Items {
			mentioned(m, item, path)
		}
	case len(path) == 0 || call || n == nil || n.Kind != tree.Map || hasLoop(n):
		m.Add(n)
	default:
		mentioned(m, n.Get(path[0]), path[1:])
	}
}

// linking are the properties of a row that name a subject or a target.
func linking(r *row) []string {
	var out []string
	if r.Of != "" {
		out = append(out, strings.Split(strings.TrimSuffix(r.Of, "[]"), ".")[0])
	}
	if r.Link != nil {
		out = append(out, strings.TrimSuffix(r.top(), "[]"))
	}
	return out
}

// writes reports whether a row is a document of something that a property names.
func (r *row) writes() bool { return r.Of != "" && r.Permit == nil && r.Told == nil && r.Link == nil }

// owners are what a property names as a whole: resources without a row of their own, and
// texts, parameters and exports, which stand for something elsewhere.
func (x *extraction) owners(u *unit, i int, p *tree.Node) []string {
	items := []*tree.Node{p}
	if p != nil && p.Kind == tree.List {
		items = p.Items
	}
	var out []string
	for _, n := range items {
		switch {
		case n == nil:
		case n.Kind == tree.String && n.Value != "":
			out = append(out, "text "+n.Value)
		default:
			m := eval.NewMentions()
			m.Add(n)
			switch len(m.Names) {
			case 0: // an export
				out = append(out, "text "+string(n.AppendJSON(nil)))
				continue
			case 1:
			default:
				continue
			}
			for name := range m.Names {
				if other := x.unitOf(u.stack, i, name); other != nil {
					out = append(out, "resource "+other.address)
				} else {
					out = append(out, "name "+u.stack.prefix+name)
				}
			}
		}
	}
	return out
}

func (x *extraction) unitOf(st *stack, i int, id string) *unit {
	if x.byID[i] == nil {
		x.byID[i] = map[string]*unit{}
		for _, s := range x.stacks {
			for _, u := range s.units {
				if u.ids[i] != "" {
					x.byID[i][s.prefix+u.ids[i]] = u
				}
			}
		}
	}
	return x.byID[i][st.prefix+id]
}

// unchanged reports whether all that a group depends on is written the same on both
// sides, so that nothing of it changes under any choice.
func (x *extraction) unchanged(group []*unit) bool {
	if x.o.PriorParameters != nil {
		return false
	}
	seen := map[string]bool{}
	for _, u := range group {
		if u.ids[before] != u.ids[after] || !x.sameClosure(u.stack, u.ids[after], seen, 0) {
			return false
		}
	}
	return true
}

// sameClosure compares a definition of a stack, and all that it mentions.
func (x *extraction) sameClosure(st *stack, name string, seen map[string]bool, depth int) bool {
	key := st.prefix + name
	if seen[key] {
		return true
	}
	seen[key] = true
	b, a := st.sides[before], st.sides[after]
	if b == nil || a == nil || depth > 1000 {
		return false
	}
	for _, pick := range []func(*eval.Template) *tree.Node{
		func(t *eval.Template) *tree.Node { return t.Resources.Get(name) },
		func(t *eval.Template) *tree.Node { return t.Parameters.Get(name) },
	} {
		if !x.sameNode(st, pick(b.template), pick(a.template), seen, depth) {
			return false
		}
	}
	if child := st.nested[name]; child != nil && !x.sameOutputs(child) {
		return false
	}
	if st.parent != nil && !seen["stack "+st.prefix] {
		seen["stack "+st.prefix] = true
		return x.sameClosure(st.parent, st.id, seen, depth+1)
	}
	return true
}

// sameOutputs compares the whole template of a nested stack, whose outputs are used.
func (x *extraction) sameOutputs(st *stack) bool {
	b, a := st.sides[before], st.sides[after]
	return b != nil && a != nil && string(b.doc.Root.AppendJSON(nil)) == string(a.doc.Root.AppendJSON(nil))
}

func (x *extraction) sameNode(st *stack, b, a *tree.Node, seen map[string]bool, depth int) bool {
	if string(b.AppendJSON(nil)) != string(a.AppendJSON(nil)) {
		return false
	}
	m := eval.NewMentions()
	m.Add(a)
	if m.All {
		return false
	}
	bt, at := st.sides[before].template, st.sides[after].template
	for name := range m.Mappings {
		if string(bt.Mappings.Get(name).AppendJSON(nil)) != string(at.Mappings.Get(name).AppendJSON(nil)) {
			return false
		}
	}
	for name := range m.Conditions {
		if key := st.prefix + "condition " + name; !seen[key] {
			seen[key] = true
			if !x.sameNode(st, bt.Conditions.Get(name), at.Conditions.Get(name), seen, depth+1) {
				return false
			}
		}
	}
	for name := range m.Names {
		if !x.sameClosure(st, name, seen, depth+1) {
			return false
		}
	}
	return true
}
