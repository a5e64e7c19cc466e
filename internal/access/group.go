package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A group is the statements of one effect in some documents. Of thousands, a
// statement asked about meets few: an index over the literal beginnings of actions
// and resources leaves the others out.
type group struct {
	key     groupKey
	boxes   []*box
	places  []place // of boxes
	escapes []clause
	indexes []*index // of dimResource and dimAction; none for few boxes
	stamps  []int    // by box: the last look-up that found it
	lookup  int
}

// groupKey names documents from first on, n of them, and an effect.
type groupKey struct {
	first, n int
	effect   policy.Effect
}

// unindexed is how many boxes are looked at one by one.
const unindexed = 24

// group returns the statements with the effect in docs, the documents from first on
// of the question.
func (p *problem) group(first, n int, effect policy.Effect) *group {
	key := groupKey{first, n, effect}
	for _, g := range p.groups {
		if g.key == key {
			return g
		}
	}
	count, size := 0, 0
	each := func(f func(at place, b *box)) {
		for i, d := range p.docs[first : first+n] {
			for j := range d.Statements {
				if b := p.compiled[first+i][j]; b != nil && d.Statements[j].Effect == effect {
					f(place{first + i, j}, b)
				}
			}
		}
	}
	each(func(_ place, b *box) { count, size = count+1, size+len(*b) })
	g := &group{key: key, boxes: make([]*box, 0, count), places: make([]place, 0, count), escapes: make([]clause, 0, count)}
	lits := make([]lit, 0, size) // of the escapes, which share it
	each(func(at place, b *box) {
		from := len(lits)
		lits = append(lits, *b...)
		g.boxes, g.places, g.escapes = append(g.boxes, b), append(g.places, at), append(g.escapes, p.escape(lits[from:len(lits):len(lits)]))
	})
	if len(g.boxes) > unindexed {
		g.indexes = []*index{p.index(dimResource, g.boxes), p.index(dimAction, g.boxes)}
		g.stamps = make([]int, len(g.boxes))
	}
	p.groups = append(p.groups, g)
	return g
}

// near lists the numbers of the boxes that may hold a request of in, which is a box
// of the problem.
func (g *group) near(p *problem, in box) []int32 {
	var found []int32
	looked := false
	for _, x := range g.indexes {
		if looked && len(found) <= unindexed {
			break
		}
		for _, l := range in {
			a := p.atoms[l.atom()]
			if a.dim != x.dim || l.neg() {
				continue
			}
			g.lookup++
			var next []int32
			x.near(p.b, a.union, func(i int32) {
				// Every look-up has to find it.
				if s := g.stamps[i]; s != g.lookup && (!looked || s == g.lookup-1) {
					g.stamps[i] = g.lookup
					next = append(next, i)
				}
			})
			found, looked = next, true
		}
	}
	if !looked {
		for i := range g.boxes {
			found = append(found, int32(i))
		}
	}
	slices.Sort(found)
	p.b.spend(len(found))
	return found
}

// clauses are the escapes of the boxes near in.
func (g *group) clauses(p *problem, in box) []clause {
	near := g.near(p, in)
	out := make([]clause, len(near))
	for k, i := range near {
		out[k] = g.escapes[i]
	}
	return out
}

// list lists the boxes near in.
func (g *group) list(p *problem, in box) []box {
	near := g.near(p, in)
	out := make([]box, len(near))
	for k, i := range near {
		out[k] = *g.boxes[i]
	}
	return out
}

// nearby lists all statements of the question that may hold a request of in.
func (p *problem) nearby(in box) places {
	out := newPlaces(p.docs)
	for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
		g := p.group(0, len(p.docs), effect)
		for _, i := range g.near(p, in) {
			out.add(g.places[i])
		}
	}
	return out
}

// An index finds boxes by the globs of one dimension.
type index struct {
	dim   int
	globs *union
	by    map[int32][]int32 // boxes by glob
	loose []int32           // boxes that may hold any text
}

func (p *problem) index(dim int, boxes []*box) *index {
	x := &index{dim: dim, by: map[int32][]int32{}}
	var globs []*glob
	for i, b := range boxes {
		tight := false
		for _, l := range *b {
			a := p.atoms[l.atom()]
			if a.dim != dim || l.neg() {
				continue
			}
			tight = true
			for _, g := range a.union.globs {
				globs = append(globs, g)
				x.by[g.id] = append(x.by[g.id], int32(i))
			}
			break // one test is enough to find it by
		}
		if !tight {
			x.loose = append(x.loose, int32(i))
		}
	}
	x.globs = p.in.union(globs)
	return x
}

// near calls f with the boxes that may hold a text of u.
func (x *index) near(b *budget, u *union, f func(box int32)) {
	for _, i := range x.loose {
		f(i)
	}
	visit := func(g *glob) bool {
		for _, i := range x.by[g.id] {
			f(i)
		}
		return b.spend(1 + len(x.by[g.id]))
	}
	for _, g := range u.globs {
		if !g.exact {
			x.globs.near(g, visit)
			x.globs.nearTexts(g, visit)
			continue
		}
		if x.globs.has(g.id) {
			visit(g)
		}
		for i := x.globs.below(g.text); i >= 0; i = x.globs.up[i] {
			if h := x.globs.wild[i]; !h.apart(g) {
				visit(h)
			}
		}
	}
}
