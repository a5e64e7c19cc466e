package eval

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestHostile writes sources that try to take for ever, to fill memory or to exhaust
// the stack. Each must end soon without a value. What is allocated in all tells the work,
// and not the time: it is the same on every machine. So nothing runs beside it.
func TestHostile(t *testing.T) {
	doubling := "locals {\n  v0 = \"xxxxxxxx\"\n"
	for i := range 60 {
		doubling += fmt.Sprintf("  v%d = \"${local.v%d}${local.v%d}\"\n", i+1, i, i)
	}
	lists := "locals {\n  v0 = [\"x\"]\n"
	for i := range 60 {
		lists += fmt.Sprintf("  v%d = [local.v%d, local.v%d]\n", i+1, i, i)
	}
	powers := "locals {\n  v0 = 10\n"
	for i := range 60 {
		powers += fmt.Sprintf("  v%d = local.v%d * local.v%d\n", i+1, i, i)
	}
	chain := "locals {\n  v0 = \"x\"\n"
	for i := range 5000 {
		chain += fmt.Sprintf("  v%d = local.v%d\n", i+1, i)
	}
	nested := "[for a in local.l : [for b in local.l : [for c in local.l : [for d in local.l : a]]]]"
	splats := `local.l[*][length(local.l[*][length(local.l[*][length(local.l[*][length(local.l[*])])])])]`
	tests := []struct{ name, locals, expression string }{
		{"texts that double", doubling + "}", "local.v60"},
		{"lists that double", lists + "}", "jsonencode(local.v60)"},
		{"numbers that square", powers + "}", `"${local.v60}"`},
		{"a number with a large exponent", "", `"${1e999999999}"`},
		{"a text that is such a number", "", `"${"1e999999999" * 2}"`},
		{"tonumber of such a text", "", `tostring(tonumber("1e999999999"))`},
		{"a long chain", chain + "}", "local.v5000"},
		{"loops in loops", "locals {\n  l = range(1000)\n}", "jsonencode(" + nested + ")"},
		{"splats in splats", "locals {\n  l = range(1000)\n}", "jsonencode(" + splats + ")"},
		{"a product", "locals {\n  l = range(1000)\n}", "jsonencode(setproduct(local.l, local.l, local.l, local.l))"},
		{"a join", "locals {\n  l = range(1000)\n  s = join(\"\", [for x in local.l : \"0123456789012345678901234567890123456789\"])\n}", `join(local.s, [for x in local.l : local.s])`},
		{"a replacement", "locals {\n  l = range(1000)\n  s = join(\"\", [for x in local.l : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"])\n}", `replace(local.s, "a", local.s)`},
		{"a width", "", `format("%2000000000d", 1)`},
		{"a width in two parts", "", `format("%[1]2000000000s", "x")`},
		{"an indent", "", `indent(2000000000, "x\ny")`},
		{"a template of templates", "locals {\n  l = range(1000)\n}", strings.Repeat("%", 0) + `"%{for a in local.l}%{for b in local.l}%{for c in local.l}xxxxxxxxxxxxxxxx%{endfor}%{endfor}%{endfor}"`},
		{"try in try", "", strings.Repeat("try(", 200) + "nothing.x" + strings.Repeat(`, "")`, 200)},
		{"instances without end", "module \"m\" {\n  source = \"./m\"\n  count = 1000000000\n}", "module.m[0].x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var start, end runtime.MemStats
			runtime.ReadMemStats(&start)
			got := value(t, known(), files("main.tf", tt.locals, "m/main.tf", "output \"x\" {\n  value = 1\n}\n"), tt.expression)
			if !strings.HasPrefix(got, "error: ") && tt.name != "try in try" {
				t.Errorf("got %.100q, want an error", got)
			}
			runtime.ReadMemStats(&end)
			if n := (end.TotalAlloc - start.TotalAlloc) >> 20; n > 512 {
				t.Errorf("%d MB allocated in all", n)
			}
		})
	}
}

// TestRecursion: modules that call themselves, and values that depend on themselves
// through modules, end.
func TestRecursion(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
module "m" {
  source = "./m"
  in     = module.m.out
}
module "self" { source = "./self" }
resource "aws_thing" "x" { name = aws_thing.y.name }
resource "aws_thing" "y" { name = aws_thing.x.name }
`, "m/main.tf", "variable \"in\" {}\noutput \"out\" {\n  value = var.in\n}\n", "self/main.tf", "module \"self\" {\n  source = \"./\"\n}\noutput \"out\" {\n  value = module.self.out\n}\n")
	p := known()
	p.add("aws_thing.x", "{}", "name")
	p.add("aws_thing.y", "{}", "name")
	for _, x := range []string{"module.m.out", "module.self.out"} {
		if got := value(t, p, src, x); !strings.HasPrefix(got, "error: ") {
			t.Errorf("%s: got %s", x, got)
		}
	}
	if got := value(t, p, src, "aws_thing.x.name"); got != "(aws_thing.x.name)" && got != "(aws_thing.y.name)" {
		t.Errorf("resources that refer to each other: got %s", got)
	}
}

// TestBudgetIsOfOneValue: what is too much for one value leaves the next one alone.
func TestBudgetIsOfOneValue(t *testing.T) {
	t.Parallel()
	src := files("main.tf", `
locals { l = range(1000) }
resource "aws_target" "bad" { value = jsonencode([for a in local.l : [for b in local.l : a]]) }
resource "aws_target" "good" { value = aws_thing.a.arn }
`)
	p := known()
	p.add("aws_target.bad", "{}", "value")
	p.add("aws_target.good", "{}", "value")
	e := evaluator(p, src)
	if _, _, err := e.Texts(target("aws_target.bad", "value")); err == nil {
		t.Error("no error for what is too much")
	}
	if list, _, err := e.Texts(target("aws_target.good", "value")); err != nil || len(list) != 1 || list[0] != "(aws_thing.a.arn)" {
		t.Errorf("got %q, %v", list, err)
	}
}
