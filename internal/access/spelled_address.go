package access

import (
	"net/netip"
	"slices"
)

// The texts of addresses are of some forms, which are sequences of parts: an octet, a group of
// two bytes in hexadecimal digits, or what stands between them.
type addressPart uint8

const (
	nothing addressPart = iota // yet
	octet
	hexGroup
	dot
	colon
	gap // "::", for one group of zeros or more
)

// addressForm is one way of writing addresses.
type addressForm struct {
	parts []addressPart
	zeros int // bytes that a gap stands for
	bytes int // of the address
}

var dotted = []addressPart{octet, dot, octet, dot, octet, dot, octet}

// addressForms are all of them. An IPv6 address may end as an IPv4 one does.
var addressForms = func() []addressForm {
	out := []addressForm{{parts: dotted, bytes: 4}}
	groups := func(n int) []addressPart {
		if n == 0 {
			return nil
		}
		return slices.Repeat([]addressPart{colon, hexGroup}, n)[1:]
	}
	join := func(a, b []addressPart) []addressPart {
		if len(a) == 0 {
			return b
		}
		return slices.Concat(a, []addressPart{colon}, b)
	}
	out = append(out, addressForm{parts: groups(8), bytes: 16}, addressForm{parts: join(groups(6), dotted), bytes: 16})
	for before := range 8 {
		for after := range 8 - before {
			head := slices.Concat(groups(before), []addressPart{gap})
			zeros := 16 - 2*(before+after)
			out = append(out, addressForm{slices.Concat(head, groups(after)), zeros, 16})
			if after >= 2 {
				out = append(out, addressForm{slices.Concat(head, join(groups(after-2), dotted)), zeros, 16})
			}
		}
	}
	return out
}()

// An addressNode is where a text is in all forms that begin with the same parts.
type addressNode struct {
	part  addressPart
	zeros int // of a gap
	bytes int // of an address
	ends  bool
	next  []int16 // nodes of the parts that may follow
}

// addressNodes are all of them; the first two are those in front of addresses of IPv4 and of IPv6.
var addressNodes = func() []addressNode {
	nodes := []addressNode{{bytes: 4}, {bytes: 16}}
	for _, form := range addressForms {
		at := int16(0)
		if form.bytes == 16 {
			at = 1
		}
		for _, part := range form.parts {
			node := addressNode{part: part, bytes: form.bytes}
			if part == gap {
				node.zeros = form.zeros
			}
			i := slices.IndexFunc(nodes[at].next, func(n int16) bool { return nodes[n].part == part && nodes[n].zeros == node.zeros })
			if i < 0 {
				i = len(nodes[at].next)
				nodes[at].next = append(nodes[at].next, int16(len(nodes)))
				nodes = append(nodes, node)
			}
			at = nodes[at].next[i]
		}
		nodes[at].ends = true
	}
	return nodes
}()

var addressChars = []rune("0123456789abcdefABCDEF.:")

// An addressState is what was read of an address, as far as it matters.
type addressState struct {
	node  int16
	bytes int8 // that are complete
	// inside tells that all addresses that begin so are in the ranges; else some are, and
	// head is what they begin with.
	inside bool
	head   [16]byte
	// n characters were read of the part. Of its digits the value is known or, if all
	// addresses with as many digits are alike, which of these are in the ranges: a bit for
	// no more digit, for one more and so on.
	n     int8
	alike bool
	value uint16
	in    uint8
}

// An addressReader reads the texts of addresses in ranges.
type addressReader struct {
	b      *budget
	ranges addressRanges
}

// newAddressReader reads addresses that meet all constraints, or that fail one.
func newAddressReader(b *budget, meet bool, cs []constraint) *addressReader {
	sets, cost := []addressRanges{}, 1
	for _, c := range cs {
		sets = append(sets, c.m.addresses())
		cost += len(c.m.prefixes)
	}
	if !b.spend(cost * (1 + len(cs))) {
		return &addressReader{b: b}
	}
	return &addressReader{b, where(func(x netip.Addr) bool {
		return meet != slices.ContainsFunc(cs, func(c constraint) bool { return c.m.addresses().contains(x) != c.want })
	}, sets...)}
}

// addressesRead reads the addresses that constraints rule out.
func addressesRead(f *follower, of map[sort][]constraint) (reading, int32) {
	a := newAddressReader(f.b, false, of[sortIP])
	return newReadings(f.b, a.step, a.ends, a.starts()...)
}

// addressText finds the text of an address that meets constraints.
func addressText(f *follower, cs []constraint) (string, status) {
	a := newAddressReader(f.b, true, cs)
	if f.b.left < 0 {
		return "", spent
	}
	return spelling[addressState]{chars: addressChars, step: a.step, end: func(s addressState, at int32, _ int) (string, bool) {
		return "", f.ends[at] && a.ends(s)
	}}.find(f, a.starts()...)
}

// starts are the states in front of addresses of both families.
func (a *addressReader) starts() []addressState {
	var out []addressState
	for i := range addressNodes[:2] {
		if s, ok := a.filled(addressState{node: int16(i)}, nil); ok {
			out = append(out, s)
		}
	}
	return out
}

// step calls f with each state behind one more character.
func (a *addressReader) step(s addressState, r rune, f func(addressState)) {
	part := addressNodes[s.node].part
	switch {
	case part == gap && s.n == 1:
		if r == ':' {
			s.n = 0
			if s, ok := a.filled(s, make([]byte, addressNodes[s.node].zeros)); ok {
				f(s)
			}
		}
		return
	case part == octet || part == hexGroup:
		if d := digitOf(r); d < 16 {
			if s, ok := a.digit(s, d); ok {
				f(s)
			}
			return
		}
		var ok bool
		if s, ok = a.ended(s); !ok {
			return
		}
	}
	for _, next := range addressNodes[s.node].next {
		s := s
		s.node = next
		switch part := addressNodes[next].part; {
		case part == octet || part == hexGroup:
			if d := digitOf(r); d < 16 {
				if s, ok := a.digit(s, d); ok {
					f(s)
				}
			}
		case part == dot && r == '.', part == colon && r == ':':
			f(s)
		case part == gap && r == ':':
			s.n = 1
			f(s)
		}
	}
}

// digitOf is the value of a hexadecimal digit; 16 of another character.
func digitOf(r rune) uint16 {
	switch {
	case r >= '0' && r <= '9':
		return uint16(r - '0')
	case r >= 'a' && r <= 'f':
		return uint16(r - 'a' + 10)
	case r >= 'A' && r <= 'F':
		return uint16(r - 'A' + 10)
	default:
		return 16
	}
}

// digit reads one more digit of a part; false where it has no such digit, or no address
// that begins so is in the ranges.
func (a *addressReader) digit(s addressState, d uint16) (addressState, bool) {
	base, most := uint16(16), 4-int(s.n)-1 // digits that may follow
	if addressNodes[s.node].part == octet {
		base, most = 10, 3-int(s.n)-1
		if d > 9 || s.n > 0 && s.value == 0 || s.value*10+d > 255 {
			return s, false
		}
	}
	if most < 0 {
		return s, false
	}
	s.n++
	if base == 10 || !s.alike {
		s.value = s.value*base + d
	}
	if base == 10 && (s.value == 0 || s.value > 25) {
		most = 0
	}
	if s.alike {
		s.in = s.in >> 1 & (1<<(most+1) - 1)
	} else {
		s.alike = true
		first, last := int(s.value), int(s.value)
		for more := range most + 1 {
			switch a.over(s, first, last) {
			case inside:
				s.in |= 1 << more
			case perhaps:
				s.alike = false
			case outside:
			}
			first, last = first*int(base), last*int(base)+int(base)-1
			if base == 10 {
				last = min(last, 255)
			}
		}
	}
	switch {
	case !s.alike:
		s.in = 0
		return s, true
	case base == 10:
		s.value = octetLike(s.value, s.n)
	default:
		s.value = 0
	}
	return s, s.in != 0
}

// octetLike is the least octet that goes on as one of value v does, with n digits.
func octetLike(v uint16, n int8) uint16 {
	switch {
	case n == 1:
		return min(v, 3)
	case n == 3:
		return 100
	case v < 25:
		return 10
	default:
		return min(v, 26)
	}
}

// over tells where the addresses lie whose next part is of a value from first to last.
func (a *addressReader) over(s addressState, first, last int) overlap {
	switch {
	case s.inside:
		return inside
	case addressNodes[s.node].part == octet:
		return a.block(s, []byte{byte(first)}, []byte{byte(last)})
	default:
		return a.block(s, []byte{byte(first >> 8), byte(first)}, []byte{byte(last >> 8), byte(last)})
	}
}

// block tells where the addresses lie that go on with bytes from first to last.
func (a *addressReader) block(s addressState, first, last []byte) overlap {
	a.b.spend(1)
	lo, hi := s.head, s.head
	for i := copy(lo[s.bytes:], first) + int(s.bytes); i < len(lo); i++ {
		lo[i] = 0
	}
	for i := copy(hi[s.bytes:], last) + int(s.bytes); i < len(hi); i++ {
		hi[i] = 0xff
	}
	if addressNodes[s.node].bytes == 4 {
		return a.ranges.over(netip.AddrFrom4([4]byte(lo[:4])), netip.AddrFrom4([4]byte(hi[:4])))
	}
	return a.ranges.over(netip.AddrFrom16(lo), netip.AddrFrom16(hi))
}

// ended is s behind a part of digits; false where no address that begins so is in the ranges.
func (a *addressReader) ended(s addressState) (addressState, bool) {
	value, alike, in := s.value, s.alike, s.in
	s.n, s.value, s.alike, s.in = 0, 0, false, 0
	bytes := []byte{byte(value)}
	if addressNodes[s.node].part == hexGroup {
		bytes = []byte{byte(value >> 8), byte(value)}
	}
	if alike {
		s.inside, s.head, s.bytes = true, [16]byte{}, s.bytes+int8(len(bytes))
		return s, in&1 != 0
	}
	return a.filled(s, bytes)
}

// filled is s behind some bytes of the address.
func (a *addressReader) filled(s addressState, bytes []byte) (addressState, bool) {
	if !s.inside {
		switch a.block(s, bytes, bytes) {
		case outside:
			return s, false
		case inside:
			s.inside, s.head = true, [16]byte{}
		case perhaps:
			copy(s.head[s.bytes:], bytes)
		}
	}
	s.bytes += int8(len(bytes))
	return s, true
}

// ends reports whether what was read is an address in the ranges.
func (a *addressReader) ends(s addressState) bool {
	node := addressNodes[s.node]
	switch {
	case !node.ends || node.part == gap && s.n == 1:
		return false
	case node.part == octet || node.part == hexGroup:
		var ok bool
		if s, ok = a.ended(s); !ok {
			return false
		}
	}
	return s.inside
}
