package access

import (
	"iter"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// requests turns a model for a statement of d into requests, the most believable
// first: names that occur in AWS, where the model leaves room for that; then the model
// as it is. Each has to be confirmed, so that looks never decide anything; one that
// the statement does not match would show another statement's access.
func (p *problem) requests(m model, d *policy.Document, s *policy.Statement) iter.Seq[policy.Request] {
	one := *d
	one.Statements = []policy.Statement{*s}
	one.Statements[0].Effect = policy.Allow
	only := []*policy.Document{&one}
	return func(yield func(policy.Request) bool) {
		try := func(m model) bool {
			q := p.request(m)
			p.b.spend(1 + len(s.Action.List))
			decision, _ := policy.Evaluate(only, q, p.reading)
			return decision != policy.DecisionAllow || yield(q)
		}
		nice := slices.Clone(m)
		if p.kind == policy.Resource {
			p.believablePrincipal(nice, s)
		}
		p.believableAction(nice, s)
		nice = p.linked(nice)
		valued := slices.Clone(nice)
		if p.believableValues(valued, s) && !try(p.linked(valued)) {
			return
		}
		if !try(nice) || len(p.links) > 0 && !try(p.linked(m)) || !yield(p.request(m)) {
			return
		}
		// Without facts, aws:PrincipalArn may tell of another role than the session's, and
		// then decides whose session it is. A role is what it is.
		role, ok := roleOfSession(m[dimPrincipal].text)
		if m = slices.Clone(m); ok && p.take(m, dimPrincipal, []string{role}) {
			try(m)
		}
	}
}

// allows reports whether a text is a value of a dimension that the search left
// possible. It is a quick look, which the evaluator has to confirm.
func (p *problem) allows(dim int, text string) bool {
	holds := func(u *union) bool {
		p.b.spend(1 + len(u.globs)/16)
		return slices.ContainsFunc(u.globs, func(g *glob) bool { return g.match(text) })
	}
	for _, u := range p.dims[dim].domain {
		if !holds(u) {
			return false
		}
	}
	for _, l := range p.last[dim] {
		if holds(p.atoms[l.atom()].union) == l.neg() {
			return false
		}
	}
	return true
}

// take gives the dimension the first of the texts that it allows.
func (p *problem) take(m model, dim int, texts []string) bool {
	for _, text := range texts {
		if p.allows(dim, text) {
			m[dim] = answer{status: sat, text: text}
			return true
		}
	}
	return false
}

// request writes a model as a request.
func (p *problem) request(m model) policy.Request {
	q := policy.Request{Action: p.actionSpelling(m[dimAction].text), Resource: m[dimResource].text, Context: map[string][]string{}}
	for i, d := range p.dims {
		if d.key != "" && len(m[i].values) > 0 {
			q.Context[p.spelling(d.key)] = m[i].values
		}
	}
	if p.kind == policy.Resource {
		var role string
		q.Principal, role = principalOf(m[dimPrincipal].text)
		if role != "" {
			if _, taken := q.Context[p.spelling("aws:principalarn")]; !taken {
				q.Context["aws:PrincipalArn"] = []string{role}
			}
		}
	}
	return q
}

// spelling writes a condition key as the documents do, in a condition or in a
// policy variable.
func (p *problem) spelling(key string) string {
	for at := range p.only.all() {
		for _, c := range p.docs[at.doc].Statements[at.index].Conditions {
			if strings.EqualFold(c.Key, key) && c.KeyName() == key {
				return c.Key
			}
		}
	}
	if s, ok := variableSpelling(p.docs, key); ok {
		return s
	}
	return key
}

// variableSpelling finds key, in lower case, as the name of a policy variable.
func variableSpelling(docs []*policy.Document, key string) (spelling string, ok bool) {
	ok = anyText(docs, func(rest string) bool {
		for {
			_, after, found := strings.Cut(rest, "${")
			if !found {
				return false
			}
			if end := strings.IndexAny(after, ",}"); end >= 0 && strings.ToLower(after[:end]) == key {
				spelling = after[:end]
				return true
			}
			rest = after
		}
	})
	return spelling, ok
}

// actionSpelling writes an action, which is in lower case in the engine, as the
// catalogue does, or else with the beginning of a pattern that it has to match.
func (p *problem) actionSpelling(action string) string {
	if a, ok := catalog.Lookup(action); ok {
		return a.String()
	}
	best := ""
	for _, l := range p.last[dimAction] {
		if l.neg() {
			continue
		}
		for _, g := range p.atoms[l.atom()].union.globs {
			start, _, _ := strings.Cut(g.pattern, "*")
			start, _, _ = strings.Cut(start, "?")
			if len(start) > len(best) && len(start) <= len(action) && strings.EqualFold(start, action[:len(start)]) {
				best = start
			}
		}
	}
	return best + action[len(best):]
}
