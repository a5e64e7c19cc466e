package terraform

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// maxNesting is how deep objects and arrays may lie in each other.
const maxNesting = 10_000

// syntaxError is what is wrong with a JSON text, and at which byte.
type syntaxError struct {
	at    int64
	text  string
	twice bool // a name occurs twice
	line  int  // line breaks in front of it in the document
}

func (e *syntaxError) Error() string { return e.text }

// walker checks the syntax of one JSON value (RFC 8259, and RFC 7493: valid UTF-8,
// names that occur once) piece by piece: a plan is mostly made of values that are of no
// interest, and passing over them is most of the work. What is passed over must be
// valid, too; only names that occur twice in an object are looked for where names is
// set, which is where the values matter.
type walker struct {
	open  []byte // the objects and arrays that are open, as their brackets
	state walkState
	names *nameSet // nil: names are not looked at
	parts *parts   // nil: members are not noted
}

type walkState uint8

const (
	wantValue     walkState = iota // behind a colon, a comma in an array, at the start
	wantElement                    // behind the bracket of an array
	wantFirstName                  // behind the brace of an object
	wantName                       // behind a comma in an object
	wantColon
	wantComma
)

// reset makes the walker ready for another value.
func (w *walker) reset(names *nameSet, parts *parts) {
	w.open, w.state, w.names, w.parts = w.open[:0], wantValue, names, parts
	if names != nil {
		names.reset()
	}
	if parts != nil {
		parts.list = parts.list[:0]
	}
}

// run goes on at b[i] and returns where it stopped: behind the value, or, when the
// bytes do not suffice, at the start of the token that needs more. Offsets of errors
// are in b. What usually comes next is tried first: the state is only needed where
// the bytes end.
func (w *walker) run(b []byte, i int) (next int, done bool, err *syntaxError) {
	var end int
	switch w.state {
	case wantName, wantFirstName:
		goto name
	case wantColon:
		goto colon
	case wantComma:
		goto comma
	}

value: // or the end of an array, behind its bracket
	if i = skipSpace(b, i); i >= len(b) {
		return i, false, nil
	}
	if w.noting() {
		w.parts.value = i
		if n := w.parts.repeated(b, i); n > 0 {
			i += n
			goto ended
		}
	}
	switch c := b[i]; c {
	case '"':
		end, err = scanString(b, i)
	case '{', '[':
		if len(w.open) >= maxNesting {
			return i, false, failAt(i, "nested deeper than %d levels", maxNesting)
		}
		w.open = append(w.open, c)
		i++
		if c == '[' {
			w.state = wantElement
			goto value
		}
		if w.names != nil {
			w.names.enter()
		}
		w.state = wantFirstName
		goto name
	case ']':
		if w.state != wantElement {
			return i, false, failAt(i, "expected a value, not ']'")
		}
		goto closed
	default:
		end, err = scanScalar(b, i)
	}
	if err != nil || end < 0 {
		return i, false, err
	}
	i = end
	goto ended

name: // or the end of an object, behind its brace
	if i = skipSpace(b, i); i >= len(b) {
		return i, false, nil
	}
	if c := b[i]; c != '"' {
		if c == '}' && w.state == wantFirstName {
			goto closed
		}
		return i, false, failAt(i, "expected a name in quotes, not %s", quoteByte(c))
	}
	if end, err = scanString(b, i); err != nil || end < 0 {
		return i, false, err
	}
	if w.names != nil && !w.names.add(b, i, end) {
		return i, false, &syntaxError{at: int64(i), text: fmt.Sprintf("the name %s occurs twice", limited(string(b[i:end]))), twice: true}
	}
	if w.noting() {
		w.parts.name, w.parts.nameEnd = i, end
	}
	i = end
	w.state = wantColon

colon:
	if i = skipSpace(b, i); i >= len(b) {
		return i, false, nil
	}
	if b[i] != ':' {
		return i, false, failAt(i, "expected ':' behind a name, not %s", quoteByte(b[i]))
	}
	i++
	w.state = wantValue
	goto value

closed:
	if b[i] == '}' && w.names != nil {
		w.names.leave()
	}
	w.open = w.open[:len(w.open)-1]
	i++

ended:
	switch len(w.open) {
	case 0:
		return i, true, nil
	case 1:
		if w.noting() {
			w.parts.add(i)
		}
	}
	w.state = wantComma

comma:
	if i = skipSpace(b, i); i >= len(b) {
		return i, false, nil
	}
	inObject := w.open[len(w.open)-1] == '{'
	switch c := b[i]; {
	case c == ',' && inObject:
		i++
		w.state = wantName
		goto name
	case c == ',':
		i++
		w.state = wantValue
		goto value
	case c == '}' && inObject, c == ']' && !inObject:
		goto closed
	}
	return i, false, failAt(i, "expected ',' or the end of the %s, not %s", container(inObject), quoteByte(b[i]))
}

// noting reports whether the walk is at a member of the outermost object.
func (w *walker) noting() bool { return w.parts != nil && len(w.open) == 1 && w.open[0] == '{' }

// parts are the members of the outermost object of a value, none where it is no object.
type parts struct {
	name, nameEnd, value int // of the member at hand
	list                 []span
}

// span is one member: where its name and its value lie in the value.
type span struct{ name, nameEnd, value, end int }

func (p *parts) add(end int) { p.list = append(p.list, span{p.name, p.nameEnd, p.value, end}) }

// repeated is the length of the value at b[i] where it is one side of a change and reads
// the same as the other one in front of it, byte by byte, as with most objects of most
// plans: what was walked over once is not walked over again. It is 0 where that is not so,
// or the bytes do not suffice to tell.
func (p *parts) repeated(b []byte, i int) int {
	var other string
	switch string(b[p.name:p.nameEnd]) {
	case `"after"`:
		other = `"before"`
	case `"before"`:
		other = `"after"`
	default:
		return 0
	}
	for _, s := range p.list {
		if string(b[s.name:s.nameEnd]) == other && b[s.value] == '{' && bytes.HasPrefix(b[i:], b[s.value:s.end]) {
			return s.end - s.value
		}
	}
	return 0
}

func container(object bool) string {
	if object {
		return "object"
	}
	return "array"
}

func failAt(i int, text string, args ...any) *syntaxError {
	return &syntaxError{at: int64(i), text: fmt.Sprintf(text, args...)}
}

func quoteByte(c byte) string {
	if c < utf8.RuneSelf {
		return fmt.Sprintf("%q", rune(c))
	}
	return fmt.Sprintf("byte %#02x", c)
}
