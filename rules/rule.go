package rules

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
)

// Rule is one kind of finding: data, a check, and its documentation. IDs are
// stable and never reused.
type Rule struct {
	ID    string
	Title string // one line, no trailing dot
	Doc   Doc
	// Check reports what the rule finds in one grant.
	Check func(*Pass)
}

// Doc is a rule's documentation. It is rendered by explain, in docs/rules.md and as
// SARIF help.
type Doc struct {
	Text    string // what a finding means and how it is decided, in Markdown
	Before  string // a policy or plan fragment before the change
	After   string // the same after it, which the rule reports
	Fix     string // what to do about a finding
	Sources []string
}

// All lists the rules in the order of their documentation.
func All() []Rule {
	return []Rule{newAccess, guardrailRemoved, unresolvedPolicy, invalidPolicy}
}

// Pass is one grant under one rule: the only door to what a check may see, and
// Report the only way out.
type Pass struct {
	Rule  Rule
	Grant *extractors.Grant
	// Report takes a finding; its rule, address, place, subject and fingerprint are
	// filled in. The fingerprint also covers identity: what tells the finding from a
	// later one that has grown, and is not in its fields.
	Report func(f Finding, identity ...string)

	options  Options
	compared *access.Result // memo of newAccess, shared by the rules of one grant
}

// newAccess is what the grant's policy allows after the change and did not before.
func (p *Pass) newAccess() access.Result {
	if p.compared.Verdict == 0 {
		*p.compared = access.NoNewAccess(documents(p.Grant.Before), documents(p.Grant.After), p.access())
	}
	return *p.compared
}

// Options shape decisions. The zero value is ready for use.
type Options struct {
	// StrictOpenWorld leaves out what is known of AWS; see access.Options.
	StrictOpenWorld bool
}

// access are the options of the engine. They let witnesses name the resource that the
// policy is attached to.
func (p *Pass) access() access.Options {
	o := access.Options{Explain: true, StrictOpenWorld: p.options.StrictOpenWorld}
	if p.Grant.Kind == extractors.Resource || p.Grant.Kind == extractors.Trust {
		o.Resource = p.Grant.ARN
	}
	return o
}

// Run applies every rule to a grant and returns the findings in rule order.
func Run(g *extractors.Grant, o Options) []Finding {
	var out []Finding
	compared := access.Result{}
	for _, r := range All() {
		p := &Pass{Rule: r, Grant: g, options: o, compared: &compared}
		p.Report = func(f Finding, identity ...string) { out = append(out, complete(f, r, g, identity)) }
		r.Check(p)
	}
	return out
}

// complete fills in what all findings about a grant share.
func complete(f Finding, r Rule, g *extractors.Grant, identity []string) Finding {
	f.Rule = r.ID
	f.Address, f.Attribute, f.Action = g.Address, g.Attribute, string(g.Action)
	f.Subject = Subject{Kind: g.Subject.Kind, Address: g.Subject.Address, Name: g.Subject.Name}
	f.Location = LocationOf(g.Origin.Range)
	for _, c := range g.Origin.Callers {
		f.Callers = append(f.Callers, LocationOf(c))
	}
	f.Fingerprint = fingerprint(&f, identity)
	return f
}
