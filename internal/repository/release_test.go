package repository

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// releaseTargets are the systems and architectures that .ci/release builds.
func releaseTargets(t *testing.T) []string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^for target in (.*); do$`).FindStringSubmatch(read(t, ".ci/release"))
	if m == nil {
		t.Fatal(".ci/release names no targets")
	}
	return strings.Fields(m[1])
}

// TestReleaseTargets holds what builds, packs, names and fetches a release to each other.
func TestReleaseTargets(t *testing.T) {
	list := func(key string) []string {
		m := regexp.MustCompile(`(?m)^    ` + key + `: \[(.*)\]$`).FindStringSubmatch(read(t, ".goreleaser.yaml"))
		if m == nil {
			t.Fatalf(".goreleaser.yaml has no %s", key)
		}
		return strings.Split(m[1], ", ")
	}
	var want []string
	for _, goos := range list("goos") {
		for _, goarch := range list("goarch") {
			want = append(want, goos+"/"+goarch)
		}
	}
	if got := strings.Join(releaseTargets(t), " "); got != strings.Join(want, " ") {
		t.Errorf(".ci/release builds %s, .goreleaser.yaml %s", got, strings.Join(want, " "))
	}
	for file, name := range map[string]string{
		".goreleaser.yaml":              `grantdiff_{{ .Version }}_{{ .Os }}_{{ .Arch }}`,
		".ci/release":                   `grantdiff_${version}_${os}_${arch}.tar.gz`,
		".github/action/run.sh":         `grantdiff_${version}_${os}_${arch}.tar.gz`,
		".ci/formula":                   `grantdiff_${version}_$target.tar.gz`,
		".github/workflows/release.yml": `grantdiff_${version}_`,
	} {
		if !strings.Contains(read(t, file), name) {
			t.Errorf("%s does not name archives %s", file, name)
		}
	}
	for _, flag := range []string{"-mod=readonly", "-trimpath", "-buildvcs=false"} {
		for _, file := range []string{".goreleaser.yaml", ".ci/release", "Dockerfile"} {
			if !strings.Contains(read(t, file), flag) {
				t.Errorf("%s builds without %s", file, flag)
			}
		}
	}
	for _, file := range []string{".goreleaser.yaml", ".ci/release", "Dockerfile", ".ci/release-files"} {
		if !strings.Contains(read(t, file), "-X main.version=") {
			t.Errorf("%s does not stamp the version", file)
		}
	}
	// One version of goreleaser, since the checksums depend on it.
	versions := map[string]bool{}
	for _, file := range []string{".github/workflows/release.yml", ".github/workflows/ci.yml"} {
		for _, m := range regexp.MustCompile(`goreleaser-action@[^\n]*\n\s+with:\n\s+version: (v\d+\.\d+\.\d+)\n`).FindAllStringSubmatch(read(t, file), -1) {
			versions[m[1]] = true
		}
	}
	if len(versions) != 1 {
		t.Errorf("versions of goreleaser: %v", versions)
	}
}

// TestFormula fills in the template of the Homebrew formula.
func TestFormula(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX system")
	}
	dir := t.TempDir()
	var sums strings.Builder
	for i, target := range releaseTargets(t) {
		fmt.Fprintf(&sums, "%064x  grantdiff_1.2.3_%s.tar.gz\n", i+1, strings.ReplaceAll(target, "/", "_"))
	}
	formula := func(version string) (string, error) {
		file := filepath.Join(dir, "checksums.txt")
		if err := os.WriteFile(file, []byte(sums.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		script, err := filepath.Abs(filepath.Join(root, ".ci", "formula"))
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("bash", script, version, file).CombinedOutput()
		return string(out), err
	}
	text, err := formula("1.2.3")
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if !strings.HasPrefix(text, "class Grantdiff < Formula\n") || strings.Contains(text, "@") {
		t.Errorf("formula:\n%s", text)
	}
	for i, target := range releaseTargets(t) {
		if strings.HasPrefix(target, "windows/") {
			continue
		}
		want := fmt.Sprintf("grantdiff_1.2.3_%s.tar.gz\"\n      sha256 \"%064x\"", strings.ReplaceAll(target, "/", "_"), i+1)
		if !strings.Contains(text, want) {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
	if out, err := formula("1.2.4"); err == nil || !strings.Contains(out, "holds no checksum of grantdiff_1.2.4_linux_amd64.tar.gz") {
		t.Errorf("a version without checksums: %v\n%s", err, out)
	}
}
