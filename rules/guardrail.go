package rules

import (
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
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
	g := p.Grant
	if !comparable(g) || g.Subject.Gone {
		return
	}
	if !g.Before.Readable() {
		p.Report(Finding{
			Level: Warning, Severity: 5.0, Undecided: true,
			Message: name(g) + ": the policy before the change is not known or cannot be read, so whether it held something back could not be decided.",
		})
		return
	}
	var told []policy.Decider
	if g.Before.Document != nil && g.After.Document != nil {
		res := p.newAccess()
		for i := range res.Gains {
			told = append(told, res.Gains[i].Removed...)
		}
		if g.Kind.Restricts() {
			p.widened(res)
		}
	}
	p.lostDenials(told)
}

// widened reports statements of a restricting document that let more through.
func (p *Pass) widened(res access.Result) {
	g := p.Grant
	p.reportOpen(res)
	for i := range res.Gains {
		gain := &res.Gains[i]
		f, s := gainFinding(g, gain)
		f.Level, f.Severity = Error, 7.0
		if f.Witness != nil { // not hidden
			f.Message = fmt.Sprintf("%s lets more through: %s on %s (%s).", name(g), phrase(f.Gained.Actions, "every action"),
				phrase(f.Gained.Resources, "every resource"), statementName(gain.Statement, gain.Sid))
		}
		p.Report(f, identity(g, s, f.Severity)...)
	}
}

// lostDenials reports Deny statements that hold back less, but for those told
// already with the access that their loss gives.
func (p *Pass) lostDenials(told []policy.Decider) {
	g := p.Grant
	res := access.LostDenial(documents(g.Before), documents(g.After), p.access())
	p.reportOpen(res)
	for i := range res.Gains {
		gain := &res.Gains[i]
		if !slices.ContainsFunc(told, func(d policy.Decider) bool { return d.Index == gain.Statement }) {
			f := p.lost(gain)
			p.Report(f, identity(g, &g.Before.Document.Statements[gain.Statement], f.Severity)...)
		}
	}
}

// guardGone grades a lost Deny: whether any other is left beside it.
func guardGone(after extractors.Side) (Level, float64) {
	for _, d := range documents(after) {
		if slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny }) {
			return Warning, 6.0
		}
	}
	return Error, 7.0
}

func (p *Pass) lost(gain *access.Gain) Finding {
	g := p.Grant
	level, severity := guardGone(g.After)
	f := Finding{
		Level: level, Severity: severity,
		Statement: &Statement{Index: gain.Statement, Sid: gain.Sid},
		Gained:    gained(gain),
		Witness:   &gain.Witness,
		Details:   []string{"The request shown was denied before and is not denied now; whether it is allowed depends on other policies."},
	}
	held := phrase(f.Gained.Actions, "every action") + " on " + phrase(f.Gained.Resources, "every resource")
	if s := &g.Before.Document.Statements[gain.Statement]; len(s.Conditions) > 0 {
		held += ", if " + conditions(s)
	}
	statement := statementName(gain.Statement, gain.Sid)
	switch {
	case g.Action == extractors.Delete:
		f.Message = fmt.Sprintf("%s: the policy is deleted, and with it Deny %s, which held back %s.", name(g), statement, held)
	case level == Error:
		f.Message = fmt.Sprintf("%s: Deny %s is gone; it held back %s.", name(g), statement, held)
	default:
		f.Message = fmt.Sprintf("%s: Deny %s holds back less than before of %s.", name(g), statement, held)
	}
	f.hide(g, " no longer denies ")
	return f
}
