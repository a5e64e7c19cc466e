package access

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
)

// clockForm is how an instant is written in front of its zone, without a fraction; clockLeast
// is what is left out of a short one.
const (
	clockForm  = "####-##-##T##:##:##"
	clockLeast = "0000-01-01T00:00:00"
	yearEnd    = len("2006")
	monthEnd   = len("2006-01")
	dayEnd     = len("2006-01-02")
	minuteEnd  = len("2006-01-02T15:04")
	secondEnd  = len("2006-01-02T15:04:05")
)

var clockChars = []rune("0123456789-T:.")

// zones are the offsets of zones in minutes, by their texts.
var zones = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	noon, _ := instant("2000-01-01T12:00Z")
	for _, sign := range "+-" {
		for h := range 100 {
			for m := range 100 {
				text := fmt.Sprintf("%c%02d:%02d", sign, h, m)
				if x, ok := instant("2000-01-01T12:00" + text); ok {
					out[text] = int(new(big.Rat).Sub(noon, x).Num().Int64() / 60)
				}
			}
		}
	}
	return out
})

// dateText finds the text of an instant in one of spans that is not a number of seconds.
// With plain a year is one.
func dateText(f *follower, spans []span, plain bool) (string, status) {
	for _, s := range spans {
		c, ok := newClock(s)
		if !ok {
			continue
		}
		v, st := c.find(f, func(pos int, at int32) (string, bool) {
			switch {
			case pos == yearEnd && plain, pos == monthEnd, pos == dayEnd:
				return "", f.ends[at]
			case endsTime(pos):
				return "Z", f.takes(at, "Z")
			}
			return "", false
		})
		if st != unsat {
			return v, st
		}
	}
	return zonedText(f, spans)
}

// endsTime reports whether a zone may follow.
func endsTime(pos int) bool { return pos == minuteEnd || pos == secondEnd || pos > secondEnd+1 }

// zonedText finds the text of an instant with an offset. What an offset adds to the spans
// are the spans of local times, by what patterns there can be of the offset.
func zonedText(f *follower, spans []span) (string, status) {
	behind := map[int32]bool{}
	whenever, _ := newClock(span{})
	if _, st := whenever.find(f, func(pos int, at int32) (string, bool) {
		behind[at] = behind[at] || endsTime(pos)
		return "", false
	}); st == spent {
		return "", st
	}
	groups := map[string][]int32{} // by the offsets that they can have
	texts := map[string]map[int]string{}
	for at := range behind {
		if !behind[at] {
			continue
		}
		if f.b.left < 0 {
			return "", spent
		}
		can := f.offsets(at)
		key := fmt.Sprint(can)
		groups[key], texts[key] = append(groups[key], at), can
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		for _, s := range shifted(spans, slices.Sorted(maps.Keys(texts[key])), f.b) {
			c, ok := newClock(s.span)
			if !ok {
				continue
			}
			v, st := c.find(f, func(pos int, at int32) (string, bool) {
				return "", endsTime(pos) && slices.Contains(groups[key], at)
			})
			if st == unsat {
				continue
			}
			if st == spent {
				return "", st
			}
			for _, offset := range s.offsets {
				text := v + texts[key][offset]
				if x, ok := instant(text); ok && slices.ContainsFunc(spans, func(s span) bool { return s.contains(x) }) {
					return text, sat
				}
			}
			return "", open
		}
	}
	if f.b.left < 0 {
		return "", spent
	}
	return "", unsat
}

// offsetSteps is what one offset costs besides the characters that are new, as it is looked
// up and told apart from others.
const offsetSteps = 8

// zoneTexts are the texts of zones, in order.
var zoneTexts = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(zones())) })

// offsets are the offsets that may follow in state at, with a text of each.
func (f *follower) offsets(at int32) map[int]string {
	out := map[int]string{}
	states := map[string]int32{"": at}
	f.b.spend(offsetSteps * len(zoneTexts()))
	for _, text := range zoneTexts() {
		to := at
		for i, r := range text {
			known, ok := states[text[:i+1]]
			if !ok {
				f.b.spend(1)
				if known = dead; to != dead {
					known = f.step(to, r)
				}
				states[text[:i+1]] = known
			}
			to = known
		}
		if to != dead && f.ends[to] {
			if _, ok := out[zones()[text]]; !ok {
				out[zones()[text]] = text
			}
		}
	}
	return out
}

// A dateState is what was read of a date for one of several clocks.
type dateState struct {
	clock int32
	clockState
	zone string
}

// datesRead reads the dates that constraints rule out.
func datesRead(f *follower, of map[sort][]constraint) (reading, int32) {
	type zoned struct {
		*clock
		offset int
	}
	var clocks []zoned
	var starts []dateState
	if spans := numbersThat(false, of[sortDate]); len(spans) > 0 {
		for _, offset := range f.anyOffsets() {
			for _, s := range shifted(spans, []int{offset}, f.b) {
				if c, ok := newClock(s.span); ok && f.b.spend(nodeCost) {
					starts = append(starts, dateState{clock: int32(len(clocks)), clockState: c.start()})
					clocks = append(clocks, zoned{c, offset})
				}
			}
		}
	}
	return newReadings(f.b, single(func(s dateState, r rune) (dateState, bool) {
		switch c := clocks[s.clock]; {
		case s.zone != "":
			ok := s.zone != "Z" && strings.ContainsRune("0123456789:", r)
			s.zone += string(r)
			return s, ok && len(s.zone) <= len("+00:00")
		case endsTime(int(s.pos)) && strings.ContainsRune("Z+-", r):
			ok := c.within(s.clockState)
			s.clockState, s.zone = clockState{}, string(r)
			return s, ok
		default:
			var ok bool
			s.clockState, ok = c.step(s.clockState, r)
			return s, ok
		}
	}), func(s dateState) bool {
		c := clocks[s.clock]
		switch s.zone {
		case "":
			pos := int(s.pos)
			return c.offset == 0 && (pos == yearEnd || pos == monthEnd || pos == dayEnd) && c.within(s.clockState)
		case "Z":
			return c.offset == 0
		default:
			offset, ok := zones()[s.zone]
			return ok && offset == c.offset
		}
	}, starts...)
}

// anyOffsets are the offsets that may follow in any state, and 0. All states are known.
func (f *follower) anyOffsets() []int {
	offsets := map[int]bool{0: true}
	var behind [len("+00:00") + 1][]int32 // so many characters of the text before
	for at := range f.sets {
		behind[0] = append(behind[0], int32(at))
	}
	f.b.spend(len(zoneTexts()) / 4)
	last := strings.Repeat(" ", len("+00:00"))
	for _, text := range zoneTexts() {
		for i, r := range text {
			if text[:i+1] == last[:i+1] {
				continue
			}
			f.b.spend(len(behind[i]))
			behind[i+1] = nil
			for _, at := range behind[i] {
				if to := f.step(at, r); to != dead {
					behind[i+1] = append(behind[i+1], to)
				}
			}
			slices.Sort(behind[i+1])
			behind[i+1] = slices.Compact(behind[i+1])
		}
		last = text
		if slices.ContainsFunc(behind[len(text)], func(at int32) bool { return f.ends[at] }) {
			offsets[zones()[text]] = true
		}
	}
	return slices.Sorted(maps.Keys(offsets))
}

// A localSpan is a span of local times, and the offsets that put it where instants are asked for.
type localSpan struct {
	span
	offsets []int
}

// shifted are the local times of spans at some offsets, joined where they meet; not all
// where the work is spent.
func shifted(spans []span, offsets []int, b *budget) []localSpan {
	var out []localSpan
	for _, s := range spans {
		if !b.spend(nodeCost * len(offsets)) {
			break
		}
		first := len(out)
		for _, o := range offsets {
			by := big.NewRat(int64(o)*60, 1)
			move := func(x *big.Rat) *big.Rat {
				if x == nil {
					return nil
				}
				return new(big.Rat).Add(x, by)
			}
			t := span{move(s.lo), move(s.hi), s.loOpen, s.hiOpen}
			if n := len(out); n > first && out[n-1].meets(t) {
				out[n-1].hi, out[n-1].offsets = t.hi, append(out[n-1].offsets, o)
				continue
			}
			out = append(out, localSpan{t, []int{o}})
		}
	}
	return out
}

// meets reports whether t, which begins and ends no sooner than s, leaves no gap to it.
func (s span) meets(t span) bool {
	if s.hi == nil || t.lo == nil {
		return true
	}
	c := t.lo.Cmp(s.hi)
	return c < 0 || c == 0 && !(s.hiOpen && t.loOpen)
}

// A clock reads local times in a span, without zone.
type clock struct {
	span
	lo, hi string // as texts, without zeros at the end of the fraction; "" for none
}

// newClock is false where no local time of four digits of a year is in s.
func newClock(s span) (*clock, bool) {
	c := &clock{span: s}
	first, _ := instant("0000-01-01T00:00:00Z")
	last, _ := instant("9999-12-31T23:59:59Z")
	end := new(big.Rat).Add(last, big.NewRat(1, 1))
	switch {
	case s.lo != nil && s.lo.Cmp(end) >= 0 || s.hi != nil && s.hi.Cmp(first) < 0:
		return nil, false
	case s.lo != nil && s.lo.Cmp(first) >= 0:
		c.lo = clockText(s.lo)
	}
	if s.hi != nil && s.hi.Cmp(end) < 0 {
		c.hi = clockText(s.hi)
	}
	return c, true
}

func clockText(x *big.Rat) string {
	text := strings.TrimSuffix(date(x), "Z")
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return text
}

// A clockState is what was read: how many characters, what they leave for the next ones, and
// whether they are those of the ends.
type clockState struct {
	pos    int8
	known  int16
	lo, hi bool
}

// What is known of a year is how it begins, then whether it has a day more.
const leap = 1

func (c *clock) find(f *follower, end func(pos int, at int32) (string, bool)) (string, status) {
	return spelling[clockState]{chars: clockChars, step: single(c.step), end: func(s clockState, at int32, _ int) (string, bool) {
		if !c.within(s) {
			return "", false
		}
		return end(int(s.pos), at)
	}}.find(f, c.start())
}

func (c *clock) start() clockState { return clockState{lo: c.lo != "", hi: c.hi != ""} }

func (c *clock) step(s clockState, r rune) (clockState, bool) {
	pos := int(s.pos)
	want := '#'
	switch {
	case pos < secondEnd:
		want = rune(clockForm[pos])
	case pos == secondEnd:
		want = '.'
	case pos > secondEnd+maxFraction:
		return s, false
	}
	if isDigit := r >= '0' && r <= '9'; want != '#' && r != want || want == '#' && !isDigit {
		return s, false
	}
	s.pos++
	if want == '#' {
		var ok bool
		if s.known, ok = calendar(pos, s.known, int16(r-'0')); !ok {
			return s, false
		}
		at := func(end string) rune {
			if pos < len(end) {
				return rune(end[pos])
			}
			return '0'
		}
		if s.lo {
			if r < at(c.lo) {
				return s, false
			}
			s.lo = r == at(c.lo)
		}
		if s.hi {
			if r > at(c.hi) {
				return s, false
			}
			s.hi = r == at(c.hi)
		}
	}
	return s, true
}

// calendar reads digit number pos of a time: what is known behind it, and whether there is
// such a time.
func calendar(pos int, known, d int16) (int16, bool) {
	tens := func(most int16) (int16, bool) { return d, d <= most }
	switch pos {
	case 0:
		return d, true
	case 1: // of centuries, every fourth has a day more
		if (10*known+d)%4 == 0 {
			return leap, true
		}
		return 0, true
	case 2:
		return 10*known + d, true
	case 3:
		century, ten := known/10, known%10
		switch {
		case ten+d == 0:
			return century, true
		case (10*ten+d)%4 == 0:
			return leap, true
		}
		return 0, true
	case 5:
		return 10*known + d, d <= 1
	case 6: // the days of the month
		days := []int16{31, 28 + known/10, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
		month := 10*(known%10) + d
		if month < 1 || month > 12 {
			return 0, false
		}
		return days[month-1], true
	case 8:
		return 10*known + d, d <= 3
	case 9:
		day := 10*(known%10) + d
		return 0, day >= 1 && day <= known/10
	case 11:
		return tens(2)
	case 12:
		return 0, 10*known+d < 24
	case 14, 17:
		return tens(5)
	}
	return 0, true
}

// within reports whether the time that was read is in the span.
func (c *clock) within(s clockState) bool {
	order := func(end string) int {
		at := end[:min(int(s.pos), len(end))]
		if len(at) < len(clockLeast) {
			at += clockLeast[len(at):]
		}
		if strings.Contains(at, ".") {
			at = strings.TrimRight(strings.TrimRight(at, "0"), ".")
		}
		return strings.Compare(at, end)
	}
	if s.lo {
		if o := order(c.lo); o < 0 || o == 0 && c.loOpen {
			return false
		}
	}
	if s.hi {
		if o := order(c.hi); o > 0 || o == 0 && c.hiOpen {
			return false
		}
	}
	return true
}
