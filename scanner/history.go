package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// history shows files as they were where the current branch left another. It runs git,
// which must be installed; only commands that read objects, without the user's
// configuration, hooks, helpers or network.
type history struct {
	ref   string
	bases map[string]string // by folder: the commit
}

// gitTime bounds one run of git.
const gitTime = 30 * time.Second

func newHistory(_ context.Context, ref string) (*history, error) {
	if ref == "" || strings.HasPrefix(ref, "-") || strings.ContainsAny(ref, " \t\n\x00") {
		return nil, fmt.Errorf("%q is no name of a commit: expected git:REF, such as git:origin/main", ref)
	}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not installed; name a file or folder with the state before the change")
	}
	return &history{ref: ref, bases: map[string]string{}}, nil
}

// base is the commit at which the branch of a folder left the ref.
func (h *history) base(ctx context.Context, folder string) (string, error) {
	if b, ok := h.bases[folder]; ok {
		return b, nil
	}
	out, err := runGit(ctx, folder, 1<<10, "merge-base", "--", "HEAD", h.ref)
	if err != nil {
		return "", fmt.Errorf("no commit in common with %s: %w; fetch it first, with enough history (git fetch --depth is too short for a merge base)", h.ref, err)
	}
	b := strings.TrimSpace(string(out))
	h.bases[folder] = b
	return b, nil
}

// show is a file at the base; nil when it was not there.
func (h *history) show(ctx context.Context, path string, most int) ([]byte, error) {
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	base, err := h.base(ctx, filepath.Clean(folder))
	if err != nil {
		return nil, err
	}
	list, err := runGit(ctx, folder, 1<<20, "ls-tree", "-z", base, "--", "./"+name)
	if err != nil {
		return nil, err
	}
	entry, _, _ := bytes.Cut(list, []byte{0})
	f := strings.Fields(string(entry))
	if len(f) < 3 || f[1] != "blob" || f[0] == "120000" {
		return nil, nil
	}
	return runGit(ctx, folder, most, "cat-file", "blob", f[2])
}

// runGit runs git in a folder and returns at most so many bytes of its output.
func runGit(ctx context.Context, folder string, most int, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	// The checkout may belong to another user, as in a container; nothing in it is run.
	fixed := []string{"--no-pager", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"}
	cmd := exec.CommandContext(ctx, "git", append(fixed, args...)...)
	cmd.Dir = folder
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.DevNull, "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C", "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
	}
	out := &limitedBuffer{most: most}
	var trouble limitedBuffer
	trouble.most = 4 << 10
	cmd.Stdout, cmd.Stderr = out, &trouble
	if err := cmd.Run(); err != nil {
		if said := strings.TrimSpace(trouble.b.String()); said != "" {
			return nil, fmt.Errorf("git %s: %s", args[0], said)
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	if out.full {
		return nil, fmt.Errorf("git %s: larger than %d bytes, which is more than is read", args[0], most)
	}
	return out.b.Bytes(), nil
}

// limitedBuffer keeps the first bytes.
type limitedBuffer struct {
	b    bytes.Buffer
	most int
	full bool
}

// Write implements io.Writer.
func (l *limitedBuffer) Write(p []byte) (int, error) {
	keep := p
	if room := l.most - l.b.Len(); len(keep) > room {
		keep, l.full = keep[:max(room, 0)], true
	}
	l.b.Write(keep)
	return len(p), nil
}
