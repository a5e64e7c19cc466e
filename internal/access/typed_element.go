package access

// typedElement finds one value of a key that is used with operators of numbers, dates,
// addresses or bytes. Between two ends that policies name all values are alike to
// those, so that one of each class is enough. To operators of texts they are not: a
// number has many texts, an address few. Then all of its texts are read beside patterns.
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
		return p.ofSort(d, cs, texts)
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
	return p.spelled(d, cs, texts, 0)
}

// ofSort finds a value of a key that texts are not compared with, but perhaps with
// another of its values, from which it has to differ.
func (p *problem) ofSort(d *dimension, cs, texts []constraint) (string, status) {
	values := candidates(d.sorts, cs)
	if d.other() {
		values = append(values, "x", "y") // are of no sort
	}
	v, st := p.candidate(values, cs)
	for _, s := range []sort{sortNumber, sortDate, sortIP} {
		if st == unsat && len(texts) > 0 && d.sorts&s != 0 {
			v, st = p.spelled(d, cs, texts, s)
		}
	}
	return v, st
}
