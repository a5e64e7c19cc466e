package access

import (
	"math/big"
	"slices"
	"strings"
)

// allowed are the numbers that meet all constraints about them, as spans apart.
func allowed(cs []constraint) []span { return numbersThat(true, cs) }

// numbersThat are those that meet all constraints, or that fail one.
func numbersThat(meet bool, cs []constraint) []span {
	var spans []span
	for _, c := range cs {
		spans = append(spans, c.m.spans...)
	}
	ends := endsOf(spans)
	var out []span
	had := false
	for i, x := range rationals(spans) {
		holds := meet != slices.ContainsFunc(cs, func(c constraint) bool {
			return slices.ContainsFunc(c.m.spans, func(s span) bool { return s.contains(x) }) != c.want
		})
		of := span{loOpen: i%2 == 0, hiOpen: i%2 == 0} // odd ones are the ends
		if len(ends) > 0 && i > 0 {
			of.lo = ends[(i-1)/2]
		}
		if i/2 < len(ends) {
			of.hi = ends[i/2]
		}
		switch {
		case holds && had:
			out[len(out)-1].hi, out[len(out)-1].hiOpen = of.hi, of.hiOpen
		case holds:
			out = append(out, of)
		}
		had = holds
	}
	return out
}

// magnitudes is the part of s that is not negative; false where there is none.
func (s span) magnitudes() (span, bool) {
	zero := new(big.Rat)
	if s.lo == nil || s.lo.Sign() < 0 {
		s.lo, s.loOpen = zero, false
	}
	return s, s.hi == nil || s.hi.Sign() > 0 || s.hi.Sign() == 0 && !s.hiOpen && !s.loOpen
}

// mirrored are the numbers whose negatives s holds.
func (s span) mirrored() span {
	neg := func(x *big.Rat) *big.Rat {
		if x == nil {
			return nil
		}
		return new(big.Rat).Neg(x)
	}
	return span{lo: neg(s.hi), hi: neg(s.lo), loOpen: s.hiOpen, hiOpen: s.loOpen}
}

// A scale is a number as its digits from the first that is not 0 to the last, and the power
// of ten of the first one. 0 has no digits.
type scale struct {
	digits string
	power  int
}

func scaleOf(x *big.Rat) scale {
	places, _ := x.FloatPrec()
	whole, part, _ := strings.Cut(x.FloatString(places), ".")
	whole = strings.TrimLeft(whole, "0")
	digits := strings.TrimLeft(whole+part, "0")
	power := len(whole) - 1
	if whole == "" {
		power = len(digits) - len(part) - 1
	}
	return scale{strings.TrimRight(digits, "0"), power}
}

// How the digits that were read compare with those of an end, where they differ. Else a
// state is the number of digits that are the same.
const (
	isLess    = -1
	isGreater = -2
)

// read is the state behind one more digit.
func (c scale) read(at int16, r rune) int16 {
	if at < 0 {
		return at
	}
	want := '0'
	if int(at) < len(c.digits) {
		want = rune(c.digits[at])
	}
	switch {
	case r < want:
		return isLess
	case r > want:
		return isGreater
	default:
		return min(at+1, int16(len(c.digits)))
	}
}

// order compares the digits that were read, of which the last may be zeros that were not.
func (c scale) order(at int16) int {
	switch {
	case at == isGreater:
		return 1
	case at == isLess || int(at) < len(c.digits):
		return -1
	default:
		return 0
	}
}

// A decimalState is what was read of a number in front of its exponent.
type decimalState struct {
	part     decimalPart
	decimals uint8 // digits of a number without sign and point, as far as they are counted
	some     bool  // a digit that is not 0
	power    int16 // of the first such digit, or of the next one in a fraction
	lo, hi   int16
}

type decimalPart uint8

const (
	atStart decimalPart = iota
	behindSign
	inWhole
	behindPoint
	inFraction
)

// ends reports whether a number may end there.
func (p decimalPart) ends() bool { return p == inWhole || p == inFraction }

// A decimalReader reads the texts of numbers in a span of one sign.
type decimalReader struct {
	f        *follower
	sign     string // those that may stand in front
	unsigned bool   // there may be none
	span     span   // of magnitudes
	lo, hi   scale
	// instants says that whole numbers without sign which are instants, too, are left out or,
	// with only, all others.
	instants, only bool
}

var numberChars = []rune("0123456789+-.")

// decimalReaders are those for numbers in one of spans.
func decimalReaders(f *follower, spans []span, instants, only bool) (out []*decimalReader) {
	for _, s := range spans {
		for _, d := range []*decimalReader{{f: f, sign: "+", unsigned: true, span: s}, {f: f, sign: "-", span: s.mirrored()}} {
			d.instants, d.only = instants, only
			var ok bool
			if d.span, ok = d.span.magnitudes(); !ok || only && !d.unsigned {
				continue
			}
			d.lo = scaleOf(d.span.lo)
			if d.span.hi != nil {
				d.hi = scaleOf(d.span.hi)
			}
			out = append(out, d)
		}
	}
	return out
}

// numberText finds the text of a number in one of spans.
func numberText(f *follower, spans []span, instants, only bool) (string, status) {
	for _, d := range decimalReaders(f, spans, instants, only) {
		v, st := spelling[decimalState]{chars: numberChars, step: single(d.step), end: d.end, longest: maxDigits}.find(f, decimalState{})
		if st != unsat {
			return v, st
		}
	}
	return "", unsat
}

// A numberState is what was read of a number for one of several readers.
type numberState struct {
	reader, n int16
	decimalState
	exponent bool // of which that was read:
	exponentState
}

// numbersRead reads the numbers that constraints rule out, and whole numbers that are instants.
func numbersRead(f *follower, of map[sort][]constraint) (reading, int32) {
	ds := slices.Concat(decimalReaders(f, numbersThat(false, of[sortNumber]), false, false), decimalReaders(f, numbersThat(false, of[sortDate]), true, true))
	starts := make([]numberState, len(ds))
	for i := range starts {
		starts[i].reader = int16(i)
	}
	return newReadings(f.b, single(func(s numberState, r rune) (numberState, bool) {
		d := ds[s.reader]
		if s.n++; s.n > maxDigits {
			return s, false
		}
		var ok bool
		switch {
		case s.exponent:
			s.exponentState, ok = s.exponentState.read(r)
		case slices.Contains(numberChars, r):
			s.decimalState, ok = d.step(s.decimalState, r)
		case r == 'e' || r == 'E':
			s.exponent, ok = true, s.part.ends() && !d.only
		}
		return s, ok
	}), func(s numberState) bool {
		d := ds[s.reader]
		if !s.part.ends() || s.exponent && s.exponentState.digits == 0 {
			return false
		}
		least, most := d.powers(s.decimalState)
		if !s.exponent {
			return d.plain(s.decimalState, least, most)
		}
		x := s.exponentState.number()
		return least <= x && x <= most
	}, starts...)
}

func (d *decimalReader) step(s decimalState, r rune) (decimalState, bool) {
	switch {
	case r == '.':
		s.decimals = 0
		was := s.part
		s.part = behindPoint
		if !s.some {
			s.power = -1
		}
		return s, was == inWhole && !d.only
	case r == '+' || r == '-':
		was := s.part
		s.part = behindSign
		return s, was == atStart && strings.ContainsRune(d.sign, r) && !d.only
	case s.part == atStart && !d.unsigned:
		return s, false
	}
	if d.instants && (s.part == atStart || s.decimals > 0) {
		if s.decimals = min(s.decimals+1, maxEpoch+1); d.only && s.decimals > maxEpoch {
			return s, false
		}
	}
	switch {
	case s.part <= behindSign:
		s.part = inWhole
	case s.part == behindPoint:
		s.part = inFraction
	}
	switch {
	case s.some && s.part == inWhole:
		s.power++
	case !s.some && r == '0':
		if s.part == inFraction {
			s.power--
		}
		return s, true
	}
	s.some = true
	s.lo, s.hi = d.lo.read(s.lo, r), d.hi.read(s.hi, r)
	return s, true
}

func (d *decimalReader) end(s decimalState, at int32, n int) (string, bool) {
	if !s.part.ends() {
		return "", false
	}
	least, most := d.powers(s)
	if least > most {
		return "", false
	}
	if d.f.ends[at] && d.plain(s, least, most) {
		return "", true
	}
	if d.only {
		return "", false
	}
	for _, e := range "eE" {
		to := d.f.step(at, e)
		if to == dead {
			continue
		}
		texts := d.f.exponents(to)
		d.f.b.spend(1 + (most-least)/8)
		for x := least; x <= most; x++ {
			if t := texts[x+maxExponent]; t != "" && n+1+len(t) <= maxDigits {
				return string(e) + t, true
			}
		}
	}
	return "", false
}

// plain reports whether the number is one without exponent, of those that are.
func (d *decimalReader) plain(s decimalState, least, most int) bool {
	isInstant := d.instants && s.decimals > 0 && s.decimals <= maxEpoch
	return least <= 0 && most >= 0 && isInstant == d.only && (!d.only || s.decimals != 4)
}

// powers are the exponents that put the number into the span.
func (d *decimalReader) powers(s decimalState) (least, most int) {
	least, most = -maxExponent, maxExponent
	if !s.some {
		if d.span.lo.Sign() > 0 || d.span.loOpen {
			return 1, 0
		}
		return least, most
	}
	if d.lo.digits != "" {
		least = d.lo.power - int(s.power)
		if o := d.lo.order(s.lo); o < 0 || o == 0 && d.span.loOpen {
			least++
		}
	}
	if d.span.hi != nil {
		if d.hi.digits == "" {
			return 1, 0
		}
		most = d.hi.power - int(s.power)
		if o := d.hi.order(s.hi); o > 0 || o == 0 && d.span.hiOpen {
			most--
		}
	}
	return max(least, -maxExponent), min(most, maxExponent)
}

// An exponentState is what was read of an exponent.
type exponentState struct {
	sign   rune
	digits uint8
	value  int16
}

// read is the state behind one more character; false where no exponent goes on so.
func (s exponentState) read(r rune) (exponentState, bool) {
	switch {
	case r >= '0' && r <= '9':
		s.digits, s.value = s.digits+1, 10*s.value+int16(r-'0')
		return s, s.digits <= 9 && s.value <= maxExponent
	case r == '+' || r == '-':
		was := s
		s.sign = r
		return s, was == exponentState{}
	default:
		return s, false
	}
}

func (s exponentState) number() int {
	if s.sign == '-' {
		return -int(s.value)
	}
	return int(s.value)
}

// exponents are the shortest texts of all exponents, as far as there are any, of texts that
// end from state at on.
func (f *follower) exponents(at int32) []string {
	if texts, ok := f.exps[at]; ok {
		return texts
	}
	texts := make([]string, 2*maxExponent+1)
	var read func(s exponentState, at int32, text string)
	type key struct {
		exponentState
		at int32
	}
	seen := map[key]bool{}
	read = func(s exponentState, at int32, text string) {
		if !f.b.spend(nodeCost) || seen[key{s, at}] {
			return
		}
		seen[key{s, at}] = true
		if s.digits > 0 && f.ends[at] {
			if t := &texts[s.number()+maxExponent]; *t == "" || len(text) < len(*t) {
				*t = text
			}
		}
		for _, r := range numberChars[:len(numberChars)-1] {
			next, ok := s.read(r)
			if !ok {
				continue
			}
			if to := f.step(at, r); to != dead {
				read(next, to, text+string(r))
			}
		}
	}
	read(exponentState{}, at, "")
	f.exps[at] = texts
	return texts
}
