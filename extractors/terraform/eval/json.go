package eval

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

// decode reads JSON that a plan holds. Numbers keep their digits.
func decode(raw jsontext.Value) any {
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// fromJSON makes a value of JSON from a plan.
func (s *scope) fromJSON(raw jsontext.Value) cty.Value {
	if hasReserved(string(raw)) || bytes.Contains(raw, []byte(`\ue0`)) || bytes.Contains(raw, []byte(`\uE0`)) {
		s.m.because("%v", errReserved)
		return cty.DynamicVal
	}
	return toValue(decode(raw), nil, nil)
}

// toValue makes a value of decoded JSON; what is marked unknown is asked for, by path.
func toValue(v, unknown any, ask func(path []string) cty.Value) cty.Value {
	return (&converter{ask: ask}).value(v, unknown)
}

type converter struct {
	ask  func(path []string) cty.Value
	path []string
}

func (c *converter) value(v, unknown any) cty.Value {
	if unknown == true {
		if c.ask == nil {
			return cty.DynamicVal
		}
		return c.ask(c.path)
	}
	switch v := v.(type) {
	case nil:
		if marks, ok := unknown.(map[string]any); ok && len(marks) > 0 && anyMark(unknown) {
			return c.object(nil, marks)
		}
		if marks, ok := unknown.([]any); ok && anyMark(unknown) {
			return c.list(nil, marks)
		}
		return cty.NullVal(cty.DynamicPseudoType)
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case json.Number:
		n, err := cty.ParseNumberVal(v.String())
		if err != nil || !fits(n) {
			return cty.DynamicVal
		}
		return n
	case []any:
		marks, _ := unknown.([]any)
		return c.list(v, marks)
	case map[string]any:
		marks, _ := unknown.(map[string]any)
		return c.object(v, marks)
	}
	return cty.DynamicVal
}

// within makes the value of an element, with its name on the path.
func (c *converter) within(name string, v, unknown any) cty.Value {
	c.path = append(c.path, name)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return c.value(v, unknown)
}

func (c *converter) list(v, marks []any) cty.Value {
	list := make([]cty.Value, max(len(v), len(marks)))
	for i := range list {
		var e, m any
		if i < len(v) {
			e = v[i]
		}
		if i < len(marks) {
			m = marks[i]
		}
		list[i] = c.within(indexText(i), e, m)
	}
	return cty.TupleVal(list)
}

func (c *converter) object(v, marks map[string]any) cty.Value {
	fields := map[string]cty.Value{}
	for name, e := range v {
		fields[name] = c.within(name, e, marks[name])
	}
	for name, m := range marks {
		if _, ok := v[name]; !ok && anyMark(m) {
			fields[name] = c.within(name, nil, m)
		}
	}
	return cty.ObjectVal(fields)
}

// anyMark reports whether something is marked below.
func anyMark(m any) bool {
	switch m := m.(type) {
	case bool:
		return m
	case []any:
		for _, e := range m {
			if anyMark(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range m {
			if anyMark(e) {
				return true
			}
		}
	}
	return false
}
