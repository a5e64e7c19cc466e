package rules

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// conditionLints are about conditions.
var conditionLints = []Lint{
	{"INVALID_CONDITION_MULTIPLE_BOOLEAN", Refused, "A Bool or Null condition has true and false, which is no limit", eachCondition(multipleBoolean)},
	{"NULL_WITH_QUALIFIER", Idle, "Null with ForAllValues is always true and with ForAnyValue always false", eachCondition(nullQualified)},
	{"WILDCARD_WITHOUT_LIKE_OPERATOR", Idle, "A value has a wildcard, which is a plain character under this operator", eachCondition(plainWildcard)},
	{"FORALLVALUES_WITH_SINGLE_VALUED_KEY", Lax, "Allow with ForAllValues on a key with one value also covers requests without the key", each(forAllSingle)},
	{"FORALLVALUES_WITHOUT_NULL_CHECK", Lax, "Allow with ForAllValues also covers requests without the key, which is about who asks", each(forAllOpen)},
	{"MISSING_QUALIFIER", Refused, "A condition on a key with several values has neither ForAllValues nor ForAnyValue", eachCondition(unqualified)},
	{"TYPE_MISMATCH", Idle, "A condition operator is not for the type of the key, or no value is of its type", eachCondition(wrongType)},
	{"INVALID_DATE_VALUE", Idle, "A date is given in seconds since 1970", eachCondition(epochDate)},
	{"PRIVATE_IP_ADDRESS", Idle, "aws:SourceIp is compared with private addresses only, which it never is", eachCondition(privateAddress(false))},
	{"PRIVATE_NOT_IP_ADDRESS", Idle, "aws:SourceIp is compared with private addresses only, which it never is", eachCondition(privateAddress(true))},
	{"INVALID_VPC_FORMAT", Idle, "A value of aws:SourceVpc is no id of a VPC", eachCondition(networkID("aws:sourcevpc", "vpc"))},
	{"INVALID_VPCE_FORMAT", Idle, "A value of aws:SourceVpce is no id of a VPC endpoint", eachCondition(networkID("aws:sourcevpce", "vpce"))},
	{"MISSING_TAG_KEY_IN_CONDITION", Refused, "A condition key for a tag does not name the tag", eachCondition(tagWithoutKey)},
	{"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Idle, "A statement for AWS services asks for a key that no request of a service has", each(serviceWithoutKey)},
	{"INVALID_GLOBAL_CONDITION_KEY", Idle, "No global condition key is called so, as far as is known", eachCondition(unknownGlobalKey)},
	{"INVALID_SERVICE_CONDITION_KEY", Idle, "The service has no such condition key, as far as is known", eachCondition(unknownServiceKey)},
}

func eachCondition(find func(*lintText, *policy.Statement, *policy.Condition) []trouble) func(*lintText) []trouble {
	return each(func(t *lintText, s *policy.Statement) []trouble {
		var out []trouble
		for i := range s.Conditions {
			out = append(out, find(t, s, &s.Conditions[i])...)
		}
		return out
	})
}

// never is the class of a condition of which some values never match a request. Where
// all are such, a positive condition is never met, and a negated one always; an Allow
// that is always met, or a Deny that never is, gives more than it looks like.
func never(s *policy.Statement, c *policy.Condition, values int) LintClass {
	switch {
	case values < len(c.Values), (s.Effect == policy.Allow) != c.Operator.Negated:
		return Idle
	case c.Operator.IfExists || c.Operator.Qualifier == policy.ForAllValues:
		return Idle // met without the key
	}
	return Lax
}

// bad lists values for which a test holds, as troubles of one condition.
func bad(s *policy.Statement, c *policy.Condition, test func(string) bool, format string, a ...any) []trouble {
	var out []trouble
	for _, v := range c.Values {
		if test(v.Text) {
			out = append(out, in(s, v.Range(), format, append([]any{c.Operator.Name, c.Key, v.Text}, a...)...))
		}
	}
	class := never(s, c, len(out))
	for i := range out {
		out[i].class = class
	}
	return out
}

func multipleBoolean(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if c.Operator.Test != policy.Bool && c.Operator.Test != policy.Null {
		return nil
	}
	has := func(b string) bool {
		return slices.ContainsFunc(c.Values, func(v policy.Value) bool { return strings.EqualFold(v.Text, b) })
	}
	if !has("true") || !has("false") {
		return nil
	}
	return one(in(s, c.Range(), "%s on %s with both true and false is no limit. Use one of them.", c.Operator.Name, c.Key))
}

func nullQualified(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if c.Operator.Test != policy.Null || c.Operator.Qualifier == policy.NoQualifier {
		return nil
	}
	always, class := "true", Idle
	if c.Operator.Qualifier == policy.ForAnyValue {
		always = "false"
	}
	if (s.Effect == policy.Allow) == (always == "true") {
		class = Lax
	}
	return one(in(s, c.Range(), "%s on %s is always %s. Use Null.", c.Operator.Name, c.Key, always).as(class))
}

// plainKeys are those whose values have a wildcard as a plain character: names of
// certificates and of records.
var plainKeys = []string{"acm:", "route53:", "acm-pca:"}

func plainWildcard(t *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if c.Operator.Test != policy.StringEquals && c.Operator.Test != policy.StringEqualsIgnoreCase ||
		slices.ContainsFunc(plainKeys, func(prefix string) bool { return strings.HasPrefix(c.KeyName(), prefix) }) {
		return nil
	}
	like := "StringLike"
	if c.Operator.Negated {
		like = "StringNotLike"
	}
	return bad(s, c, func(v string) bool { return t.known(v) && hasWildcard(v, t.HasVariables()) },
		"%s takes %s as it stands: the wildcard in %q is a plain character. Use %s.", like)
}

// hasWildcard reports whether a text has a wildcard that is not written as ${*} or ${?},
// nor a part of a variable.
func hasWildcard(text string, variables bool) bool {
	p, err := policy.ParsePattern(text, variables, true)
	return err == nil && slices.ContainsFunc(p, func(piece policy.Piece) bool {
		return piece.Kind == policy.AnySequence || piece.Kind == policy.AnyChar
	})
}

// keyPresent reports whether another condition of a statement asks that a key be there.
func keyPresent(s *policy.Statement, key string) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		switch {
		case c.KeyName() != key || c.Operator.Qualifier == policy.ForAllValues || c.Operator.IfExists || len(c.Values) == 0:
			return false
		case c.Operator.Test == policy.Null:
			return !slices.ContainsFunc(c.Values, func(v policy.Value) bool { return !strings.EqualFold(v.Text, "false") })
		}
		return !c.Operator.Negated || c.Operator.Qualifier == policy.ForAnyValue
	})
}

// forAll lists the ForAllValues conditions of an Allow that a request without the key
// meets.
func forAll(s *policy.Statement) []policy.Condition {
	var out []policy.Condition
	for _, c := range s.Conditions {
		if s.Effect == policy.Allow && c.Operator.Qualifier == policy.ForAllValues && c.Operator.Test != policy.Null &&
			len(c.Values) > 0 && !keyPresent(s, c.KeyName()) {
			out = append(out, c)
		}
	}
	return out
}

// alwaysThere are the keys that every request has (IAM User Guide, "AWS global condition
// context keys"); aws:PrincipalArn too, where nobody is anonymous.
var alwaysThere = []string{
	"aws:currenttime", "aws:epochtime", "aws:principalaccount", "aws:principaltype", "aws:requestedregion", "aws:securetransport",
	"aws:userid", "aws:viaawsservice",
}

// forAllSingle leaves out IfExists, which says that the key may be missing.
func forAllSingle(t *lintText, s *policy.Statement) []trouble {
	var out []trouble
	for _, c := range forAll(s) {
		there := slices.Contains(alwaysThere, c.KeyName()) || c.KeyName() == "aws:principalarn" && t.Kind == policy.Identity
		if _, several, ok := catalog.ConditionKey(c.Key); ok && !several && !there && !c.Operator.IfExists {
			out = append(out, in(s, c.Range(), "%s has one value, and %s on it is also met by requests that do not have it. Use the operator without ForAllValues.", c.Key, c.Operator.Name))
		}
	}
	return out
}

// aboutTheCaller are keys with several values that say who asks, or through what: a
// request without them is that of somebody else.
var aboutTheCaller = []string{
	"aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "aws:sourceorgpaths", "aws:vpceorgpaths",
}

func forAllOpen(_ *lintText, s *policy.Statement) []trouble {
	var out []trouble
	for _, c := range forAll(s) {
		if slices.Contains(aboutTheCaller, c.KeyName()) && !c.Operator.IfExists {
			out = append(out, in(s, c.Range(), "%s on %s is also met by requests that do not have the key. Use ForAnyValue, or add Null with false.", c.Operator.Name, c.Key))
		}
	}
	return out
}

// severalValues are the global keys that hold lists (IAM User Guide, "AWS global
// condition context keys").
var severalValues = append([]string{"aws:tagkeys", "aws:resourceorgpaths"}, aboutTheCaller...)

func unqualified(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if c.Operator.Qualifier != policy.NoQualifier || c.Operator.Test == policy.Null || !slices.Contains(severalValues, c.KeyName()) {
		return nil
	}
	return one(in(s, c.Range(), "%s holds a list, for which %s does not say whether all or any of the values are meant. Use ForAllValues or ForAnyValue.", c.Key, c.Operator.Name))
}

// wrongType finds operators whose type the key never has, and ARN operators whose values
// are no ARNs.
func wrongType(t *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	key, _, ok := catalog.ConditionKey(c.Key)
	want := ""
	switch c.Operator.Test {
	case policy.IPAddress:
		if ok && key != catalog.IPAddress && global(c.Key) {
			want = key.String()
		}
	case policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals,
		policy.NumericEquals, policy.NumericLessThan, policy.NumericLessThanEquals, policy.NumericGreaterThan, policy.NumericGreaterThanEquals:
		if ok && global(c.Key) && !strings.Contains(c.Key, "/") && (key == catalog.String || key == catalog.ARN || key == catalog.Bool || key == catalog.IPAddress) &&
			!numberLike(c.KeyName()) {
			want = key.String()
		}
	case policy.ArnLike:
		return bad(s, c, func(v string) bool {
			first, _, _ := strings.Cut(v, ":")
			return t.literal(first) && first != "arn" && v != "" && t.known(v)
		}, "%s on %s takes ARNs, and %q is none. Use a String operator or an ARN.")
	}
	if want == "" {
		return nil
	}
	return one(in(s, c.Range(), "%s is not for %s, which is of type %s. Use an operator for that type.", c.Operator.Name, c.Key, want).as(never(s, c, len(c.Values))))
}

func global(key string) bool { return strings.HasPrefix(strings.ToLower(key), "aws:") }

// numberLike are String keys whose values can be numbers.
func numberLike(key string) bool { return strings.HasSuffix(key, "account") || key == "aws:userid" }

var seconds = regexp.MustCompile(`^[0-9]{5,}$`)

func epochDate(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	switch c.Operator.Test {
	case policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals:
	default:
		return nil
	}
	if c.KeyName() == "aws:epochtime" {
		return nil
	}
	out := bad(s, c, seconds.MatchString, "%s on %s with %q might not be read as the date that is meant. Use a date such as 2006-01-02.")
	for i := range out {
		out[i].class = Idle
	}
	return out
}

var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
}

func private(text string) bool {
	r, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return false
		}
		r = netip.PrefixFrom(a, a.BitLen())
	}
	return slices.ContainsFunc(privateRanges, func(p netip.Prefix) bool { return p.Bits() <= r.Bits() && p.Contains(r.Addr()) })
}

// privateAddress finds aws:SourceIp against private ranges only: the key holds the
// public address of the caller, and is not there for requests through a VPC endpoint.
func privateAddress(negated bool) func(*lintText, *policy.Statement, *policy.Condition) []trouble {
	return func(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
		if c.Operator.Test != policy.IPAddress || c.Operator.Negated != negated || c.KeyName() != "aws:sourceip" || len(c.Values) == 0 ||
			slices.ContainsFunc(c.Values, func(v policy.Value) bool { return !private(v.Text) }) {
			return nil
		}
		return one(in(s, c.Range(), "%s on aws:SourceIp lists private addresses only, and the key never holds one. Use public addresses, or aws:VpcSourceIp.", c.Operator.Name).
			as(never(s, c, len(c.Values))))
	}
}

// networkID finds values that are no ids: of 8 or 17 characters behind the prefix.
func networkID(key, prefix string) func(*lintText, *policy.Statement, *policy.Condition) []trouble {
	form := regexp.MustCompile(`^` + prefix + `-([0-9a-z]{8}|[0-9a-z]{17})$`)
	return func(t *lintText, s *policy.Statement, c *policy.Condition) []trouble {
		if c.KeyName() != key || c.Operator.Test != policy.StringEquals && c.Operator.Test != policy.StringLike {
			return nil
		}
		return bad(s, c, func(v string) bool { return t.literal(v) && !form.MatchString(v) },
			"%s on %s: %q is not "+prefix+"- and 8 or 17 characters. Correct the id.")
	}
}

var tagKeys = []string{"aws:requesttag", "aws:resourcetag", "aws:principaltag"}

func tagWithoutKey(_ *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if !slices.Contains(tagKeys, strings.TrimSuffix(c.KeyName(), "/")) {
		return nil
	}
	return one(in(s, c.Range(), "%s does not say which tag. Write %s/name.", c.Key, strings.TrimSuffix(c.Key, "/")))
}

// otherGlobalKeys are known besides those of the catalogue: old names that the service
// still takes.
var otherGlobalKeys = []string{"aws:arn", "aws:sourcearn", "aws:useragent", "aws:referer"}

func unknownGlobalKey(t *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	if _, _, ok := catalog.ConditionKey(c.Key); ok || !global(c.Key) || !t.known(c.Key) || slices.Contains(otherGlobalKeys, c.KeyName()) ||
		slices.Contains(tagKeys, strings.TrimSuffix(c.KeyName(), "/")) || namedByAWS(c.Key) {
		return nil
	}
	return one(in(s, c.Range(), "%s is none of the global condition keys that were known on %s.%s", c.Key, edition(), t.didYouMean(c.Key, keysOf("aws"), "")))
}

func unknownServiceKey(t *lintText, s *policy.Statement, c *policy.Condition) []trouble {
	service, _, _ := strings.Cut(c.KeyName(), ":")
	if _, _, ok := catalog.ConditionKey(c.Key); ok || !t.known(c.Key) || service == "aws" || !hasService(service) || namedByAWS(c.Key) {
		return nil
	}
	keys := keysOf(service)
	base, _, part := strings.Cut(c.KeyName(), "/")
	if len(keys) == 0 || part && slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(strings.ToLower(k), base+"/") }) {
		return nil // the catalogue does not always mark what stands for a name
	}
	return one(in(s, c.Range(), "%s is none of the condition keys of %s that were known on %s.%s", c.Key, service, edition(), t.didYouMean(c.Key, keys, "")))
}

// keysOf lists the known condition keys with a prefix.
func keysOf(prefix string) []string {
	all := catalog.ConditionKeys()
	prefix += ":"
	i, _ := slices.BinarySearchFunc(all, prefix, func(key, prefix string) int { return strings.Compare(strings.ToLower(key), prefix) })
	j := i
	for j < len(all) && strings.HasPrefix(strings.ToLower(all[j]), prefix) {
		j++
	}
	return all[i:j]
}
