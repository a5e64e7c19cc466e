package access

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A question asks, for some statements of its documents, whether a request exists
// that the statement reaches and the rest does not take away. The three checks
// differ only in the regions they look at.
type question struct {
	// docs are all documents: the ones asked about first.
	docs []*policy.Document
	// asked tells how many of docs are asked about, and which of their statements.
	asked   int
	selects func(*policy.Statement) bool
	// grants tells which documents can bring access; nil: all.
	grants []bool
	// regions lists where to look for requests of a statement asked about, which
	// stands in document number doc.
	regions func(p *problem, in box, doc int) []region
	// repeats are the actions of statements asked about that existing ones do not hold
	// already; whole keeps statements as they are written all the same.
	repeats [][]remains
	whole   bool
	// shapes lists what the statement at (doc, index) brings, for the description;
	// false when that takes too many.
	shapes func(doc, index int) ([]shape, bool)
	// matter and pieced serve the description: the statements that meet one asked
	// about, and lists of them by role.
	matter   places
	patterns patterns
	pieced   map[piecesKey][]Piece
	// confirms reports whether the concrete evaluator agrees that q is an answer.
	confirms func(q policy.Request, r policy.Reading) bool
}

// ask decides q under every reading of the open questions its documents raise and
// every way in which their policy variables can have values.
func (q *question) ask(o Options) Result {
	if o.searchAll {
		q.repeats = nil
	}
	q.whole = o.Explain
	if !q.open() {
		return Result{Verdict: Pass}
	}
	q.patterns = patterns{}
	work := o.Work
	if work == 0 {
		work = DefaultWork
	}
	run := &run{question: q, b: &budget{work}, work: work, gains: map[place]Gain{}, open: map[place]string{}, options: o, aims: q.concerned()}
	run.concern()
	for _, d := range q.docs {
		for _, s := range d.Statements {
			if s.Principal == nil {
				continue
			}
			for _, e := range s.Principal.List {
				if oddPrincipal(e, s.Principal.Not) {
					run.reason = fmt.Sprintf("the principal %q has a form that is not decided", e.Text)
					return run.result()
				}
			}
		}
	}
	for _, r := range policy.Readings(policy.Questions(q.docs...)) {
		if run.answered() {
			break
		}
		run.reading(r)
	}
	res := run.result()
	if o.Explain {
		q.explain(&res, o)
	}
	return res
}

// open reports whether there is a statement to decide on.
func (q *question) open() bool {
	for i, d := range q.docs[:q.asked] {
		for j := range d.Statements {
			if q.asks(place{i, j}) {
				return true
			}
		}
	}
	return false
}

// asks reports whether the statement at a place is asked about and not decided by
// its text alone.
func (q *question) asks(at place) bool {
	return q.selects(&q.docs[at.doc].Statements[at.index]) && (q.grants == nil || q.grants[at.doc]) && !q.repeated(at)
}

func (q *question) repeated(at place) bool {
	rest := q.remains(at)
	return rest.told && len(rest.list) == 0
}

// remains is zero where nothing is told.
func (q *question) remains(at place) remains {
	if at.doc >= len(q.repeats) {
		return remains{}
	}
	return q.repeats[at.doc][at.index]
}

// actions are those of the statement at a place that may bring something.
func (q *question) actions(at place) []policy.Value {
	if rest := q.remains(at); rest.told && !q.whole && at.doc < q.asked {
		return rest.list
	}
	return q.docs[at.doc].Statements[at.index].Action.List
}

// run is a question being decided.
type run struct {
	*question
	b       *budget
	work    int // steps in b at first
	gains   map[place]Gain
	open    map[place]string // why a statement is not decided
	reason  string           // why the rest of the question is not
	size    int              // work of compiling the documents
	aims    aims             // the actions to decide on
	only    places           // the statements that matter
	acts    [][]policy.Value // by the number of a place: its actions that do
	options Options
}

// sizeOf measures what compiling statements takes, in steps.
func (r *run) sizeOf(of places) int {
	n := 100
	for at := range of.all() {
		n += statementSize(&r.docs[at.doc].Statements[at.index])
	}
	return n
}

func statementSize(s *policy.Statement) int {
	n := 20 + sizeOfTexts(s.Action.List)
	if s.Resource != nil {
		n += sizeOfTexts(s.Resource.List)
	}
	if s.Principal != nil {
		n += 20 * len(s.Principal.List)
	}
	for i := range s.Conditions {
		n += 20 + sizeOfTexts(s.Conditions[i].Values)
	}
	return n
}

func sizeOfTexts(values []policy.Value) int {
	n := 20 * len(values)
	for i := range values {
		n += len(values[i].Text)
	}
	return n
}

// result sums up. What stays undecided is told beside gains, too: they say nothing about
// the statements that bring none.
func (r *run) result() Result {
	if r.b.left < 0 { // whoever noticed: what came last may not have been looked at
		r.spent()
	}
	res := Result{Verdict: Pass, Steps: r.work - r.b.left, Reason: r.undecidedReason()}
	if res.Reason != "" {
		res.Verdict = Undetermined
	}
	if len(r.gains) > 0 {
		res.Verdict = Fail
	}
	for _, g := range r.gains {
		res.Gains = append(res.Gains, g)
	}
	slices.SortFunc(res.Gains, func(a, b Gain) int {
		return cmp.Or(a.Document-b.Document, a.Statement-b.Statement)
	})
	return res
}

// undecidedReason is the first reason why a statement without a gain may bring one; ""
// when there is none. Statements behind the first gain count only where all were asked for.
func (r *run) undecidedReason() string {
	for i := range r.asked {
		for j := range r.docs[i].Statements {
			at := place{i, j}
			if r.settled(at) {
				return ""
			}
			if _, found := r.gains[at]; found || !r.asks(at) {
				continue
			}
			if reason := cmp.Or(r.open[at], r.reason); reason != "" {
				return reason
			}
		}
	}
	return ""
}

// undecided keeps the first reason for a statement.
func (r *run) undecided(at place, format string, args ...any) {
	if r.open[at] == "" {
		r.open[at] = fmt.Sprintf(format, args...)
	}
}

func (r *run) spent() { r.reason = "the comparison needs more work than its bound allows" }

func (r *run) reading(reading policy.Reading) {
	env := environment{}
	for _, v := range r.patterns.variables(r.docs, r.only) {
		env[v] = value{unknown: true, free: true}
	}
	if !r.b.spend(r.size) {
		r.spent()
		return
	}
	r.environment(reading, env)
}

// settled reports that a statement at, or any behind it, needs no answer: the first
// gain is all that was asked for, and it is known.
func (r *run) settled(at place) bool {
	if r.options.Explain {
		return false
	}
	for first := range r.gains {
		if first.doc < at.doc || first.doc == at.doc && first.index <= at.index {
			return true
		}
	}
	return false
}

// answered reports that the first statement asked about is known to bring something,
// which is all that was asked for.
func (r *run) answered() bool {
	for i, d := range r.docs[:r.asked] {
		for j := range d.Statements {
			if at := (place{i, j}); r.asks(at) {
				return r.settled(at)
			}
		}
	}
	return false
}

// environment looks for gains where policy variables may have any values, or none.
func (r *run) environment(reading policy.Reading, env environment) {
	g := r.ground(reading)
	defer g.release()
	p := r.problem(g, env, r.only)
	boxes := p.boxes(r.docs)
	for i := range r.asked {
		for j := range r.docs[i].Statements {
			at := place{i, j}
			if r.settled(at) {
				return
			}
			if _, done := r.gains[at]; done || boxes[i][j] == nil || !r.asks(at) {
				continue
			}
			if !r.b.spend(1) {
				r.spent()
				return
			}
			m, st := p.first(r.regions(p, *boxes[i][j], i))
			if len(env) > 0 && (st == sat || st == open) {
				// Statements that no request of this one meets do not matter, and neither
				// do the variables that only they use.
				near := p.nearby(*boxes[i][j])
				if s := r.splitter(p, near); len(s.keys) > 0 {
					s.decide(at, p.linkedParts(m))
					continue
				}
			}
			switch st {
			case unsat:
			case spent:
				r.spent()
				return
			case open:
				r.undecided(at, "%s", p.vague)
			case sat:
				r.gain(p, m, at)
			}
		}
	}
}

// problem is the question of the statements in only, on the ground of its reading.
func (r *run) problem(g *ground, env environment, only places) *problem {
	p := g.problem(env)
	p.strict, p.only, p.acts = r.options.StrictOpenWorld, only, r.acts
	p.attached = r.options.Resource
	p.pinVariables()
	return p
}

// ground is what the problems of a reading stand on.
func (r *run) ground(reading policy.Reading) *ground {
	kind := policy.Identity // with any resource policy there is a principal
	if slices.ContainsFunc(r.docs, func(d *policy.Document) bool { return d.Kind == policy.Resource }) {
		kind = policy.Resource
	}
	g := newGround(r.b, kind, reading, r.docs)
	g.usages, g.patterns = r.usages(reading), r.patterns
	return g
}

// evaluations is how many evaluations of all documents are worth a compilation.
const evaluations = 4

// gain records the request of a model if the evaluator confirms it.
func (r *run) gain(p *problem, m model, at place) bool {
	s := &r.docs[at.doc].Statements[at.index]
	for q := range p.requests(m, r.docs[at.doc], s) {
		if !r.b.spend(r.size / evaluations) {
			r.spent()
			return false
		}
		if r.confirms(q, p.reading) {
			g := Gain{Document: at.doc, Statement: at.index, Sid: s.Sid, Witness: q}
			if !r.options.Explain {
				clear(r.gains) // those of statements behind this one
			}
			r.gains[at] = g
			return true
		}
	}
	r.undecided(at, "the evaluator did not confirm the request found for statement %d", at.index)
	return false
}

// first solves regions in order until one has a request.
func (p *problem) first(rs []region) (model, status) {
	undecided := unsat
	for _, r := range rs {
		m, st := p.solve(r)
		switch st {
		case sat, spent:
			return m, st
		case open:
			undecided = open
		case unsat:
		}
	}
	return nil, undecided
}

// boxes compiles every statement of every document; docs are those of the question.
func (p *problem) boxes(docs []*policy.Document) [][]*box {
	if p.compiled != nil {
		return p.compiled
	}
	out := make([][]*box, len(docs))
	all := make([]*box, len(p.only.in))
	for i, d := range docs {
		out[i], all = all[:len(d.Statements):len(d.Statements)], all[len(d.Statements):]
		for j := range d.Statements {
			if !p.only.has(place{i, j}) {
				continue
			}
			if b, ok := p.box(place{i, j}); ok {
				out[i][j] = &b
			}
		}
	}
	p.compiled = out
	p.assume()
	return out
}
