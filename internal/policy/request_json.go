package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MarshalJSON writes the request in the shape of a witness: principal only where
// there is one, context always, its keys sorted. Equal requests give equal bytes.
// It fails only for text that is not UTF-8.
func (q Request) MarshalJSON() ([]byte, error) {
	var w jsonWriter
	w.raw("{")
	if q.Principal.Type != PrincipalNone {
		w.member("principal", q.Principal.String())
		w.raw(",")
	}
	w.member("action", q.Action)
	w.raw(",")
	w.member("resource", q.Resource)
	w.raw(`,"context":{`)
	for i, key := range slices.Sorted(maps.Keys(q.Context)) {
		if i > 0 {
			w.raw(",")
		}
		w.quote(key)
		w.raw(":[")
		for j, v := range q.Context[key] {
			if j > 0 {
				w.raw(",")
			}
			w.quote(v)
		}
		w.raw("]")
	}
	w.raw("}}")
	return w.out, w.err
}

type jsonWriter struct {
	out []byte
	err error
}

func (w *jsonWriter) raw(s string) { w.out = append(w.out, s...) }

func (w *jsonWriter) quote(s string) {
	out, err := jsontext.AppendQuote(w.out, s)
	if w.out = out; err != nil && w.err == nil {
		w.err = fmt.Errorf("write request: %q: %w", s, err)
	}
}

func (w *jsonWriter) member(name, value string) {
	w.quote(name)
	w.raw(":")
	w.quote(value)
}

// UnmarshalJSON reads a request in the shape of a witness. Action and resource are
// required; principal and context may be absent. Unknown fields, fields given
// twice, and context keys that differ only by case are errors.
func (q *Request) UnmarshalJSON(text []byte) error {
	root, err := readJSON(newWritten(string(text), ParseOptions{}), new(scratch))
	if err != nil {
		return fmt.Errorf("read request: %s at byte %d; %s", err.summary, err.at, err.message)
	}
	if root.kind != objectNode {
		return fmt.Errorf("read request: it is %s; expected an object with principal, action, resource and context", root.kind)
	}
	var r Request
	seen := map[string]bool{}
	for _, m := range root.members {
		if seen[m.name] {
			return fmt.Errorf("read request: field %q appears more than once", m.name)
		}
		seen[m.name] = true
		if err := r.field(m); err != nil {
			return fmt.Errorf("read request: %w", err)
		}
	}
	for _, name := range []string{"action", "resource"} {
		if !seen[name] {
			return fmt.Errorf("read request: field %q is missing; add it, as a string", name)
		}
	}
	*q = r
	return nil
}

func (q *Request) field(m member) error {
	switch m.name {
	case "principal", "action", "resource":
		if m.value.kind != stringNode {
			return fmt.Errorf("%s is %s; expected a string", m.name, m.value.kind)
		}
	}
	switch m.name {
	case "principal":
		p, err := ParsePrincipal(m.value.text)
		q.Principal = p
		return err
	case "action":
		q.Action = m.value.text
	case "resource":
		q.Resource = m.value.text
	case "context":
		return q.context(m.value)
	default:
		return fmt.Errorf("field %q is unknown; expected principal, action, resource and context", m.name)
	}
	return nil
}

func (q *Request) context(n node) error {
	if n.kind != objectNode {
		return fmt.Errorf("context is %s; expected an object of lists of strings", n.kind)
	}
	q.Context = map[string][]string{}
	seen := map[string]bool{}
	for _, m := range n.members {
		if lower := strings.ToLower(m.name); seen[lower] {
			return fmt.Errorf("context key %q appears more than once, perhaps with different capitalization", m.name)
		} else {
			seen[lower] = true
		}
		if m.value.kind != arrayNode {
			return fmt.Errorf("context key %q has %s; expected a list of strings", m.name, m.value.kind)
		}
		values := make([]string, 0, len(m.value.items))
		for _, item := range m.value.items {
			if item.kind != stringNode {
				return fmt.Errorf("context key %q has %s in its list; expected strings", m.name, item.kind)
			}
			values = append(values, item.text)
		}
		q.Context[m.name] = values
	}
	return nil
}
