package main

import (
	"io"
	"os"
	"testing"

	"github.com/grantdiff/grantdiff/rules"
)

// TestWidth wraps to COLUMNS in a terminal alone. The null device stands in for one:
// what tells them from files and pipes is that they are character devices.
func TestWidth(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if !isTerminal(device) {
		t.Skip("the null device of this system is no character device")
	}
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, c := range []struct {
		name    string
		out     io.Writer
		columns string
		want    int
	}{
		{"terminal", device, "72", 72},
		{"terminal without COLUMNS", device, "", 0},
		{"terminal with other COLUMNS", device, "wide", 0},
		{"terminal with negative COLUMNS", device, "-5", 0},
		{"file", file, "72", 0},
		{"no file at all", io.Discard, "72", 0},
	} {
		s := streams{out: c.out, getenv: func(name string) string {
			return map[string]string{"COLUMNS": c.columns}[name]
		}}
		o, err := s.reportOptions("never", rules.Error)
		if err != nil {
			t.Fatal(err)
		}
		if o.Width != c.want {
			t.Errorf("%s: width %d, want %d", c.name, o.Width, c.want)
		}
	}
}
