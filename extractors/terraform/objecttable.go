package terraform

import (
	"hash/maphash"
	"iter"
)

// objectTable finds objects by a hash of what they are known by. There may be as many as
// the input has resources, and a map of texts takes several times the memory. Whoever asks
// compares what is found: hashes may be the same. Their seed is random, so that no plan can
// be made in which many are.
type objectTable struct {
	slots []objectSlot // a power of two of them
	taken int
}

// objectSlot is an entry: an object by its number, from 1 on; 0 is for a free one.
type objectSlot struct{ hash, object uint32 }

const firstSlots = 64

// at are the entries of a hash, in the order in which they were added.
func (t *objectTable) at(hash uint32) iter.Seq[*objectSlot] {
	return func(yield func(*objectSlot) bool) {
		if len(t.slots) == 0 {
			return
		}
		mask := len(t.slots) - 1
		for i := int(hash) & mask; t.slots[i].object != 0; i = (i + 1) & mask {
			if s := &t.slots[i]; s.hash == hash && !yield(s) {
				return
			}
		}
	}
}

// add adds an entry behind those of the same hash.
func (t *objectTable) add(hash, object uint32) {
	if t.taken >= len(t.slots)/4*3 {
		t.grow()
	}
	t.taken++
	t.put(objectSlot{hash, object})
}

func (t *objectTable) put(s objectSlot) {
	mask := len(t.slots) - 1
	i := int(s.hash) & mask
	for t.slots[i].object != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

// grow makes room. Entries of one hash keep their order, for which those that lie around
// the end are not begun in the middle.
func (t *objectTable) grow() {
	old := t.slots
	t.slots = make([]objectSlot, max(firstSlots, 2*len(old)))
	start := 0
	for start < len(old) && old[start].object != 0 {
		start++
	}
	for i := range old {
		if s := old[(start+i)%len(old)]; s.object != 0 {
			t.put(s)
		}
	}
}

// objectList holds objects in pieces, so that they stay where they are.
type objectList struct {
	pieces []*[pieceOfObjects]subjectObject
	n      int
}

const pieceOfObjects = 64

// next is room for one more object, and its number.
func (l *objectList) next() (*subjectObject, uint32) {
	if l.n%pieceOfObjects == 0 {
		l.pieces = append(l.pieces, new([pieceOfObjects]subjectObject))
	}
	l.n++
	return l.numbered(uint32(l.n)), uint32(l.n)
}

// numbered is the object of a number.
func (l *objectList) numbered(n uint32) *subjectObject {
	return &l.pieces[(n-1)/pieceOfObjects][(n-1)%pieceOfObjects]
}

// hashOf is the hash of what several parts are together.
func (ix *objectIndex) hashOf(parts ...string) uint32 {
	var sum uint64
	for _, p := range parts {
		sum = sum*31 + maphash.String(ix.seed, p)
	}
	return uint32(sum ^ sum>>32)
}
