package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// scope is an object or a block, and which parts of it are not known.
type scope struct {
	obj, unknown jsontext.Value
	sensitive    bool
	// top and key are the attribute and the place of a block in it.
	top, key string
}

// topsOf are the names of the attributes that paths begin at.
func topsOf(paths []string) map[string]bool {
	names := map[string]bool{}
	for _, p := range paths {
		name, _, _ := strings.Cut(p, ".")
		names[name] = true
	}
	return names
}

// newScope copies some attributes of one side of an object, which is only there while the
// object is handled.
func newScope(o *object, names map[string]bool, obj, unknown, sensitive jsontext.Value) scope {
	s := scope{obj: pickMembers(o, obj, names), unknown: pickMembers(nil, unknown, names)}
	s.sensitive = anyTrue(pickMembers(nil, sensitive, names))
	return s
}

// emptyObject is shared: it has no room to be written to.
var emptyObject = jsontext.Value("{}")[:2:2]

func pickMembers(o *object, v jsontext.Value, names map[string]bool) jsontext.Value {
	if isTrue(v) {
		return jsontext.Value("true")
	}
	var b []byte
	for _, m := range o.members(v) {
		if !names[string(m.name)] || isNull(m.value) {
			continue
		}
		if b == nil {
			b = append(make([]byte, 0, len(m.name)+len(m.value)+5), '{')
		} else {
			b = append(b, ',')
		}
		b, _ = jsontext.AppendQuote(b, m.name)
		b = append(b, ':')
		b = append(b, m.value...)
	}
	if b == nil {
		return emptyObject
	}
	return append(b, '}')
}

// found is one value at a path.
type found struct {
	value    jsontext.Value
	unknowns jsontext.Value // of the parts of the value
	unknown  bool
	whole    bool   // unknown from above: not even known whether it is there
	key      string // where the path leads through lists
}

// leaves finds the values at a path. Lists of blocks on the way are walked through;
// one at its end is taken apart when spread is set.
func (s scope) leaves(steps []string, spread bool) []found {
	var out []found
	var walk func(obj, unknown jsontext.Value, steps []string, key string, listed bool)
	walk = func(obj, unknown jsontext.Value, steps []string, key string, listed bool) {
		isList := len(obj) > 0 && obj[0] == '[' || len(unknown) > 0 && unknown[0] == '['
		switch {
		case isTrue(unknown):
			out = append(out, found{unknown: true, whole: len(steps) > 0 || spread && !listed, key: key})
		case isList && (len(steps) > 0 || spread):
			objs, unknowns := elements(obj), elements(unknown)
			for i := range max(len(objs), len(unknowns)) {
				walk(at(objs, i), at(unknowns, i), steps, fmt.Sprintf("%s[%d]", key, i), true)
			}
		case len(steps) > 0:
			walk(member(obj, steps[0]), member(unknown, steps[0]), steps[1:], joinKey(key, steps[0]), false)
		case !isNull(obj) || anyTrue(unknown):
			out = append(out, found{value: obj, unknowns: unknown, key: key})
		}
	}
	walk(s.obj, s.unknown, steps, s.key, false)
	return out
}

func joinKey(key, step string) string {
	if key == "" {
		return step
	}
	return key + "." + step
}

// use says what a text is for, which decides the form of a symbol.
type use uint8

const (
	asText use = iota
	asPrincipal
	asAction
	asARN
)

// all are the texts that some templates make, each once.
func (m *maker) all(list []template, at scope, as use) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range list {
		for _, text := range m.expand(t, at, as) {
			if !seen[text] && m.spend(1) {
				seen[text] = true
				out = append(out, text)
			}
		}
	}
	return out
}

// expand makes the texts of one template: none when an attribute is not set.
func (m *maker) expand(t template, at scope, as use) []string {
	texts := []string{""}
	for _, p := range t {
		var ends []string
		switch {
		case p.group != nil:
			if ends = m.expand(p.group, at, as); len(ends) == 0 {
				ends = []string{""}
			}
		case p.attrs == nil:
			ends = []string{m.literal(p.text, as)}
		default:
			if as == asARN && len(t) > 1 {
				ends = m.values(p, at, asText)
			} else {
				ends = m.values(p, at, as)
			}
		}
		if len(texts)*len(ends) > maxPermitTexts {
			m.spend(maxPermitTexts + 1)
			return nil
		}
		var next []string
		for _, start := range texts {
			for _, end := range ends {
				if p.attrs != nil && strings.HasPrefix(start, "arn:") && strings.HasPrefix(end, "arn:") {
					next = append(next, end)
					continue
				}
				next = append(next, start+end)
			}
		}
		texts = next
	}
	return texts
}

// values are the texts of an attribute.
func (m *maker) values(p piece, at scope, as use) []string {
	for _, a := range p.attrs {
		if list := m.attribute(p, a, at, as); len(list) > 0 {
			return list
		}
	}
	if p.fallback != "" {
		return []string{p.fallback}
	}
	return nil
}

func (m *maker) attribute(p piece, a attribute, at scope, as use) []string {
	filter := permitFilters[p.filter]
	if a.root {
		at = m.root
	}
	var out []string
	for _, l := range at.leaves(a.steps, a.list) {
		top := at.top
		if top == "" {
			top = a.steps[0]
		}
		if l.unknown {
			if list, ok := m.workedOut(a, at, p, as); ok {
				return list
			}
		}
		switch {
		case l.unknown && a.list && at.top == "" && m.isComputed(a.steps):
			kept := m.old
			if m.old.obj == nil || m.p.op.action == extractors.Replace {
				continue
			}
			old := *m
			old.old = scope{}
			return old.attribute(p, a, kept, as)
		case l.unknown && (l.whole || a.needed || as == asAction || filter.raw):
			if old := m.stays(a, at); old != nil {
				return old
			}
			m.undecided(top)
			return nil
		case l.unknown:
			if old := m.stays(a, at); old != nil {
				return old
			}
			out = append(out, m.symbol(top, l.key, as))
		case filter.raw:
			if anyTrue(l.unknowns) {
				m.undecided(top)
				return nil
			}
			out = append(out, filter.make(m, string(l.value))...)
		case l.value[0] == '{' || l.value[0] == '[':
			m.odd = strings.Join(a.steps, ".")
			return nil
		default:
			text := string(l.value)
			if s, ok := str(l.value); ok {
				text = strings.ToValidUTF8(s, "\uFFFD")
			}
			switch {
			case text == "":
			case filter.make != nil:
				out = append(out, filter.make(m, text)...)
			default:
				out = append(out, text)
			}
		}
	}
	return out
}

// workedOut are the texts of an attribute as the sources tell them, with symbols for
// what is not known in them. Those must not decide what is done.
func (m *maker) workedOut(a attribute, at scope, p piece, as use) ([]string, bool) {
	filter := permitFilters[p.filter]
	if len(a.steps) != 1 || at.top != "" || filter.raw {
		return nil, false
	}
	texts, symbols, ok := m.x.resolver.texts(m.p, a.steps[0])
	if !ok {
		return nil, false
	}
	var out []string
	for _, text := range texts {
		symbolic := slices.ContainsFunc(symbols, func(s extractors.Symbol) bool { return strings.Contains(text, s.Text) })
		switch {
		case text == "":
		case symbolic && (as == asAction || filter.make != nil && p.filter != "function"):
			return nil, false
		case symbolic && text[0] == '(' && as == asPrincipal:
			out = append(out, "unknown:"+text)
		case symbolic && text[0] == '(' && as == asARN:
			out = append(out, "arn:unknown:unknown:::"+text)
		case filter.make != nil:
			out = append(out, filter.make(m, text)...)
		default:
			out = append(out, text)
		}
	}
	for _, s := range symbols {
		m.symbols[s.Text] = s.Reference
	}
	return out, true
}

// isComputed reports whether the configuration does not set a list that is not known:
// then it shows what exists. Blocks may be generated, which the configuration in the
// plan leaves out, so that it says nothing about them.
func (m *maker) isComputed(steps []string) bool {
	path, err := modulePath(m.p.module)
	if err != nil || len(steps) != 1 {
		return false
	}
	set, known := m.x.config.sets(path, m.p.typ, m.p.name, steps[0])
	return known && !set
}

// stays is the value before of an attribute of the object that is only known later
// because the resource it names is made anew under the same name.
func (m *maker) stays(a attribute, at scope) []string {
	if len(a.steps) != 1 || a.list || at.top != "" {
		return nil
	}
	before, _ := str(member(m.old.obj, a.steps[0]))
	if before == "" || m.x.leads(m.p.instance, namedSubject{before: before, unknown: true, attr: a.steps[0]}, subjectTypes) {
		return nil
	}
	return []string{before}
}

// symbol is the text that stands for a value which is not known: a text that equals
// nothing but itself.
func (m *maker) symbol(attr, key string, as use) string {
	name := m.x.symbolName(m.p, attr)
	if key != attr {
		name += " at " + key
	}
	text := "unknown:" + plainText.Replace(name)
	if as == asARN {
		// Six fields, so that the ARN operators take it for an ARN.
		text = "arn:unknown:unknown:::" + plainText.Replace(name)
	}
	m.symbols[text] = name
	return text
}

// holds reports whether all tests hold.
func (m *maker) holds(tests []test, at scope) bool {
	for _, t := range tests {
		scope := at
		if t.attr.root {
			scope = m.root
		}
		value := ""
		for _, l := range scope.leaves(t.attr.steps, t.attr.list) {
			if l.unknown {
				m.undecided(cmp.Or(scope.top, t.attr.steps[0]))
				return false
			}
			if value = string(l.value); l.value[0] == '"' {
				value = unquote(l.value)
			}
		}
		if !slices.Contains(t.values, value) {
			return false
		}
	}
	return true
}

// conditionOf are the conditions that a form makes: one, or for a key that ends in {}
// one for each entry of a map.
func (m *maker) conditionOf(f *conditionForm, at scope) []madeCondition {
	key, perEntry := strings.CutSuffix(f.key, "{}")
	if !perEntry {
		as := asText
		if strings.HasPrefix(f.operator, "Arn") {
			as = asARN
		}
		values := m.all([]template{f.value}, at, as)
		if len(values) == 0 {
			return nil
		}
		return []madeCondition{{f.operator, f.key, values}}
	}
	attr := f.value[0].attrs[0]
	var list []madeCondition
	for _, l := range at.leaves(attr.steps, false) {
		if l.unknown {
			m.undecided(cmp.Or(at.top, attr.steps[0]))
			return nil
		}
		members(l.value, func(name string, v jsontext.Value) bool {
			if text, ok := str(v); ok {
				list = append(list, madeCondition{f.operator, key + name, []string{text}})
			}
			return m.spend(1)
		})
		members(l.unknowns, func(name string, v jsontext.Value) bool {
			if isTrue(v) {
				list = append(list, madeCondition{f.operator, key + name, []string{m.symbol(cmp.Or(at.top, attr.steps[0]), l.key+"."+name, asText)}})
			}
			return m.spend(1)
		})
	}
	return list
}
