package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds on the text of one document. The largest quota of any policy is 20 KB
// ("Bucket policies", Amazon S3 User Guide); a real document nests seven deep.
const (
	// MaxText is the number of bytes that Parse reads at most.
	MaxText = 1 << 20
	// MaxDepth is how deep lists and objects may nest.
	MaxDepth = 32
	// MaxStatements is how many statements a document may have.
	MaxStatements = 4096
)

// syntaxError is trouble that ends the reading of a text.
type syntaxError struct {
	at               int // byte offset
	summary, message string
}

// jsonReader builds nodes from JSON text. Duplicate names are kept: the checks on
// nodes report them with their place.
type jsonReader struct {
	text  []byte
	whole string // text, of which strings without escapes are parts
	in    *written
	*scratch
}

// readJSON reads the text of in, which must be one JSON value, and keeps the nodes below it in a
// scratch.
func readJSON(in *written, s *scratch) (node, *syntaxError) {
	text := in.text
	switch {
	case len(text) > MaxText:
		return node{}, &syntaxError{0, "policy text is too long",
			fmt.Sprintf("The text has %d bytes; at most %d are read. Give one policy document, of the size the service takes.", len(text), MaxText)}
	case strings.HasPrefix(text, "\ufeff"):
		return node{}, &syntaxError{0, "policy text starts with a byte order mark",
			"Expected JSON, which starts with \"{\". Save the text as UTF-8 without a byte order mark."}
	case len(strings.Trim(text, " \t\r\n")) == 0:
		return node{}, &syntaxError{0, "policy text is empty",
			"Expected a JSON object with a Statement. Write a policy document."}
	}
	s.size, s.plain = survey(in.text)
	r := &jsonReader{
		text: s.bytes(text), whole: text,
		in: in, scratch: s,
	}
	r.dec.Reset(bytes.NewBuffer(r.text), jsontext.AllowDuplicateNames(true))
	n, err := r.value(0)
	if err == nil {
		err = r.end()
	}
	return n, err
}

// end checks that nothing follows the value.
func (r *jsonReader) end() *syntaxError {
	after := int(r.dec.InputOffset())
	if _, err := r.dec.ReadToken(); errors.Is(err, io.EOF) {
		return nil
	}
	after += len(r.text[after:]) - len(bytes.TrimLeft(r.text[after:], " \t\r\n"))
	return &syntaxError{after, "text follows the policy",
		"Expected the end of the text behind the policy document. Remove what follows."}
}

// value reads one value.
func (r *jsonReader) value(depth int) (node, *syntaxError) {
	tok, at, err := r.token()
	if err != nil {
		return node{}, err
	}
	n := node{}
	switch kind := tok.Kind(); kind {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		if depth >= MaxDepth {
			return n, &syntaxError{at, "policy text nests too deep",
				fmt.Sprintf("Lists and objects may nest %d deep, and a policy document needs seven. Remove the inner ones.", MaxDepth)}
		}
		if n, err = r.container(kind, depth); err != nil {
			return n, err
		}
	case jsontext.KindString:
		n.kind, n.text = stringNode, r.string(tok, at)
	case jsontext.KindNumber:
		// As written: 1.0 and 1 differ as text, and no digit may be lost.
		n.kind, n.text = numberNode, tok.String()
	case jsontext.KindTrue, jsontext.KindFalse:
		n.kind, n.text = boolNode, tok.String()
	default:
		n.kind, n.text = nullNode, tok.String()
	}
	n.at = r.in.at(at, int(r.dec.InputOffset()))
	return n, nil
}

// container reads the rest of an object or a list.
func (r *jsonReader) container(kind jsontext.Kind, depth int) (node, *syntaxError) {
	n := node{kind: arrayNode}
	end := jsontext.KindEndArray
	if kind == jsontext.KindBeginObject {
		n.kind, end = objectNode, jsontext.KindEndObject
	}
	items, fields := len(r.items), len(r.fields)
	for r.dec.PeekKind() != end {
		if n.kind == arrayNode {
			item, err := r.value(depth + 1)
			if err != nil {
				return n, err
			}
			r.items = append(r.items, item)
			continue
		}
		name, at, err := r.token()
		if err != nil {
			return n, err
		}
		m := member{name: r.string(name, at), at: r.in.at(at, int(r.dec.InputOffset()))}
		if m.value, err = r.value(depth + 1); err != nil {
			return n, err
		}
		r.fields = append(r.fields, m)
	}
	n.items, n.members = pop(&r.items, items, &r.nodes), pop(&r.fields, fields, &r.members)
	_, _, err := r.token()
	return n, err
}

// string is the text of a token that starts at an offset, if it is a string.
func (r *jsonReader) string(tok jsontext.Token, at int) string {
	raw := r.whole[at:r.dec.InputOffset()]
	if len(raw) < 2 || raw[0] != '"' || !r.plain && strings.IndexByte(raw, '\\') >= 0 {
		return tok.String()
	}
	return raw[1 : len(raw)-1]
}

// token reads one token and where it starts. The token is good until the next call.
func (r *jsonReader) token() (jsontext.Token, int, *syntaxError) {
	at := r.next(int(r.dec.InputOffset()))
	tok, err := r.dec.ReadToken()
	if err != nil {
		return tok, at, r.syntax(err)
	}
	return tok, at, nil
}

// next is where the token behind offset at starts: the decoder's offset is the end
// of the token before, with blanks, comma or colon still to come.
func (r *jsonReader) next(at int) int {
	for at < len(r.text) {
		switch r.text[at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			at++
		default:
			return at
		}
	}
	return at
}

// syntax turns an error of the decoder into ours.
func (r *jsonReader) syntax(err error) *syntaxError {
	at := int(r.dec.InputOffset())
	message := err.Error()
	if se := (*jsontext.SyntacticError)(nil); errors.As(err, &se) {
		at = int(se.ByteOffset)
		message = se.Err.Error()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &syntaxError{len(r.text), "policy text ends too early",
			"Expected more JSON: a list, object or string is not closed. Give the whole text."}
	}
	if at < len(r.text) && !utf8.Valid(r.text) {
		return &syntaxError{at, "policy text is not valid UTF-8",
			"Expected JSON in UTF-8. Save the text in that encoding."}
	}
	return &syntaxError{min(at, len(r.text)), "policy text is not valid JSON",
		fmt.Sprintf("Expected JSON, but %s. Fix the syntax here.", message)}
}
