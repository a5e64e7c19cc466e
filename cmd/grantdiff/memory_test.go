package main

import (
	"runtime"
	"testing"
)

func TestGrowthAfter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		live uint64
		want int
	}{
		{0, 800}, {1 << 20, 800}, {12 << 20, 300}, {16 << 20, 200}, {24 << 20, 100}, {32 << 20, 50}, {48 << 20, 50}, {1 << 40, 50},
	} {
		if got := growthAfter(tt.live); got != tt.want {
			t.Errorf("%d bytes: %d, want %d", tt.live, got, tt.want)
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
	if live := liveHeap(); live == 0 {
		t.Error("nothing is live")
	}
}
