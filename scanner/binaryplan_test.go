package scanner_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/rules"
	"github.com/grantdiff/grantdiff/scanner"
)

// put writes files below a folder: name, content, name, content ...
func put(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// archive is a plan file with these entries.
func archive(t *testing.T, entries ...string) string {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for i := 0; i < len(entries); i += 2 {
		w, err := zw.Create(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

const (
	rootModule = "module \"role\" {\n  source = \"../../modules/role\"\n}\n"
	roleModule = "\n\nresource \"aws_iam_policy\" \"p\" {\n  name   = \"p\"\n  policy = \"...\"\n}\n"
	shownPlan  = `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"module.role.aws_iam_policy.p",` +
		`"module_address":"module.role","mode":"managed","type":"aws_iam_policy","name":"p","change":{"actions":["create"],"before":null,` +
		`"after":{"name":"p","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"},` +
		`"after_unknown":{},"before_sensitive":false,"after_sensitive":{}}}],` +
		`"configuration":{"root_module":{"module_calls":{"role":{"source":"../../modules/role","module":{"resources":[` +
		`{"address":"aws_iam_policy.p","mode":"managed","type":"aws_iam_policy","name":"p","expressions":{"name":{"constant_value":"p"},"policy":{"constant_value":"x"}}}]}}}}}}`
)

// workspace is a repository with a plan file in live/prod and a stand-in for
// Terraform that shows it, and writes where it ran to the file "ran". No test that uses
// it is parallel: a process that another test starts at that moment would hold the
// script open, and a file that is open for writing cannot be run.
func workspace(t *testing.T) (dir string, o scanner.Options) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for terraform is a shell script")
	}
	dir = t.TempDir()
	put(t, dir,
		"live/prod/main.tf", rootModule,
		"live/prod/.terraform/x", "",
		"modules/role/main.tf", "# changed since: other lines\n",
		"live/prod/tfplan", archive(t, "tfplan", "binary", "tfconfig/m-/main.tf", rootModule, "tfconfig/m-role/main.tf", roleModule,
			"tfconfig/modules.json", `[{"Key":"","Dir":"."},{"Key":"role","Source":"../../modules/role","Dir":"../../modules/role"}]`),
		"plan.json", shownPlan,
		"bin/terraform", "#!/bin/sh\npwd >"+dir+"/ran\ncat "+dir+"/plan.json\n",
	)
	return dir, scanner.Options{
		Paths: []string{filepath.Join(dir, "live", "prod", "tfplan")}, SourceDir: dir,
		Terraform: filepath.Join(dir, "bin", "terraform"),
	}
}

func scanOK(t *testing.T, o scanner.Options) *rules.Result {
	t.Helper()
	r, err := scanner.Scan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBinaryPlan(t *testing.T) {
	dir, o := workspace(t)
	r := scanOK(t, o)
	if len(r.Findings) != 1 || len(r.Diagnostics) != 0 || r.Inputs[0].Kind != "terraform-plan" {
		t.Fatalf("findings %v, diagnostics %v, inputs %v", r.Findings, r.Diagnostics, r.Inputs)
	}
	// The lines are those of the plan file, the paths those of the repository.
	f := r.Findings[0]
	want := []rules.Location{
		{Path: filepath.ToSlash(dir) + "/modules/role/main.tf", StartLine: 5},
		{Path: filepath.ToSlash(dir) + "/live/prod/main.tf", StartLine: 1},
	}
	got := []rules.Location{{Path: f.Location.Path, StartLine: f.Location.StartLine}}
	for _, c := range f.Callers {
		got = append(got, rules.Location{Path: c.Path, StartLine: c.StartLine})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	checkRan(t, dir, "live/prod")
}

// checkRan holds the folder in which the stand-in ran to one of the workspace.
func checkRan(t *testing.T, dir, want string) {
	t.Helper()
	ran, err := os.ReadFile(filepath.Join(dir, "ran"))
	if err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(ran)); got != filepath.Join(real, filepath.FromSlash(want)) {
		t.Errorf("ran in %s, want %s", got, want)
	}
}

// TestBinaryPlanElsewhere has the plan file beside the repository: where it was made
// is told by the files of the root module.
func TestBinaryPlanElsewhere(t *testing.T) {
	dir, o := workspace(t)
	moved := filepath.Join(t.TempDir(), "tfplan")
	if err := os.Rename(o.Paths[0], moved); err != nil {
		t.Fatal(err)
	}
	o.Paths, o.SourceDir = []string{moved}, filepath.Join(dir, "live", "prod")
	r := scanOK(t, o)
	if len(r.Findings) != 1 || r.Findings[0].Location.Path != filepath.ToSlash(dir)+"/modules/role/main.tf" {
		t.Errorf("findings %v", r.Findings)
	}
	checkRan(t, dir, "live/prod")
}

// TestBinaryPlanBrokenConfiguration scans all the same, with the lines of the folder.
func TestBinaryPlanBrokenConfiguration(t *testing.T) {
	dir, o := workspace(t)
	put(t, dir, "live/prod/tfplan", archive(t, "tfplan", "binary"))
	r := scanOK(t, o)
	if len(r.Findings) != 1 || len(r.Diagnostics) != 1 || !strings.Contains(r.Diagnostics[0].Summary, "configuration in the plan file") {
		t.Errorf("findings %v, diagnostics %v", r.Findings, r.Diagnostics)
	}
}

func TestBinaryPlanErrors(t *testing.T) {
	dir, o := workspace(t)
	put(t, dir, "bin/fails", "#!/bin/sh\ncat "+dir+"/plan.json\necho 'Error: saved plan is stale' >&2\nexit 1\n")
	tests := map[string]struct {
		change func(*scanner.Options)
		want   string
	}{
		"the program fails at the end": {func(o *scanner.Options) { o.Terraform = filepath.Join(dir, "bin", "fails") }, "Error: saved plan is stale"},
		"no such program":              {func(o *scanner.Options) { o.Terraform = filepath.Join(dir, "bin", "none") }, "find the program that reads plan files"},
		"standard input":               {func(o *scanner.Options) { o.Paths, o.Stdin = []string{"-"}, strings.NewReader("PK\x03\x04") }, "terraform show -json tfplan | grantdiff scan -"},
		"no plan":                      {func(o *scanner.Options) { o.Paths = []string{filepath.Join(dir, "other.zip")} }, "no plan file"},
	}
	put(t, dir, "other.zip", archive(t, "a.txt", "b"))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := o
			tt.change(&o)
			_, err := scanner.Scan(t.Context(), o)
			var input *scanner.InputError
			if !errors.As(err, &input) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want an InputError with %q", err, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scanner.Scan(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
}

// TestRealTerraform plans with Terraform itself and the mock provider of the
// harness, and scans the plan file.
func TestRealTerraform(t *testing.T) {
	shared := os.Getenv("GRANTDIFF_SHARED")
	terraform, err := exec.LookPath("terraform")
	if shared == "" || err != nil || testing.Short() {
		t.Skip("needs terraform, and GRANTDIFF_SHARED with the harness")
	}
	bin := filepath.Join(t.TempDir(), "bin")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "terraform-provider-aws"), "./cmd/provider")
	build.Dir = filepath.Join(shared, "terraform", "harness")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("the harness cannot be built: %v\n%s", err, out)
	}
	dir := t.TempDir()
	put(t, dir,
		"cli.tfrc", "disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    \"hashicorp/aws\" = \""+filepath.ToSlash(bin)+"\"\n  }\n}\n",
		"live/prod/main.tf", "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"+rootModule,
		"modules/role/main.tf", `
resource "aws_iam_policy" "p" {
  name = "p"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }]
  })
}
`)
	t.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(dir, "cli.tfrc"))
	t.Setenv("TFMOCK_CLOUD", filepath.Join(dir, "cloud"))
	for _, args := range [][]string{{"get"}, {"plan", "-input=false", "-out=tfplan"}} {
		c := exec.CommandContext(t.Context(), terraform, args...)
		c.Dir = filepath.Join(dir, "live", "prod")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, out)
		}
	}
	r := scanOK(t, scanner.Options{Paths: []string{filepath.Join(dir, "live", "prod", "tfplan")}, SourceDir: dir})
	got := []string{}
	for _, f := range r.Findings {
		got = append(got, f.Rule+" "+f.Address+" "+strings.TrimPrefix(f.Location.Path, filepath.ToSlash(dir)+"/"))
	}
	want := []string{"new-access module.role.aws_iam_policy.p modules/role/main.tf"}
	if !slices.Equal(got, want) || len(r.Diagnostics) > 0 {
		t.Errorf("findings %q, want %q; diagnostics %v", got, want, r.Diagnostics)
	}
}
