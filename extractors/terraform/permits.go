package terraform

import (
	"fmt"
	"maps"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// permitForm says which statements an object amounts to that gives access without a
// policy document: a share, a grant, a permission, an open endpoint.
type permitForm struct {
	// Does completes "It ...".
	Does string
	// Text holds the statements in the language that statementForm describes.
	Text string
	// Code names the function of maker.code that makes the statements where that
	// language is not enough; Reads then names the attributes that it looks at.
	Code, Reads string
	// Manages: the object puts in place all that a computed attribute of its subject
	// shows, as the access control list of a bucket does.
	Manages bool
	// Yields: a policy document on the same subject decides in its place, as the
	// policy of an API does for methods without an authorizer.
	Yields bool
	// Once names a block that may be written several times while the provider sends only
	// one of them: which one is not told.
	Once string

	statements []statementForm
	reads      []string
	tops       map[string]bool // where those begin
	named      string          // which of those names the bucket, of an access control list
	unnamed    map[string]bool // all others
}

// compile reads the text of the form.
func (f *permitForm) compile() {
	reads := map[string]bool{}
	if f.Code == "" {
		f.statements = parseStatements(f.Text, reads)
	}
	for _, a := range splitList(f.Reads) {
		reads[a] = true
	}
	f.reads, f.tops = sortedKeys(reads), topsOf(sortedKeys(reads))
	f.unnamed = maps.Clone(f.tops)
	delete(f.unnamed, f.named)
}

// takePermit takes the grant that one row makes of an object.
func (x *extraction) takePermit(o *object, op operation, r *row, before, after, unknown, sensBefore, sensAfter jsontext.Value) {
	alike := op.existed && op.exists && same(before, after)
	if alike && r.Permit.canned() && blankText(o.firstLeaf(before, nil, sensBefore, r.steps())) {
		return // as in takeSingle: of almost all buckets and objects
	}
	if alike && x.takeShown(o, op, r, before, sensBefore) {
		return
	}
	p := x.newPending(o, op, r, r.Kind, r.Path)
	if r.Flags&established != 0 {
		if r.self() && (!op.existed || !op.exists) {
			return
		}
		p.own().check = func() bool { return !p.Subject.New }
	}
	if r.Permit.Yields {
		x.methods.takeMethod(o, before, after)
	}
	if o.typ == methodType {
		x.takePreflight(o, before, after)
	}
	if p.subject = subjectNames(o, r, before, after, unknown, op); r.Subject == "function" {
		x.secrets.addFunction(p.subject.before)
		x.secrets.addFunction(p.subject.after)
		p.subject = p.subject.unqualified()
	}
	b := newScope(o, r.Permit.tops, before, nil, sensBefore)
	a := b
	if !same(before, after) {
		a = newScope(o, r.Permit.tops, after, unknown, sensAfter)
	}
	p.own().late = x.latePermit(r, b, a, alike)
	x.add(p, op, o)
}

// latePermit makes the documents of both sides. Symbols are named after the references of
// the configuration, and the ARN of the subject is that of its resource, so they wait for
// all of the input.
func (x *extraction) latePermit(r *row, b, a scope, alike bool) func(p *pending) {
	return func(p *pending) {
		if r.Subject == "function" {
			p.subject.before, p.subject.after = x.ownName(p, p.subject.before), x.ownName(p, p.subject.after)
		}
		x.resolveSubject(p)
		x.placeAccount(p)
		p.Before = x.permitSide(p, b, scope{}, p.op.existed)
		if alike {
			p.After = p.Before
			return
		}
		p.After = x.permitSide(p, a, b, p.op.exists)
	}
}

// maxPermitTexts bounds the entries and statements of one document that is made.
const maxPermitTexts = 10000

// maxPermitConditions bounds the conditions of one statement, which are compared with
// each other.
const maxPermitConditions = 200

// permitSide makes the document of one side. What is not known becomes a symbol, a
// text that equals nothing but itself: leaving its condition out would read the
// statement wider than it is, and leaving the statement out narrower. old is the
// side before, for names that only become known again.
func (x *extraction) permitSide(p *pending, at, old scope, exists bool) pendingSide {
	if !exists {
		return pendingSide{Absent: true}
	}
	m := &maker{x: x, p: p, form: p.row.Permit, root: at, old: old, symbols: map[string]string{}}
	s := pendingSide{Sensitive: at.sensitive}
	var ds diag.Diagnostics
	var symbols []extractors.Symbol
	m.make()
	switch {
	case m.odd != "":
		ds = x.attributeError(p, "a field of the permission is no text", "The attribute %s is a list or an object.", m.odd)
	case m.reason != "":
		s.Unknown = &extractors.Unknown{Reason: m.reason}
	case len(m.open) > 0:
		p.own().unknowns = m.open
		s.Unknown = &extractors.Unknown{Reason: "An attribute that decides who may do what is not known before the change is applied."}
	case len(m.list) == 0 && p.row.Flags&required != 0:
		ds = x.attributeError(p, "the principal is missing", "The resource type demands it, and the plan has neither a value nor a mark that it is unknown. Make the plan JSON anew.")
	case len(m.list) == 0:
		s.Absent = true
	default:
		text := m.text()
		s.Document, ds = x.parse(p, []byte(text))
		symbols = m.used(text)
	}
	s.tell(ds, symbols)
	return s
}

// maker makes the statements of one side of one object.
type maker struct {
	x       *extraction
	p       *pending
	form    *permitForm
	root    scope // the object
	old     scope // the object before, empty for that side itself
	list    []madeStatement
	texts   int
	symbols map[string]string // text: reference
	open    []string          // attributes without which nothing can be said
	odd     string            // an attribute that is neither a text nor unset
	reason  string            // why there is no document, when it is another reason than open
}

// madeStatement is a statement that is being made. Everything in it is allowed.
type madeStatement struct {
	sid        string
	principals []madePrincipal
	actions    []string
	resources  []string // none in a trust policy
	conditions []madeCondition
}

type madePrincipal struct {
	typ  policy.PrincipalType
	text string
}

type madeCondition struct {
	operator, key string
	values        []string
}

func (m *maker) make() {
	if m.form.Code != "" {
		m.code(m.form.Code)
		return
	}
	if m.form.Once != "" && len(elements(member(m.root.obj, m.form.Once))) > 1 {
		m.reason = fmt.Sprintf("It has several blocks %s, of which only one is sent to the service, and which one is not known. Write all of it in one block.", m.form.Once)
		return
	}
	for i := range m.form.statements {
		f := &m.form.statements[i]
		for _, block := range m.blocks(f.each) {
			m.statement(f, block)
		}
	}
}

// blocks are the scopes that a statement is made for: the object itself, or each of
// its nested blocks.
func (m *maker) blocks(path []string) []scope {
	if path == nil {
		return []scope{m.root}
	}
	var list []scope
	for _, l := range m.root.leaves(path, true) {
		switch {
		case l.unknown:
			m.undecided(path[0])
		case len(l.value) > 0 && l.value[0] == '{':
			list = append(list, scope{obj: l.value, unknown: l.unknowns, key: l.key, top: path[0]})
		}
	}
	return list
}

// undecided notes an attribute without which nothing can be said.
func (m *maker) undecided(attr string) {
	for _, a := range m.open {
		if a == attr {
			return
		}
	}
	m.open = append(m.open, attr)
}

// spend counts what is made and reports whether it is still bounded.
func (m *maker) spend(n int) bool {
	if m.texts += n; m.texts > maxPermitTexts {
		m.reason = fmt.Sprintf("It holds more than %d entries, which is more than are compared.", maxPermitTexts)
		return false
	}
	return true
}

// statement adds what one form makes of one block: principals with a condition of
// their own, such as an organization, get a statement of their own.
func (m *maker) statement(f *statementForm, block scope) {
	if !m.holds(f.when, block) {
		return
	}
	who := m.all(f.who, block, asPrincipal)
	actions := m.all(f.do, block, asAction)
	if len(who) == 0 || len(actions) == 0 {
		return
	}
	var resources []string
	if f.on != nil {
		if resources = m.all(f.on, block, asARN); len(resources) == 0 {
			resources = []string{"*"}
		}
	}
	var conditions []madeCondition
	for i := range f.conditions {
		conditions = append(conditions, m.conditionOf(&f.conditions[i], block)...)
	}
	base := madeStatement{actions: actions, resources: resources, conditions: conditions}
	if f.sid != nil {
		if sid := m.all([]template{f.sid}, block, asText); len(sid) == 1 {
			base.sid = sid[0]
		}
	}
	m.grant(base, who)
}

// grant adds a statement for principals as the service writes them.
func (m *maker) grant(base madeStatement, who []string) {
	var plain []madePrincipal
	for _, text := range who {
		principal, limits := m.principal(text)
		if limits == nil {
			plain = append(plain, principal)
			continue
		}
		s := base
		s.principals = []madePrincipal{principal}
		s.conditions = append(append([]madeCondition(nil), base.conditions...), limits...)
		m.addStatement(s)
	}
	if len(plain) > 0 {
		base.principals = plain
		m.addStatement(base)
	}
}

func (m *maker) addStatement(s madeStatement) {
	if len(s.conditions) > maxPermitConditions || clash(s.conditions) {
		m.reason = "Its conditions cannot be written as one statement, so they are not compared."
	}
	if m.spend(1) {
		m.list = append(m.list, s)
	}
}

// used lists the symbols that a document holds, in order.
func (m *maker) used(text string) []extractors.Symbol {
	var list []extractors.Symbol
	for _, s := range sortedKeys(m.symbols) {
		quoted, _ := jsontext.AppendQuote(nil, s)
		if strings.Contains(text, string(quoted[1:len(quoted)-1])) {
			name := m.symbols[s]
			ref := name
			if m.p.module != "" {
				ref = strings.TrimPrefix(name, m.p.module+":")
			}
			own := strings.HasPrefix(name, m.p.Address+".") // what the object itself is given
			list = append(list, extractors.Symbol{Text: s, Reference: name, Wild: own || mayBeginWild(ref)})
		}
	}
	return list
}
