package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// compare says why the existing documents did not allow the witness: Deny
// statements that are gone, and conditions that used to limit the same access.
func (g *Gain) compare(existing []*policy.Document) {
	hasDenials := slices.ContainsFunc(existing, func(d *policy.Document) bool {
		return slices.ContainsFunc(d.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny })
	})
	if hasDenials {
		if d, deciders := policy.Evaluate(existing, g.Witness, policy.Reading{}); d == policy.DecisionExplicitDeny {
			g.Removed = deciders
			return
		}
	}
	for i, d := range existing {
		for j := range d.Statements {
			s := d.Statements[j]
			if s.Effect != policy.Allow || len(s.Conditions) == 0 {
				continue
			}
			for _, c := range s.Conditions {
				if !unlimited(existing, i, j, nil, g.Witness) {
					break // another element of the statement does not match either
				}
				if !unlimited(existing, i, j, &c, g.Witness) {
					g.Conditions = appendNew(g.Conditions, "no longer limited to "+ConditionText(c))
				}
			}
		}
	}
}

// unlimited reports whether statement j of document i, alone and with no condition
// but the given one, allows the request.
func unlimited(docs []*policy.Document, i, j int, only *policy.Condition, q policy.Request) bool {
	one := *docs[i]
	s := one.Statements[j]
	s.Conditions = nil
	if only != nil {
		s.Conditions = []policy.Condition{*only}
	}
	one.Statements = []policy.Statement{s}
	d, _ := policy.Evaluate([]*policy.Document{&one}, q, policy.Reading{})
	return d == policy.DecisionAllow
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// ConditionText writes a condition as a phrase, such as "aws:SourceIp IpAddress
// 203.0.113.0/24".
func ConditionText(c policy.Condition) string {
	text := c.Key + " " + c.Operator.Name
	for k, v := range c.Values {
		switch {
		case k == maxShown:
			return text + ", ..."
		case k > 0:
			text += ","
		}
		text += " " + v.Text
	}
	return text
}
