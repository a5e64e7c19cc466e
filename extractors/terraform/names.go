package terraform

import (
	"bytes"
	"hash/maphash"

	"github.com/go-json-experiment/json/jsontext"
)

// manyNames is how many names of one object are compared one by one.
const manyNames = 64

// nameSet finds names that occur twice in one object of a value. It keeps the names of
// the objects that are open. The seed of the hashes is random, so that no value can be
// made whose names collide.
type nameSet struct {
	seed   maphash.Seed
	names  []seenName
	levels []nameLevel // of the objects that are open, outermost first
}

type seenName struct {
	hash       uint64
	start, end int // in the value, with the quotes
}

type nameLevel struct {
	first int // its first name in nameSet.names
	many  map[uint64][]seenName
}

func newNameSet() *nameSet { return &nameSet{seed: maphash.MakeSeed()} }

func (s *nameSet) reset() { s.names, s.levels = s.names[:0], s.levels[:0] }

func (s *nameSet) enter() { s.levels = append(s.levels, nameLevel{first: len(s.names)}) }

func (s *nameSet) leave() {
	last := len(s.levels) - 1
	s.names = s.names[:s.levels[last].first]
	s.levels = s.levels[:last]
}

// add takes the name b[start:end] of the innermost object. It reports false when the
// object has it already.
func (s *nameSet) add(b []byte, start, end int) bool {
	n := seenName{maphash.Bytes(s.seed, unquoted(b[start:end])), start, end}
	level := &s.levels[len(s.levels)-1]
	if level.many != nil {
		for _, old := range level.many[n.hash] {
			if sameNames(b, old, n) {
				return false
			}
		}
		level.many[n.hash] = append(level.many[n.hash], n)
		return true
	}
	for _, old := range s.names[level.first:] {
		if old.hash == n.hash && sameNames(b, old, n) {
			return false
		}
	}
	s.names = append(s.names, n)
	if len(s.names)-level.first > manyNames {
		level.many = make(map[uint64][]seenName, 2*manyNames)
		for _, old := range s.names[level.first:] {
			level.many[old.hash] = append(level.many[old.hash], old)
		}
	}
	return true
}

func sameNames(b []byte, x, y seenName) bool {
	return bytes.Equal(unquoted(b[x.start:x.end]), unquoted(b[y.start:y.end]))
}

// unquoted is a name without its quotes and escapes.
func unquoted(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	name, _ := jsontext.AppendUnquote(nil, quoted) // checked before
	return name
}
