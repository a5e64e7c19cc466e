package policy

import (
	"maps"
	"slices"
	"strings"
)

// Evaluate decides one request against documents that apply together, such as all
// policies of one identity. A Deny statement that matches wins, in whichever
// document; else one Allow statement that matches is enough (IAM User Guide,
// "Policy evaluation logic"). It also returns the statements that decided, in
// order: every matching Deny, else every matching Allow.
//
// What the published documents leave open is read as r says. The documents must
// have been parsed without errors. Nothing is known about the request but what it
// says: no context key is derived from the principal, the action or the resource.
func Evaluate(docs []*Document, q Request, r Reading) (Decision, []Decider) {
	e := &evaluation{request: q, reading: r, context: fold(q.Context)}
	var allows, denies []Decider
	for i, d := range docs {
		for j := range d.Statements {
			s := &d.Statements[j]
			if !e.statement(d, s) {
				continue
			}
			decider := Decider{Policy: i, Index: s.Index, Sid: s.Sid, Effect: s.Effect}
			if s.Effect == Deny {
				denies = append(denies, decider)
			} else {
				allows = append(allows, decider)
			}
		}
	}
	switch {
	case len(denies) > 0:
		return DecisionExplicitDeny, denies
	case len(allows) > 0:
		return DecisionAllow, allows
	}
	return DecisionImplicitDeny, nil
}

// evaluation is one request under one reading.
type evaluation struct {
	request Request
	reading Reading
	context map[string][]string // by lower-case key
	list    []step              // memory of steps
}

// fold puts context keys into the form of Condition.KeyName. Keys that differ only
// by case are one key, whose values are taken in the order of the keys.
func fold(context map[string][]string) map[string][]string {
	folded := make(map[string][]string, len(context))
	for _, key := range slices.Sorted(maps.Keys(context)) {
		lower := strings.ToLower(key)
		folded[lower] = append(folded[lower], context[key]...)
	}
	return folded
}

// statement reports whether s of d matches the request: principal, action,
// resource and all conditions.
func (e *evaluation) statement(d *Document, s *Statement) bool {
	return e.principal(s.Principal) &&
		e.action(s.Action) &&
		e.resource(d, s.Resource) &&
		!slices.ContainsFunc(s.Conditions, func(c Condition) bool { return !e.condition(d, c) })
}
