package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestRepositoryRoot(t *testing.T) {
	top := resolve(t.TempDir())
	at := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for _, dir := range []string{"ws/repo/.git", "ws/repo/deep/er", "ws/plain/deep", "outer/.git", "outer/ws/in", "alone"} {
		if err := os.MkdirAll(at(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct{ work, workspace, want string }{
		"the nearest":                   {"ws/repo/deep/er", "ws", "ws/repo"},
		"itself":                        {"ws/repo", "ws", "ws/repo"},
		"no workspace":                  {"ws/repo/deep", "", "ws/repo"},
		"no git":                        {"ws/plain/deep", "ws", "ws"},
		"not above the workspace":       {"outer/ws/in", "outer/ws", "outer/ws"},
		"another workspace":             {"ws/repo/deep", "outer/ws", "ws/repo"},
		"another workspace and no git":  {"alone", "ws", "alone"},
		"a workspace that is not there": {"ws/repo/deep", "gone", "ws/repo"},
	} {
		t.Run(name, func(t *testing.T) {
			workspace := tt.workspace
			if workspace != "" {
				workspace = at(workspace)
			}
			if got := repositoryRoot(at(tt.work), workspace); got != at(tt.want) {
				t.Errorf("got %s, want %s", got, at(tt.want))
			}
		})
	}
	if runtime.GOOS == "windows" {
		return // links need rights there
	}
	if err := os.Symlink(at("ws"), at("link")); err != nil {
		t.Fatal(err)
	}
	if got := repositoryRoot(at("ws/plain/deep"), at("link")); got != at("ws") {
		t.Errorf("a workspace through a link: %s", got)
	}
	if got, want := resolve(at("link/repo/new/file.tf")), at("ws/repo/new/file.tf"); got != want {
		t.Errorf("resolve: %s, want %s", got, want)
	}
}
