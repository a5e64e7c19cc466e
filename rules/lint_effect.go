package rules

import (
	"encoding/json"
	"fmt"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// effectLints are about statements that do nothing, whatever they say.
var effectLints = []Lint{
	{"UNSATISFIABLE_STATEMENT", Idle, "No request can meet a statement", each(unsatisfiable)},
	{"REDUNDANT_STATEMENT", Idle, "A statement is there twice", repeated},
}

const (
	// maxUnsatisfiable bounds the statements of one text that the engine is asked about.
	maxUnsatisfiable = 200
	// unsatisfiableWork bounds each question; most take some hundred steps.
	unsatisfiableWork = 200_000
)

// unsatisfiable asks the engine whether a statement, taken alone and as Allow, allows
// any request at all. Nothing is taken for known of AWS.
func unsatisfiable(t *lintText, s *policy.Statement) []trouble {
	restricted := len(s.Conditions) > 0 || s.Action.Not || s.Resource != nil && s.Resource.Not || s.Principal != nil && s.Principal.Not
	if !restricted || s.Index >= maxUnsatisfiable || emptied(s) || !t.known(statementText(s)) || t.possible(*s) {
		return nil
	}
	why := "its Not elements leave nothing"
	open := policy.Statement{Action: policy.Values{List: []policy.Value{{Text: "*"}}}, Conditions: s.Conditions}
	if t.Kind == policy.Resource {
		open.Principal = &policy.Principals{List: []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: policy.Value{Text: "*"}}}}
	}
	if len(s.Conditions) > 0 && !t.possible(open) {
		why = fmt.Sprintf("its conditions contradict each other (%s)", conditions(s))
	}
	return one(in(s, s.Range(), "No request can meet the statement, since %s. Correct it or remove it.", why).as(idle(s)))
}

// possible reports whether the engine finds, or leaves open, that a statement matches
// some request.
func (t *lintText) possible(s policy.Statement) bool {
	s.Effect, s.Index = policy.Allow, 0
	d := &policy.Document{Kind: t.Kind, Version: t.Version, Statements: []policy.Statement{s}}
	return access.NoNewAccess(nil, []*policy.Document{d}, access.Options{StrictOpenWorld: true, Work: unsatisfiableWork}).Verdict != access.Pass
}

// emptied reports whether a list of a statement is empty, or a Null has a qualifier,
// which has a code of its own.
func emptied(s *policy.Statement) bool {
	if len(s.Action.List) == 0 || s.Resource != nil && len(s.Resource.List) == 0 || s.Principal != nil && len(s.Principal.List) == 0 {
		return true
	}
	for _, c := range s.Conditions {
		if len(c.Values) == 0 || c.Operator.Test == policy.Null && c.Operator.Qualifier != policy.NoQualifier {
			return true
		}
	}
	return false
}

// statementText is a statement without its Sid and places, in one form.
func statementText(s *policy.Statement) string {
	one := *s
	one.Sid, one.Index = "", 0
	b, err := json.Marshal(&policy.Document{Statements: []policy.Statement{one}})
	if err != nil {
		return ""
	}
	return string(b)
}

// repeated finds statements that are equal but for their Sid.
func repeated(t *lintText) []trouble {
	var out []trouble
	first := map[string]int{}
	for i := range t.Statements {
		s := &t.Statements[i]
		text := statementText(s)
		if j, ok := first[text]; ok {
			out = append(out, in(s, s.Range(), "It is equal to %s. Remove one of them.", statementName(j, t.Statements[j].Sid)))
			continue
		}
		first[text] = i
	}
	return out
}
