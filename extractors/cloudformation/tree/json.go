package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/internal/source"
)

// jsonReader builds nodes from JSON. What precedes a mistake is kept.
type jsonReader struct {
	doc    *Document
	text   []byte
	dec    *jsontext.Decoder
	limits Limits
	nodes  int
	last   source.Pos // a position, from which later ones are counted
}

// errStop ends the reading after a mistake, which has been reported.
var errStop = errors.New("stop")

func (d *Document) readJSON(text []byte, l Limits) {
	r := &jsonReader{
		doc: d, text: text, limits: l, last: source.Pos{Line: 1, Column: 1},
		dec: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)),
	}
	root, err := r.value(0)
	d.Root = root
	if err != nil {
		return
	}
	at := r.next(int(r.dec.InputOffset()))
	if at < len(text) {
		d.fail(r.position(at), "text follows the template", "Expected the end of the file behind the closing brace. Remove what follows.")
	}
}

// value reads one value. With an error it returns what there is of it.
func (r *jsonReader) value(depth int) (*Node, error) {
	tok, at, err := r.token()
	if err != nil {
		return nil, err
	}
	start := r.position(at)
	if r.nodes++; r.nodes > r.limits.Nodes {
		r.doc.fail(start, "the template holds too much", fmt.Sprintf("At most %d values are read. Split the template.", r.limits.Nodes))
		return nil, errStop
	}
	n := &Node{size: 1}
	switch kind := tok.Kind(); kind {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		if depth >= r.limits.Depth {
			r.doc.fail(start, "the template nests too deep", fmt.Sprintf("Lists and maps may nest %d deep. Remove the inner ones.", r.limits.Depth))
			return nil, errStop
		}
		n, err = r.container(kind, depth)
	case jsontext.KindString:
		n.Kind, n.Value = String, tok.String()
		n.raw, n.rawAt = string(r.text[at:r.dec.InputOffset()]), start
	case jsontext.KindNumber:
		n.Kind, n.Value = Number, tok.String()
	case jsontext.KindTrue, jsontext.KindFalse:
		n.Kind, n.Value = Bool, tok.String()
	default:
		n.Kind = Null
	}
	n.Range = source.Range{Path: r.doc.Path, Start: start, End: r.position(int(r.dec.InputOffset()))}
	return normal(n), err
}

// container reads the rest of an object or a list.
func (r *jsonReader) container(kind jsontext.Kind, depth int) (*Node, error) {
	n := &Node{Kind: List, size: 1}
	end := jsontext.KindEndArray
	var seen map[string]int
	if kind == jsontext.KindBeginObject {
		n.Kind, end, seen = Map, jsontext.KindEndObject, map[string]int{}
	}
	for r.dec.PeekKind() != end {
		if n.Kind == List {
			item, err := r.value(depth + 1)
			if item != nil {
				n.Items = append(n.Items, item)
				n.size = grow(n.size, item.size)
			}
			if err != nil {
				return n, err
			}
			continue
		}
		tok, at, err := r.token()
		if err != nil {
			return n, err
		}
		f := Field{Key: tok.String()}
		f.At = source.Range{Path: r.doc.Path, Start: r.position(at), End: r.position(int(r.dec.InputOffset()))}
		f.Value, err = r.value(depth + 1)
		if f.Value != nil {
			n.addField(r.doc, seen, f)
		}
		if err != nil {
			return n, err
		}
	}
	_, _, err := r.token()
	return n, err
}

// addField adds a field. Of two of one key the last one counts for the service, and
// whoever reads the template may take the other; both are told.
func (n *Node) addField(d *Document, seen map[string]int, f Field) {
	n.size = grow(n.size, f.Value.size)
	if i, twice := seen[f.Key]; twice {
		d.fail(f.At.Start, fmt.Sprintf("the key %s occurs twice", quoted(f.Key)), fmt.Sprintf(
			"Expected each key of a map once; it is also on line %d, and readers differ on which one counts. Remove one of them.", n.Fields[i].At.Start.Line))
		n.Fields[i] = f
		return
	}
	seen[f.Key] = len(n.Fields)
	n.Fields = append(n.Fields, f)
}

// token reads one token and where it starts.
func (r *jsonReader) token() (jsontext.Token, int, error) {
	at := r.next(int(r.dec.InputOffset()))
	tok, err := r.dec.ReadToken()
	if err != nil {
		r.syntax(err)
		return tok, at, errStop
	}
	return tok, at, nil
}

// next is where the token behind offset starts: the decoder's offset is the end of the
// token before, with blanks, comma or colon still to come.
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

// position is the place of a byte offset; offsets mostly grow.
func (r *jsonReader) position(at int) source.Pos {
	if at < r.last.Byte {
		return advance(source.Pos{Line: 1, Column: 1}, string(r.text[:at]))
	}
	r.last = advance(r.last, string(r.text[r.last.Byte:at]))
	return r.last
}

// syntax reports what the decoder does not take.
func (r *jsonReader) syntax(err error) {
	at, message := int(r.dec.InputOffset()), err.Error()
	if se := (*jsontext.SyntacticError)(nil); errors.As(err, &se) {
		at, message = int(se.ByteOffset), se.Err.Error()
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		r.doc.fail(r.position(len(r.text)), "the template ends too early", "Expected more JSON: a list, map or text is not closed. Give the whole file.")
	case !utf8.Valid(r.text):
		r.doc.fail(r.position(min(at, len(r.text))), "the template is not valid UTF-8", "Expected JSON in UTF-8. Save the file in that encoding.")
	default:
		r.doc.fail(r.position(min(at, len(r.text))), "the template is not valid JSON", fmt.Sprintf("Expected JSON, but %s. Fix the syntax here.", message))
	}
}
