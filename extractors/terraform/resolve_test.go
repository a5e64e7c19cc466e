package terraform_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/terraform"
)

// source is a configuration of pairs of name and text.
func sources(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// resolved writes the side after of each grant with its symbols, or why it is unknown.
func resolved(grants []extractors.Grant) []string {
	var out []string
	for _, g := range grants {
		s := g.Address + " " + g.Attribute + ": " + show(g.After)
		for _, symbol := range g.After.Symbols {
			s += " | " + symbol.Text + " = " + symbol.Reference
		}
		if g.After.Unknown != nil {
			s += " | " + g.After.Unknown.Reason
		}
		out = append(out, s)
	}
	return out
}

func unknownPolicy(address string, after m, more ...m) m {
	return rc(address, "create", nil, after, append(more, m{"after_unknown": m{"policy": true, "arn": true, "id": true}})...)
}

func TestResolve(t *testing.T) {
	t.Parallel()
	src := sources("main.tf", `
variable "bucket" {}
variable "on" {}
locals { doc = data.aws_iam_policy_document.d.json }
resource "aws_s3_bucket" "b" { bucket = var.bucket }
resource "aws_kms_key" "k" {}
resource "aws_iam_policy" "json" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
resource "aws_iam_policy" "local" { policy = local.doc }
resource "aws_iam_policy" "cond" { policy = var.on ? local.doc : "" }
resource "aws_iam_policy" "open" { policy = replace(local.doc, "a", aws_kms_key.k.key_id == "x" ? "b" : "c") }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
resource "aws_iam_role" "r" {
  name = "r"
  inline_policy {
    name   = "in"
    policy = local.doc
  }
}
resource "aws_lambda_permission" "l" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.b.arn
}
module "m" {
  source   = "./m"
  for_each = { x = aws_s3_bucket.b.arn }
  arn      = each.value
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.k.arn]
  }
}
`, "m/main.tf", `
variable "arn" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = var.arn }] })
}
`)
	named := func(name string) m { return m{"name": name} }
	changes := []m{
		rc("aws_s3_bucket.b", "create", nil, m{"bucket": "acme"}, m{"after_unknown": m{"arn": true, "id": true}}),
		rc("aws_kms_key.k", "create", nil, m{}, m{"after_unknown": m{"arn": true, "key_id": true, "id": true}}),
		rc("aws_iam_role.known", "no-op", m{"name": "k", "arn": "arn:aws:iam::111122223333:role/k", "assume_role_policy": ec2Trust}, m{"name": "k", "arn": "arn:aws:iam::111122223333:role/k", "assume_role_policy": ec2Trust}),
		unknownPolicy("aws_iam_policy.json", named("json")),
		unknownPolicy("aws_iam_policy.local", named("local")),
		unknownPolicy("aws_iam_policy.cond", named("cond")),
		unknownPolicy("aws_iam_policy.open", named("open")),
		rc("aws_s3_bucket_policy.p", "create", nil, m{}, m{"after_unknown": m{"bucket": true, "policy": true, "id": true}}),
		rc("aws_iam_role.r", "create", nil, m{"name": "r", "assume_role_policy": ec2Trust, "inline_policy": []m{{"name": "in"}}}, m{"after_unknown": m{"arn": true, "inline_policy": []m{{"policy": true}}}}),
		rc("aws_lambda_permission.l", "create", nil, m{"action": "lambda:InvokeFunction", "function_name": "f", "principal": "s3.amazonaws.com"}, m{"after_unknown": m{"source_arn": true}}),
		unknownPolicy(`module.m["x"].aws_iam_policy.p`, named("p")),
	}
	refs := func(attr string, list ...string) map[string][]string { return map[string][]string{attr: list} }
	config := []m{
		conf("aws_iam_policy.json", refs("policy", "aws_s3_bucket.b.arn", "aws_s3_bucket.b")),
		conf("aws_iam_policy.local", refs("policy", "local.doc")),
		conf("aws_iam_policy.cond", refs("policy", "var.on", "local.doc")),
		conf("aws_iam_policy.open", refs("policy", "local.doc", "aws_kms_key.k.key_id", "aws_kms_key.k")),
	}
	x := extract(t, plan(changes, config, m{"variables": m{"bucket": m{"value": "acme"}, "on": m{"value": true}}}), terraform.Options{Path: "plan.json", Source: src})
	if len(x.Diagnostics) > 0 {
		t.Fatalf("diagnostics %v", x.Diagnostics)
	}
	const key = "arn:aws:kms:(region):(account):key/(aws_kms_key.k.key_id)"
	const symbols = " | (account) = account | (aws_kms_key.k.key_id) = aws_kms_key.k.key_id | (region) = region"
	want := []string{
		"aws_iam_role.known assume_role_policy: E",
		"aws_iam_policy.json policy: Allow s3:GetObject arn:aws:s3:::acme/*",
		"aws_iam_policy.local policy: Allow kms:Decrypt " + key + symbols,
		"aws_iam_policy.cond policy: Allow kms:Decrypt " + key + symbols,
		"aws_iam_policy.open policy: unknown local.doc aws_kms_key.k.key_id | The policy text is not known before the change is applied, and it cannot be worked out: a comparison looks into a text that is not known before the change is applied.",
		"aws_s3_bucket_policy.p policy: Allow *=* s3:GetObject arn:aws:s3:::acme/*",
		"aws_iam_role.r assume_role_policy: E",
		`aws_iam_role.r inline_policy["in"].policy: Allow kms:Decrypt ` + key + symbols,
		"aws_lambda_permission.l principal: Allow Service=s3.amazonaws.com lambda:InvokeFunction arn:aws:lambda:*:*:function:f ArnLike aws:SourceArn=arn:aws:s3:::acme",
		`module.m["x"].aws_iam_policy.p policy: Allow s3:ListBucket arn:aws:s3:::acme`,
	}
	if diff := cmp.Diff(want, resolved(x.Grants)); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	for _, g := range x.Grants {
		if g.Address == "aws_s3_bucket_policy.p" && (g.Subject.Name != "acme" || g.ARN != "arn:aws:s3:::acme") {
			t.Errorf("bucket policy of %q with ARN %q", g.Subject.Name, g.ARN)
		}
	}
}

// TestResolveWithoutSources: documents that the plan defers need no sources.
func TestResolveWithoutSources(t *testing.T) {
	t.Parallel()
	data := func(address string, after, unknown m) m {
		r := rc(address, "read", nil, after, m{"mode": "data", "after_unknown": unknown})
		r["type"], r["name"] = "aws_iam_policy_document", address[strings.LastIndex(address, ".")+1:]
		delete(r, "module_address")
		return r
	}
	statement := func(sid string) m {
		return m{"statement": []m{{"sid": sid, "actions": []string{"a:x"}, "resources": []any{nil}}}}
	}
	open := m{"json": true, "statement": []m{{"resources": []bool{true}}}}
	changes := []m{
		data("data.aws_iam_policy_document.one", statement("One"), open),
		data("data.aws_iam_policy_document.two", m{"source_policy_documents": []any{nil}, "statement": statement("Two")["statement"]}, m{"json": true, "source_policy_documents": []bool{true}, "statement": open["statement"]}),
		data("data.aws_iam_policy_document.lost", m{"source_policy_documents": []any{nil, nil}}, m{"json": true, "source_policy_documents": []bool{true, true}}),
		unknownPolicy("aws_iam_policy.one", m{"name": "one"}), unknownPolicy("aws_iam_policy.two", m{"name": "two"}),
		unknownPolicy("aws_iam_policy.lost", m{"name": "lost"}), unknownPolicy("aws_iam_policy.mixed", m{"name": "mixed"}),
		unknownPolicy("aws_iam_policy.id", m{"name": "id"}), unknownPolicy("module.m.aws_iam_policy.passed", m{"name": "passed"}),
	}
	document := func(name string, refs ...string) m {
		c := conf("data.aws_iam_policy_document."+name, map[string][]string{"source_policy_documents": refs})
		c["mode"], c["type"], c["name"] = "data", "aws_iam_policy_document", name
		return c
	}
	policy := func(name string, refs ...string) m {
		return conf("aws_iam_policy."+name, map[string][]string{"policy": refs})
	}
	const one = "data.aws_iam_policy_document.one"
	root := m{"resources": []m{
		document("one"), document("two", one+".json", one), document("lost", one+".json", one),
		policy("one", one+".json", one), policy("two", "data.aws_iam_policy_document.two.json", "data.aws_iam_policy_document.two"),
		policy("lost", "data.aws_iam_policy_document.lost.json", "data.aws_iam_policy_document.lost"),
		policy("mixed", one+".json", one, "var.x"), policy("id", one+".id", one),
	}, "module_calls": m{"m": m{"source": "./m", "expressions": m{"p": m{"references": []string{one + ".json", one}}},
		"module": m{"resources": []m{policy("passed", "var.p")}}}}}
	x := extract(t, plan(changes, nil, m{"configuration": m{"root_module": root}}), terraform.Options{Path: "plan.json"})
	const unknown = " | The policy text is not known before the change is applied, and there is no configuration to work it out from (give its folder with --source)."
	const symbol = "(data.aws_iam_policy_document.one.statement[0].resources[0])"
	const symbols = " | " + symbol + " = data.aws_iam_policy_document.one.statement[0].resources[0]"
	want := []string{
		"aws_iam_policy.one policy: One" + symbols,
		"aws_iam_policy.two policy: OneTwo" + symbols + strings.ReplaceAll(symbols, "document.one", "document.two"),
		"aws_iam_policy.lost policy: unknown data.aws_iam_policy_document.lost.json" + unknown,
		"aws_iam_policy.mixed policy: unknown " + one + ".json var.x" + unknown,
		"aws_iam_policy.id policy: unknown " + one + ".id" + unknown,
		"module.m.aws_iam_policy.passed policy: One" + symbols,
	}
	if diff := cmp.Diff(want, resolved(x.Grants)); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}

// TestStaleSources: sources that are not those of the plan are no sources.
func TestStaleSources(t *testing.T) {
	t.Parallel()
	src := sources("main.tf", `
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "a:x", Resource = aws_kms_key.old.arn }] })
}
resource "aws_iam_policy" "d" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["a:old"]
    resources = [aws_kms_key.new.arn]
  }
}
`)
	document := rc("data.aws_iam_policy_document.d", "read", nil, m{"statement": []m{{"actions": []string{"a:new"}, "resources": []any{nil}}}},
		m{"mode": "data", "type": "aws_iam_policy_document", "name": "d", "after_unknown": m{"json": true, "statement": []m{{"resources": []bool{true}}}}})
	delete(document, "module_address")
	changes := []m{
		rc("aws_kms_key.new", "create", nil, m{}, m{"after_unknown": m{"arn": true, "key_id": true}}),
		document, unknownPolicy("aws_iam_policy.p", m{"name": "p"}), unknownPolicy("aws_iam_policy.d", m{"name": "d"}),
	}
	config := []m{
		conf("aws_iam_policy.p", map[string][]string{"policy": {"aws_kms_key.new.arn", "aws_kms_key.new"}}),
		conf("aws_iam_policy.d", map[string][]string{"policy": {"data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"}}),
	}
	x := extract(t, plan(changes, config), terraform.Options{Path: "plan.json", Source: src})
	const symbol = "(data.aws_iam_policy_document.d.statement[0].resources[0])"
	want := []string{
		"aws_iam_policy.p policy: unknown aws_kms_key.new.arn | The policy text is not known before the change is applied, and it cannot be worked out: the sources are not those of the plan: only one of them refers to aws_kms_key.old.",
		"aws_iam_policy.d policy: Allow a:new arn:unknown:unknown:::" + symbol + " | " + symbol + " = " + strings.Trim(symbol, "()"),
	}
	if diff := cmp.Diff(want, resolved(x.Grants)); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}

// TestReferenceChain: what is behind variables and outputs is listed after them.
func TestReferenceChain(t *testing.T) {
	t.Parallel()
	inner := m{"resources": []m{conf("aws_iam_policy.p", map[string][]string{"policy": {"var.arn"}})}}
	root := m{"module_calls": m{
		"a": m{"source": "./a", "expressions": m{"arn": m{"references": []string{"module.b.arn", "module.b"}}}, "module": inner},
		"b": m{"source": "./b", "module": m{"outputs": m{"arn": m{"expression": m{"references": []string{"aws_sqs_queue.q.arn", "aws_sqs_queue.q"}}}}}},
	}}
	x := extract(t, plan([]m{unknownPolicy("module.a.aws_iam_policy.p", m{"name": "p"})}, nil, m{"configuration": m{"root_module": root}}), terraform.Options{Path: "plan.json"})
	want := []string{"module.a.aws_iam_policy.p policy: unknown var.arn module.b.arn aws_sqs_queue.q.arn | The policy text is not known before the change is applied, and there is no configuration to work it out from (give its folder with --source)."}
	if diff := cmp.Diff(want, resolved(x.Grants)); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
}
