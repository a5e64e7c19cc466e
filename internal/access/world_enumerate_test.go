package access_test

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// mask is a set of the statements of a scenario, by index.
type mask uint64

// rows are the statements of a scenario under one reading.
type rows struct {
	*world
	statements []row
}

type row struct {
	principals         *matches
	actions, resources []*matches
	notAction          bool
	notResource        bool
	hasResource        bool
	conditions         []*matches
}

// world is what all requests of a scenario have in common.
type world struct {
	scenario
	keys   []int // those that a request can have
	counts []int // of their values
	// The statements of each layer, in the order of scenario.layers.
	allows, denies [4]mask
	facts          *facts // nil for none
	// The listed actions and resources of AccessNotGranted; nil for all.
	listedActions   []*matches
	listedResources []*matches
}

// spot is a request of the world: indices of action, resource and caller, and of
// the value of each key.
type spot struct {
	action, resource, caller int
	digits                   [maxKeys]int
}

func (w *world) request(p spot) policy.Request {
	q := policy.Request{Action: worldActions[p.action], Resource: worldResources[p.resource], Context: map[string][]string{}}
	if w.kind == policy.Resource {
		q.Principal = callers[p.caller]
	}
	for _, k := range w.keys {
		if v := worldValues[k][p.digits[k]]; v != nil {
			q.Context[keys[k].name] = v
		}
	}
	return q
}

// world finds the keys of a scenario and what they can hold.
func (o *oracle) world(s scenario) (*world, error) {
	w := &world{scenario: s}
	bit := mask(1)
	named := map[int]bool{}
	several := map[int]bool{}
	for i, layer := range s.layers() {
		for _, d := range *layer {
			for _, st := range d.statements {
				if st.deny {
					w.denies[i] |= bit
				} else {
					w.allows[i] |= bit
				}
				bit <<= 1
				for _, c := range st.conditions {
					k := keyIndex(c.key)
					named[k] = true
					several[k] = several[k] || keys[k].known || strings.HasPrefix(c.operator, "For") && !strings.HasSuffix(c.operator, ":Null")
				}
				for _, found := range variableKey.FindAllStringSubmatch(st.String(), -1) {
					named[keyIndex(found[1])] = true
				}
			}
		}
	}
	if s.kind == policy.Resource {
		named[keyIndex(principalARN)] = true
	}
	for k := range keys {
		if !named[k] {
			continue
		}
		w.keys = append(w.keys, k)
		count := singles(k)
		if several[k] || !s.options.StrictOpenWorld && len(keys[k].also) > 0 {
			count = len(worldValues[k])
		}
		w.counts = append(w.counts, count)
	}
	if !s.options.StrictOpenWorld {
		w.facts = w.factsOf(named)
	}
	for _, text := range s.listed.Actions {
		m, err := o.element(partAction, policy.Identity, "", element("Action", false, []string{text}), policy.Reading{})
		if err != nil {
			return nil, err
		}
		w.listedActions = append(w.listedActions, m)
	}
	for _, text := range s.listed.Resources {
		m, err := o.element(partResource, policy.Identity, "", element("Resource", false, []string{text}), policy.Reading{})
		if err != nil {
			return nil, err
		}
		w.listedResources = append(w.listedResources, m)
	}
	return w, nil
}

// size is the number of requests.
func (w *world) size() int {
	n := len(worldActions) * len(worldResources)
	if w.kind == policy.Resource {
		n *= len(callers)
	}
	for _, count := range w.counts {
		n *= count
	}
	return n
}

// rows looks up the statements' elements. Lists and negations of actions and
// resources are put together here, those of principals and conditions by the
// evaluator.
func (o *oracle) rows(w *world, r policy.Reading) (*rows, error) {
	out := &rows{world: w}
	var failed error
	for _, d := range slices.Concat(w.before, w.beforeGuard, w.after, w.afterGuard) {
		get := func(p part, text string) *matches {
			kind := w.kind
			if p == partAction || p == partCondition {
				kind = policy.Identity
			}
			m, err := o.element(p, kind, d.version, text, r)
			if err != nil {
				failed = err
			}
			return m
		}
		for _, s := range d.statements {
			x := row{notAction: s.notAction, notResource: s.notResource, hasResource: s.resources != nil}
			if s.principals != nil {
				x.principals = get(partPrincipal, principalElement(s.notPrincipal, s.principals))
			}
			for _, text := range s.actions {
				x.actions = append(x.actions, get(partAction, element("Action", false, []string{text})))
			}
			for _, text := range s.resources {
				x.resources = append(x.resources, get(partResource, element("Resource", false, []string{text})))
			}
			for _, c := range s.conditions {
				x.conditions = append(x.conditions, get(partCondition, conditionElement([]condition{c})))
			}
			out.statements = append(out.statements, x)
		}
	}
	return out, failed
}

func listedAt(list []*matches, value int, digits *[maxKeys]int) bool {
	for _, m := range list {
		if m.at(value, digits) {
			return true
		}
	}
	return false
}

// The statements whose element matches.

func (r *rows) actionMask(a int) mask {
	var m mask
	for i, s := range r.statements {
		if listedAt(s.actions, a, nil) != s.notAction {
			m |= 1 << i
		}
	}
	return m
}

// resourceMasks lists, for every resource, which of the given statements match.
func (r *rows) resourceMasks(digits *[maxKeys]int, of mask) []mask {
	all := make([]mask, len(worldResources))
	for i, s := range r.statements {
		if of&(1<<i) == 0 {
			continue
		}
		matched := make([]bool, len(worldResources))
		for _, m := range s.resources {
			at, step := m.column(digits)
			for x := range matched {
				matched[x] = matched[x] || m.bits[at+x*step]
			}
		}
		for x := range all {
			if !s.hasResource || matched[x] != s.notResource {
				all[x] |= 1 << i
			}
		}
	}
	return all
}

func (r *rows) callerMask(caller int, digits *[maxKeys]int) mask {
	var m mask
	for i, s := range r.statements {
		if s.principals == nil || s.principals.at(caller, digits) {
			m |= 1 << i
		}
	}
	return m
}

func (r *rows) conditionMask(digits *[maxKeys]int) mask {
	var m mask
next:
	for i, s := range r.statements {
		for _, c := range s.conditions {
			if !c.at(0, digits) {
				continue next
			}
		}
		m |= 1 << i
	}
	return m
}

// live is the set of statements that match the request.
func (r *rows) live(p spot) mask {
	return r.actionMask(p.action) & r.resourceMasks(&p.digits, ^mask(0))[p.resource] & r.callerMask(p.caller, &p.digits) & r.conditionMask(&p.digits)
}

func decide(live, allows, denies mask) policy.Decision {
	switch {
	case live&denies != 0:
		return policy.DecisionExplicitDeny
	case live&allows != 0:
		return policy.DecisionAllow
	}
	return policy.DecisionImplicitDeny
}

// decisions are those of each layer. Documents that are not there decide nothing.
func (w *world) decisions(live mask) [4]policy.Decision {
	var all [4]policy.Decision
	for i := range all {
		all[i] = decide(live, w.allows[i], w.denies[i])
	}
	return all
}

// wanted reports whether a request with these decisions is what the question asks for.
func (s *scenario) wanted(decided [4]policy.Decision) bool {
	within := func(i int, guard []document) bool {
		return decided[i] == policy.DecisionAllow && (guard == nil || decided[i+1] == policy.DecisionAllow)
	}
	switch s.asks {
	case lostDenial:
		return decided[0] == policy.DecisionExplicitDeny && decided[2] != policy.DecisionExplicitDeny
	case accessNotGranted:
		return within(2, nil)
	default:
		return within(2, s.afterGuard) && !within(0, s.beforeGuard)
	}
}

// bringing are the statements that an answer can name.
func (w *world) bringing() mask {
	if w.asks == lostDenial {
		return w.denies[0]
	}
	return w.allows[2]
}

func (w *world) people() int {
	if w.kind == policy.Resource {
		return len(callers)
	}
	return 1
}

// first is a mask and the first value that has it.
type first struct {
	mask  mask
	index int
}

// distinct lists the different masks of n values, leaving out those that do not
// count.
func distinct(n int, of func(int) (m mask, counts bool)) []first {
	var out []first
	var seen [1 << maxStatements]bool
	for i := range n {
		if m, counts := of(i); counts && !seen[m] {
			seen[m] = true
			out = append(out, first{m, i})
		}
	}
	return out
}

// maxStatements is the most that a scenario has.
const maxStatements = 14
