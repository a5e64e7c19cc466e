package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// runningServer is the server of one script.
type runningServer struct {
	cmd *exec.Cmd // nil when none runs
	log *bufio.Reader
}

type serverKey struct{}

func serverOf(ts *testscript.TestScript) *runningServer {
	return ts.Value(serverKey{}).(*runningServer)
}

// serving starts a server and waits until it says where it listens, which is then
// $SERVER, an address with a port: serving [FLAG...].
func serving(ts *testscript.TestScript, neg bool, args []string) {
	c := serverOf(ts)
	if neg || c.cmd != nil {
		ts.Fatalf("usage: serving [FLAG...], one server at a time")
	}
	cmd := exec.Command("grantdiff", append([]string{"serve"}, args...)...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), runTaskKeyEnv+"="+ts.Getenv(runTaskKeyEnv))
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	c.cmd, c.log = cmd, bufio.NewReader(stderr)
	ts.Defer(func() {
		if c.cmd != nil {
			_ = c.cmd.Process.Kill()
			_ = c.cmd.Wait()
		}
	})
	for {
		line, err := c.log.ReadString('\n')
		fmt.Fprint(ts.Stderr(), line)
		if url, ok := strings.CutPrefix(line, "grantdiff: listening on "); ok {
			ts.Setenv("SERVER", strings.TrimPrefix(strings.TrimSpace(url), "http://"))
			return
		}
		ts.Check(err)
	}
}

// ask posts a file to the server and writes status, exception and body:
// ask PATH FILE.
func ask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ask PATH FILE")
	}
	client := &http.Client{Timeout: 30 * time.Second}
	r, err := client.Post("http://"+ts.Getenv("SERVER")+args[0], "application/json", strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n%s", r.StatusCode, r.Header.Get("X-Amzn-ErrorType"), body)
}

// stopping tells the server to stop, by the signal that service managers send, and
// holds it to an exit code: stopping CODE.
func stopping(ts *testscript.TestScript, neg bool, args []string) {
	c := serverOf(ts)
	if neg || len(args) != 1 || c.cmd == nil {
		ts.Fatalf("usage: stopping CODE, after serving")
	}
	cmd := c.cmd
	c.cmd = nil
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	_, _ = io.Copy(ts.Stderr(), c.log)
	code := "0"
	if err := cmd.Wait(); err != nil {
		code = exitStatus(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// TestParseListen: an address that other machines reach is told from one that they
// do not, without looking anything up.
func TestParseListen(t *testing.T) {
	for text, want := range map[string]struct {
		addr     string // "" for an error
		loopback bool
	}{
		"127.0.0.1:8099":        {"127.0.0.1:8099", true},
		"127.1.2.3:0":           {"127.1.2.3:0", true},
		"localhost:1":           {"127.0.0.1:1", true},
		"[::1]:8099":            {"[::1]:8099", true},
		"[::ffff:127.0.0.1]:80": {"127.0.0.1:80", true},
		":8099":                 {"[::]:8099", false},
		"0.0.0.0:8099":          {"0.0.0.0:8099", false},
		"192.0.2.1:8099":        {"192.0.2.1:8099", false},
		"[::ffff:192.0.2.1]:80": {"192.0.2.1:80", false},
		"example.com:80":        {},
		"localhost.example:80":  {},
		"127.0.0.1":             {},
		"127.0.0.1:http":        {},
		"127.0.0.1:70000":       {},
		"127.0.0.1:-1":          {},
		"127.1:80":              {},
		"":                      {},
	} {
		got, err := parseListen(text)
		if want.addr == "" {
			if err == nil {
				t.Errorf("%q: got %v, want an error", text, got)
			}
			continue
		}
		if err != nil || got.String() != want.addr || got.Addr().IsLoopback() != want.loopback {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
}
