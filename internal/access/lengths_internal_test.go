package access

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSolvable holds bounds to all small numbers.
func TestSolvable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bounds []bound
		for range rapid.IntRange(1, 5).Draw(t, "bounds") {
			c := bound{of: map[int]int64{}, least: rapid.Int64Range(-3, 3).Draw(t, "least")}
			for x := range 3 {
				if n := rapid.Int64Range(-2, 2).Draw(t, "times"); n != 0 {
					c.of[x-1] = n
				}
			}
			bounds = append(bounds, c)
		}
		can := false
		for n := range 8 * 8 * 8 {
			at := []int64{int64(n % 8), int64(n / 8 % 8), int64(n / 64)}
			can = can || !slices.ContainsFunc(bounds, func(c bound) bool {
				return c.of[-1]*at[0]+c.of[0]*at[1]+c.of[1]*at[2] < c.least
			})
		}
		if can && !solvable(bounds, &budget{DefaultWork}) {
			t.Fatalf("%v can be met", bounds)
		}
	})
}

// TestLengthsOfValues holds that values which match patterns are as long as those say.
func TestLengthsOfValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abA/]{0,4}`)
		values := []string{word.Draw(t, "value"), word.Draw(t, "other")}
		var dims [][][]tok
		for range rapid.IntRange(1, 3).Draw(t, "dimensions") {
			var toks, like []tok
			for range rapid.IntRange(0, 4).Draw(t, "parts") {
				var part []tok
				if rapid.Bool().Draw(t, "variable") {
					part = []tok{{tokRune, rapid.SampledFrom([]rune{opaque, opaqueAny}).Draw(t, "kind") + 2*rune(rapid.IntRange(0, 1).Draw(t, "which"))}}
				} else {
					part = literalToks(word.Draw(t, "text"))
				}
				toks = append(toks, part...)
				switch n := rapid.IntRange(0, 4).Draw(t, "like"); {
				case n == 0:
					part = []tok{anyRun}
				case n == 1 && len(part) > 0 && part[0].r < opaque:
					part = slices.Repeat([]tok{{kind: tokOne}}, len(part))
				case n == 2 && len(part) > 0 && part[0].r >= opaque: // the value, in other letters
					part = foldToks(strings.ToUpper(values[(part[0].r&^1-opaque)%(opaqueAny-opaque)/2]))
				}
				like = append(like, part...)
			}
			dims = append(dims, [][]tok{toks, like})
		}
		for _, m := range []measure{0, measure(fold('a')), measure(fold('b')), '/'} {
			var bounds []bound
			for i, patterns := range dims {
				for _, toks := range patterns {
					bounds = m.bounds(bounds, i, toks)
				}
			}
			if !solvable(bounds, &budget{DefaultWork}) {
				t.Fatalf("%v are not as long as they are", dims)
			}
		}
	})
}

// TestLengthsOfLongPatterns: counting what long patterns are made of, for each character
// anew, is work that the bound on it ends.
func TestLengthsOfLongPatterns(t *testing.T) {
	const n = 4000
	var measures []measure
	var toks []tok
	for i := range n {
		toks = append(toks, tok{tokRune, rune(0x4e00 + i)})
		measures = append(measures, measure(0x4e00+i))
	}
	list := []sized{{0, [][]tok{toks, toks}}, {1, [][]tok{append(slices.Clone(toks), tok{tokRune, opaque})}}}
	b := &budget{DefaultWork}
	s := &search{p: &problem{}}
	s.p.compiler.ground = &ground{b: b}
	if !s.fit(list, nil, measures) {
		t.Error("values are long enough")
	}
	if used := DefaultWork - b.left; used < n*n/8 {
		t.Errorf("%d steps for %d tokens, each looked at for %d characters", used, 2*n, n)
	}
	b.left = 10_000
	if !s.fit(list, nil, measures) || b.left >= 0 || b.left < -10_000 {
		t.Errorf("%d steps are left of 10,000", b.left)
	}
}
