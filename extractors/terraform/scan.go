package terraform

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions in this file find the end of a text, a number or a word, and what is
// wrong with it.

// scanScalar returns the index behind the string, number or word that starts at i, or
// -1 when it may not be complete.
func scanScalar(b []byte, i int) (int, *syntaxError) {
	switch c := b[i]; {
	case c == '"':
		return scanString(b, i)
	case c == 't':
		return scanWord(b, i, "true")
	case c == 'f':
		return scanWord(b, i, "false")
	case c == 'n':
		return scanWord(b, i, "null")
	case c == '-' || '0' <= c && c <= '9':
		return scanNumber(b, i)
	}
	return i, failAt(i, "expected a value, not %s", quoteByte(b[i]))
}

func scanWord(b []byte, i int, word string) (int, *syntaxError) {
	for j := range len(word) {
		switch {
		case i+j == len(b):
			return -1, nil
		case b[i+j] != word[j]:
			return i, failAt(i+j, "expected %s, not %s", word, quoteByte(b[i+j]))
		}
	}
	return i + len(word), nil
}

// scanNumber takes a number at the end of b for incomplete.
func scanNumber(b []byte, i int) (int, *syntaxError) {
	if b[i] == '-' {
		i++
	}
	digits := func() bool {
		start := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > start
	}
	start := i
	switch ok := digits(); {
	case i == len(b):
		return -1, nil
	case !ok:
		return i, failAt(i, "expected a digit, not %s", quoteByte(b[i]))
	case b[start] == '0' && i > start+1:
		return i, failAt(start+1, "expected no digit behind a leading zero")
	}
	if b[i] == '.' {
		i++
		if ok := digits(); i == len(b) {
			return -1, nil
		} else if !ok {
			return i, failAt(i, "expected a digit, not %s", quoteByte(b[i]))
		}
	}
	if b[i] == 'e' || b[i] == 'E' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if ok := digits(); i == len(b) {
			return -1, nil
		} else if !ok {
			return i, failAt(i, "expected a digit, not %s", quoteByte(b[i]))
		}
	}
	return i, nil
}

// The eight bytes of a word that are tested at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks in a word of eight bytes those that need a look: quotes, backslashes,
// control characters, and bytes beyond ASCII. Above the first one marks may be wrong.
func special(w uint64) uint64 {
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w | w) & highs
}

// scanString returns the index behind the string that starts at i, or -1 when it is
// not complete.
func scanString(b []byte, i int) (int, *syntaxError) {
	start, ascii := i, true
	i++
	for {
		for i+8 <= len(b) {
			if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
				i += bits.TrailingZeros64(m) / 8
				break
			}
			i += 8
		}
		if i >= len(b) {
			return -1, nil
		}
		switch c := b[i]; {
		case c == '"':
			i++
			if !ascii && !utf8.Valid(b[start:i]) {
				return i, failAt(start, "a text is not valid UTF-8")
			}
			return i, nil
		case c == '\\':
			end, err := scanEscape(b, i)
			if err != nil || end < 0 {
				return end, err
			}
			i = end
		case c < ' ':
			return i, failAt(i, "expected no control character in a text, but %s", quoteByte(c))
		default:
			ascii = ascii && c < utf8.RuneSelf
			i++
		}
	}
}

// scanEscape returns the index behind the escape that starts at i, or -1 when it is
// not complete. Both halves of a surrogate pair are one escape.
func scanEscape(b []byte, i int) (int, *syntaxError) {
	if i+1 >= len(b) {
		return -1, nil
	}
	if b[i+1] != 'u' {
		switch b[i+1] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			return i + 2, nil
		default:
			return i, failAt(i, "expected one of \"\\/bfnrtu behind a backslash, not %s", quoteByte(b[i+1]))
		}
	}
	first, err := scanHex(b, i+2)
	if err != nil || first < 0 {
		return int(first), err
	}
	if !utf16.IsSurrogate(first) {
		return i + 6, nil
	}
	for j, c := range []byte(`\u`) {
		switch {
		case i+6+j == len(b):
			return -1, nil
		case b[i+6+j] != c:
			return i, failAt(i, "half of a surrogate pair stands alone")
		}
	}
	second, err := scanHex(b, i+8)
	if err != nil || second < 0 {
		return int(second), err
	}
	if utf16.DecodeRune(first, second) == utf8.RuneError {
		return i, failAt(i, "half of a surrogate pair stands alone")
	}
	return i + 12, nil
}

// scanHex reads four hexadecimal digits; -1 when they are not complete.
func scanHex(b []byte, i int) (rune, *syntaxError) {
	var r rune
	for j := i; j < i+4; j++ {
		if j >= len(b) {
			return -1, nil
		}
		switch c := b[j]; {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, failAt(j, "expected a hexadecimal digit, not %s", quoteByte(c))
		}
	}
	return r, nil
}
