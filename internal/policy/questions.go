package policy

import "strings"

// Questions returns which open questions the documents raise: for any other, both
// readings decide every request alike.
func Questions(docs ...*Document) Question {
	var asked Question
	for _, d := range docs {
		for i := range d.Statements {
			s := &d.Statements[i]
			asked |= s.Principal.questions() | d.resourceQuestions(s.Resource)
			for _, c := range s.Conditions {
				asked |= c.questions(d.HasVariables())
			}
		}
	}
	return asked
}

func (ps *Principals) questions() Question {
	if ps == nil {
		return 0
	}
	var asked Question
	if ps.Not {
		asked |= QuestionNotPrincipal
	}
	for _, entry := range ps.List {
		if entry.Type == PrincipalAWS && entry.Text == "*" {
			asked |= QuestionAWSStar
		}
	}
	return asked
}

func (d *Document) resourceQuestions(v *Values) Question {
	if v == nil {
		return 0
	}
	for _, v := range v.List {
		if whole(v.Text) {
			continue
		}
		p, err := ParsePattern(v.Text, d.HasVariables(), true)
		_, short := ownAPI(p)
		if err == nil && !p.IsStar() && !(short && d.Kind == Resource) && len(p.fields(arnFields)) < arnFields {
			return QuestionShortARN
		}
	}
	return 0
}

// whole reports whether the colons in front of any variable make the fields of an ARN
// already, whatever follows. Nearly all texts are so, and need not be read as patterns.
func whole(text string) bool {
	head, _, _ := strings.Cut(text, "${")
	return strings.Count(head, ":") >= arnFields-1
}

func (c Condition) questions(variables bool) Question {
	op := c.Operator
	var asked Question
	if op.Qualifier == ForAnyValue && op.IfExists {
		asked |= QuestionAnyIfExists
	}
	if len(c.Values) == 0 && op.Qualifier == NoQualifier && !op.IfExists {
		asked |= QuestionEmptyList
	}
	if op.Test != ArnLike {
		return asked
	}
	for _, v := range c.Values {
		if whole(v.Text) {
			continue
		}
		if p, err := ParsePattern(v.Text, variables, true); err == nil && !p.HasVariables() && len(p.fields(arnFields)) < arnFields {
			asked |= QuestionShortARNPattern
		}
	}
	return asked
}
