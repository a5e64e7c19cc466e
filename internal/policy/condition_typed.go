package policy

import "math/big"

// matchNumber compares decimals exactly: request OP policy.
func matchNumber(t Test, policy, request string) bool {
	p, ok := parseNumber(policy)
	if !ok {
		return false
	}
	r, ok := parseNumber(request)
	return ok && ordered(t, r, p)
}

// matchDate compares instants: request OP policy.
func matchDate(t Test, policy, request string) bool {
	p, ok := parseInstant(policy)
	if !ok {
		return false
	}
	r, ok := parseInstant(request)
	return ok && ordered(t, r, p)
}

func ordered(t Test, a, b *big.Rat) bool {
	order := a.Cmp(b)
	switch t {
	case NumericLessThan, DateLessThan:
		return order < 0
	case NumericLessThanEquals, DateLessThanEquals:
		return order <= 0
	case NumericGreaterThan, DateGreaterThan:
		return order > 0
	case NumericGreaterThanEquals, DateGreaterThanEquals:
		return order >= 0
	default:
		return order == 0
	}
}

// matchBinary compares the bytes that base64 texts stand for.
func matchBinary(policy, request string) bool {
	p, ok := parseBinary(policy)
	if !ok {
		return false
	}
	r, ok := parseBinary(request)
	return ok && p == r
}

// matchAddress reports whether an address is in a range. IPv4 and IPv6 never
// match each other.
func matchAddress(policy, request string) bool {
	p, ok := parseRange(policy)
	if !ok {
		return false
	}
	r, ok := parseAddress(request)
	return ok && p.Contains(r)
}
