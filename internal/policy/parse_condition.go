package policy

import (
	"fmt"
	"slices"
	"strings"
)

// conditions reads a Condition element: operator, key, values (IAM User Guide,
// "IAM JSON policy elements: Condition").
func (p *parser) conditions(n node) []Condition {
	if n.kind != objectNode {
		p.mismatch(n, "Condition", "an object of condition operators")
		return nil
	}
	if len(n.members) == 0 {
		p.warn("EMPTY_OBJECT_CONDITION", n.at, "Condition is empty", "It limits nothing. Add a condition or remove the element.")
	}
	p.sameButCase(&n, "condition operator")
	var list []Condition
	for i := range n.members {
		m := &n.members[i]
		op, ok := ParseOperator(m.name)
		if !ok {
			p.badOperator(m)
		}
		if m.value.kind != objectNode {
			p.mismatch(m.value, m.name, "an object of condition keys")
			continue
		}
		p.sameButCase(&m.value, "condition key")
		for j := range m.value.members {
			c := p.condition(op, &m.value.members[j])
			if ok {
				p.values(&c)
				list = append(list, c)
			}
		}
	}
	return list
}

func (p *parser) badOperator(m *member) {
	if _, ok := ParseOperator(strings.TrimSuffix(strings.ToLower(m.name), "ifexists")); ok {
		p.fail("NULL_WITH_IF_EXISTS", m.at, "Null with IfExists", "Null already asks whether the key exists. Remove IfExists.")
		return
	}
	p.fail("INVALID_CONDITION_OPERATOR", m.at, fmt.Sprintf("condition operator %q does not exist", m.name),
		"Expected an operator such as StringEquals, ArnLike or ForAnyValue:StringLike. Correct the operator.")
}

// sameButCase reports names which differ only by case: they mean the same here, so
// that one of them would be read for the other.
func (p *parser) sameButCase(n *node, what string) {
	if len(n.members) < 2 || p.plain && len(n.members) <= few && n.differ() {
		return
	}
	seen := map[string]string{}
	for _, m := range n.members {
		first, ok := seen[strings.ToLower(m.name)]
		if !ok {
			seen[strings.ToLower(m.name)] = m.name
		} else if first != m.name {
			p.fail("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", m.at, fmt.Sprintf("%s %q appears more than once with different capitalization", what, m.name),
				fmt.Sprintf("Expected it once; %q is the same. Remove one of them.", first))
		}
	}
}

// differ reports whether the names, which are ASCII, differ by more than case. There are
// few, so that comparing all of them takes less than a map.
func (n *node) differ() bool {
	for i := range n.members {
		for j := range i {
			if strings.EqualFold(n.members[i].name, n.members[j].name) {
				return false
			}
		}
	}
	return true
}

// condition reads the key m and its values under op.
func (p *parser) condition(op Operator, m *member) Condition {
	c := Condition{Operator: op, Key: m.name, Place: p.keep(m.at.upTo(m.value.at))}
	if prefix, name, ok := strings.Cut(m.name, ":"); !ok || prefix == "" || name == "" {
		p.fail("INVALID_CONDITION_KEY_FORMAT", m.at, fmt.Sprintf("condition key %q has no prefix", m.name),
			"Expected prefix:name, such as aws:SourceIp. Correct the key.")
	}
	items := []node{m.value}
	if m.value.kind == arrayNode {
		items = m.value.items
	}
	mixed := false
	c.Values = slices.Grow(c.Values, len(items))
	for i := range items {
		item := &items[i]
		switch item.kind {
		case stringNode, numberNode, boolNode:
			mixed = mixed || item.kind != items[0].kind
			c.Values = append(c.Values, Value{Text: item.text, Place: p.keep(item.at)})
		default:
			p.mismatch(*item, m.name, "a string, number or Boolean, or a list of one of these")
		}
	}
	if mixed {
		p.fail("INVALID_CONDITION_DATA_TYPE", m.value.at, fmt.Sprintf("values of %q have different JSON types", m.name),
			"Expected values of one type. Write all of them as strings.")
	}
	if m.value.kind == arrayNode && len(m.value.items) == 0 {
		p.emptyCondition(c)
	}
	return c
}

// emptyCondition reports a condition without values. Reading.EmptyListHolds covers
// the plain operators. With ForAllValues or IfExists it matches "only if the key is
// missing" (IAM User Guide, "IAM Access Analyzer policy check reference"), which
// for a negated operator contradicts its rule, so that the text is not readable.
func (p *parser) emptyCondition(c Condition) {
	op := c.Operator
	code, detail := "EMPTY_ARRAY_CONDITION", "It is not settled whether the condition then has no effect. Add a value or remove the condition."
	switch {
	case op.Qualifier == ForAllValues:
		code, detail = "EMPTY_ARRAY_CONDITION_FORALLVALUES", "The condition holds only when the key is missing. Add a value, or use Null."
	case op.Qualifier == ForAnyValue:
		code, detail = "EMPTY_ARRAY_CONDITION_FORANYVALUE", "The condition never holds. Add a value."
	case op.IfExists:
		code, detail = "EMPTY_ARRAY_CONDITION_IFEXISTS", "The condition holds only when the key is missing. Add a value, or use Null."
	}
	summary := fmt.Sprintf("condition on %q has no values", c.Key)
	if op.Negated && (op.Qualifier == ForAllValues || op.Qualifier == NoQualifier && op.IfExists) {
		p.fail(code, c.Place, summary, "It is not settled what a negated operator then asks for. Add a value or remove the condition.")
		return
	}
	p.warn(code, c.Place, summary, detail)
}

// values checks the values of c against its operator. What the operator then does
// with a value that it cannot take is not published: it might match nothing, or be
// read more kindly than here, as a date without zone or a number behind a blank. A
// guess would hide a grant or a denial, so the text is not readable.
func (p *parser) values(c *Condition) {
	op := c.Operator
	for i := range c.Values {
		v := &c.Values[i]
		switch op.Test {
		case StringEquals, StringEqualsIgnoreCase:
			p.patternText(v, false)
			continue
		case StringLike, ArnLike:
			p.patternText(v, true)
			continue
		default:
			if p.operatorVariable(v, op) {
				continue
			}
		}
		if code, want := wellTyped(op.Test, v.Text); code != "" {
			p.fail(code, v.Place, fmt.Sprintf("%q is no value for %s", v.Text, op.Name), "Expected "+want+". Correct the value.")
		}
	}
}

// wellTyped returns the finding code and what is expected when text is no value of
// the test's type.
func wellTyped(t Test, text string) (code, want string) {
	switch t {
	case NumericEquals, NumericLessThan, NumericLessThanEquals, NumericGreaterThan, NumericGreaterThanEquals:
		if _, ok := parseNumber(text); !ok {
			return "TYPE_MISMATCH_NUMBER", "a decimal number such as 3600 or 2.5, without blanks"
		}
	case DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan, DateGreaterThanEquals:
		if _, ok := parseInstant(text); !ok {
			return "TYPE_MISMATCH_DATE", "a date such as 2006-01-02, a time with its zone such as 2006-01-02T15:04:05Z, or seconds since 1970"
		}
	case Bool, Null:
		if _, ok := parseBool(text); !ok {
			return "TYPE_MISMATCH_BOOLEAN", "true or false"
		}
	case BinaryEquals:
		if _, ok := parseBinary(text); !ok {
			return "TYPE_MISMATCH_STRING", "text in base64, with its padding"
		}
	case IPAddress:
		if _, ok := parseRange(text); !ok {
			return "TYPE_MISMATCH_IP_RANGE", "an address or a range such as 203.0.113.0/24 or 2001:db8::/32, its numbers without leading zeros"
		}
	case TestInvalid, StringEquals, StringEqualsIgnoreCase, StringLike, ArnLike:
	}
	return "", ""
}
