package access

import (
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// spelledGlob reads a pattern: one that begins with "~" regardless of case, and in one with
// "¤" that is a character but a colon.
func spelledGlob(p string) *glob {
	if text, ok := strings.CutPrefix(p, "~"); ok {
		return newGlob(foldToks(text))
	}
	toks := wildGlob(p, 0).tokens()
	for i := range toks {
		if toks[i].r == '¤' {
			toks[i] = tok{kind: tokOneNC}
		}
	}
	return newGlob(toks)
}

// spelledScene is patterns and constraints on one value.
type spelledScene struct {
	pos, neg [][]string // patterns
	cs       []constraint
}

func (s *spelledScene) holds(text string) bool {
	matches := func(list []string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return spelledGlob(p).match(text) })
	}
	return !slices.ContainsFunc(s.pos, func(l []string) bool { return !matches(l) }) &&
		!slices.ContainsFunc(s.neg, matches) &&
		!slices.ContainsFunc(s.cs, func(c constraint) bool { return c.m.match(text) != c.want })
}

func (s *spelledScene) find(t *rapid.T) (string, status) {
	in := newInterner()
	b := &budget{DefaultWork}
	unions := func(lists [][]string) (out []*union) {
		for _, l := range lists {
			var gs []*glob
			for _, p := range l {
				gs = append(gs, spelledGlob(p))
			}
			out = append(out, in.union(gs))
		}
		return out
	}
	f, ok := newFollower(unions(s.pos), unions(s.neg), spelledChars, b)
	if !ok {
		t.Fatal("out of work")
	}
	of := map[sort][]constraint{}
	var wanted sort
	for _, c := range s.cs {
		of[c.m.sort] = append(of[c.m.sort], c)
		if c.want {
			wanted |= c.m.sort
		}
	}
	v, st := f.ofSorts(of, wanted, func(v string) (string, status) {
		if s.holds(v) {
			return v, sat
		}
		return "", unsat
	})
	switch {
	case st == open:
		t.Fatal("left open")
	case st == sat && !s.holds(v):
		t.Fatalf("%q is no answer", v)
	}
	return v, st
}

func drawPattern(t *rapid.T, chars string, most int) string {
	var b strings.Builder
	for range rapid.IntRange(0, most).Draw(t, "length") {
		b.WriteByte(rapid.SampledFrom([]byte("**??"+chars)).Draw(t, "character"))
	}
	return b.String()
}

// drawSpans draws constraints of ends, up to three.
func drawSpans(t *rapid.T, s sort, ends []string, read func(string) (*big.Rat, bool)) (out []constraint) {
	tests := map[sort][]policy.Test{
		sortNumber: {policy.NumericEquals, policy.NumericLessThan, policy.NumericLessThanEquals, policy.NumericGreaterThan, policy.NumericGreaterThanEquals},
		sortDate:   {policy.DateEquals, policy.DateLessThan, policy.DateLessThanEquals, policy.DateGreaterThan, policy.DateGreaterThanEquals},
	}[s]
	for range rapid.IntRange(1, 3).Draw(t, "constraints") {
		m := &matcher{sort: s}
		for range rapid.IntRange(1, 2).Draw(t, "ends") {
			x, _ := read(rapid.SampledFrom(ends).Draw(t, "end"))
			m.spans = append(m.spans, spanOf(rapid.SampledFrom(tests).Draw(t, "test"), x))
		}
		out = append(out, constraint{m, rapid.Bool().Draw(t, "want")})
	}
	return out
}

// TestSpelledNumbers holds texts of numbers to all short ones.
func TestSpelledNumbers(t *testing.T) {
	const chars = "0129.-+eE"
	texts := []string{""}
	for from := 0; len(texts[len(texts)-1]) < 5; from++ {
		for _, r := range chars {
			texts = append(texts, texts[from]+string(r))
		}
	}
	answers := map[status]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := &spelledScene{cs: drawSpans(t, sortNumber, []string{"0", "1", "2", "9", "10", "-1", "0.1", "1.2", "19e-3", "99.02", "2e3", "-21", "1e9", "12", "1e-400", "9e99"}, number)}
		if rapid.IntRange(0, 7).Draw(t, "instants") == 0 {
			s.cs = append(s.cs, drawSpans(t, sortDate, []string{"0", "9", "1000", "1920", "12", "21000", "99999999"}, instant)...)
		}
		for range rapid.IntRange(0, 2).Draw(t, "wanted") {
			s.pos = append(s.pos, []string{drawPattern(t, chars, 5), drawPattern(t, chars, 6)}[:rapid.IntRange(1, 2).Draw(t, "patterns")])
		}
		for range rapid.IntRange(0, 2).Draw(t, "unwanted") {
			s.neg = append(s.neg, []string{drawPattern(t, chars, 4)})
		}
		_, st := s.find(t)
		answers[st]++
		if i := slices.IndexFunc(texts, s.holds); st == unsat && i >= 0 {
			t.Fatalf("%q is an answer, and none was found", texts[i])
		}
	})
	t.Logf("%d found, %d ruled out", answers[sat], answers[unsat])
}

// TestSpelledTexts hides a text behind patterns, which has to be found.
func TestSpelledTexts(t *testing.T) {
	draw := map[string]func(t *rapid.T) (string, []constraint){
		"number":  drawNumber,
		"instant": drawInstant,
		"address": drawAddress,
	}
	for name, draw := range draw {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				text, cs := draw(t)
				s := &spelledScene{cs: cs}
				for i, c := range cs {
					cs[i].want = c.m.match(text)
				}
				for range rapid.IntRange(1, 2).Draw(t, "wanted") {
					pattern := ""
					keep := rapid.IntRange(5, 10).Draw(t, "kept")
					for _, r := range text {
						switch n := rapid.IntRange(0, 10).Draw(t, "as"); {
						case n <= keep:
							pattern += string(r)
						case n%2 == 0 || strings.HasSuffix(pattern, "*"):
							pattern += "?"
						default:
							pattern += "*"
						}
					}
					s.pos = append(s.pos, []string{pattern})
				}
				for range 3 {
					if p := drawPattern(t, text, 6); !wildGlob(p, 0).match(text) {
						s.neg = append(s.neg, []string{p})
					}
				}
				if !s.holds(text) {
					t.Fatalf("%q is none", text)
				}
				if _, st := s.find(t); st == unsat {
					t.Fatalf("%q was not found", text)
				}
			})
		})
	}
}

func drawNumber(t *rapid.T) (string, []constraint) {
	text := rapid.StringMatching(`[+-]?[0-9]{1,5}(\.[0-9]{1,4})?([eE][+-]?0{0,2}[0-9]{1,2})?`).Draw(t, "number")
	x, _ := number(text)
	near, _ := number(rapid.SampledFrom([]string{"0", "1", "1e-3", "-1", "7e20"}).Draw(t, "by"))
	ends := []string{decimal(x), decimal(new(big.Rat).Add(x, near)), "0"}
	return text, drawSpans(t, sortNumber, ends, number)
}

func drawInstant(t *rapid.T) (string, []constraint) {
	day := time.Unix(rapid.Int64Range(-62167219200, 253402300799).Draw(t, "second"), 0).UTC()
	var text string
	switch form := rapid.IntRange(0, 7).Draw(t, "form"); form {
	case 0:
		text = rapid.StringMatching(`[0-9]{1,18}`).Draw(t, "seconds")
	case 1, 2, 3:
		text = day.Format([]string{"2006", "2006-01", "2006-01-02"}[form-1])
	default:
		text = day.Format([]string{"2006-01-02T15:04", "2006-01-02T15:04:05"}[form%2])
		if form%2 == 1 {
			text += rapid.StringMatching(`(\.[0-9]{1,4}0{0,3})?`).Draw(t, "fraction")
		}
		text += rapid.StringMatching(`Z|[+-](0[0-9]|1[0-9]|24):([0-5][0-9]|60)`).Draw(t, "zone")
	}
	x, ok := instant(text)
	if !ok {
		t.Fatalf("%q is no instant", text)
	}
	near, _ := number(rapid.SampledFrom([]string{"0", "1", "0.01", "-1", "60", "7200", "86400", "-90000"}).Draw(t, "by"))
	ends := []string{date(x), date(new(big.Rat).Add(x, near)), "2020-02-29T12:00:00Z"}
	cs := drawSpans(t, sortDate, ends, instant)
	if rapid.IntRange(0, 4).Draw(t, "numbers") == 0 {
		cs = append(cs, drawSpans(t, sortNumber, []string{"0", "2020", "100000"}, number)...)
	}
	return text, cs
}

func drawAddress(t *rapid.T) (string, []constraint) {
	text := rapid.OneOf(
		rapid.StringMatching(`(1?[0-9]{1,2}|2[0-4][0-9])(\.(1?[1-9][0-9]|2[0-4][0-9]|[0-9])){3}`),
		rapid.StringMatching(`[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){7}`),
		rapid.StringMatching(`(0?[0-9a-f](:[0-9A-F]{1,4}){0,2})?::([0-9a-f]{0,3}[0-9a-f](:[0-9a-f]){0,3})?`),
		rapid.StringMatching(`(0?[0-9a-f](:[0-9A-F]{1,4}){0,2})?::(1:)?[1-9][0-9]\.0\.0\.[1-9]`),
		rapid.StringMatching(`0:0(:[0-9]){4}:1?[1-9]\.0\.2\.[1-9]`),
	).Draw(t, "address")
	a, err := netip.ParseAddr(text)
	if err != nil {
		a = netip.MustParseAddr("10.0.0.1")
		text = a.String()
	}
	var out []constraint
	for range rapid.IntRange(1, 3).Draw(t, "constraints") {
		m := &matcher{sort: sortIP}
		for range rapid.IntRange(1, 2).Draw(t, "ranges") {
			of := rapid.SampledFrom([]netip.Addr{a, a, a.Next(), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("10.1.2.3")}).Draw(t, "range")
			if !of.IsValid() {
				of = a
			}
			p, _ := of.Prefix(rapid.IntRange(0, of.BitLen()).Draw(t, "bits"))
			m.prefixes = append(m.prefixes, p)
		}
		out = append(out, constraint{m: m})
	}
	return text, out
}

// TestShifted: spans at offsets are joined where they meet, and made within the bound on work.
func TestShifted(t *testing.T) {
	spans := make([]span, 1000)
	for i := range spans {
		x := big.NewRat(int64(i)*1_000_000, 1)
		spans[i] = span{lo: x, hi: new(big.Rat).Add(x, big.NewRat(60, 1))}
	}
	offsets := []int{-2, -1, 5}
	if got := shifted(spans, offsets, &budget{DefaultWork}); len(got) != 2*len(spans) || !slices.Equal(got[0].offsets, offsets[:2]) {
		t.Errorf("%d spans, the first at %v", len(got), got[0].offsets)
	}
	b := &budget{10 * nodeCost * len(offsets)}
	if got := shifted(spans, offsets, b); len(got) != 20 || b.left >= 0 {
		t.Errorf("%d spans, and %d steps are left", len(got), b.left)
	}
}
