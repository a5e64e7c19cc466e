package policy

import (
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// scratch is the memory for the nodes of one text. They are of no use once the document
// is made, and take some times the memory of it, so the next text gets it: most inputs
// have many small policies.
type scratch struct {
	dec     jsontext.Decoder
	items   []node // of the lists being read, those of inner ones last
	fields  []member
	nodes   slab[node]
	members slab[member]
	text    []byte // a copy for the decoder

	size  int // what survey tells of the text
	plain bool
}

// maxScratch bounds what is left for the next text, in nodes and members of each kind: a
// policy of 20 KB, the most that a service takes, has a thousand.
const maxScratch = 2048

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// maxText bounds the text for which memory is left, in bytes.
const maxText = 64 << 10

// bytes is a copy of a text, until the next one.
func (s *scratch) bytes(text string) []byte {
	if len(text) > maxText {
		return []byte(text)
	}
	s.text = append(s.text[:0], text...)
	return s.text
}

// release gives the scratch to whoever reads next. Its texts are let go.
func (s *scratch) release() {
	s.items, s.fields = cleared(s.items), cleared(s.fields)
	s.nodes, s.members = cleared(s.nodes), cleared(s.members)
	s.dec.Reset(noText{})
	scratches.Put(s)
}

type noText struct{}

func (noText) Read([]byte) (int, error) { return 0, io.EOF }

func cleared[S ~[]T, T any](s S) S {
	if cap(s) > maxScratch {
		return nil
	}
	clear(s)
	return s[:0]
}

// pop copies the end of a list from start on to a slab, and takes it off the list.
func pop[T any](list *[]T, start int, s *slab[T]) []T {
	top := (*list)[start:]
	kept := s.keep(top)
	clear(top)
	*list = (*list)[:start]
	return kept
}

// slab is memory from which lists are cut.
type slab[T any] []T

// keep copies a list. Where there is no room for it the lists so far keep their memory,
// and a larger slab is begun.
func (s *slab[T]) keep(list []T) []T {
	if len(list) == 0 {
		return nil
	}
	if cap(*s)-len(*s) < len(list) {
		*s = make([]T, 0, max(2*cap(*s), len(list), 16))
	}
	start := len(*s)
	*s = append(*s, list...)
	return (*s)[start:len(*s):len(*s)]
}
