package policy

import (
	"sync/atomic"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/source"
)

// Place is where a part of a document was written. A document has one for each of its
// texts and few are ever shown, so a Place is small and Range works lines and columns
// out when it is asked. Places are equal when they are the same place of one document
// as it was parsed; the zero Place is nowhere.
type Place struct {
	in         *written
	start, end int32
}

// Range returns the path and the positions of p; the zero Range for nowhere.
func (p Place) Range() source.Range {
	if p.in == nil {
		return source.Range{}
	}
	return p.in.span(int(p.start), int(p.end))
}

// Offsets returns the byte offsets that Range has, in less time.
func (p Place) Offsets() (start, end int) {
	switch {
	case p.in == nil:
		return 0, 0
	case p.in.ranges != nil:
		r := p.Range()
		return r.Start.Byte, r.End.Byte
	}
	return p.in.from.Byte + int(p.start), p.in.from.Byte + int(p.end)
}

// upTo is the place from the start of p to the end of q.
func (p Place) upTo(q Place) Place { return Place{in: p.in, start: p.start, end: q.end} }

// written is what the places of one document count in.
type written struct {
	// ranges of the parts of a Tree: a place starts where one of them does, and ends
	// where one of them does. When it is nil, places are byte offsets of text.
	ranges []source.Range

	text string // which the texts of the document are parts of anyway
	*beginning

	marks atomic.Pointer[[]mark]
}

// beginning is where a text begins; most texts share one.
type beginning struct {
	path string
	from source.Pos // of offset 0
}

var noFile = &beginning{from: source.Pos{Line: 1, Column: 1}}

// mark is the line and column of the first character at or behind every multiple of
// markStep bytes, so that a place deep in a long line costs no more than others.
type mark struct{ at, line, column int32 }

const markStep = 256

// newWritten is for a text that starts at a place of its file, or is the file when start
// is zero.
func newWritten(text string, o ParseOptions) *written {
	start := o.Start
	if start.Line == 0 {
		start = noFile.from
	}
	at := noFile
	if b := (beginning{o.Path, start}); b != *noFile {
		at = &b
	}
	return &written{text: text, beginning: at}
}

// at is the place from byte start up to end.
func (w *written) at(start, end int) Place { return Place{in: w, start: int32(start), end: int32(end)} }

// add is the place of one more range.
func (w *written) add(r source.Range) Place {
	n := len(w.ranges)
	w.ranges = append(w.ranges, r)
	return w.at(n, n)
}

func (w *written) span(start, end int) source.Range {
	if w.ranges != nil {
		first := &w.ranges[start]
		return source.Range{Path: first.Path, Start: first.Start, End: w.ranges[end].End}
	}
	marks := w.marked()
	return source.Range{Path: w.path, Start: w.position(marks, start), End: w.position(marks, end)}
}

// position is the place of the first character at or behind byte off.
func (w *written) position(marks []mark, off int) source.Pos {
	off = min(off, len(w.text))
	m := marks[off/markStep]
	if int(m.at) > off { // in the middle of the character before
		m = marks[off/markStep-1]
	}
	for int(m.at) < off {
		m = w.next(m)
	}
	return source.Pos{Line: int(m.line), Column: int(m.column), Byte: w.from.Byte + int(m.at)}
}

// next passes over one character.
func (w *written) next(m mark) mark {
	size := 1
	if w.text[m.at] >= utf8.RuneSelf {
		_, size = utf8.DecodeRuneInString(w.text[m.at:])
	}
	if w.text[m.at] == '\n' {
		m.line, m.column = m.line+1, 0
	}
	return mark{m.at + int32(size), m.line, m.column + 1}
}

// marked are the marks, which are set when they are first asked for; by several at once,
// they are the same.
func (w *written) marked() []mark {
	if set := w.marks.Load(); set != nil {
		return *set
	}
	marks := make([]mark, 0, len(w.text)/markStep+1)
	for m := (mark{0, int32(w.from.Line), int32(w.from.Column)}); ; m = w.next(m) {
		if int(m.at) >= len(marks)*markStep {
			marks = append(marks, m)
		}
		if int(m.at) >= len(w.text) {
			w.marks.Store(&marks)
			return marks
		}
	}
}
