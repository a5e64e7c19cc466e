package access

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawPrefixes draws ranges around an address.
func drawPrefixes(t *rapid.T, a netip.Addr) (out []netip.Prefix) {
	for range rapid.IntRange(0, 5).Draw(t, "ranges") {
		bytes := a.AsSlice()
		if i := rapid.IntRange(0, 2*len(bytes)).Draw(t, "byte"); i < len(bytes) {
			bytes[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		of, _ := netip.AddrFromSlice(bytes)
		out = append(out, netip.PrefixFrom(of, rapid.IntRange(0, of.BitLen()).Draw(t, "bits")))
	}
	return out
}

// TestAddressRanges holds joined ranges, and what is common to several, to the prefixes.
func TestAddressRanges(t *testing.T) {
	addresses := []netip.Addr{netip.MustParseAddr("255.255.255.254"), netip.MustParseAddr("0.0.0.1"), netip.MustParseAddr("::2"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), netip.MustParseAddr("::ffff:10.0.0.1")}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(addresses).Draw(t, "address")
		one, two := drawPrefixes(t, a), drawPrefixes(t, rapid.SampledFrom(addresses).Draw(t, "other"))
		in := func(ps []netip.Prefix, a netip.Addr) bool {
			return slices.ContainsFunc(ps, func(p netip.Prefix) bool { return p.Contains(a) })
		}
		rs, others := rangesOf(one), rangesOf(two)
		both := where(func(a netip.Addr) bool { return rs.contains(a) && !others.contains(a) }, rs, others)
		points := slices.Clone(addresses)
		for _, p := range slices.Concat(one, two) {
			points = append(points, p.Masked().Addr(), lastAddr(p))
		}
		for _, x := range slices.Clone(points) {
			points = append(points, x.Next(), x.Prev())
		}
		points = slices.DeleteFunc(points, func(a netip.Addr) bool { return !a.IsValid() })
		for _, x := range points {
			if in(one, x) != rs.contains(x) || (in(one, x) && !in(two, x)) != both.contains(x) {
				t.Fatalf("%s in %v: %t, less %v: %t", x, one, rs.contains(x), two, both.contains(x))
			}
			for _, y := range points {
				if x.BitLen() != y.BitLen() || x.Compare(y) > 0 {
					continue
				}
				some, all := rs.contains(x), rs.contains(x) && rs.contains(y)
				for _, z := range points {
					if z.Compare(x) >= 0 && z.Compare(y) <= 0 {
						some, all = some || rs.contains(z), all && rs.contains(z)
					}
				}
				want := perhaps
				switch {
				case all:
					want = inside
				case !some:
					want = outside
				}
				if got := rs.over(x, y); got != want {
					t.Fatalf("%s to %s in %v: %d, want %d", x, y, one, got, want)
				}
			}
		}
	})
}

// TestAddressesRead holds what is read of a text, character by character, to the addresses
// that texts are.
func TestAddressesRead(t *testing.T) {
	answers := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		text, _ := drawAddress(t)
		a := netip.MustParseAddr(text)
		ps := append(drawPrefixes(t, a), netip.PrefixFrom(a, rapid.IntRange(0, a.BitLen()).Draw(t, "own bits")))
		if rapid.Bool().Draw(t, "another") {
			i := rapid.IntRange(0, len(text)).Draw(t, "at")
			j := rapid.IntRange(i, min(len(text), i+2)).Draw(t, "to")
			text = text[:i] + rapid.StringMatching(`[0-9a-fF.:]{0,2}`).Draw(t, "in") + text[j:]
		}
		r := addressReader{&budget{DefaultWork}, where(rangesOf(ps).contains, rangesOf(ps))}
		if rapid.Bool().Draw(t, "outside") {
			r.ranges = where(func(a netip.Addr) bool { return !rangesOf(ps).contains(a) }, rangesOf(ps))
		}
		states := r.starts()
		for _, c := range text {
			var next []addressState
			for _, s := range states {
				r.step(s, c, func(s addressState) { next = append(next, s) })
			}
			states = next
		}
		x, err := netip.ParseAddr(text)
		want := err == nil && r.ranges.contains(x)
		answers[want]++
		if got := slices.ContainsFunc(states, r.ends); got != want {
			t.Fatalf("%s in %v: %t, want %t", text, r.ranges, got, want)
		}
	})
	t.Log(answers)
}

// TestStatesOfAddresses: addresses that are in the same ranges, however they go on, are one
// state, so that there are few beside long lists.
func TestStatesOfAddresses(t *testing.T) {
	ps := make([]netip.Prefix, 200)
	for i := range ps {
		ps[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), byte(7 * i), byte(i)}), 32)
	}
	r := addressReader{&budget{DefaultWork}, rangesOf(ps)}
	seen := map[addressState]bool{}
	queue := r.starts()
	for i := 0; i < len(queue); i++ {
		for _, c := range addressChars {
			r.step(queue[i], c, func(s addressState) {
				if !seen[s] {
					seen[s] = true
					queue = append(queue, s)
				}
			})
		}
	}
	if len(seen) > 20*len(ps) {
		t.Errorf("%d states of %d addresses", len(seen), len(ps))
	}
	t.Log(len(seen))
}
