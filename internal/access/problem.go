package access

import (
	"slices"
	"strconv"
	"strings"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// A request is a point in a product of dimensions: principal, action, resource,
// and one for each condition key. A statement is a box: a conjunction of literals,
// each an atom (a test of one dimension) or its negation.

// lit is an atom's index shifted left, with the low bit set for the negation.
type lit int32

func (l lit) not() lit  { return l ^ 1 }
func (l lit) atom() int { return int(l >> 1) }
func (l lit) neg() bool { return l&1 != 0 }

// box is a conjunction of literals, sorted, without repetition.
type box []lit

type atom struct {
	dim   int
	union *union   // principal, action and resource
	cond  *keyAtom // condition keys
}

// keyAtom is a test of a condition key: whether one, all or any of its values
// match, and what holds when the key is absent.
type keyAtom struct {
	quant    policy.Qualifier // NoQualifier: a single value
	negElem  bool             // values have to fail the matcher
	absent   bool             // truth for an absent key
	presence bool             // the key is present; nothing else counts
	m        *matcher
}

// dimension is an axis as one problem uses it.
type dimension struct {
	*axis
	purpose
	used  bool
	atoms []lit // of a condition key: those in use, perhaps repeatedly
}

// sortOfKey are the sorts that keys of a type of the reference hold. A time may be
// written as a date or as seconds.
var sortOfKey = map[catalog.KeyType]sort{
	catalog.String: sortText, catalog.ARN: sortText, catalog.Bool: sortBool,
	catalog.Numeric: sortNumber | sortDate, catalog.Date: sortNumber | sortDate, catalog.IPAddress: sortIP,
}

// other reports whether the key is known to hold other values than its operators
// take, such as a tag that is compared with numbers.
func (d *dimension) other() bool { return d.known && d.typed != 0 && d.typed&d.sorts == 0 }

// problem is a question under one environment and reading.
type problem struct {
	compiler
	dims  []*dimension
	spare []dimension // memory of more
	// rank tells in which order p compiled atoms, from 1 on.
	rank      []int32
	ranked    int32
	outlining bool
	// always are clauses that every request meets.
	always []clause
	// strict leaves the facts about AWS out; links are those of the rest that tie a
	// key to the principal or the resource.
	strict bool
	links  []link
	// last holds the literals of the last model, by dimension.
	last []box
	only places           // the statements to compile
	acts [][]policy.Value // by the number of a place: the actions to compile
	// compiled memoises boxes.
	compiled [][]*box
	groups   []*group
	related  *relations // asks to solve equations between values; nil does not
	attached string     // Options.Resource, for witnesses
}

const (
	dimPrincipal = iota
	dimAction
	dimResource
)

func plainly(notation string, matches func(string) bool) *glob {
	g := parseGlob(notation)
	g.plain = matches
	return g
}

func isAction(s string) bool {
	i := strings.IndexByte(s, ':')
	return i > 0 && i < len(s)-1 && strings.IndexByte(s[i+1:], ':') < 0
}

func isARN(s string) bool { return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5 }

// principalDomain is everything a request's principal can be, with the forms that
// the documents name.
func (p *problem) principalDomain(docs []*policy.Document) []*glob {
	usual := usualPrincipals
	out := slices.Clone(usual)
	add := func(g *glob) {
		if !g.exact || !slices.ContainsFunc(usual, func(u *glob) bool { return u.match(g.text) }) {
			out = append(out, g)
		}
	}
	for e := range entries(docs) {
		if e.Type != policy.PrincipalAWS || e.Text == "*" {
			continue
		}
		wild := strings.ContainsAny(e.Text, "*?")
		if id, partition, ok := account(e.Text); ok && !wild {
			add(literal(aws + rootOf(partition, id)))
		} else if g := p.entry(e)[0]; !wild || !strings.Contains(e.Text, ":") {
			add(g)
		}
	}
	return out
}

// pinPartitions adds the fact that an account lives in one partition.
func (p *problem) pinPartitions(docs []*policy.Document) {
	named := partitions(docs)
	ids := make([]string, 0, len(named))
	for id := range named {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		elsewhere := p.globAtom(dimPrincipal, accountGlobs(id, ""))
		var here []*glob
		for _, part := range named[id] {
			here = append(here, accountGlobs(id, part)...)
		}
		p.always = append(p.always, clause{elsewhere.not(), p.globAtom(dimPrincipal, here)})
	}
}

// local makes sure that p has the dimensions up to number i.
func (p *problem) local(i int) *dimension {
	for k := len(p.dims); k <= i; k++ {
		if len(p.spare) == 0 {
			p.spare = make([]dimension, max(6, len(p.axes)-k))
		}
		d := &p.spare[0]
		p.spare = p.spare[1:]
		d.axis, d.set = p.axes[k], p.axes[k].multivalued
		p.dims = append(p.dims, d)
	}
	return p.dims[i]
}

// keyDim is the number of the dimension of a condition key that p uses.
func (p *problem) keyDim(key string) int {
	i := p.axis(key)
	p.use(i)
	return i
}

func (p *problem) use(i int) *dimension {
	d := p.local(i)
	if !d.used {
		d.sorts, d.set = d.sorts|d.usage.sorts, d.set || d.usage.set
	}
	d.used = true
	return d
}

// adopt uses a literal that another problem compiled.
func (p *problem) adopt(l lit) {
	p.order(l)
	if a := p.atoms[l.atom()]; a.cond != nil {
		p.use(a.dim).compares(a.cond, l)
	}
}

// order notes that p has compiled a literal.
func (p *problem) order(l lit) {
	if p.outlining {
		return
	}
	if n := l.atom() + 1; n > len(p.rank) {
		p.rank = append(p.rank, make([]int32, n-len(p.rank))...)
	}
	if rank := &p.rank[l.atom()]; *rank == 0 {
		p.ranked++
		*rank = p.ranked
	}
}

func (p *problem) intern(id []byte, a func() atom) lit {
	l := p.atom(id, a)
	p.order(l)
	return l
}

// compares notes that a condition on the key is in use.
func (d *dimension) compares(a *keyAtom, l lit) {
	if !a.presence {
		d.sorts |= a.m.sort
		d.set = d.set || a.quant != policy.NoQualifier
		d.atoms = append(d.atoms, l&^1)
	}
}

// globAtom is the atom "this dimension matches one of the globs".
func (p *problem) globAtom(dim int, gs []*glob) lit {
	list := p.in.all(gs)
	var buf [128]byte
	id := appendIDs(append(buf[:0], byte(dim)), sortedIDs(list))
	return p.intern(id, func() atom { return atom{dim: dim, union: p.in.joined(list)} })
}

// condition returns the literal of one condition. The booleans tell that it holds
// for every request, or for none; then there is no literal.
func (p *problem) condition(c policy.Condition, variables bool) (l lit, always, never bool) {
	op := c.Operator
	if op.Test == policy.Null {
		return p.null(c)
	}
	if emptyHolds(&c, p.reading) {
		return 0, true, false
	}
	a := keyAtom{quant: op.Qualifier, m: p.matcher(c, variables)}
	switch op.Qualifier {
	case policy.NoQualifier:
		// True for an absent key when negated, so that IfExists adds nothing to it;
		// false for several values, negated or not.
		a.negElem, a.absent = op.Negated, op.Negated || op.IfExists
	case policy.ForAllValues:
		a.negElem, a.absent = op.Negated, true
	case policy.ForAnyValue:
		a.negElem, a.absent = op.Negated, op.IfExists && p.reading.AnyIfExistsOnMissing
	}
	return p.keyAtom(c.KeyName(), a), false, false
}

// emptyHolds reports whether a condition without values holds for every request.
func emptyHolds(c *policy.Condition, r policy.Reading) bool {
	return len(c.Values) == 0 && r.EmptyListHolds && c.Operator.Qualifier == policy.NoQualifier && !c.Operator.IfExists
}

// null compiles the Null operator: "true" asks for an absent key. With a set
// qualifier its result does not depend on the request.
func (p *problem) null(c policy.Condition) (l lit, always, never bool) {
	switch c.Operator.Qualifier {
	case policy.ForAllValues:
		return 0, true, false
	case policy.ForAnyValue:
		return 0, false, true
	case policy.NoQualifier:
	}
	var absent, present bool
	for _, v := range c.Values {
		absent = absent || strings.EqualFold(v.Text, "true")
		present = present || strings.EqualFold(v.Text, "false")
	}
	if len(c.Values) == 0 && p.reading.EmptyListHolds {
		absent, present = true, true
	}
	switch l = p.present(c.KeyName()); {
	case absent && present:
		return 0, true, false
	case absent:
		return l.not(), false, false
	case present:
		return l, false, false
	}
	return 0, false, true
}

func (p *problem) present(key string) lit {
	return p.keyAtom(key, keyAtom{presence: true})
}

func (p *problem) keyAtom(key string, a keyAtom) lit {
	i := p.keyDim(key)
	var buf [128]byte
	id := append(strconv.AppendInt(buf[:0], int64(i), 10), 0)
	if !a.presence {
		id = append(strconv.AppendBool(strconv.AppendBool(append(id, byte(a.quant)), a.negElem), a.absent), 0)
		id = p.appendMatcher(id, a.m)
	}
	l := p.intern(id, func() atom { return atom{dim: i, cond: &a} })
	p.dims[i].compares(&a, l)
	return l
}

// box compiles the statement at a place; ok is false when it can match no request at all.
func (p *problem) box(at place) (b box, ok bool) {
	o := p.skeleton(at)
	if o.never {
		return nil, false
	}
	d := p.docs[at.doc]
	s := &d.Statements[at.index]
	b = make(box, 0, len(o.pieces))
	for _, e := range o.pieces {
		switch {
		case !e.varies:
			p.adopt(e.lit)
			b = append(b, e.lit)
		default:
			v := p.vary(at, e, func() varied {
				if e.condition < 0 {
					return varied{lit: p.resourceAtom(d, s)}
				}
				l, always, never := p.condition(s.Conditions[e.condition], true)
				return varied{l, always, never}
			})
			switch {
			case v.never:
				return nil, false
			case !v.always:
				b = append(b, v.lit)
			}
		}
	}
	return b.sorted(), true
}

// actionAtom compiles an action element, of whose list only some are looked at. Actions
// that the question is not about are left out: they meet none of its requests.
func (p *problem) actionAtom(not bool, of []policy.Value) lit {
	p.b.spend(1 + len(of))
	actions := make([]*glob, len(of))
	for i := range of {
		actions[i] = p.action(of[i].Text)
	}
	return signed(p.globAtom(dimAction, actions), not)
}

func (p *problem) resourceAtom(d *policy.Document, s *policy.Statement) lit {
	var resources []*glob
	for _, v := range s.Resource.List {
		resources = append(resources, p.resource(v.Text, d.HasVariables(), d.Kind)...)
	}
	return signed(p.globAtom(dimResource, resources), s.Resource.Not)
}

func signed(l lit, not bool) lit {
	if not {
		return l.not()
	}
	return l
}

func (b box) sorted() box {
	slices.Sort(b)
	return slices.Compact(b)
}

// with is the intersection of boxes.
func (b box) with(more ...lit) box {
	return append(slices.Clone(b), more...).sorted()
}

// appendIDs writes numbers so that different lists differ.
func appendIDs[T ~int32](b []byte, ids []T) []byte {
	for _, id := range ids {
		b = append(b, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	}
	return b
}
