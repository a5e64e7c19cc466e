package access

import (
	"cmp"
	"net/netip"
	"slices"
)

// mapped are the IPv4 addresses written as IPv6.
var mapped = netip.MustParsePrefix("::ffff:0:0/96")

// narrow reports whether a range is no broader than those that Amazon S3 takes for
// fixed: /8 of IPv4, /32 of IPv6 (Amazon S3 User Guide, "Blocking public access to
// your Amazon S3 storage"; no private range is broader). IPv6 that stands for IPv4 is
// held to the bound of IPv4.
func narrow(p netip.Prefix) bool {
	switch {
	case p.Addr().Is4():
		return p.Bits() >= 8
	case p.Overlaps(mapped):
		return p.Bits() >= mapped.Bits()+8
	}
	return p.Bits() >= 32
}

// fixedRanges returns the ranges that are fixed. A broad range that is written in
// pieces is as broad as in one: pieces that are narrow each are joined first.
func fixedRanges(given []netip.Prefix) []netip.Prefix {
	pieces := slices.DeleteFunc(slices.Clone(given), func(p netip.Prefix) bool { return !narrow(p) })
	slices.SortFunc(pieces, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var joined []netip.Prefix
	for _, p := range pieces {
		if n := len(joined); n > 0 && joined[n-1].Contains(p.Addr()) {
			continue // sorted: the broader of two comes first
		}
		for n := len(joined); n > 0 && siblings(joined[n-1], p); n-- {
			joined, p = joined[:n-1], parent(p)
		}
		joined = append(joined, p)
	}
	return slices.DeleteFunc(joined, func(p netip.Prefix) bool { return !narrow(p) })
}

func siblings(a, b netip.Prefix) bool {
	return a.Bits() == b.Bits() && a.Bits() > 0 && a.Addr().BitLen() == b.Addr().BitLen() && parent(a) == parent(b)
}

func parent(p netip.Prefix) netip.Prefix {
	return netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked()
}
