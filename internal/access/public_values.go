package access

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// tests are conditions on the key that say together that it has a value which the
// policy fixes.
func (k trustedKey) tests(doc *policy.Document) []policy.Condition {
	g := given{key: k}
	_, g.set, _ = catalog.ConditionKey(k.name)
	for _, s := range doc.Statements {
		for _, c := range s.Conditions {
			if c.KeyName() == k.name {
				g.take(s.Effect, c)
			}
		}
	}
	return g.tests()
}

// given is what the conditions of a policy give a trusted key.
type given struct {
	key       trustedKey
	mentioned bool
	set       bool // the key can have several values
	// The fixed values: as they are, without regard to case, and patterns.
	exact, folded, shaped []string
	ranges                []netip.Prefix // of Allow statements
	denied                []netip.Prefix // fixed ones that Deny statements exempt
}

// take adds a condition. Only what narrows access counts: a positive operator in
// Allow, a negated one in Deny. IfExists in Allow grants access without the key.
func (g *given) take(effect policy.Effect, c policy.Condition) {
	g.mentioned = true
	if c.Operator.Test == policy.Null {
		return
	}
	g.set = g.set || c.Operator.Qualifier != policy.NoQualifier
	if c.Operator.Negated != (effect == policy.Deny) || effect == policy.Allow && c.Operator.IfExists {
		return
	}
	var ranges []netip.Prefix
	for _, v := range c.Values {
		switch g.key.kind {
		case trustText:
			g.text(c.Operator.Test, v.Text)
		case trustRanges:
			if p, ok := prefix(v.Text); ok && c.Operator.Test == policy.IPAddress {
				ranges = append(ranges, p)
			}
		case trustTrue:
		}
	}
	// What several Allow statements grant adds up, what Deny statements exempt does not.
	if effect == policy.Allow {
		g.ranges = append(g.ranges, ranges...)
	} else {
		g.denied = append(g.denied, fixedRanges(ranges)...)
	}
}

// text adds a value of a text operator if it is fixed.
func (g *given) text(test policy.Test, v string) {
	if g.key.never != nil && g.key.never(v) {
		return
	}
	fixed := !strings.ContainsAny(v, "*?") && !strings.Contains(v, "${")
	shape := g.key.shape != nil && !strings.Contains(v, "${") && g.key.shape.MatchString(v)
	switch test {
	case policy.StringEquals:
		if fixed {
			g.exact = append(g.exact, v)
		}
	case policy.StringEqualsIgnoreCase:
		if fixed {
			g.folded = append(g.folded, v)
		}
	case policy.StringLike, policy.ArnLike:
		switch {
		case fixed: // also a short ARN pattern, which stands for itself here and may match more
			g.exact = append(g.exact, v)
		case shape:
			g.shaped = append(g.shaped, v)
		}
	default: // operators of other types say nothing of a text
	}
}

func (g *given) tests() []policy.Condition {
	var out []policy.Condition
	add := func(operator string, values []string) {
		if len(values) == 0 {
			return
		}
		if g.set {
			operator = "ForAnyValue:" + operator
		}
		op, _ := policy.ParseOperator(operator)
		slices.Sort(values)
		out = append(out, policy.Condition{Operator: op, Key: g.key.name, Values: texts(slices.Compact(values)...)})
	}
	switch g.key.kind {
	case trustTrue:
		if g.mentioned {
			add("Bool", []string{"true"})
		}
	case trustRanges:
		var ranges []string
		for _, p := range append(fixedRanges(g.ranges), g.denied...) {
			ranges = append(ranges, p.String())
		}
		add("IpAddress", ranges)
	case trustText:
		if g.set && g.mentioned {
			// ForAllValues is also true of the empty text alone, which AWS sends for none
			// of these keys.
			g.exact = append(g.exact, "")
		}
		add("StringEquals", g.exact)
		add("StringEqualsIgnoreCase", g.folded)
		add("StringLike", g.shaped)
	}
	return out
}
