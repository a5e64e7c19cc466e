package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// strangers say who gets in where a policy is public: anyone; every service, where its
// statements name nobody else; or those whose requests lack a key, where the policy would
// be closed if every request had it; details say why.
func (p *Pass) strangers(d *policy.Document, typ string, o access.Options, gains []access.Gain) (who string, details []string) {
	who = "Anyone"
	if everyEntry(d, gains, policy.PrincipalService) {
		who = "Every AWS service, on whoever's behalf,"
	}
	for _, c := range mayLack(d) {
		if res, err := access.NoPublicAccess(withKey(d, c.Key), typ, o); err == nil && res.Verdict == access.Pass {
			return who + " whose request has no " + c.Key, []string{
				c.Operator.Name + " on " + c.Key + " also holds for requests without that key. Which callers the service takes without it is not looked at.",
			}
		}
	}
	return who, nil
}

// everyEntry reports whether the statements of gains let in nobody but principals of one
// type.
func everyEntry(d *policy.Document, gains []access.Gain, typ policy.PrincipalType) bool {
	return !slices.ContainsFunc(gains, func(g access.Gain) bool {
		s := &d.Statements[g.Statement]
		return s.Principal == nil || s.Principal.Not || slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return e.Type != typ })
	})
}

// mayLack are the conditions of Allow statements that ask for values of a key only where
// it is there, one for each key. IfExists is none: beside Null it counts as public.
func mayLack(d *policy.Document) []policy.Condition {
	var out []policy.Condition
	for _, s := range d.Statements {
		for _, c := range s.Conditions {
			op := c.Operator
			if s.Effect == policy.Allow && !op.Negated && op.Test != policy.Null && op.Qualifier == policy.ForAllValues &&
				!slices.ContainsFunc(out, func(have policy.Condition) bool { return have.KeyName() == c.KeyName() }) {
				out = append(out, c)
			}
		}
	}
	return out
}

// withKey is a document whose Allow statements ask that a key is there.
func withKey(d *policy.Document, key string) *policy.Document {
	there, _ := policy.ParseOperator("Null")
	one := *d
	one.Statements = slices.Clone(d.Statements)
	for i := range one.Statements {
		if s := &one.Statements[i]; s.Effect == policy.Allow {
			s.Conditions = append(slices.Clone(s.Conditions), policy.Condition{Operator: there, Key: key, Values: []policy.Value{{Text: "false"}}})
		}
	}
	return &one
}
