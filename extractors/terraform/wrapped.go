package terraform

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// The bounds on a document that has plans inside: how many objects and arrays may
// be around a plan, and how many plans are read.
const (
	maxWrapping = 4
	maxPlans    = 256
)

// planMemberKinds says which JSON type each member of a plan has that tells it from
// other objects. In a wrapper, a member of the same name and another type belongs to
// something else.
var planMemberKinds = map[string]jsontext.Kind{
	"format_version": '"', "plan_format_version": '"', "terraform_version": '"',
	"resource_changes": '[', "deferred_changes": '[', "deferred_action_invocations": '[', "resource_drift": '[',
	"planned_values": '{', "configuration": '{', "prior_state": '{', "output_changes": '{', "variables": '{',
	"errored": 't', "complete": 't',
}

func isPlanMember(name string, kind jsontext.Kind) bool {
	if kind == 'f' {
		kind = 't'
	}
	want, ok := planMemberKinds[name]
	return ok && want == kind
}

// wrapper is a document that holds plans, as the inputs and test data of policy
// engines do: {"plan": {...}}, {"mock": {"valid": {...}}}.
type wrapper struct {
	x      *extraction
	plans  []wrappedPlan
	grants int
	deep   bool // a plan lies deeper than is read
	many   bool
}

type wrappedPlan struct {
	path   string
	result extractors.Extraction
}

// readWrapped reads every plan inside of the document. Each is a change of its own:
// nothing that one says counts for another.
func (x *extraction) readWrapped() error {
	w := &wrapper{x: x}
	err := w.object("", 0)
	w.collect()
	switch {
	case w.deep:
		x.failf(x.here(), "a plan lies too deep in the document",
			"Plans are read below at most %d objects or arrays. Take the plan out of what is around it.", maxWrapping)
		x.incomplete("A plan lies too deep in the document and was not read.")
	case len(w.plans) == 0 && err == nil:
		x.failf(x.here(), "the file holds no plan",
			"No object in it has resource_changes. Expected is the output of \"terraform show -json PLANFILE\", or an object around it.")
		x.incomplete("No plan was found in the file.")
	}
	if w.many {
		x.failf(x.here(), "too many plans", "The document holds more than %d plans; the rest was not read. Split it.", maxPlans)
		x.incomplete("The document holds more plans than are read.")
	}
	return err
}

// node is an object that may turn out to be a plan.
type node struct {
	path  string
	names map[string]bool
	sub   *extraction // nil until there is something to read
	facts planFacts
}

func (n *node) isPlan() bool { return kindOf(n.names) == Plan }

func (w *wrapper) object(path string, depth int) error {
	if err := w.x.ctx.Err(); err != nil {
		return err
	}
	n := &node{path: path, names: map[string]bool{}, facts: planFacts{complete: true}}
	err := w.x.s.object("the document", func(name string) error { return w.member(n, name, depth) })
	w.close(n, err)
	return err
}

func (w *wrapper) member(n *node, name string, depth int) error {
	kind := w.x.s.peek()
	if name == "values" && kind == '{' {
		n.names[name] = true // a state
	}
	if !isPlanMember(name, kind) {
		if n.isPlan() {
			inner := wrapper{x: w.x}
			err := inner.lookDeeper()
			n.facts.inner = n.facts.inner || inner.deep
			return err
		}
		return w.value(pathTo(n.path, name), depth+1)
	}
	if n.sub == nil {
		n.sub = newExtraction(w.x.ctx, w.x.o, KindPlan)
		n.sub.s = w.x.s
		n.sub.o.MaxGrants = w.x.o.MaxGrants - w.grants
	}
	n.names[name] = true
	if name == "configuration" {
		// The name is common: unless this is a plan's, a plan may be in it.
		n.sub.other = func(inner string) error {
			if n.isPlan() || inner == "provider_config" {
				return w.x.s.skip()
			}
			return w.value(pathTo(pathTo(n.path, name), inner), depth+2)
		}
	}
	return n.sub.readPlanMember(name, &n.facts)
}

// value goes into whatever comes next.
func (w *wrapper) value(path string, depth int) error {
	kind := w.x.s.peek()
	switch {
	case kind != '{' && kind != '[':
		return w.x.s.skip()
	case depth > maxWrapping:
		return w.lookDeeper()
	case kind == '{':
		return w.object(path, depth)
	}
	i := -1
	return w.x.s.array("the document", func() error {
		i++
		return w.value(fmt.Sprintf("%s[%d]", path, i), depth+1)
	})
}

// lookDeeper skips a value, and notes whether there is a plan in it.
func (w *wrapper) lookDeeper() error {
	s := w.x.s
	switch s.peek() {
	case '{':
		return s.object("a value", func(name string) error {
			w.deep = w.deep || name == "resource_changes" && s.peek() == '['
			return w.lookDeeper()
		})
	case '[':
		return s.array("a value", w.lookDeeper)
	}
	return s.skip()
}

// close takes what was read of an object if it is a plan.
func (w *wrapper) close(n *node, err error) {
	switch {
	case n.sub == nil:
		return
	case !n.isPlan():
		w.deep = w.deep || n.sub.planInVariable
		return
	case len(w.plans) >= maxPlans:
		w.many = true
		return
	}
	n.sub.closePlan(n.facts, err)
	n.sub.finish()
	w.grants += len(n.sub.result.Grants) + len(n.sub.result.Links) + len(n.sub.result.Blocks)
	w.plans = append(w.plans, wrappedPlan{n.path, n.sub.result})
}

// collect joins the plans. Where there are several, their paths tell them apart.
func (w *wrapper) collect() {
	r := &w.x.result
	for i, p := range w.plans {
		if len(w.plans) > 1 {
			p.mark(i)
		}
		r.Grants = append(r.Grants, p.result.Grants...)
		r.Links = append(r.Links, p.result.Links...)
		r.Blocks = append(r.Blocks, p.result.Blocks...)
		r.Drift = append(r.Drift, p.result.Drift...)
		r.Diagnostics = append(r.Diagnostics, p.result.Diagnostics...)
		r.Incomplete = append(r.Incomplete, p.result.Incomplete...)
		for _, text := range p.result.Secrets {
			w.x.secrets.add(text)
		}
	}
}

// maxLabel bounds the path of a plan in addresses, in bytes.
const maxLabel = 200

// mark puts the path of the plan in front of its addresses and messages.
func (p *wrappedPlan) mark(i int) {
	label := p.path
	switch {
	case label == "":
		label = "(top)"
	case len(label) > maxLabel:
		label = fmt.Sprintf("(plan %d)", i+1)
	}
	put := func(address *string) {
		if *address != "" {
			*address = label + ": " + *address
		}
	}
	within := func(scope *string) { *scope = label + ": " + *scope }
	for _, grants := range [][]extractors.Grant{p.result.Grants, p.result.Drift} {
		for i := range grants {
			g := &grants[i]
			put(&g.Address)
			put(&g.PreviousAddress)
			put(&g.Subject.Address)
			within(&g.Subject.Scope)
		}
	}
	for i := range p.result.Blocks {
		b := &p.result.Blocks[i]
		put(&b.Address)
		put(&b.PreviousAddress)
		put(&b.Subject.Address)
		within(&b.Subject.Scope)
	}
	for i := range p.result.Links {
		l := &p.result.Links[i]
		put(&l.Address)
		put(&l.PreviousAddress)
		put(&l.From.Address)
		within(&l.From.Scope)
		// Both sides may share one list.
		l.Before, l.After = slices.Clone(l.Before), slices.Clone(l.After)
		for _, side := range [][]extractors.Target{l.Before, l.After} {
			for j := range side {
				put(&side[j].Address)
				within(&side[j].Scope)
			}
		}
	}
	for i := range p.result.Diagnostics {
		put(&p.result.Diagnostics[i].Detail)
	}
	for i := range p.result.Incomplete {
		put(&p.result.Incomplete[i])
	}
}

// pathTo is the path of a member: names joined with dots, odd ones in brackets.
func pathTo(path, name string) string {
	if !plainName(name) {
		return path + "[" + quoteHCL(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func plainName(name string) bool {
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return name != ""
}
