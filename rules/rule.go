package rules

import (
	"fmt"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/source"
)

// Rule is one kind of finding: data, a check, and its documentation. IDs are
// stable and never reused.
type Rule struct {
	ID    string
	Title string // one line, no trailing dot
	Doc   Doc
	// Check reports what the rule finds in one thing; it looks at those it is about.
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
	return []Rule{newAccess, publicAccess, externalAccess, forbiddenAccess, exceedsReference, privilegeEscalation, guardrailRemoved, unresolvedPolicy, invalidPolicy, drift}
}

// Pass is one thing under one rule: the only door to what a check may see, and Report
// the only way out. Exactly one of Sum, Grant, Loose and Loss is set.
type Pass struct {
	Rule Rule
	// Sum is what decides one kind of access of one subject.
	Sum *Sum
	// Grant is one document, for what is wrong with its text.
	Grant *extractors.Grant
	// Loose is something that takes part in an access in a way that is not known.
	Loose *Loose
	// Loss is a block that holds back less.
	Loss *Loss
	// Roles are those that the input shows, for what the subject of Sum can hand over.
	Roles []Role
	// Drift tells that Sum or Grant is about a change made outside of the tool, which only
	// the rule for that looks at; nil for the change itself.
	Drift *Drift
	// Report takes a finding; its rule, and what it does not say of its address, place,
	// subject and fingerprint, are filled in. The fingerprint also covers identity: what
	// tells the finding from a later one that has grown, and is not in its fields.
	Report func(f Found, identity ...string)

	options Options
	shared  *shared
}

// shared is what the rules of one pass tell each other.
type shared struct {
	compared   comparison // memo of gained
	publicOpen bool       // public-access could not decide
	ambiguous  *[]string  // memo of Pass.ambiguous
}

// Loose is a link or block whose effect is not known.
type Loose struct {
	Link       *extractors.Link  // nil for a block
	Block      *extractors.Block // nil for a link
	Reason     string            // one sentence
	References []string          // addresses whose values it depends on
	// Target is what the link leads to, as sentences name it, where it has a name; and
	// Several is what Reason says of more than one, without a dot, with %s in their place.
	Target, Several string
	// Minor tells that what is not known is no policy of the change: it is noted and does
	// not make the change undecided.
	Minor bool
}

// Loss are the settings of a block that are in force before the change and not after.
type Loss struct {
	Block *extractors.Block
	Lost  []string
}

// Options shape decisions. The zero value is ready for use.
type Options struct {
	// StrictOpenWorld leaves out what is known of AWS; see access.Options.
	StrictOpenWorld bool
	Settings        Settings
}

// Found is a finding and what it was made from.
type Found struct {
	Finding
	Grant *extractors.Grant // whose document it is about; nil where there is none
	New   bool              // the change creates the subject
	Hubs  []Hub             // what the document comes through, see Holding
	// Undenied tells that a Deny which does not come through all of Hubs, or a limit, held
	// it back before.
	Undenied bool
	// Under says under which choices about what is not known the finding holds.
	Under *extractors.Cases
	// If are the conditions of the statement that it is about.
	If string

	twins, named []string // fingerprints of what it is made of, see twin and AlsoNamed

	casesTold bool   // what it says tells already under which choices
	base      string // the fingerprint without the subject
	// gain is which gain of the subject it is about, where others may contain it; several
	// tells that it is about several subjects.
	gain    *gainOf
	several bool
	also    []StatementOf // see Also
	why     *cause        // of a finding that says that something is not known
	// ignores are the comments at what the finding is about; blamed tells that this is
	// elsewhere than its document, and former that its statement is one before the change,
	// so that no comment at a statement after it is about that.
	ignores        []extractors.Ignore
	blamed, former bool
	asked          bool   // the configuration sets the level of its rule
	instead        string // the principal that goes and had the same, "" for none
	tail           string // what follows the subject's name in Message, "" where it does not begin with that
}

// Check applies every rule to one thing and returns the findings in rule order. Of the
// pass only what is looked at has to be set.
func Check(p Pass, o Options) []Found {
	var out []Found
	var memo shared
	if p.Sum != nil && !o.StrictOpenWorld {
		p.Sum = p.Sum.withoutRefused()
	}
	for _, r := range All() {
		if (r.ID == drift.ID) != (p.Drift != nil) {
			continue
		}
		one := p
		one.Rule, one.options, one.shared = r, o, &memo
		one.Report = func(f Found, identity ...string) { out = append(out, one.complete(f, identity)) }
		r.Check(&one)
	}
	if p.Sum != nil {
		p.Sum.tellUnseen(out)
	}
	return out
}

// Run applies every rule to a grant that nothing else adds to.
func Run(g *extractors.Grant, o Options) []Found {
	return append(Check(Pass{Sum: Own(g)}, o), Check(Pass{Grant: g}, o)...)
}

// access are the options of the engine. They let witnesses name the resource that the
// policy is attached to.
func (p *Pass) access() access.Options {
	o := access.Options{Explain: true, StrictOpenWorld: p.options.StrictOpenWorld, Symbols: p.ambiguous()}
	if p.Sum == nil || p.Sum.Kind == extractors.Identity {
		return o
	}
	for _, t := range p.Sum.Terms {
		for _, h := range t.Holdings {
			if h.Grant.ARN != "" && (h.Grant.Kind == extractors.Resource || h.Grant.Kind == extractors.Trust) {
				o.Resource = h.Grant.ARN
				return o
			}
		}
	}
	return o
}

// complete fills in what all findings about one thing share.
func (p *Pass) complete(f Found, identity []string) Found {
	f.Rule = p.Rule.ID
	switch {
	case p.Sum != nil:
		f.Subject, f.New = subjectOf(p.Sum.Subject), p.Sum.Subject.New
		f.base = fingerprint(&f.Finding, identity)
	case p.Grant != nil:
		g := p.Grant
		f.about(g.Address, g.Attribute, g.Action, g.Subject, g.Origin())
		f.Grant = g
		places := g.Origin().Statements
		if i := f.Statement; i != nil && i.Index < len(places) && places[i.Index].Range.Path != "" {
			f.place(places[i.Index].Range, places[i.Index].Callers)
		}
	case p.Loose != nil && p.Loose.Link != nil:
		l := p.Loose.Link
		f.about(l.Address, l.Attribute, l.Action, l.From, l.Origin())
	case p.Loose != nil:
		b := p.Loose.Block
		f.about(b.Address, b.Attribute, b.Action, b.Subject, b.Origin())
	case p.Loss != nil:
		b := p.Loss.Block
		f.about(b.Address, b.Attribute, b.Action, b.Subject, b.Origin())
	}
	f.Fingerprint = f.print(identity)
	if p.Sum != nil && f.Witness != nil && p.Sum.secret() { // it meets conditions, and avoids what is denied
		f.Witness = nil
		f.Details = append(f.Details, "A policy that counts is marked as sensitive, so the proof is not shown.")
	}
	f.If = f.conditions()
	f.nameAccounts()
	f.readable()
	f.Under = p.under()
	f.asked = p.pins(f.Rule)
	if level, ok := p.options.Settings.OnCreate[p.Rule.ID]; ok && f.New {
		f.Pin(level)
	}
	for _, i := range f.ignores {
		if i.Rule == f.Rule && (i.Statement < 0 || !f.former && f.Statement != nil && i.Statement == f.Statement.Index) {
			at := LocationOf(i.Range)
			f.Archived = &Archived{Name: fmt.Sprintf("comment at %s:%d", at.Path, at.StartLine), Reason: i.Reason}
		}
	}
	return f
}

// under says under which choices what the pass is about is as it is.
func (p *Pass) under() *extractors.Cases {
	switch {
	case p.Sum != nil:
		for _, t := range p.Sum.Terms {
			for _, h := range t.Holdings {
				if h.Grant.Under != nil {
					return h.Grant.Under
				}
			}
		}
	case p.Grant != nil:
		return p.Grant.Under
	case p.Loose != nil && p.Loose.Link != nil:
		return p.Loose.Link.Under
	case p.Loose != nil:
		return p.Loose.Block.Under
	case p.Loss != nil:
		return p.Loss.Block.Under
	}
	return nil
}

// about names what a finding is about and where it is written.
func (f *Found) about(address, attribute string, action extractors.Action, s extractors.Subject, at extractors.Origin) {
	f.Address, f.Attribute, f.Action, f.Subject = address, attribute, string(action), subjectOf(s)
	f.place(at.Range, at.Callers)
	f.ignores = append(f.ignores, at.Ignores...)
	if at.Construct != "" {
		f.Details = append(f.Details, fmt.Sprintf("In the CDK app it is %s.", at.Construct))
	}
}

func (f *Finding) place(at source.Range, callers []source.Range) {
	f.Location, f.Callers = LocationOf(at), nil
	for _, c := range callers {
		f.Callers = append(f.Callers, LocationOf(c))
	}
}

func subjectOf(s extractors.Subject) Subject {
	return Subject{Kind: s.Kind, Address: s.Address, Name: s.Name}
}
