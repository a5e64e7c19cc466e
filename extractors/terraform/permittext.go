package terraform

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// plainText keeps a symbol free of what patterns give a meaning.
var plainText = strings.NewReplacer("*", "%2A", "?", "%3F", "$", "%24")

// text writes the document of the statements that were made.
func (m *maker) text() string {
	b := []byte(`{"Version":"2008-10-17","Statement":[`)
	for i := range m.list {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.list[i].append(b)
	}
	return string(append(b, `]}`...))
}

func (s *madeStatement) append(b []byte) []byte {
	b = append(b, '{')
	if s.sid != "" {
		b = appendText(append(b, `"Sid":`...), s.sid)
		b = append(b, ',')
	}
	b = append(b, `"Effect":"Allow","Principal":`...)
	b = appendPrincipals(b, s.principals)
	b = appendTexts(append(b, `,"Action":`...), s.actions)
	if len(s.resources) > 0 {
		b = appendTexts(append(b, `,"Resource":`...), s.resources)
	}
	if len(s.conditions) > 0 {
		b = appendConditions(append(b, `,"Condition":`...), s.conditions)
	}
	return append(b, '}')
}

func appendText(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	return b
}

// appendTexts writes one text bare and several as a list.
func appendTexts(b []byte, list []string) []byte {
	if len(list) == 1 {
		return appendText(b, list[0])
	}
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

// appendPrincipals groups principals by type. Everyone makes the others pointless.
func appendPrincipals(b []byte, list []madePrincipal) []byte {
	byType := map[policy.PrincipalType][]string{}
	var types []policy.PrincipalType
	for _, p := range list {
		if p.typ == policy.PrincipalAll {
			return appendText(b, "*")
		}
		if byType[p.typ] == nil {
			types = append(types, p.typ)
		}
		byType[p.typ] = append(byType[p.typ], p.text)
	}
	b = append(b, '{')
	for i, t := range types {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, t.String())
		b = appendTexts(append(b, ':'), byType[t])
	}
	return append(b, '}')
}

// clash reports whether two conditions test one key with one operator for other
// values, which a document cannot say.
func clash(conditions []madeCondition) bool {
	for i, c := range conditions {
		if slices.ContainsFunc(conditions[:i], func(o madeCondition) bool {
			return o.operator == c.operator && strings.EqualFold(o.key, c.key) && !slices.Equal(o.values, c.values)
		}) {
			return true
		}
	}
	return false
}

// appendConditions groups conditions by operator, in the order first seen.
func appendConditions(b []byte, conditions []madeCondition) []byte {
	var operators []string
	byOperator := map[string][]madeCondition{}
	for _, c := range conditions {
		list := byOperator[c.operator]
		if list == nil {
			operators = append(operators, c.operator)
		}
		if !slices.ContainsFunc(list, func(o madeCondition) bool { return strings.EqualFold(o.key, c.key) }) {
			byOperator[c.operator] = append(list, c)
		}
	}
	b = append(b, '{')
	for i, operator := range operators {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, operator), ":{"...)
		for j, c := range byOperator[operator] {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, c.key), ':')
			b = appendTexts(b, c.values)
		}
		b = append(b, '}')
	}
	return append(b, '}')
}
