package access_test

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// island is a set of condition keys and parts of a request that no condition, variable
// or fact ties to any other. Whether a statement matches is settled on each island alone,
// so a world is the product of its islands, and of what is on an island only the sets of
// statements count that it leaves.
type island struct {
	keys  []int
	parts []part // without partCondition
}

// choice is one way to settle an island, or several.
type choice struct {
	left mask // the statements that still match
	spot spot // what is settled; the rest is zero
}

// enumerate looks at every request. It returns one that is wanted, and all statements
// that bring one. Values that no statement tells apart are looked at once.
func (r *rows) enumerate() (found spot, bring mask) {
	possible := r.bringing()
	all := []choice{{left: 1<<len(r.statements) - 1}}
	for _, is := range r.islands() {
		all = is.times(all, r.choices(is), possible)
	}
	for _, c := range all {
		if new := c.left & possible &^ bring; new != 0 && r.wanted(r.decisions(c.left)) {
			found = c.spot
			bring |= new
		}
	}
	return found, bring
}

// times puts every choice for the island beside all that is settled already.
func (is island) times(settled, here []choice, possible mask) []choice {
	var out []choice
	var seen [1 << maxStatements]bool
	for _, a := range settled {
		for _, b := range here {
			left := a.left & b.left
			if left&possible == 0 || seen[left] {
				continue
			}
			seen[left] = true
			c := choice{left, a.spot}
			for _, k := range is.keys {
				c.spot.digits[k] = b.spot.digits[k]
			}
			for _, p := range is.parts {
				*c.spot.of(p) = *b.spot.of(p)
			}
			out = append(out, c)
		}
	}
	return out
}

// of is the index of a part, which is none of conditions.
func (s *spot) of(p part) *int {
	return [...]*int{partAction: &s.action, partResource: &s.resource, partPrincipal: &s.caller}[p]
}

// islands finds them all: every key that a request can have and every part is on one.
func (r *rows) islands() []island {
	parts := []part{partAction, partResource, partPrincipal}
	var to [maxKeys + 3]int // another place of the same island, or the place itself
	for i := range to {
		to[i] = i
	}
	root := func(i int) int {
		for to[i] != i {
			i = to[i]
		}
		return i
	}
	tie := func(i int, all []int) {
		for _, k := range all {
			to[root(k)] = root(i)
		}
	}
	for i, p := range parts {
		tie(maxKeys+i, r.looksAt(p))
	}
	for _, s := range r.statements {
		for _, c := range s.conditions {
			tie(c.keys[0], c.keys)
		}
	}
	on := map[int]*island{}
	var order []int
	at := func(i int) *island {
		i = root(i)
		if on[i] == nil {
			on[i] = &island{}
			order = append(order, i)
		}
		return on[i]
	}
	for i, p := range parts {
		is := at(maxKeys + i)
		is.parts = append(is.parts, p)
	}
	for _, k := range r.keys {
		is := at(k)
		is.keys = append(is.keys, k)
	}
	var out []island
	for _, i := range order {
		out = append(out, *on[i])
	}
	return out
}

// looksAt are the keys that a part depends on, or is tied to by facts.
func (r *rows) looksAt(p part) []int {
	all := slices.Clone(r.facts.keys(p))
	switch p {
	case partResource:
		for _, s := range r.statements {
			for _, m := range s.resources {
				all = append(all, m.keys...)
			}
		}
	case partPrincipal:
		if r.kind == policy.Resource {
			all = append(all, keyIndex(principalARN))
		}
	case partAction, partCondition:
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// choices walks over all values on an island.
func (r *rows) choices(is island) []choice {
	w := &walker{rows: r, island: is, possible: r.bringing(), done: map[arrival]bool{}, callers: map[int][]mask{}}
	for _, p := range is.parts {
		w.places = append(w.places, place{part: p, keys: r.looksAt(p), values: map[int][]first{}})
	}
	for _, k := range is.keys {
		w.values = append(w.values, r.valuesOf(k))
	}
	w.settles = make([][]settled, len(is.keys))
	for i, s := range r.statements {
		for _, c := range s.conditions {
			last := -1
			for _, k := range c.keys {
				last = max(last, slices.Index(is.keys, k))
			}
			if last >= 0 {
				w.settles[last] = append(w.settles[last], settled{1 << i, c})
			}
		}
	}
	w.walk(0, 1<<len(r.statements)-1)
	return w.out
}

// valuesOf lists the values that a key can have: those that make no difference to any
// element once, unless a fact is about the key.
func (r *rows) valuesOf(k int) []int {
	var about [][]int
	for _, m := range r.elements() {
		if i := slices.Index(m.keys, k); i >= 0 {
			about = append(about, m.alike[i])
		}
	}
	if tied := slices.Contains(r.facts.keys(partPrincipal), k) || slices.Contains(r.facts.keys(partResource), k); tied {
		about = append(about, nil)
	}
	var out []int
	same := func(a, b int) bool {
		return !slices.ContainsFunc(about, func(alike []int) bool { return alike == nil || alike[a] != alike[b] })
	}
	for v := range r.counts[slices.Index(r.keys, k)] {
		if r.facts.leavesValue(k, v) && !slices.ContainsFunc(out, func(other int) bool { return same(v, other) }) {
			out = append(out, v)
		}
	}
	return out
}

// elements are all that look at keys.
func (r *rows) elements() []*matches {
	all := slices.Clone(r.listedResources)
	for _, s := range r.statements {
		all = append(append(all, s.resources...), s.conditions...)
		if s.principals != nil {
			all = append(all, s.principals)
		}
	}
	return all
}

// walker goes over the values of an island's keys, one key after the other.
type walker struct {
	*rows
	island
	possible mask
	values   [][]int     // of the keys
	settles  [][]settled // the conditions that each key is the last one of
	places   []place     // of the island's parts
	at       spot
	done     map[arrival]bool
	seen     [1 << maxStatements]bool
	out      []choice
	fixed    []mask         // of each resource, by the statements without variables there
	callers  map[int][]mask // of each caller, by the value of aws:PrincipalArn
}

// place is a part, and what it can be by the values of the keys that it looks at.
type place struct {
	part   part
	keys   []int
	values map[int][]first
	now    []first // those at the place of the walker
}

// arrival is all that the parts of an island depend on.
type arrival struct {
	left mask
	at   [3]int
}

type settled struct {
	statement mask
	condition *matches
}

func (w *walker) walk(i int, left mask) {
	if left&w.possible == 0 {
		return
	}
	if i == len(w.island.keys) {
		w.arrive(left)
		return
	}
	k := w.island.keys[i]
	for _, v := range w.values[i] {
		w.at.digits[k] = v
		still := left
		for _, s := range w.settles[i] {
			if still&s.statement != 0 && !s.condition.at(0, &w.at.digits) {
				still &^= s.statement
			}
		}
		w.walk(i+1, still)
	}
}

// arrive is where all keys have a value: what is left are the parts.
func (w *walker) arrive(left mask) {
	here := arrival{left: left}
	for i, p := range w.places {
		for _, k := range p.keys {
			here.at[i] = here.at[i]*len(worldValues[k]) + w.at.digits[k]
		}
	}
	if w.done[here] {
		return
	}
	w.done[here] = true
	for i := range w.places {
		p := &w.places[i]
		values, ok := p.values[here.at[i]]
		if !ok {
			values = w.list(p.part)
			p.values[here.at[i]] = values
		}
		p.now = values
	}
	w.settle(0, left)
}

// settle goes over the values of the parts.
func (w *walker) settle(i int, left mask) {
	switch {
	case left&w.possible == 0:
	case i < len(w.places):
		for _, v := range w.places[i].now {
			*w.at.of(w.places[i].part) = v.index
			w.settle(i+1, left&v.mask)
		}
	case !w.seen[left]:
		w.seen[left] = true
		w.out = append(w.out, choice{left, w.at})
	}
}

// list has what a part can be under the values of the keys, one value for each set
// of statements that it leaves.
func (w *walker) list(p part) []first {
	var of func(int) mask
	var listed []*matches
	var left []bool
	n := 0
	switch p {
	case partAction:
		n, of, listed = len(worldActions), w.actionMask, w.listedActions
	case partResource:
		masks := w.resources()
		n, of, listed = len(masks), func(x int) mask { return masks[x] }, w.listedResources
		left = w.facts.leaves(p, &w.at.digits)
	case partPrincipal:
		masks := w.people()
		n, of = len(masks), func(c int) mask { return masks[c] }
		left = w.facts.leaves(p, &w.at.digits)
	case partCondition:
	}
	return distinct(n, func(i int) (mask, bool) {
		return of(i), (left == nil || left[i]) && (listed == nil || listedAt(listed, i, &w.at.digits))
	})
}

// resources lists, for every resource, the statements that match.
func (w *walker) resources() []mask {
	var varying mask
	for i, s := range w.statements {
		if slices.ContainsFunc(s.resources, func(m *matches) bool { return len(m.keys) > 0 }) {
			varying |= 1 << i
		}
	}
	if w.fixed == nil {
		w.fixed = w.resourceMasks(nil, ^varying)
	}
	all := w.resourceMasks(&w.at.digits, varying)
	for x := range all {
		all[x] |= w.fixed[x]
	}
	return all
}

// people lists, for every caller, the statements that match.
func (w *walker) people() []mask {
	arn := w.at.digits[keyIndex(principalARN)]
	if w.callers[arn] == nil {
		for c := range w.world.people() {
			w.callers[arn] = append(w.callers[arn], w.callerMask(c, &w.at.digits))
		}
	}
	return w.callers[arn]
}
