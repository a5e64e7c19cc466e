package rules

import (
	"net/netip"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// trusted says, for each condition key that a caller cannot choose, which values of
// it name somebody: a fixed account, organization, network or service (Amazon S3
// User Guide, "Blocking public access to your Amazon S3 storage"; Amazon DynamoDB
// Developer Guide, "Blocking public access to resource-based policies").
var trusted = map[string]func(string) bool{
	"aws:principalaccount":          isAccount,
	"aws:sourceaccount":             isAccount,
	"aws:sourceowner":               isAccount,
	"kms:calleraccount":             isAccount,
	"s3:dataaccesspointaccount":     isAccount,
	"aws:principalorgid":            isOrganization,
	"aws:sourceorgid":               isOrganization,
	"aws:principalorgpaths":         isOrganizationPath,
	"aws:sourceorgpaths":            isOrganizationPath,
	"aws:principalarn":              isOwnedARN,
	"aws:sourcearn":                 isOwnedARN,
	"s3:dataaccesspointarn":         isOwnedARN,
	"aws:sourceip":                  isNarrowRange,
	"aws:sourcevpc":                 isFixed,
	"aws:sourcevpce":                isFixed,
	"aws:ec2instancesourcevpc":      isFixed,
	"aws:principalservicename":      isFixed,
	"aws:principalservicenameslist": isFixed,
	"aws:principalisawsservice":     func(v string) bool { return strings.EqualFold(v, "true") },
	"aws:userid":                    isFixedUser,
}

// holdsBack reports whether a condition keeps strangers out: it asks for values
// that name somebody, and is false for everything else, also for a missing key.
func holdsBack(c policy.Condition) bool {
	names, ok := trusted[c.KeyName()]
	op := c.Operator
	if !ok || op.Negated || op.IfExists || op.Qualifier == policy.ForAllValues || len(c.Values) == 0 {
		return false
	}
	switch op.Test {
	case policy.StringEquals, policy.StringEqualsIgnoreCase, policy.StringLike, policy.ArnLike, policy.IPAddress, policy.Bool:
	default:
		return false
	}
	for _, v := range c.Values {
		if strings.Contains(v.Text, "${") || !names(v.Text) {
			return false
		}
	}
	return true
}

func isFixed(v string) bool { return v != "" && !strings.ContainsAny(v, "*?") }

func isOrganization(v string) bool { return strings.HasPrefix(v, "o-") && len(v) > 2 && isFixed(v) }

// isOrganizationPath accepts wildcards behind a fixed organization.
func isOrganizationPath(v string) bool {
	org, _, _ := strings.Cut(v, "/")
	return isOrganization(org)
}

// isOwnedARN accepts wildcards where the account is fixed; ARNs without an account,
// such as buckets, have to be fixed as a whole.
func isOwnedARN(v string) bool {
	f := strings.SplitN(v, ":", 6)
	if len(f) != 6 {
		return false
	}
	return isAccount(f[4]) || f[4] == "" && isFixed(v)
}

// isFixedUser accepts a session wildcard behind a fixed role id.
func isFixedUser(v string) bool {
	id, session, found := strings.Cut(v, ":")
	return isFixed(id) && (!found || session != "")
}

// isNarrowRange refuses ranges of more than a /8, or a /32 of IPv6. The private
// networks of IPv4 are no wider than that.
func isNarrowRange(v string) bool {
	p, err := netip.ParsePrefix(v)
	if err != nil {
		_, err = netip.ParseAddr(v)
		return err == nil
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}
