package tree

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/source"
)

// lines finds byte offsets of lines. The reader of YAML counts more characters as line
// ends than editors do, so that its lines and columns are only good for finding the
// offset.
type lines struct {
	text   string
	starts []int // of lines as YAML counts them
	last   source.Pos
}

func newLines(text string) *lines {
	l := &lines{text: text, starts: []int{0}, last: source.Pos{Line: 1, Column: 1}}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		i += n
		switch r {
		case '\r':
			if i < len(text) && text[i] == '\n' {
				i++
			}
		case '\n', '\u0085', '\u2028', '\u2029':
		default:
			continue
		}
		l.starts = append(l.starts, i)
	}
	return l
}

// offset is the byte offset of a 1-based line and column.
func (l *lines) offset(line, column int) int {
	if line < 1 || line > len(l.starts) {
		return len(l.text)
	}
	at := l.starts[line-1]
	for ; column > 1 && at < len(l.text); column-- {
		_, n := utf8.DecodeRuneInString(l.text[at:])
		at += n
	}
	return at
}

// mistake is the line of a mistake. The library counts from zero in the messages of
// its parser, and names the line above a tab.
func (l *lines) mistake(line int, message string) int {
	switch {
	case strings.HasPrefix(message, "did not find expected"):
		return min(line+1, len(l.starts))
	case strings.Contains(message, "tab character"):
		for i := line; i <= len(l.starts) && i < line+10; i++ {
			if rest := l.text[l.starts[i-1]:]; strings.HasPrefix(strings.TrimLeft(rest, " "), "\t") {
				return i
			}
		}
	}
	return line
}

// position is the place of a byte offset.
func (l *lines) position(at int) source.Pos {
	if at < l.last.Byte {
		// Back to the beginning of the line, by the text itself.
		start := strings.LastIndexByte(l.text[:at], '\n') + 1
		line := l.last.Line - strings.Count(l.text[at:l.last.Byte], "\n")
		l.last = source.Pos{Line: line, Column: 1 + utf8.RuneCountInString(l.text[start:at]), Byte: at}
		return l.last
	}
	l.last = advance(l.last, l.text[l.last.Byte:at])
	return l.last
}

// content skips the anchor and tag in front of a value that begins at offset at. The
// value may be on a later line unless it is empty.
func (l *lines) content(at int, empty bool) int {
	blanks := " \t\r\n"
	if empty {
		blanks = " \t"
	}
	for at < len(l.text) && (l.text[at] == '&' || l.text[at] == '!') {
		for at < len(l.text) && strings.IndexByte(" \t\r\n,[]{}", l.text[at]) < 0 {
			at++
		}
		for at < len(l.text) && (strings.IndexByte(blanks, l.text[at]) >= 0 || l.text[at] == '#' && !empty) {
			if l.text[at] != '#' {
				at++
				continue
			}
			for at < len(l.text) && l.text[at] != '\n' {
				at++
			}
		}
	}
	return at
}

// scalarEnd is the offset behind a scalar that begins at offset at, without anchor and
// tag, and whose value is value.
func (l *lines) scalarEnd(at int, value string) int {
	if at >= len(l.text) {
		return len(l.text)
	}
	switch l.text[at] {
	case '\'':
		for i := at + 1; i < len(l.text); i++ {
			if l.text[i] == '\'' {
				if i+1 < len(l.text) && l.text[i+1] == '\'' {
					i++
					continue
				}
				return i + 1
			}
		}
		return len(l.text)
	case '"':
		for i := at + 1; i < len(l.text); i++ {
			switch l.text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return len(l.text)
	case '|', '>':
		return l.blockEnd(at)
	}
	if strings.HasPrefix(l.text[at:], value) {
		return at + len(value)
	}
	// A plain scalar of several lines: the same characters but for white space.
	end := at
	for _, r := range value {
		if unicode.IsSpace(r) {
			continue
		}
		for end < len(l.text) {
			c, n := utf8.DecodeRuneInString(l.text[end:])
			end += n
			if c == r {
				break
			}
		}
	}
	return end
}

// blockEnd is the end of a block scalar whose head is at offset at: all lines that are
// blank or indented as much as the first that is not.
func (l *lines) blockEnd(at int) int {
	nl := strings.IndexByte(l.text[at:], '\n')
	if nl < 0 {
		return len(l.text)
	}
	end := at + nl
	indent := -1
	for next := at + nl + 1; next < len(l.text); {
		line := l.text[next:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		trimmed := strings.TrimLeft(line, " ")
		blanks := len(line) - len(trimmed)
		if strings.TrimSpace(line) != "" {
			if indent < 0 {
				indent = blanks
			}
			if blanks < indent || blanks == 0 {
				break
			}
			end = next + len(strings.TrimRight(line, "\r\n"))
		}
		next += len(line)
	}
	return end
}

// locate is the place in raw, which begins at start, of the character behind the part
// before of its value. Blanks are laid out differently in a value and its source, so
// that the others are counted.
func locate(raw string, start source.Pos, before string) source.Pos {
	skip := 0
	for _, r := range before {
		if !unicode.IsSpace(r) {
			skip++
		}
	}
	at := 0
	var quote byte
	switch raw[0] {
	case '|', '>':
		if at = strings.IndexByte(raw, '\n') + 1; at == 0 {
			return start
		}
	case '"', '\'':
		quote, at = raw[0], 1
	}
	for at < len(raw) {
		r, n := utf8.DecodeRuneInString(raw[at:])
		if quote == '"' && r == '\\' && at+1 < len(raw) {
			r, n = escaped(raw[at:])
		} else if quote == '\'' && r == '\'' {
			n = 2
		}
		if !unicode.IsSpace(r) {
			if skip == 0 {
				break
			}
			skip--
		}
		at += n
	}
	return advance(start, raw[:min(at, len(raw))])
}

// escaped is the character that an escape stands for, as far as it matters whether it
// is white space, and how long the escape is.
func escaped(s string) (rune, int) {
	switch s[1] {
	case 'n', 't', 'r', ' ', '\n', '\t', '\r', '_', 'N', 'L', 'P', 'v', 'f':
		return ' ', 2
	case 'x':
		return 'x', min(4, len(s))
	case 'u':
		return 'x', min(6, len(s))
	case 'U':
		return 'x', min(10, len(s))
	}
	return 'x', 2
}
