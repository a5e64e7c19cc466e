package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/rules"
)

// Bounds on a policy as text. Policies of AWS are far below them; a saved result may
// hold anything.
const (
	maxPolicyBytes = 256 << 10
	maxPolicyLines = 2000 // of a side
	maxPolicyDepth = 12   // deeper values stand on one line
)

// policyLine is a line of a policy as it is shown, safe for one line of any sink.
type policyLine struct {
	text      string
	statement int // index of the statement that it belongs to, -1 outside of all
}

// policyLines writes a side of a document with an indentation of two spaces. A list of
// one value stands on the line of its name, unless lists of that name are long elsewhere:
// then a line that is added to it is one line of difference.
func policyLines(side rules.DocumentSide, long map[string]bool) []policyLine {
	if len(side.Policy) == 0 {
		return nil
	}
	if len(side.Policy) > maxPolicyBytes {
		return []policyLine{{fmt.Sprintf("(not shown: %d bytes)", len(side.Policy)), -1}}
	}
	p := &policyPrinter{statement: -1, long: long}
	p.value(jsontext.Value(side.Policy), 0, "", "", "")
	if p.left > 0 {
		p.lines = append(p.lines, policyLine{fmt.Sprintf("… and %s", count(p.left, "more line")), -1})
	}
	return p.lines
}

// longLists are the names of members that have lists of several values, in any side.
func longLists(sides ...rules.DocumentSide) map[string]bool {
	long := map[string]bool{}
	var visit func(v jsontext.Value, depth int)
	visit = func(v jsontext.Value, depth int) {
		_, parts := split(v)
		for _, one := range parts {
			if open, values := split(one.value); open == '[' && len(values) > 1 && one.name != nil {
				long[string(one.name)] = true
			}
			if depth < maxPolicyDepth {
				visit(one.value, depth+1)
			}
		}
	}
	for _, side := range sides {
		if len(side.Policy) <= maxPolicyBytes {
			visit(jsontext.Value(side.Policy), 0)
		}
	}
	return long
}

type policyPrinter struct {
	lines     []policyLine
	long      map[string]bool
	left      int // lines beyond the bound
	statement int
}

func (p *policyPrinter) line(depth int, text string) {
	if len(p.lines) >= maxPolicyLines {
		p.left++
		return
	}
	p.lines = append(p.lines, policyLine{strings.Repeat("  ", depth) + value(text), p.statement})
}

// value writes a value behind its name, "" for none, and in front of tail.
func (p *policyPrinter) value(v jsontext.Value, depth int, name, head, tail string) {
	open, parts := split(v)
	switch {
	case open == 0 || depth >= maxPolicyDepth:
		p.line(depth, head+string(v)+tail)
	case len(parts) == 0:
		p.line(depth, head+string(open)+string(closing(open))+tail)
	case open == '[' && len(parts) == 1 && scalar(parts[0].value) && !p.long[name]:
		p.line(depth, head+"["+string(parts[0].value)+"]"+tail)
	default:
		p.line(depth, head+string(open))
		for i, part := range parts {
			comma := ","
			if i == len(parts)-1 {
				comma = ""
			}
			prefix := ""
			if open == '{' {
				prefix = string(part.name) + ": "
			}
			if name == `"Statement"` && depth == 1 && open == '[' {
				p.statement = i
			}
			p.value(part.value, depth+1, string(part.name), prefix, comma)
			if depth == 1 {
				p.statement = -1
			}
		}
		p.line(depth, string(closing(open))+tail)
	}
}

func closing(open byte) byte {
	if open == '{' {
		return '}'
	}
	return ']'
}

func scalar(v jsontext.Value) bool { return v.Kind() != '{' && v.Kind() != '[' }

// part is an element of a list, or a member of an object.
type part struct{ name, value jsontext.Value }

// split takes a list or an object apart; open is 0 for a scalar and for what is no JSON.
func split(v jsontext.Value) (open byte, parts []part) {
	if k := v.Kind(); k != '{' && k != '[' {
		return 0, nil
	}
	// What is repeated or no text is shown as it is.
	dec := jsontext.NewDecoder(strings.NewReader(string(v)), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	t, err := dec.ReadToken()
	if err != nil {
		return 0, nil
	}
	open = byte(t.Kind())
	for dec.PeekKind() != jsontext.Kind(closing(open)) {
		var one part
		if open == '{' {
			name, err := dec.ReadValue()
			if err != nil {
				return 0, nil
			}
			one.name = slices.Clone(name)
		}
		element, err := dec.ReadValue()
		if err != nil {
			return 0, nil
		}
		one.value = slices.Clone(element)
		parts = append(parts, one)
	}
	return open, parts
}

// documents finds the documents of findings.
type documents map[[3]string]*rules.Document

func documentsOf(r *rules.Result) documents {
	all := documents{}
	for i := range r.Documents {
		d := &r.Documents[i]
		all[[3]string{d.Input, d.Address, d.Attribute}] = d
	}
	return all
}

// of is the document of a finding; nil for none.
func (all documents) of(f *rules.Finding) *rules.Document {
	return all[[3]string{f.Input, f.Address, f.Attribute}]
}

// omitted says in words why a side is not there.
func omitted(o rules.Omission) string {
	switch o {
	case rules.OmittedAbsent:
		return "no policy"
	case rules.OmittedUnknown:
		return "known only after the apply"
	case rules.OmittedUnreadable:
		return "the text is no policy that can be read"
	case rules.OmittedSensitive:
		return "marked as sensitive, not shown"
	case rules.OmittedLong:
		return "too long to be shown"
	}
	return "not shown"
}

// element is one element of a statement, with its values as they are written.
type element struct {
	name   string
	values []string
}

// elements takes a statement apart.
func elements(statement jsontext.Value) []element {
	var out []element
	_, parts := split(statement)
	for _, one := range parts {
		e := element{name: spelling(one.name)}
		switch open, values := split(one.value); open {
		case '[':
			for _, v := range values {
				e.values = append(e.values, spelling(v.value))
			}
		case '{':
			e.values = nested(values)
		default:
			e.values = []string{spelling(one.value)}
		}
		out = append(out, e)
	}
	return out
}

// nested writes the members of a Principal or Condition, one value a line.
func nested(members []part) []string {
	var out []string
	for _, m := range members {
		prefix := spelling(m.name) + " "
		switch open, values := split(m.value); open {
		case '{':
			for _, v := range nested(values) {
				out = append(out, prefix+v)
			}
		case '[':
			for _, v := range values {
				out = append(out, prefix+spelling(v.value))
			}
		default:
			out = append(out, prefix+spelling(m.value))
		}
	}
	return out
}

// spelling is a JSON string without its quotes, and any other value as it is written.
func spelling(v jsontext.Value) string {
	var s string
	if v.Kind() == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// statements are those of a side.
func statements(side rules.DocumentSide) []jsontext.Value {
	if len(side.Policy) > maxPolicyBytes {
		return nil
	}
	var out []jsontext.Value
	_, members := split(jsontext.Value(side.Policy))
	for _, m := range members {
		if string(m.name) != `"Statement"` {
			continue
		}
		open, list := split(m.value)
		if open != '[' {
			continue
		}
		for _, s := range list {
			out = append(out, s.value)
		}
	}
	return out
}

// change is one element of a statement that is not the same after the change.
type change struct {
	name          string
	before, after []string
}

// changes compares the statement of a finding with what it was: the one of the same Sid
// or, where none has any, the one at the same place in a list of the same length. There
// are none where no statement can be said to be the same.
func changes(f *rules.Finding, d *rules.Document) []change {
	if d == nil || f.Statement == nil {
		return nil
	}
	before, after := statements(d.Before), statements(d.After)
	i := f.Statement.Index
	if i < 0 || i >= len(after) {
		return nil
	}
	now := elements(after[i])
	was := earlier(now, before, after, i)
	if was == nil {
		return nil
	}
	var out []change
	values := func(all []element, name string) []string {
		for _, e := range all {
			if e.name == name {
				return e.values
			}
		}
		return nil
	}
	seen := map[string]bool{}
	for _, e := range append(slices.Clone(now), was...) {
		if seen[e.name] {
			continue
		}
		seen[e.name] = true
		a, b := values(was, e.name), values(now, e.name)
		if !sameValues(a, b) {
			out = append(out, change{e.name, a, b})
		}
	}
	return out
}

func earlier(now []element, before, after []jsontext.Value, i int) []element {
	sid := func(s []element) string {
		for _, e := range s {
			if e.name == "Sid" && len(e.values) == 1 {
				return e.values[0]
			}
		}
		return ""
	}
	var found []element
	same := 0
	for _, s := range before {
		if was := elements(s); sid(was) == sid(now) {
			same++
			found = was
		}
	}
	switch {
	case sid(now) != "" && same == 1:
		return found
	case sid(now) == "" && len(before) == len(after) && sid(elements(before[i])) == "":
		return elements(before[i])
	}
	return nil
}

func sameValues(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
