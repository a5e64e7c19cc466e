package access

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A span is a range of numbers, or of instants in seconds since 1970 (UTC). A nil
// bound is open towards infinity.
type span struct {
	lo, hi         *big.Rat
	loOpen, hiOpen bool
}

func (s span) contains(x *big.Rat) bool {
	if s.lo != nil {
		if c := x.Cmp(s.lo); c < 0 || (c == 0 && s.loOpen) {
			return false
		}
	}
	if s.hi != nil {
		if c := x.Cmp(s.hi); c > 0 || (c == 0 && s.hiOpen) {
			return false
		}
	}
	return true
}

// spanOf is what a numeric or date test accepts for one policy value.
func spanOf(t policy.Test, x *big.Rat) span {
	switch t {
	case policy.NumericLessThan, policy.DateLessThan:
		return span{hi: x, hiOpen: true}
	case policy.NumericLessThanEquals, policy.DateLessThanEquals:
		return span{hi: x}
	case policy.NumericGreaterThan, policy.DateGreaterThan:
		return span{lo: x, loOpen: true}
	case policy.NumericGreaterThanEquals, policy.DateGreaterThanEquals:
		return span{lo: x}
	default:
		return span{lo: x, hi: x}
	}
}

// Bounds on numbers, so that an exponent cannot make them huge. They are part of
// the model: what lies beyond them is no number, here and in the evaluator.
const (
	maxDigits   = 200
	maxExponent = 400
)

// number reads an integer or decimal, with an optional exponent: digits on both
// sides of the point, nothing else.
func number(s string) (*big.Rat, bool) {
	mantissa, exponent, hasExponent := cutAny(s, "eE")
	if len(s) > maxDigits || !decimalForm(mantissa) {
		return nil, false
	}
	if hasExponent {
		digits := strings.TrimPrefix(exponent, "-")
		if digits == exponent {
			digits = strings.TrimPrefix(exponent, "+")
		}
		if n, err := strconv.Atoi(digits); !allDigits(digits) || len(digits) > 9 || err != nil || n > maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func decimalForm(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	whole, fraction, point := strings.Cut(s, ".")
	return allDigits(whole) && (!point || allDigits(fraction))
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// dateLayouts are the forms of the W3C profile of ISO 8601 (IAM User Guide, "Date
// condition operators"), without fractions of a second. The layouts with a numeric
// zone take no "Z" and the other way round, so that a layout tells the length.
var dateLayouts = []string{
	"2006", "2006-01", "2006-01-02",
	"2006-01-02T15:04Z", "2006-01-02T15:04-07:00", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05-07:00",
}

// Bounds on instants: digits of a fraction of a second and of an epoch time.
const (
	maxFraction = 30
	maxEpoch    = 18
)

// instant reads a date, or whole seconds since 1970. Four digits are a year.
func instant(s string) (*big.Rat, bool) {
	whole, fraction := s, ""
	if point := strings.IndexByte(s, '.'); point == len("2006-01-02T15:04:05") {
		zone := point + 1 + len(s[point+1:]) - len(strings.TrimLeft(s[point+1:], "0123456789"))
		fraction = s[point+1 : zone]
		if fraction == "" || len(fraction) > maxFraction {
			return nil, false
		}
		whole = s[:point] + s[zone:]
	}
	for _, layout := range dateLayouts {
		// Equal lengths rule out what time.Parse takes besides: fractions that the
		// layout lacks, and hours of one digit. A fraction needs seconds in front.
		if len(whole) != len(layout) || fraction != "" && !strings.Contains(layout, "05") {
			continue
		}
		if t, err := time.Parse(layout, whole); err == nil {
			x := new(big.Rat).SetInt64(t.Unix())
			if fraction != "" {
				f, _ := new(big.Rat).SetString("0." + fraction)
				x.Add(x, f)
			}
			return x, true
		}
	}
	if len(s) > maxEpoch || !allDigits(s) || fraction != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// prefix reads a CIDR range or a bare address; host bits are dropped.
func prefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func binary(s string) (string, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return string(b), err == nil && !strings.ContainsAny(s, "\r\n")
}

// rationals returns a point of every class that the ends of spans tell apart: the
// ends, one between each two neighbours, and one beyond each side. Where a whole
// number does, it is one, which is easier to read and always has a short form.
func rationals(spans []span) []*big.Rat {
	ends := endsOf(spans)
	if len(ends) == 0 {
		return []*big.Rat{big.NewRat(1, 1)}
	}
	half := big.NewRat(1, 2)
	points := []*big.Rat{new(big.Rat).Neg(wholeAbove(new(big.Rat).Neg(ends[0])))}
	for i, e := range ends {
		if i > 0 {
			next := wholeAbove(ends[i-1])
			if next.Cmp(e) >= 0 {
				next = new(big.Rat).Mul(new(big.Rat).Add(ends[i-1], e), half)
			}
			points = append(points, next)
		}
		points = append(points, e)
	}
	return append(points, wholeAbove(ends[len(ends)-1]))
}

// endsOf are the different ends of spans, in order.
func endsOf(spans []span) []*big.Rat {
	var ends []*big.Rat
	for _, s := range spans {
		for _, e := range []*big.Rat{s.lo, s.hi} {
			if e != nil {
				ends = append(ends, e)
			}
		}
	}
	slices.SortFunc(ends, (*big.Rat).Cmp)
	return slices.CompactFunc(ends, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

// wholeAbove is a whole number greater than x: the next one, or for a number with
// many digits one that a short exponent form can write.
func wholeAbove(x *big.Rat) *big.Rat {
	n := new(big.Int).Div(x.Num(), x.Denom()) // rounds down
	step := big.NewInt(1)
	if digits := len(n.String()); digits > maxDigits/2 {
		step.Exp(big.NewInt(10), big.NewInt(int64(digits-maxDigits/4)), nil)
		n.Div(n, step).Mul(n, step)
	}
	return new(big.Rat).SetInt(n.Add(n, step))
}

// decimal writes x exactly if it has a finite decimal form, which ends, means and
// sums of decimals have. A long one gets an exponent.
func decimal(x *big.Rat) string {
	digits, _ := x.FloatPrec()
	text := x.FloatString(digits)
	if len(text) <= maxDigits {
		return text
	}
	if x.IsInt() {
		short := strings.TrimRight(text, "0")
		return short + "e" + strconv.Itoa(len(text)-len(short))
	}
	scaled := new(big.Rat).Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)))
	return scaled.Num().String() + "e-" + strconv.Itoa(digits)
}

// date writes an instant as a date where years allow it, else as seconds.
func date(x *big.Rat) string {
	sec := new(big.Int).Div(x.Num(), x.Denom())
	frac := new(big.Rat).Sub(x, new(big.Rat).SetInt(sec))
	if !sec.IsInt64() {
		return sec.String()
	}
	t := time.Unix(sec.Int64(), 0).UTC()
	if t.Year() == -1 { // the day before year 0 has a form in an eastern zone
		t = t.In(time.FixedZone("", 24*60*60-60))
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return sec.String()
	}
	text := t.Format("2006-01-02T15:04:05")
	if digits, _ := frac.FloatPrec(); digits > 0 {
		text += frac.FloatString(digits)[1:]
	}
	return text + t.Format("Z07:00")
}

// addresses returns an address of every class that the prefixes tell apart.
func addresses(ps []netip.Prefix) []string {
	starts := []netip.Addr{
		netip.MustParseAddr("198.51.100.7"), netip.MustParseAddr("0.0.0.0"),
		netip.MustParseAddr("2001:db8::7"), netip.MustParseAddr("::"),
	}
	for _, p := range ps {
		starts = append(starts, p.Addr())
		if next := lastAddr(p).Next(); next.IsValid() {
			starts = append(starts, next)
		}
	}
	out := make([]string, 0, len(starts))
	seen := map[netip.Addr]bool{}
	for _, a := range starts {
		for _, a := range []netip.Addr{a, a.Next()} { // the second of its class, perhaps
			if a.IsValid() && !seen[a] {
				seen[a] = true
				out = append(out, a.String())
			}
		}
	}
	return out
}

// lastAddr returns the highest address of p.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// binaryCandidates returns the named byte strings and one that is none of them,
// encoded.
func binaryCandidates(named []string) []string {
	other := "x"
	for slices.Contains(named, other) { // each round needs another name, so few do
		other += "x"
	}
	out := []string{encoded(other), encoded(other + "y")}
	for _, b := range named {
		out = append(out, encoded(b))
	}
	return out
}

func encoded(b string) string { return base64.StdEncoding.EncodeToString([]byte(b)) }
