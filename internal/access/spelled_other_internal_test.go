package access

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestSpelledOther holds texts that must not be some numbers, instants or addresses, and that
// patterns leave no character which nothing names, to all texts that the patterns leave.
func TestSpelledOther(t *testing.T) {
	draws := []func(t *rapid.T) (string, []constraint){drawNumber, drawInstant, drawAddress}
	answers := map[status]int{}
	rapid.Check(t, func(t *rapid.T) {
		text, cs := rapid.SampledFrom(draws).Draw(t, "kind")(t)
		if rapid.IntRange(0, 3).Draw(t, "another kind") == 0 {
			_, more := rapid.SampledFrom(draws).Draw(t, "other kind")(t)
			cs = append(cs, more...)
		}
		for i := range cs {
			cs[i].want = false
			if rapid.Bool().Draw(t, "all") { // nearly
				cs[i].m.spans = append(cs[i].m.spans, spanOf(0, nil))
			}
		}
		s := &spelledScene{cs: cs}
		texts := []string{""}
		left := 32
		for i, r := range text {
			before, behind := strings.Repeat("?", i), strings.Repeat("?", len(text)-i-1)
			alternatives := []rune{r}
			for range rapid.IntRange(0, 3).Draw(t, "alternatives") - 1 {
				c := rapid.SampledFrom([]rune(text+"0123:e-")).Draw(t, "alternative")
				if left > 1 && !slices.Contains(alternatives, c) {
					alternatives = append(alternatives, c)
				}
			}
			var list []string
			switch {
			case r == ':' && rapid.IntRange(0, 2).Draw(t, "colon") == 0:
				alternatives = []rune{r}
				s.neg = append(s.neg, []string{before + "¤" + behind})
			default:
				for _, c := range alternatives {
					list = append(list, before+string(c)+behind)
				}
				s.pos = append(s.pos, list)
			}
			left /= len(alternatives)
			var next []string
			for _, t := range texts {
				for _, c := range alternatives {
					next = append(next, t+string(c))
				}
			}
			texts = next
		}
		if len(s.pos) == 0 {
			s.pos = [][]string{{strings.Repeat("?", len(text))}}
		}
		if rapid.IntRange(0, 3).Draw(t, "in any case") == 0 {
			s.pos, s.neg = [][]string{{"~" + text}}, nil
			texts = []string{""}
			for i, r := range text {
				var next []string
				for _, t := range texts {
					next = append(next, t+string(r))
					if other := unicode.SimpleFold(r); other != r && i < 6 {
						next = append(next, t+string(other))
					}
				}
				texts = next
			}
			if len(text) > 6 {
				s.pos = append(s.pos, []string{"*" + text[6:]})
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "unwanted") {
			s.neg = append(s.neg, []string{drawPattern(t, text, 5)})
		}
		v, st := s.find(t)
		answers[st]++
		if st == sat && !slices.Contains(texts, v) {
			t.Fatalf("%q is not within the patterns", v)
		}
		if i := slices.IndexFunc(texts, s.holds); st == unsat && i >= 0 {
			t.Fatalf("%q is an answer, and none was found", texts[i])
		}
	})
	t.Logf("%d found, %d ruled out", answers[sat], answers[unsat])
}
