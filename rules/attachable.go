package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// attachedKey is the condition key that says which policy is attached.
const attachedKey = "iam:policyarn"

// attaches are the actions that attach a managed policy which the request names.
var attaches = []string{"iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"}

// withoutHarmless adds to the target of an action that attaches policies that attaching
// those which are of no use for more permissions is no way to more: what the documents of
// both sides name as values of iam:PolicyARN and AWS is known to keep harmless. A request
// without the key, or with any other policy, stays.
func (a *abilities) withoutHarmless(action string, target *policy.Document) *policy.Document {
	if !slices.Contains(attaches, action) {
		return target
	}
	harmless := a.harmlessNamed()
	if len(harmless) == 0 {
		return target
	}
	values := make([]policy.Value, len(harmless))
	for i, arn := range harmless {
		values[i].Text = arn
	}
	operator, _ := policy.ParseOperator("StringEquals")
	out := *target
	out.Version = policy.Version2012
	out.Statements = append(slices.Clone(target.Statements), policy.Statement{
		Index: len(target.Statements), Effect: policy.Deny,
		Action: policy.Values{List: []policy.Value{{Text: action}}}, Resource: &policy.Values{List: []policy.Value{{Text: "*"}}},
		Conditions: []policy.Condition{{Operator: operator, Key: "iam:PolicyARN", Values: values}},
	})
	return &out
}

// harmlessNamed lists the harmless policies that conditions of the sum name, sorted.
func (a *abilities) harmlessNamed() []string {
	if a.harmless != nil {
		return *a.harmless
	}
	var out []string
	c := a.p.gained()
	for _, d := range slices.Concat(c.before.docs, c.after.docs) {
		for i := range d.Statements {
			for _, one := range d.Statements[i].Conditions {
				if one.KeyName() != attachedKey {
					continue
				}
				for _, v := range one.Values {
					if !slices.Contains(out, v.Text) && harmless(v.Text) {
						out = append(out, v.Text)
					}
				}
			}
		}
	}
	slices.Sort(out)
	a.harmless = &out
	return out
}

// harmless reports whether an ARN is that of a policy of AWS by which nobody gets further:
// it has no permission that a known way takes, none that manages permissions, and none that
// hands out credentials. What else it gives is bounded by its text, and whoever may attach
// it is told by new-access.
func harmless(arn string) bool {
	if strings.ContainsAny(arn, "*?$") {
		return false
	}
	text, ok := catalog.ManagedPolicy(arn)
	if !ok {
		return false
	}
	d, ds := policy.Parse([]byte(text), policy.ParseOptions{Kind: policy.Identity})
	if ds.HasErrors() {
		return false
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect == policy.Allow && (s.Action.Not || slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return leadsOn(v.Text) })) {
			return false
		}
	}
	return true
}

// alsoSteps are actions by which somebody gives himself what others have, though no list
// of the catalogue says so.
var alsoSteps = []string{"identitystore:CreateGroupMembership", "eks:AssociateAccessPolicy", "eks:CreateAccessEntry", "cloudformation:ExecuteChangeSet"}

// leadsOn reports whether an action under a pattern may be a step to more permissions; true
// of what is not known, unless its name says that it reads.
func leadsOn(pattern string) bool {
	service, name, ok := strings.Cut(pattern, ":")
	if !ok || strings.ContainsAny(service, "*?") || strings.Trim(name, "*?") == "" {
		return true
	}
	known := 0
	for action := range catalog.Match(pattern) {
		class, _ := catalog.Sensitive(action.String())
		switch {
		case known == maxKnown, slices.Contains(alsoSteps, action.String()), class == catalog.PrivEsc, levelOf(action) == catalog.PermissionsManagement, isStep(action.String()),
			class == catalog.CredentialExposure && !strings.HasPrefix(action.Name, "List") && !strings.HasPrefix(action.Name, "Describe"):
			return true
		}
		known++
	}
	return known == 0 && !strings.HasPrefix(name, "Get") && !strings.HasPrefix(name, "List") && !strings.HasPrefix(name, "Describe")
}

// isStep reports whether a known way takes an action.
func isStep(action string) bool {
	return slices.ContainsFunc(escalations, func(e escalation) bool { return slices.Contains(e.Needs, action) })
}
