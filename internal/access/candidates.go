package access

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"time"
)

// candidates lists a value of every class that the constraints tell apart.
func candidates(sorts sort, cs []constraint) []string {
	var spans []span
	var prefixes []netip.Prefix
	var binaries []string
	for _, c := range cs {
		spans = append(spans, c.m.spans...)
		prefixes = append(prefixes, c.m.prefixes...)
		binaries = append(binaries, c.m.binaries...)
	}
	var out []string
	points := rationals(spans)
	if sorts&sortNumber != 0 {
		for _, x := range points {
			out = append(out, decimal(x))
		}
	}
	if sorts&sortDate != 0 {
		if len(spans) == 0 {
			points = []*big.Rat{big.NewRat(1767225600, 1)} // 2026-01-01
		}
		for _, x := range points {
			out = append(out, date(x))
		}
	}
	if sorts&(sortNumber|sortDate) == sortNumber|sortDate {
		out = append(out, years(points)...)
	}
	if sorts&sortIP != 0 {
		out = append(out, addresses(prefixes)...)
	}
	if sorts&sortBinary != 0 {
		out = append(out, binaryCandidates(binaries)...)
	}
	// What is too long or too far off to be written is no value of the sort.
	return slices.DeleteFunc(out, func(v string) bool { return !wellFormed(sorts, v) })
}

// wellFormed reports whether v is a value of one of the sorts.
func wellFormed(sorts sort, v string) bool {
	_, isNumber := number(v)
	_, isInstant := instant(v)
	return isNumber && sorts&sortNumber != 0 || isInstant && sorts&sortDate != 0 || sorts&^(sortNumber|sortDate) != 0
}

// years lists texts that are one number and another instant, around points: four
// digits are a year to a date operator, and five are seconds.
func years(points []*big.Rat) []string {
	var out []string
	for _, x := range points {
		n := new(big.Int).Div(x.Num(), x.Denom())
		if !n.IsInt64() {
			continue
		}
		if v := n.Int64(); v >= 0 && v < 10000 {
			out = append(out, fmt.Sprintf("%04d", v), fmt.Sprintf("%05d", v))
		}
		for y := -1; y <= 1; y++ {
			if v := time.Unix(n.Int64(), 0).UTC().Year() + y; v >= 0 && v < 10000 {
				out = append(out, fmt.Sprintf("%04d", v))
			}
		}
	}
	return out
}
