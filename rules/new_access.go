package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var newAccess = Rule{
	ID:    "new-access",
	Title: "The change gives access that was not there before",
	Doc: Doc{
		Text: `A statement of the policy allows requests after the change that the policy did not allow before it.

All requests are considered at once: every principal, action, resource and context, with Deny statements, Not elements,
wildcards, policy variables and missing condition keys. Rewriting a policy without widening it is no finding. The finding shows
a concrete request which the policy before the change did not allow and the policy after it does.

A policy that is new in this change is compared with no policy, so all of its access is new.`,
		Before:  `{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::artifacts/*"}`,
		After:   `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::artifacts/*"}`,
		Fix:     "Check that the access is meant. If not, name the actions, resources, principals and conditions that are, or add a Deny for the rest.",
		Sources: []string{"IAM User Guide, IAM Access Analyzer custom policy checks", "IAM User Guide, Policy evaluation logic"},
	},
	Check: checkNewAccess,
}

func checkNewAccess(p *Pass) {
	g := p.Grant
	if g.Kind.Restricts() || !comparable(g) || g.After.Document == nil {
		return
	}
	res := p.newAccess()
	for i := range res.Gains {
		f, s := gainFinding(g, &res.Gains[i])
		p.Report(f, identity(g, s, f.Severity)...)
	}
	p.reportOpen(res)
}

// reportOpen tells what a comparison left undecided, also beside what it found.
func (p *Pass) reportOpen(res access.Result) {
	if res.Reason != "" {
		p.Report(undecided(p.Grant, res.Reason))
	}
}

// comparable reports whether the rule has two sides to look at: the change
// touches the grant, and the text after it is known.
func comparable(g *extractors.Grant) bool {
	switch g.Action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	return g.After.Readable()
}

// documents lists the documents of a side; one that cannot be read allows nothing
// that could be relied on, so what is compared with it counts as new.
func documents(s extractors.Side) []*policy.Document {
	if s.Document == nil || !s.Readable() {
		return nil
	}
	return []*policy.Document{s.Document}
}

func undecided(g *extractors.Grant, reason string) Finding {
	return Finding{
		Level: Warning, Severity: 5.0, Undecided: true,
		Message: name(g) + ": whether the change gives new access could not be decided: " + reason + ".",
	}
}

// gainFinding describes a gain, and returns the statement that brings it.
func gainFinding(g *extractors.Grant, gain *access.Gain) (Finding, *policy.Statement) {
	s := &g.After.Document.Statements[gain.Statement]
	f := Finding{
		Statement: &Statement{Index: gain.Statement, Sid: gain.Sid},
		Gained:    gained(gain),
		Witness:   &gain.Witness,
	}
	f.Level, f.Severity = grade(g, s, gain)
	if len(gain.Removed) > 0 {
		// The Deny held back more than this policy allows by itself.
		if level, severity := guardGone(g.After); severity > f.Severity {
			f.Level, f.Severity = level, severity
		}
	}
	for _, d := range gain.Removed {
		f.Gained.Conditions = append(f.Gained.Conditions, "no longer denied by "+statementName(d.Index, d.Sid))
	}
	switch {
	case !g.Before.Readable():
		f.Details = append(f.Details, "The policy before the change is not known or cannot be read, so all access counts as new.")
	case g.Before.Absent:
		f.Details = append(f.Details, "There was no such policy before, so all of its access is new.")
	}
	if mayBeOutside(g, s, gain) {
		f.Details = append(f.Details, "The plan does not tell the account of the resource, so this account may be another one.")
	}
	f.Message = gainMessage(g, s, f.Gained)
	f.hide(g, " newly allows ")
	return f, s
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
func (f *Finding) hide(g *extractors.Grant, verb string) {
	if !g.Before.Sensitive && !g.After.Sensitive {
		return
	}
	// Names of actions that everybody knows tell nothing of the text.
	known := slices.DeleteFunc(slices.Clone(f.Gained.Actions), func(a string) bool {
		_, ok := catalog.Lookup(a)
		return !ok
	})
	f.Gained = &Gained{Actions: known, Resources: []string{}, Principals: []string{}, Conditions: []string{}}
	f.Witness = nil
	f.Statement.Sid = ""
	f.Message = name(g) + verb + phrase(known, "actions that are not shown") + "."
	f.Details = []string{"The policy is marked as sensitive: who gains access, to what, and the proof are not shown."}
}
