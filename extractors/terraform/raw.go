package terraform

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions in this file walk JSON that the decoder has already checked, so
// they need no errors: on anything malformed they stop early.

// members calls f for each member of an object, until f returns false.
func members(v jsontext.Value, f func(name string, value jsontext.Value) bool) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || v[0] != '{' {
		return
	}
	for i := 1; ; {
		i = skipSpace(v, i)
		if i >= len(v) || v[i] != '"' {
			return
		}
		end := skipRaw(v, i)
		name := unquote(v[i:end])
		i = skipSpace(v, end)
		if i >= len(v) || v[i] != ':' {
			return
		}
		i = skipSpace(v, i+1)
		end = skipRaw(v, i)
		if end <= i || !f(name, v[i:end]) {
			return
		}
		i = skipSpace(v, end)
		if i >= len(v) || v[i] != ',' {
			return
		}
		i++
	}
}

// elements returns the elements of an array.
func elements(v jsontext.Value) []jsontext.Value {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || v[0] != '[' {
		return nil
	}
	var list []jsontext.Value
	for i := 1; ; {
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
	var found jsontext.Value
	members(v, func(n string, m jsontext.Value) bool {
		if n == name {
			found = m
		}
		return found == nil
	})
	return found
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
		found := false
		members(v, func(_ string, m jsontext.Value) bool {
			found = anyTrue(m)
			return !found
		})
		return found
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

// skipRaw returns the index behind the value that starts at i, or i when there is
// none.
func skipRaw(v []byte, i int) int {
	depth := 0
	for start := i; i < len(v); {
		switch v[i] {
		case '"':
			i = skipString(v, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
			i++
			continue
		default:
			for i < len(v) && bytes.IndexByte([]byte(",:}] \n\t\r"), v[i]) < 0 {
				i++
			}
		}
		if depth == 0 && i > start {
			return i
		}
	}
	return i
}

func skipString(v []byte, i int) int {
	for start := i + 1; ; {
		n := bytes.IndexByte(v[start:], '"')
		if n < 0 {
			return len(v)
		}
		quote := start + n
		escapes := 0
		for quote-1-escapes > i && v[quote-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return quote + 1
		}
		start = quote + 1
	}
}
