package policy

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// MarshalJSON writes the document as policy JSON in one form: elements in the
// order of the language, every list as an array, statements as an array. Values
// are kept in their string form. Reading it back gives the same document, but for
// places.
func (d *Document) MarshalJSON() ([]byte, error) {
	w := &writer{}
	w.open('{')
	if d.Version != "" {
		w.text("Version", d.Version)
	}
	if d.ID != "" {
		w.text("Id", d.ID)
	}
	w.name("Statement")
	w.open('[')
	for i := range d.Statements {
		w.comma()
		w.statement(&d.Statements[i])
	}
	w.close(']')
	w.close('}')
	return w.buf.Bytes(), nil
}

// writer writes JSON members in the order given, which maps do not keep.
type writer struct{ buf bytes.Buffer }

func (w *writer) open(c byte)  { w.buf.WriteByte(c) }
func (w *writer) close(c byte) { w.buf.WriteByte(c) }

func (w *writer) comma() {
	if b := w.buf.Bytes(); len(b) > 0 && b[len(b)-1] != '{' && b[len(b)-1] != '[' && b[len(b)-1] != ':' {
		w.buf.WriteByte(',')
	}
}

func (w *writer) string(s string) {
	b, err := json.Marshal(s)
	if err != nil {
		b = []byte(strconv.Quote(s))
	}
	w.buf.Write(b)
}

func (w *writer) name(n string) {
	w.comma()
	w.string(n)
	w.buf.WriteByte(':')
}

func (w *writer) text(n, s string) {
	w.name(n)
	w.string(s)
}

func (w *writer) list(n string, vs []Value) {
	w.name(n)
	w.open('[')
	for _, v := range vs {
		w.comma()
		w.string(v.Text)
	}
	w.close(']')
}

func (w *writer) statement(s *Statement) {
	w.open('{')
	if s.Sid != "" {
		w.text("Sid", s.Sid)
	}
	w.text("Effect", string(s.Effect))
	if s.Principal != nil {
		w.principals(s.Principal)
	}
	w.list(not(s.Action.Not)+"Action", s.Action.List)
	if s.Resource != nil {
		w.list(not(s.Resource.Not)+"Resource", s.Resource.List)
	}
	if len(s.Conditions) > 0 {
		w.conditions(s.Conditions)
	}
	w.close('}')
}

func not(n bool) string {
	if n {
		return "Not"
	}
	return ""
}

func (w *writer) principals(p *Principals) {
	w.name(not(p.Not) + "Principal")
	if len(p.List) == 1 && p.List[0].Type == PrincipalAll {
		w.string("*")
		return
	}
	w.open('{')
	for t := PrincipalAWS; t <= PrincipalCanonical; t++ {
		var vs []Value
		for _, e := range p.List {
			if e.Type == t {
				vs = append(vs, e.Value)
			}
		}
		if len(vs) > 0 {
			w.list(t.String(), vs)
		}
	}
	w.close('}')
}

func (w *writer) conditions(cs []Condition) {
	w.name("Condition")
	w.open('{')
	done := map[string]bool{}
	for _, c := range cs {
		if done[c.Operator.Name] {
			continue
		}
		done[c.Operator.Name] = true
		w.name(c.Operator.Name)
		w.open('{')
		for _, same := range cs {
			if same.Operator.Name == c.Operator.Name {
				w.list(same.Key, same.Values)
			}
		}
		w.close('}')
	}
	w.close('}')
}
