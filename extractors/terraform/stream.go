package terraform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/internal/diag"
	"github.com/grantdiff/grantdiff/internal/source"
)

// stream reads one JSON document. The decoder below it refuses duplicate names,
// invalid UTF-8 and nesting beyond 10,000 levels.
type stream struct {
	in   *input
	path string
	dec  *jsontext.Decoder
	g    *guard
}

func newStream(in *input, path string, maxValue int) *stream {
	s := &stream{in: in, path: path}
	s.g = &guard{r: in.r, max: int64(maxValue), taken: func() int64 { return 0 }}
	s.dec = jsontext.NewDecoder(s.g)
	s.g.taken = s.dec.InputOffset
	return s
}

// wrongKindError is a value of another JSON type than the format has there.
type wrongKindError struct {
	where string
	want  string
	got   jsontext.Kind
}

func (e *wrongKindError) Error() string {
	return fmt.Sprintf("%s is %s, expected %s", e.where, kindName(e.got), e.want)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{', '}':
		return "an object"
	case '[', ']':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "no value"
}

// object calls member for each member of the object that comes next; member must
// take the value. A null is an object without members.
func (s *stream) object(where string, member func(name string) error) error {
	if open, err := s.open('{', "an object", where); !open {
		return err
	}
	for s.dec.PeekKind() != '}' {
		name, err := s.dec.ReadToken()
		if err != nil {
			return err
		}
		if err := member(name.String()); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

// array calls element for each element of the array that comes next; element must
// take the value. A null is an array without elements.
func (s *stream) array(where string, element func() error) error {
	if open, err := s.open('[', "an array", where); !open {
		return err
	}
	for s.dec.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

func (s *stream) open(kind jsontext.Kind, want, where string) (bool, error) {
	got := s.dec.PeekKind()
	switch got {
	case kind:
		_, err := s.dec.ReadToken()
		return err == nil, err
	case 'n':
		_, err := s.dec.ReadToken()
		return false, err
	case '{', '[', '"', '0', 't', 'f':
		return false, &wrongKindError{where, want, got}
	}
	_, err := s.dec.ReadToken() // whatever it is, this names it
	if err == nil {
		err = &wrongKindError{where, want, got}
	}
	return false, err
}

// text reads a string; null is "".
func (s *stream) text(where string) (string, error) {
	k := s.dec.PeekKind()
	switch k {
	case '"', 'n':
		t, err := s.dec.ReadToken()
		if err != nil || k == 'n' {
			return "", err
		}
		return t.String(), nil
	case '{', '[', '0', 't', 'f':
		return "", &wrongKindError{where, "a string", k}
	}
	_, err := s.dec.ReadToken()
	return "", err
}

// boolean reads true or false; null is false.
func (s *stream) boolean(where string) (bool, error) {
	k := s.dec.PeekKind()
	switch k {
	case 't', 'f', 'n':
		_, err := s.dec.ReadToken()
		return k == 't', err
	case '{', '[', '0', '"':
		return false, &wrongKindError{where, "true or false", k}
	}
	_, err := s.dec.ReadToken()
	return false, err
}

// value reads any value. It is valid until the next call.
func (s *stream) value() (jsontext.Value, error) { return s.dec.ReadValue() }

func (s *stream) skip() error { return s.dec.SkipValue() }

// pos is the place of a byte offset in the document, which must not lie before
// what the decoder has taken.
func (s *stream) pos(offset int64) source.Pos {
	behind := s.dec.UnreadBuffer()
	at := min(max(offset-s.dec.InputOffset(), 0), int64(len(behind)))
	line := s.in.lines + s.g.lines - bytes.Count(behind[at:], []byte("\n")) + 1
	return source.Pos{Line: line, Byte: int(s.in.offset + offset)}
}

// diagnose turns an error of the methods above into a diagnostic. A failure to
// read, as opposed to something wrong in what was read, is returned as an error.
func (s *stream) diagnose(err error) (diag.Diagnostic, error) {
	var (
		large  *valueTooLargeError
		syntax *jsontext.SyntacticError
		kind   *wrongKindError
	)
	offset := s.dec.InputOffset()
	d := diag.Diagnostic{Severity: diag.Error}
	switch {
	case errors.As(s.g.err, &large):
		d.Summary = "a value in the file is too large"
		d.Detail = fmt.Sprintf("A single value, such as one resource, has more than %d bytes. Nothing behind it was read; leave the resource out or raise the limit.", large.max)
	case s.g.err != nil:
		return d, s.g.err
	case errors.As(err, &kind):
		behind := s.dec.UnreadBuffer()
		offset += int64(len(behind) - len(bytes.TrimLeft(behind, " \t\r\n:,")))
		d.Summary = "the file is not in the expected format"
		d.Detail = fmt.Sprintf("At byte %d, %s. Make the file anew with \"terraform show -json\".", s.in.offset+offset, kind)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		offset = s.g.given
		d.Summary = "the file ends in the middle"
		d.Detail = fmt.Sprintf("The JSON document is cut off at byte %d. What came before it was read; make the file anew with \"terraform show -json\".", s.in.offset+offset)
	case errors.As(err, &syntax):
		offset = syntax.ByteOffset
		d.Summary = "the file is not valid JSON"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			d.Summary = "a name occurs twice in one object"
		}
		d.Detail = fmt.Sprintf("At byte %d: %s. What came before it was read; make the file anew with \"terraform show -json\".", s.in.offset+offset, syntaxText(syntax))
	default:
		return d, err
	}
	at := s.pos(offset)
	d.Subject = source.Range{Path: s.path, Start: at, End: at}
	return d, nil
}

// syntaxText is the cause without the decoder's prefix and its echo of the input
// path, which repeats names of the plan.
func syntaxText(e *jsontext.SyntacticError) string {
	if e.Err == nil {
		return "not valid JSON"
	}
	text := strings.TrimPrefix(e.Err.Error(), "jsontext: ")
	if p := e.JSONPointer; p != "" {
		if len(p) > 200 {
			p = p[:200] + "..."
		}
		text += fmt.Sprintf(" (in %q)", string(p))
	}
	return text
}
