// Package memory says when garbage is collected, which decides between the memory that a
// large input takes and the time.
package memory

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Garbage is collected by default when the heap has doubled, which for a usual plan is
// every few milliseconds, and was a quarter of the time of its scan. So up to roomy bytes
// are used before anything is collected. Beyond them it is when the heap has grown by
// closePercent, as long as collecting has not taken more than a part of the time: a large
// plan is read with little garbage, and what there is of it is worth taking away for those
// who run it in small containers. Deciding much makes much of it, and then it is when the
// heap has grown by usualPercent.
const (
	roomy          = 48 << 20
	closePercent   = 20
	usualPercent   = 50
	highestPercent = 800
	mostOfTime     = 0.25
)

// Spare sets how far the heap may grow, and again after each collection, unless the user
// does with GOGC or GOMEMLIMIT.
func Spare(getenv func(string) string) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(highestPercent)
	afterCollection(func() {
		u := inUse()
		debug.SetGCPercent(growthAfter(u.live, u.collecting))
	})
}

// growthAfter is by how many percent the heap may grow over what is live, when collecting
// has taken a part of the time.
func growthAfter(live uint64, collecting float64) int {
	if live == 0 {
		return highestPercent
	}
	percent := uint64(closePercent)
	if collecting > mostOfTime {
		percent = usualPercent
	}
	return int(min(max(roomy*100/live, percent+100)-100, highestPercent))
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

// usage is what was in use at the last collection, in bytes, and which part of the
// processor time went into collecting.
type usage struct {
	live       uint64
	collecting float64
}

// inUse is the usage as the runtime knows it. What is done on a processor that has nothing
// else to do counts as well: somebody pays for it.
func inUse() usage {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/user:cpu-seconds"}}
	metrics.Read(samples)
	var u usage
	if samples[0].Value.Kind() == metrics.KindUint64 {
		u.live = samples[0].Value.Uint64()
	}
	if samples[1].Value.Kind() == metrics.KindFloat64 && samples[2].Value.Kind() == metrics.KindFloat64 {
		gc, user := samples[1].Value.Float64(), samples[2].Value.Float64()
		u.collecting = gc / max(gc+user, 1e-9)
	}
	return u
}
