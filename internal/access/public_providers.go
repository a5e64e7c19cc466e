package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// providerHost is how a web identity provider is called in keys of its tokens, in lower
// case. Services are called so in no key: their prefixes have no dot.
var providerHost = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+(:[0-9]+)?(/[a-z0-9._~%/-]*)?$`)

// hostOf is the address of a web identity provider, by which the keys of its tokens are
// called; told is false where the text leaves it open, as a value that is not known.
func hostOf(provider string) (host string, told bool) {
	if _, name, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		provider = name
	}
	host = strings.ToLower(provider)
	return host, providerHost.MatchString(host)
}

// keyHosts are the providers that condition keys of a document are called by.
func keyHosts(doc *policy.Document) []string {
	var out []string
	for _, s := range doc.Statements {
		for _, c := range s.Conditions {
			key := c.KeyName()
			i := strings.LastIndexByte(key, ':')
			if i > 0 && providerHost.MatchString(key[:i]) && !slices.Contains(out, key[:i]) {
				out = append(out, key[:i])
			}
		}
	}
	return out
}

// ForeignKey reports whether a condition key is one of the tokens of another web identity
// provider than that of a Federated principal, so that no request of it has the key. Where
// it is not known which provider it is, no key is.
func ForeignKey(provider, key string) bool {
	own, told := hostOf(provider)
	key = strings.ToLower(key)
	i := strings.LastIndexByte(key, ':')
	return told && i > 0 && providerHost.MatchString(key[:i]) && !mayBeOne(key[:i], own)
}

// mayBeOne reports whether two addresses may call the same provider: where they are the
// same but for a path that one of them leaves out, or are names that Amazon Cognito has in
// two partitions, it is documented nowhere that keys by the one are in no token of the
// other.
func mayBeOne(a, b string) bool {
	a, b = strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/")
	hostA, _, longA := strings.Cut(a, "/")
	hostB, _, longB := strings.Cut(b, "/")
	return a == b || hostA == hostB && longA != longB || isCognito(a) && isCognito(b)
}

func isCognito(host string) bool { return strings.HasPrefix(host, "cognito-identity") }

// foreign are conditions that no request of a provider meets: that it has a key of the
// tokens of another one (IAM User Guide, "IAM and AWS STS condition context keys": keys
// of web identity federation are called by the provider that issued the token).
func foreign(provider string, doc *policy.Document) []policy.Condition {
	var out []policy.Condition
	null, _ := policy.ParseOperator("Null")
	seen := map[string]bool{}
	for _, s := range doc.Statements {
		for _, c := range s.Conditions {
			key := c.KeyName()
			if seen[key] || !ForeignKey(provider, key) {
				continue
			}
			seen[key] = true
			out = append(out, policy.Condition{Operator: null, Key: key, Values: texts("false")})
		}
	}
	return out
}

// samlActions are what identities of SAML providers ask for, and nobody of a web identity
// provider; the last two are only asked for along with another.
var samlActions = []string{"sts:assumerolewithsaml", "sts:tagsession", "sts:setsourceidentity"}

// signsSAML reports whether a provider that a text leaves open gets nothing but what
// identities of a SAML provider can ask for, so that no other could use it.
func signsSAML(provider string, doc *policy.Document) bool {
	if _, told := hostOf(provider); told || strings.ContainsAny(provider, "*?") || strings.Contains(provider, ":oidc-provider/") {
		return false
	}
	for _, s := range doc.Statements {
		if s.Effect != policy.Allow || s.Principal == nil || !slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool {
			return s.Principal.Not || e.Type == policy.PrincipalAll || e.Text == "*" || e.Type == policy.PrincipalFederated && e.Text == provider
		}) {
			continue
		}
		if s.Action.Not || slices.ContainsFunc(s.Action.List, func(a policy.Value) bool { return !slices.Contains(samlActions, strings.ToLower(a.Text)) }) {
			return false
		}
	}
	return true
}

// claimsOf lists the keys that say whose token of a web identity provider it is. SAML
// providers have none: an account sets up each with one organization's identities.
func claimsOf(provider string) []trustedKey {
	if f := strings.SplitN(provider, ":", 6); len(f) == 6 && f[2] == "iam" && strings.HasPrefix(f[5], "saml-provider/") {
		return nil
	}
	host, _ := hostOf(provider)
	return claimsAt(host)
}

// claimsAt lists them by the provider's address.
func claimsAt(host string) []trustedKey {
	claims, shared := sharedClaims[strings.TrimSuffix(host, "/")]
	if !shared {
		claims = ownClaims
	}
	keys := make([]trustedKey, len(claims))
	for i, c := range claims {
		keys[i] = trustedKey{name: host + ":" + c.name, shape: c.shape}
	}
	return keys
}
