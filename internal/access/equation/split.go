package equation

import "slices"

// A split parts an unknown into two: what is taken off, which stands elsewhere, too, and the
// rest.
type split struct {
	taken, rest int32 // shapes; taken is not that of an unknown where a character is taken off
}

type splitKey struct {
	shape, by int32
	char      rune
	behind    bool
	next      rune
}

// splits lists the ways in which a text of a shape begins with one of another, or with a
// character (by is none then); or ends with it. The rest has to begin with the character next,
// or end with it, unless that is anything. It reports whether that are all ways.
func (s *shapes) splits(of, by int32, char rune, behind bool, next rune) ([]split, bool) {
	key := splitKey{of, by, char, behind, next}
	if known, ok := s.split[key]; ok {
		return known, true
	}
	sh := s.all[of]
	middles, whole := s.middles(sh.parts, by, char, behind)
	if !whole {
		return nil, false
	}
	var out []split
	for _, at := range middles {
		before, after := slices.Clone(sh.parts), slices.Clone(sh.parts)
		for i := range at {
			before[i].to, after[i].from = at[i], at[i]
		}
		taken, rest := before, after
		if behind {
			taken, rest = after, before
		}
		if next != anything && !behind && !s.begins(rest, next) {
			continue
		}
		var parted split
		if by == none {
			if behind && !s.reads(taken, char) {
				continue
			}
			parted = split{none, s.number(rest, false)}
		} else {
			taken = append(taken, s.all[by].parts...)
			parted = split{s.number(taken, s.all[by].some), s.number(rest, false)}
			if !s.at(parted.taken).possible {
				continue
			}
		}
		if s.at(parted.rest).possible && !slices.Contains(out, parted) {
			out = append(out, parted)
		}
		if len(out) > maxSplits {
			return nil, false
		}
	}
	s.split[key] = out
	return out, true
}

// none is no shape, and anything no character.
const (
	none     int32 = -1
	anything rune  = -1
)

// begins reports whether a text of the parts may begin with a character.
func (s *shapes) begins(parts []part, char rune) bool {
	return !slices.ContainsFunc(parts, func(p part) bool { return s.languages[p.language].Next(p.from, char) == Dead })
}

// reads reports whether a character leads all parts to their ends.
func (s *shapes) reads(parts []part, char rune) bool {
	return !slices.ContainsFunc(parts, func(p part) bool {
		to := s.languages[p.language].Next(p.from, char)
		return to == Dead || !s.ends(p, to)
	})
}

// middles lists the states in which a text of the parts may be parted: those behind what is
// taken off in front, else all.
func (s *shapes) middles(parts []part, by int32, char rune, behind bool) ([][]int32, bool) {
	if behind {
		w := s.walk(parts)
		return w.tuples, w.whole
	}
	if by == none {
		at := make([]int32, len(parts))
		for i, p := range parts {
			if at[i] = s.languages[p.language].Next(p.from, char); at[i] == Dead {
				return nil, true
			}
		}
		return [][]int32{at}, true
	}
	// What is taken off is read beside.
	taken := s.all[by].parts
	w := s.walk(slices.Concat(parts, taken))
	var out [][]int32
	for _, t := range w.tuples {
		ends := true
		for i, p := range taken {
			ends = ends && s.ends(p, t[len(parts)+i])
		}
		if at := t[:len(parts):len(parts)]; ends && !slices.ContainsFunc(out, func(o []int32) bool { return slices.Equal(o, at) }) {
			out = append(out, at)
		}
	}
	return out, w.whole
}
