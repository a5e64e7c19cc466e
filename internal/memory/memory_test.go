package memory

import (
	"runtime"
	"testing"
)

func TestGrowthAfter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		live       uint64
		collecting float64
		want       int
	}{
		{0, 0, 800}, {1 << 20, 0, 800}, {12 << 20, 0, 300}, {16 << 20, 0, 200}, {24 << 20, 0, 100}, {32 << 20, 0, 50}, {48 << 20, 0, 20}, {1 << 40, 0, 20},
		{24 << 20, 1, 100}, {32 << 20, 1, 50}, {48 << 20, 1, 50}, {1 << 40, 1, 50},
	} {
		if got := growthAfter(tt.live, tt.collecting); got != tt.want {
			t.Errorf("%d bytes, %v of the time: %d, want %d", tt.live, tt.collecting, got, tt.want)
		}
	}
}

// TestAfterCollection: it is not only the first collection that is noticed.
func TestAfterCollection(t *testing.T) {
	t.Parallel()
	noticed := make(chan struct{}, 1)
	afterCollection(func() {
		select {
		case noticed <- struct{}{}:
		default:
		}
	})
	for range 3 {
		runtime.GC()
		<-noticed
	}
	if u := inUse(); u.live == 0 || u.collecting <= 0 || u.collecting >= 1 {
		t.Errorf("in use: %+v", u)
	}
}
