package policy

import "encoding/binary"

// few names are compared faster than they are looked up.
const few = 8

// survey counts the characters of a JSON text that are no white space, and reports
// whether the text is plain: ASCII without escapes, so that none of its strings has a
// character that policies do not have. Most texts are, which spares looking at each
// string. It takes eight bytes at a time.
func survey(text string) (visible int, plain bool) {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	blanks, i := 0, 0
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64([]byte(text[i : i+8]))
		low := (w - 0x21*ones) &^ w        // the high bit of a byte up to " "
		escape := w ^ '\\'*ones            // zero where there is one
		escape = (escape - ones) &^ escape // its high bit
		if (w|low|escape)&highs == 0 {
			continue
		}
		for _, c := range []byte(text[i : i+8]) {
			switch {
			case isBlank(c):
				blanks++
			case c < ' ' || c >= 0x80 || c == '\\':
				return size(text), false
			}
		}
	}
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case isBlank(c):
			blanks++
		case c < ' ' || c >= 0x80 || c == '\\':
			return size(text), false
		}
	}
	return len(text) - blanks, true
}
