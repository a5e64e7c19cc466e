package access

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// requests turns a model into requests: first one with names that occur in AWS,
// where the model leaves room for that, then the model as it is.
func (p *problem) requests(m model) []policy.Request {
	plain := p.request(m)
	nice := slices.Clone(m)
	if p.kind == policy.Resource {
		p.prefer(nice, dimPrincipal, globs(plausiblePrincipals...))
	}
	p.preferAction(nice)
	if len(p.links) == 0 {
		return []policy.Request{p.request(nice), plain}
	}
	return []policy.Request{p.request(p.linked(nice)), p.request(p.linked(m)), plain}
}

// prefer replaces the value of a dimension by one that also matches the first of
// the globs that allows it, and reports whether one did.
func (p *problem) prefer(m model, dim int, gs []*glob) bool {
	for _, g := range gs {
		if a := p.check(dim, p.last[dim].with(p.globAtom(dim, []*glob{g}))); a.status == sat {
			m[dim] = a
			return true
		}
	}
	return false
}

// Bounds on the known actions tried for a witness, on the patterns they are looked
// up by, and the work that stands for a look-up.
const (
	maxActions  = 400
	maxPatterns = 20
	knownCost   = 2000
)

// preferAction looks for a known action, of a high access level, together with a
// resource that the action really works on.
//
// The resource that the documents are attached to comes before any other.
func (p *problem) preferAction(m model) {
	actions := p.knownActions()
	attached := p.attached != "" && p.prefer(m, dimResource, []*glob{literal(p.attached)})
	fits := func(a catalog.Action) bool {
		if attached {
			return slices.ContainsFunc(resourcesOf(a), func(g *glob) bool { return g.match(p.attached) })
		}
		return p.prefer(m, dimResource, resourcesOf(a))
	}
	for _, a := range actions {
		one := literal(strings.ToLower(a.String()))
		if p.check(dimAction, p.last[dimAction].with(p.globAtom(dimAction, []*glob{one}))).status != sat {
			continue
		}
		if fits(a) {
			m[dimAction] = answer{status: sat, text: a.String()}
			return
		}
	}
	for _, a := range actions { // any known name is better than none
		one := literal(strings.ToLower(a.String()))
		if p.check(dimAction, p.last[dimAction].with(p.globAtom(dimAction, []*glob{one}))).status == sat {
			m[dimAction] = answer{status: sat, text: a.String()}
			break
		}
	}
	if !attached {
		service, _, _ := strings.Cut(m[dimAction].text, ":")
		p.prefer(m, dimResource, plausibleARNs(service))
	}
}

// knownActions lists known actions under the patterns that the model's action has
// to match, the most telling ones first.
func (p *problem) knownActions() []catalog.Action {
	patterns := []string{"*"}
	for _, l := range p.last[dimAction] {
		if gs := p.atoms[l.atom()].union.globs; !l.neg() && len(gs) > 0 {
			patterns = nil
			for _, g := range gs[:min(len(gs), maxPatterns)] {
				patterns = append(patterns, g.pattern)
			}
			break
		}
	}
	if slices.Contains(patterns, "*") {
		return allKnown()
	}
	key := strings.Join(patterns, " ")
	out, ok := p.known[key]
	if !ok {
		out = ranked(patterns)
		p.b.spend(knownCost * len(patterns))
		p.known[key] = out
	}
	return out
}

// allKnown ranks all actions, which takes a while.
var allKnown = sync.OnceValue(func() []catalog.Action { return ranked([]string{"*"}) })

// ranked lists the most telling known actions under the patterns.
func ranked(patterns []string) []catalog.Action {
	seen := map[string]bool{}
	ranks := map[string]int{}
	var out []catalog.Action
	for _, text := range patterns {
		for a := range catalog.Match(text) {
			if s := a.String(); !seen[s] {
				seen[s] = true
				ranks[s] = telling(a)
				out = append(out, a)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b catalog.Action) int {
		return cmp.Or(ranks[b.String()]-ranks[a.String()], len(a.Name)-len(b.Name))
	})
	return out[:min(len(out), maxActions)]
}

// verbs begin the names of actions that readers know at a glance.
var verbs = []string{"Put", "Create", "Delete", "Attach", "Update", "Get", "Pass", "Assume", "Run", "Invoke", "Terminate", "List"}

// familiar are the services that readers meet every day.
var familiar = []string{"iam", "s3", "ec2", "sts", "kms", "lambda", "sqs", "sns", "dynamodb", "secretsmanager"}

// telling ranks actions by how quickly a reader sees what they allow: sensitive
// ones, high access levels, plain verbs.
func telling(a catalog.Action) int {
	rank := int(a.Level) * 2
	if class, ok := catalog.Sensitive(a.String()); ok && class < catalog.DataAccess {
		rank += 4
	}
	if slices.Contains(familiar, a.Service) {
		rank++
	}
	if slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(a.Name, v) }) {
		rank++
	}
	return rank
}

// resourcesOf lists the ARN shapes that an action works on.
func resourcesOf(a catalog.Action) []*glob {
	if len(a.ResourceTypes) == 0 {
		return []*glob{literal("*")}
	}
	var out []*glob
	for _, t := range a.ResourceTypes {
		for _, arn := range catalog.ResourceARNs(a.Service, t) {
			out = append(out, arnShape(arn))
		}
	}
	return out
}

// plausibleARNs are shapes for actions that the catalogue does not know.
func plausibleARNs(service string) []*glob {
	var out []*glob
	for _, middle := range []string{":us-east-1:############:", ":::", "::############:"} {
		out = append(out, build("arn:aws:"+service, parseGlob(middle).toks, tok{kind: tokOne}, anyRun))
	}
	return append(out, parseGlob("arn:aws:*"))
}

// arnShape reads an ARN of the catalogue, whose placeholders look like ${Account}.
func arnShape(arn string) *glob {
	var toks []tok
	for arn != "" {
		before, after, found := strings.Cut(arn, "${")
		toks = append(toks, fieldToks(before)...)
		if !found {
			break
		}
		name, rest, _ := strings.Cut(after, "}")
		switch name {
		case "Partition":
			toks = append(toks, literalToks("aws")...)
		case "Region":
			toks = append(toks, literalToks("us-east-1")...)
		case "Account":
			toks = append(toks, parseGlob("############").toks...)
		default:
			toks = append(toks, tok{kind: tokOneNC}, fieldRun)
		}
		arn = rest
	}
	return newGlob(toks)
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
	if s, ok := p.spelled[key]; ok {
		return s
	}
	s, ok := variableSpelling(p.docs, key)
	if !ok {
		s = key
	}
	p.spelled[key] = s
	return s
}

// variableSpelling finds key, in lower case, as the name of a policy variable.
func variableSpelling(docs []*policy.Document, key string) (string, bool) {
	for _, text := range namedTexts(docs) {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, "${")
			if !found {
				break
			}
			if end := strings.IndexAny(after, ",}"); end >= 0 && strings.ToLower(after[:end]) == key {
				return after[:end], true
			}
			rest = after
		}
	}
	return "", false
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
