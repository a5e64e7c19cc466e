package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// patience is how long a command is silent before it says that it is at work.
const patience = time.Second

// progress tells on standard error what takes so long, in a line of its own that is gone
// in the end: in a terminal only, and not before a second is over. The function that it
// returns ends it, and may be called twice.
func (s streams) progress(what string) (end func()) {
	if !isTerminal(s.err) || s.getenv("TERM") == "dumb" {
		return func() {}
	}
	return tell(s.err, what, patience, patience/4)
}

// tell writes to a terminal after a while, and then again and again.
func tell(w io.Writer, what string, after, every time.Duration) (end func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		start := time.Now()
		timer := time.NewTimer(after)
		defer timer.Stop()
		shown := false
		for {
			select {
			case <-done:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-timer.C:
				shown = true
				fmt.Fprintf(w, "\r\x1b[Kgrantdiff: %s, %d s", what, int(time.Since(start).Seconds()))
				timer.Reset(every)
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(done)
		<-gone
	})
}

// scanning names inputs for progress, with their size where that is known.
func scanning(paths []string) string {
	var size int64
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	what := printable(paths[0])
	if name := []rune(what); len(name) > 40 {
		what = "…" + string(name[len(name)-39:])
	}
	if what == "-" {
		what = "standard input"
	}
	if n := len(paths) - 1; n > 0 {
		what += fmt.Sprintf(" and %d more", n)
	}
	if size >= 1<<20 {
		what += fmt.Sprintf(" (%d MB)", size>>20)
	}
	return strings.TrimSpace("scanning " + what)
}
