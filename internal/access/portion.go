package access

import (
	"fmt"
	"slices"
	"strings"
)

// A portion is a product of cells, with the exceptions that meet it.
type portion struct {
	cells  [elements][]int
	except []*exception
}

// split cuts an area into parts that each exception covers or does not meet as far
// as that can be: first by actions, then by resources, then by principals. Covered
// parts are left out. It reports false when there are too many parts.
func split(a *area, except []*exception) ([]portion, bool) {
	var out []portion
	order := [elements]int{dimAction, dimResource, dimPrincipal}
	var cut func(depth int, p portion) bool
	cut = func(depth int, p portion) bool {
		if depth == elements {
			if !p.covered() {
				out = append(out, p)
			}
			return len(out) <= 4*maxParts
		}
		dim := order[depth]
		for _, group := range alike(len(a.cells(dim)), dim, p.except) {
			next := portion{cells: p.cells}
			next.cells[dim] = group
			for _, e := range p.except {
				if e.rels[dim][group[0]] != apart {
					next.except = append(next.except, e)
				}
			}
			if !cut(depth+1, next) {
				return false
			}
		}
		return true
	}
	if !cut(0, portion{except: except}) {
		return nil, false
	}
	out = merged(out, dimAction)
	out = merged(out, dimResource)
	out = merged(out, dimPrincipal)
	return out, len(out) <= maxParts
}

// covered reports that an exception takes all of the part.
func (p portion) covered() bool {
	return slices.ContainsFunc(p.except, func(e *exception) bool {
		return len(e.left) == 0 && e.within(p, -1)
	})
}

// within reports whether e holds the part in every dimension but one.
func (e *exception) within(p portion, but int) bool {
	for dim := range elements {
		if dim != but && slices.ContainsFunc(p.cells[dim], func(i int) bool { return e.rels[dim][i] != within }) {
			return false
		}
	}
	return true
}

// alike groups n cells by how they lie to the exceptions.
func alike(n, dim int, except []*exception) [][]int {
	var out [][]int
	index := map[string]int{}
	key := make([]byte, len(except))
	for i := range n {
		for j, e := range except {
			key[j] = byte(e.rels[dim][i])
		}
		at, ok := index[string(key)]
		if !ok {
			at = len(out)
			index[string(key)] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], i)
	}
	return out
}

// merged joins parts that differ in one dimension only.
func merged(parts []portion, dim int) []portion {
	var out []portion
	index := map[string]int{}
	for _, p := range parts {
		var key strings.Builder
		for d := range elements {
			if d != dim {
				fmt.Fprint(&key, p.cells[d])
			}
		}
		for _, e := range p.except {
			r := e.rels[dim][p.cells[dim][0]]
			fmt.Fprintf(&key, "|%p %d", e, r)
		}
		if at, ok := index[key.String()]; ok {
			out[at].cells[dim] = append(slices.Clone(out[at].cells[dim]), p.cells[dim]...)
			slices.Sort(out[at].cells[dim])
			continue
		}
		index[key.String()] = len(out)
		out = append(out, p)
	}
	return out
}

// uncut is the area as one part, less the cells that one exception covers together
// with all of the other dimensions.
func uncut(a *area, except []*exception) portion {
	p := portion{except: except}
	for dim := range elements {
		for i := range a.cells(dim) {
			p.cells[dim] = append(p.cells[dim], i)
		}
	}
	for dim := range elements {
		p.cells[dim] = slices.DeleteFunc(p.cells[dim], func(i int) bool {
			return slices.ContainsFunc(except, func(e *exception) bool {
				return e.rels[dim][i] == within && len(e.left) == 0 && e.within(p, dim)
			})
		})
	}
	p.except = slices.DeleteFunc(slices.Clone(except), func(e *exception) bool {
		for dim := range elements {
			if !slices.ContainsFunc(p.cells[dim], func(i int) bool { return e.rels[dim][i] != apart }) {
				return true
			}
		}
		return false
	})
	return p
}
