package policy

import (
	"fmt"
	"strings"
)

// statement reads one statement.
func (p *parser) statement(index int, n node) Statement {
	s := Statement{Index: index, Place: p.keep(n.at)}
	if n.kind != objectNode {
		p.mismatch(n, fmt.Sprintf("statement %d", index), "an object with Effect, Action and so on")
		return s
	}
	es := p.elements(n, "statement", statementElements)
	if v, ok := es.get("Sid"); ok {
		s.Sid = p.text(v, "Sid")
	}
	p.effect(&s, n, es)
	p.either(n, es, "Principal", "NotPrincipal")
	p.either(n, es, "Action", "NotAction")
	p.either(n, es, "Resource", "NotResource")
	p.subject(&s, n, es)
	p.action(&s, n, es)
	p.resource(&s, n, es)
	if v, ok := es.get("Condition"); ok {
		s.Conditions = p.conditions(v)
	}
	return s
}

// either reports two elements of which only one may be used.
func (p *parser) either(n node, es elements, one, other string) {
	_, a := es.get(one)
	_, b := es.get(other)
	if a && b {
		p.fail("UNSUPPORTED_ELEMENT_COMBINATION", n.at, fmt.Sprintf("%s and %s in one statement", one, other),
			"Expected one of the two. Remove one of these elements.")
	}
}

// effect reads Effect, whose values have a case (IAM User Guide, "IAM JSON policy
// elements: Effect").
func (p *parser) effect(s *Statement, n node, es elements) {
	v, ok := es.get("Effect")
	if !ok {
		if !es.misspelt("Effect") {
			p.fail("MISSING_EFFECT", n.at, "statement without Effect", "Expected an Effect element. Add Effect with the value Allow or Deny.")
		}
		return
	}
	text := p.text(v, "Effect")
	switch e := Effect(text); {
	case e == Allow || e == Deny:
		s.Effect = e
	case v.kind == stringNode:
		p.fail("INVALID_EFFECT", v.at, fmt.Sprintf("effect %q does not exist", text), "Expected Allow or Deny, with this case. Use one of these.")
	}
}

// subject reads Principal or NotPrincipal.
func (p *parser) subject(s *Statement, n node, es elements) {
	v, not := es.get("NotPrincipal")
	if w, ok := es.get("Principal"); ok {
		v, not = w, false
	}
	switch given := es.has("Principal", "NotPrincipal"); {
	case p.o.Kind == Identity && given:
		p.fail("UNSUPPORTED_PRINCIPAL", n.at, "Principal in an identity policy",
			"An identity policy belongs to its principal. Remove the Principal element, or read the text as a resource policy.")
	case p.o.Kind == Resource && !given:
		p.fail("MISSING_PRINCIPAL", n.at, "statement without Principal",
			"Expected a Principal element, which resource policies need in each statement. Add one, or read the text as an identity policy.")
	}
	_, one := es.get("Principal")
	if one || not {
		s.Principal = p.principals(v, not)
	}
}

// action reads Action or NotAction.
func (p *parser) action(s *Statement, n node, es elements) {
	name, not := "Action", false
	v, ok := es.get(name)
	if !ok {
		name, not = "NotAction", true
		v, ok = es.get(name)
	}
	if !ok {
		if !es.has("Action", "NotAction") {
			p.fail("MISSING_ACTION", n.at, "statement without Action", "Expected an Action or NotAction element. Add one.")
		}
		return
	}
	s.Action = Values{Not: not, List: p.strings(v, name), Place: p.keep(v.at)}
	p.empty(v, not, name, "EMPTY_ARRAY_ACTION")
	for i := range s.Action.List {
		p.actionText(&s.Action.List[i])
	}
}

// resource reads Resource or NotResource. Many resource policies have neither:
// the resource is then what the policy is attached to.
func (p *parser) resource(s *Statement, n node, es elements) {
	name, not := "Resource", false
	v, ok := es.get(name)
	if !ok {
		name, not = "NotResource", true
		v, ok = es.get(name)
	}
	if !ok {
		if p.o.Kind == Identity && !es.has("Resource", "NotResource") {
			p.fail("MISSING_RESOURCE", n.at, "statement without Resource",
				"Expected a Resource or NotResource element, which identity policies need in each statement. Add one.")
		}
		return
	}
	s.Resource = &Values{Not: not, List: p.strings(v, name), Place: p.keep(v.at)}
	p.empty(v, not, name, "EMPTY_ARRAY_RESOURCE")
	for i := range s.Resource.List {
		p.resourceText(&s.Resource.List[i])
	}
}

// empty reports a list without entries. The statement then "does not affect the
// policy" (IAM User Guide, "IAM Access Analyzer policy check reference"). For the
// Not form that contradicts its meaning, all but nothing; neither can be relied
// upon, so the text is not readable.
func (p *parser) empty(n node, not bool, name, code string) {
	switch {
	case n.kind != arrayNode || len(n.items) > 0:
	case not:
		p.fail(code, n.at, name+" is empty", fmt.Sprintf("It is not settled whether the statement has no effect or covers everything. List what is excepted, or use %s with \"*\".", strings.TrimPrefix(name, "Not")))
	default:
		p.warn(code, n.at, name+" is empty", "The statement has no effect. Add an entry or remove the statement.")
	}
}

// strings reads a string or a list of strings.
func (p *parser) strings(n node, element string) []Value {
	items := []node{n}
	if n.kind == arrayNode {
		items = n.items
	}
	list := make([]Value, 0, len(items))
	for i := range items {
		item := &items[i]
		if item.kind != stringNode {
			p.mismatch(*item, element, "a string or a list of strings")
			continue
		}
		list = append(list, Value{Text: item.text, Place: p.keep(item.at)})
	}
	return list
}

// isIdentitySid reports whether sid has letters and digits only.
func isIdentitySid(sid string) bool {
	for _, r := range sid {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

// sids checks the statement ids. They name statements only, so nothing here keeps
// the document from being read (IAM User Guide, "IAM JSON policy elements: Sid").
func (p *parser) sids(doc *Document, nodes []node) {
	var seen map[string]bool
	if len(doc.Statements) > few {
		seen = make(map[string]bool, len(doc.Statements))
	}
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Sid == "" {
			continue
		}
		at := nodes[i].at
		for j := range nodes[i].members {
			if m := &nodes[i].members[j]; m.name == "Sid" {
				at = m.value.at
			}
		}
		if doc.Kind == Identity && !isIdentitySid(s.Sid) {
			p.warn("UNSUPPORTED_SID", at, fmt.Sprintf("Sid %q has other characters than letters and digits", s.Sid), "Identity policies take A-Z, a-z and 0-9. Change the Sid.")
		}
		if seen[s.Sid] || seen == nil && hasSid(doc.Statements[:i], s.Sid) {
			code, detail := "UNIQUE_SIDS_RECOMMENDED", "Use ids that are unique in the policy."
			if doc.Kind == Identity {
				code, detail = "UNIQUE_SIDS_REQUIRED", "Identity policies need unique ids. Change one of them."
			}
			p.warn(code, at, fmt.Sprintf("Sid %q appears more than once", s.Sid), detail)
		}
		if seen != nil {
			seen[s.Sid] = true
		}
	}
}

func hasSid(list []Statement, sid string) bool {
	for i := range list {
		if list[i].Sid == sid {
			return true
		}
	}
	return false
}
