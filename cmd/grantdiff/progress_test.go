package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestProgress: silent for a while, then a line that leaves nothing behind.
func TestProgress(t *testing.T) {
	var quick, slow bytes.Buffer
	end := tell(&quick, "scanning x", time.Hour, time.Hour)
	end()
	end()
	if quick.Len() > 0 {
		t.Errorf("something quick says %q", quick.String())
	}
	end = tell(&slow, "scanning x", 0, time.Millisecond)
	time.Sleep(30 * time.Millisecond)
	end()
	text := slow.String()
	if !strings.Contains(text, "\r\x1b[Kgrantdiff: scanning x, 0 s") || !strings.HasSuffix(text, "\r\x1b[K") || strings.Contains(text, "\n") {
		t.Errorf("progress: %q", text)
	}
}

// TestNoProgressOutsideOfTerminals: logs stay clean.
func TestNoProgressOutsideOfTerminals(t *testing.T) {
	before := patience
	for _, s := range []streams{
		{err: io.Discard, getenv: func(string) string { return "" }},
		{err: os.Stderr, getenv: func(string) string { return "dumb" }},
	} {
		s.progress("x")()
	}
	if before != patience {
		t.Error("patience changed")
	}
}

func TestScanning(t *testing.T) {
	big := filepath.Join(t.TempDir(), strings.Repeat("a", 60)+".json")
	if err := os.WriteFile(big, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"-"}, "scanning standard input"},
		{[]string{"gone.json", "b"}, "scanning gone.json and 1 more"},
		{[]string{"\x1b[31m"}, `scanning \x1b[31m`},
		{[]string{big}, "scanning …" + strings.Repeat("a", 34) + ".json (3 MB)"},
	} {
		if got := scanning(c.paths); got != c.want {
			t.Errorf("%q: %q, want %q", c.paths, got, c.want)
		}
	}
}
