package eval

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// policyOf works out the attribute policy of aws_target.t.
func policyOf(t *testing.T, p *fakePlan, fsys fstest.MapFS) string {
	t.Helper()
	plan := *p
	plan.objects = map[string][]*Instance{}
	for k, v := range p.objects {
		plan.objects[k] = v
	}
	plan.add("aws_target.t", "{}", "policy")
	text, _, err := evaluator(&plan, fsys).Policy(target("aws_target.t", "policy"))
	if err != nil {
		return "error: " + err.Error()
	}
	return text
}

// statement wraps one statement as the data source writes it.
func oneStatement(s string) string {
	return `{"Version":"2012-10-17","Statement":[` + s + `]}`
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	const use = "resource \"aws_target\" \"t\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n"
	tests := []struct{ name, source, want string }{
		{"all parts", `
data "aws_iam_policy_document" "d" {
  policy_id = "P"
  version   = "2008-10-17"
  statement {
    sid       = "S"
    effect    = "Deny"
    actions   = ["a:B", "a:C"]
    resources = ["${aws_thing.a.arn}/&{aws:username}"]
    principals {
      type        = "AWS"
      identifiers = [aws_thing.b.arn]
    }
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
    condition {
      test     = "StringEquals"
      variable = "a:k"
      values   = ["x"]
    }
    condition {
      test     = "StringEquals"
      variable = "a:k"
      values   = ["y"]
    }
  }
  statement {
    not_actions   = ["a:B"]
    not_resources = ["*"]
    not_principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}`, `{"Version":"2008-10-17","Id":"P","Statement":[` +
			`{"Sid":"S","Effect":"Deny","Action":["a:B","a:C"],"Resource":"arn:unknown:unknown:::(aws_thing.a.arn)/${aws:username}","Principal":{"AWS":["arn:unknown:unknown:::(aws_thing.b.arn)","111122223333"]},"Condition":{"StringEquals":{"a:k":["x","y"]}}},` +
			`{"Effect":"Allow","NotAction":"a:B","NotResource":"*","NotPrincipal":"*"}]}`},
		{"sources and overrides keep the order", `
data "aws_iam_policy_document" "one" {
  statement {
    sid     = "A"
    actions = ["a:one"]
  }
  statement { actions = ["a:nosid"] }
}
data "aws_iam_policy_document" "two" {
  statement {
    sid     = "B"
    actions = ["a:two"]
  }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid     = "A"
    actions = ["a:over"]
  }
  statement { actions = ["a:more"] }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.one.json, data.aws_iam_policy_document.two.json]
  override_policy_documents = [data.aws_iam_policy_document.over.json]
  statement {
    sid     = "B"
    actions = ["a:own"]
  }
}`, `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"a:over"},{"Effect":"Allow","Action":"a:nosid"},{"Sid":"B","Effect":"Allow","Action":"a:own"},{"Effect":"Allow","Action":"a:more"}]}`},
		{"deprecated arguments", `
data "aws_iam_policy_document" "d" {
  source_json   = jsonencode({ Version = "2008-10-17", Id = "old", Statement = { Sid = "A", Effect = "Allow", Action = "a:x" } })
  override_json = jsonencode({ Statement = [{ Sid = "A", Effect = "Deny", Action = aws_thing.a.name }] })
}`, `{"Version":"2012-10-17","Id":"old","Statement":[{"Action":"(aws_thing.a.name)","Effect":"Deny","Sid":"A"}]}`},
		{"a Sid in two sources", `
data "aws_iam_policy_document" "d" {
  source_policy_documents = [jsonencode({ Statement = [{ Sid = "A" }] }), jsonencode({ Statement = [{ Sid = "A" }] })]
}`, `error: data.aws_iam_policy_document.d: the Sid "A" occurs twice in source_policy_documents`},
		{"dynamic statements", `
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = aws_many.m
    iterator = it
    content {
      sid       = "S${it.key}"
      actions   = ["a:x"]
      resources = [it.value.arn]
      dynamic "condition" {
        for_each = it.key == 0 ? [] : ["v"]
        content {
          test     = "ArnLike"
          variable = "aws:SourceArn"
          values   = ["${aws_thing.a.arn}:*"]
        }
      }
    }
  }
}`, `{"Version":"2012-10-17","Statement":[{"Sid":"S0","Effect":"Allow","Action":"a:x","Resource":"arn:unknown:unknown:::(aws_many.m[0].arn)"},` +
			`{"Sid":"S1","Effect":"Allow","Action":"a:x","Resource":"arn:unknown:unknown:::(aws_many.m[1].arn)","Condition":{"ArnLike":{"aws:SourceArn":"arn:unknown:unknown:::(aws_thing.a.arn):*"}}}]}`},
		{"statements for each of something unknown", `
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = split(",", aws_thing.a.name)
    content { actions = ["a:x"] }
  }
}`, `error: split looks into a text that is not known before the change is applied; data.aws_iam_policy_document.d: the blocks statement are made for each element of something that is not known`},
		{"everyone of one type", `
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["a:x"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}`, oneStatement(`{"Effect":"Allow","Action":"a:x","Principal":{"AWS":"*"}}`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			src := files("main.tf", tt.source+"\n"+use, "rest.tf", "resource \"aws_thing\" \"a\" {}\nresource \"aws_many\" \"m\" { count = 2 }\n")
			p := known()
			p.home = Home{}
			if diff := cmp.Diff(tt.want, policyOf(t, p, src)); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOverrides: an attribute of an override file replaces one, and its nested blocks
// replace all of their type.
func TestOverrides(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
resource "aws_target" "t" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  policy_id = "first"
  statement { actions = ["a:one"] }
  statement { actions = ["a:two"] }
}`, "main_override.tf", `
data "aws_iam_policy_document" "d" {
  policy_id = "second"
}`, "override.tf", `
data "aws_iam_policy_document" "d" {
  statement { actions = ["a:three"] }
}`)
	want := `{"Version":"2012-10-17","Id":"second","Statement":[{"Effect":"Allow","Action":"a:three"}]}`
	if got := policyOf(t, known(), src); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestDocumentOfThePlan: without sources the blocks in the plan make the document.
func TestDocumentOfThePlan(t *testing.T) {
	t.Parallel()
	p := known()
	base := p.add("data.aws_iam_policy_document.base", `{"statement":[{"sid":"B","actions":["a:y"],"resources":["*"]}],"version":null}`, "json id")
	inst := p.add("data.aws_iam_policy_document.d", `{"source_policy_documents":[null],"statement":[{"sid":"A","effect":null,"actions":["a:x"],"resources":["arn:aws:s3:::k",null],
	  "principals":[{"type":"AWS","identifiers":[null]}],"condition":[{"test":"ArnEquals","variable":"aws:SourceArn","values":[null]}]}]}`,
		`{"json":true,"source_policy_documents":[true],"statement":[{"resources":[false,true],"principals":[{"identifiers":[true]}],"condition":[{"values":[true]}]}]}`)
	find := func(of *Instance, attribute string, i, n int) *Instance {
		if of == inst && attribute == "source_policy_documents" && i == 0 && n == 1 {
			return base
		}
		return nil
	}
	text, symbols, err := New(p, nil, nil).Document(inst, find)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Version":"2012-10-17","Statement":[{"Sid":"B","Effect":"Allow","Action":"a:y","Resource":"*"},` +
		`{"Sid":"A","Effect":"Allow","Action":"a:x","Resource":["arn:aws:s3:::k","arn:unknown:unknown:::(data.aws_iam_policy_document.d.statement[0].resources[1])"],` +
		`"Principal":{"AWS":"unknown:(data.aws_iam_policy_document.d.statement[0].principals[0].identifiers[0])"},` +
		`"Condition":{"ArnEquals":{"aws:SourceArn":"arn:unknown:unknown:::(data.aws_iam_policy_document.d.statement[0].condition[0].values[0])"}}}]}`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if len(symbols) != 3 {
		t.Errorf("symbols %v, want three", symbols)
	}
	for _, structure := range []string{
		`{"statement":true}`, `{"statement":[true]}`, `{"statement":[{"resources":true}]}`, `{"statement":[{"effect":true}]}`,
		`{"statement":[{"principals":true}]}`, `{"statement":[{"principals":[{"type":true}]}]}`, `{"source_policy_documents":true}`, `{"statement":[{"condition":[{"test":true}]}]}`,
	} {
		inst := &Instance{Address: "data.aws_iam_policy_document.u", After: []byte(`{}`), Unknown: []byte(structure)}
		if text, _, err := New(p, nil, nil).Document(inst, find); err == nil {
			t.Errorf("%s: got %s, want an error", structure, text)
		}
	}
}

// TestPlacesOfSymbols: the form of a symbol is the one that its place in a policy asks for.
func TestPlacesOfSymbols(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
resource "aws_target" "t" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid       = "x${aws_thing.a.name}"
      Effect    = "Allow"
      Principal = { AWS = [aws_thing.a.arn, aws_thing.a.name, "arn:aws:iam::1:role/${aws_thing.a.name}"], Service = aws_thing.a.name, CanonicalUser = aws_thing.a.name, Federated = aws_thing.a.arn }
      Action    = "a:${aws_thing.a.name}"
      NotResource = [aws_thing.a.arn, "${aws_thing.a.arn}/*", "arn:aws:s3:::${aws_thing.a.name}"]
      Condition = {
        StringLike = { "a:k" = aws_thing.a.arn, "${aws_thing.a.name}:sub" = "x" }
        "ForAnyValue:ArnLikeIfExists" = { "aws:PrincipalArn" = aws_thing.a.arn }
      }
    }
  })
}`)
	want := `{"Statement":{"Action":"a:(aws_thing.a.name)","Condition":{"ForAnyValue:ArnLikeIfExists":{"aws:PrincipalArn":"arn:unknown:unknown:::(aws_thing.a.arn)"},` +
		`"StringLike":{"a:k":"(aws_thing.a.arn)","(aws_thing.a.name):sub":"x"}},"Effect":"Allow","NotResource":["arn:unknown:unknown:::(aws_thing.a.arn)",` +
		`"arn:unknown:unknown:::(aws_thing.a.arn)/*","arn:aws:s3:::(aws_thing.a.name)"],"Principal":{"AWS":["arn:unknown:unknown:::(aws_thing.a.arn)",` +
		`"unknown:(aws_thing.a.name)","arn:aws:iam::1:role/(aws_thing.a.name)"],"CanonicalUser":"(aws_thing.a.name)","Federated":"unknown:(aws_thing.a.arn)",` +
		`"Service":"unknown:(aws_thing.a.name)"},"Sid":"xawsthinganame"},"Version":"2012-10-17"}`
	if diff := cmp.Diff(want, policyOf(t, known(), src)); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}
