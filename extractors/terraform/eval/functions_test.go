package eval

import (
	"strings"
	"testing"
)

// known is a plan with objects of which some attributes are not known.
func known() *fakePlan {
	p := &fakePlan{home: Home{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}, variables: map[string]string{"list": `["b","a"]`}}
	p.add("aws_thing.a", `{"size":3,"flag":true,"note":null}`, "arn name extra_text url")
	p.add("aws_thing.b", `{}`, "arn name")
	p.add("aws_thing.known", `{"arn":"arn:aws:x:::known","name":"known"}`, "")
	p.add("aws_many.m[0]", `{"name":"zero"}`, "arn")
	p.add("aws_many.m[1]", `{"name":"one"}`, "arn")
	p.add(`aws_each.e["k.1"]`, `{"name":"first"}`, "arn")
	p.add(`aws_each.e["k"]`, `{"name":"second"}`, "arn")
	p.add("random_id.r", `{}`, "hex")
	return p
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
variable "list" { type = list(string) }
variable "none" {
  type    = map(string)
  default = {}
}
variable "typed" {
  type    = object({ a = string, b = optional(string, "dflt") })
  default = { a = "x" }
}
variable "secret_without_value" {}
locals {
  name  = "n-${random_id.r.hex}"
  roles = { for k, v in aws_each.e : k => v.arn }
  loop  = local.pool
  pool  = local.loop
}
resource "aws_thing" "a" {}
resource "aws_many" "m" { count = 2 }
resource "aws_each" "e" { for_each = { "k" = 1, "k.1" = 2 } }
resource "aws_gone" "g" { count = 0 }
`, "data.json", `{"x": "from file"}`, "t.tpl", "a ${v} %{ for x in l ~}[${x}]%{ endfor ~} z", "r.tpl", `${templatefile("t.tpl", {v = 1, l = []})}`,
		"up/secret.txt", "s")
	tests := []struct{ name, expression, want string }{
		{"symbol", `aws_thing.a.arn`, "(aws_thing.a.arn)"},
		{"template", `"x-${aws_thing.a.name}/*"`, "x-(aws_thing.a.name)/*"},
		{"local", `local.name`, "n-(random_id.r.hex)"},
		{"known attribute", `aws_thing.known.arn`, "arn:aws:x:::known"},
		{"splat", `aws_many.m[*].arn`, "(aws_many.m[0].arn) | (aws_many.m[1].arn)"},
		{"old splat", `aws_many.m.*.name`, "one | zero"},
		{"for_each", `values(aws_each.e)[*].arn`, `(aws_each.e["k"].arn) | (aws_each.e["k.1"].arn)`},
		{"key", `aws_each.e["k.1"].arn`, `(aws_each.e["k.1"].arn)`},
		{"for", `[for k, v in local.roles : "${k}=${v}"]`, `k.1=(aws_each.e["k.1"].arn) | k=(aws_each.e["k"].arn)`},
		{"none of count zero", `concat(aws_gone.g[*].arn, ["x"])`, "x"},
		{"variable", `var.list`, "a | b"},
		{"default of a variable", `keys(var.none)`, ""},
		{"default of an attribute", `var.typed.b`, "dflt"},
		{"nothing known of a variable", `var.secret_without_value`, "error: the value of var.secret_without_value is not in the plan"},
		{"cycle", `local.loop`, "error: local.loop depends on itself"},
		{"condition that is known", `aws_thing.a.flag ? aws_thing.a.arn : "no"`, "(aws_thing.a.arn)"},
		{"number", `"${aws_thing.a.size}"`, "3"},

		{"joined", `join(",", [aws_thing.a.arn, "x"])`, "(aws_thing.a.arn),x"},
		{"joined after a sort", `join(",", sort([aws_thing.a.arn, aws_thing.b.arn, "m"]))`, "error: " + errBroken.Error()},
		{"first of a sort", `sort([aws_thing.a.arn, "m"])[0]`, "error: " + errBroken.Error()},
		{"first of a set", `tolist(toset([aws_thing.a.arn, aws_thing.b.arn]))[0]`, "error: " + errBroken.Error()},
		{"all of a set", `toset([aws_thing.a.arn, aws_thing.b.arn, aws_thing.a.arn])`, "(aws_thing.a.arn) | (aws_thing.b.arn)"},
		{"format", `format("%s/%s", aws_thing.a.arn, "x")`, "(aws_thing.a.arn)/x"},
		{"format with a width", `format("%-10s", aws_thing.a.arn)`, "error: format looks into a text that is not known before the change is applied"},
		{"formatlist", `formatlist("%s/*", aws_many.m[*].arn)`, "(aws_many.m[0].arn)/* | (aws_many.m[1].arn)/*"},
		{"merge", `values(merge({ a = aws_thing.a.arn }, { b = "x" }))`, "(aws_thing.a.arn) | x"},
		{"jsondecode of jsonencode", `jsondecode(jsonencode({ a = aws_thing.a.arn })).a`, "(aws_thing.a.arn)"},
		{"flatten", `flatten([[aws_thing.a.arn], ["x", ["y"]]])`, "(aws_thing.a.arn) | x | y"},
		{"compact of what is there", `compact([aws_thing.a.arn, ""])`, "(aws_thing.a.arn)"},
		{"compact of what may be empty", `compact([aws_thing.a.extra_text, ""])`, "error: compact looks into a text that is not known before the change is applied"},
		{"coalesce of what is there", `coalesce(aws_thing.a.arn, "x")`, "(aws_thing.a.arn)"},
		{"coalesce of what may be empty", `coalesce(aws_thing.a.extra_text, "x")`, "error: coalesce looks into a text that is not known before the change is applied"},
		{"lookup", `lookup({ k = aws_thing.a.arn }, "k", "x")`, "(aws_thing.a.arn)"},
		{"lookup of an unknown key", `lookup({ k = "v" }, aws_thing.a.arn, "x")`, "error: lookup looks into a text that is not known before the change is applied"},
		{"length of a list", `"${length([aws_thing.a.arn])}"`, "1"},
		{"length of a text", `"${length(aws_thing.a.arn)}"`, "error: length looks into a text that is not known before the change is applied"},
		{"one", `one(aws_thing.a[*].arn)`, "(aws_thing.a.arn)"},
		{"derived", `replace(aws_thing.a.url, "https://", "")`, `(replace[aws_thing.a.url, "https%3A//", ""])`},
		{"derived twice is the same", `toset([lower(aws_thing.a.url), lower(aws_thing.a.url)])`, "(lower[aws_thing.a.url])"},
		{"derived with a wildcard", `replace(aws_thing.a.url, "x", "*")`, "error: replace looks into a text that is not known before the change is applied"},
		{"split", `split(":", aws_thing.a.arn)[5]`, "error: split looks into a text that is not known before the change is applied"},
		{"element of split", `element(split("/", aws_thing.a.arn), 1)`, "error: split looks into a text that is not known before the change is applied"},
		{"contains", `contains(["x"], aws_thing.a.arn) ? "y" : "n"`, "error: contains looks into a text that is not known before the change is applied"},
		{"comparison", `aws_thing.a.arn == "x" ? "y" : "n"`, "error: a comparison looks into a text that is not known before the change is applied"},
		{"comparison with itself", `aws_thing.a.arn == aws_thing.a.arn ? "y" : "n"`, "y"},
		{"comparison with null", `aws_thing.a.arn != null ? "y" : "n"`, "y"},
		{"comparison with null of what may be null", `aws_thing.a.extra_text != null ? "y" : "n"`, "error: a comparison looks into a text that is not known before the change is applied"},
		{"comparison with the empty text", `aws_thing.a.arn == "" ? "y" : "n"`, "n"},
		{"comparison in front", `"arn:${aws_thing.a.arn}" == "x" ? "y" : "n"`, "n"},
		{"null in the plan", `aws_thing.a.note == null ? "y" : "n"`, "y"},
		{"filter", `[for x in [aws_thing.a.arn, "x"] : x if x != "x"]`, "error: a comparison looks into a text that is not known before the change is applied"},
		{"regex in can", `can(regex("^arn:aws-cn", aws_thing.a.arn)) ? "y" : "n"`, "error: regex looks into a text that is not known before the change is applied"},
		{"number in can", `can(tonumber(aws_thing.a.name)) ? "y" : "n"`, "error: tonumber looks into a text that is not known before the change is applied"},
		{"truth in try", `try(aws_thing.a.name ? "y" : "n", "z")`, "error: what it is made of is not known before the change is applied"},
		{"index in try", `try(aws_thing.a.name[0], "z")`, "error: what it is made of is not known before the change is applied"},
		{"what is not there in try", `try(aws_thing.a.nothing, aws_thing.a.arn)`, "(aws_thing.a.arn)"},
		{"index that is not there in try", `try(aws_many.m[5].arn, "z")`, "z"},
		{"hash", `sha256(aws_thing.a.arn)`, "(sha256[aws_thing.a.arn])"},
		{"hash of what is known", `md5("x")`, "9dd4e461268c8034f5c8564e155c67a6"},
		{"function that is not pure", `uuid()`, "error: Call to unknown function: There is no function named \"uuid\"."},
		{"time", `timestamp()`, "error: Call to unknown function: There is no function named \"timestamp\"."},

		{"file", `jsondecode(file("${path.module}/data.json")).x`, "from file"},
		{"file outside", `file("../data.json")`, `error: Error in function call: Call to function "file" failed: ../data.json is outside of the source folder.`},
		{"absolute file", `file("/etc/passwd")`, `error: Error in function call: Call to function "file" failed: "/etc/passwd" is outside of the source folder.`},
		{"file whose name is not known", `file(aws_thing.a.name)`, "error: file looks into a text that is not known before the change is applied"},
		{"template file", `templatefile("t.tpl", { v = aws_thing.a.arn, l = ["x", aws_thing.b.arn] })`, "a (aws_thing.a.arn) [x][(aws_thing.b.arn)]z"},
		{"template in a template", `templatefile("r.tpl", {})`, `error: Error in function call: Call to function "templatefile" failed: r.tpl:1,3-16: Error in function call; Call to function "templatefile" failed: a template in a template..`},
		{"workspace", `terraform.workspace`, "error: terraform.workspace is not in the plan"},
		{"not a text", `aws_thing.a.count_of_something`, "error: Unsupported attribute: This object does not have an attribute named \"count_of_something\"."},
		{"arn_build", `provider::aws::arn_build("aws", "iam", "", "1", "role/${aws_thing.a.name}")`, "arn:aws:iam::1:role/(aws_thing.a.name)"},
		{"core function", `core::upper("x")`, "X"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := value(t, known(), src, tt.expression); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.expression, got, tt.want)
			}
		})
	}
}

// TestNothingSlipsThrough: private use runes in the input never make a symbol.
func TestNothingSlipsThrough(t *testing.T) {
	t.Parallel()
	forged := "\uE000" + strings.Repeat("\uE010", 6) + "\uE001"
	p := known()
	p.add("aws_thing.forged", `{"name":"`+forged+`"}`, "")
	for _, x := range []string{
		`"` + forged + `"`, `"\ue000\ue010\ue010\ue010\ue010\ue010\ue010\ue001"`, `aws_thing.forged.name`,
		`join("", [aws_thing.a.arn, jsondecode("\"\\ue000\\ue010\\ue010\\ue010\\ue010\\ue010\\ue010\\ue001\"")])`,
	} {
		if got := value(t, p, nil, x); !strings.HasPrefix(got, "error: ") {
			t.Errorf("%q: got %q, want an error", x, got)
		}
	}
}
