package access_test

import (
	"iter"
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

// enumerate looks at every request. It returns one that is wanted, and all
// statements that bring one. Values that no statement tells apart are looked at once.
func (r *rows) enumerate() (found spot, bring mask) {
	actions := distinct(len(worldActions), func(a int) (mask, bool) {
		return r.actionMask(a), r.listedActions == nil || listedAt(r.listedActions, a, nil)
	})
	resources := map[int][]first{}
	people := map[int][]first{}
	of := map[int][]mask{} // by the value of aws:PrincipalArn
	told := r.facts.keys(partPrincipal)
	type cell struct {
		active    mask
		variables int
	}
	cells := map[cell]bool{}
	// Most resources have no variables and are looked at once.
	var varying mask
	for i, s := range r.statements {
		if slices.ContainsFunc(s.resources, func(m *matches) bool { return len(m.keys) > 0 }) {
			varying |= 1 << i
		}
	}
	plain := r.resourceMasks(nil, ^varying)
	arn := keyIndex(principalARN)
	possible := r.bringing()
	variables := r.variables()
	for digits := range r.contexts() {
		v := 0
		for _, k := range variables {
			v = v*len(worldValues[k]) + digits[k]
		}
		conditions := r.conditionMask(digits)
		if conditions&possible == 0 {
			continue
		}
		p := digits[arn]
		for _, k := range told {
			p = p*len(worldValues[k]) + digits[k]
		}
		if people[p] == nil {
			if of[digits[arn]] == nil {
				for c := range r.people() {
					of[digits[arn]] = append(of[digits[arn]], r.callerMask(c, digits))
				}
			}
			left := r.facts.leaves(partPrincipal, digits)
			people[p] = distinct(r.people(), func(c int) (mask, bool) { return of[digits[arn]][c], left == nil || left[c] })
		}
		for _, who := range people[p] {
			active := conditions & who.mask
			if active&possible == 0 || cells[cell{active, v}] {
				continue
			}
			cells[cell{active, v}] = true
			if resources[v] == nil {
				masks, left := r.resourceMasks(digits, varying), r.facts.leaves(partResource, digits)
				resources[v] = distinct(len(worldResources), func(x int) (mask, bool) {
					return plain[x] | masks[x], (r.listedResources == nil || listedAt(r.listedResources, x, digits)) && (left == nil || left[x])
				})
			}
			for _, x := range resources[v] {
				for _, a := range actions {
					live := active & x.mask & a.mask
					if new := live & possible &^ bring; new != 0 && r.wanted(r.decisions(live)) {
						found = spot{a.index, x.index, who.index, *digits}
						bring |= new
					}
				}
			}
		}
	}
	return found, bring
}

// told yields requests that the statements tell apart, or n of them spread over all.
func (r *rows) told(n int) iter.Seq[policy.Request] {
	actions := distinct(len(worldActions), func(a int) (mask, bool) { return r.actionMask(a), true })
	var all []spot
	seen, step := 0, 1 // every step-th of those seen is kept
	for digits := range r.contexts() {
		masks := r.resourceMasks(digits, ^mask(0))
		resources := distinct(len(worldResources), func(x int) (mask, bool) { return masks[x], true })
		for _, who := range distinct(r.people(), func(c int) (mask, bool) { return r.callerMask(c, digits), true }) {
			for _, x := range resources {
				for _, a := range actions {
					if seen++; seen%step != 0 {
						continue
					}
					all = append(all, spot{a.index, x.index, who.index, *digits})
					if len(all) == 16*n {
						for i := range 8 * n {
							all[i] = all[2*i+1]
						}
						all, step = all[:8*n], 2*step
					}
				}
			}
		}
	}
	return func(yield func(policy.Request) bool) {
		for i := 0; i < len(all); i += 1 + len(all)/n {
			if !yield(r.request(all[i])) {
				return
			}
		}
	}
}

// variables are the keys that resources look at, or are tied to.
func (r *rows) variables() []int {
	var all []int
	for _, s := range r.statements {
		for _, m := range s.resources {
			all = append(all, m.keys...)
		}
	}
	all = append(all, r.facts.keys(partResource)...)
	slices.Sort(all)
	return slices.Compact(all)
}

// contexts yields the values of all keys: of a key that single conditions look at
// alone, one for each set of conditions met.
func (r *rows) contexts() iter.Seq[*[maxKeys]int] {
	shared := map[int]bool{}
	for _, k := range r.variables() {
		shared[k] = true
	}
	if r.kind == policy.Resource {
		shared[keyIndex(principalARN)] = true
	}
	for _, k := range r.facts.keys(partPrincipal) {
		shared[k] = true
	}
	for _, s := range r.statements {
		for _, c := range s.conditions {
			for _, k := range c.keys {
				shared[k] = shared[k] || len(c.keys) > 1
			}
		}
	}
	values := make([][]int, len(r.keys))
	for i, k := range r.keys {
		seen := map[mask]bool{}
		for v := range r.counts[i] {
			if m := r.keyMask(k, v); r.facts.leavesValue(k, v) && (shared[k] || !seen[m]) {
				seen[m] = true
				values[i] = append(values[i], v)
			}
		}
	}
	return func(yield func(*[maxKeys]int) bool) {
		var digits [maxKeys]int
		places := make([]int, len(r.keys))
		for i := 0; i < len(places) || i == 0; {
			for j, k := range r.keys {
				digits[k] = values[j][places[j]]
			}
			if !yield(&digits) {
				return
			}
			for i = 0; i < len(places); i++ {
				if places[i]++; places[i] < len(values[i]) {
					break
				}
				places[i] = 0
			}
			if len(places) == 0 {
				return
			}
		}
	}
}

// keyMask tells by one bit for each condition that looks at the key alone whether
// the value meets it.
func (r *rows) keyMask(k, value int) mask {
	var digits [maxKeys]int
	digits[k] = value
	var m, bit mask = 0, 1
	for _, s := range r.statements {
		for _, c := range s.conditions {
			if !slices.Equal(c.keys, []int{k}) {
				continue
			}
			if c.at(0, &digits) {
				m |= bit
			}
			bit <<= 1
		}
	}
	return m
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
