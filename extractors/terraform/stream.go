package terraform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// stream reads one JSON document. It holds a window of it: what is read and not yet
// taken, and the value at hand. It refuses what is not valid JSON, names that occur
// twice in an object that is looked at, and nesting beyond maxNesting.
//
// It is no general decoder, because passing over values is what takes the time with
// plans, and general decoders check every name in them.
type stream struct {
	in   *input
	path string
	max  int // of the window, in bytes

	window    []byte // from the next byte on; a part of buffer
	buffer    []byte
	taken     int64 // bytes of the document in front of window
	lines     int   // line breaks in front of buffer[counted:]
	counted   int
	end       bool  // the input has ended
	err       error // what went wrong with reading, as opposed to with the JSON
	kept      bool  // a value that was handed out must stay
	keptAt    int64 // and where it began
	keptLines int

	depth   int // of the objects and arrays that are open
	walker  walker
	names   *nameSet
	parts   parts
	words   map[string]string // names and words that occur again and again
	recent  [256]string       // the last of them, by their ends
	decoded []byte            // a text with escapes, decoded
}

const (
	firstWindow = 64 << 10
	maxWords    = 4096
	maxWord     = 64 // bytes of a word that is shared
)

func newStream(in *input, path string, maxValue int) *stream {
	return &stream{in: in, path: path, max: maxValue, names: newNameSet(), words: map[string]string{}, buffer: make([]byte, 0, firstWindow)}
}

// peek returns the kind of the value that comes next; 0 when none does.
func (s *stream) peek() jsontext.Kind {
	c, err := s.next()
	if err != nil {
		return 0
	}
	switch c {
	case '{', '[', '"', 't', 'f', 'n':
		return jsontext.Kind(c)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return '0'
	}
	return 0
}

// unexpected is the error for the byte that comes next.
func (s *stream) unexpected(want string) error {
	return &syntaxError{at: s.taken, line: s.line(), text: fmt.Sprintf("expected %s, not %s", want, quoteByte(s.window[0]))}
}

// object calls member for each member of the object that comes next; member must
// take the value. A null is an object without members.
func (s *stream) object(where string, member func(name string) error) error {
	if open, err := s.open('{', "an object", where); !open {
		return err
	}
	var seen names
	for first := true; ; first = false {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c == '}' {
			return s.close()
		}
		if !first {
			if c != ',' {
				return s.unexpected("',' or the end of the object")
			}
			s.take(1)
			if c, err = s.next(); err != nil {
				return err
			}
		}
		if c != '"' {
			return s.unexpected("a name in quotes")
		}
		at := s.taken
		name, err := s.word(s.share)
		if err != nil {
			return err
		}
		if !seen.add(name) {
			return &syntaxError{at: at, line: s.line(), text: fmt.Sprintf("the name %q occurs twice", limited(name)), twice: true}
		}
		if c, err = s.next(); err != nil {
			return err
		}
		if c != ':' {
			return s.unexpected("':' behind a name")
		}
		s.take(1)
		if err := member(name); err != nil {
			return err
		}
	}
}

// names are those of one object.
type names struct {
	few  [16]string
	n    int // of few
	many map[string]bool
}

// add reports false when the name is there already.
func (n *names) add(name string) bool {
	if n.many != nil {
		if n.many[name] {
			return false
		}
		n.many[name] = true
		return true
	}
	if slices.Contains(n.few[:n.n], name) {
		return false
	}
	if n.n < len(n.few) {
		n.few[n.n] = name
		n.n++
		return true
	}
	n.many = map[string]bool{name: true}
	for _, old := range n.few {
		n.many[old] = true
	}
	return true
}

// array calls element for each element of the array that comes next; element must
// take the value. A null is an array without elements.
func (s *stream) array(where string, element func() error) error {
	if open, err := s.open('[', "an array", where); !open {
		return err
	}
	for first := true; ; first = false {
		c, err := s.next()
		if err != nil {
			return err
		}
		if c == ']' {
			return s.close()
		}
		if !first {
			if c != ',' {
				return s.unexpected("',' or the end of the array")
			}
			s.take(1)
			if c, err = s.next(); err != nil {
				return err
			}
			if c == ']' {
				return s.unexpected("a value")
			}
		}
		if err := element(); err != nil {
			return err
		}
	}
}

func (s *stream) open(kind jsontext.Kind, want, where string) (bool, error) {
	switch got := s.peek(); got {
	case kind:
		if s.depth++; s.depth > maxNesting {
			return false, &syntaxError{at: s.taken, line: s.line(), text: fmt.Sprintf("nested deeper than %d levels", maxNesting)}
		}
		s.take(1)
		return true, nil
	case 'n':
		return false, s.skip()
	case 0:
		return false, s.skip() // which says what is wrong
	default:
		return false, &wrongKindError{where, want, got}
	}
}

func (s *stream) close() error {
	s.depth--
	s.take(1)
	return nil
}

// text reads a string; null is "".
func (s *stream) text(where string) (string, error) { return s.textOf(where, alone) }

// shared is text for what has few different values, such as types.
func (s *stream) shared(where string) (string, error) { return s.textOf(where, s.share) }

// partOf is text for what is most often a part of another text, whose memory it shares.
func (s *stream) partOf(whole, where string) (string, error) {
	return s.textOf(where, func(v []byte) string {
		if i := strings.LastIndex(whole, string(v)); i >= 0 {
			return whole[i : i+len(v)]
		}
		return string(v)
	})
}

// alone is a text in memory of its own.
func alone(v []byte) string { return string(v) }

// textOf reads a string that keep makes of its bytes.
func (s *stream) textOf(where string, keep func([]byte) string) (string, error) {
	switch k := s.peek(); k {
	case '"':
		return s.word(keep)
	case 'n', 0:
		return "", s.skip()
	default:
		return "", &wrongKindError{where, "a string", k}
	}
}

// word reads a string that comes next.
func (s *stream) word(keep func([]byte) string) (string, error) {
	end, err := scanString(s.window, 0)
	for err == nil && end < 0 {
		if err := s.more(); err != nil {
			return "", err
		}
		end, err = scanString(s.window, 0)
	}
	if err != nil {
		return "", s.within(err)
	}
	v := s.window[:end]
	s.take(end)
	if bytes.IndexByte(v, '\\') < 0 {
		return keep(v[1 : end-1]), nil
	}
	s.decoded, _ = jsontext.AppendUnquote(s.decoded[:0], v) // checked before
	return keep(s.decoded), nil
}

// share is a word, of which the next of the same text costs no memory, as a string that all of the same text have in common, as far as they
// are kept.
func (s *stream) share(v []byte) string {
	n := len(v)
	if n == 0 || n > maxWord {
		return string(v)
	}
	last := &s.recent[(int(v[0])+31*int(v[n-1])+7*n)%len(s.recent)]
	if string(v) != *last {
		*last = s.known(v)
	}
	return *last
}

// known is the word of a text, which is kept.
func (s *stream) known(v []byte) string {
	if word, ok := s.words[string(v)]; ok {
		return word
	}
	word := string(v)
	if len(s.words) < maxWords {
		s.words[word] = word
	}
	return word
}

// boolean reads true or false; null is false.
func (s *stream) boolean(where string) (bool, error) {
	switch k := s.peek(); k {
	case 't', 'f', 'n', 0:
		return k == 't', s.skip()
	default:
		return false, &wrongKindError{where, "true or false", k}
	}
}

// value reads any value. It is valid until the next call.
func (s *stream) value() (jsontext.Value, error) { return s.whole(s.names, nil) }

// keep reads a value that stays valid until forget, and where its members lie. Unless
// strict is set, names that occur twice in it are only refused by once.
func (s *stream) keep(strict bool) (jsontext.Value, []span, error) {
	var names *nameSet
	if strict {
		names = s.names
	}
	v, err := s.whole(names, &s.parts)
	s.kept = true
	return v, s.parts.list, err
}

// once refuses names that occur twice in an object of the value that was kept last.
func (s *stream) once(v jsontext.Value) error {
	s.walker.reset(s.names, nil)
	if _, _, err := s.walker.run(v, 0); err != nil {
		err.line = s.keptLines + bytes.Count(v[:err.at], newline)
		err.at += s.keptAt
		return err
	}
	return nil
}

// forget gives up the value that was kept.
func (s *stream) forget() { s.kept = false }

func (s *stream) whole(names *nameSet, parts *parts) (jsontext.Value, error) {
	if _, err := s.next(); err != nil {
		return nil, err
	}
	s.keptAt, s.keptLines = s.taken, s.line()
	s.walker.reset(names, parts)
	for at := 0; ; {
		next, done, err := s.walker.run(s.window, at)
		switch {
		case err != nil:
			return nil, s.within(err)
		case done:
			v := s.window[:next:next]
			s.take(next)
			return v, nil
		}
		at = next
		if err := s.more(); err != nil {
			return nil, err
		}
	}
}

// skip passes over a value.
func (s *stream) skip() error {
	if _, err := s.next(); err != nil {
		return err
	}
	s.walker.reset(nil, nil)
	for {
		next, done, err := s.walker.run(s.window, 0)
		if err != nil {
			return s.within(err)
		}
		s.take(next)
		if done {
			return nil
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}
