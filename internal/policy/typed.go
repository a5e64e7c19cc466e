package policy

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxNumber and maxExponent bound the numbers that are compared exactly; nothing
// real comes near. A number beyond them counts as no number.
const (
	maxNumber   = 200
	maxExponent = 400
)

var numberForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE]([+-]?[0-9]{1,9}))?$`)

// parseNumber reads an integer or decimal, exactly.
func parseNumber(s string) (*big.Rat, bool) {
	if len(s) > maxNumber {
		return nil, false
	}
	m := numberForm.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	if m[3] != "" {
		if e, err := strconv.Atoi(m[3]); err != nil || e > maxExponent || e < -maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// dateForm is the W3C profile of ISO 8601 (IAM User Guide, "IAM JSON policy
// elements: Condition operators"): each part may be left out with all behind it,
// but a time needs its zone. The groups are time of day, fraction, zone.
var dateForm = regexp.MustCompile(`^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(\.[0-9]{1,30})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$`)

var epochForm = regexp.MustCompile(`^[0-9]{1,18}$`)

// parseInstant reads a date in one of the W3C forms, or seconds since 1970, as
// seconds since 1970. Four digits are a year. A date without a time is its first
// moment in UTC.
func parseInstant(s string) (*big.Rat, bool) {
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		if epochForm.MatchString(s) {
			return new(big.Rat).SetString(s)
		}
		return nil, false
	}
	fraction := m[2]
	text := strings.Replace(s, fraction, "", 1)
	layout := "2006-01-02T15:04:05Z07:00"
	switch {
	case m[1] == "":
		layout = layout[:len(text)]
	case len(text)-len(m[3]) == len("2006-01-02T15:04"):
		layout = "2006-01-02T15:04Z07:00"
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return nil, false
	}
	x := new(big.Rat).SetInt64(t.Unix())
	if fraction != "" {
		f, _ := new(big.Rat).SetString("0" + fraction)
		x.Add(x, f)
	}
	return x, true
}

// parseBool reads true or false in any case.
func parseBool(s string) (value, ok bool) {
	return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// parseBinary decodes base64.
func parseBinary(s string) (string, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return string(b), err == nil && !strings.ContainsAny(s, "\r\n")
}

// parseAddress reads an IP address. An IPv4 address written as IPv6 stays IPv6,
// and no zone is taken.
func parseAddress(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Zone() == ""
}

// parseRange reads a range of addresses; without a length it is the one address.
// Bits behind the length are ignored.
func parseRange(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, ok := parseAddress(s)
		if !ok {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	r, err := netip.ParsePrefix(s)
	return r.Masked(), err == nil
}
