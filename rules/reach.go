package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// isPublic reports whether a statement lets anyone in: every principal, or every
// service or identity provider, and no condition that holds strangers back.
func isPublic(s *policy.Statement) bool {
	if !s.Principal.Not && !hasStar(s.Principal.List) {
		return false
	}
	for _, c := range s.Conditions {
		if holdsBack(c) {
			return false
		}
	}
	return true
}

func hasStar(entries []policy.PrincipalEntry) bool {
	for _, e := range entries {
		if e.Text == "*" {
			return true
		}
	}
	return false
}

// accounts lists the accounts that gain: those the principals name, and those that
// conditions limit everyone to.
func accounts(s *policy.Statement, gain *access.Gain) []string {
	var ids []string
	for _, p := range gain.Principals {
		if id := accountOf(p); id != "" {
			ids = append(ids, id)
		}
	}
	if !hasStar(s.Principal.List) {
		return ids
	}
	for _, c := range s.Conditions {
		switch c.KeyName() {
		case "aws:principalaccount", "aws:principalarn", "kms:calleraccount":
			for _, v := range c.Values {
				if id := accountOf(v.Text); id != "" && holdsBack(c) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// accountOf returns the account of a principal or an account id; "" where there is
// none.
func accountOf(text string) string {
	if f := strings.SplitN(text, ":", 6); len(f) == 6 {
		text = f[4]
	}
	if !isAccount(text) {
		return ""
	}
	return text
}

func isAccount(text string) bool { return len(text) == 12 && strings.Trim(text, "0123456789") == "" }

// reachesOutside reports whether a principal of another account gains. The
// account of the grant's object has to be known.
func reachesOutside(g *extractors.Grant, s *policy.Statement, gain *access.Gain, trust Trust) bool {
	if g.Account == "" {
		return false
	}
	for _, id := range accounts(s, gain) {
		if id != g.Account && !slices.Contains(trust.Accounts, id) && !standsIn(g, id) {
			return true
		}
	}
	return false
}

// mayBeOutside reports whether an account gains, and the input does not tell whether it
// is the own one.
func mayBeOutside(g *extractors.Grant, s *policy.Statement, gain *access.Gain, trust Trust) bool {
	if s.Principal != nil && slices.ContainsFunc(gain.Principals, func(p string) bool { return namesAccount(g, p) }) {
		return true
	}
	return s.Principal != nil && slices.ContainsFunc(accounts(s, gain), func(id string) bool {
		return id != g.OwnAccount && id != g.Account && !slices.Contains(trust.Accounts, id) && (g.Account == "" || standsIn(g, id))
	})
}

// namesOpenAccount reports whether the ARN of a principal has an account that is not known
// before the change, and that no number stands for.
func namesOpenAccount(g *extractors.Grant, s *policy.Statement, gain *access.Gain) bool {
	return s.Principal != nil && slices.ContainsFunc(gain.Principals, func(p string) bool {
		f := strings.SplitN(p, ":", 6)
		return len(f) == 6 && f[0] == "arn" && !isAccount(f[4]) && slices.ContainsFunc(symbolsIn(f[4], g.After.Symbols), func(s extractors.Symbol) bool { return !ownPrincipal(s) })
	})
}

// namesStranger reports whether a principal that gains is one that is not known before the
// change, such as the ARN of a parameter, unless the input makes it itself. Of one that may
// be everyone public-access tells that.
func namesStranger(g *extractors.Grant, s *policy.Statement, gain *access.Gain) bool {
	return s.Principal != nil && slices.ContainsFunc(gain.Principals, func(p string) bool {
		return strings.HasPrefix(p, unknownARN) && slices.ContainsFunc(symbolsIn(p, g.After.Symbols), func(s extractors.Symbol) bool { return !ownPrincipal(s) })
	})
}

// ofServices are the canonical users of AWS itself: of Amazon EC2, which reads bundles of
// images (Amazon S3 User Guide, "Access control list (ACL) overview", aws-exec-read), and of
// the logs of Amazon CloudFront (Amazon CloudFront Developer Guide, "Permissions required to
// configure standard logging").
var ofServices = []string{
	"6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c",
	"c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
}

// namesAccount reports whether a principal is an account by its canonical user: which one
// that is nothing tells. One that is not known before the change is mostly what Amazon
// CloudFront reads a bucket as.
func namesAccount(g *extractors.Grant, principal string) bool {
	id, ok := strings.CutPrefix(principal, "CanonicalUser: ")
	return ok && !slices.Contains(ofServices, id) && len(symbolsIn(id, g.After.Symbols)) == 0
}

// standsIn reports whether an account id is the number that stands for one which is not
// known.
func standsIn(g *extractors.Grant, id string) bool {
	return len(symbolsIn(id, g.After.Symbols)) > 0
}
