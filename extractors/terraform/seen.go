package terraform

import "hash/maphash"

// seen tells what occurs twice in a long list, by hashes: their seed is random, so that no
// input can be made in which two collide.
type seen struct {
	seed   maphash.Seed
	hashes map[uint64]struct{}
}

func newSeen(n int) *seen {
	return &seen{maphash.MakeSeed(), make(map[uint64]struct{}, n)}
}

// add reports whether the parts, in their order, are there for the first time.
func (s *seen) add(parts ...string) bool {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, p := range parts {
		_, _ = h.WriteString(p)
		_ = h.WriteByte(0)
	}
	n := len(s.hashes)
	s.hashes[h.Sum64()] = struct{}{}
	return len(s.hashes) > n
}
