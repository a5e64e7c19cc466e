package access

import (
	"fmt"
	"slices"
	"strconv"
)

// A number, an instant or an address has many texts, so that patterns of texts may leave
// unusual ones only. They are read beside the patterns, by what they say: numbers
// and instants by where they lie to the ends that policies name, addresses by the ranges.

// spelledChars are the characters of these texts.
const spelledChars = "0123456789+-.eETZ:abcdefABCDEF"

// spelled finds a value where the usual spellings are none. Texts are those of cs that are
// about texts; the value has to be of the sort wanted, 0 for any or none.
func (p *problem) spelled(d *dimension, cs, texts []constraint, wanted sort) (string, status) {
	q := textProblem{in: p.in, b: p.b}
	of := map[sort][]constraint{}
	if wanted != 0 {
		of[wanted] = []constraint{}
	}
	for _, c := range cs {
		switch {
		case slices.Contains(texts, c):
			q.add(p.unionOf(c.m), c.want)
		case c.m.sort == sortBinary: // of which each has one text
			list := make([]string, len(c.m.binaries))
			for i, b := range c.m.binaries {
				list[i] = encoded(b)
			}
			q.add(p.in.union(literalGlobs(list)), c.want)
		case c.m.sort != 0:
			of[c.m.sort] = append(of[c.m.sort], c)
			if c.want {
				wanted |= c.m.sort
			}
		}
	}
	q.exclude()
	f, ok := newFollower(q.pos, q.neg, spelledChars, p.b)
	if !ok {
		return "", spent
	}
	v, st := f.ofSorts(of, wanted, func(v string) (string, status) { return p.candidate([]string{v}, cs) })
	if st == sat {
		v, st = p.candidate([]string{v}, cs)
		if st == unsat {
			st = open
		}
	}
	if st == open {
		p.vague = fmt.Sprintf("condition key %s is compared with patterns of texts, and with numbers, dates or addresses that have many", d.key)
	}
	return v, st
}

// ofSorts finds a text that the patterns take and that meets constraints about values of
// some sorts. try tells whether a text does. Only a number can be an instant, too: seconds or a year.
func (f *follower) ofSorts(of map[sort][]constraint, wanted sort, try func(string) (string, status)) (string, status) {
	if wanted == 0 {
		return f.other(of)
	}
	numbers, dates := of[sortNumber], of[sortDate]
	var out string
	st := unsat
	look := func(sorts sort, find func() (string, status)) {
		if st == unsat && wanted&^sorts == 0 {
			out, st = find()
		}
	}
	if numbers != nil {
		look(sortNumber, func() (string, status) { return numberText(f, allowed(numbers), dates != nil, false) })
	}
	if dates != nil {
		look(sortDate, func() (string, status) { return dateText(f, allowed(dates), numbers == nil) })
		look(sortNumber|sortDate, func() (string, status) {
			return numberText(f, allowed(slices.Concat(numbers, dates)), true, true)
		})
		if numbers != nil {
			look(sortNumber|sortDate, func() (string, status) { return f.years(try) })
		}
	}
	if of[sortIP] != nil {
		look(sortIP, func() (string, status) { return addressText(f, of[sortIP]) })
	}
	return out, st
}

// years tries the texts of four digits.
func (f *follower) years(try func(string) (string, status)) (string, status) {
	for n := 0; n < 10_000 && f.start != dead; n++ {
		text := strconv.Itoa(10_000 + n)[1:]
		if !f.b.spend(1) {
			return "", spent
		}
		if f.takes(f.start, text) {
			if v, st := try(text); st != unsat {
				return v, st
			}
		}
	}
	return "", unsat
}
