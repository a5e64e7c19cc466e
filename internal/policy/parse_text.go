package policy

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// actionText checks one string of Action or NotAction: "*", or a service prefix
// and a name with one colon between them. Wildcards may stand anywhere, also in
// the prefix (IAM User Guide, "IAM JSON policy elements: Action"). The service
// refuses a text without prefix and one with two colons.
func (p *parser) actionText(v *Value) {
	p.noVariable(v, "Action")
	if v.Text != "*" && !isAction(v.Text) {
		p.fail("INVALID_ACTION", v.Place, fmt.Sprintf("%q is no action", v.Text),
			`Expected "*" or service:Name, such as s3:GetObject or s3:Get*. Correct the action.`)
		return
	}
	if hasSpace(v.Text) {
		// The service takes it, policies that AWS manages had such actions, and no
		// action is called so.
		p.warn("INVALID_ACTION", v.Place, fmt.Sprintf("blank in action %q", v.Text),
			`No action has a blank in its name, so this matches none. Remove the blank.`)
	}
}

// isAction reports whether text has one colon, with something on both sides.
func isAction(text string) bool {
	at := strings.IndexByte(text, ':')
	return at > 0 && at < len(text)-1 && strings.IndexByte(text[at+1:], ':') < 0
}

// hasSpace looks for blanks of any kind; other than letters they sort before "!" or are
// not ASCII.
func hasSpace(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= utf8.RuneSelf {
			return strings.ContainsFunc(text, unicode.IsSpace)
		}
	}
	return false
}

// resourceText checks one string of Resource or NotResource: "*" or an ARN.
//
// The service refuses everything else, whatever it might mean: "arn*" could be
// taken for a pattern over whole ARNs, "*:bucket" for one with the first fields
// left out, and a guess could grant too much or too little. What starts with
// "arn:" is taken, also with wildcards or variables in any field, which policies
// managed by AWS use, and with fields missing at the end (Reading.ShortARNCrosses).
// Resource policies also have what starts with ownAPIPrefix.
func (p *parser) resourceText(v *Value) {
	ownAPI := strings.HasPrefix(v.Text, ownAPIPrefix)
	switch {
	case v.Text == "*":
		return
	case ownAPI && p.o.Kind == Resource:
		p.patternText(v, true)
		return
	case !strings.HasPrefix(v.Text, "arn:"):
		next := "Correct the resource."
		if ownAPI {
			next = "Only the resource policy of an API may leave out the ARN of the API. Write that ARN in front."
		}
		p.fail("INVALID_ARN_PREFIX", v.Place, fmt.Sprintf("resource %q is no ARN", v.Text), `Expected "*" or an ARN, which starts with "arn:". `+next)
		return
	}
	p.patternText(v, true)
	if strings.Count(v.Text, ":") < 5 && p.o.Kind == Resource {
		p.warn("MISSING_ARN_FIELD", v.Place, fmt.Sprintf("resource %q has fewer than six fields", v.Text),
			"Expected arn:partition:service:region:account-id:resource. Add the missing fields.")
	}
}

// patternText checks the policy variables of a string where they are allowed.
func (p *parser) patternText(v *Value, wildcards bool) {
	if p.bare || !strings.Contains(v.Text, "${") {
		return
	}
	if !p.variables {
		p.warn("VARIABLE_UNSUPPORTED_IN_VERSION", v.Place, fmt.Sprintf("%q is plain text in this policy", v.Text),
			`Policy variables need "Version": "2012-10-17". Add it, or remove the variable.`)
		return
	}
	pattern, err := ParsePattern(v.Text, true, wildcards)
	if pe := (*PatternError)(nil); errors.As(err, &pe) {
		p.fail(pe.Code, v.Place, fmt.Sprintf("faulty policy variable in %q", v.Text),
			strings.ToUpper(pe.Message[:1])+pe.Message[1:]+". Correct the variable.")
		return
	}
	for _, piece := range pattern {
		if wildcards && piece.Default != nil && strings.ContainsAny(*piece.Default, "*?") {
			p.fail("", v.Place, fmt.Sprintf("wildcard in the default value of a policy variable in %q", v.Text),
				"It is not settled whether it matches any text or only itself. Use a default value without * and ?.")
		}
	}
}

// noVariable reports a policy variable where the language has none.
func (p *parser) noVariable(v *Value, element string) {
	if p.variables && !p.bare && strings.Contains(v.Text, "${") {
		p.fail("VARIABLE_UNSUPPORTED_IN_ELEMENT", v.Place, fmt.Sprintf("policy variable in %s", element),
			"Policy variables work in Resource and Condition only. Remove the variable.")
	}
}

// operatorVariable reports a policy variable under an operator that takes none,
// and whether there is one.
// The documents disagree about Bool; it is refused, since a variable that would be
// resolved, but is taken for text here, could hide a grant.
func (p *parser) operatorVariable(v *Value, op Operator) bool {
	found := p.variables && !p.bare && strings.Contains(v.Text, "${")
	if found {
		p.fail("INVALID_VARIABLE_FOR_OPERATOR", v.Place, fmt.Sprintf("policy variable under %s", op.Name),
			"Policy variables work with String and Arn operators only. Remove the variable.")
	}
	return found
}
