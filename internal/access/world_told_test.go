package access_test

import (
	"iter"

	"github.com/grantdiff/grantdiff/internal/policy"
)

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

// contexts yields the values of all keys, as far as elements tell them apart.
func (r *rows) contexts() iter.Seq[*[maxKeys]int] {
	values := make([][]int, len(r.keys))
	for i, k := range r.keys {
		values[i] = r.valuesOf(k)
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
