package policy

import (
	"fmt"
	"regexp"
	"strings"
)

var principalKeys = map[string]PrincipalType{
	"AWS":           PrincipalAWS,
	"Federated":     PrincipalFederated,
	"Service":       PrincipalService,
	"CanonicalUser": PrincipalCanonical,
}

// principals reads the value of Principal or NotPrincipal (IAM User Guide, "AWS
// JSON policy elements: Principal").
func (p *parser) principals(n node, not bool) *Principals {
	ps := &Principals{Not: not, Place: p.keep(n.at)}
	switch {
	case n.kind == stringNode && n.text == "*":
		ps.List = []PrincipalEntry{{Type: PrincipalAll, Value: Value{Text: "*", Place: p.keep(n.at)}}}
		return ps
	case n.kind != objectNode:
		p.fail("INVALID_PRINCIPAL_FORMAT", n.at, "Principal is not in a known form",
			`Expected "*" or an object such as {"AWS": "arn:aws:iam::111122223333:root"}. Specify a key and a value.`)
		return ps
	}
	// All values in one list: the element is empty when no key has a value.
	all, code := node{kind: arrayNode, at: n.at}, "EMPTY_OBJECT_PRINCIPAL"
	for _, m := range n.members {
		t, ok := principalKeys[m.name]
		if !ok {
			next := "Expected AWS, Federated, Service or CanonicalUser. Correct the key."
			if meant := didYouMean(m.name, []string{"AWS", "Federated", "Service", "CanonicalUser"}); meant != "" {
				next = fmt.Sprintf("Did you mean %s? Principal keys have a case. Correct the key.", meant)
			}
			all.items = append(all.items, m.value)
			p.fail("INVALID_PRINCIPAL_KEY", m.at, fmt.Sprintf("principal key %q does not exist", m.name), next)
			continue
		}
		code = "EMPTY_ARRAY_PRINCIPAL"
		if all.items = append(all.items, m.value.items...); m.value.kind != arrayNode {
			all.items = append(all.items, m.value)
		}
		for _, v := range p.strings(m.value, "Principal") {
			p.principalText(t, &v)
			ps.List = append(ps.List, PrincipalEntry{Type: t, Value: v})
		}
	}
	name := "Principal"
	if not {
		name = "NotPrincipal"
	}
	p.empty(all, not, name, code)
	return ps
}

// uniqueID is the form of the ids that stay in a policy when a role or user is
// deleted (IAM User Guide, "IAM identifiers").
var uniqueID = regexp.MustCompile(`^A(RO|ID)A[A-Z0-9]{8,124}$`)

// anyID is the form of all unique ids of IAM, of which a policy could hold others
// than those of roles and users.
var anyID = regexp.MustCompile(`^A[A-Z0-9]{11,127}$`)

// unknownPrefix starts the texts that stand for a value which is not known yet.
// They equal nothing but themselves, and could become a principal of any form.
const unknownPrefix = "unknown:"

// Unknown reports whether e stands for a principal that is not known yet, which can
// turn out to be anyone.
func (e PrincipalEntry) Unknown() bool { return strings.HasPrefix(e.Text, unknownPrefix) }

// awsForm reports whether text has one of the forms of an AWS principal: account id,
// ARN or unique id.
func awsForm(text string) bool {
	return accountID.MatchString(text) || anyID.MatchString(text) || strings.HasPrefix(text, unknownPrefix) ||
		strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= arnFields-1
}

// isGroup reports whether text is the ARN of a group of IAM.
func isGroup(text string) bool {
	f := strings.SplitN(text, ":", arnFields)
	return len(f) == arnFields && f[0] == "arn" && f[2] == "iam" && strings.HasPrefix(f[5], "group/")
}

// wildcardRemedy says what to write instead of a principal with a wildcard in it. That of
// AWS principals would let everyone in where a provider or a service is meant.
func wildcardRemedy(t PrincipalType, text string) string {
	f := strings.SplitN(text, ":", arnFields)
	switch {
	case len(f) == arnFields && len(f[4]) > 1 && strings.Trim(f[4], "*") == "":
		return fmt.Sprintf("The account in it is %q, as logs show a number that they mask. Write the number, or give the input as it was before it was masked.", f[4])
	case t == PrincipalAWS:
		return `Expected a whole name, or "*" alone. Name the principal, or use "*" with a condition on aws:PrincipalArn.`
	}
	return "Expected a whole name. Name the principal."
}

// principalText checks one value of a principal. A wildcard can only be all of it:
// "role/*" does not mean all roles.
func (p *parser) principalText(t PrincipalType, v *Value) {
	p.noVariable(v, "Principal")
	switch {
	case v.Text == "*":
	case v.Text == "":
		p.fail("INVALID_PRINCIPAL_FORMAT", v.Place, "principal is empty", "Expected an account, an ARN, a service principal or a provider. Name the principal.")
	case strings.ContainsAny(v.Text, "*?") && !p.o.Reference:
		p.fail("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", v.Place, fmt.Sprintf("wildcard in %s principal %q", t, v.Text), wildcardRemedy(t, v.Text))
	case t == PrincipalAWS && isGroup(v.Text):
		p.fail("INVALID_PRINCIPAL_FORMAT", v.Place, fmt.Sprintf("principal %q is a group", v.Text),
			"Expected an account, user, role or session; groups cannot be principals. Name the users or a role.")
	case strings.ContainsAny(v.Text, "*?"): // a pattern of a reference document
	case t == PrincipalAWS && !awsForm(v.Text):
		p.fail("INVALID_PRINCIPAL_FORMAT", v.Place, fmt.Sprintf("%q is no AWS principal", v.Text),
			`Expected an account id of 12 digits, an ARN such as "arn:aws:iam::111122223333:role/name", or "*". Correct the principal.`)
	case t == PrincipalService && !strings.Contains(v.Text, ".") && !strings.HasPrefix(v.Text, unknownPrefix):
		p.warn("INVALID_SERVICE_PRINCIPAL_FORMAT", v.Place, fmt.Sprintf("%q is no service principal", v.Text),
			"Expected a name such as ec2.amazonaws.com. It is no service that is known; correct the principal.")
	case t == PrincipalAWS && uniqueID.MatchString(v.Text):
		code, what := "INVALID_ROLE_REFERENCE", "role"
		if strings.HasPrefix(v.Text, "AIDA") {
			code, what = "INVALID_USER_REFERENCE", "user"
		}
		p.warn(code, v.Place, fmt.Sprintf("principal is the unique id of a %s", what),
			fmt.Sprintf("The id stays in a policy when its %s is deleted. Use the ARN of a %s, or remove the principal.", what, what))
	}
}
