package rules

import (
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// variableLints are about policy variables in Resource, NotResource and conditions.
var variableLints = []Lint{
	{"UNKNOWN_POLICY_VARIABLE", Idle, "A policy variable is no condition key, so that it never has a value: Fn::Sub may have been forgotten", strangeVariables},
}

// placeholder is a variable without a default value.
var placeholder = regexp.MustCompile(`\$\{\s*([A-Za-z0-9_.:/-]+)\s*\}`)

// strange is the first variable of a text that is named like a parameter of a template
// and not like a condition key, which has a prefix and one colon behind it; "" for none.
func strange(text string) string {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(strings.ToLower(m[1]), "aws::") || !strings.Contains(m[1], ":") {
			return m[0]
		}
	}
	return ""
}

// strangeAmong is the first strange variable of several texts.
func strangeAmong(texts []string) string {
	for _, text := range texts {
		if name := strange(text); name != "" {
			return name
		}
	}
	return ""
}

// strangeVariables finds text that was meant for Fn::Sub or another template engine. A
// variable without a value matches nothing (IAM User Guide, "IAM policy elements:
// Variables and tags").
func strangeVariables(t *lintText) []trouble {
	if !t.HasVariables() {
		return nil // plain text, which another lint tells of
	}
	return each(func(_ *lintText, s *policy.Statement) []trouble {
		var out []trouble
		if s.Resource != nil {
			for _, v := range s.Resource.List {
				if name := strange(v.Text); name != "" {
					out = append(out, in(s, v.Range(), strangeText, name, "names no resource").as(matchesNothing(s)))
				}
			}
		}
		for i := range s.Conditions {
			c := &s.Conditions[i]
			found := bad(s, c, func(v string) bool { return comparesText(c) && strange(v) != "" }, "%s %s %s")
			n := 0
			for _, v := range c.Values {
				if name := strange(v.Text); n < len(found) && name != "" {
					found[n].text = in(s, v.Range(), strangeText, name, "equals nothing").text
					n++
				}
			}
			out = append(out, found...)
		}
		return out
	})(t)
}

const strangeText = "%s is no policy variable, since no condition key is called so, and the text with it %s. Write the value; in a CloudFormation template put Fn::Sub around the text."

// comparesText reports whether variables work in a condition.
func comparesText(c *policy.Condition) bool {
	switch c.Operator.Test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike, policy.ArnLike:
		return true
	}
	return false
}

// matchesNothing is the class of a resource that matches nothing.
func matchesNothing(s *policy.Statement) LintClass {
	if s.Resource.Not == (s.Effect == policy.Allow) {
		return Lax
	}
	return Idle
}
