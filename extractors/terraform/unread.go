package terraform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// unread describes an attribute that gives or limits access without a policy
// document. What it does is not compared; that it changes is said.
type unread struct {
	Type string
	// Attributes are those that say what is given, separated by bars: the first is
	// the one without which nothing is.
	Attributes string
	// Does completes "It ...", and Why "which is not compared: ...".
	Does, Why string
	Kind      extractors.Kind
	// Subject, Name and Of are as in row.
	Subject, Name, Of string
	// Limits: it takes access away, so that losing it gives access.
	Limits bool
	// Own: what is limited goes together with the resource.
	Own bool
	// Computed: the attribute shows what exists when the configuration does not set
	// it.
	Computed bool
	// Existing: a new object gives nothing by itself.
	Existing bool
	// Nothing lists values that do nothing besides the empty ones and false; a list of
	// them does nothing either.
	Nothing string
	// Only names an attribute and what its value ends in where the row is about the object;
	// "" for all objects.
	Only [2]string
	// Else names an attribute and lists its values after the change of which another table
	// has a row.
	Else [2]string
	// Whole: a list limits as a whole, so that one that gets longer can give more as well.
	Whole bool
	// Blank is what an empty value of an existing thing stands for, as JSON; "" for nothing.
	Blank string
}

func (u *unread) attributes() []string { return strings.Split(u.Attributes, "|") }

func (u *unread) row() *row {
	return &row{Type: u.Type, Path: u.attributes()[0], Kind: u.Kind, Subject: u.Subject, Name: u.Name, Of: u.Of}
}

// takeUnread takes the grants that are not compared, where the change can widen
// access.
func (x *extraction) takeUnread(o *object, op operation, before, after, unknown jsontext.Value) {
	switch op.action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return
	}
	told := map[string]bool{}
	for _, u := range unreadOf[o.typ] {
		// Several flags of one resource that do the same are told once.
		if !told[u.Does] && u.concerns(before, after, unknown) {
			told[u.Does] = x.takeOneUnread(o, op, u, before, after, unknown)
		}
	}
}

// concerns reports whether the row is about an object, on either side.
func (u *unread) concerns(before, after, unknown jsontext.Value) bool {
	if u.Only[0] == "" || anyTrue(member(unknown, u.Only[0])) {
		return true
	}
	for _, side := range []jsontext.Value{before, after} {
		if v, _ := str(member(side, u.Only[0])); strings.HasSuffix(v, u.Only[1]) {
			return true
		}
	}
	return false
}

// takeOneUnread reports whether the change of one attribute can widen access.
func (x *extraction) takeOneUnread(o *object, op operation, u *unread, before, after, unknown jsontext.Value) bool {
	attrs := u.attributes()
	steps := func(a string) []string { return strings.Split(a, ".") }
	leafOf := func(obj, unknown jsontext.Value, a string) leaf {
		l := o.firstLeaf(obj, unknown, nil, steps(a))
		if u.Blank != "" && !isNull(obj) && !l.unknown && blankValue(l.value) {
			l.value = jsontext.Value(u.Blank)
		}
		return l
	}
	old := leafOf(before, nil, attrs[0])
	now := leafOf(after, unknown, attrs[0])
	switch {
	case u.Limits && (!op.existed || u.nothing(old.value) || u.Own && !op.exists),
		!u.Limits && (!op.exists || !now.unknown && u.nothing(now.value)),
		u.Else[0] != "" && op.exists && u.elsewhere(leafOf(after, unknown, u.Else[0])):
		return false
	}
	var changed string
	var open []namedSubject // attributes that only become known later
	sure := !op.existed || !op.exists || op.forgotten
	for i, a := range attrs {
		b, n := leafOf(before, nil, a), leafOf(after, unknown, a)
		differs := false
		switch {
		case n.unknown:
			name, isText := str(b.value)
			differs = true
			if !isText || name == "" {
				sure = true
			} else {
				open = append(open, namedSubject{before: name, unknown: true, attr: steps(a)[0]})
			}
		case equalValues(b.value, n.value):
		case i > 0 || u.widens(b.value, n.value):
			differs, sure = true, true
		}
		if differs && changed == "" {
			changed = a
		}
	}
	if changed == "" && !sure {
		return false
	}
	r := u.row()
	p := x.newPending(o, op, r, u.Kind, attrs[0])
	p.aside = true
	p.subject = subjectNames(o, r, before, after, unknown, op)
	what := u.Does
	if value, ok := str(now.value); ok && !now.unknown && strings.HasPrefix(value, "arn:") && len(value) <= maxShownARN {
		what += " (" + value + ")"
	}
	state := pendingSide{Unknown: &extractors.Unknown{Reason: u.reason(what)}}
	p.Before, p.After = pendingSide{Absent: true}, state
	if op.existed {
		p.Before = state
	}
	if now.unknown {
		p.own().unknowns = []string{steps(attrs[0])[0]}
	}
	set := u.Computed && now.unknown
	p.own().check = func() bool {
		if u.Existing && !op.existed && !x.succeeds(p) {
			return false
		}
		// A limit that is a resource of its own is gone; what it limited is not.
		if set && !x.isSet(p) || u.Limits && p.Subject.Gone && u.Of != "" {
			return false
		}
		return sure || slices.ContainsFunc(open, func(n namedSubject) bool { return x.leads(p.instance, n, subjectTypes) })
	}
	x.keep(p)
	return true
}

// reason says what is told, and why it is not compared.
func (u *unread) reason(what string) string {
	if u.Why == "" {
		return fmt.Sprintf("It %s. What that allows is not compared.", what)
	}
	return fmt.Sprintf("It %s, which is not compared: %s.", what, u.Why)
}

// maxShownARN bounds what a sentence repeats of a plan.
const maxShownARN = 200

// isSet reports whether the configuration sets the attribute of a grant.
func (x *extraction) isSet(p *pending) bool {
	set, _ := x.setInConfig(p)
	return set
}

// setInConfig is isSet, and whether the configuration has the resource at all.
func (x *extraction) setInConfig(p *pending) (set, known bool) {
	path, err := modulePath(p.module)
	if err != nil {
		return false, false
	}
	name, _, _ := strings.Cut(p.row.steps()[0], "[")
	return x.config.sets(path, p.typ, p.name, name)
}

// nothing reports whether a value gives or limits nothing.
func (u *unread) nothing(v jsontext.Value) bool {
	if blankValue(v) {
		return true
	}
	if v[0] == '[' {
		return u.Nothing != "" && !slices.ContainsFunc(elements(v), func(e jsontext.Value) bool { return !u.nothing(e) })
	}
	text, ok := str(v)
	return ok && u.Nothing != "" && slices.Contains(strings.Split(u.Nothing, "|"), text)
}

// elsewhere reports whether another table says what a value does.
func (u *unread) elsewhere(l leaf) bool {
	text, _ := str(l.value)
	return !l.unknown && slices.Contains(strings.Split(u.Else[1], "|"), text)
}

func blankValue(v jsontext.Value) bool {
	if isNull(v) || v[0] == 'f' {
		return true
	}
	switch v[0] {
	case '[':
		return !slices.ContainsFunc(elements(v), func(e jsontext.Value) bool { return !blankValue(e) })
	case '{':
		blank := true
		members(v, func(_ string, m jsontext.Value) bool {
			blank = blankValue(m)
			return blank
		})
		return blank
	}
	return string(v) == `""`
}

func equalValues(a, b jsontext.Value) bool {
	if blankValue(a) && blankValue(b) {
		return true
	}
	return bytes.Equal(bytes.TrimSpace(a), bytes.TrimSpace(b))
}

// widens reports whether a changed value can give more: not when a list of what is
// given only gets shorter, or one of limits only longer.
func (u *unread) widens(before, after jsontext.Value) bool {
	if u.Whole {
		return true
	}
	if u.Limits {
		if isTrue(after) {
			return false
		}
		before, after = after, before
	}
	if len(before) == 0 || len(after) == 0 || before[0] != '[' || after[0] != '[' {
		return true
	}
	had := elements(before)
	all := slices.ContainsFunc(had, func(h jsontext.Value) bool { return string(h) == `"0.0.0.0/0"` })
	return slices.ContainsFunc(elements(after), func(e jsontext.Value) bool {
		if all && bytes.IndexByte(e, ':') < 0 {
			return false // addresses that were in, as all of IPv4
		}
		return !slices.ContainsFunc(had, func(h jsontext.Value) bool { return bytes.Equal(e, h) })
	})
}

// allUnread are the rows of all tables.
var allUnread = slices.Concat(toldTable, leadingTable, ccToldTable)

// unreadOf is allUnread by resource type.
var unreadOf = func() map[string][]*unread {
	m := map[string][]*unread{}
	for i := range allUnread {
		m[allUnread[i].Type] = append(m[allUnread[i].Type], &allUnread[i])
	}
	return m
}()
