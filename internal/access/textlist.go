package access

import (
	"hash/maphash"
	"math/bits"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A textList is the index of a list of texts that many are looked for in.
type textList struct {
	looked int // how often, until there is an index
	seed   maphash.Seed
	// texts finds the entries by their texts, and open those that end in "*" by what is in
	// front of it. A slot is the number of an entry, from 1 on; the entry is in the first one
	// that is free from where the hash points to. nil: there is no index yet.
	texts, open []int32
	// lengths tells how long those of open are; the last bit is for all from there on. None
	// that is shorter than the text up to its colon holds it, unless one has no colon.
	lengths  uint64
	longest  int
	heads    heads
	anywhere bool
}

// An index pays from how many texts on, and how long a list.
const (
	manyLooks   = 3
	manyEntries = 8
)

// listOf is the index of a list; nil where it would not pay.
func (r *reader) listOf(list []policy.Value) *textList {
	if len(list) < manyEntries {
		return nil
	}
	x := r.lists[&list[0]]
	if x == nil {
		if r.lists == nil {
			r.lists = map[*policy.Value]*textList{}
		}
		x = &textList{}
		r.lists[&list[0]] = x
	}
	if x.looked++; x.looked < manyLooks {
		return nil
	}
	if x.texts == nil {
		r.left -= len(list)
		x.fill(list)
	}
	return x
}

func (x *textList) fill(list []policy.Value) {
	x.seed = maphash.MakeSeed()
	open := 0
	x.texts = make([]int32, slots(len(list)))
	for i := range list {
		text := list[i].Text
		x.put(x.texts, text, i)
		if strings.HasSuffix(text, "*") {
			open++
		}
	}
	x.open = make([]int32, slots(open))
	for i := range list {
		if head, ok := strings.CutSuffix(list[i].Text, "*"); ok {
			x.put(x.open, head, i)
			x.lengths |= 1 << min(len(head), 63)
			x.longest = max(x.longest, len(head))
			x.heads.add(head, false)
			x.anywhere = x.anywhere || !strings.Contains(head, ":")
		}
	}
}

// slots is a power of two, so that at most half of as many are taken.
func slots(n int) int { return 1 << bits.Len(uint(2*n)) }

func (x *textList) put(in []int32, text string, entry int) {
	at := x.slot(in, text)
	for in[at] != 0 {
		at = (at + 1) & (len(in) - 1)
	}
	in[at] = int32(entry) + 1
}

func (x *textList) slot(in []int32, text string) int {
	return int(maphash.String(x.seed, text)) & (len(in) - 1)
}

// find returns the number of an entry.
func (x *textList) find(list []policy.Value, text string) (int, bool) {
	for at := x.slot(x.texts, text); x.texts[at] != 0; at = (at + 1) & (len(x.texts) - 1) {
		if i := int(x.texts[at]) - 1; list[i].Text == text {
			return i, true
		}
	}
	return 0, false
}

// holds reports whether an entry that ends in "*" holds text.
func (x *textList) holds(list []policy.Value, text string, colons int) bool {
	if x.longest > 0 && x.heads.lack(text) {
		return false
	}
	n := 0
	if !x.anywhere {
		n = strings.IndexByte(text, ':') + 1
	}
	for ; n <= min(len(text), x.longest); n++ {
		if x.lengths>>min(n, 63)&1 == 0 {
			continue
		}
		head := text[:n]
		for at := x.slot(x.open, head); x.open[at] != 0; at = (at + 1) & (len(x.open) - 1) {
			if t := list[x.open[at]-1].Text; t[:len(t)-1] == head {
				if holdsText(t, text, colons) {
					return true
				}
				break // all entries that begin so are the same
			}
		}
	}
	return false
}
