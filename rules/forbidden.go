package rules

import (
	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

var forbiddenAccess = Rule{
	ID:    "forbidden-access",
	Title: "The change gives access that the project forbids",
	Doc: Doc{
		Text: `The configuration lists actions and resources that no subject, or none of those it names, may have: ` + "`rules: forbidden-access: access`" + `.
A subject that the change touches has some of it afterwards. Any listed action on any listed resource counts, under whatever
conditions, as in the check CheckAccessNotGranted of IAM Access Analyzer; the whole subject is looked at, within its boundary.

What the subject had before the change already is a note.`,
		Before:  `rules: {forbidden-access: {access: [{actions: ["iam:PassRole"], resources: ["arn:aws:iam::*:role/admin-*"]}]}}`,
		After:   `a role that the change gives iam:* on *`,
		Fix:     "Take the access out of the policy, or deny it; where it is meant, narrow the list or its match in the configuration.",
		Sources: []string{"IAM Access Analyzer API Reference, CheckAccessNotGranted"},
	},
	Check: checkForbidden,
}

func checkForbidden(p *Pass) {
	if !p.grants() {
		return
	}
	for _, f := range p.options.Settings.Forbidden {
		if f.Match.Subject(p.Sum.Subject, p.address()) {
			list := listed(f.Access, p.Sum.Kind)
			p.within(list, func(f *Found, before bool) {
				if before {
					f.Message = "Forbidden access that is there already: " + f.Message
				} else {
					f.Message = "Forbidden access: " + f.Message
				}
			})
		}
	}
}

// grants reports whether the sum is of what gives access, of a subject that stays.
func (p *Pass) grants() bool {
	return p.Sum != nil && !p.Sum.Kind.Restricts() && !p.Sum.Subject.Gone && !p.Sum.Elsewhere
}

// address is that of the first document of the sum.
func (p *Pass) address() string {
	if h := p.Sum.first(); h != nil {
		return h.Grant.Address
	}
	return ""
}

// within reports what the sum allows of a set of requests, given as a document: what is
// new as an error, or else, once, as a note that it was there before.
func (p *Pass) within(list *policy.Document, say func(f *Found, before bool)) {
	p.beyond(p.Sum.before().set, p.Sum.after().and(list), access.Set{}, say)
}

// beyond reports what a set after the change holds beyond a set of requests that is fine:
// as an error what the set before does not hold either, else, once, as a note that it
// was there before.
func (p *Pass) beyond(before access.Set, after side, fine access.Set, say func(f *Found, before bool)) {
	c := &comparison{before: p.Sum.before(), after: after}
	c.Result = access.Gained(before.Or(fine), after.set, p.access())
	report := func(before bool) {
		for i := range c.Gains {
			f, g, s := p.gainFinding(c, alone(&c.Gains[i]))
			f.Gained.Keys = p.Sum.held() // and not what the configuration lists
			f.Level, f.Severity, f.tail = Error, max(f.Severity, 7.0), ""
			if before {
				f.Level, f.Severity = Note, 3.0
			}
			if f.Witness != nil { // not hidden
				say(&f, before)
			}
			p.Report(f, append(identity(g, s, 0), "within")...)
			if before {
				return
			}
		}
	}
	p.reportOpen(c.Reason)
	if c.Verdict != access.Pass {
		report(false)
		return
	}
	c.Result = access.Gained(fine, after.set, p.access())
	report(true)
}

// alone is a gain over what is not the subject's own, of which conditions and Deny
// statements say nothing.
func alone(gain *access.Gain) *access.Gain {
	one := *gain
	one.Conditions, one.Removed = nil, nil
	return &one
}

// listed is the access of a list as a document that allows it and nothing else.
func listed(list []access.Access, kind extractors.Kind) *policy.Document {
	d := &policy.Document{Kind: kind.PolicyKind()}
	values := func(texts []string) []policy.Value {
		if len(texts) == 0 {
			texts = []string{"*"}
		}
		var out []policy.Value
		for _, t := range texts {
			out = append(out, policy.Value{Text: t})
		}
		return out
	}
	for i, a := range list {
		s := policy.Statement{Index: i, Effect: policy.Allow, Action: policy.Values{List: values(a.Actions)}, Resource: &policy.Values{List: values(a.Resources)}}
		if d.Kind == policy.Resource {
			s.Principal = &policy.Principals{List: []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: policy.Value{Text: "*"}}}}
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}
