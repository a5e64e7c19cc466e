package scanner

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/rules"
)

// documents finds policies that are documents of their own and count where links lead
// to them: managed policies of customers and of AWS, policies of an organization.
type documents struct {
	byAddress map[string][]*extractors.Grant
	byName    map[string][]*extractors.Grant // ARN, id or name
	managed   map[string]*extractors.Grant   // of AWS, by ARN; nil for none
}

func newDocuments(x *extractors.Extraction) documents {
	d := documents{map[string][]*extractors.Grant{}, map[string][]*extractors.Grant{}, map[string]*extractors.Grant{}}
	for i := range x.Grants {
		g := &x.Grants[i]
		if !d.shared(g) && !g.Kind.Restricts() {
			continue
		}
		d.byAddress[g.Subject.Address] = append(d.byAddress[g.Subject.Address], g)
		for _, name := range []string{g.ARN, g.Subject.Name} {
			if name != "" && !slices.Contains(d.byName[name], g) {
				d.byName[name] = append(d.byName[name], g)
			}
		}
	}
	return d
}

// shared reports whether a grant is a managed policy, which gives nothing by itself.
func (d *documents) shared(g *extractors.Grant) bool {
	return g.Kind == extractors.Identity && (g.Subject.Kind == "policy" || g.Subject.Kind == "iot-policy") && g.Type != ""
}

// find lists the documents of a target; none when the input does not show them.
func (d *documents) find(t extractors.Target) []*extractors.Grant {
	if found := d.byAddress[t.Address]; t.Address != "" && len(found) > 0 {
		return found
	}
	if found := d.byName[t.Name]; t.Name != "" && len(found) > 0 {
		return found
	}
	if g := d.ofAWS(t.Name); g != nil {
		return []*extractors.Grant{g}
	}
	return nil
}

// fullAccess is the id of the SCP that AWS attaches to everything at first (AWS
// Organizations User Guide, "Service control policies").
const fullAccess = "p-FullAWSAccess"

// ofAWS is a policy that AWS manages, as a grant that the change does not touch.
func (d *documents) ofAWS(arn string) *extractors.Grant {
	if g, ok := d.managed[arn]; ok {
		return g
	}
	var g *extractors.Grant
	kind := extractors.Identity
	text, ok := catalog.ManagedPolicy(arn)
	if arn == fullAccess {
		kind, text, ok = extractors.SCP, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, true
	}
	if ok {
		doc, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
		side := extractors.Side{Document: doc, Diagnostics: ds}
		g = &extractors.Grant{
			Address: arn, Kind: kind, Action: extractors.NoOp, ARN: arn,
			Subject: extractors.Subject{Kind: "policy", Address: arn, Name: arn}, Before: side, After: side,
		}
	}
	d.managed[arn] = g
	return g
}

// attached are the holdings that an attachment brings.
func (c *composer) attached(n *node, l *extractors.Link) []rules.Holding {
	var out []rules.Holding
	add := func(g *extractors.Grant, after bool) {
		i := slices.IndexFunc(out, func(h rules.Holding) bool { return h.Grant == g })
		if i < 0 {
			i = len(out)
			out = append(out, rules.Holding{Grant: g, Via: []*extractors.Link{l}})
			note(c.held, g, n)
		}
		if after {
			out[i].After = rules.CountedAfter(g)
		} else {
			out[i].Before = rules.Counted(g, g.Before)
			note(c.heldBefore, g, n)
		}
	}
	for _, t := range l.Before {
		for _, g := range c.docs.find(t) {
			add(g, false)
		}
	}
	for _, t := range l.After {
		for _, g := range c.docs.find(t) {
			add(g, true)
		}
	}
	return out
}

func note(held map[*extractors.Grant]map[*node]bool, g *extractors.Grant, n *node) {
	if held[g] == nil {
		held[g] = map[*node]bool{}
	}
	held[g][n] = true
}

// boundary is the limit that a boundary sets. What is not known, and the same before
// and after, is left out: within it, what is new without it is all that can be new.
func (c *composer) boundary(l *extractors.Link) (rules.Limit, bool) {
	limit := rules.Limit{Link: l, Origin: l.Origin(), Sources: []rules.Source{{Address: l.Address, Attribute: l.Attribute}}}
	side := func(targets []extractors.Target, document func(*extractors.Grant) *policy.Document) (docs []*policy.Document, open bool) {
		for _, t := range targets {
			found := c.docs.find(t)
			for _, g := range found {
				c.bounds[g] = true
				limit.Sensitive = limit.Sensitive || g.Before.Sensitive || g.After.Sensitive
				if touched(g.Action) && len(limit.Sources) == 1 {
					limit.Sources = append(limit.Sources, rules.Source{Address: g.Address, Attribute: g.Attribute})
				}
				d := document(g)
				open = open || d == nil
				if d != nil {
					docs = append(docs, d)
				}
			}
			open = open || len(found) == 0
		}
		return docs, open
	}
	before, openBefore := side(l.Before, func(g *extractors.Grant) *policy.Document { return rules.Counted(g, g.Before) })
	after, openAfter := side(l.After, rules.CountedAfter)
	switch {
	case openBefore:
		// It held back something, and what is not known: told as loose where it changes.
		return limit, false
	case openAfter:
		after = before
	}
	limit.Before, limit.After = before, after
	return limit, limit.Before != nil || limit.After != nil
}

// policies adds the sums of managed policies: of those that nobody in the input has,
// which count alone, and of those that others outside of the input may have, too.
func (c *composer) policies() {
	for i := range c.x.Grants {
		g := &c.x.Grants[i]
		if !c.docs.shared(g) || !touched(g.Action) {
			continue
		}
		switch {
		case len(c.held[g]) == 0 && c.bounds[g]:
		case len(c.held[g]) == 0:
			c.add(rules.Own(g))
		case g.Attachments != nil && *g.Attachments <= len(c.heldBefore[g]), g.Before.Absent, g.After.Absent:
			// The plan shows everybody who has it: IAM deletes no policy that others have.
		default:
			s := rules.Own(g)
			s.Elsewhere = true
			if s.Changed() {
				c.elsewhere = append(c.elsewhere, rules.Pass{Sum: s})
			}
		}
	}
}

// guards adds the sum of what an organization holds back at a root, unit or account,
// where its attachments change: a change of a policy is told of the policy itself.
func (c *composer) guards(n *node) {
	// Policies of one kind count together; those of another hold back by themselves.
	by := map[extractors.Kind][]rules.Holding{}
	for _, l := range n.links {
		if l.Kind != extractors.Guarded {
			continue
		}
		add := func(targets []extractors.Target, after bool) {
			for _, t := range targets {
				for _, g := range c.docs.find(t) {
					holdings := by[g.Kind]
					i := slices.IndexFunc(holdings, func(h rules.Holding) bool { return h.Grant == g && h.Via[0] == l })
					if i < 0 {
						i = len(holdings)
						holdings = append(holdings, rules.Holding{Grant: g, Via: []*extractors.Link{l}})
					}
					doc := rules.Counted(g, g.Before)
					if doc == nil {
						doc = rules.CountedAfter(g)
					}
					if after {
						holdings[i].After = doc
					} else {
						holdings[i].Before = doc
					}
					by[g.Kind] = holdings
				}
			}
		}
		add(l.Before, false)
		add(l.After, true)
	}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		if kind == extractors.SCP && !n.subject.New {
			c.opens(by[kind])
		}
		s := n.subject
		if s.Kind == "" {
			s.Kind = strings.ToLower(string(kind)) + "-target"
		}
		c.add(&rules.Sum{Subject: s, Kind: kind, Terms: []rules.Term{{Holdings: by[kind]}}})
	}
}

// opens tells of a service control policy with an Allow that comes to where the input
// shows no other one before: whatever was attached there decides what it adds (AWS
// Organizations User Guide, "SCP evaluation").
func (c *composer) opens(holdings []rules.Holding) {
	if slices.ContainsFunc(holdings, func(h rules.Holding) bool { return h.Before != nil }) {
		return
	}
	for _, h := range holdings {
		if l := h.Via[0]; touched(l.Action) && h.After != nil && slices.ContainsFunc(h.After.Statements, func(s policy.Statement) bool { return s.Effect == policy.Allow }) {
			c.passes = append(c.passes, rules.Pass{Loose: &rules.Loose{
				Link: l, Minor: true,
				Reason: "It gets a service control policy that allows, and the input shows none that was attached before; more than one policy of a level allow more together.",
			}})
		}
	}
}
