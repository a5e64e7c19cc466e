package access

import (
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Patterns of the texts of typed values. Those that a value has to match hold all texts
// of a class and may hold more; what they find is looked at again.

var (
	digit    = tok{kind: tokDigit}
	digits   = tok{kind: tokManyDigits}
	zeros    = tok{kind: tokManyZeros}
	someRun  = []tok{digit, digits}
	fraction = []tok{{tokRune, '.'}, digit, digits}
)

// anyNumber are the texts of numbers, with and without an exponent.
var (
	plainNumber    = numbers(someRun, append(slices.Clone(someRun), fraction...))
	exponentNumber = exponents()
)

// numbers puts each sign in front.
func numbers(magnitudes ...[]tok) []*glob {
	var out []*glob
	for _, m := range magnitudes {
		for _, s := range []string{"", "+", "-"} {
			out = append(out, build(s, m))
		}
	}
	return out
}

func exponents() []*glob {
	var out []*glob
	for _, m := range [][]tok{someRun, append(slices.Clone(someRun), fraction...)} {
		for _, e := range []string{"e", "e+", "e-", "E", "E+", "E-"} {
			out = append(out, numbers(build(m, e, someRun).tokens())...)
		}
	}
	return out
}

// numberCells cover the texts that meet constraints about numbers.
func numberCells(cs []constraint) []typedCell {
	var out []typedCell
	if met(cs, "x") {
		out = append(out, typedCell{outside: plainNumber})
	}
	var spans []span
	for _, c := range cs {
		spans = append(spans, c.m.spans...)
	}
	ends := endsOf(spans)
	exponent := false
	for i, x := range rationals(spans) {
		if !slices.ContainsFunc(cs, func(c constraint) bool {
			return slices.ContainsFunc(c.m.spans, func(s span) bool { return s.contains(x) }) != c.want
		}) {
			exponent = true
			out = append(out, typedCell{number: true, within: classTexts(ends, i)})
		}
	}
	if exponent {
		out = append(out, typedCell{number: true, within: [][]*glob{exponentNumber}})
	}
	return out
}

// classTexts are the texts, without exponent, of class number i of those that ends
// make: odd ones are the ends, even ones what lies between and beyond.
func classTexts(ends []*big.Rat, i int) [][]*glob {
	switch {
	case len(ends) == 0:
		return [][]*glob{plainNumber}
	case i%2 == 1:
		return [][]*glob{textsOf(ends[i/2], 0)}
	}
	var out [][]*glob
	if i > 0 {
		out = append(out, textsOf(ends[i/2-1], 1))
	}
	if i/2 < len(ends) {
		out = append(out, textsOf(ends[i/2], -1))
	}
	return out
}

// maxPlaces bounds the digits of a number whose texts are told from those of its
// neighbours.
const maxPlaces = 24

// textsOf are the texts of numbers less than x, equal to it, or greater, by order.
func textsOf(x *big.Rat, order int) []*glob {
	places, exact := x.FloatPrec()
	whole, part, _ := strings.Cut(new(big.Rat).Abs(x).FloatString(places), ".")
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	if !exact || len(whole)+len(part) > maxPlaces {
		return plainNumber
	}
	signed := func(signs []string, magnitudes [][]tok) (out []*glob) {
		for _, m := range magnitudes {
			for _, s := range signs {
				out = append(out, build(s, m))
			}
		}
		return out
	}
	plus, minus := []string{"", "+"}, []string{"-"}
	all := [][]tok{someRun, append(slices.Clone(someRun), fraction...)}
	switch sign := x.Sign(); {
	case order == 0 && sign == 0:
		return signed([]string{"", "+", "-"}, equalTo(whole, part))
	case order == 0 && sign > 0:
		return signed(plus, equalTo(whole, part))
	case order == 0:
		return signed(minus, equalTo(whole, part))
	case order > 0 && sign >= 0:
		return signed(plus, above(whole, part))
	case order > 0:
		return slices.Concat(signed(plus, all), signed(minus, below(whole, part)))
	case sign > 0:
		return slices.Concat(signed(minus, all), signed(plus, below(whole, part)))
	default:
		return signed(minus, above(whole, part))
	}
}

// integer writes a whole part, which is empty for 0, with any zeros in front.
func integer(whole string) []tok {
	if whole == "" {
		return build("0", zeros).tokens()
	}
	return build(zeros, whole).tokens()
}

func equalTo(whole, part string) [][]tok {
	out := [][]tok{build(integer(whole), "."+part, zeros).tokens()}
	if part == "" {
		out = [][]tok{integer(whole), build(integer(whole), ".0", zeros).tokens()}
	}
	return out
}

// below are magnitudes less than one.
func below(whole, part string) [][]tok {
	var out [][]tok
	either := func(ts []tok) { out = append(out, ts, build(ts, fraction).tokens()) }
	for n := 1; n < len(whole); n++ {
		either(build(zeros, slices.Repeat([]tok{digit}, n)).tokens())
	}
	for i, r := range whole {
		for d := '0'; d < r; d++ {
			either(build(zeros, whole[:i]+string(d), slices.Repeat([]tok{digit}, len(whole)-i-1)).tokens())
		}
	}
	if part != "" {
		out = append(out, integer(whole))
	}
	for i, r := range part {
		for d := '0'; d < r; d++ {
			out = append(out, build(integer(whole), "."+part[:i]+string(d), digits).tokens())
		}
		if i > 0 {
			out = append(out, build(integer(whole), "."+part[:i]).tokens())
		}
	}
	return out
}

// above are magnitudes greater than one.
func above(whole, part string) [][]tok {
	var out [][]tok
	either := func(ts []tok) { out = append(out, ts, build(ts, fraction).tokens()) }
	for d := '1'; d <= '9'; d++ {
		either(build(zeros, string(d), slices.Repeat([]tok{digit}, len(whole)), digits).tokens())
		out = append(out, build(integer(whole), "."+part, digits, string(d), digits).tokens())
	}
	for i, r := range whole {
		for d := r + 1; d <= '9'; d++ {
			either(build(zeros, whole[:i]+string(d), slices.Repeat([]tok{digit}, len(whole)-i-1)).tokens())
		}
	}
	for i, r := range part {
		for d := r + 1; d <= '9'; d++ {
			out = append(out, build(integer(whole), "."+part[:i]+string(d), digits).tokens())
		}
	}
	return out
}

// dateForms hold the texts of instants.
var dateForms = func() []*glob {
	out := []*glob{build(someRun)}
	day := "####-##-##"
	for _, form := range []string{"####-##", day} {
		out = append(out, parseGlob(form))
	}
	for _, clock := range []string{"T##:##", "T##:##:##"} {
		for _, part := range [][]tok{nil, fraction} {
			for _, zone := range []string{"Z", "+##:##", "-##:##"} {
				out = append(out, build(parseGlob(day+clock).tokens(), part, parseGlob(zone).tokens()))
			}
		}
	}
	return out
}()

// addressCell covers the texts that meet constraints about addresses. An IPv4 address
// has one text.
func addressCell(cs []constraint) typedCell {
	var cell typedCell
	for _, c := range cs {
		var within []*glob
		for _, p := range c.m.prefixes {
			switch {
			case !c.want && p.IsSingleIP() && p.Addr().Is4():
				cell.outside = append(cell.outside, literal(p.Addr().String()))
			case c.want:
				within = append(within, addressTexts(p)...)
			}
		}
		if c.want {
			cell.within = append(cell.within, within)
		}
	}
	return cell
}

// addressTexts hold the texts of the addresses in a range.
func addressTexts(p netip.Prefix) []*glob {
	if !p.Addr().Is4() {
		return []*glob{build(anyRun, ":", anyRun)}
	}
	octets := p.Addr().As4()
	fixed := ""
	for _, o := range octets[:p.Bits()/8] {
		fixed += strconv.Itoa(int(o)) + "."
	}
	if p.Bits() == 32 {
		return []*glob{literal(strings.TrimSuffix(fixed, "."))}
	}
	first, free := int(octets[p.Bits()/8]), 1<<(8-p.Bits()%8)
	rest := strings.Repeat(".", 3-p.Bits()/8)
	var out []*glob
	for o := first; o < first+free; o++ {
		g := build(fixed + strconv.Itoa(o))
		for range rest {
			g = build(g.tokens(), ".", someRun)
		}
		out = append(out, g)
	}
	return out
}

// binaryCell covers the texts of bytes, of which each has one.
func binaryCell(cs []constraint) typedCell {
	var cell typedCell
	for _, c := range cs {
		list := make([]*glob, len(c.m.binaries))
		for i, b := range c.m.binaries {
			list[i] = literal(encoded(b))
		}
		if c.want {
			cell.within = append(cell.within, list)
		} else {
			cell.outside = append(cell.outside, list...)
		}
	}
	return cell
}

// spellings lists unusual texts of the classes of values, and texts of wanted patterns
// that look like values.
func spellings(sorts sort, cs, texts []constraint) []string {
	var out []string
	for _, v := range candidates(sorts, cs) {
		if _, ok := number(v); ok && sorts&sortNumber != 0 {
			out = append(out, respelledNumber(v)...)
		}
		if _, ok := instant(v); ok && sorts&sortDate != 0 {
			out = append(out, respelledDate(v)...)
		}
		if a, err := netip.ParseAddr(v); err == nil && sorts&sortIP != 0 && a.Is6() {
			full, b := a.StringExpanded(), a.As16()
			out = append(out, full, strings.ToUpper(full), strings.ToUpper(v), full[:len("0000:")*6]+netip.AddrFrom4([4]byte(b[12:])).String())
		}
	}
	fills := []string{"", "0", "1", "9", "00", "01", "10", "99", ".0", ".5", "0.0", "e1", "e9", "e-9", "e99", "e-99", ".9e9", "0e-9", "1.1", "1.1.1", "0.0.1", "-01", "-01-01", "-01-01T00:00:00Z", "01T00:00:00Z", "Z", ":1", "::1", "1:1:1:1:1:1:1"}
	for _, c := range texts {
		if !c.want {
			continue
		}
		for _, g := range c.m.globs {
			for _, run := range fills {
				for _, one := range []rune{'0', '1', '5', '9'} {
					out = append(out, g.fill(filler{run, one, '1'}))
				}
			}
		}
		if len(out) > maxSpellings {
			break
		}
	}
	return out
}

const maxSpellings = 20_000

// respelledNumber writes a number in other ways.
func respelledNumber(v string) []string {
	out := []string{v + "e0"}
	tail := "0"
	if !strings.Contains(v, ".") {
		tail = ".0"
	}
	if strings.ContainsAny(v, "eE") {
		tail = ""
	}
	sign, magnitude := "", v
	if v[0] == '-' || v[0] == '+' {
		sign, magnitude = v[:1], v[1:]
	}
	for range 8 {
		out = append(out, v+tail, sign+"0"+magnitude)
		if sign == "" {
			out = append(out, "+"+magnitude)
		}
		v, magnitude = v+tail, "0"+magnitude
		if tail == ".0" {
			tail = "0"
		}
	}
	return out
}

// respelledDate writes an instant in other ways.
func respelledDate(v string) []string {
	x, _ := instant(v)
	out := []string{date(x)}
	if x.IsInt() && x.Sign() >= 0 {
		out = append(out, x.Num().String(), "0"+x.Num().String(), "00000"+x.Num().String())
	}
	text := date(x)
	stem, ok := strings.CutSuffix(text, "Z")
	if !ok {
		return out
	}
	for _, layout := range []string{"-01-01T00:00:00", "-01T00:00:00", "T00:00:00", ":00"} {
		if short, ok := strings.CutSuffix(stem, layout); ok {
			if layout == ":00" {
				short += "Z"
			}
			out = append(out, short)
		}
	}
	out = append(out, stem+"+00:00", stem+"-00:00")
	if !strings.Contains(stem, ".") {
		stem += "."
	}
	for range 8 {
		stem += "0"
		out = append(out, stem+"Z", stem+"+00:00")
	}
	return out
}

// shortNumbers lists all texts of numbers that a wanted pattern of a few characters
// can have, for where other texts do not come into question.
func shortNumbers(sorts sort, texts []constraint) ([]string, bool) {
	if sorts&^(sortText|sortBool|sortNumber) != 0 {
		return nil, false
	}
	for _, c := range texts {
		if !c.want {
			continue
		}
		var out []string
		short := true
		for _, g := range c.m.globs {
			list, ok := numberFills(g)
			out, short = append(out, list...), short && ok
		}
		if short {
			return out, true
		}
	}
	return nil, false
}

// numberFills fills the characters that a pattern leaves open with those of numbers.
func numberFills(g *glob) ([]string, bool) {
	out := []string{""}
	for _, t := range g.tokens() {
		chars := "0123456789+-.eE"
		switch {
		case t.many() || len(out) > maxSpellings/len(chars):
			return nil, false
		case t.kind == tokRune:
			chars = string(t.r)
		case t.kind == tokDigit:
			chars = "0123456789"
		}
		var next []string
		for _, s := range out {
			for _, r := range chars {
				if t.matches(r) {
					next = append(next, s+string(r))
				}
			}
		}
		out = next
	}
	return out, true
}
