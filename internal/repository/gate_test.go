package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestReadmeBlocks tries the script that reads the commands of README.md, on which
// the gate relies.
func TestReadmeBlocks(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs bash on a POSIX system")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".ci"), 0o700); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, ".ci", "readme")
	readme := "# x\n\n```go\nx\n```\n\n```sh\ngit clone https://example.com/x && cd x && go run ./cmd/x scan a.json\n```\n" +
		"\n```sh\n$ go test ./...\n```\n\n```sh\ngit clone https://example.com/x\ncd x\nmake\nls a; ls b\n```\n\n```sh\ncd x\n```\n"
	for path, text := range map[string]string{script: read(t, ".ci/readme"), filepath.Join(dir, "README.md"): readme} {
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for n, want := range map[string]string{
		"1": "go run ./cmd/x scan a.json\n",
		"2": "go test ./...\n",
		"3": "make\nls a; ls b\n",
		"4": "", // nothing to run: an error
		"5": "", // no such block
	} {
		out, err := exec.Command("bash", script, n).Output()
		if string(out) != want || (err == nil) != (want != "") {
			t.Errorf("block %s: got %q, %v; want %q", n, out, err, want)
		}
	}
}
