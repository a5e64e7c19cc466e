package terraform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

func created(address string, more ...m) m {
	return rc(address, "create", nil, m{"name": "p", "policy": getObject}, more...)
}

// places writes the origin of each grant: its range and those of the callers.
func places(grants []extractors.Grant) []string {
	var out []string
	for _, g := range grants {
		s := g.Origin().Range.String()
		for _, c := range g.Origin().Callers {
			s += " < " + c.String()
		}
		out = append(out, s)
	}
	return out
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	role := func(blocks []m) m { return m{"name": "r", "assume_role_policy": ec2Trust, "inline_policy": blocks} }
	localCalls := m{"root_module": m{"module_calls": m{
		"app":      m{"source": "./app", "module": m{"module_calls": m{"roles": m{"source": "./roles", "module": m{}}}}},
		"registry": m{"source": "example/roles/aws", "module": m{}},
		"outside":  m{"source": "../../elsewhere", "module": m{}},
	}}}
	tests := []struct {
		name, source, path string
		config             m
		changes            []m
		want               []string
	}{
		{"attribute in the root module", "testdata/modules", "plan.json", nil, []m{created("aws_iam_policy.heredoc")}, []string{"main.tf:18:3"}},
		{"override file", "testdata/modules", "plan.json", nil, []m{created("aws_iam_policy.overridden")}, []string{"main_override.tf:2:3"}},
		{"policy from fields: the block", "testdata/modules", "plan.json", nil, []m{rc("aws_lambda_permission.fields", "create", nil, m{"action": "lambda:InvokeFunction", "function_name": "f", "principal": "*"})}, []string{"main.tf:27:1"}},
		{"not in the sources", "testdata/modules", "plan.json", nil, []m{created("aws_iam_policy.unheard_of")}, []string{"plan.json"}},
		{"local module", "testdata/modules", "plan.json", localCalls, []m{rc(`module.app["a.b"].aws_s3_bucket_policy.data`, "create", nil, m{"bucket": "b", "policy": openToAll})}, []string{"app/main.tf:7:3 < main.tf:2:1"}},
		{"local module, sources from the files", "testdata/modules", "plan.json", nil, []m{rc(`module.app["c"].aws_s3_bucket_policy.data`, "create", nil, m{"bucket": "b", "policy": openToAll})}, []string{"app/main.tf:7:3 < main.tf:2:1"}},
		{"blocks by name, two modules down", "testdata/modules", "plan.json", localCalls,
			[]m{rc(`module.app["c"].module.roles.aws_iam_role.blocks`, "create", nil, role([]m{{"name": "first", "policy": getObject}, {"name": "second", "policy": getObject}, {"name": "third", "policy": getObject}}))},
			[]string{"app/roles/roles.tofu:2:3 < app/main.tf:1:1 < main.tf:2:1", "app/roles/roles.tofu:6:5 < app/main.tf:1:1 < main.tf:2:1", "app/roles/roles.tofu:11:5 < app/main.tf:1:1 < main.tf:2:1", "app/roles/roles.tofu:1:1 < app/main.tf:1:1 < main.tf:2:1"}},
		{"generated blocks", "testdata/modules", "plan.json", localCalls,
			[]m{rc(`module.app["c"].module.roles.aws_iam_role.generated`, "create", nil, role([]m{{"name": "x", "policy": getObject}}))},
			[]string{"app/roles/roles.tofu:16:3 < app/main.tf:1:1 < main.tf:2:1", "app/roles/roles.tofu:22:7 < app/main.tf:1:1 < main.tf:2:1"}},
		{"nested block", "testdata/modules", "plan.json", localCalls,
			[]m{rc(`module.app["c"].module.roles.aws_s3control_multi_region_access_point_policy.nested`, "create", nil, m{"details": []m{{"name": "x", "policy": openToAll}}})},
			[]string{"app/roles/roles.tofu:30:5 < app/main.tf:1:1 < main.tf:2:1"}},
		{"module from a registry: the call", "testdata/modules", "plan.json", localCalls, []m{created("module.registry.module.inner.aws_iam_policy.p")}, []string{"main.tf:7:1"}},
		{"module outside of the folder: the call", "testdata/modules", "plan.json", localCalls, []m{created("module.outside.aws_iam_policy.p")}, []string{"main.tf:12:1"}},
		{"module that nobody calls", "testdata/modules", "plan.json", localCalls, []m{created("module.ghost.aws_iam_policy.p")}, []string{"plan.json"}},
		{"module from the manifest", "testdata/modules/stack", "plan.json", nil, []m{created("module.remote.aws_iam_policy.p"), created("module.local.aws_iam_policy.p")},
			[]string{".terraform/modules/remote/main.tf:2:3 < main.tf:1:1", "local/main.tf:2:3 < main.tf:5:1"}},
		{"JSON syntax", "testdata/json", "plan.json", nil, []m{created("aws_iam_policy.p")}, []string{"main.tf.json:6:9"}},
		{"folder of the plan", "testdata/nested", "testdata/nested/deploy/plan.json", nil, []m{created("aws_iam_policy.p")}, []string{"deploy/main.tf:2:3"}},
		{"folder of the plan has the block, the source folder has others", "testdata/modules", "testdata/modules/stack/local/plan.json", nil, []m{created("aws_iam_policy.p")}, []string{"stack/local/main.tf:2:3"}},
		{"no sources", "", "plan.json", nil, []m{created("aws_iam_policy.p")}, []string{"plan.json"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := extract(t, plan(tt.changes, nil, m{"configuration": tt.config}), terraform.Options{Path: tt.path, SourceDir: tt.source})
			if len(x.Diagnostics) > 0 {
				t.Errorf("diagnostics %v, want none", x.Diagnostics)
			}
			if diff := cmp.Diff(tt.want, places(x.Grants)); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGeneratedBlocksAreSet(t *testing.T) {
	t.Parallel()
	change := rc("module.app.module.roles.aws_iam_role.generated", "create", nil, m{"name": "r", "assume_role_policy": ec2Trust}, m{"after_unknown": m{"inline_policy": true}})
	config := m{"root_module": m{"module_calls": m{"app": m{"source": "./app", "module": m{"module_calls": m{"roles": m{"source": "./roles",
		"module": m{"resources": []m{conf("aws_iam_role.generated", map[string][]string{"assume_role_policy": nil})}}}}}}}}}
	x := extract(t, plan([]m{change}, nil, m{"configuration": config}), terraform.Options{Path: "plan.json", SourceDir: "testdata/modules"})
	if len(x.Grants) != 2 || x.Grants[1].After.Unknown == nil {
		t.Errorf("got %q, want the generated policies as unknown", lines(x.Grants))
	}
}

func TestBrokenSources(t *testing.T) {
	t.Parallel()
	x := extract(t, plan([]m{created("aws_iam_policy.good"), created("aws_iam_policy.bad")}, nil), terraform.Options{Path: "plan.json", SourceDir: "testdata/broken"})
	if got := places(x.Grants)[0]; got != "good.tf:2:3" {
		t.Errorf("place beside a broken file is %s", got)
	}
	if len(x.Diagnostics) != 1 || x.Diagnostics.HasErrors() || x.Diagnostics[0].Subject.Path != "bad.tf" {
		t.Errorf("diagnostics %v, want one warning about bad.tf", x.Diagnostics)
	}
}

// TestHostileSources writes sources that try to get out of the folder or to
// exhaust the parser.
func TestHostileSources(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	write := func(dir, name, text string) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	block := "resource \"aws_iam_policy\" \"p\" {\n  policy = \"{}\"\n}\n"
	write(outside, "main.tf", block)
	for name, text := range map[string]string{
		"brackets":  "x = " + strings.Repeat("[", 100_000),
		"templates": "x = " + strings.Repeat(`"${`, 100_000),
		"negations": "x = " + strings.Repeat("! ", 100_000) + "true",
		"too large": "# " + strings.Repeat("x", 600<<10),
	} {
		dir := t.TempDir()
		write(dir, "a.tf", text)
		write(dir, "main.tf", block)
		x := extract(t, plan([]m{created("aws_iam_policy.p")}, nil), terraform.Options{Path: "plan.json", SourceDir: dir})
		if diff := cmp.Diff([]string{"main.tf:2:3"}, places(x.Grants)); diff != "" || len(x.Diagnostics) != 1 || x.Diagnostics.HasErrors() {
			t.Errorf("%s: diagnostics %v, places (-want +got):\n%s", name, x.Diagnostics, diff)
		}
	}
	dir := t.TempDir()
	for name, target := range map[string]string{"link": outside, "main.tf": filepath.Join(outside, "main.tf")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	write(dir, "calls.tf", "module \"m\" {\n  source = \"./link\"\n}\nmodule \"up\" {\n  source = \"../x\"\n}\n")
	x := extract(t, plan([]m{created("aws_iam_policy.p"), created("module.m.aws_iam_policy.p"), created("module.up.aws_iam_policy.p")}, nil), terraform.Options{Path: "plan.json", SourceDir: dir})
	if diff := cmp.Diff([]string{"plan.json", "calls.tf:1:1", "calls.tf:4:1"}, places(x.Grants)); diff != "" {
		t.Errorf("places through links (-want +got):\n%s", diff)
	}
}

func TestMissingSourceFolder(t *testing.T) {
	t.Parallel()
	x := extract(t, plan([]m{created("aws_iam_policy.p")}, nil), terraform.Options{Path: "plan.json", SourceDir: "testdata/missing"})
	if len(x.Grants) != 1 || len(x.Diagnostics) != 1 || x.Diagnostics.HasErrors() {
		t.Errorf("%d grants, diagnostics %v; want the grant and a warning", len(x.Grants), x.Diagnostics)
	}
}
