package terraform

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions in this file walk JSON that the decoder has already checked, so
// they need no errors: on anything malformed they stop early.

// memberReader goes through the members of an object.
type memberReader struct {
	v           []byte
	i           int
	name, value jsontext.Value // of the member at hand; the name with its quotes
}

// membersOf starts at the first member; of anything but an object there are none.
func membersOf(v jsontext.Value) memberReader {
	i := skipSpace(v, 0)
	if i >= len(v) || v[i] != '{' {
		return memberReader{}
	}
	return memberReader{v: v, i: i + 1}
}

// next goes on to the next member, and reports whether there is one.
func (m *memberReader) next() bool {
	v := m.v
	i := skipSpace(v, m.i)
	if m.value != nil { // not the first
		if i >= len(v) || v[i] != ',' {
			return false
		}
		i = skipSpace(v, i+1)
	}
	if i >= len(v) || v[i] != '"' {
		return false
	}
	end := skipString(v, i)
	m.name = v[i:end]
	i = skipSpace(v, end)
	if i >= len(v) || v[i] != ':' {
		return false
	}
	i = skipSpace(v, i+1)
	end = skipRaw(v, i)
	if end <= i {
		return false
	}
	m.value, m.i = v[i:end:end], end
	return true
}

// is reports whether the member at hand has a name.
func (m *memberReader) is(name string) bool {
	q := m.name
	if len(q) == len(name)+2 && string(q[1:len(q)-1]) == name {
		return true
	}
	return bytes.IndexByte(q, '\\') >= 0 && unquote(q) == name
}

// members calls f for each member of an object, until f returns false.
func members(v jsontext.Value, f func(name string, value jsontext.Value) bool) {
	for m := membersOf(v); m.next(); {
		if !f(unquote(m.name), m.value) {
			return
		}
	}
}

// elements returns the elements of an array.
func elements(v jsontext.Value) []jsontext.Value {
	i := skipSpace(v, 0)
	if i >= len(v) || v[i] != '[' {
		return nil
	}
	var list []jsontext.Value
	for i++; ; {
		i = skipSpace(v, i)
		end := skipRaw(v, i)
		if end <= i {
			return list
		}
		list = append(list, v[i:end])
		i = skipSpace(v, end)
		if i >= len(v) || v[i] != ',' {
			return list
		}
		i++
	}
}

// member returns one member of an object, or nil.
func member(v jsontext.Value, name string) jsontext.Value {
	for m := membersOf(v); m.next(); {
		if m.is(name) {
			return m.value
		}
	}
	return nil
}

// str returns the text of a JSON string, and false for anything else.
func str(v jsontext.Value) (string, bool) {
	if len(v) == 0 || v[0] != '"' {
		return "", false
	}
	return unquote(v), true
}

func isTrue(v jsontext.Value) bool { return len(v) > 0 && v[0] == 't' }

func isNull(v jsontext.Value) bool { return len(v) == 0 || v[0] == 'n' }

// anyTrue reports whether v is true or holds a true anywhere.
func anyTrue(v jsontext.Value) bool {
	if len(v) == 0 {
		return false
	}
	switch v[0] {
	case 't':
		return true
	case '[':
		for _, e := range elements(v) {
			if anyTrue(e) {
				return true
			}
		}
	case '{':
		for m := membersOf(v); m.next(); {
			if anyTrue(m.value) {
				return true
			}
		}
	}
	return false
}

func unquote(v []byte) string {
	if len(v) >= 2 && bytes.IndexByte(v, '\\') < 0 {
		return string(v[1 : len(v)-1])
	}
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(b)
}

func skipSpace(v []byte, i int) int {
	for i < len(v) && (v[i] == ' ' || v[i] == '\n' || v[i] == '\t' || v[i] == '\r') {
		i++
	}
	return i
}

// The classes of bytes outside of strings.
const (
	opening = 1 << iota
	closing
	quote
	between // a comma, a colon or white space
)

var class = func() (c [256]uint8) {
	for _, b := range []byte("{[") {
		c[b] = opening
	}
	for _, b := range []byte("}]") {
		c[b] = closing
	}
	for _, b := range []byte(",: \n\t\r") {
		c[b] = between
	}
	c['"'] = quote
	return c
}()

// skipRaw returns the index behind the value that starts at i, or i when there is
// none.
func skipRaw(v []byte, i int) int {
	if i >= len(v) {
		return i
	}
	switch class[v[i]] {
	case quote:
		return skipString(v, i)
	case closing, between:
		return i
	case 0: // a number or a word
		for i < len(v) && class[v[i]] == 0 {
			i++
		}
		return i
	}
	for depth := 0; i < len(v); {
		switch class[v[i]] {
		case quote:
			i = skipString(v, i)
			continue
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return i
}

// skipString returns the index behind the string that starts at i.
func skipString(v []byte, i int) int {
	for i++; ; {
		for i+8 <= len(v) {
			w := binary.LittleEndian.Uint64(v[i:])
			q, s := w^(ones*'"'), w^(ones*'\\')
			if m := ((q-ones)&^q | (s-ones)&^s) & highs; m != 0 {
				i += bits.TrailingZeros64(m) / 8
				break
			}
			i += 8
		}
		switch {
		case i >= len(v):
			return len(v)
		case v[i] == '"':
			return i + 1
		case v[i] == '\\':
			i += 2
		default:
			i++
		}
	}
}
