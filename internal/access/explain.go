package access

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A shape is a set of requests that an answer consists of: what all of in match and
// none of except. Of each of needs, one has to meet in, or else the set adds nothing
// to the other shapes.
type shape struct {
	in            []Piece
	except, needs [][]Piece
	// wider tells that the shapes before hold nothing else where in is all of the
	// statement asked about.
	wider bool
}

// explainWork bounds the steps of describing all gains of one question. It is no
// part of Options.Work: explaining never changes what is decided.
const explainWork = DefaultWork / 4

// maxExplained bounds the readings under which a description is exact.
const maxExplained = 8

// explain describes the gains of a result.
func (q *question) explain(res *Result, o Options) {
	if len(res.Gains) == 0 {
		return
	}
	work := explainWork
	if o.Work > 0 {
		work = min(work, o.Work)
	}
	x := newExplainer(q, work, o)
	for i := range res.Gains {
		x.describe(&res.Gains[i])
	}
	for _, p := range x.problems {
		p.ground.release()
	}
}

// explainer compares the statements of a question with each other.
type explainer struct {
	*question
	b *budget
	// problems holds one problem for each reading. In all of them the policy
	// variables are of unknown value and perhaps missing, so that what is impossible
	// there is impossible.
	problems []*problem
	partial  bool // there are more readings
	operands map[operandKey]*operand
	// void tells the problems in which the statement asked about matches nothing.
	void []bool
}

type operandKey struct {
	role                Role
	document, statement int
}

func newExplainer(q *question, work int, o Options) *explainer {
	x := &explainer{question: q, b: &budget{work}, operands: map[operandKey]*operand{}}
	one := &run{question: q, b: x.b, options: o, aims: q.concerned()}
	one.concern()
	q.matter, q.pieced = one.only, map[piecesKey][]Piece{}
	env := environment{}
	for _, v := range q.patterns.variables(q.docs, q.matter) {
		env[v] = value{unknown: true, free: true}
	}
	readings := policy.Readings(policy.Questions(q.docs...))
	if len(readings) > maxExplained {
		readings, x.partial = readings[:maxExplained], true
	}
	cost := one.size
	for _, r := range readings {
		if !x.b.spend(cost) {
			x.partial = true
			break
		}
		p := one.problem(one.ground(r), env, q.matter)
		p.boxes(q.docs) // interns all conditions, which settles the types of keys
		x.problems = append(x.problems, p)
	}
	x.void = make([]bool, len(x.problems))
	return x
}

// An operand is a piece, compiled.
type operand struct {
	piece Piece
	elems [elements]*element
	conds []test
}

func (o *operand) variables() bool { return o.piece.version == policy.Version2012 }

// A test is a condition, compiled for each problem.
type test struct {
	cond   policy.Condition
	dims   []int
	lits   []lit
	always []bool
	never  []bool
}

func (x *explainer) operand(p Piece) *operand {
	key := operandKey{p.Role, p.Document, p.Statement}
	if o, ok := x.operands[key]; ok {
		return o
	}
	o := &operand{piece: p}
	for dim := range elements {
		o.elems[dim] = x.element(o, dim)
	}
	for _, c := range p.Conditions {
		t := test{cond: c}
		for _, p := range x.problems {
			l, always, never := p.condition(c, o.variables())
			dim := -1
			if !always && !never {
				dim = p.atoms[l.atom()].dim
			}
			t.dims, t.lits = append(t.dims, dim), append(t.lits, l)
			t.always, t.never = append(t.always, always), append(t.never, never)
		}
		o.conds = append(o.conds, t)
	}
	x.operands[key] = o
	return o
}

// piece takes a statement of the question's documents, which begin with those asked
// about.
func (q *question) piece(role Role, doc, index int) Piece {
	d := q.docs[doc]
	s := &d.Statements[index]
	p := Piece{
		Role: role, Document: doc, Statement: index, Sid: s.Sid,
		Principal: s.Principal, Action: &s.Action, Resource: s.Resource, Conditions: s.Conditions,
		kind: d.Kind, version: d.Version,
	}
	if doc >= q.asked {
		p.Document -= q.asked
	}
	return p
}

// pieces takes the statements of some documents that pass is true for.
func (q *question) pieces(role Role, from, to int, pass func(*policy.Statement) bool) []Piece {
	key := piecesKey{role, from, to}
	if out, ok := q.pieced[key]; ok {
		return out
	}
	var out []Piece
	for i := from; i < to; i++ {
		for j := range q.docs[i].Statements {
			if q.matter.has(place{i, j}) && pass(&q.docs[i].Statements[j]) {
				out = append(out, q.piece(role, i, j))
			}
		}
	}
	q.pieced[key] = out
	return out
}

type piecesKey struct {
	role     Role
	from, to int
}

// describe fills in what a gain brings, in words and lists.
func (x *explainer) describe(g *Gain) {
	asked := x.piece(Asked, g.Document, g.Statement)
	c := &cutter{explainer: x, exact: !x.partial, asked: x.operand(asked), sure: map[*unit]bool{}, open: map[*unit]*unit{}}
	shapes, ok := x.shapes(g.Document, g.Statement)
	c.failed = !ok || len(x.problems) == 0
	for i := range x.problems {
		x.void[i] = slices.ContainsFunc(c.asked.conds, func(t test) bool { return t.never[i] })
	}
	for _, s := range shapes {
		c.shape(s)
	}
	g.Terms, g.Exact = c.terms, c.exact
	if c.failed || !slices.ContainsFunc(g.Terms, func(t Term) bool { return x.proves(t, g.Witness) }) {
		g.Terms, g.Exact = []Term{{In: []Piece{asked}}}, false
	}
	g.Known = x.known(g.Terms)
	x.lists(c, g)
}

// proves reports whether the witness is in a term, in some reading: a description
// that leaves it out is wrong.
func (x *explainer) proves(t Term, q policy.Request) bool {
	for _, p := range x.problems {
		if t.Holds(q, p.reading) {
			return true
		}
	}
	return false
}
