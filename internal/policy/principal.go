package policy

import (
	"fmt"
	"regexp"
	"strings"
)

// ParsePrincipal reads a principal as requests write it: "*" is the anonymous
// caller, service principals, ARNs, account ids, unique ids, canonical user ids and
// the web identity providers that every account has stand bare. Anything can be
// written with its type: "AWS:", "Federated:", "Service:" or "CanonicalUser:" in
// front.
func ParsePrincipal(text string) (Principal, error) {
	if text == "*" {
		return Principal{Type: PrincipalAll}, nil
	}
	for _, t := range principalTypes {
		if id, ok := strings.CutPrefix(text, t.String()+":"); ok && id != "" {
			return Principal{Type: t, ID: id}, nil
		}
	}
	if t := bareType(text); t != PrincipalNone {
		return Principal{Type: t, ID: text}, nil
	}
	return Principal{}, fmt.Errorf(`principal %q is of no known form; expected "*", an ARN, an account id or a service principal, or the type in front, as in "Federated:idp.example.com"`, text)
}

// String writes p so that ParsePrincipal reads it back; "" is the absent principal.
func (p Principal) String() string {
	switch {
	case p.Type == PrincipalNone:
		return ""
	case p.Type == PrincipalAll:
		return "*"
	case bareType(p.ID) == p.Type:
		return p.ID
	}
	return p.Type.String() + ":" + p.ID
}

var principalTypes = []PrincipalType{PrincipalAWS, PrincipalFederated, PrincipalService, PrincipalCanonical}

var (
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	canonicalID = regexp.MustCompile(`^[0-9a-f]{64}$`)
	providerARN = regexp.MustCompile(`^arn:[^:]*:iam::[^:]*:(oidc|saml)-provider/`)
	// serviceName takes regional and partition forms too, such as
	// logs.eu-west-1.amazonaws.com and ec2.amazonaws.com.cn.
	serviceName = regexp.MustCompile(`^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|aws\.internal)$`)
)

// webIdentities are the providers that need no ARN (IAM User Guide, "AWS JSON
// policy elements: Principal").
var webIdentities = map[string]bool{
	"cognito-identity.amazonaws.com": true,
	"accounts.google.com":            true,
	"www.amazon.com":                 true,
	"graph.facebook.com":             true,
}

// bareType is the type of a principal that stands without its type, or none.
func bareType(id string) PrincipalType {
	switch {
	case webIdentities[id] || providerARN.MatchString(id):
		return PrincipalFederated
	case strings.HasPrefix(id, "arn:") || accountID.MatchString(id) || uniqueID.MatchString(id):
		return PrincipalAWS
	case serviceName.MatchString(id):
		return PrincipalService
	case canonicalID.MatchString(id):
		return PrincipalCanonical
	}
	return PrincipalNone
}
