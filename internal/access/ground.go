package access

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/grantdiff/grantdiff/internal/catalog"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// ground is what all problems of one question under one reading stand on, whatever the
// values of policy variables: numbers of globs, atoms and dimensions, statements as far
// as they have no variables, and what was found out about single dimensions. An answer
// about literals that have the same numbers is the same in all of them.
type ground struct {
	in      *interner
	b       *budget
	kind    policy.Kind
	reading policy.Reading
	docs    []*policy.Document
	opaques map[string]rune // of each variable of unknown value
	// actions, resources and forms remember what was compiled of texts without variables.
	actions   map[string]*glob
	resources map[resourceText][]*glob
	forms     map[form][]*glob
	patterns  patterns // of the question

	axes      []*axis
	axisIdx   map[string]int // by condition key
	usages    func() map[string]usage
	atoms     []atom
	atmIdx    map[string]int
	skeletons map[place]*skeleton
	values    map[string]int32  // numbers of values of variables, by what is known of them
	varied    map[string]varied // literals that depend on such values; see compiler.with
	always    []clause          // that do not depend on policy variables
	memo      map[lookup]answer
	unions    struct{ pos, neg []*union } // memory of queries
	// vague is set when an answer had to leave something open.
	vague string
}

// axis is what does not depend on the problem of a dimension.
type axis struct {
	key         string // condition key, lower case; "" of the principal, the action and the resource
	usage       usage
	domain      []*union
	known       bool // the reference lists the key
	typed       sort // what it says the key holds; 0 where it does not
	multivalued bool // it says that the key may have several values
}

// purpose is how a problem uses a condition key, which tells what values it can have.
type purpose struct {
	sorts sort
	set   bool // a request may hold several values: the key is known to, or used with a set operator
}

// grounds are those whose question is answered: making the maps anew takes small policies a
// tenth of their time.
var grounds = sync.Pool{New: func() any {
	return &ground{
		in:      newInterner(),
		actions: map[string]*glob{}, resources: map[resourceText][]*glob{}, forms: map[form][]*glob{},
		opaques: map[string]rune{}, axisIdx: map[string]int{}, atmIdx: map[string]int{}, skeletons: map[place]*skeleton{},
		values: map[string]int32{}, varied: map[string]varied{}, memo: map[lookup]answer{},
	}
}}

// maxKept bounds what a ground may hold to be used again.
const maxKept = 200

// newGround begins a ground. Once nothing refers to it any more it can be given to release.
func newGround(b *budget, kind policy.Kind, r policy.Reading, docs []*policy.Document) *ground {
	g := grounds.Get().(*ground)
	g.b, g.kind, g.reading, g.docs = b, kind, r, docs
	g.axes = append(g.axes, &axis{domain: anyPrincipal}, &axis{domain: actionDomain}, &axis{domain: resourceDomain}) // nobody asks who
	if kind == policy.Resource || slices.ContainsFunc(docs, namesPrincipals) {
		p := g.problem(nil)
		g.axes[dimPrincipal].domain = []*union{g.in.union(p.principalDomain(docs))}
		p.pinPartitions(docs)
		g.always = p.always
	}
	return g
}

// release lets another question have the memory of g.
func (g *ground) release() {
	if len(g.memo)+len(g.atoms)+len(g.varied)+len(g.in.exact)+len(g.in.byKey)+len(g.in.pairs)+len(g.resources)+len(g.forms) > maxKept {
		return
	}
	clear(g.actions)
	clear(g.resources)
	clear(g.forms)
	clear(g.opaques)
	clear(g.axisIdx)
	clear(g.atmIdx)
	clear(g.skeletons)
	clear(g.values)
	clear(g.varied)
	clear(g.memo)
	clear(g.axes)
	clear(g.atoms)
	g.in.reset()
	*g = ground{
		in: g.in, actions: g.actions, resources: g.resources, forms: g.forms, opaques: g.opaques,
		axes: g.axes[:0], axisIdx: g.axisIdx, atoms: g.atoms[:0], atmIdx: g.atmIdx, skeletons: g.skeletons,
		values: g.values, varied: g.varied, memo: g.memo,
	}
	grounds.Put(g)
}

func namesPrincipals(d *policy.Document) bool {
	for i := range d.Statements {
		if d.Statements[i].Principal != nil {
			return true
		}
	}
	return false
}

// axis returns the number of the dimension of a condition key.
func (g *ground) axis(key string) int {
	i, ok := g.axisIdx[key]
	if !ok {
		i = len(g.axes)
		g.axisIdx[key] = i
		a := &axis{key: key, usage: g.usages()[key]}
		t, multivalued, known := catalog.ConditionKey(key)
		a.multivalued, a.known, a.typed = multivalued, known, sortOfKey[t]
		g.axes = append(g.axes, a)
	}
	return i
}

// atom numbers an atom.
func (g *ground) atom(id []byte, a func() atom) lit {
	i, ok := g.atmIdx[string(id)]
	if !ok {
		i = len(g.atoms)
		g.atmIdx[string(id)] = i
		g.atoms = append(g.atoms, a())
	}
	return lit(i << 1)
}

// A lookup asks about the values of an axis that is used in one way.
type lookup struct {
	axis int
	purpose
	lits string
}

// remember keeps an answer.
func (g *ground) remember(q lookup, a answer) {
	if len(g.memo) == maxRemembered {
		clear(g.memo)
	}
	g.memo[q] = a
}

// problem begins a problem under an environment.
func (g *ground) problem(env environment) *problem {
	p := &problem{compiler: compiler{ground: g, env: env}, always: slices.Clip(g.always)}
	p.local(dimResource)
	return p
}

// A skeleton is a statement as far as it does not depend on policy variables: a literal for
// each of its elements, in order.
type skeleton struct {
	pieces []piece
	never  bool // it matches no request
}

// piece is the literal of an element, or an element with variables.
type piece struct {
	lit       lit
	varies    bool
	condition int      // the number of the condition that varies; -1: the resource does
	keys      []string // whose values it depends on
}

// skeleton compiles what does not depend on policy variables of the statement at a place.
func (p *problem) skeleton(at place) *skeleton {
	o, ok := p.skeletons[at]
	if ok {
		return o
	}
	d := p.docs[at.doc]
	s := &d.Statements[at.index]
	o = &skeleton{pieces: make([]piece, 0, 3+len(s.Conditions))}
	p.skeletons[at] = o
	p.outlining = true // box tells the order
	defer func() { p.outlining = false }()
	fixed := func(l lit) { o.pieces = append(o.pieces, piece{lit: l}) }
	if s.Principal != nil {
		fixed(signed(p.globAtom(dimPrincipal, p.principals(s.Principal)), s.Principal.Not))
	}
	fixed(p.actionAtom(s.Action.Not, p.acts[p.only.number(at)]))
	variables := d.HasVariables()
	switch {
	case s.Resource == nil:
	case variables && varies(s.Resource.List):
		one := policy.Statement{Resource: s.Resource}
		o.pieces = append(o.pieces, piece{varies: true, condition: -1, keys: p.keysOf(d, &one)})
	default:
		fixed(p.resourceAtom(d, s))
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if variables && varies(c.Values) {
			one := policy.Statement{Conditions: s.Conditions[i : i+1]}
			o.pieces = append(o.pieces, piece{varies: true, condition: i, keys: append(p.keysOf(d, &one), c.KeyName())})
			continue
		}
		l, always, never := p.condition(*c, variables)
		switch {
		case never:
			o.never = true
			return o
		case !always:
			fixed(l)
		}
	}
	return o
}

// keysOf lists the variables of a statement.
func (g *ground) keysOf(d *policy.Document, s *policy.Statement) []string {
	var keys []string
	g.patterns.each(d, s, func(p policy.Pattern) {
		for _, piece := range p {
			if piece.Kind == policy.Variable && !slices.Contains(keys, piece.Key) {
				keys = append(keys, piece.Key)
			}
		}
	})
	return keys
}

// varied is what an element with variables is, for some values of them.
type varied struct {
	lit           lit
	always, never bool
}

// vary compiles a piece of the statement at a place that has variables. Most cases differ in
// the value of one key, so that most pieces are the same.
func (p *problem) vary(at place, e piece, compile func() varied) varied {
	var buf [96]byte
	id := appendIDs(buf[:0], []int32{int32(at.doc), int32(at.index), int32(e.condition)})
	for _, key := range e.keys {
		id = appendIDs(id, []int32{p.value(key), p.value(p.compiler.first(key))})
	}
	v, ok := p.varied[string(id)]
	if !ok {
		v = compile()
		p.varied[string(id)] = v
	} else if !v.always && !v.never {
		p.adopt(v.lit)
	}
	return v
}

// value is the number of what is known of the value of a key.
func (c *compiler) value(key string) int32 {
	v, known := c.env[key]
	if !known {
		return 0
	}
	n, ok := c.numbers[key]
	if !ok {
		var buf [128]byte
		id := v.appendID(buf[:0])
		if n, ok = c.values[string(id)]; !ok {
			n = int32(len(c.values)) + 1
			c.values[string(id)] = n
		}
		if c.numbers == nil {
			c.numbers = map[string]int32{}
		}
		c.numbers[key] = n
	}
	return n
}

// appendID writes what is known of a value, so that different values differ.
func (v *value) appendID(b []byte) []byte {
	text := func(s string) { b = append(append(strconv.AppendInt(b, int64(len(s)), 10), ':'), s...) }
	for _, is := range []bool{v.absent, v.several, v.unknown, v.free} {
		b = strconv.AppendBool(b, is)
	}
	text(v.literal)
	text(v.as)
	for _, forms := range [][]form{v.within, v.outside} {
		b = append(strconv.AppendInt(b, int64(len(forms)), 10), 'f')
		for _, f := range forms {
			b = strconv.AppendBool(strconv.AppendInt(b, int64(f.test), 10), f.escapes)
			text(f.text)
		}
	}
	b = append(strconv.AppendInt(b, int64(len(v.others)), 10), 'o')
	for _, other := range v.others {
		text(other)
	}
	return b
}

// varies reports whether a text may hold policy variables.
func varies(values []policy.Value) bool {
	return slices.ContainsFunc(values, func(v policy.Value) bool { return strings.Contains(v.Text, "${") })
}
