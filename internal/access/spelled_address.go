package access

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// The texts of addresses are of some forms, which are sequences of parts: an octet, a group of
// two bytes in hexadecimal digits, or what stands between them.
type addressPart uint8

const (
	octet addressPart = iota
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

var addressChars = []rune("0123456789abcdefABCDEF.:")

// An addressState is what was read of an address in one of the forms.
type addressState struct {
	form, part int8
	// digits are those of the part, as far as they matter.
	digits string
	n      int8   // how many there are, or of the colons of a gap
	bytes  int8   // that are complete
	in     string // what they are to each of the ranges
}

// What an address is to a range.
const (
	outside = 'o'
	inside  = 'i'
	perhaps = 'p'
)

// An addressReader reads the texts of addresses that meet all constraints.
type addressReader struct {
	f      *follower
	cs     []constraint
	ranges []netip.Prefix
}

// addressText finds the text of an address that meets constraints.
func addressText(f *follower, cs []constraint) (string, status) {
	a := addressReader{f: f, cs: cs}
	for _, c := range cs {
		for _, p := range c.m.prefixes {
			if !slices.Contains(a.ranges, p) {
				a.ranges = append(a.ranges, p)
			}
		}
	}
	var starts []addressState
	for i, form := range addressForms {
		var in []byte
		for _, p := range a.ranges {
			switch {
			case p.Addr().BitLen() != 8*form.bytes:
				in = append(in, outside)
			case p.Bits() == 0:
				in = append(in, inside)
			default:
				in = append(in, perhaps)
			}
		}
		starts = append(starts, addressState{form: int8(i), in: string(in)})
	}
	return spelling[addressState]{chars: addressChars, step: a.step, end: a.end}.find(f, starts...)
}

func (a *addressReader) step(s addressState, r rune) (addressState, bool) {
	form := addressForms[s.form]
	a.f.b.spend(len(a.ranges) / 4)
	if int(s.part) == len(form.parts) {
		return s, false
	}
	switch part := form.parts[s.part]; part {
	case octet:
		if r >= '0' && r <= '9' && s.digits != "0" {
			s.digits += string(r)
			s.n++
			v, _ := strconv.Atoi(s.digits)
			if !strings.ContainsRune(s.in, perhaps) {
				s.digits = octetLike(s.digits, v)
			}
			return s, v < 256
		}
		return a.next(s, r)
	case hexGroup:
		if r != '.' && r != ':' {
			s.digits += strings.ToLower(string(r))
			s.n++
			if s.n > 4 {
				return s, false
			}
			a.forget(&s)
			return s, true
		}
		return a.next(s, r)
	case gap:
		if s.n++; r != ':' || s.n < 2 {
			return s, r == ':'
		}
		s.n, s.part = 0, s.part+1
		return a.filled(s, make([]byte, form.zeros)), true
	default:
		s.part++
		return s, r == ':' && part == colon || r == '.' && part == dot
	}
}

// octetLike is the least octet that goes on as one of value v does, with as many digits.
func octetLike(digits string, v int) string {
	switch {
	case len(digits) == 1:
		return strconv.Itoa(min(v, 3))
	case len(digits) == 3:
		return "100"
	case v < 25:
		return "10"
	default:
		return strconv.Itoa(min(v, 26))
	}
}

// next ends a part of digits, and reads on.
func (a *addressReader) next(s addressState, r rune) (addressState, bool) {
	s, ok := a.ended(s)
	if !ok || int(s.part) == len(addressForms[s.form].parts) {
		return s, false
	}
	return a.step(s, r)
}

// ended is s behind a part of digits.
func (a *addressReader) ended(s addressState) (addressState, bool) {
	if s.n == 0 {
		return s, false
	}
	part := addressForms[s.form].parts[s.part]
	digits := s.digits
	s.digits, s.n, s.part = "", 0, s.part+1
	if about, ok := strings.CutPrefix(digits, "="); ok {
		in := []byte(s.in)
		for i, p := range a.ranges {
			switch {
			case in[i] != perhaps:
			case about[i] == outside:
				in[i] = outside
			case p.Bits() <= 8*(int(s.bytes)+2):
				in[i] = inside
			}
		}
		s.bytes, s.in = s.bytes+2, string(in)
		return s, true
	}
	if part == octet {
		v, _ := strconv.ParseUint(digits, 10, 8)
		return a.filled(s, []byte{byte(v)}), true
	}
	v, _ := strconv.ParseUint(digits, 16, 16)
	return a.filled(s, []byte{byte(v >> 8), byte(v)}), true
}

// filled is s behind some bytes of the address.
func (a *addressReader) filled(s addressState, bytes []byte) addressState {
	in := []byte(s.in)
	for i, p := range a.ranges {
		if in[i] != perhaps {
			continue
		}
		in[i] = compared(p, int(s.bytes), bytes)
	}
	s.bytes += int8(len(bytes))
	s.in = string(in)
	return s
}

// compared tells what an address is to a range, of which bytes from number at on are known,
// and those in front of them are the same.
func compared(p netip.Prefix, at int, bytes []byte) byte {
	of := p.Addr().AsSlice()
	for i, b := range bytes {
		bits := min(8, p.Bits()-8*(at+i))
		if bits <= 0 {
			return inside
		}
		if (b^of[at+i])>>(8-bits) != 0 {
			return outside
		}
	}
	if p.Bits() <= 8*(at+len(bytes)) {
		return inside
	}
	return perhaps
}

// forget puts in the place of a group's digits what they are to the ranges, where that does
// not depend on the digits that follow: for none of them, for one more and so on.
func (a *addressReader) forget(s *addressState) {
	if s.digits[0] == '=' {
		s.digits = "=" + s.digits[1+len(a.ranges):len(s.digits)-1]
		return
	}
	v, _ := strconv.ParseUint(s.digits, 16, 32)
	about := []byte{'='}
	for more := 0; more <= 4-int(s.n); more++ {
		first, last := v<<(4*more), (v+1)<<(4*more)-1
		for i, p := range a.ranges {
			is := byte(outside)
			if s.in[i] == perhaps {
				of := p.Addr().AsSlice()
				bits := min(16, p.Bits()-8*int(s.bytes))
				lo := uint64(of[s.bytes])<<8 | uint64(of[s.bytes+1])
				hi := lo | (1<<(16-bits) - 1)
				switch {
				case lo <= first && last <= hi:
					is = inside
				case first <= hi && last >= lo:
					return
				}
			}
			about = append(about, is)
		}
	}
	s.digits = string(about)
}

func (a *addressReader) end(s addressState, at int32, _ int) (string, bool) {
	form := addressForms[s.form]
	if !a.f.ends[at] {
		return "", false
	}
	if int(s.part) < len(form.parts) {
		if p := form.parts[s.part]; int(s.part) != len(form.parts)-1 || p != octet && p != hexGroup {
			return "", false
		}
		var ok bool
		if s, ok = a.ended(s); !ok {
			return "", false
		}
	}
	return "", !slices.ContainsFunc(a.cs, func(c constraint) bool {
		return c.want != slices.ContainsFunc(c.m.prefixes, func(p netip.Prefix) bool { return s.in[slices.Index(a.ranges, p)] == inside })
	})
}
