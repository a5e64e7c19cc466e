package terraform

import (
	"bytes"
	"errors"
	"io"
)

// more reads on. It keeps the window, at another place when there is no room behind it,
// and makes it longer by half at least, since a text that is not complete is scanned
// from its start again.
func (s *stream) more() error {
	switch {
	case s.err != nil:
		return s.err
	case s.end:
		return io.ErrUnexpectedEOF
	case len(s.window) > s.max:
		s.err = &valueTooLargeError{s.max}
		return s.err
	}
	got := 0
	for need := max(len(s.window)/2, 1); got < need && !s.end && s.err == nil; {
		s.makeRoom()
		n, err := s.in.r.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer = s.buffer[:len(s.buffer)+n]
		s.window = s.buffer[len(s.buffer)-n-len(s.window):]
		got += n
		switch {
		case errors.Is(err, io.EOF):
			s.end = true
		case err != nil:
			s.err = err
		}
	}
	if got == 0 {
		return s.more() // which says why
	}
	return nil
}

// makeRoom moves the window where there is no room behind it: to the start of the
// buffer, or into a new one.
func (s *stream) makeRoom() {
	if len(s.buffer) < cap(s.buffer) {
		return
	}
	s.line()
	to := s.buffer[:0]
	if s.kept || len(s.window) > cap(s.buffer)/2 {
		to = make([]byte, 0, max(2*len(s.window), firstWindow))
		s.kept = false // the value that was handed out stays in the old one
	}
	s.buffer = append(to, s.window...)
	s.window, s.counted = s.buffer, 0
}

var newline = []byte("\n")

// take passes over the first n bytes of the window.
func (s *stream) take(n int) {
	s.taken += int64(n)
	s.window = s.window[n:]
}

// line is the number of line breaks in front of the window. They are counted when somebody
// asks, and before the bytes are given up.
func (s *stream) line() int {
	at := len(s.buffer) - len(s.window)
	s.lines += bytes.Count(s.buffer[s.counted:at], newline)
	s.counted = at
	return s.lines
}

// offset is the place of the next byte in the document.
func (s *stream) offset() int64 { return s.taken }

// next returns the next byte that is no white space, without taking it.
func (s *stream) next() (byte, error) {
	for {
		n := skipSpace(s.window, 0)
		if n > 0 {
			s.take(n)
		}
		if len(s.window) > 0 {
			return s.window[0], nil
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}
