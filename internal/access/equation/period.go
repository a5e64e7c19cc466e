package equation

import (
	"encoding/binary"
	"slices"
)

// Where x begins what a text and x begin, x is that text again and again, and a part of it at
// last. Steps alone would unroll it for ever.

// A period is the language of what is a beginning of a text again and again; or, behind, an
// ending of it.
type period struct {
	of      Word // characters
	behind  bool
	sets    [][]bool // by state: the places in of that come next
	numbers map[string]int32
}

func newPeriod(of Word, behind bool) *period {
	p := &period{of: of, behind: behind, numbers: map[string]int32{}}
	first := make([]bool, len(of))
	for i := range first {
		first[i] = behind || i == 0
	}
	p.state(first)
	return p
}

func (p *period) state(set []bool) int32 {
	key := make([]byte, 0, len(set)/8+1)
	for i := 0; i < len(set); i += 8 {
		b := byte(0)
		for k, on := range set[i:min(i+8, len(set))] {
			if on {
				b |= 1 << k
			}
		}
		key = append(key, b)
	}
	n, ok := p.numbers[string(key)]
	if !ok {
		n = int32(len(p.sets))
		p.numbers[string(key)] = n
		p.sets = append(p.sets, set)
	}
	return n
}

func (p *period) Start() int32 { return 0 }

func (p *period) Next(s int32, r rune) int32 {
	next, alive := make([]bool, len(p.of)), false
	for i, on := range p.sets[s] {
		if on && p.of[i] == Char(r) {
			next[(i+1)%len(p.of)], alive = true, true
		}
	}
	if !alive {
		return Dead
	}
	return p.state(next)
}

func (p *period) Ends(s int32) bool { return !p.behind || p.sets[s][0] }

// periods gives unknowns the languages that follow from equations in which a text stands in
// front of one, or behind it, on one side. It reports whether all are possible.
func (v *solver) periods(st *state) bool {
	for _, e := range st.equations {
		for _, w := range [][2]Word{{e.Left, e.Right}, {e.Right, e.Left}} {
			for _, behind := range []bool{false, true} {
				x, of, ok := repeated(w[0], w[1], behind)
				switch {
				case !ok || len(of) > maxPeriod:
					continue
				case slices.ContainsFunc(of, func(s Symbol) bool { return s < 0 }):
					if n, _ := of[0].unknown(); len(of) > 1 || !v.at(st.shapes[n]).single {
						continue
					}
					st.shapes[x], ok = v.uniform(st.shapes[x])
				default:
					st.shapes[x], ok = v.periodic(st.shapes[x], of, behind)
				}
				if !ok {
					return false
				}
			}
		}
	}
	return true
}

// repeated finds what is in front of the unknown in w with which other begins; or likewise behind.
func repeated(w, other Word, behind bool) (x int, of Word, ok bool) {
	if behind {
		w, other = slices.Clone(w), slices.Clone(other)
		slices.Reverse(w)
		slices.Reverse(other)
	}
	if len(other) == 0 || other[0] >= 0 {
		return 0, nil, false
	}
	at := slices.Index(w, other[0])
	if at < 1 {
		return 0, nil, false
	}
	x, _ = w[at].unknown()
	of = slices.Clone(w[:at])
	if behind {
		slices.Reverse(of)
	}
	return x, of, true
}

// periodic is a shape whose texts are of a period, too. false where there are none.
func (v *solver) periodic(of int32, text Word, behind bool) (int32, bool) {
	sh := v.all[of]
	// What is left of a text of a period is of the period that its first characters begin.
	if !behind && slices.ContainsFunc(sh.parts, func(p part) bool {
		l, ok := v.languages[p.language].(*period)
		return ok && !l.behind && p.to == ending && l.begins(p.from, text)
	}) {
		return of, true
	}
	key := []byte{byte(len(text)), 0}
	if behind {
		key[1] = 1
	}
	for _, s := range text {
		key = binary.LittleEndian.AppendUint32(key, uint32(s))
	}
	n, ok := v.byPeriod[string(key)]
	if !ok {
		if len(v.byPeriod) == maxPeriods {
			return of, true
		}
		n = int32(len(v.languages))
		v.languages = append(v.languages, newPeriod(text, behind))
		v.byPeriod[string(key)] = n
	}
	more := v.number(append(slices.Clone(sh.parts), part{n, 0, ending}), sh.some)
	return more, v.at(more).possible
}

// uniform is a shape whose texts have one character only, again and again, whichever that is.
func (v *solver) uniform(of int32) (int32, bool) {
	sh := v.all[of]
	if slices.ContainsFunc(sh.parts, func(p part) bool { return v.languages[p.language] == Language(alike{}) && p.to == ending }) {
		return of, true
	}
	n := int32(slices.Index(v.languages, Language(alike{})))
	if n < 0 {
		n = int32(len(v.languages))
		v.languages = append(v.languages, alike{})
	}
	more := v.number(append(slices.Clone(sh.parts), part{n, 0, ending}), sh.some)
	return more, v.at(more).possible
}

// alike is the language of texts of one character. States are it, more by one.
type alike struct{}

func (alike) Start() int32 { return 0 }

func (alike) Next(s int32, r rune) int32 {
	if s != 0 && s != r+1 {
		return Dead
	}
	return r + 1
}

func (alike) Ends(int32) bool { return true }

// begins reports whether what comes next in a state is text, again and again.
func (p *period) begins(s int32, text Word) bool {
	at := slices.Index(p.sets[s], true)
	return len(text) == len(p.of) && slices.Equal(slices.Concat(p.of[at:], p.of[:at]), text)
}
