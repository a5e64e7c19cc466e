package access

import (
	"math/big"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A sort is the kind of values that a condition key takes, told by the operators
// that are used with it.
type sort uint8

const (
	sortText sort = 1 << iota
	sortNumber
	sortDate
	sortBool
	sortIP
	sortBinary
)

var sortOf = map[policy.Test]sort{
	policy.StringEquals: sortText, policy.StringEqualsIgnoreCase: sortText, policy.StringLike: sortText, policy.ArnLike: sortText,
	policy.NumericEquals: sortNumber, policy.NumericLessThan: sortNumber, policy.NumericLessThanEquals: sortNumber,
	policy.NumericGreaterThan: sortNumber, policy.NumericGreaterThanEquals: sortNumber,
	policy.DateEquals: sortDate, policy.DateLessThan: sortDate, policy.DateLessThanEquals: sortDate,
	policy.DateGreaterThan: sortDate, policy.DateGreaterThanEquals: sortDate,
	policy.Bool: sortBool, policy.IPAddress: sortIP, policy.BinaryEquals: sortBinary,
}

// A matcher is the test of one condition on one value: the union over its policy
// values.
type matcher struct {
	sort     sort
	globs    []*glob // text and bool
	union    *union  // of globs; nil until it is interned
	spans    []span  // number and date
	prefixes []netip.Prefix
	ranges   addressRanges // of prefixes; see addresses
	binaries []string      // decoded
}

// addresses are those of the prefixes.
func (m *matcher) addresses() addressRanges {
	if m.ranges == nil && len(m.prefixes) > 0 {
		m.ranges = rangesOf(m.prefixes)
	}
	return m.ranges
}

// matcher compiles the values of a condition. Values that their operator cannot
// take match nothing.
func (c *compiler) matcher(cond policy.Condition, variables bool) *matcher {
	m := &matcher{sort: sortOf[cond.Operator.Test]}
	for _, v := range cond.Values {
		switch m.sort {
		case sortText, sortBool:
			gs := c.text(cond.Operator.Test, v.Text, variables)
			if variables && len(c.env) > 0 {
				gs = c.settled(cond.KeyName(), form{cond.Operator.Test, v.Text, true}, gs)
			}
			m.globs = append(m.globs, gs...)
		case sortNumber:
			if x, ok := number(v.Text); ok {
				m.spans = append(m.spans, spanOf(cond.Operator.Test, x))
			}
		case sortDate:
			if x, ok := instant(v.Text); ok {
				m.spans = append(m.spans, spanOf(cond.Operator.Test, x))
			}
		case sortIP:
			if p, ok := prefix(v.Text); ok {
				m.prefixes = append(m.prefixes, p)
			}
		case sortBinary:
			if b, ok := binary(v.Text); ok {
				m.binaries = append(m.binaries, b)
			}
		}
	}
	if m.globs != nil {
		m.union = c.in.union(m.globs)
	}
	return m
}

// isText reports whether m compares texts.
func (m *matcher) isText() bool { return m.sort&(sortText|sortBool) != 0 }

// unionOf is the union of a text matcher.
func (c *compiler) unionOf(m *matcher) *union {
	if m.union != nil {
		return m.union
	}
	return c.in.union(m.globs)
}

// text compiles one value of a string, ARN or Bool operator.
func (c *compiler) text(t policy.Test, text string, variables bool) []*glob {
	wild := t == policy.StringLike || t == policy.ArnLike
	if !variables || !strings.Contains(text, "${") {
		switch {
		case t == policy.StringEquals:
			return []*glob{c.in.literal(text)}
		case t == policy.StringLike:
			return c.once(form{test: t, text: text}, 0)
		case t == policy.ArnLike && strings.Count(text, ":") >= 5:
			return c.once(form{test: t, text: text}, 5)
		}
	}
	p, ok := c.patterns.parse(text, variables, wild)
	if !ok {
		return nil
	}
	switch t {
	case policy.ArnLike:
		fields := arnFields(p)
		switch {
		case len(fields) == 6:
			return c.one(c.arn(fields, false))
		case p.HasVariables():
			return c.one(c.variableARN(p))
		case c.reading.ShortARNPatternMatches:
			return append(c.one(c.arn(completed(fields), false)), c.one(c.crossing(fields))...)
		}
		return nil
	case policy.StringEqualsIgnoreCase, policy.Bool:
		return c.one(c.glob(p, false, true))
	default:
		return c.one(c.glob(p, false, false))
	}
}

// once compiles a pattern without variables, for all problems of the ground.
func (c *compiler) once(f form, fields int) []*glob {
	gs, ok := c.forms[f]
	if !ok {
		gs = []*glob{c.in.own(wildGlob(f.text, fields))}
		c.forms[f] = gs
	}
	return gs
}

// literals lists the texts that a text matcher takes, if it takes a list of texts
// only.
func (m *matcher) literals() ([]string, bool) {
	if m.sort != sortText {
		return nil, false
	}
	out := make([]string, len(m.globs))
	for i, g := range m.globs {
		if !g.exact {
			return nil, false
		}
		out[i] = g.text
	}
	return out, true
}

// size is a measure of the work of one match.
func (m *matcher) size() int {
	n := len(m.spans) + bits.Len(uint(len(m.prefixes))) + len(m.binaries)
	for _, g := range m.globs {
		n += 1 + g.length()/8
	}
	return n
}

// appendMatcher writes what identifies m.
func (c *compiler) appendMatcher(b []byte, m *matcher) []byte {
	b = append(b, byte(m.sort))
	if m.sort == sortText || m.sort == sortBool {
		return appendIDs(b, sortedIDs(c.unionOf(m).globs))
	}
	parts := make([]string, 0, len(m.spans)+len(m.prefixes)+len(m.binaries))
	for _, s := range m.spans {
		parts = append(parts, s.key())
	}
	for _, p := range m.prefixes {
		parts = append(parts, p.String())
	}
	parts = append(parts, m.binaries...)
	slices.Sort(parts)
	for _, p := range slices.Compact(parts) {
		b = append(append(b, 0), p...)
	}
	return b
}

func (s span) key() string {
	part := func(x *big.Rat, open bool) string {
		if x == nil {
			return "-"
		}
		return x.RatString() + strconv.FormatBool(open)
	}
	return part(s.lo, s.loOpen) + ".." + part(s.hi, s.hiOpen)
}

// match tests a value written as in a request. A template matches every string it
// could stand for.
func (m *matcher) match(v string) bool {
	switch m.sort {
	case sortNumber, sortDate:
		x, ok := number(v)
		if m.sort == sortDate {
			x, ok = instant(v)
		}
		return ok && slices.ContainsFunc(m.spans, func(s span) bool { return s.contains(x) })
	case sortIP:
		a, err := netip.ParseAddr(v)
		return err == nil && a.Zone() == "" && m.addresses().contains(a)
	case sortBinary:
		b, ok := binary(v)
		return ok && slices.Contains(m.binaries, b)
	default:
		return slices.ContainsFunc(m.globs, func(g *glob) bool { return g.match(v) })
	}
}

// vague reports whether m's answer for v rests on the unknown value of a variable.
func (m *matcher) vague(v string) bool {
	vague := false
	for _, g := range m.globs {
		if g.match(v) {
			if g.tmpl == nil {
				return false
			}
			vague = true
		}
	}
	return vague
}
