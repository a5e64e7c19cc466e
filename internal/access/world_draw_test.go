package access_test

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// pool is a supply of elements. A run draws its scenarios from one pool after the
// other, so that what an element matches is asked once for many scenarios.
type pool struct {
	actions    []string
	resources  map[policy.Kind][]string
	principals [][]entry
	conditions map[string][]condition
}

func drawPool(d dice) *pool {
	p := &pool{resources: map[policy.Kind][]string{}, conditions: map[string][]condition{}}
	p.actions = several(120, func() string { return drawAction(d) })
	for _, kind := range []policy.Kind{policy.Identity, policy.Resource} {
		p.resources[kind] = several(120, func() string { return drawResource(d, kind) })
	}
	p.principals = several(80, func() []entry { return some(d, 1+d.roll(3), principalEntries) })
	p.principals = append(p.principals, several(20, func() []entry { return some(d, 1+d.roll(2), wildEntries) })...)
	for _, k := range keys[:len(keys)-1] {
		p.conditions[k.name] = several(30, func() condition { return drawCondition(d, k) })
	}
	return p
}

func several[T any](n int, draw func() T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = draw()
	}
	return all
}

// scenario draws a question. Policies share few condition keys, so that conditions
// meet.
func (p *pool) scenario(d dice) scenario {
	s := scenario{kind: pick(d, []policy.Kind{policy.Identity, policy.Resource})}
	s.asks = pick(d, []asked{noNewAccess, noNewAccess, noNewAccess, noNewAccess, lostDenial, accessNotGranted, gained, gained})
	s.options = access.Options{StrictOpenWorld: !one(d, 3), Explain: one(d, 4)}
	if one(d, 2) {
		s.options = access.SearchAll(s.options)
	}
	named := drawKeys(d)
	if !s.options.StrictOpenWorld && !one(d, 4) {
		named = append(some(d, 1+d.roll(2), factKeys()), named[:min(len(named), 1)]...)
	}
	s.after = p.side(d, s.kind, named, 3)
	if s.asks == accessNotGranted {
		s.listed = p.listed(d)
		return s
	}
	s.before = p.side(d, s.kind, named, 4)
	if one(d, 2) { // small changes are the likely ones
		s.after = p.change(d, s, named)
	}
	if s.asks == gained {
		if !one(d, 4) {
			s.beforeGuard = p.side(d, s.kind, named, 2)
		}
		if s.afterGuard = s.beforeGuard; !one(d, 3) {
			s.afterGuard = p.side(d, s.kind, named, 2)
		}
	}
	return s
}

func drawKeys(d dice) []key { return some(d, d.roll(3), keys[:len(keys)-1]) }

// side draws one document, or two, with at most n statements together.
func (p *pool) side(d dice, kind policy.Kind, named []key, n int) []document {
	docs := make([]document, 1+d.roll(5)/4)
	for i := range docs {
		docs[i].version = pick(d, []string{"2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""})
	}
	for i := range 1 + d.roll(n) {
		doc := &docs[i%len(docs)]
		doc.statements = append(doc.statements, p.statement(d, kind, named))
	}
	return docs
}

// change makes the other side out of the first: a statement more, less or another, or
// one with another part.
func (p *pool) change(d dice, s scenario, named []key) []document {
	docs := clone(s.before)
	doc := &docs[d.roll(len(docs))]
	i := d.roll(len(doc.statements) + 1)
	switch {
	case i == len(doc.statements) || one(d, 3):
		doc.statements = slices.Insert(doc.statements, i, p.statement(d, s.kind, named))
	case one(d, 2):
		doc.statements[i] = p.part(d, doc.statements[i], p.statement(d, s.kind, named))
	case one(d, 2):
		doc.statements[i] = p.statement(d, s.kind, named)
	default:
		doc.statements = slices.Delete(doc.statements, i, i+1)
	}
	return docs
}

// part takes one part of a statement from another.
func (p *pool) part(d dice, s, other statement) statement {
	switch d.roll(7) {
	case 0:
		s.deny = other.deny
	case 1:
		s.notAction, s.actions = other.notAction, other.actions
	case 2:
		s.notResource, s.resources = other.notResource, other.resources
	case 3:
		s.notPrincipal, s.principals = other.notPrincipal, other.principals
	default:
		s.conditions = other.conditions
	}
	return s
}

func clone(docs []document) []document {
	out := slices.Clone(docs)
	for i := range out {
		out[i].statements = slices.Clone(out[i].statements)
	}
	return out
}

func (p *pool) statement(d dice, kind policy.Kind, named []key) statement {
	s := statement{deny: one(d, 3), notAction: one(d, 5), notResource: one(d, 5)}
	s.actions = list(d, p.actions, s.notAction)
	if kind == policy.Identity || one(d, 2) {
		s.resources = list(d, p.resources[kind], s.notResource)
	}
	if kind == policy.Resource {
		s.notPrincipal = one(d, 5)
		if s.principals = pick(d, p.principals); s.notPrincipal {
			s.principals = pick(d, p.principals[:80])
		}
		if !s.notPrincipal && one(d, 40) {
			s.principals = []entry{}
		}
	}
	for _, k := range named {
		for range d.roll(5) / 2 {
			c := pick(d, p.conditions[k.name])
			if !slices.ContainsFunc(s.conditions, func(have condition) bool { return have.operator == c.operator && have.key == c.key }) {
				s.conditions = append(s.conditions, c)
			}
		}
	}
	return s
}

// list draws one or two texts, seldom none; a Not element has some.
func list(d dice, from []string, not bool) []string {
	if !not && one(d, 40) {
		return []string{}
	}
	return some(d, 1+d.roll(4)/2, from)
}

func drawAction(d dice) string {
	if one(d, 6) {
		return pick(d, []string{"*", "*", "s:*"})
	}
	return pick(d, prefixes) + parts(d, 1+d.roll(3), nameParts)
}

func parts(d dice, n int, from []string) string {
	text := ""
	for range n {
		text += pick(d, from)
	}
	return text
}

func drawResource(d dice, kind policy.Kind) string {
	switch d.roll(24) {
	case 0, 1, 2, 3:
		return "*"
	case 4, 5:
		return "arn:" + pick(d, shortARNs)
	case 6:
		return pick(d, oddARNs)
	case 7, 8:
		if kind == policy.Resource {
			return pick(d, ownAPI)
		}
	case 9, 10:
		return "arn:aws:s:::" + parts(d, d.roll(2), restParts) + pick(d, variables) + parts(d, d.roll(2), restParts)
	case 11:
		return "arn:aws:s:::" + pick(d, []string{"${aws:PrincipalAccount}", "${aws:PrincipalArn}*", "${aws:ResourceAccount}", "${aws:username}/${k:text}", "${k:text}*${aws:username, 'a'}", "${aws:username}${k:text, 'b'}", "${k:text}/${$}", "${aws:username}:${*}"})
	case 12:
		return "arn:aws:s:" + pick(d, []string{"${aws:username}:*:", "${aws:username}:*:", "${k:arn}:*:", "*:${aws:PrincipalAccount}:"}) + parts(d, d.roll(2), restParts)
	}
	return "arn:" + pick(d, headers) + parts(d, d.roll(4), restParts)
}

func drawCondition(d dice, k key) condition {
	if one(d, 8) {
		c := condition{operator: "Null", key: k.name, values: some(d, 1+d.roll(8)/7, []string{`"true"`, `"false"`})}
		if k.sets && one(d, 10) {
			c.operator = pick(d, []string{"ForAllValues:Null", "ForAnyValue:Null"})
		}
		return c
	}
	c := condition{operator: pick(d, k.operators), key: k.name}
	values := k.values
	if c.operator == "Bool" {
		values = []string{`"true"`, `"false"`, `"True"`}
	}
	c.values = some(d, 1+d.roll(4)/2, values)
	negated := strings.Contains(c.operator, "Not")
	if one(d, 30) && !negated {
		c.values = nil
	}
	if one(d, 4) {
		c.operator += "IfExists"
	}
	if k.sets && !one(d, 5) {
		c.operator = pick(d, []string{"ForAllValues:", "ForAnyValue:"}) + c.operator
	}
	if !uniform(c.values) {
		c.values = c.values[:1]
	}
	return c
}

// uniform reports whether the JSON values are all strings, or none of them.
func uniform(values []string) bool {
	for _, v := range values {
		if (v[0] == '"') != (values[0][0] == '"') {
			return false
		}
	}
	return true
}

// listed draws the input of AccessNotGranted: whole ARNs, without variables.
func (p *pool) listed(d dice) access.Access {
	var a access.Access
	for range d.roll(3) {
		a.Actions = append(a.Actions, pick(d, p.actions))
	}
	for range d.roll(3) {
		if text := pick(d, p.resources[policy.Identity]); strings.Count(text, ":") >= 5 && !strings.Contains(text, "${") {
			a.Resources = append(a.Resources, text)
		}
	}
	if len(a.Actions)+len(a.Resources) == 0 {
		a.Actions = []string{pick(d, p.actions)}
	}
	return a
}
