package terraform

import (
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// ownAccount is the principal of a form that means the account of the object itself,
// which hands the decision to its identity policies.
const ownAccount = "@account"

var (
	accountID      = regexp.MustCompile(`^[0-9]{12}$`)
	servicePattern = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
	// Ids and ARNs of AWS Organizations (Service Authorization Reference, "Resource
	// types defined by AWS Organizations").
	organizationPattern = regexp.MustCompile(`^(?:arn:[^:]*:organizations::[0-9]*:organization/)?(o-[a-z0-9]{1,32})$`)
	unitPattern         = regexp.MustCompile(`^(?:arn:[^:]*:organizations::[0-9]*:ou/(o-[a-z0-9]{1,32})/)?(ou-[a-z0-9-]{1,68})$`)
	memberPattern       = regexp.MustCompile(`^arn:[^:]*:organizations::[0-9]*:account/o-[a-z0-9]{1,32}/([0-9]{12})$`)
)

// principal reads a principal as services write it: everyone ("*", or "all" as in
// launch permissions), an account, an ARN, an organization or a unit of one, a service
// by its host name, or a type and a text, such as CanonicalUser:79a5. Organizations and
// patterns are everyone under a condition.
func (m *maker) principal(text string) (madePrincipal, []madeCondition) {
	everyone := madePrincipal{typ: policy.PrincipalAll, text: "*"}
	for _, t := range []policy.PrincipalType{policy.PrincipalAWS, policy.PrincipalCanonical, policy.PrincipalFederated, policy.PrincipalService} {
		if rest, ok := strings.CutPrefix(text, t.String()+":"); ok {
			return madePrincipal{t, rest}, nil
		}
	}
	switch {
	case text == "*" || strings.EqualFold(text, "all"):
		return everyone, nil
	case text == ownAccount || text == "IAM_ALLOWED_PRINCIPALS":
		// AWS Lake Formation Developer Guide, "Changing the default settings": the group
		// of all whom IAM policies of the account allow.
		return madePrincipal{policy.PrincipalAWS, m.ownRoot()}, nil
	case organizationPattern.MatchString(text):
		id := organizationPattern.FindStringSubmatch(text)[1]
		return everyone, []madeCondition{{"StringEquals", "aws:PrincipalOrgID", []string{id}}}
	case unitPattern.MatchString(text):
		f := unitPattern.FindStringSubmatch(text)
		if f[1] == "" {
			f[1] = "*"
		}
		return everyone, []madeCondition{{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", []string{f[1] + "/*/" + f[2] + "/*"}}}
	case memberPattern.MatchString(text):
		return madePrincipal{policy.PrincipalAWS, memberPattern.FindStringSubmatch(text)[1]}, nil
	case strings.HasPrefix(text, "arn:") && strings.ContainsAny(text, "*?"):
		// Patterns without an account are of the account itself (AWS Service Catalog
		// API Reference, "AssociatePrincipalWithPortfolio", IAM_PATTERN).
		limits := []madeCondition{{"ArnLike", "aws:PrincipalArn", []string{strings.Replace(text, ":iam:::", ":iam::*:", 1)}}}
		if strings.Contains(text, ":iam:::") {
			limits = append(limits, madeCondition{"StringEquals", "aws:PrincipalAccount", []string{m.ownID()}})
		}
		return everyone, limits
	case servicePattern.MatchString(text):
		return madePrincipal{policy.PrincipalService, text}, nil
	}
	return madePrincipal{policy.PrincipalAWS, text}, nil
}

// literal is a text of a form, in which the words with an at sign have a meaning.
func (m *maker) literal(text string, as use) string {
	switch {
	case text == "@networks":
		name := "networks of " + m.p.Address
		text = "unknown:" + plainText.Replace(name)
		m.symbols[text] = name
	case text == ownAccount && as == asText:
		return m.ownID()
	}
	return text
}

// ownID is the account of the object, or a symbol for it.
func (m *maker) ownID() string {
	if m.p.Account != "" {
		return m.p.Account
	}
	name := "account of " + m.p.Address
	text := "unknown:" + plainText.Replace(name)
	m.symbols[text] = name
	return text
}

// ownRoot is the account of the object as a principal. As a symbol it is an ARN, since
// it cannot turn out to be anyone.
func (m *maker) ownRoot() string {
	if m.p.Account != "" {
		return m.p.Account
	}
	name := "account of " + m.p.Address
	text := "arn:unknown:iam::unknown:" + plainText.Replace(name)
	m.symbols[text] = name
	return text
}
