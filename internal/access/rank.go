package access

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/grantdiff/grantdiff/internal/catalog"
)

// Bounds on the known actions tried for a witness, on the patterns they are looked
// up by, on what is kept of look-ups, and the work that stands for one.
const (
	maxActions  = 400
	maxPatterns = 20
	maxRanked   = 1024
	maxKey      = 512
	knownCost   = 2000
)

// Look-ups are kept for all questions: the same patterns come again and again.
var (
	rankedBy  sync.Map // patterns, joined, to []knownAction
	rankedAll atomic.Int32
	shapesOf  sync.Map // service and resource type of the catalogue to []shapeOf
)

// knownAction is an action of the catalogue.
type knownAction struct {
	catalog.Action
	lower string
}

// shapes lists the ARNs of what the action works on.
func (a knownAction) shapes() []shapeOf {
	var out []shapeOf
	for _, t := range namedFirst(a.Action) {
		id := [2]string{a.Service, t}
		shapes, ok := shapesOf.Load(id)
		if !ok {
			var of []shapeOf
			for _, arn := range catalog.ResourceARNs(a.Service, t) {
				of = append(of, shapeOf{strings.SplitN(arn, ":", 6), exampleARN(arn)})
			}
			shapes, _ = shapesOf.LoadOrStore(id, of)
		}
		out = append(out, shapes.([]shapeOf)...)
	}
	return out
}

// shapeOf is an ARN of the catalogue, cut into its fields, and an example of it.
type shapeOf struct {
	fields  []string
	example string
}

// knownActions lists known actions under the patterns that the model's action has
// to match, the most telling ones first. Where it can be any, those of the service
// whose resources are given are enough.
func (p *problem) knownActions(resources []string) []knownAction {
	patterns := []string{"*"}
	last := slices.Clone(p.last[dimAction])
	slices.SortFunc(last, func(l, m lit) int { return cmp.Compare(p.rank[l.atom()], p.rank[m.atom()]) })
	for _, l := range last {
		if gs := p.atoms[l.atom()].union.globs; !l.neg() && len(gs) > 0 {
			patterns = nil
			for _, g := range gs[:min(len(gs), maxPatterns)] {
				patterns = append(patterns, g.pattern)
			}
			break
		}
	}
	if !slices.Contains(patterns, "*") {
		return p.rankedUnder(patterns)
	}
	if len(resources) > 0 {
		if fields := strings.SplitN(resources[0], ":", 6); len(fields) == 6 {
			if of := p.rankedUnder([]string{fields[2] + ":*"}); len(of) > 0 {
				return of
			}
		}
	}
	return allKnown()
}

func (p *problem) rankedUnder(patterns []string) []knownAction {
	key := strings.Join(patterns, " ")
	if out, ok := rankedBy.Load(key); ok {
		return out.([]knownAction)
	}
	p.b.spend(knownCost * len(patterns))
	out := ranked(patterns)
	if len(key) <= maxKey && rankedAll.Add(1) <= maxRanked {
		rankedBy.Store(key, out)
	}
	return out
}

// allKnown ranks all actions, which takes a while.
var allKnown = sync.OnceValue(func() []knownAction { return ranked([]string{"*"}) })

// ranked lists the most telling known actions under the patterns.
func ranked(patterns []string) []knownAction {
	type entry struct {
		catalog.Action
		rank int
	}
	seen := map[[2]string]bool{}
	var all []entry
	for _, text := range patterns {
		for a := range catalog.Match(text) {
			if id := [2]string{a.Service, a.Name}; !seen[id] {
				seen[id] = true
				all = append(all, entry{a, telling(a)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		return cmp.Or(b.rank-a.rank, len(a.Name)-len(b.Name))
	})
	out := make([]knownAction, min(len(all), maxActions))
	for i := range out {
		out[i] = knownAction{all[i].Action, strings.ToLower(all[i].String())}
	}
	return out
}

// verbs begin the names of actions that readers know at a glance.
var verbs = []string{"Put", "Create", "Delete", "Attach", "Update", "Get", "Pass", "Assume", "Run", "Invoke", "Terminate", "List"}

// familiar are the services that readers meet every day.
var familiar = []string{"iam", "s3", "ec2", "sts", "kms", "lambda", "sqs", "sns", "dynamodb", "secretsmanager"}

// telling ranks actions by how quickly a reader sees what they allow: sensitive
// ones, high access levels, plain verbs.
func telling(a catalog.Action) int {
	switch {
	case sensitiveAction(a):
		return plainRank(a) + sensitiveRank
	case catalog.Telemetry(a.String()):
		return -1
	}
	return plainRank(a)
}

// sensitiveRank is what a sensitive action is ranked higher.
const sensitiveRank = 4

func sensitiveAction(a catalog.Action) bool {
	class, ok := catalog.Sensitive(a.String())
	return ok && class < catalog.DataAccess
}

func plainRank(a catalog.Action) int {
	rank := int(a.Level) * 2
	if slices.Contains(familiar, a.Service) {
		rank += 3
	}
	if slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(a.Name, v) }) {
		rank++
	}
	if a.Level == catalog.PermissionsManagement && strings.HasSuffix(a.Name, "Policy") {
		rank++
	}
	return rank
}
