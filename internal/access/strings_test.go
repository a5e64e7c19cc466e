package access

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tinyAlphabet holds a letter in two cases, a rune that folds to an ASCII letter,
// a colon, a slash, a digit and the separator of principals.
var tinyAlphabet = []rune{'k', 'K', '\u212a', ':', '/', '7', sep}

// drawGlob draws a short glob over all kinds of tokens.
func drawGlob(t *rapid.T) *glob {
	kinds := []tokKind{tokRune, tokRune, tokFold, tokOne, tokOneNC, tokDigit, tokMany, tokMany, tokManyNC, tokOneNS, tokManyNS, tokOneNP, tokManyNP, tokManyPart}
	var toks []tok
	for range rapid.IntRange(0, 5).Draw(t, "length") {
		k := tok{kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		if k.kind <= tokFold {
			k.r = rapid.SampledFrom(tinyAlphabet).Draw(t, "rune")
		}
		if k.kind == tokFold {
			k.r = fold(k.r)
		}
		toks = append(toks, k)
	}
	return newGlob(toks)
}

// byDefinition is the plain definition of matching, for comparison.
func byDefinition(toks []tok, s []rune) bool {
	switch {
	case len(toks) == 0:
		return len(s) == 0
	case toks[0].many():
		return byDefinition(toks[1:], s) || len(s) > 0 && toks[0].matches(s[0]) && byDefinition(toks, s[1:])
	default:
		return len(s) > 0 && toks[0].matches(s[0]) && byDefinition(toks[1:], s[1:])
	}
}

// eachString calls f with all strings up to length n, shortest first.
func eachString(n int, f func([]rune) bool) bool {
	level := [][]rune{{}}
	for range n + 1 {
		var next [][]rune
		for _, s := range level {
			if f(s) {
				return true
			}
			for _, r := range tinyAlphabet {
				next = append(next, append(slices.Clone(s), r))
			}
		}
		level = next
	}
	return false
}

// query asks for a text of every union of pos and of no glob of neg.
func query(pos [][]*glob, neg []*glob) textQuery {
	q := textQuery{in: newInterner()}
	for _, gs := range pos {
		q.pos = append(q.pos, q.in.union(gs))
	}
	// One union or several must not matter.
	q.neg = []*union{q.in.union(neg[:len(neg)/2]), q.in.union(neg[len(neg)/2:])}
	return q
}

func TestTextQueryAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pos [][]*glob
		for range rapid.IntRange(1, 3).Draw(t, "unions") {
			pos = append(pos, rapid.SliceOfN(rapid.Custom(drawGlob), 1, 3).Draw(t, "union"))
		}
		neg := rapid.SliceOfN(rapid.Custom(drawGlob), 0, 4).Draw(t, "neg")
		var begin []rune
		// Globs of more than one machine word have to behave like short ones.
		if rapid.IntRange(0, 3).Draw(t, "long") == 0 {
			text := strings.Repeat("k", rapid.IntRange(60, 66).Draw(t, "head"))
			head := literalToks(text)
			begin = []rune(text)
			for _, g := range slices.Concat(append(slices.Clone(pos), neg)...) {
				*g = *newGlob(slices.Concat(head, g.tokens()))
			}
		}
		answers := func(s []rune) bool {
			in := func(g *glob) bool { return byDefinition(g.tokens(), s) }
			return !slices.ContainsFunc(neg, in) &&
				!slices.ContainsFunc(pos, func(u []*glob) bool { return !slices.ContainsFunc(u, in) })
		}
		got, st := query(pos, neg).find(&budget{1 << 30})
		switch {
		case st == sat && !answers([]rune(got)):
			t.Fatalf("%q is no answer", got)
		case st == unsat && eachString(4, func(s []rune) bool { return answers(slices.Concat(begin, s)) }):
			t.Fatal("there is an answer")
		case st != sat && st != unsat:
			t.Fatal("neither found nor ruled out")
		}
		for _, g := range neg {
			if g.match(got) != byDefinition(g.tokens(), []rune(got)) {
				t.Fatalf("match of %q differs from its definition", got)
			}
		}
	})
}

// TestDomains holds the domains' short cuts to their globs.
func TestDomains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`(arn:)?([a:]{0,3}:){0,6}[a:*]{0,3}`).Draw(t, "text")
		for _, g := range []*glob{actionDomain[0].globs[0], resourceDomain[0].globs[0]} {
			if g.match(s) != byDefinition(g.toks, []rune(s)) {
				t.Fatalf("%q", s)
			}
		}
	})
}

// TestLongGlobs holds the negative sets of several machine words to inclusion that
// is known: a glob is within itself and within what one more run makes of it.
func TestLongGlobs(t *testing.T) {
	for _, n := range []int{62, 63, 64, 65, 127, 128, 129, 200} {
		text := strings.Repeat("ab?*", n/4) + strings.Repeat("c", n%4)
		for name, tt := range map[string]struct {
			pos, neg string
			want     status
		}{
			"itself":  {text, text, unsat},
			"wider":   {text, "*" + text + "*", unsat},
			"longer":  {text, text + "?", sat},
			"another": {text[1:], text, sat},
		} {
			_, st := query([][]*glob{globs(tt.pos)}, globs(tt.neg)).find(&budget{1 << 24})
			if st != tt.want {
				t.Errorf("%d %s: got %v, want %v", n, name, st, tt.want)
			}
		}
	}
}

func TestTypedForms(t *testing.T) {
	for text, want := range map[string]bool{
		"1": true, "-1.50": true, "+2": true, "1e3": true, "1E-3": true, "1e400": true,
		"": false, ".5": false, "5.": false, "1e401": false, "1e": false, "0x1": false, "1_0": false, "1/2": false, "Inf": false, " 1": false,
	} {
		if _, ok := number(text); ok != want {
			t.Errorf("number(%q) = %v", text, ok)
		}
	}
	for text, want := range map[string]bool{
		"2020": true, "2020-02": true, "2020-02-29": true, "2020-01-01T10:00Z": true, "2020-01-01T10:00:00+01:00": true,
		"2020-01-01T10:00:00.000000000000000000000000000001Z": true, "1577836800": true,
		"2020-02-30": false, "2020-01-01T1:00:00Z": false, "2020-01-01T10:00:00": false, "2020-01-01T10:00:00.Z": false,
		"2020-01-01T10:00:00,5Z": false, "1.5": false, "-1": false, "1e9": false, "1234567890123456789": false,
	} {
		if _, ok := instant(text); ok != want {
			t.Errorf("instant(%q) = %v", text, ok)
		}
	}
}

// TestPointsHaveTexts holds the candidates to what the forms can write.
func TestPointsHaveTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.StringMatching(`-?[0-9]{1,40}(\.[0-9]{1,40})?(e-?[0-9]{1,2})?`)
		var spans []span
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			x, ok := number(form.Draw(t, "number"))
			if !ok {
				t.Fatal("no number")
			}
			spans = append(spans, span{lo: x})
		}
		for _, x := range rationals(spans) {
			if back, ok := number(decimal(x)); !ok || back.Cmp(x) != 0 {
				t.Fatalf("%s is written %s", x, decimal(x))
			}
		}
	})
}
