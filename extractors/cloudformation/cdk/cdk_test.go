package cdk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/cdk"
)

// write makes files in a new folder; each text may say @ROOT for that folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		full := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, "@ROOT", filepath.ToSlash(root))
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFixture(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "..", "testdata", "cloudformation", "cdk", "after")
	if !cdk.Is(folder) {
		t.Error("not taken for an assembly")
	}
	a, err := cdk.Read(folder, cdk.Options{Path: "cdk.out"})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Diagnostics)+len(a.Incomplete) > 0 {
		t.Error(a.Diagnostics, a.Incomplete)
	}
	var got []string
	for _, s := range a.Stacks {
		got = append(got, fmt.Sprintf("%s name %s display %s account %q region %q folder %q parameters %v template %s with %d resources",
			s.ID, s.Name, s.Display, s.Account, s.Region, s.Folder, s.Parameters, s.Template.Path, len(s.Template.Root.Get("Resources").Fields)))
	}
	want := []string{
		`Storage name storage-dev display Storage account "111122223333" region "eu-west-1" folder "" parameters map[Stage:dev] template cdk.out/Storage.template.json with 3 resources`,
		`assembly-Prod/ProdQueue1A2B3C4D name Prod-Queue display Prod/Queue account "" region "" folder "assembly-Prod" parameters map[] template cdk.out/assembly-Prod/ProdQueue1A2B3C4D.template.json with 1 resources`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stacks (-want +got):\n%s", diff)
	}
	if path := cdk.Path(a.Stacks[0].Template.Root.Path("Resources", "Worker5D4E4B0E")); path != "Storage/Worker/Resource" {
		t.Errorf("construct path %q", path)
	}
}

const stackManifest = `{"version":"53.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-west-1",
	"properties":{"templateFile":"S.template.json"},"metadata":{"/S/R":[%s]}}}}`

func TestTraces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ entry, want string }{
		"the innermost frame of the program": {
			`{"type":"aws:cdk:logicalId","data":"R","trace":["new Role (@ROOT/node_modules/aws-cdk-lib/role.js:1:2)","new My (@ROOT/lib/my.ts:7:3)","main (@ROOT/bin/app.ts:1:1)"]}`,
			"lib/my.ts:7:3",
		},
		"at, and a URL": {`{"type":"aws:cdk:logicalId","data":"R","trace":["at new My (file://@ROOT/lib/my.ts:7:3)"]}`, "lib/my.ts:7:3"},
		"a frame alone": {`{"type":"aws:cdk:logicalId","data":"R","trace":["@ROOT/lib/my.ts:7:3"]}`, "lib/my.ts:7:3"},
		"escaped":       {`{"type":"aws:cdk:logicalId","data":"R","trace":["new My (file://@ROOT/lib/my%20file.ts:7:3)"]}`, "lib/my file.ts:7:3"},
		"python":        {`{"type":"aws:cdk:logicalId","data":"R","trace":["File \"@ROOT/app.py\", line 12, in __init__"]}`, "app.py:12"},
		"a script made from another": {
			`{"type":"aws:cdk:logicalId","data":"R","trace":["new My (@ROOT/lib/my.js:99:3)"]}`, "lib/my.ts",
		},
		"the newer entry": {
			`{"type":"aws:cdk:logicalId","data":"R"},{"type":"aws:cdk:creationStack","data":["new My (@ROOT/lib/my.ts:8:1)"]}`, "lib/my.ts:8:1",
		},
		"no trace":              {`{"type":"aws:cdk:logicalId","data":"R"}`, ""},
		"outside of the source": {`{"type":"aws:cdk:logicalId","data":"R","trace":["f (/etc/passwd:1:1)","f (@ROOT/../x.ts:1:1)","f (@ROOT-other/x.ts:1:1)"]}`, ""},
		"no such file":          {`{"type":"aws:cdk:logicalId","data":"R","trace":["f (@ROOT/lib/absent.ts:1:1)","f (@ROOT/lib:1:1)"]}`, ""},
		"a link out of it":      {`{"type":"aws:cdk:logicalId","data":"R","trace":["f (@ROOT/link/x.ts:1:1)"]}`, ""},
		"line 0":                {`{"type":"aws:cdk:logicalId","data":"R","trace":["f (@ROOT/lib/my.ts:0:0)"]}`, ""},
		"no texts":              {`{"type":"aws:cdk:logicalId","data":"R","trace":[1,null,{"a":1}]}`, ""},
		"no list":               {`{"type":"aws:cdk:logicalId","data":"R","trace":"f (@ROOT/lib/my.ts:7:3)"}`, ""},
		"no logical ID":         {`{"type":"aws:cdk:logicalId","trace":["f (@ROOT/lib/my.ts:7:3)"]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := write(t, map[string]string{
				"cdk.out/manifest.json":   fmt.Sprintf(stackManifest, c.entry),
				"cdk.out/S.template.json": `{"Resources":{"R":{"Type":"AWS::IAM::Role"}}}`,
				"lib/my.ts":               "", "lib/my.js": "", "lib/my file.ts": "", "app.py": "", "bin/app.ts": "",
				"node_modules/aws-cdk-lib/role.js": "",
			})
			outside := write(t, map[string]string{"x.ts": ""})
			if err := os.Symlink(outside, filepath.Join(root, "link")); err != nil {
				t.Log(err)
			}
			a, err := cdk.Read(filepath.Join(root, "cdk.out"), cdk.Options{SourceDir: root})
			if err != nil || len(a.Stacks) != 1 {
				t.Fatal(err, a)
			}
			at := a.Stacks[0].Places["R"]
			if got := at.String(); got != c.want {
				t.Errorf("place %q, want %q", got, c.want)
			}
		})
	}
}

// TestHostile gives assemblies that lead out of their folder, run in circles or are
// broken: each is told, and nothing else is read.
func TestHostile(t *testing.T) {
	t.Parallel()
	secret := write(t, map[string]string{"S.template.json": `{"Resources":{"Secret":{"Type":"AWS::IAM::Role"}}}`, "manifest.json": fmt.Sprintf(stackManifest, "")})
	stack := func(file string) string {
		return `{"version":"53.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"` + file + `"}}}}`
	}
	nested := func(dir string) string {
		return `{"version":"53.0.0","artifacts":{"A":{"type":"cdk:cloud-assembly","properties":{"directoryName":"` + dir + `"}}}}`
	}
	for name, c := range map[string]struct{ manifest, want string }{
		"a template above":        {stack("../" + filepath.Base(secret) + "/S.template.json"), "is not in the folder"},
		"an absolute template":    {stack(filepath.ToSlash(secret) + "/S.template.json"), "is not in the folder"},
		"backslashes":             {stack(`..\\S.template.json`), "is not in the folder"},
		"a link to a template":    {stack("link/S.template.json"), "cannot be read"},
		"a folder as a template":  {stack("folder"), "cannot be read"},
		"no such template":        {stack("absent.json"), "cannot be read"},
		"no template":             {`{"version":"1","artifacts":{"S":{"type":"aws:cloudformation:stack"}}}`, "is not in the folder"},
		"an assembly above":       {nested(".."), "is not in the folder"},
		"an assembly in itself":   {nested("."), "is not in the folder"},
		"an assembly by a link":   {nested("link"), "cannot be read"},
		"a circle":                {nested("folder"), "nest too deep"},
		"a manifest that is none": {`{"a":1}`, "has no artifacts"},
		"a broken manifest":       {`{"version":"1","artifacts":{`, "ends too early"},
		"artifacts that are none": {`{"version":"1","artifacts":[1]}`, ""},
		"values of other kinds":   {`{"version":1,"artifacts":{"S":{"type":["aws:cloudformation:stack"],"environment":1},"T":null}}`, ""},
		"metadata above":          {`{"version":"1","artifacts":{"S":{"type":"aws:cloudformation:stack","additionalMetadataFile":"../x","properties":{"templateFile":"ok.json"}}}}`, "metadata is not in the folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := write(t, map[string]string{"manifest.json": c.manifest, "folder/manifest.json": nested("../folder"), "ok.json": `{"Resources":{}}`})
			if name == "a circle" {
				if err := os.WriteFile(filepath.Join(root, "folder", "manifest.json"), []byte(nested("../folder")), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(secret, filepath.Join(root, "link")); err != nil {
				t.Skip(err)
			}
			a, err := cdk.Read(root, cdk.Options{Path: "cdk.out"})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range a.Stacks {
				if s.Template.Root.Path("Resources", "Secret") != nil {
					t.Error("a file outside of the folder was read")
				}
			}
			var said []string
			for _, d := range a.Diagnostics {
				said = append(said, d.String())
			}
			if got := strings.Join(said, "\n"); !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("said %q, want %q", got, c.want)
			}
		})
	}
}

func TestMissingContext(t *testing.T) {
	t.Parallel()
	root := write(t, map[string]string{"manifest.json": `{"version":"1","artifacts":{},"missing":[{"key":"vpc-provider:x"},{"key":"ami"}]}`})
	a, err := cdk.Read(root, cdk.Options{Path: "cdk.out"})
	if err != nil || len(a.Incomplete) != 1 || !strings.Contains(a.Incomplete[0], `"vpc-provider:x", "ami"`) {
		t.Errorf("%v %q", err, a.Incomplete)
	}
}

func TestNoAssembly(t *testing.T) {
	t.Parallel()
	root := write(t, map[string]string{"other/manifest.json": `{"name":"web app"}`, "template.yaml": "Resources: {}"})
	for _, folder := range []string{root, filepath.Join(root, "other"), filepath.Join(root, "absent"), filepath.Join(root, "template.yaml")} {
		if cdk.Is(folder) {
			t.Errorf("%s is taken for an assembly", folder)
		}
	}
}
