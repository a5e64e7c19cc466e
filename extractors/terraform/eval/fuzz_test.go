package eval

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// FuzzPolicy works out a policy of any source: it must end, and what comes of it is
// JSON without a trace of how symbols are written inside.
func FuzzPolicy(f *testing.F) {
	for _, s := range []string{
		`resource "aws_target" "t" { policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${aws_thing.a.arn}/*" }] }) }`,
		"resource \"aws_target\" \"t\" {\n  policy = <<-EOT\n    {\"Statement\": \"${aws_thing.a.name}\"}\n  EOT\n}\n",
		`resource "aws_target" "t" { policy = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = aws_many.m
    content { actions = [statement.value.arn] }
  }
}`,
		`resource "aws_target" "t" { policy = try(local.x[0].y, templatefile("t.tpl", { a = var.list })) }
locals { x = [for k, v in { a = 1 } : { y = v == 1 ? jsonencode([k, sort(aws_many.m[*].arn)]) : "" }] }`,
		`{"resource": {"aws_target": {"t": {"policy": "${jsonencode({a = aws_thing.a.arn})}"}}}}`,
		"resource \"aws_target\" \"t\" {\n  policy = <<-EOT\n    0\n    {\"\": \"\"}\n  EOT\n}\n", // two values
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, source string, asJSON bool) {
		name := "main.tf"
		if asJSON {
			name = "main.tf.json"
		}
		p := known()
		p.add("aws_target.t", "{}", "policy")
		text, symbols, err := evaluator(p, files(name, source, "t.tpl", "${jsonencode(a)}")).Policy(target("aws_target.t", "policy"))
		if err != nil {
			return
		}
		if hasReserved(text) || !jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
			t.Errorf("policy %q with symbols %v", text, symbols)
		}
	})
}
