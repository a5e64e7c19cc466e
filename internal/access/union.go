package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// An interner numbers the globs of a problem, so that lists of hundreds of them
// compare quickly. Exact globs of equal text are one.
type interner struct {
	exact map[string]*glob
	byKey map[string]*glob
	last  int32
	// pairs remembers which globs with wildcards match no string together; see disjoint.
	pairs map[[2]int32]bool
	// stack is the memory of combinations that are being extended.
	stack []*glob
}

func newInterner() *interner {
	in := &interner{exact: map[string]*glob{}, byKey: map[string]*glob{}, pairs: map[[2]int32]bool{}}
	in.reset()
	return in
}

// reset forgets all but what is common.
func (in *interner) reset() {
	clear(in.exact)
	clear(in.byKey)
	clear(in.pairs)
	maps.Copy(in.exact, common.exact)
	in.last = common.last
	clear(in.stack[:cap(in.stack)])
}

// literal returns the glob that matches text only.
func (in *interner) literal(text string) *glob {
	g, ok := in.exact[text]
	if !ok {
		g = literal(text)
		in.number(g)
		in.exact[text] = g
	}
	return g
}

// number marks a glob that nobody else holds as interned.
func (in *interner) number(g *glob) {
	in.last++
	g.id = in.last
}

// own interns a new glob, which the caller gives away.
func (in *interner) own(g *glob) *glob {
	if !g.exact {
		in.number(g)
		return g
	}
	known, ok := in.exact[g.text]
	if !ok {
		in.number(g)
		in.exact[g.text] = g
		return g
	}
	known.spelled(g)
	return known
}

// spelled takes over how an equal glob is written.
func (g *glob) spelled(as *glob) {
	if g.pattern == "" && as.pattern != "" {
		g.pattern = as.pattern
	}
}

// add returns the interned glob that matches what g does.
func (in *interner) add(g *glob) *glob {
	if g.id != 0 {
		return g
	}
	if g.exact {
		known := in.literal(g.text)
		known.spelled(g)
		return known
	}
	key := g.key()
	known, ok := in.byKey[key]
	if !ok {
		clone := *g // g may be shared
		known = &clone
		in.number(known)
		in.byKey[key] = known
	}
	return known
}

// A union matches what any of its globs does.
type union struct {
	globs []*glob  // as listed, without repetition
	exact []int32  // ids of the exact ones, sorted
	one   [1]int32 // memory of a single id
	wild  []*glob  // the others, by their literal beginning
	// up holds, for each of wild, the place of the longest other beginning that it
	// extends, or -1.
	up []int32
	// texts are the exact globs by text; nil until they are asked for.
	texts []*glob
	// templates are those of the globs that have one, and plain the union without
	// those.
	templates []*template
	plain     *union
}

// union interns globs into one.
func (in *interner) union(globs []*glob) *union { return in.joined(in.all(globs)) }

// all interns globs, without repetition.
func (in *interner) all(globs []*glob) []*glob {
	out := make([]*glob, len(globs))
	for i, g := range globs {
		out[i] = in.add(g)
	}
	if len(out) > 1 {
		out = distinct(out)
	}
	return out
}

// joined is the union of interned globs, which it keeps.
func (in *interner) joined(globs []*glob) *union {
	u := &union{globs: globs}
	if len(u.globs) == 1 && u.globs[0].tmpl == nil {
		if u.plain = u; u.globs[0].exact {
			u.one[0] = u.globs[0].id
			u.exact = u.one[:]
		} else {
			u.wild, u.up = u.globs, noneUp
		}
		return u
	}
	if len(u.globs) > 1 {
		u.globs = distinct(u.globs)
	}
	for _, g := range u.globs {
		switch {
		case g.exact:
			u.exact = append(u.exact, g.id)
		case g.tmpl != nil:
			u.templates = append(u.templates, g.tmpl)
			fallthrough
		default:
			u.wild = append(u.wild, g)
		}
	}
	u.plain = u
	if len(u.templates) > 0 {
		u.plain = in.union(slices.DeleteFunc(slices.Clone(u.globs), func(g *glob) bool { return g.tmpl != nil }))
	}
	slices.Sort(u.exact)
	if len(u.wild) > 1 {
		slices.SortStableFunc(u.wild, func(a, b *glob) int { return cmp.Compare(a.pre, b.pre) })
	}
	u.up = make([]int32, len(u.wild))
	for i, g := range u.wild {
		up := int32(i) - 1
		for up >= 0 && !strings.HasPrefix(g.pre, u.wild[up].pre) {
			up = u.up[up]
		}
		u.up[i] = up
	}
	return u
}

// noneUp are the places of a single beginning.
var noneUp = []int32{-1}

// distinct drops repetitions and keeps the order.
func distinct(globs []*glob) []*glob {
	if len(globs) <= 8 {
		out := globs[:0]
		for _, g := range globs {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
		return out
	}
	seen := make(map[int32]struct{}, len(globs))
	out := globs[:0]
	for _, g := range globs {
		if _, ok := seen[g.id]; !ok {
			seen[g.id] = struct{}{}
			out = append(out, g)
		}
	}
	return out
}

// sortedIDs are the numbers of globs.
func sortedIDs(globs []*glob) []int32 {
	out := make([]int32, len(globs))
	for i, g := range globs {
		out[i] = g.id
	}
	slices.Sort(out)
	return out
}

// has reports whether u lists the exact glob with the id.
func (u *union) has(id int32) bool {
	if len(u.exact) < 8 {
		return slices.Contains(u.exact, id)
	}
	_, ok := slices.BinarySearch(u.exact, id)
	return ok
}

// matchesWild reports whether a glob with wildcards of u matches s.
func (u *union) matchesWild(s string, b *budget) bool {
	for i := u.below(s); i >= 0; i = u.up[i] {
		if b.spend(1) && u.wild[i].meets(s, b) {
			return true
		}
	}
	return false
}

// below is the last of wild whose beginning is s or sorts before it; of those that
// s begins with, all others are up from it. -1 for none.
func (u *union) below(s string) int32 {
	if len(u.wild) == 0 {
		return -1
	}
	return int32(firstOf(u.wild, func(g *glob) bool { return g.pre > s })) - 1
}

// near calls f with each of wild that may match what g, which has wildcards, does:
// their beginnings extend one another. It ends when f returns false.
func (u *union) near(g *glob, f func(*glob) bool) {
	if len(u.wild) == 0 {
		return
	}
	first := firstOf(u.wild, func(h *glob) bool { return h.pre >= g.pre })
	for i := int32(first) - 1; i >= 0; i = u.up[i] {
		if strings.HasPrefix(g.pre, u.wild[i].pre) && !f(u.wild[i]) {
			return
		}
	}
	for _, h := range u.wild[first:] {
		if !strings.HasPrefix(h.pre, g.pre) || !f(h) {
			return
		}
	}
}

// nearTexts calls f with each exact glob of u that begins as g does.
func (u *union) nearTexts(g *glob, f func(*glob) bool) {
	if len(u.exact) == 0 {
		return
	}
	if u.texts == nil {
		for _, g := range u.globs {
			if g.exact {
				u.texts = append(u.texts, g)
			}
		}
		slices.SortFunc(u.texts, func(a, b *glob) int { return cmp.Compare(a.text, b.text) })
	}
	first := firstOf(u.texts, func(h *glob) bool { return h.text >= g.pre })
	for _, h := range u.texts[first:] {
		if !strings.HasPrefix(h.text, g.pre) || !f(h) {
			return
		}
	}
}

// firstOf is the place of the first glob that f holds for, and then for all behind
// it; their number where there is none.
func firstOf(globs []*glob, f func(*glob) bool) int {
	lo, hi := 0, len(globs)
	for lo < hi {
		if mid := (lo + hi) / 2; f(globs[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
