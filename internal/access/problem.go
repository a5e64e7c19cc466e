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

type dimension struct {
	name   string // "principal", "action", "resource" or "key " + the key
	key    string // condition key, lower case
	domain []*union
	sorts  sort
	set    bool // a request may hold several values: the key is known to, or used with a set qualifier
	known  bool // the reference lists the key
	typed  sort // what it says the key holds; 0 where it does not
	memo   map[string]answer
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

// problem is a question under one environment and reading: its dimensions, its
// interned atoms, and what they decide.
type problem struct {
	compiler
	b       *budget
	kind    policy.Kind
	dims    []*dimension
	dimIdx  map[string]int
	atoms   []atom
	atmIdx  map[string]int
	spelled map[string]string // condition keys as the conditions spell them
	// always are clauses that every request meets.
	always []clause
	// strict leaves the facts about AWS out; links are those of the rest that tie a
	// key to the principal or the resource.
	strict bool
	links  []link
	// last holds the literals of the last model, by dimension.
	last       []box
	only       map[place]bool // the statements to compile
	services   services
	actionsOf  func(place) []policy.Value
	remembered int // answers in the memos of all dims
	// compiled memoises boxes.
	compiled [][]*box
	groups   map[groupKey]*group
	// docs and attached serve witnesses: the documents of the question, and
	// Options.Resource.
	docs     []*policy.Document
	attached string
	// vague is set when an answer had to leave something open.
	vague string
}

const (
	dimPrincipal = iota
	dimAction
	dimResource
)

func newProblem(b *budget, kind policy.Kind, env environment, r policy.Reading, docs []*policy.Document) *problem {
	p := &problem{
		compiler: newCompiler(env, r), b: b, kind: kind,
		dimIdx: map[string]int{}, atmIdx: map[string]int{}, spelled: map[string]string{},
	}
	p.dim("principal").domain = []*union{p.in.union(p.principalDomain(docs))}
	p.dim("action").domain = []*union{p.in.union(actionDomain)}
	p.dim("resource").domain = []*union{p.in.union(resourceDomain)}
	p.pinPartitions(docs)
	return p
}

// Every action is a prefix, a colon and a name; every resource an ARN or "*", the
// resource of actions that have none.
var (
	actionDomain   = []*glob{plainly("¤§:¤§", isAction)}
	resourceDomain = []*glob{plainly("arn:§:§:§:§:*", isARN), literal("*")}
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
	usual := globs(principalDomain...)
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

func (p *problem) dim(name string) *dimension {
	i, ok := p.dimIdx[name]
	if !ok {
		i = len(p.dims)
		p.dimIdx[name] = i
		p.dims = append(p.dims, &dimension{name: name, memo: map[string]answer{}})
	}
	return p.dims[i]
}

func (p *problem) keyDim(key string) int {
	d := p.dim("key " + key)
	if d.key == "" {
		d.key = key
		t, multivalued, known := catalog.ConditionKey(key)
		d.set = multivalued
		d.known, d.typed = known, sortOfKey[t]
	}
	return p.dimIdx["key "+key]
}

func (p *problem) intern(id string, a atom) lit {
	i, ok := p.atmIdx[id]
	if !ok {
		i = len(p.atoms)
		p.atmIdx[id] = i
		p.atoms = append(p.atoms, a)
	}
	return lit(i << 1)
}

// globAtom is the atom "this dimension matches one of the globs".
func (p *problem) globAtom(dim int, gs []*glob) lit {
	u := p.in.union(gs)
	return p.intern(string(appendIDs([]byte{byte(dim)}, u.ids())), atom{dim: dim, union: u})
}

// condition returns the literal of one condition. The booleans tell that it holds
// for every request, or for none; then there is no literal.
func (p *problem) condition(c policy.Condition, variables bool) (l lit, always, never bool) {
	op := c.Operator
	if _, ok := p.spelled[c.KeyName()]; !ok {
		p.spelled[c.KeyName()] = c.Key
	}
	if op.Test == policy.Null {
		return p.null(c)
	}
	if len(c.Values) == 0 && p.reading.EmptyListHolds && op.Qualifier == policy.NoQualifier && !op.IfExists {
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
	d := p.dims[i]
	id := strconv.Itoa(i)
	if !a.presence {
		d.sorts |= a.m.sort
		d.set = d.set || a.quant != policy.NoQualifier
		id += "\x00" + strconv.Itoa(int(a.quant)) + strconv.FormatBool(a.negElem) + strconv.FormatBool(a.absent) + "\x00" + p.matcherKey(a.m)
	}
	return p.intern(id, atom{dim: i, cond: &a})
}

// box compiles a statement, of whose actions only some are looked at; ok is false when
// it can match no request at all. Actions of services that the question is not about
// are left out: they meet none of its requests.
func (p *problem) box(d *policy.Document, s *policy.Statement, of []policy.Value) (b box, ok bool) {
	if s.Principal != nil {
		l := p.globAtom(dimPrincipal, p.principals(s.Principal))
		if s.Principal.Not {
			l = l.not()
		}
		b = append(b, l)
	}
	p.b.spend(1 + len(of))
	actions := make([]*glob, 0, min(len(of), 64))
	for _, v := range of {
		if service, ok := serviceOf(v.Text); !ok || !p.services.some || p.services.has(lower(service)) {
			actions = append(actions, p.action(v.Text))
		}
	}
	b = append(b, signed(p.globAtom(dimAction, actions), s.Action.Not))
	if s.Resource != nil {
		var resources []*glob
		for _, v := range s.Resource.List {
			resources = append(resources, p.resource(v.Text, d.HasVariables(), d.Kind)...)
		}
		b = append(b, signed(p.globAtom(dimResource, resources), s.Resource.Not))
	}
	for _, c := range s.Conditions {
		l, always, never := p.condition(c, d.HasVariables())
		switch {
		case never:
			return nil, false
		case !always:
			b = append(b, l)
		}
	}
	return b.sorted(), true
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
