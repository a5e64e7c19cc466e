package access

import (
	"fmt"
	"slices"
)

// typedElement finds one value of a key that is used with operators of numbers, dates,
// addresses or bytes. Between two ends that policies name all values are alike to
// those, so that one of each class is enough. To operators of texts they are not: a
// number has many texts, an address few. Then other spellings are tried, and patterns
// of all texts of a class tell whether there can be one.
func (p *problem) typedElement(d *dimension, cs []constraint) (string, status) {
	var texts []constraint
	for _, c := range cs {
		switch {
		case c.m.sort == 0 && !c.want:
			return "", unsat
		case c.m.sort&(sortText|sortBool) != 0:
			texts = append(texts, c)
		}
	}
	if d.sorts&(sortText|sortBool) == 0 {
		return p.ofSort(d, cs, len(texts) > 0)
	}
	for _, c := range texts {
		if list, ok := c.m.literals(); ok && c.want {
			return p.candidate(list, cs)
		}
	}
	plain, st := p.textElement(texts)
	if st != sat {
		return "", st
	}
	v, st := p.candidate(append(candidates(d.sorts, cs), plain, "true", "false"), cs)
	if st != unsat {
		return v, st
	}
	return p.spelledOdd(d, cs, texts)
}

// ofSort finds a value of a key that texts are not compared with, but perhaps with
// another of its values, from which it has to differ.
func (p *problem) ofSort(d *dimension, cs []constraint, differs bool) (string, status) {
	values := candidates(d.sorts, cs)
	if differs {
		values = append(values, spellings(d.sorts, cs, nil)...)
	}
	if d.other() {
		values = append(values, "x", "y") // are of no sort
	}
	return p.candidate(values, cs)
}

// spelledOdd decides what the usual spellings did not.
func (p *problem) spelledOdd(d *dimension, cs, texts []constraint) (string, status) {
	possible, onlyNumbers := false, true
	for _, cell := range typedCells(d.sorts, cs) {
		q := textProblem{in: p.in, b: p.b}
		long := false
		for _, c := range texts {
			u := p.unionOf(c.m)
			long = long || slices.ContainsFunc(u.globs, func(g *glob) bool { return g.length() > maxDigits })
			q.add(u, c.want)
		}
		for _, gs := range cell.within {
			q.add(p.in.union(gs), true)
		}
		if !long { // what has more digits is no number
			q.add(p.in.union(cell.outside), false)
		}
		v, st := q.find()
		if st == spent {
			return "", st
		}
		if st == unsat {
			continue
		}
		if v, st = p.candidate([]string{v}, cs); st != unsat {
			return v, st
		}
		possible, onlyNumbers = true, onlyNumbers && cell.number
	}
	if !possible {
		return "", unsat
	}
	if v, st := p.candidate(spellings(d.sorts, cs, texts), cs); st != unsat {
		return v, st
	}
	if all, ok := shortNumbers(d.sorts, texts); ok && onlyNumbers {
		return p.candidate(all, cs)
	}
	p.vague = fmt.Sprintf("condition key %s is compared with patterns of texts, and with numbers, dates or addresses that have many", d.key)
	return "", open
}

// A typedCell is a set of texts that holds all of some values: those that match all of
// within and none of outside.
type typedCell struct {
	number  bool // and are numbers
	within  [][]*glob
	outside []*glob
}

// typedCells cover all texts that meet the constraints which are more than texts.
func typedCells(sorts sort, cs []constraint) []typedCell {
	cells := []typedCell{{}}
	meet := func(s sort) []constraint {
		return slices.DeleteFunc(slices.Clone(cs), func(c constraint) bool { return c.m.sort != s })
	}
	product := func(more []typedCell) {
		var out []typedCell
		for _, a := range cells {
			for _, b := range more {
				out = append(out, typedCell{a.number || b.number, slices.Concat(a.within, b.within), slices.Concat(a.outside, b.outside)})
			}
		}
		cells = out
	}
	if sorts&sortNumber != 0 {
		product(numberCells(meet(sortNumber)))
	}
	if sorts&sortDate != 0 {
		var more []typedCell
		of := meet(sortDate)
		if met(of, "x") {
			more = append(more, typedCell{})
		}
		if slices.ContainsFunc(candidates(sortDate, of), func(v string) bool { return met(of, v) }) {
			more = append(more, typedCell{within: [][]*glob{dateForms}})
		}
		product(more)
	}
	if sorts&sortIP != 0 {
		product([]typedCell{addressCell(meet(sortIP))})
	}
	if sorts&sortBinary != 0 {
		product([]typedCell{binaryCell(meet(sortBinary))})
	}
	return cells
}

// met reports whether a value meets constraints.
func met(cs []constraint, v string) bool {
	return !slices.ContainsFunc(cs, func(c constraint) bool { return c.m.match(v) != c.want })
}
