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

type valueTooLargeError struct{ max int }

func (e *valueTooLargeError) Error() string {
	return fmt.Sprintf("a value is larger than %d bytes", e.max)
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

// within makes an error of the window one of the document.
func (s *stream) within(err *syntaxError) error {
	err.line = s.line() + bytes.Count(s.window[:err.at], newline)
	err.at += s.taken
	return err
}

// pos is the place of a byte offset in the document, which must not lie before
// what was taken.
func (s *stream) pos(offset int64) source.Pos {
	at := min(max(offset-s.taken, 0), int64(len(s.window)))
	line := s.in.lines + s.line() + bytes.Count(s.window[:at], []byte("\n")) + 1
	return source.Pos{Line: line, Byte: int(s.in.offset + offset)}
}

// diagnose turns an error of the methods above into a diagnostic. A failure to
// read, as opposed to something wrong in what was read, is returned as an error.
func (s *stream) diagnose(err error) (diag.Diagnostic, error) {
	var (
		large  *valueTooLargeError
		syntax *syntaxError
		kind   *wrongKindError
	)
	offset := s.taken
	d := diag.Diagnostic{Severity: diag.Error}
	switch {
	case errors.As(s.err, &large):
		d.Summary = "a value in the file is too large"
		d.Detail = fmt.Sprintf("A single value, such as one resource, has more than %d bytes. Nothing behind it was read; leave the resource out or raise the limit.", large.max)
	case s.err != nil:
		return d, s.err
	case errors.As(err, &kind):
		d.Summary = "the file is not in the expected format"
		d.Detail = fmt.Sprintf("At byte %d, %s. Make the file anew with \"terraform show -json\".", s.in.offset+offset, kind)
	case errors.Is(err, io.ErrUnexpectedEOF):
		offset = s.taken + int64(len(s.window))
		d.Summary = "the file ends in the middle"
		d.Detail = fmt.Sprintf("The JSON document is cut off at byte %d. What came before it was read; make the file anew with \"terraform show -json\".", s.in.offset+offset)
	case errors.As(err, &syntax):
		offset = syntax.at
		d.Summary = "the file is not valid JSON"
		if syntax.twice {
			d.Summary = "a name occurs twice in one object"
		}
		d.Detail = fmt.Sprintf("At byte %d: %s. What came before it was read; make the file anew with \"terraform show -json\".", s.in.offset+offset, strings.TrimSuffix(syntax.text, "."))
	default:
		return d, err
	}
	at := s.pos(offset)
	if syntax != nil {
		at.Line = s.in.lines + syntax.line + 1
	}
	d.Subject = source.Range{Path: s.path, Start: at, End: at}
	return d, nil
}
