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
}

// splits lists the ways in which a text of a shape begins with one of another, or with a
// character (by is none then); or ends with it. It reports whether that are all.
func (s *shapes) splits(of, by int32, char rune, behind bool) ([]split, bool) {
	key := splitKey{of, by, char, behind}
	if known, ok := s.split[key]; ok {
		return known, true
	}
	sh := s.all[of]
	middles, whole := s.middles(sh.parts, char, by == none && !behind)
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
		var next split
		if by == none {
			if behind && !s.reads(taken, char) {
				continue
			}
			next = split{none, s.number(rest, false)}
		} else {
			taken = append(taken, s.all[by].parts...)
			next = split{s.number(taken, s.all[by].some), s.number(rest, false)}
			if !s.at(next.taken).possible {
				continue
			}
		}
		if s.at(next.rest).possible && !slices.Contains(out, next) {
			out = append(out, next)
		}
		if len(out) > maxSplits {
			return nil, false
		}
	}
	s.split[key] = out
	return out, true
}

// none is no shape.
const none int32 = -1

// reads reports whether a character leads all parts to their ends.
func (s *shapes) reads(parts []part, char rune) bool {
	return !slices.ContainsFunc(parts, func(p part) bool {
		to := s.languages[p.language].Next(p.from, char)
		return to == Dead || !s.ends(p, to)
	})
}

// middles lists the states in which a text of the parts may be parted: those behind the
// character where it is the first, else all.
func (s *shapes) middles(parts []part, char rune, first bool) ([][]int32, bool) {
	if first {
		at := make([]int32, len(parts))
		for i, p := range parts {
			if at[i] = s.languages[p.language].Next(p.from, char); at[i] == Dead {
				return nil, true
			}
		}
		return [][]int32{at}, true
	}
	w := s.walk(parts)
	return w.tuples, w.whole
}
