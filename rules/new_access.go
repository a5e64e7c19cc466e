package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var newAccess = Rule{
	ID:    "new-access",
	Title: "The change gives access that was not there before",
	Doc: Doc{
		Text: `A statement allows requests after the change that its subject could not make, or did not let in, before it.

All requests are considered at once: every principal, action, resource and context, with Deny statements, Not elements,
wildcards, policy variables and missing condition keys. Rewriting a policy without widening it is no finding. The finding shows
a concrete request which was not allowed before the change and is after it.

All documents of a subject count together: the inline, attached and inherited policies of a role within its permissions boundary, the
policy and the access control list of a bucket behind its public access block. So a statement that moves from one document to
another is no new access, while an attachment, a group membership, or a boundary that goes can be.

What a statement gives may be within what another one newly gives the same subject, under no condition that the first lacks. Where this is proven, the
finding about the wider one, of the same or a higher level, names the other; of statements that give the same, one is the finding. Accepting it
accepts no more access than it says, and what is about a statement named in it accepts nothing. Who is named in one statement counts as
contained in another only where that names the same.

What anyone may newly do with several operations, methods or routes of one API is one finding. Its fingerprint covers all of them, and it is accepted
by what accepts each; a comment at one of them takes that one out. So it is with permissions of one service that differ in the path of the source
alone, and with what an access control list gives one grantee.

A role, user or group under another name is another one, since policies elsewhere may name either. What it has and one had that goes
is said to be so, and is one finding for a policy; its level is that of any new access.

A resource policy that names its own account leaves it to policies in the account who uses the resource. What it gives to a user or role
besides is a finding, a warning at most, since that one now needs no policy of its own; in place of the account, a note.`,
		Before:  `{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::artifacts/*"}`,
		After:   `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::artifacts/*"}`,
		Fix:     "Check that the access is meant. If not, name the actions, resources, principals and conditions that are, or add a Deny for the rest.",
		Sources: []string{"IAM User Guide, IAM Access Analyzer custom policy checks", "IAM User Guide, Policy evaluation logic"},
	},
	Check: checkNewAccess,
}

func checkNewAccess(p *Pass) {
	if p.Sum == nil || p.Sum.Kind.Restricts() {
		return
	}
	p = p.withSameNames()
	c := p.gained()
	former, had := p.takeOver(c)
	in := p.contained(c)
	for i := range c.Gains {
		f, g, s := p.gainFinding(c, &c.Gains[i])
		if had[i] {
			f.instead = former
		}
		f.gain = &gainOf{p.Sum, i, in[i]}
		p.Report(f, identity(g, s, f.Severity)...)
	}
	p.reportOpen(c.Reason)
	p.reportDirect(c.Gains)
}

// comparison is what a sum allows after the change and did not before.
type comparison struct {
	access.Result
	before, after side
	compared      func() string // memo of documents
}

// documents tells what was compared from other documents.
func (c *comparison) documents() string {
	if c.compared == nil {
		c.compared = documentsOf(c.before.set, c.after.set)
	}
	return c.compared()
}

// gained compares both sides of the sum, once for all rules.
func (p *Pass) gained() *comparison {
	c := &p.shared.compared
	if c.Verdict == 0 {
		c.before, c.after = p.Sum.before(), p.Sum.after()
		c.Result = access.Gained(c.before.set, c.after.set, p.access())
	}
	return c
}

// reportOpen tells what a comparison left undecided, also beside what it found.
func (p *Pass) reportOpen(reason string) {
	if reason != "" {
		p.reportUndecided("whether the change gives new access", reason, nil)
	}
}

// reportUndecided tells that a question is not decided; details are sentences of their own.
func (p *Pass) reportUndecided(question, reason string, details []string, identity ...string) {
	f := Found{Finding: Finding{
		Level: Warning, Severity: 5.0, Undecided: true,
		Message: subjectName(p.Sum.Subject, p.Sum.first()) + ": " + question + " could not be decided: " + reason + ".",
		Details: details,
	}}
	p.locate(&f, p.Sum.first(), -1)
	p.Report(f, append(identity, p.Sum.compared()...)...)
}

// comparable reports whether a rule has something to look at in a grant: the change
// touches it, and the text after it is known.
func comparable(g *extractors.Grant) bool {
	switch g.Action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	return g.After.Readable()
}

// gainFinding describes a gain, and returns the grant as it counts for the subject and
// the statement that brings it.
func (p *Pass) gainFinding(c *comparison, gain *access.Gain) (Found, *extractors.Grant, *policy.Statement) {
	h := c.after.holdings[gain.Document]
	g := h.of(p.Sum)
	s := &h.After.Statements[gain.Statement]
	f := Found{Finding: Finding{
		Statement: &Statement{Index: gain.Statement, Sid: gain.Sid},
		Gained:    gained(gain),
		Witness:   &gain.Witness,
	}}
	if p.Sum.secret() { // what is excepted may be of that policy
		f.Gained.Description, f.Gained.Exact, f.Gained.Keys = "", false, p.Sum.compared()
	} else {
		f.Gained.Keys = gainKeys(gain, c.documents)
	}
	if kept := withoutKept(c, gain, s); len(kept) < len(gain.Conditions) {
		one := *gain
		one.Conditions, f.Gained.Conditions = kept, list(slices.Clone(kept))
		gain = &one
	}
	f.Level, f.Severity = grade(g, s, gain, p.Sum.inside(h), p.options.Settings.Trust)
	if len(gain.Removed) > 0 {
		// The Deny held back more than this policy allows by itself.
		if level, severity := guardGone(c.after.docs); severity > f.Severity {
			f.Level, f.Severity = level, severity
		}
	}
	f.Sources = h.sources()
	f.Details = append(f.Details, h.story(p.Sum)...)
	if (mayBeOutside(g, s, gain, p.options.Settings.Trust) || namesOpenAccount(g, s, gain)) && !p.Sum.inside(h) {
		f.Details = append(f.Details, mayBe(g))
	}
	if p.Sum.inside(h) {
		f.Details = append(f.Details, "A public access block lets only the own account and AWS services through.")
	}
	if c := lackedByServices(s); c != nil {
		f.Details = append(f.Details, lackedKey(c.Key, letsNoServiceIn))
	}
	if leftToAccount(g, gain) {
		f.Details = append(f.Details, "Policies in the account decide who of it may, as they would without this policy.")
	}
	if name := strangeAmong(gain.Resources); name != "" && h.After.HasVariables() {
		f.Details = append(f.Details, name+" is no policy variable: as it is written the service takes it to match nothing. What it would give with any value in its place is told.")
	}
	f.Unknowns = symbols(g.After.Symbols, s)
	p.locate(&f, h, gain.Statement)
	for _, d := range gain.Removed {
		if by := c.before.holdings[d.Policy]; by == nil || by.sensitive() {
			d.Sid = ""
		}
		if no := "no longer denied by " + statementName(d.Index, d.Sid); !slices.Contains(f.Gained.Conditions, no) {
			f.Gained.Conditions = append(f.Gained.Conditions, no)
		}
		from := c.before.holdings[d.Policy]
		f.Undenied = f.Undenied || from != nil && !h.through(from.Hubs)
		if from != nil && from.Grant != h.Grant {
			f.addSources(append(from.sources(), Source{Address: from.Grant.Address, Attribute: from.Grant.Attribute})...)
			f.blame(h, from.cause())
		}
	}
	for _, l := range p.Sum.gaveWay(h, c, gain.Witness) {
		f.Undenied = true
		f.addSources(l.Sources...)
		f.blame(h, l.Origin)
		for _, from := range l.Sources {
			f.Details = append(f.Details, fmt.Sprintf("%s (%s) held this back before.", from.Address, from.Attribute))
		}
	}
	f.Gained.Conditions = slices.Clone(f.Gained.Conditions)
	for i, c := range f.Gained.Conditions {
		if was, ok := otherValues(g, s, c); ok {
			f.Gained.Conditions[i] = "before only if " + was
		}
	}
	f.tellThing(g)
	f.Message, f.tail = gainMessage(g, s, f.Gained, p.Sum.inside(h))
	if who := h.actor(p.Sum); who != "" && f.tail != "" {
		f.Message = who + f.tail
	}
	f.hide(g, " newly allows ")
	return f, g, s
}

// noLongerLimited begins what the engine says of a condition that limited an access before.
const noLongerLimited = "no longer limited to "

// otherValues tells a condition that is gone from one in whose place a statement asks for
// other fixed values of the same key: then the access is another one, and limited as it was.
func otherValues(g *extractors.Grant, s *policy.Statement, said string) (was string, ok bool) {
	was, ok = strings.CutPrefix(said, noLongerLimited)
	return was, ok && slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		op := c.Operator
		head := c.Key + " " + op.Name + " "
		return !op.Negated && !op.IfExists && op.Qualifier != policy.ForAllValues && op.Test != policy.Null && len(c.Values) > 0 &&
			len(was) > len(head) && strings.EqualFold(was[:len(head)], head) &&
			!slices.ContainsFunc(c.Values, func(v policy.Value) bool {
				return wildcards(v.Text) || strings.Contains(v.Text, "${") ||
					slices.ContainsFunc(symbolsIn(v.Text, g.After.Symbols), func(s extractors.Symbol) bool { return s.Wild })
			})
	})
}

// mayBe says why an account may be another one.
func mayBe(g *extractors.Grant) string {
	if g.Account != "" {
		return "Which account it is is not known before the change, so it may be another one than that of the resource."
	}
	return "The input does not tell the account of the resource, so this account may be another one."
}

// gained writes down what a gain brings.
func gained(g *access.Gain) *Gained {
	return &Gained{
		Actions: list(g.Actions), Resources: list(g.Resources),
		Principals: list(g.Principals), Conditions: list(g.Conditions),
		Description: g.Words(), Exact: g.Exact,
		Known: knownActions(g.Known),
	}
}

// knownActions writes down a count; nil where there is none.
func knownActions(k access.Known) *KnownActions {
	if k.Uncounted {
		return nil
	}
	return &KnownActions{
		Total: k.Total, List: k.Levels[catalog.List], Read: k.Levels[catalog.Read], Tagging: k.Levels[catalog.Tagging],
		Write: k.Levels[catalog.Write], PermissionsManagement: k.Levels[catalog.PermissionsManagement],
	}
}

// list makes an empty list of a missing one, for JSON.
func list(ss []string) []string {
	if ss == nil {
		return []string{}
	}
	return ss
}

// hide takes the values out of a finding about a sensitive policy. The action names
// stay: they are the language's, not the author's.
func (f *Found) hide(g *extractors.Grant, verb string) {
	if !g.Before.Sensitive && !g.After.Sensitive {
		return
	}
	// Names of actions that everybody knows tell nothing of the text.
	known := slices.DeleteFunc(slices.Clone(f.Gained.Actions), func(a string) bool {
		_, ok := catalog.Lookup(a)
		return !ok
	})
	f.Gained = &Gained{Actions: known, Resources: []string{}, Principals: []string{}, Conditions: []string{}}
	f.Witness, f.External = nil, nil
	f.Statement.Sid = ""
	f.tail = verb + phrase(known, "actions that are not shown") + "."
	f.Message = name(g) + f.tail
	f.Unknowns = nil
	f.Details = []string{"The policy is marked as sensitive: who gains access, to what, and the proof are not shown."}
}
