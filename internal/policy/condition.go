package policy

import (
	"slices"
	"strings"
)

// condition decides one key under one operator (IAM User Guide, "IAM JSON policy
// elements: Condition operators" and "Conditions with multiple context keys or
// values"). An empty list of values is a missing key.
func (e *evaluation) condition(d *Document, c Condition) bool {
	op, values := c.Operator, e.context[c.KeyName()]
	missing := len(values) == 0
	if op.Test == Null {
		return e.null(c, missing)
	}
	if len(c.Values) == 0 && e.reading.EmptyListHolds && op.Qualifier == NoQualifier && !op.IfExists {
		return true
	}
	// For a negated operator a value holds when it matches none of the list.
	holds := func(value string) bool {
		return slices.ContainsFunc(c.Values, func(v Value) bool { return e.value(d, op.Test, v.Text, value) }) != op.Negated
	}
	switch op.Qualifier {
	case ForAllValues:
		// Also true when there is no value at all, and for a null data set "such as
		// an empty string": of only empty strings there is none that counts.
		return !slices.ContainsFunc(values, func(v string) bool { return v != "" }) ||
			!slices.ContainsFunc(values, func(v string) bool { return !holds(v) })
	case ForAnyValue:
		// Never true for a missing key, also when negated; whether IfExists changes
		// that is open.
		if missing {
			return op.IfExists && e.reading.AnyIfExistsOnMissing
		}
		return slices.ContainsFunc(values, holds)
	case NoQualifier:
	}
	switch {
	case missing:
		return op.Negated || op.IfExists
	case len(values) > 1:
		// Several values need a qualifier. Without one the condition never matches,
		// negated or not; the documents only call it an error.
		return false
	}
	return holds(values[0])
}

// null decides Null: "true" asks for a missing key, "false" for a present one,
// whatever its values. With a qualifier the outcome is the same for all requests
// (finding NULL_WITH_QUALIFIER of the policy check reference).
func (e *evaluation) null(c Condition, missing bool) bool {
	switch {
	case c.Operator.Qualifier == ForAllValues:
		return true
	case c.Operator.Qualifier == ForAnyValue:
		return false
	case len(c.Values) == 0:
		return e.reading.EmptyListHolds
	}
	return slices.ContainsFunc(c.Values, func(v Value) bool {
		if missing {
			return strings.EqualFold(v.Text, "true")
		}
		return strings.EqualFold(v.Text, "false")
	})
}

// value compares one value of the request with one of the policy. Where either is
// not of the test's type the two do not match, so that a negated operator holds.
func (e *evaluation) value(d *Document, t Test, policy, request string) bool {
	switch t {
	case StringEquals, StringEqualsIgnoreCase, StringLike, ArnLike:
		return e.text(t, policy, request, d.HasVariables())
	case NumericEquals, NumericLessThan, NumericLessThanEquals, NumericGreaterThan, NumericGreaterThanEquals:
		return matchNumber(t, policy, request)
	case DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan, DateGreaterThanEquals:
		return matchDate(t, policy, request)
	case Bool:
		return matchBool(policy, request)
	case BinaryEquals:
		return matchBinary(policy, request)
	case IPAddress:
		return matchAddress(policy, request)
	case Null, TestInvalid:
	}
	return false
}
