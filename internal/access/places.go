package access

import (
	"iter"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// place names a statement.
type place struct{ doc, index int }

// places is a set of statements of some documents.
type places struct {
	from []int // by document: where its statements begin in in
	in   []bool
}

func newPlaces(docs []*policy.Document) places {
	p := places{from: make([]int, len(docs))}
	n := 0
	for i, d := range docs {
		p.from[i] = n
		n += len(d.Statements)
	}
	p.in = make([]bool, n)
	return p
}

func (p places) number(at place) int { return p.from[at.doc] + at.index }

func (p places) has(at place) bool { return p.in[p.number(at)] }

func (p places) add(at place) { p.in[p.number(at)] = true }

// all yields the places of the set, in the order of the documents.
func (p places) all() iter.Seq[place] {
	return func(yield func(place) bool) {
		doc := 0
		for n, in := range p.in {
			for doc+1 < len(p.from) && p.from[doc+1] <= n {
				doc++
			}
			if in && !yield(place{doc, n - p.from[doc]}) {
				return
			}
		}
	}
}
