package terraform

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// noiseLimit is how much text in front of the document is looked through, in
// bytes. Wrappers print a command line or two.
const noiseLimit = 64 << 10

var errNoObject = errors.New("no JSON object in the input")

// input is the text of a document as UTF-8, without what wrappers put in front.
type input struct {
	r       *bufio.Reader
	offset  int64  // bytes in front of the document
	lines   int    // line breaks in front of the document
	noise   bool   // whether anything but white space was in front
	utf16   bool   // whether the input was UTF-16; offsets are those of its UTF-8 form
	leading []byte // the first bytes, for the message when there is no object
}

// openInput strips a byte order mark, converts UTF-16 (PowerShell writes both)
// and skips up to the first line that starts with an opening brace, or else up to
// the first opening brace.
func openInput(r io.Reader) (*input, error) {
	br := bufio.NewReaderSize(r, noiseLimit)
	in := &input{r: br}
	head, err := br.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return in, err
	}
	if order, skip := utf16Order(head); order != nil {
		_, _ = br.Discard(skip)
		br = bufio.NewReaderSize(&utf16Reader{r: br, order: order}, noiseLimit)
		in.r, in.utf16 = br, true
	} else if bytes.HasPrefix(head, bom) {
		_, _ = br.Discard(len(bom))
		in.offset = int64(len(bom))
	}
	window, err := br.Peek(noiseLimit)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return in, err
	}
	in.leading = bytes.Clone(window[:min(len(window), 40)])
	start := documentStart(window)
	if start < 0 {
		return in, errNoObject
	}
	in.noise = len(bytes.TrimSpace(window[:start])) > 0
	in.lines = bytes.Count(window[:start], []byte("\n"))
	in.offset += int64(start)
	_, _ = br.Discard(start)
	return in, nil
}

// sniff tells what the document is without taking anything of it.
func (in *input) sniff() Kind {
	head, _ := in.r.Peek(noiseLimit) // what there is; reading on meets the error again
	return sniffDocument(head)
}

var bom = []byte("\xef\xbb\xbf")

// documentStart finds the brace that opens the document, or -1. An array is no
// document, and its elements are not looked at; "[command]..." is a log line.
func documentStart(b []byte) int {
	if t := bytes.TrimLeft(b, " \t\r\n"); len(t) > 0 && t[0] == '[' {
		if u := bytes.TrimLeft(t[1:], " \t\r\n"); len(u) > 0 && bytes.IndexByte([]byte(`{["]-0123456789`), u[0]) >= 0 {
			return -1
		}
	}
	for line := 0; line < len(b); {
		rest := b[line:]
		if t := bytes.TrimLeft(rest, " \t\r"); len(t) > 0 && t[0] == '{' {
			return len(b) - len(t)
		}
		next := bytes.IndexByte(rest, '\n')
		if next < 0 {
			break
		}
		line += next + 1
	}
	return bytes.IndexByte(b, '{')
}

// utf16Order tells the byte order of UTF-16 text and the length of its mark, or
// nil for anything else. Without a mark, an ASCII character and a zero byte in
// either order are taken for it: JSON has no zero bytes.
func utf16Order(head []byte) (order binary.ByteOrder, mark int) {
	switch {
	case len(head) < 2:
		return nil, 0
	case head[0] == 0xff && head[1] == 0xfe:
		return binary.LittleEndian, 2
	case head[0] == 0xfe && head[1] == 0xff:
		return binary.BigEndian, 2
	case len(head) == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return binary.LittleEndian, 0
	case len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return binary.BigEndian, 0
	}
	return nil, 0
}

// utf16Reader converts to UTF-8. A lone surrogate or half a unit becomes invalid
// UTF-8, which the JSON decoder refuses: nothing is repaired in silence.
type utf16Reader struct {
	r     io.Reader
	order binary.ByteOrder
	out   []byte
	err   error
}

func (u *utf16Reader) unit() (rune, error) {
	var b [2]byte
	if n, err := io.ReadFull(u.r, b[:]); err != nil {
		if n == 1 {
			return -1, nil
		}
		return 0, err
	}
	return rune(u.order.Uint16(b[:])), nil
}

// Read implements io.Reader.
func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) < len(p) && u.err == nil {
		c, err := u.unit()
		if err != nil {
			u.err = err
			break
		}
		if utf16.IsSurrogate(c) {
			low, err := u.unit()
			if err != nil {
				low = -1
			}
			if c = utf16.DecodeRune(c, low); c == utf8.RuneError {
				c = -1
			}
		}
		if c < 0 {
			u.out = append(u.out, 0xff)
			continue
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	n := copy(p, u.out)
	u.out = u.out[:copy(u.out, u.out[n:])]
	if n == 0 && len(p) > 0 {
		return 0, u.err
	}
	return n, nil
}
