package terraform

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// sideIndex lists the members of one side of the object at hand. A dozen attributes of it
// are looked for, among forty or so, and several of them more than once.
type sideIndex struct {
	of   jsontext.Value // the side; empty while nothing is listed
	list []indexed
	arn  string // the last text that was told and may be an ARN
}

// indexed is one member. Its text is kept once it was asked for, so that what is taken of
// an object more than once, such as its ARN, is one string.
type indexed struct {
	name  []byte
	value jsontext.Value
	text  string
	told  bool
}

// textOf is the text of a member; false for what is no text. The id and the name of an
// object are most often the end of its ARN, and then share its memory.
func (ix *sideIndex) textOf(m *indexed) (string, bool) {
	v := m.value
	switch {
	case len(v) == 0 || v[0] != '"':
		return "", false
	case m.told:
		return m.text, true
	case len(v) > 2 && strings.HasSuffix(ix.arn, string(v[1:len(v)-1])) && bytes.IndexByte(v, '\\') < 0:
		m.text = ix.arn[len(ix.arn)-len(v)+2:]
	default:
		if m.text = unquote(v); isARN(m.text) {
			ix.arn = m.text
		}
	}
	m.told = true
	return m.text, true
}

// forget makes the index ready for another object.
func (ix *sideIndex) forget() {
	clear(ix.list)
	ix.of, ix.list, ix.arn = nil, ix.list[:0], ""
}

func (ix *sideIndex) fill(side jsontext.Value) {
	ix.of = side
	for m := membersOf(side); m.next(); {
		ix.list = append(ix.list, indexed{name: unquoted(m.name), value: m.value})
	}
}

func (ix *sideIndex) find(name string) *indexed {
	for i := range ix.list {
		if string(ix.list[i].name) == name {
			return &ix.list[i]
		}
	}
	return nil
}

// indexOf lists the members of a side; nil for what is no side of the object.
func (o *object) indexOf(side jsontext.Value) *sideIndex {
	if o == nil {
		return nil
	}
	for i, v := range []jsontext.Value{o.before, o.after} {
		if same(side, v) {
			ix := &o.sides[i]
			if !same(ix.of, side) {
				ix.forget()
				ix.fill(side)
			}
			return ix
		}
	}
	return nil
}

// indexedText is the text of one of the members of a side.
func (o *object) indexedText(side jsontext.Value, m *indexed) (string, bool) {
	if ix := o.indexOf(side); ix != nil {
		return ix.textOf(m)
	}
	return str(m.value)
}

// members lists those of a side.
func (o *object) members(side jsontext.Value) []indexed {
	if ix := o.indexOf(side); ix != nil {
		return ix.list
	}
	var ix sideIndex
	ix.fill(side)
	return ix.list
}

// member is the function of that name for a side of the object, which it finds faster.
func (o *object) member(side jsontext.Value, name string) jsontext.Value {
	if ix := o.indexOf(side); ix == nil {
		return member(side, name)
	} else if m := ix.find(name); m != nil {
		return m.value
	}
	return nil
}

// str is the text of a member; false for what is no text.
func (o *object) str(side jsontext.Value, name string) (string, bool) {
	ix := o.indexOf(side)
	if ix == nil {
		return str(member(side, name))
	}
	m := ix.find(name)
	if m == nil {
		return "", false
	}
	return ix.textOf(m)
}

// single is str for an object of which nothing else may be asked, so that listing its
// members is not worth it.
func (o *object) single(side jsontext.Value, name string) (string, bool) {
	if same(side, o.sides[0].of) || same(side, o.sides[1].of) {
		return o.str(side, name)
	}
	return str(member(side, name))
}

// text is str for a value that may be a member of either side.
func (o *object) text(v jsontext.Value) (string, bool) {
	if o == nil || len(v) == 0 || v[0] != '"' {
		return str(v)
	}
	for i := range o.sides {
		for j := range o.sides[i].list {
			if m := &o.sides[i].list[j]; same(m.value, v) {
				return o.sides[i].textOf(m)
			}
		}
	}
	return unquote(v), true
}

// firstLeaf is the first of leaves, which most often is a member of the object itself.
func (o *object) firstLeaf(side, unknown, sensitive jsontext.Value, steps []string) leaf {
	direct := func(v jsontext.Value) bool { return len(v) == 0 || v[0] == '{' }
	if len(steps) != 1 || len(side) == 0 || !direct(side) || !direct(unknown) || !direct(sensitive) {
		return first(leaves(side, unknown, sensitive, steps))
	}
	l := leaf{unknown: isTrue(member(unknown, steps[0]))}
	marks := member(sensitive, steps[0])
	if l.sensitive = isTrue(marks); l.unknown {
		return l
	}
	l.value, l.sensitive = o.member(side, steps[0]), anyTrue(marks)
	return l
}

// linkValues is the function of that name for a side of the object, and quick where the
// path leads to a text or to nothing.
func (o *object) linkValues(side, unknown jsontext.Value, path string) []linkValue {
	if len(side) == 0 || side[0] != '{' || len(unknown) > 0 && unknown[0] != '{' || strings.ContainsAny(path, ".[*") {
		return linkValues(side, unknown, path)
	}
	v := o.member(side, path)
	if u := member(unknown, path); len(u) > 0 || !isNull(v) && v[0] != '"' {
		return linkValues(side, unknown, path)
	}
	if text, _ := o.text(v); text != "" {
		return []linkValue{{text: text}}
	}
	return nil
}
