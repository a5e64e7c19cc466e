package rules

import (
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// DriftID is the rule of findings about changes made outside of the tool.
const DriftID = "drift"

var drift = Rule{
	ID:    DriftID,
	Title: "Access was given outside of Terraform since the last apply",
	Doc: Doc{
		Text: `The refresh before the plan found a policy other than the last apply had left it, and what was found allows more, or holds back less. This
is no part of what the plan changes, which is compared with what was found; it is told as a note, with whether the plan takes it
back.

All documents of a subject count together, as for new-access. So attributes that only show what other resources of the plan have
attached, such as the inline policies of a role after its first refresh, are no finding.`,
		Before:  `The last apply left: {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::artifacts/*"}`,
		After:   `The refresh found: {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`,
		Fix:     "Find out who changed it, in CloudTrail for example. Apply the plan if it takes the access back, else write what is meant into the configuration.",
		Sources: []string{"Terraform, JSON Output Format: resource_drift", "IAM User Guide, Logging IAM and AWS STS API calls with AWS CloudTrail"},
	},
	Check: checkDrift,
}

// Drift marks a pass as one about changes made outside of the tool: "before" is what
// the last apply left and "after" what was found.
type Drift struct {
	// Planned is the sum with what the plan makes of the drifted documents; nil when
	// that is what the last apply left.
	Planned *Sum
	// Open tells that what the plan makes of them is not known.
	Open bool
}

// worstDrift is the highest severity of a note.
const worstDrift = 3.9

func checkDrift(p *Pass) {
	switch {
	case p.Drift == nil:
	case p.Sum != nil:
		q := *p
		q.Report = func(f Found, identity ...string) { p.Report(p.drifted(f), identity...) }
		checkNewAccess(&q)
		checkGuardrail(&q)
	case p.Grant != nil && p.Grant.After.Diagnostics.HasErrors():
		p.Report(Found{Finding: Finding{
			Level: Note, Severity: worstDrift,
			Message: name(p.Grant) + ": it was changed outside of Terraform, and what was found cannot be read, so whether that gave access is not known.",
		}})
	}
}

// drifted makes a finding about a change one about drift.
func (p *Pass) drifted(f Found) Found {
	f.Level, f.Severity = Note, min(f.Severity, worstDrift)
	more := " It was changed outside of Terraform. " + p.takenBack(&f)
	if f.Undecided {
		f.Undecided = false
		f.Message = strings.Replace(f.Message, "the change gives new access", "a change outside of Terraform gave access", 1)
		return f
	}
	f.Message += more
	if f.tail != "" {
		f.tail += more
	}
	return f
}

// takenBack says what the plan makes of what was found.
func (p *Pass) takenBack(f *Found) string {
	planned := p.Drift.Planned
	if p.Drift.Open {
		return "What the plan makes of it is not known before the apply."
	}
	if planned == nil {
		return "The plan takes it back."
	}
	before, after := planned.before(), planned.after()
	switch res := access.Gained(before.set, after.set, p.access()); {
	case res.Verdict == access.Pass && sameDenials(before.docs, after.docs, p.access()):
		return "The plan takes it back."
	case f.Witness != nil && after.set.Allows(*f.Witness, policy.Reading{}):
		return "The plan leaves it in place."
	case f.Witness != nil && res.Verdict == access.Fail:
		return "The plan takes back a part of it, with the request shown."
	}
	return "The plan does not take all of it back, as far as can be decided."
}

// sameDenials reports whether no Deny holds back less.
func sameDenials(before, after []*policy.Document, o access.Options) bool {
	return access.LostDenial(before, after, o).Verdict == access.Pass
}
