package planfile_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform/planfile"
)

// files are the entries of a plan file, in order: name, content, name, content ...
type files []string

// write makes a plan file.
func write(t *testing.T, fs files) string {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for i := 0; i < len(fs); i += 2 {
		w, err := zw.Create(fs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, fs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "tfplan")
	if err := os.WriteFile(name, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func open(t *testing.T, fs files) *planfile.File {
	t.Helper()
	f, err := planfile.Open(write(t, fs))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

const (
	rootOnly = `[{"Key":"","Dir":"."}]`
	manifest = `[{"Key":"","Dir":"."},{"Key":"ci","Source":"./modules/ci","Dir":"modules/ci"},` +
		`{"Key":"ci.inner","Source":"../../role","Version":"1.0.0","Dir":"..\\..\\role"},{"Key":"role","Dir":"../../role"},` +
		`{"Key":"vpc","Dir":".terraform/modules/vpc"},{"Key":"abs","Dir":"/opt/x"},{"Key":"empty","Dir":"empty"}]`
)

var usual = files{
	"tfplan", "binary", "tfstate", "{}", "tfstate-prev", "{}",
	"tfconfig/m-/main.tf", "root", "tfconfig/m-/a.tf.json", "{}",
	"tfconfig/m-ci/main.tf", "ci",
	"tfconfig/m-ci.inner/main.tf", "role", "tfconfig/m-role/main.tf", "role",
	"tfconfig/m-vpc/main.tf", "vpc", "tfconfig/m-abs/x.tf", "abs",
	"tfconfig/modules.json", manifest,
	".terraform.lock.hcl", `provider "registry.terraform.io/hashicorp/aws" {}`,
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	f := open(t, usual)
	c, err := f.Configuration()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"": ".", "ci": "modules/ci", "ci.inner": "..2/role", "role": "..2/role",
		"vpc": ".terraform/modules/vpc", "abs": "..abs/opt/x", "empty": "empty",
	}
	if diff := cmp.Diff(want, c.Modules); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	if err := fstest.TestFS(c.FS, "main.tf", "a.tf.json", "modules/ci/main.tf", "..2/role/main.tf", ".terraform/modules/vpc/main.tf", "..abs/opt/x/x.tf"); err != nil {
		t.Error(err)
	}
	text, err := fs.ReadFile(c.FS, "..2/role/main.tf")
	if err != nil || string(text) != "role" {
		t.Errorf("%q, %v", text, err)
	}
	if f.OpenTofu() {
		t.Error("taken for a plan of OpenTofu")
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]string{
		".": ".", "main.tf": "main.tf", "modules/ci/main.tf": "modules/ci/main.tf",
		"..1": "..", "..2/role/main.tf": "../../role/main.tf",
		"..abs/opt/x/main.tf": "/opt/x/main.tf", "..abs/C:/x": "C:/x",
		"..0/..x/main.tf": "..x/main.tf", "..0/..2/role": "..2/role", "...": "...",
	} {
		if name != "..." && planfile.Name(p) != name {
			t.Errorf("Name(%q) = %q, want %q", p, planfile.Name(p), name)
		}
		if got := planfile.Path(name); got != p {
			t.Errorf("Path(%q) = %q, want %q", name, got, p)
		}
	}
	if got := planfile.Path("..99999999/x"); got != "..99999999/x" {
		t.Errorf("%.100q", got)
	}
	if got := planfile.Name("a/../../b/"); got != "..1/b" {
		t.Errorf("%q", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("PK\x03\x04 and no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		text:                           "no plan file",
		write(t, files{"a.txt", "b"}):  "no plan file",
		dir:                            "not a regular file",
		filepath.Join(dir, "none"):     "no such file",
		write(t, manyEntries(100_000)): "the directory of the archive",
	} {
		f, err := planfile.Open(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if err == nil {
			_ = f.Close()
		}
	}
}

func manyEntries(n int) files {
	var fs files
	for range n {
		fs = append(fs, "e", "")
	}
	return append(fs, "tfplan", "")
}

func TestConfigurationRefuses(t *testing.T) {
	t.Parallel()
	large := strings.Repeat(" ", 5<<20)
	for _, tt := range []struct {
		name, want string
		files      files
	}{
		{"no manifest", "has no tfconfig/modules.json", files{"tfconfig/m-/main.tf", "x"}},
		{"no root", "no root module", files{"tfconfig/modules.json", `[{"Key":"a","Dir":"a"}]`}},
		{"root elsewhere", "no root module", files{"tfconfig/modules.json", `[{"Key":"","Dir":"a"}]`}},
		{"manifest is no list", "read tfconfig/modules.json", files{"tfconfig/modules.json", `{"Modules":[]}`}},
		{"manifest too large", "more than", files{"tfconfig/modules.json", "[" + large + "]"}},
		{"too many modules", "more than 10000 modules", files{"tfconfig/modules.json", "[" + strings.Repeat(`{"Key":"","Dir":"."},`, 10_000) + `{}]`}},
		{"module twice", "occurs twice", files{"tfconfig/modules.json", `[{"Key":"","Dir":"."},{"Key":"","Dir":"."}]`}},
		{"folder without a name", "is no folder", files{"tfconfig/modules.json", `[{"Key":"","Dir":"."},{"Key":"a","Dir":""}]`}},
		{"folder too deep", "is no folder", files{"tfconfig/modules.json", `[{"Key":"","Dir":"."},{"Key":"a","Dir":"` + strings.Repeat("a/", 200) + `"}]`}},
		{"file above its module", "is no file of a module", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-/../../x.tf", ""}},
		{"file in a folder", "is no file of a module", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-/a/x.tf", ""}},
		{"backslash", "is no file of a module", files{"tfconfig/modules.json", rootOnly, `tfconfig/m-/..\x.tf`, ""}},
		{"no name", "is no file of a module", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-/", ""}},
		{"no module", "is no file of a module", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-x", ""}},
		{"unknown module", "not in tfconfig/modules.json", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-x/x.tf", ""}},
		{"file twice", "occurs twice", files{"tfconfig/modules.json", rootOnly, "tfconfig/m-/x.tf", "a", "tfconfig/m-/x.tf", "a"}},
		{"one folder, two texts", "another module", files{"tfconfig/modules.json", `[{"Key":"","Dir":"."},{"Key":"a","Dir":"m"},{"Key":"b","Dir":"./m"}]`, "tfconfig/m-a/x.tf", "a", "tfconfig/m-b/x.tf", "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, append(files{"tfplan", ""}, tt.files...)).Configuration()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// TestUnpackingIsBounded reads files that are larger than what is unpacked of one,
// or together than what is unpacked of all.
func TestUnpackingIsBounded(t *testing.T) {
	t.Parallel()
	fs := files{"tfplan", "", "tfconfig/modules.json", rootOnly, "tfconfig/m-/large.tf", strings.Repeat(" ", 4<<20+1)}
	for i := range 17 {
		fs = append(fs, "tfconfig/m-/"+string(rune('a'+i))+".tf", strings.Repeat("#", 4<<20))
	}
	c, err := open(t, fs).Configuration()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.FS.Open("large.tf"); err == nil {
		t.Error("a file beyond the bound was unpacked")
	}
	refused := 0
	for i := range 17 {
		if _, err := c.FS.Open(string(rune('a'+i)) + ".tf"); err != nil {
			refused++
		}
	}
	if refused != 3 { // the manifest and the large file have used up a part
		t.Errorf("%d of 17 files of 4 MiB refused, want 3", refused)
	}
}

func TestOpenTofu(t *testing.T) {
	t.Parallel()
	f := open(t, files{"tfplan", "", ".terraform.lock.hcl", "provider \"registry.opentofu.org/hashicorp/aws\" {\n}\n"})
	if !f.OpenTofu() {
		t.Error("not taken for a plan of OpenTofu")
	}
	if open(t, files{"tfplan", ""}).OpenTofu() {
		t.Error("a plan without a lock file is taken for one of OpenTofu")
	}
}

func TestResembles(t *testing.T) {
	t.Parallel()
	c, err := open(t, usual).Configuration()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"main.tf": "root", "a.tf.json": "changed", "more.tf": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Resembles(dir); got != 1 {
		t.Errorf("%d files, want 1", got)
	}
	if got := c.Resembles(filepath.Join(dir, "none")); got != 0 {
		t.Errorf("%d files of a folder that is not there", got)
	}
}

func TestOver(t *testing.T) {
	t.Parallel()
	c, err := open(t, usual).Configuration()
	if err != nil {
		t.Fatal(err)
	}
	disk := fstest.MapFS{
		"live/prod/main.tf": {Data: []byte("changed since")}, "live/prod/new.tf": {Data: []byte("new")},
		"live/prod/p.json": {Data: []byte("policy")}, "role/p.json": {Data: []byte("role's policy")},
		"opt/x/p.json": {Data: []byte("another")}, "live/prod/sub": {Mode: fs.ModeDir}, "live/prod/pipe": {Mode: fs.ModeNamedPipe},
	}
	over := c.Over(disk, "live/prod")
	for name, want := range map[string]string{"main.tf": "root", "p.json": "policy", "..2/role/p.json": "role's policy"} {
		if text, err := fs.ReadFile(over, name); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v, want %q", name, text, err, want)
		}
	}
	for _, name := range []string{"new.tf", "..3/p.json", "..abs/opt/x/p.json", "sub", "pipe", "none", "../p.json"} {
		if _, err := over.Open(name); err == nil {
			t.Errorf("%s can be opened", name)
		}
	}
	if _, err := over.Open("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that it does not exist", err)
	}
	list, err := fs.ReadDir(over, ".")
	if err != nil || len(list) != 6 { // ..2, ..abs, .terraform, a.tf.json, main.tf, modules
		t.Errorf("%v, %v", list, err)
	}
}
