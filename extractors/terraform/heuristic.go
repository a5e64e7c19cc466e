package terraform

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// lookForPolicies takes policy documents in attributes that the table does not
// know, so that no policy is passed over. It looks at texts that hold a JSON object
// with a Statement member, at documents in which policies may be hidden, and at
// attributes whose name says that they will hold one.
func (x *extraction) lookForPolicies(o *object, op operation, before, after, unknown, sensBefore, sensAfter jsontext.Value) {
	if !strings.HasPrefix(o.typ, "aws") && len(rowsOf[o.typ]) == 0 {
		return
	}
	holds := holdsStatement(before) || !same(before, after) && holdsStatement(after)
	if !holds && opaqueCarriers[o.typ] == "" && (carriers[o.typ] || !bytes.Contains(unknown, []byte("olicy"))) {
		return
	}
	if carriers[o.typ] && !interesting(o, before) && (same(before, after) || !interesting(o, after)) {
		return
	}
	l := &look{x: x, o: o, op: op, sides: [2]jsontext.Value{before, after}, unknown: unknown}
	attributes := wanted[o.typ]
	b, a, u := table2(before), table2(after), table2(unknown)
	sb, sa := table2(sensBefore), table2(sensAfter)
	for _, name := range slices.Sorted(maps.Keys(joined(b, a, u))) {
		switch {
		case attributes[name] || otherGrammar[o.typ] == name:
		case opaqueCarriers[o.typ] == name:
			l.carrier(name, b[name], a[name], isTrue(u[name]))
		case isNull(b[name]) && isTrue(u[name]):
			if !carriers[o.typ] && policyName(name) && otherGrammar[o.typ] == "" {
				l.emit(name, leaf{}, leaf{unknown: true})
			}
		default:
			l.inside(name, b[name], a[name], u[name], isTrue(sensBefore) || isTrue(sb[name]), isTrue(sensAfter) || isTrue(sa[name]))
		}
	}
}

// interesting reports whether an attribute that the table does not name is to be
// looked at.
func interesting(o *object, side jsontext.Value) bool {
	for _, m := range o.members(side) {
		if opaqueCarriers[o.typ] == string(m.name) || holdsStatement(m.value) && !wanted[o.typ][string(m.name)] && otherGrammar[o.typ] != string(m.name) {
			return true
		}
	}
	return false
}

// look is the search in one object.
type look struct {
	x       *extraction
	o       *object
	op      operation
	sides   [2]jsontext.Value
	unknown jsontext.Value
}

// table2 are the members of an object by name.
func table2(v jsontext.Value) map[string]jsontext.Value {
	m := map[string]jsontext.Value{}
	members(v, func(name string, e jsontext.Value) bool {
		m[name] = e
		return true
	})
	return m
}

func joined(ms ...map[string]jsontext.Value) map[string]bool {
	names := map[string]bool{}
	for _, m := range ms {
		for n := range m {
			names[n] = true
		}
	}
	return names
}

// inside looks at a value and what is nested in it, on both sides.
func (l *look) inside(path string, b, a, u jsontext.Value, sb, sa bool) {
	if !holdsStatement(b) && !holdsStatement(a) {
		return
	}
	isB, isA := isPolicy(b), isPolicy(a)
	if isB || isA {
		before, after := leaf{sensitive: sb}, leaf{sensitive: sa, unknown: isTrue(u)}
		if isB {
			before.value = b
		}
		if isA {
			after.value = a
		}
		l.emit(path, before, after)
		return
	}
	bs, as, us := elements(b), elements(a), elements(u)
	for i := range max(len(bs), len(as)) {
		unknown := at(us, i)
		if isTrue(u) {
			unknown = u
		}
		l.inside(fmt.Sprintf("%s[%d]", path, i), at(bs, i), at(as, i), unknown, sb, sa)
	}
	bm, am, um := table2(b), table2(a), table2(u)
	for _, name := range slices.Sorted(maps.Keys(joined(bm, am))) {
		unknown := um[name]
		if isTrue(u) {
			unknown = u
		}
		l.inside(path+"."+name, bm[name], am[name], unknown, sb, sa)
	}
}

// emit takes a policy for a grant. Its grammar is told by its statements.
func (l *look) emit(path string, b, a leaf) {
	last := path[strings.LastIndex(path, ".")+1:]
	kind := identity
	switch {
	case strings.HasPrefix(last, "assume_role_policy"):
		kind = trust
	case hasPrincipal(b.value) || hasPrincipal(a.value),
		isNull(b.value) && isNull(a.value) && strings.HasPrefix(last, "resource_policy"):
		kind = resource
	}
	p := l.pending(path, kind)
	p.Before = l.x.side(p, b, l.op.existed && !isNull(b.value))
	p.After = l.x.side(p, a, l.op.exists && (a.unknown || !isNull(a.value)))
	if p.After.Unknown != nil {
		p.own().check = func() bool {
			set, known := l.x.setInConfig(p)
			return set || !known
		}
	}
	l.x.add(p, l.op, l.o)
}

func (l *look) pending(path string, kind extractors.Kind) *pending {
	r := &row{Type: l.o.typ, Path: path, Kind: kind, Subject: "resource", Name: "name|arn|id"}
	p := l.x.newPending(l.o, l.op, r, kind, path)
	p.aside = true
	p.subject = subjectNames(l.o, r, l.sides[0], l.sides[1], l.unknown, l.op)
	p.own().unknowns, _ = cutFirst(path)
	return p
}

func cutFirst(path string) ([]string, bool) {
	name, _, found := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	return []string{name}, found
}

// carrier takes a changed document in which policies may be hidden.
func (l *look) carrier(name string, b, a jsontext.Value, unknown bool) {
	switch l.op.action {
	case extractors.NoOp, extractors.Read, extractors.Forget, extractors.Delete:
		return
	}
	if !hidesPolicy(b) && !hidesPolicy(a) || !unknown && l.op.existed && bytes.Equal(b, a) {
		return
	}
	p := l.pending(name, resource)
	state := pendingSide{Unknown: &extractors.Unknown{
		Reason: fmt.Sprintf("The attribute %s holds a whole document with access in it, which is not read yet.", name),
	}}
	p.Before, p.After = pendingSide{Absent: true}, state
	if l.op.existed {
		p.Before = state
	}
	l.x.keep(p)
}

func hidesPolicy(v jsontext.Value) bool {
	return holdsStatement(v) || bytes.Contains(v, []byte("x-amazon-apigateway-policy")) || bytes.Contains(v, []byte("Principal"))
}

func holdsStatement(v jsontext.Value) bool { return bytes.Contains(v, []byte("Statement")) }

// mayHoldPolicy is a quick test of a change that nearly all objects fail.
func mayHoldPolicy(typ string, raw jsontext.Value) bool {
	return holdsStatement(raw) || opaqueCarriers[typ] != "" || strings.HasPrefix(typ, "aws") && bytes.Contains(raw, []byte("olicy"))
}

// notIAM are names that end like those of policies and hold something else.
var notIAM = []string{
	"lifecycle_policy", "redrive_policy", "redrive_allow_policy", "delivery_policy", "ssl_policy", "tls_policy",
	"security_policy", "scaling_policy", "retention_policy", "backup_policy", "tag_policy", "password_policy",
	"caching_policy", "restart_policy", "placement_policy", "termination_policy", "protocol_policy", "rotation_policy",
}

// policyName reports whether an attribute of this name holds a policy document.
func policyName(name string) bool {
	base := strings.TrimSuffix(name, "_document")
	return (base == "policy" || strings.HasSuffix(base, "_policy")) && !slices.Contains(notIAM, base)
}

// isPolicy reports whether a value is a policy document, as a text or as an object.
func isPolicy(v jsontext.Value) bool {
	if text, ok := str(v); ok {
		return looksLikePolicy(text) || looksLikeBrokenPolicy(text)
	}
	if len(v) == 0 || v[0] != '{' {
		return false
	}
	statement := member(v, "Statement")
	return len(statement) > 0 && (statement[0] == '[' || statement[0] == '{')
}

func looksLikePolicy(text string) bool {
	if !strings.Contains(text, "Statement") {
		return false
	}
	v := jsontext.Value(strings.TrimSpace(text))
	if len(v) == 0 || v[0] != '{' || !v.IsValid(jsontext.AllowDuplicateNames(true)) {
		return false
	}
	return member(v, "Statement") != nil
}

// looksLikeBrokenPolicy reports whether a text was to be a policy and is no JSON.
func looksLikeBrokenPolicy(text string) bool {
	v := jsontext.Value(strings.TrimSpace(text))
	return len(v) > 0 && v[0] == '{' && strings.Contains(text, `"Statement"`) && strings.Contains(text, `"Effect"`) &&
		!v.IsValid(jsontext.AllowDuplicateNames(true))
}

// hasPrincipal reports whether a statement of a policy says to whom it applies.
func hasPrincipal(v jsontext.Value) bool {
	if text, ok := str(v); ok {
		v = jsontext.Value(strings.TrimSpace(text))
	}
	statement := member(v, "Statement")
	list := elements(statement)
	if len(statement) > 0 && statement[0] == '{' {
		list = []jsontext.Value{statement}
	}
	return slices.ContainsFunc(list, func(s jsontext.Value) bool {
		return member(s, "Principal") != nil || member(s, "NotPrincipal") != nil
	})
}
