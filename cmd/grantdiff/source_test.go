package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestSourceStaysInside: excerpts come from regular files below the working directory.
func TestSourceStaysInside(t *testing.T) {
	outer := t.TempDir()
	work := filepath.Join(outer, "work")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(outer, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(outer, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.tf", "secret")
	write("work/main.tf", "main")
	write("work/sub/a.tf", "sub")
	write("work/big.tf", string(make([]byte, maxSourceFile+1)))
	want := map[string]string{
		"main.tf": "main", "sub/a.tf": "sub", "./sub/../main.tf": "main", filepath.ToSlash(filepath.Join(work, "sub", "a.tf")): "sub",
		"../secret.tf": "", filepath.ToSlash(filepath.Join(outer, "secret.tf")): "", "big.tf": "", "gone.tf": "", "sub": "", "": "", "-": "",
	}
	if runtime.GOOS != "windows" {
		for link, target := range map[string]string{"out.tf": "../secret.tf", "up": "..", "in.tf": "sub/a.tf"} {
			if err := os.Symlink(target, filepath.Join(work, link)); err != nil {
				t.Fatal(err)
			}
		}
		want["out.tf"], want["up/secret.tf"], want["in.tf"] = "", "", "sub"
	}
	read := sourceReader(work)
	for path, text := range want {
		if got := read(path); got != text {
			t.Errorf("%q: %.20q, want %q", path, got, text)
		}
	}
	// A file is read once: a report is of one moment.
	write("work/main.tf", "changed")
	if got := read("main.tf"); got != "main" {
		t.Errorf("read again: %q", got)
	}
}
