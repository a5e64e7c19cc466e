package access

import (
	"net/netip"
	"slices"
)

// An addressRange is all addresses of one family from lo to hi.
type addressRange struct{ lo, hi netip.Addr }

// addressRanges are in order, with a gap between each two of a family.
type addressRanges []addressRange

// rangesOf are the addresses of any of ps.
func rangesOf(ps []netip.Prefix) addressRanges {
	all := make(addressRanges, len(ps))
	for i, p := range ps {
		all[i] = addressRange{p.Masked().Addr(), lastAddr(p)}
	}
	slices.SortFunc(all, func(a, b addressRange) int { return a.lo.Compare(b.lo) })
	return all.joined()
}

// joined puts those that meet together.
func (rs addressRanges) joined() addressRanges {
	var out addressRanges
	for _, r := range rs {
		if n := len(out); n > 0 && (r.lo.Compare(out[n-1].hi) <= 0 || r.lo == out[n-1].hi.Next()) {
			if r.hi.Compare(out[n-1].hi) > 0 {
				out[n-1].hi = r.hi
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// from is the first range that does not end in front of a; false where none is left.
func (rs addressRanges) from(a netip.Addr) (addressRange, bool) {
	i, _ := slices.BinarySearchFunc(rs, a, func(r addressRange, a netip.Addr) int { return r.hi.Compare(a) })
	if i == len(rs) {
		return addressRange{}, false
	}
	return rs[i], true
}

func (rs addressRanges) contains(a netip.Addr) bool {
	r, ok := rs.from(a)
	return ok && r.lo.Compare(a) <= 0
}

// Where an address that is known in part lies.
type overlap uint8

const (
	outside overlap = iota
	inside
	perhaps
)

// over tells whether all addresses from lo to hi, of one family, are in a range.
func (rs addressRanges) over(lo, hi netip.Addr) overlap {
	r, ok := rs.from(lo)
	switch {
	case !ok || r.lo.Compare(hi) > 0:
		return outside
	case r.lo.Compare(lo) <= 0 && r.hi.Compare(hi) >= 0:
		return inside
	default:
		return perhaps
	}
}

// where are the addresses for which holds says yes, which has to be alike for all
// between two ends of sets.
func where(holds func(netip.Addr) bool, sets ...addressRanges) addressRanges {
	firsts := []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	for _, rs := range sets {
		for _, r := range rs {
			firsts = append(firsts, r.lo)
			if next := r.hi.Next(); next.IsValid() {
				firsts = append(firsts, next)
			}
		}
	}
	slices.SortFunc(firsts, netip.Addr.Compare)
	firsts = slices.Compact(firsts)
	var out addressRanges
	for i, a := range firsts {
		if !holds(a) {
			continue
		}
		last := lastAddr(netip.PrefixFrom(a, 0)) // of the family
		if i+1 < len(firsts) && firsts[i+1].BitLen() == a.BitLen() {
			last = firsts[i+1].Prev()
		}
		out = append(out, addressRange{a, last})
	}
	return out.joined()
}
