package policy

import (
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
}

// newLocator starts at start, or at the first character of a file when start is
// zero.
func newLocator(text []byte, path string, start source.Pos) locator {
	if start.Line == 0 {
		start = source.Pos{Line: 1, Column: 1}
	}
	return locator{text: text, path: path, from: start, pos: start}
}

// position returns the place of byte offset off.
func (l *locator) position(off int) source.Pos {
	off = min(off, len(l.text))
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

// span returns the range from offset start up to end.
func (l *locator) span(start, end int) source.Range {
	return source.Range{Path: l.path, Start: l.position(start), End: l.position(end)}
}
