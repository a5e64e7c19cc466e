package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// handing says whether a role can be handed to a service, on both sides of a change.
type handing struct{ before, after access.Result }

// handing asks whether a role can be handed to the service that a way takes. What is not
// decided counts as possible after the change, and not before it.
func (a *abilities) handing(e escalation) handing {
	if h, ok := a.handings[e.To]; ok {
		return h
	}
	c := a.p.gained()
	h := handing{a.handsTo(c.before, e), a.handsTo(c.after, e)}
	if h.after.Verdict == access.Pass && handsToUnknown(c.after) {
		h.after.Verdict = access.Undetermined // it may be that service
	}
	if a.handings == nil {
		a.handings = map[string]handing{}
	}
	a.handings[e.To] = h
	return h
}

func (a *abilities) mayHandOver(e escalation) bool {
	return !e.Passes || a.handing(e).after.Verdict != access.Pass
}

func (a *abilities) handedOver(e escalation) bool {
	return !e.Passes || a.handing(e).before.Verdict == access.Fail
}

// handsOver is the gain by which a role can be handed to the service that a way takes,
// where there is one; else any by which a role can be handed over.
func (a *abilities) handsOver(e escalation, passes *access.Gain) *access.Gain {
	if res := a.handing(e).after; res.Verdict == access.Fail {
		return &res.Gains[0]
	}
	return passes
}

// handsToUnknown reports whether a side lets hand a role to a service that is not known
// before the change, such as that of a parameter.
func handsToUnknown(s side) bool {
	return slices.ContainsFunc(s.holdings, func(h *Holding) bool {
		return h != nil && slices.ContainsFunc(h.After.Statements, func(st policy.Statement) bool {
			return st.Effect == policy.Allow && namesAction(&st, "iam:PassRole") && slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
				return c.KeyName() == passedTo && slices.ContainsFunc(c.Values, func(v policy.Value) bool {
					return strings.Contains(v.Text, "${") || len(symbolsIn(v.Text, slices.Concat(h.Grant.After.Symbols, h.Grant.Before.Symbols))) > 0
				})
			})
		})
	})
}

// passedTo is the key by which a policy limits to which service a role is handed, in the
// form of policy.Condition.KeyName.
const passedTo = "iam:passedtoservice"

func (a *abilities) handsTo(s side, e escalation) access.Result {
	on := target(e.Needs[0])
	operator, _ := policy.ParseOperator("StringEquals")
	on.Statements[0].Conditions = []policy.Condition{{Operator: operator, Key: "iam:PassedToService", Values: receivers(e.To)}}
	o := a.p.access()
	o.Explain = false
	return access.Gained(access.Set{}, s.set.And(on), o)
}

// alsoReceive are further services that a role is, or may be, handed to on the way of one:
// which of several names is the value of iam:PassedToService is not written down for all.
var alsoReceive = map[string][]string{
	"bedrock-agentcore.amazonaws.com": {"bedrock"},
	"datapipeline.amazonaws.com":      {"ec2", "elasticmapreduce"},
	"ecs-tasks.amazonaws.com":         {"ecs"},
	"tasks.apprunner.amazonaws.com":   {"apprunner", "build.apprunner"},
}

// domains end the names of services, by partition.
var domains = []string{".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".c2s.ic.gov", ".sc2s.sgov.gov"}

// receivers are the names of a service in all partitions.
func receivers(service string) []policy.Value {
	var values []policy.Value
	for _, name := range append([]string{strings.TrimSuffix(service, domains[0])}, alsoReceive[service]...) {
		for _, domain := range domains {
			values = append(values, policy.Value{Text: name + domain})
		}
	}
	return values
}
