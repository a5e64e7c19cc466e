package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Garbage is collected by default when the heap has doubled, which for a usual plan is
// every few milliseconds, and was a quarter of the time of its scan. So up to roomy bytes
// are used before anything is collected. Beyond them it is when the heap has grown by half:
// where little changes, that takes a twentieth more time for a large plan, and saves a tenth
// to a third of the memory, which those who run it in small containers have less of.
const (
	roomy          = 48 << 20
	usualPercent   = 50
	highestPercent = 800
)

// spareCollections sets how far the heap may grow, and again after each collection,
// unless the user does with GOGC or GOMEMLIMIT.
func spareCollections(getenv func(string) string) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(highestPercent)
	afterCollection(func() { debug.SetGCPercent(growthAfter(liveHeap())) })
}

// growthAfter is by how many percent the heap may grow over what is live.
func growthAfter(live uint64) int {
	if live == 0 {
		return highestPercent
	}
	return int(min(max(roomy*100/live, usualPercent+100)-100, highestPercent))
}

// afterCollection calls f behind each collection: a value that nothing refers to is found
// by every one of them.
func afterCollection(f func()) {
	type mark struct{ _ [16]byte } // large enough to be allocated on its own
	runtime.SetFinalizer(new(mark), func(*mark) {
		afterCollection(f) // first, so that the next one is noticed even if f takes long
		f()
	})
}

// liveHeap is what was in use at the last collection, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
