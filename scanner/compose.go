package scanner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// node is one subject with all that decides its access.
type node struct {
	subject extractors.Subject
	account string
	grants  []*extractors.Grant
	links   []*extractors.Link
	blocks  []*extractors.Block

	// identity is what the node may do; built once, since others act as it.
	identity *rules.Sum
	building bool
}

// composer puts the sums of an extraction together.
type composer struct {
	x     *extractors.Extraction
	nodes map[string]*node
	order []*node // in the order of the input
	docs  documents
	// held are the principals that have a managed policy through a link of the plan:
	// before the change, and at all. bounds marks policies that are boundaries.
	heldBefore, held map[*extractors.Grant]map[*node]bool
	bounds           map[*extractors.Grant]bool
	account          []*extractors.Block // blocks of whole accounts

	passes []rules.Pass
	// elsewhere are the sums of managed policies that principals of the plan have.
	elsewhere []rules.Pass
}

// compose lists everything that the rules look at, in the order of the input. What the
// change does not touch is left out.
func compose(x *extractors.Extraction) *composer {
	c := &composer{
		x: x, nodes: map[string]*node{}, docs: newDocuments(x),
		heldBefore: map[*extractors.Grant]map[*node]bool{}, held: map[*extractors.Grant]map[*node]bool{}, bounds: map[*extractors.Grant]bool{},
	}
	c.collect()
	c.pairRenamed()
	for _, n := range c.order {
		c.sums(n)
	}
	c.policies()
	c.roles()
	for i := range x.Grants {
		if g := &x.Grants[i]; touched(g.Action) {
			c.passes = append(c.passes, rules.Pass{Grant: g})
		}
	}
	c.loose()
	return c
}

// touched reports whether the change does anything to what carries a grant.
func touched(a extractors.Action) bool {
	switch a {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	return true
}

// collect gathers what belongs to each subject.
func (c *composer) collect() {
	for i := range c.x.Grants {
		g := &c.x.Grants[i]
		n := c.node(g.Subject, g.Address+"\x00"+g.Attribute)
		n.grants = append(n.grants, g)
		n.account = cmp.Or(n.account, g.Account)
	}
	for i := range c.x.Links {
		l := &c.x.Links[i]
		n := c.node(l.From, l.Address+"\x00"+l.Attribute)
		n.links = append(n.links, l)
	}
	for i := range c.x.Blocks {
		b := &c.x.Blocks[i]
		if b.Subject.Kind == "account" {
			c.account = append(c.account, b)
			continue
		}
		n := c.node(b.Subject, b.Address+"\x00"+b.Attribute)
		n.blocks = append(n.blocks, b)
		n.account = cmp.Or(n.account, b.Account)
	}
}

// node finds the node of a subject; alone identifies one that has neither address nor
// name.
func (c *composer) node(s extractors.Subject, alone string) *node {
	key := "alone\x00" + alone
	switch {
	case s.Address != "":
		key = s.Address
	case s.Name != "":
		key = nameKey(s.Kind, s.Name, s.Scope)
	}
	n := c.nodes[key]
	if n == nil {
		n = &node{subject: s}
		c.nodes[key] = n
		c.order = append(c.order, n)
	}
	n.subject.Gone = n.subject.Gone || s.Gone
	n.subject.New = n.subject.New || s.New
	n.subject.Name = cmp.Or(n.subject.Name, s.Name)
	return n
}

// nameKey identifies a subject that has no address by its name and scope. A principal
// is the same by its name and by its ARN.
func nameKey(kind, name, scope string) string {
	switch kind {
	case "role", "user", "group":
		if f := strings.SplitN(name, ":", 6); len(f) == 6 {
			name = f[5][strings.LastIndexByte(f[5], '/')+1:]
		}
	}
	return kind + "\x00" + name + "\x00" + scope
}

// pairRenamed joins a subject that is deleted with one of the same kind and name that
// is created under another address: they are the same to everyone else. Where there
// are several, or their accounts or scopes differ, nothing is joined.
func (c *composer) pairRenamed() {
	type pair struct {
		gone, made []*node
	}
	pairs := map[[2]string]*pair{}
	for _, n := range c.order {
		s := n.subject
		if s.Name == "" || s.Address == "" || s.Gone == s.New {
			continue
		}
		key := [2]string{s.Kind, s.Name}
		if pairs[key] == nil {
			pairs[key] = &pair{}
		}
		if p := pairs[key]; s.Gone {
			p.gone = append(p.gone, n)
		} else {
			p.made = append(p.made, n)
		}
	}
	for _, p := range pairs {
		if len(p.gone) != 1 || len(p.made) != 1 {
			continue
		}
		old, made := p.gone[0], p.made[0]
		if differ(old.account, made.account) || differ(old.subject.Scope, made.subject.Scope) {
			continue
		}
		made.grants = append(made.grants, old.grants...)
		made.links = append(made.links, old.links...)
		made.blocks = append(made.blocks, old.blocks...)
		made.subject.New = false
		c.nodes[old.subject.Address] = made
		c.order = slices.DeleteFunc(c.order, func(n *node) bool { return n == old })
	}
}

// differ reports whether two things are known not to be the same.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// sums adds the sums of a node that the change touches.
func (c *composer) sums(n *node) {
	if s := c.identityOf(n); len(s.Terms) > 0 {
		s.Formers = c.formers(n, extractors.Identity)
		c.add(s)
	}
	for _, kind := range []extractors.Kind{extractors.Resource, extractors.Trust, extractors.Endpoint, extractors.SCP, extractors.RCP, extractors.Session} {
		var holdings []rules.Holding
		for _, g := range n.grants {
			if g.Kind == kind || g.Kind == extractors.ACL && kind == extractors.Resource {
				holdings = append(holdings, own(g))
			}
		}
		if len(holdings) == 0 {
			continue
		}
		s := &rules.Sum{Subject: n.subject, Kind: kind, Terms: []rules.Term{{Holdings: holdings}}}
		if kind == extractors.Resource {
			c.block(n, s)
		}
		if kind == extractors.Trust {
			s.Formers = c.formers(n, kind)
		}
		c.add(s)
	}
	c.guards(n)
	c.losses(n)
}

func (c *composer) add(s *rules.Sum) {
	if s.Changed() {
		c.passes = append(c.passes, rules.Pass{Sum: s})
	}
}

// roles tells the passes about principals which roles the input shows. Only roles with
// broad access are looked at.
func (c *composer) roles() {
	var all []rules.Role
	for _, n := range c.order {
		if n.subject.Kind != "role" || n.subject.Gone || n.identity == nil {
			continue
		}
		arn := ""
		for _, g := range n.grants {
			if g.Kind == extractors.Trust {
				arn = cmp.Or(arn, g.ARN)
			}
		}
		if arn != "" && n.identity.IsAdministrator() {
			all = append(all, rules.Role{ARN: arn, Name: cmp.Or(n.subject.Name, n.subject.Address), Administrator: true})
		}
	}
	for i := range c.passes {
		c.passes[i].Roles = all
	}
}

func own(g *extractors.Grant) rules.Holding {
	return rules.Holding{Grant: g, Before: rules.Counted(g, g.Before), After: rules.CountedAfter(g)}
}

// identityOf is what a node may do: its own policies and those attached to it, with
// what it has as a member of groups, within its boundaries; and what others may do that
// it acts as.
func (c *composer) identityOf(n *node) *rules.Sum {
	if n.identity != nil {
		return n.identity
	}
	s := &rules.Sum{Subject: n.subject, Kind: extractors.Identity}
	if n.building { // a circle of things that act as each other
		return s
	}
	n.building = true
	defer func() { n.building = false }()
	var base rules.Term
	var acts []rules.Term
	for _, g := range n.grants {
		if g.Kind == extractors.Identity && !c.docs.shared(g) {
			base.Holdings = append(base.Holdings, own(g))
		}
	}
	for _, l := range n.links {
		switch l.Kind {
		case extractors.Attached:
			base.Holdings = append(base.Holdings, c.attached(n, l)...)
		case extractors.Member:
			for _, hub := range c.hubs(l) {
				// What a group has counts with what its member has; what it acts as, such as a
				// permission set in an account, does not.
				for i, t := range c.identityOf(hub.node).Terms {
					holdings := through(l, hub, t.Holdings)
					switch {
					case i == 0:
						base.Holdings = append(base.Holdings, holdings...)
					case len(holdings) > 0:
						acts = append(acts, rules.Term{Holdings: holdings, Limits: t.Limits})
					}
				}
			}
		case extractors.Bounded:
			if limit, ok := c.boundary(l); ok {
				base.Limits = append(base.Limits, limit)
			}
			s.Unseen = append(s.Unseen, c.unseen(l)...)
		case extractors.Acts, extractors.Guarded:
		}
	}
	for _, l := range n.links {
		if l.Kind != extractors.Acts {
			continue
		}
		for _, hub := range c.hubs(l) {
			for _, t := range c.identityOf(hub.node).Terms {
				if holdings := through(l, hub, t.Holdings); len(holdings) > 0 {
					acts = append(acts, rules.Term{Holdings: holdings, Limits: t.Limits})
				}
			}
		}
	}
	if limit, ok := session(n); ok {
		for i := range acts {
			acts[i].Limits = append(slices.Clone(acts[i].Limits), limit)
		}
	}
	if len(base.Holdings)+len(base.Limits)+len(acts) > 0 {
		s.Terms = append([]rules.Term{base}, acts...)
	}
	n.identity = s
	return s
}

// session is the limit that the session policies of a node set to what it acts as.
func session(n *node) (rules.Limit, bool) {
	var limit rules.Limit
	for _, g := range n.grants {
		if g.Kind != extractors.Session {
			continue
		}
		if d := rules.Counted(g, g.Before); d != nil {
			limit.Before = append(limit.Before, d)
		}
		if d := rules.CountedAfter(g); d != nil {
			limit.After = append(limit.After, d)
		}
		limit.Origin = g.Origin()
		limit.Sources = append(limit.Sources, rules.Source{Address: g.Address, Attribute: g.Attribute})
	}
	return limit, limit.Before != nil || limit.After != nil
}

// hub is something that a link leads to, with the sides on which it does.
type hub struct {
	node          *node
	before, after bool
}

// hubs are the nodes that a link leads to.
func (c *composer) hubs(l *extractors.Link) []hub {
	var out []hub
	take := func(targets []extractors.Target, after bool) {
		for _, t := range targets {
			n := c.target(t)
			if n == nil {
				continue
			}
			i := slices.IndexFunc(out, func(h hub) bool { return h.node == n })
			if i < 0 {
				i = len(out)
				out = append(out, hub{node: n})
			}
			if after {
				out[i].after = true
			} else {
				out[i].before = true
			}
		}
	}
	take(l.Before, false)
	take(l.After, true)
	return out
}

// target finds the node of a target; nil when the input does not show it.
func (c *composer) target(t extractors.Target) *node {
	if t.Address != "" {
		if n := c.nodes[t.Address]; n != nil {
			return n
		}
	}
	if t.Name != "" {
		return c.nodes[nameKey(t.Kind, t.Name, t.Scope)]
	}
	return nil
}

// through are the holdings of a hub as they count for something that is linked to it.
func through(l *extractors.Link, h hub, holdings []rules.Holding) []rules.Holding {
	var out []rules.Holding
	for _, one := range holdings {
		linked := rules.Holding{
			Grant: one.Grant, Via: append([]*extractors.Link{l}, one.Via...),
			Hubs: append([]rules.Hub{{Subject: h.node.subject, Stays: h.before && h.after}}, one.Hubs...),
		}
		linked.Before, linked.After = on(h.before, one.Before), on(h.after, one.After)
		if linked.Before != nil || linked.After != nil {
			out = append(out, linked)
		}
	}
	return out
}

func on(there bool, d *policy.Document) *policy.Document {
	if !there {
		return nil
	}
	return d
}
