package equation

import "slices"

// length is the language of all texts of so many characters. States count them.
type length int32

func (n length) Start() int32 { return 0 }

func (n length) Next(s int32, _ rune) int32 {
	if s >= int32(n) {
		return Dead
	}
	return s + 1
}

func (n length) Ends(s int32) bool { return s == int32(n) }

// fixed gives unknowns the only length that they can have. It reports whether these are possible.
func (v *solver) fixed(st *state, steps []balance) bool {
	for _, b := range steps {
		x := b.first
		if slices.ContainsFunc(b.often[x+1:], func(n int) bool { return n != 0 }) {
			continue
		}
		n := -b.constant / b.often[x] // which divides it
		sh := v.at(st.shapes[x])
		if n > maxTuples || sh.known && sh.longest == n && len(sh.shortest) == n {
			continue
		}
		of, ok := v.byLength[n]
		if !ok {
			of = int32(len(v.languages))
			v.languages = append(v.languages, length(n))
			v.byLength[n] = of
		}
		st.shapes[x] = v.number(append(slices.Clone(sh.parts), part{of, 0, ending}), sh.some)
		if !v.at(st.shapes[x]).possible {
			return false
		}
	}
	return true
}

// maxCut bounds the places that are looked at in one equation.
const maxCut = 400

// cut makes two equations of one where both sides have a place that is as far from their
// beginnings, whatever the unknowns are.
func (v *solver) cut(st *state, steps []balance) {
	for k := 0; k < len(st.equations); k++ {
		e := st.equations[k]
		if places := len(e.Left) * len(e.Right); places > maxCut || !v.spend(places*(1+len(st.shapes)/balanceCost)) {
			continue
		}
	places:
		for i := range e.Left {
			for j := range e.Right {
				if i+j == 0 {
					continue
				}
				head := &state{equations: []Equation{{e.Left[:i], e.Right[:j]}}, shapes: st.shapes}
				if v.follows(v.lengths(head)[0], steps) {
					st.equations[k] = Equation{e.Left[i:], e.Right[j:]}
					st.equations = append(st.equations, head.equations[0])
					break places
				}
			}
		}
	}
}
