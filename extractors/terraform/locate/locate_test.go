package locate_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/terraform/config"
	"github.com/grantdiff/grantdiff/extractors/terraform/locate"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// document makes a policy of statements in short: "Sid action action".
func document(t *testing.T, statements ...string) *policy.Document {
	t.Helper()
	var list []string
	for _, s := range statements {
		f := strings.Fields(s)
		list = append(list, fmt.Sprintf(`{"Sid":%q,"Effect":"Allow","Action":["%s"],"Resource":"*"}`, strings.Trim(f[0], "-"), strings.Join(f[1:], `","`)))
	}
	doc, ds := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(list, ",")+`]}`), policy.ParseOptions{Kind: policy.Identity})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return doc
}

// places writes the places of statements: PATH:LINE:COLUMN, those of actions, and the
// callers.
func places(f locate.Found) []string {
	var out []string
	for _, p := range f.Statements {
		s := p.Range.String()
		for _, a := range p.Actions {
			s += fmt.Sprintf(" %s@%s", a.Text, a.Range)
		}
		for _, c := range p.Callers {
			s += " < " + c.String()
		}
		out = append(out, s)
	}
	return out
}

func TestStatements(t *testing.T) {
	t.Parallel()
	read := []string{"One s3:GetObject s3:ListBucket", "Two s3:PutObject"}
	tests := []struct {
		name  string
		files fstest.MapFS
		doc   []string
		want  []string
	}{
		{"jsonencode", files("main.tf", `resource "t" "t" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "One"
        Effect = "Allow"
        Action = ["s3:GetObject",
        "s3:ListBucket"]
      },
      { Sid = "Two", Effect = "Allow", Action = "s3:PutObject" },
    ]
  })
}
`), read, []string{"main.tf:5:7 s3:GetObject@main.tf:8:19 s3:ListBucket@main.tf:9:9", "main.tf:11:7 s3:PutObject@main.tf:11:49"}},
		{"one statement and no list", files("main.tf", "resource \"t\" \"t\" {\n  policy = jsonencode({ \"Statement\" : { \"Action\" : \"a:b\" } })\n}\n"), []string{"- a:b"}, []string{"main.tf:2:39 a:b@main.tf:2:52"}},
		{"heredoc", files("main.tf", `resource "t" "t" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "One", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "${aws_s3_bucket.b.arn}/*"},
        {"Sid": "Two", "Action": "s3:PutObject",
         "Resource": ${jsonencode([aws_s3_bucket.b.arn])}}
      ]
    }
  EOT
}
`), read, []string{"main.tf:6:9 s3:GetObject@main.tf:6:35 s3:ListBucket@main.tf:6:51", "main.tf:7:9 s3:PutObject@main.tf:7:34"}},
		{"data source", files("main.tf", `resource "t" "t" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  statement {
    sid     = "One"
    actions = ["s3:GetObject", "s3:ListBucket"]
  }
  statement {
    sid     = "Two"
    actions = local.writes
  }
}
locals {
  writes = ["s3:PutObject"]
}
`), read, []string{"main.tf:3:3 s3:GetObject@main.tf:5:16 s3:ListBucket@main.tf:5:32", "main.tf:7:3 s3:PutObject@main.tf:13:13"}},
		{"sources and overrides", files("main.tf", `resource "t" "t" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.over[0].json]
}
data "aws_iam_policy_document" "base" {
  statement {
    sid     = "One"
    actions = ["s3:GetObject", "s3:ListBucket"]
  }
  statement {
    sid     = "Two"
    actions = ["s3:GetObject"]
  }
}
data "aws_iam_policy_document" "over" {
  count = 1
  statement {
    sid     = "Two"
    actions = ["s3:PutObject"]
  }
}
`), read, []string{"main.tf:7:3 s3:GetObject@main.tf:9:16 s3:ListBucket@main.tf:9:32", "main.tf:18:3 s3:PutObject@main.tf:20:16"}},
		{"dynamic statements", files("main.tf", `resource "t" "t" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = var.x
    content { actions = ["s3:GetObject"] }
  }
}
`), []string{"- s3:GetObject", "- s3:GetObject"}, []string{"main.tf:3:3 s3:GetObject@main.tf:5:26", "main.tf:3:3 s3:GetObject@main.tf:5:26"}},
		{"file and template", files("main.tf", "resource \"t\" \"t\" {\n  policy = var.x ? file(\"${path.module}/p.json\") : templatefile(\"t.tpl\", {})\n}\n",
			"p.json", "{\"Statement\": [\n  {\"Sid\": \"One\", \"Action\": [\"s3:GetObject\", \"s3:ListBucket\"]}\n]}",
			"t.tpl", "{\"Statement\": [\n%{ for x in xs ~}\n  {\"Sid\": \"Two\", \"Action\": \"s3:PutObject\", \"Resource\": \"${x}\"},\n%{ endfor ~}\n]}"),
			read, []string{"p.json:2:3 s3:GetObject@p.json:2:29 s3:ListBucket@p.json:2:45", "t.tpl:3:3 s3:PutObject@t.tpl:3:28"}},
		{"file outside", files("main.tf", "resource \"t\" \"t\" {\n  policy = file(\"../p.json\")\n}\n"), read, nil},
		{"local values, loops and conditions", files("main.tf", `locals {
  one = { Sid = "One", Action = concat(["s3:GetObject"], ["s3:ListBucket"]) }
  doc = { Statement = concat([local.one], [for s in ["Two"] : { Sid = s, Action = "s3:PutObject" }]) }
}
resource "t" "t" { policy = var.on ? jsonencode(local.doc) : "" }
`), read, []string{"main.tf:2:9 s3:GetObject@main.tf:2:41 s3:ListBucket@main.tf:2:59", "main.tf:3:63 s3:PutObject@main.tf:3:83"}},
		{"elements of for_each", files("main.tf", `resource "t" "t" {
  for_each = { a = { doc = { Statement = { Sid = "Two", Action = "s3:PutObject" } } } }
  policy   = jsonencode(each.value.doc)
}
`), []string{"Two s3:PutObject"}, []string{"main.tf:2:42 s3:PutObject@main.tf:2:66"}},
		{"which one is not told", files("main.tf", "resource \"t\" \"t\" {\n  policy = jsonencode({ Statement = var.x ? [{ Action = \"a:b\" }] : [{ Action = \"a:b\" }] })\n}\n"), []string{"- a:b"}, nil},
		{"other text than in the source", files("main.tf", "resource \"t\" \"t\" {\n  policy = jsonencode({ Statement = [{ Action = \"a:b\" }] })\n}\n"), []string{"- a:c"}, nil},
		{"JSON syntax", files("main.tf.json", `{
  "resource": {"t": {"t": {"policy": "${data.aws_iam_policy_document.d.json}"}}},
  "data": {"aws_iam_policy_document": {"d": {
    "statement": [
      {"sid": "One", "actions": ["s3:GetObject", "s3:ListBucket"]},
      {"sid": "Two", "actions": ["s3:PutObject"]}
    ]
  }}}
}`), read, []string{"main.tf.json:5:8 s3:GetObject@main.tf.json:5:34 s3:ListBucket@main.tf.json:5:50", "main.tf.json:6:8 s3:PutObject@main.tf.json:6:34"}},
		{"override file", files("main.tf", "resource \"t\" \"t\" {\n  policy = \"\"\n}\n", "main_override.tf", "resource \"t\" \"t\" {\n  policy = jsonencode({ Statement = { Sid = \"Two\", Action = \"s3:PutObject\" } })\n}\n"),
			[]string{"Two s3:PutObject"}, []string{"main_override.tf:2:37 s3:PutObject@main_override.tf:2:61"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree := config.New(tt.files)
			modules := tree.Modules(".")
			root := modules.Module(nil)
			found := locate.New(tree, modules).Statements(root, root.Dir.Resource("t", "t"), []string{"policy"}, "", document(t, tt.doc...))
			if diff := cmp.Diff(tt.want, places(found)); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

// TestThroughModules: a statement given by the caller is at the caller, one of the
// module at the module, with the chain of calls.
func TestThroughModules(t *testing.T) {
	t.Parallel()
	tree := config.New(files("main.tf", `module "outer" {
  source = "./outer"
  given  = [{ Sid = "Two", Effect = "Allow", Action = "s3:PutObject" }]
}
`, "outer/main.tf", `variable "given" {}
module "inner" {
  source = "./inner"
  given  = concat([{ Sid = "One", Action = ["s3:GetObject", "s3:ListBucket"] }], var.given, module.lib.statements)
}
module "lib" { source = "./lib" }
`, "outer/inner/main.tf", `variable "given" {}
resource "t" "t" { policy = jsonencode({ Statement = var.given }) }
`, "outer/lib/main.tf", `output "statements" { value = [{ Sid = "Three", Action = "a:b" }] }
`))
	modules := tree.Modules(".")
	m := modules.Module([]string{"outer", "inner"})
	doc := document(t, "One s3:GetObject s3:ListBucket", "Two s3:PutObject", "Three a:b")
	found := locate.New(tree, modules).Statements(m, m.Dir.Resource("t", "t"), []string{"policy"}, "", doc)
	want := []string{
		"outer/main.tf:4:20 s3:GetObject@outer/main.tf:4:45 s3:ListBucket@outer/main.tf:4:61 < main.tf:1:1",
		"main.tf:3:13 s3:PutObject@main.tf:3:55",
		"outer/lib/main.tf:1:32 a:b@outer/lib/main.tf:1:58 < outer/main.tf:6:1 < main.tf:1:1",
	}
	if diff := cmp.Diff(want, places(found)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestNestedBlocks: policies in nested blocks are told apart by name.
func TestNestedBlocks(t *testing.T) {
	t.Parallel()
	tree := config.New(files("main.tf", `resource "t" "t" {
  inline_policy {
    name   = "a"
    policy = jsonencode({ Statement = { Action = "a:b" } })
  }
  inline_policy {
    name   = "b"
    policy = jsonencode({ Statement = { Action = "a:b" } })
  }
}
`))
	modules := tree.Modules(".")
	m := modules.Module(nil)
	found := locate.New(tree, modules).Statements(m, m.Dir.Resource("t", "t"), []string{"inline_policy", "policy"}, "b", document(t, "- a:b"))
	if diff := cmp.Diff([]string{"main.tf:8:39 a:b@main.tf:8:50"}, places(found)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestHostile: values that refer to each other and sources without end are followed for
// a bounded time.
func TestHostile(t *testing.T) {
	t.Parallel()
	wide := "locals {\n  v0 = [{ Action = \"a:b\" }]\n"
	for i := range 60 {
		wide += fmt.Sprintf("  v%d = concat(local.v%d, local.v%d)\n", i+1, i, i)
	}
	for name, source := range map[string]string{
		"cycle of locals":  "locals {\n  a = local.b\n  b = local.a\n}\nresource \"t\" \"t\" { policy = local.a }\n",
		"cycle of data":    "data \"aws_iam_policy_document\" \"d\" { source_policy_documents = [data.aws_iam_policy_document.d.json] }\nresource \"t\" \"t\" { policy = data.aws_iam_policy_document.d.json }\n",
		"cycle of modules": "module \"m\" {\n  source = \"./\"\n  p = module.m.p\n}\noutput \"p\" { value = module.m.p }\nvariable \"p\" {}\nresource \"t\" \"t\" { policy = module.m.p }\n",
		"doubling":         wide + "}\nresource \"t\" \"t\" { policy = jsonencode({ Statement = local.v60 }) }\n",
		"broken heredoc":   "resource \"t\" \"t\" {\n  policy = <<EOT\n{\"Statement\": [{\"Action\": \nEOT\n}\n",
		"deep heredoc":     "resource \"t\" \"t\" {\n  policy = <<EOT\n{\"Statement\": " + strings.Repeat("{\"a\": ", 400) + "\nEOT\n}\n",
	} {
		tree := config.New(files("main.tf", source))
		modules := tree.Modules(".")
		m := modules.Module(nil)
		found := locate.New(tree, modules).Statements(m, m.Dir.Resource("t", "t"), []string{"policy"}, "", document(t, "- a:b", "- a:c"))
		if len(places(found)) > 2 {
			t.Errorf("%s: %v", name, places(found))
		}
	}
}

func TestIgnores(t *testing.T) {
	t.Parallel()
	tree := config.New(files("main.tf", `# grantdiff:ignore new-access the whole block
resource "t" "t" {
  // grantdiff:ignore public-access the attribute
  policy = jsonencode({
    Statement = [
      # a remark
      # grantdiff:ignore escalation the first statement
      { Sid = "One", Action = "a:b" },
      { Sid = "Two", Action = "a:c" }, # grantdiff:ignore invalid-policy the second
      # grantdiff:ignore new-access

      { Sid = "Three", Action = "a:d" },
    ] # grantdiff: ignore this
  })
}
`))
	modules := tree.Modules(".")
	m := modules.Module(nil)
	b := m.Dir.Resource("t", "t")
	f := locate.New(tree, modules)
	var got []string
	for _, i := range f.Ignores(append(m.Callers(), b.Header(), b.Attribute("policy").Range), -1) {
		got = append(got, fmt.Sprintf("%d %s: %s (%s)", i.Statement, i.Rule, i.Reason, i.Range))
	}
	found := f.Statements(m, b, []string{"policy"}, "", document(t, "One a:b", "Two a:c", "Three a:d"))
	for n, p := range found.Statements {
		for _, i := range f.Ignores(append(found.Around[n][:0:0], p.Range), n) {
			got = append(got, fmt.Sprintf("%d %s: %s (%s)", i.Statement, i.Rule, i.Reason, i.Range))
		}
	}
	want := []string{
		"-1 new-access: the whole block (main.tf:1:1)", "-1 public-access: the attribute (main.tf:3:3)",
		"0 escalation: the first statement (main.tf:7:7)", "1 invalid-policy: the second (main.tf:9:40)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ignores (-want +got):\n%s", diff)
	}
	var warnings []string
	for _, d := range f.Diagnostics() {
		warnings = append(warnings, fmt.Sprintf("%v %s", d.Severity, d.Subject))
	}
	if diff := cmp.Diff([]string{"warning main.tf:10:7", "warning main.tf:13:7"}, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestIgnoresBehindEntries covers comments on the first line of something that goes on
// below: behind an entry they are about that entry.
func TestIgnoresBehindEntries(t *testing.T) {
	t.Parallel()
	tree := config.New(files("main.tf", `locals {
  doc = { Statement = [{ Sid = "Two", Action = "a:c" }, # grantdiff:ignore new-access the second
    { Sid = "Three", Action = "a:d" }] }
}
resource "t" "t" {
  policy = jsonencode({ Statement = concat([{ Sid = "One", Action = "a:b" }, # grantdiff:ignore new-access the first
    { Sid = "Four", Action = "a:e" }], local.doc.Statement) })
  arns = ["a", # grantdiff:ignore new-access an entry
    "b"]
  more = [ # grantdiff:ignore new-access all
    "a",
  ]
  part = jsonencode({ Statement = [{ Effect = "Allow", Action = "a:b" # grantdiff:ignore new-access a part
    }, {}] })
  next = [{}, { # grantdiff:ignore new-access another entry
    }]
  last = ["a" # grantdiff:ignore new-access the first entry
    , "b"]
  block = ["a", /* a */ # grantdiff:ignore new-access an entry
    "b"]
  deep = jsonencode({ "Statement" : [{ # grantdiff:ignore new-access what opens
    }] })
}
`))
	modules := tree.Modules(".")
	m := modules.Module(nil)
	b := m.Dir.Resource("t", "t")
	f := locate.New(tree, modules)
	var got []string
	for _, name := range []string{"policy", "arns", "more", "part", "next", "last", "block", "deep"} {
		for _, i := range f.Ignores([]source.Range{b.Attribute(name).Range}, -1) {
			got = append(got, fmt.Sprintf("%s: %s", name, i.Reason))
		}
	}
	found := f.Statements(m, b, []string{"policy"}, "", document(t, "One a:b", "Two a:c", "Three a:d", "Four a:e"))
	for n, p := range found.Statements {
		for _, i := range f.Ignores(found.Around[n], n, p.Range) {
			got = append(got, fmt.Sprintf("%d: %s", i.Statement, i.Reason))
		}
	}
	if diff := cmp.Diff([]string{"more: all", "deep: what opens", "0: the first", "1: the second"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestIgnoresOfOthers covers modules from elsewhere, whose comments accept nothing.
func TestIgnoresOfOthers(t *testing.T) {
	t.Parallel()
	const path = ".terraform/modules/m/main.tf"
	tree := config.New(files(path, "# grantdiff:ignore new-access theirs\nresource \"t\" \"t\" {\n}\n"))
	f := locate.New(tree, tree.Modules("."))
	at := source.Range{Path: path, Start: source.Pos{Line: 2, Column: 1}, End: source.Pos{Line: 2, Column: 2}}
	if got := f.Ignores([]source.Range{at}, -1); len(got) > 0 {
		t.Errorf("ignores %v, want none", got)
	}
}
