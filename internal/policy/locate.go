package policy

import (
	"bytes"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/source"
)

// locator turns byte offsets of a text into positions of the file that the text
// starts in at a given place. Offsets mostly grow, so it walks on from the last
// one and a text of one long line costs no more than others.
type locator struct {
	text []byte
	path string
	from source.Pos // of offset 0
	at   int
	pos  source.Pos // of offset at
	// lines holds where lines begin if each byte is a character, which makes it quick;
	// else it is nil.
	lines []int
}

// newLocator starts at start, or at the first character of a file when start is
// zero.
func newLocator(text []byte, path string, start source.Pos) locator {
	if start.Line == 0 {
		start = source.Pos{Line: 1, Column: 1}
	}
	return locator{text: text, path: path, from: start, pos: start, lines: lines(text)}
}

// lines lists where the lines of an ASCII text begin; nil for another text.
func lines(text []byte) []int {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return nil
		}
	}
	out := []int{0}
	for at := 0; ; {
		n := bytes.IndexByte(text[at:], '\n')
		if n < 0 {
			return out
		}
		at += n + 1
		out = append(out, at)
	}
}

// position returns the place of byte offset off.
func (l *locator) position(off int) source.Pos {
	off = min(off, len(l.text))
	if l.lines != nil {
		return l.quick(off)
	}
	if off < l.at {
		l.at, l.pos = 0, l.from
	}
	for l.at < off {
		if b := l.text[l.at]; b != '\n' && b < utf8.RuneSelf {
			l.at++
			l.pos.Byte++
			l.pos.Column++
			continue
		}
		r, size := utf8.DecodeRune(l.text[l.at:])
		l.at += size
		l.pos.Byte += size
		if r == '\n' {
			l.pos.Line++
			l.pos.Column = 1
		} else {
			l.pos.Column++
		}
	}
	return l.pos
}

// quick is position for a text in which each byte is a character; at is the line of
// the last offset.
func (l *locator) quick(off int) source.Pos {
	if off < l.lines[l.at] {
		l.at = 0
	}
	for l.at+1 < len(l.lines) && l.lines[l.at+1] <= off {
		l.at++
	}
	p := source.Pos{Line: l.from.Line + l.at, Column: 1 + off - l.lines[l.at], Byte: l.from.Byte + off}
	if l.at == 0 {
		p.Column += l.from.Column - 1
	}
	return p
}

// span returns the range from offset start up to end.
func (l *locator) span(start, end int) source.Range {
	return source.Range{Path: l.path, Start: l.position(start), End: l.position(end)}
}
