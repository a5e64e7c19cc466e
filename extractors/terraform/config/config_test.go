package config_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// TestFiles: which files of a folder count.
func TestFiles(t *testing.T) {
	t.Parallel()
	block := func(name string) string { return "resource \"t\" \"" + name + "\" {}\n" }
	tree := config.New(files(
		"a.tf", block("a_tf"), "a.tofu", block("a_tofu"), "b.tf", block("b_tf"), "c.tf.json", `{"resource":{"t":{"c_json":{}}}}`,
		"d.tf.json", `{"resource":{"t":{"d_json":{}}}}`, "d.tofu.json", `{"resource":{"t":{"d_tofu":{}}}}`,
		".hidden.tf", block("hidden"), "e.tf~", block("backup"), "#f.tf", block("lock"), "g.txt", block("text"), "sub/h.tf", block("sub"),
		"override.tf", block("only_override"), "x_override.tf", block("only_x_override"),
	))
	dir := tree.Dir(".")
	var got []string
	for _, name := range []string{"a_tf", "a_tofu", "b_tf", "c_json", "d_json", "d_tofu", "hidden", "backup", "lock", "text", "sub", "only_override", "only_x_override"} {
		if dir.Resource("t", name) != nil {
			got = append(got, name)
		}
	}
	if diff := cmp.Diff([]string{"a_tofu", "b_tf", "c_json", "d_tofu"}, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if !tree.Dir("none").Empty() || !tree.Dir("../x").Empty() || dir.Empty() {
		t.Error("a folder that is not there, or outside, has configuration")
	}
}

// TestBlocks finds every kind of block, and what overrides it.
func TestBlocks(t *testing.T) {
	t.Parallel()
	dir := config.New(files("main.tf", `
resource "t" "r" {
  a = "first"
  nested {}
}
data "t" "d" {}
module "m" { source = "./m" }
variable "v" {}
output "o" { value = 1 }
output "n" { value = 1 }
locals { l = "first" }
provider "aws" {}
provider "aws" { alias = "x" }
resource "t" "dyn" {
  dynamic "nested" {
    for_each = []
    content {}
  }
}
`, "main_override.tf", `
resource "t" "r" { a = "second" }
locals { l = "second" }
`)).Dir(".")
	r := dir.Resource("t", "r")
	switch {
	case r == nil || dir.Data("t", "d") == nil || dir.Call("m") == nil || dir.Variable("v") == nil || dir.Output("o") == nil,
		dir.Local("l") == nil || dir.Provider("aws", "") == nil || dir.Provider("aws", "x") == nil:
		t.Fatal("a block is not found")
	case r.Constant("a") != "second" || r.Attribute("a").Range.String() != "main_override.tf:2:20":
		t.Errorf("overridden attribute %q at %s", r.Constant("a"), r.Attribute("a").Range)
	case r.NestedLayer("nested") != r || r.NestedLayer("other") != nil || r.Generates("nested"):
		t.Error("nested blocks are not those of the block")
	case !dir.Resource("t", "dyn").Generates("nested") || dir.Resource("t", "dyn").NestedLayer("nested") == nil:
		t.Error("generated blocks are not found")
	case dir.Local("l").Range().Path != "main_override.tf":
		t.Errorf("local at %s", dir.Local("l").Range())
	}
	if diff := cmp.Diff([]string{"n", "o"}, dir.Outputs()); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

// TestModules follows calls by their sources, the manifest, a plan, and what is given.
func TestModules(t *testing.T) {
	t.Parallel()
	tree := config.New(files(
		"root/main.tf", "module \"local\" {\n  source = \"../lib\"\n}\nmodule \"remote\" {\n  source = \"example/x\"\n}\nmodule \"outside\" {\n  source = \"../../x\"\n}\nmodule \"given\" {\n  source = \"example/y\"\n}\nmodule \"planned\" {\n  source = var.source\n}\n",
		"lib/main.tf", "module \"inner\" {\n  source = \"./inner\"\n}\n", "lib/inner/main.tf", "locals {}\n",
		"root/.terraform/modules/modules.json", `{"Modules":[{"Key":"","Dir":"."},{"Key":"remote","Dir":".terraform\\modules\\remote"}]}`,
		"root/.terraform/modules/remote/main.tf", "module \"deep\" {\n  source = \"example/z\"\n}\n", "zip/m-given/main.tf", "locals {}\n",
	))
	modules := tree.Modules("root")
	modules.Given = map[string]string{"given": "zip/m-given"}
	modules.Source = func(path []string) string {
		if path[len(path)-1] == "planned" {
			return "../lib/inner"
		}
		return ""
	}
	for path, want := range map[string]string{
		"":            "root",
		"local":       "lib < root/main.tf:1:1",
		"local.inner": "lib/inner < lib/main.tf:1:1 < root/main.tf:1:1",
		"remote":      "root/.terraform/modules/remote < root/main.tf:4:1",
		"remote.deep": "? < root/.terraform/modules/remote/main.tf:1:1 < root/main.tf:4:1",
		// Nothing is known of calls in a module whose sources are not there.
		"remote.deep.er": "? < root/.terraform/modules/remote/main.tf:1:1 < root/main.tf:4:1",
		"outside":        "? < root/main.tf:7:1",
		"given":          "zip/m-given < root/main.tf:10:1",
		"planned":        "lib/inner < root/main.tf:13:1",
		"nobody":         "none",
	} {
		var names []string
		if path != "" {
			names = strings.Split(path, ".")
		}
		got := "none"
		if m := modules.Module(names); m != nil {
			got = "?"
			if m.Dir != nil {
				got = m.Dir.Name
			}
			for _, c := range m.Callers() {
				got += " < " + c.String()
			}
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
		}
	}
}

// TestReadFile refuses what is no file of the tree.
func TestReadFile(t *testing.T) {
	t.Parallel()
	tree := config.New(files("a.txt", "x", "big.txt", strings.Repeat("x", 600<<10), "dir/b.txt", "x"))
	if text, err := tree.ReadFile("a.txt"); err != nil || string(text) != "x" {
		t.Errorf("got %q, %v", text, err)
	}
	for _, name := range []string{"../a.txt", "/a.txt", "big.txt", "dir", "none", "dir/../a.txt"} {
		if _, err := tree.ReadFile(name); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}
