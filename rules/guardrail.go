package rules

import (
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

var guardrailRemoved = Rule{
	ID:    "guardrail-removed",
	Title: "A guard that held access back is gone or weaker",
	Doc: Doc{
		Text: `A Deny statement, a service control policy, a resource control policy or a VPC endpoint policy holds back less after the change than
before it. It gives nobody access by itself, but what other policies allow, in or out of this change, may now work.

A Deny whose loss lets the same policy allow something is reported as new-access, with the request that works now.`,
		Before:  `{"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}`,
		After:   `{"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*", "Condition": {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/platform-*"}}}`,
		Fix:     "Put the guard back, or make sure that nobody it held back has the access it denied.",
		Sources: []string{"IAM User Guide, Policy evaluation logic", "AWS Organizations User Guide, Service control policies"},
	},
	Check: checkGuardrail,
}

func checkGuardrail(p *Pass) {
	switch {
	case p.Grant != nil:
		p.guardUnread()
	case p.Loss != nil:
		p.blockLost()
	case p.Sum != nil && !p.Sum.Subject.Gone:
		var told []policy.Decider
		if !p.Sum.Kind.Restricts() || len(p.Sum.before().docs) > 0 {
			c := p.gained()
			for i := range c.Gains {
				told = append(told, c.Gains[i].Removed...)
			}
			if p.Sum.Kind.Restricts() {
				p.widened(c)
			}
		}
		p.lostDenials(told)
		p.lostLimits()
	}
}

// guardUnread reports a policy that is replaced and may have held something back.
func (p *Pass) guardUnread() {
	g := p.Grant
	if !comparable(g) || g.Subject.Gone || g.Before.Readable() || holdsNothing(g.Before) || g.Before.Unknown != nil && g.Before.Unknown.DeniesNothing {
		return
	}
	p.Report(Found{Finding: Finding{
		Level: Warning, Severity: 5.0, Undecided: true,
		Message: name(g) + ": the policy before the change is not known or cannot be read, so whether it held something back could not be decided.",
	}})
}

// widened reports statements of a restricting document that let more through.
func (p *Pass) widened(c *comparison) {
	p.reportOpen(c.Reason)
	for i := range c.Gains {
		gain := &c.Gains[i]
		f, g, s := p.gainFinding(c, gain)
		f.Level, f.Severity, f.tail = Error, 7.0, ""
		if f.Witness != nil { // not hidden
			f.Message = fmt.Sprintf("%s lets more through: %s on %s (%s).", name(g), phrase(f.Gained.Actions, "every action"),
				phrase(f.Gained.Resources, "every resource"), statementName(gain.Statement, gain.Sid))
		}
		p.Report(f, identity(g, s, f.Severity)...)
	}
}

// lostDenials reports Deny statements that hold back less, but for those told
// already with the access that their loss gives. Only what the subject has itself is
// looked at: what it acts as holds nothing back for it.
func (p *Pass) lostDenials(told []policy.Decider) {
	if len(p.Sum.Terms) == 0 {
		return
	}
	own := Sum{Subject: p.Sum.Subject, Kind: p.Sum.Kind, Terms: p.Sum.Terms[:1]}
	before, after := own.before(), own.after()
	docs := make([]*policy.Document, len(before.docs))
	for i, d := range before.docs {
		docs[i] = before.holding(d).moved(d)
	}
	res := access.LostDenial(docs, after.docs, p.access())
	p.reportOpen(res.Reason)
	c := p.gained()
	var order []*Holding
	by := map[*Holding][]*access.Gain{}
	for i := range res.Gains {
		gain := &res.Gains[i]
		h := before.holding(before.docs[gain.Document])
		if slices.ContainsFunc(told, func(d policy.Decider) bool { return c.before.holdings[d.Policy] == h && d.Index == gain.Statement }) {
			continue
		}
		if by[h] == nil {
			order = append(order, h)
		}
		by[h] = append(by[h], gain)
	}
	for _, h := range order {
		p.reportLost(h, by[h], after.docs)
	}
}

// reportLost reports the Deny statements of a document that are lost, in one finding where
// the document is.
func (p *Pass) reportLost(h *Holding, gains []*access.Gain, after []*policy.Document) {
	var found []Found
	var all []string
	for _, gain := range gains {
		f, g := p.lost(gain, h, after)
		same := identity(g, &h.Before.Statements[gain.Statement], f.Severity)
		if sensitive := g.Before.Sensitive || g.After.Sensitive; sensitive || len(gains) == 1 || !h.lostWhole() {
			p.Report(f, same...)
			continue
		}
		found, all = append(found, f), append(all, same...)
	}
	if len(found) > 0 {
		p.Report(p.joinLost(h, gains, found), all...)
	}
}

// guardGone grades a lost Deny: whether any other is left beside it.
func guardGone(after []*policy.Document) (Level, float64) {
	for _, d := range after {
		if slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny }) {
			return Warning, 6.0
		}
	}
	return Error, 7.0
}

func (p *Pass) lost(gain *access.Gain, h *Holding, after []*policy.Document) (Found, *extractors.Grant) {
	g := h.of(p.Sum)
	level, severity := guardGone(after)
	f := Found{former: true, Finding: Finding{
		Level: level, Severity: severity,
		Statement: &Statement{Index: gain.Statement, Sid: gain.Sid},
		Gained:    gained(gain),
		Witness:   &gain.Witness,
		Sources:   h.sources(),
		Details:   []string{"The request shown was denied before and is not denied now; whether it is allowed depends on other policies."},
	}}
	if p.Sum.secret() {
		f.Gained.Description, f.Gained.Exact, f.Gained.Keys = "", false, p.Sum.compared()
	} else {
		f.Gained.Keys = gainKeys(gain, documentsOf(access.Allowed(h.Before), access.Allowed(after...)))
	}
	held := h.heldBack(gain, f.Gained)
	statement := statementName(gain.Statement, gain.Sid)
	switch {
	case h.lostWhole():
		f.Message = h.lossMessage(name(g), "Deny "+statement+", which held back "+held)
	case level == Error:
		f.Message = fmt.Sprintf("%s: Deny %s is gone; it held back %s.", name(g), statement, held)
	default:
		f.Message = fmt.Sprintf("%s: Deny %s holds back less than before of %s.", name(g), statement, held)
	}
	p.locate(&f, h, h.lostAt(gain.Statement))
	if was := h.written(gain.Statement); was.HasLines() && (was.Path != f.Location.Path || was.Start.Line != f.Location.StartLine) {
		f.Details = append(f.Details, fmt.Sprintf("The statement was at line %d of %s before the change.", was.Start.Line, was.Path))
	}
	f.hide(g, " no longer denies ")
	return f, g
}

// lostAt is the index, among the places of the statements of a holding, of a statement
// before the change, or of what is left of it; -1 where there is none.
func (h *Holding) lostAt(statement int) int {
	g, lost := h.Grant, &h.Before.Statements[statement]
	switch {
	case g.After.Absent: // the places are those before the change, if they are of its text
		if places := g.Origin().Statements; statement < len(places) && places[statement].Range.HasLines() && places[statement].Range.Path == lost.Range().Path {
			return statement
		}
	case g.After.Document != nil && lost.Sid != "":
		return slices.IndexFunc(g.After.Document.Statements, func(s policy.Statement) bool {
			return s.Sid == lost.Sid && s.Effect == policy.Deny
		})
	}
	return -1
}

// written is where a statement of the document before the change was written; zero where
// that is no file.
func (h *Holding) written(statement int) source.Range {
	r := h.Before.Statements[statement].Range()
	if g := h.Grant; r.Path == "" || r.Path == g.Address && g.Type != "" {
		return source.Range{}
	}
	return r
}

// lostLimits reports permissions boundaries that are gone or let more through, whatever
// stands below them.
func (p *Pass) lostLimits() {
	if len(p.Sum.Terms) == 0 {
		return
	}
	for i := range p.Sum.Terms[0].Limits {
		l := &p.Sum.Terms[0].Limits[i]
		if l.Link == nil || l.Before == nil || slices.Equal(l.Before, l.After) {
			continue
		}
		who := subjectName(p.Sum.Subject, nil)
		f := Found{Finding: Finding{Level: Error, Severity: 7.0, Sources: l.Sources}}
		f.about(l.Link.Address, l.Link.Attribute, l.Link.Action, p.Sum.Subject, l.Link.Origin())
		if l.After == nil {
			f.tail = ": its permissions boundary is gone, which held back all that it did not allow."
			f.Message = who + f.tail
			p.Report(f)
			continue
		}
		res := access.NoNewAccess(l.Before, l.After, p.access())
		p.reportOpen(res.Reason)
		if l.Sensitive && len(res.Gains) > 0 {
			f.tail = ": its permissions boundary lets more through."
			f.Message = who + f.tail
			f.Details = append(f.Details, "The policy is marked as sensitive: what it lets through is not shown.")
			p.Report(f)
			continue
		}
		documents := documentsOf(access.Allowed(l.Before...), access.Allowed(l.After...))
		for j := range res.Gains {
			gain := &res.Gains[j]
			f.Gained, f.Witness = gained(gain), &gain.Witness
			f.Gained.Keys = gainKeys(gain, documents)
			f.tail = fmt.Sprintf(": its permissions boundary lets more through: %s on %s.", phrase(f.Gained.Actions, "every action"), phrase(f.Gained.Resources, "every resource"))
			f.Message = who + f.tail
			p.Report(f)
		}
	}
}

// blockLost reports the settings of a block that are not in force any more.
func (p *Pass) blockLost() {
	b := p.Loss.Block
	f := Finding{
		Level: Error, Severity: 7.0,
		Message: fmt.Sprintf("%s: %s no longer in force.", subjectName(b.Subject, nil), areNot(p.Loss.Lost)),
		Gained:  &Gained{Actions: []string{}, Resources: []string{}, Principals: []string{}, Conditions: noLonger(p.Loss.Lost)},
	}
	if b.Does != "" {
		f.Details = append(f.Details, "What is lost: it "+b.Does+".")
	}
	p.Report(Found{Finding: f})
}
