package tree

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// Decode turns what editors and shells write into UTF-8 without a byte order mark.
// Windows PowerShell redirects output as UTF-16. A lone surrogate becomes an invalid
// byte, which the readers refuse: nothing is repaired in silence.
func Decode(text []byte) []byte {
	order, mark := utf16Order(text)
	if order == nil {
		return bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	text = text[mark:]
	out := make([]byte, 0, len(text))
	unit := func(i int) rune {
		if i+1 >= len(text) {
			return -1
		}
		return rune(order.Uint16(text[i:]))
	}
	for i := 0; i < len(text); i += 2 {
		c := unit(i)
		if utf16.IsSurrogate(c) {
			i += 2
			if c = utf16.DecodeRune(c, unit(i)); c == utf8.RuneError {
				c = -1
			}
		}
		if c < 0 {
			out = append(out, 0xff)
			continue
		}
		out = utf8.AppendRune(out, c)
	}
	return out
}

// utf16Order tells the byte order of UTF-16 text and the length of its mark, or nil for
// anything else. Without a mark, an ASCII character and a zero byte in either order are
// taken for it: templates have no zero bytes.
func utf16Order(head []byte) (order binary.ByteOrder, mark int) {
	switch {
	case len(head) < 4:
		return nil, 0
	case head[0] == 0xff && head[1] == 0xfe:
		return binary.LittleEndian, 2
	case head[0] == 0xfe && head[1] == 0xff:
		return binary.BigEndian, 2
	case head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return binary.LittleEndian, 0
	case head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return binary.BigEndian, 0
	}
	return nil, 0
}
