package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// full is a sink without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestLostOutput: an answer that cannot be written is an error, not a pass, and not
// taken for wrong usage.
func TestLostOutput(t *testing.T) {
	policies := filepath.Join("..", "..", "testdata", "policies")
	before, after := filepath.Join(policies, "before.json"), filepath.Join(policies, "after.json")
	for _, args := range [][]string{
		{"scan", after},
		{"scan", "--format", "json", after},
		{"scan", "--format", "sarif", after},
		{"scan", "--format", "github", after},
		{"check", "no-new-access", "--existing", after, "--new", before},
		{"check", "no-new-access", "--existing", after, "--new", before, "--format", "json"},
		{"simulate", "--policy", filepath.Join(policies, "policy.json"), "--request", filepath.Join(policies, "request.json"), "--format", "text"},
		{"extract", after},
	} {
		t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
			var stderr bytes.Buffer
			s := streams{strings.NewReader(""), full{}, &stderr, func(string) string { return "" }}
			if code := run(context.Background(), args, s); code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if text := stderr.String(); !strings.Contains(text, "no space left") || strings.Contains(text, "--help") {
				t.Errorf("messages: %s", text)
			}
		})
	}
}

// TestMessagesAreInert: no line of a message is a command of a CI system, whatever
// files and arguments are called.
func TestMessagesAreInert(t *testing.T) {
	const hostile = "x\n::error::forged\n##[error]forged\r::warning::\x1b[31m"
	for _, args := range [][]string{
		{hostile},
		{"scan", hostile},
		{"scan", "--format", hostile, "p.json"},
		{"scan", "--fail-on", hostile, "p.json"},
		{"scan", "--config", hostile, "p.json"},
		{"scan", "--" + hostile},
		{"check", "no-new-access", "--existing", hostile, "--new", hostile},
		{"check", "no-new-access", "--existing", "-", "--new", "-", "--type", hostile},
		{"simulate", "--policy", hostile, "--request", hostile},
		{"extract", hostile},
	} {
		t.Run(args[0], func(t *testing.T) {
			var stderr bytes.Buffer
			run(context.Background(), args, streams{strings.NewReader("{}"), io.Discard, &stderr, func(string) string { return "" }})
			text := stderr.String()
			if text == "" || strings.Contains(text, "##[") || strings.ContainsAny(text, "\r\x1b") {
				t.Errorf("messages: %q", text)
			}
			for line := range strings.Lines(text) {
				if !strings.HasPrefix(line, "grantdiff: ") && line != "Run 'grantdiff --help' for usage.\n" {
					t.Errorf("a line of its own: %q", line)
				}
			}
		})
	}
}
