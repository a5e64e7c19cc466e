package report_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", `arn:aws:s3:::b/* "é" 日本 😀`, `arn:aws:s3:::b/* "é" 日本 😀`},
		{"ansi", "\x1b[31mred", `\x1b[31mred`},
		{"c1", "\u009b31m", `\u009b31m`},
		{"line ends", "a\r\nb\tc", `a\r\nb\tc`},
		{"separators", "a\u2028b\u0085c", `a\u2028b\u0085c`},
		{"nul and del", "a\x00b\x7f", `a\x00b\x7f`},
		{"bidi", "\u202egpj\u2066x", `\u202egpj\u2066x`},
		{"zero width", "a\u200bb\u2060\ufeff", `a\u200bb\u2060\ufeff`},
		{"foreign spaces", "a\u00a0b\u3000c", `a\u00a0b\u3000c`},
		{"fillers", "\u3164\u2800\ufe0f", `\u3164\u2800\ufe0f`},
		{"tag characters", "\U000e0041", `\U000e0041`},
		{"broken utf-8", "a\xff\xc3", `a\xff\xc3`},
		{"a real replacement character", "\uFFFD", "\uFFFD"},
		{"private use", "\ue000", `\ue000`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.Visible(tt.in); got != tt.want {
				t.Errorf("Visible(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestSafeCaps(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"fits", "abc", 3, "abc"},
		{"over", "abcdef", 3, "abc… (3 more characters)"},
		{"counts characters", "日本語です", 2, "日本… (3 more characters)"},
		{"cuts before escaping", "\x00\x00\x00", 1, `\x00… (2 more characters)`},
		{"broken", "\xff\xff\xff", 2, `\xff\xff… (1 more characters)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.Safe(tt.in, tt.limit); got != tt.want {
				t.Errorf("Safe(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func TestInertLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a::b", "a::b"},
		{"command", "  ::error::x", "  \\x3a:error::x"},
		{"command behind style", "\x1b[1m::error::x", "\x1b[1m\\x3a:error::x"},
		{"old command", "a ##[error]x", `a #\x23[error]x`},
		{"failure count", "3 failures, 10 failure", `3\x20failures, 10\x20failure`},
		{"no failures", "0 failures", "0 failures"},
		{"failure list", `"failures": ["x"]`, `"failures":\x20["x"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.InertLine(tt.in); got != tt.want {
				t.Errorf("InertLine(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMDText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "The role ci can now read.", "The role ci can now read."},
		{"cell", `a | b \| c`, `a &#124; b \\&#124; c`},
		{"html", "<script>&amp;</script>", "&lt;script&gt;&amp;amp;&lt;/script&gt;"},
		{"comment", "<!-- x", `&lt;\!-- x`},
		{"emphasis", "*a* _b_ ~~c~~", `\*a\* \_b\_ \~\~c\~\~`},
		{"link", "[x](https://evil.example)", `\[x\](https:&#8203;//evil.example)`},
		{"image", "![x](y)", `\!\[x\](y)`},
		{"code", "a`b``", "a\\`b\\`\\`"},
		{"mention", "@octocat", "@&#8203;octocat"},
		{"issue", "#123 GH-7", `\#&#8203;123 GH-&#8203;7`},
		{"bare link", "www.evil.example", "www&#8203;.evil.example"},
		{"math", "$x$ ${aws:username}", `&#36;x&#36; &#36;\{aws:username\}`},
		{"heading", "# x", `\# x`},
		{"item", "- x", `\- x`},
		{"numbered item", "1. x", `1\. x`},
		{"quote", "> x", "&gt; x"},
		{"lines", "a\r\n\n# b", `a\\r\\n\\n\# b`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.MDText(tt.in); got != tt.want {
				t.Errorf("MDText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMDCode(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"blank", "  ", ""},
		{"plain", "aws_s3_bucket.b", "`aws_s3_bucket.b`"},
		{"markup is plain in code", "*[x](y)* <b> @a #1 $x$", "`*[x](y)* <b> @a #1 $x$`"},
		{"backtick", "a`b", "``a`b``"},
		{"backticks at the ends", "``a`", "``` ``a` ```"},
		{"spaces at the ends", " a ", "`  a  `"},
		{"lines", "a\n```\nb", "````a\\n```\\nb````"},
		{"pipe", "a|`*b*</code>", "<code>a&#124;&#96;&#42;b&#42;&lt;/code&gt;</code>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.MDCode(tt.in); got != tt.want {
				t.Errorf("MDCode(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// each calls check with a result that has the attack in every field, and without
// anything else.
func each(t *testing.T, check func(t *testing.T, r *rules.Result)) {
	for _, a := range attacks {
		name, _, _ := strings.Cut(report.Safe(a, 20), "…")
		t.Run(name, func(t *testing.T) {
			f, gone := hostileFinding(a), hostileFinding(a)
			gone.Archived = &rules.Archived{Name: a, Reason: a, Expires: a}
			check(t, &rules.Result{
				Tool:        rules.Tool{Name: a, Version: a},
				Inputs:      []rules.Input{{Path: a, Kind: a}},
				Findings:    []rules.Finding{f, gone},
				Documents:   []rules.Document{hostileDocument(a)},
				Unresolved:  []rules.Unresolved{{Address: a, Attribute: a, Reason: a, References: []string{a}}},
				Diagnostics: []rules.Diagnostic{{Severity: a, Summary: a, Detail: a, Location: rules.Location{Path: a}}},
			})
		})
	}
}

// shown fails on characters that a reader of a log cannot see.
func shown(t *testing.T, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Error("output is not UTF-8")
	}
	if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("output holds %q", out[i:min(len(out), i+20)])
	}
}

var (
	commandLine = regexp.MustCompile(`(?m)^\s*::.*$`)
	ownCommand  = regexp.MustCompile(`^::(error|warning|notice) ([a-zA-Z]+=[^,:\r\n]*,)*title=[^,:\r\n]*::[^\r\n]*$`)
	atlantis    = regexp.MustCompile(`[1-9][0-9]* failure|failures": \[|\AFAIL`)
	lastLine    = regexp.MustCompile(`\n\d+ policies compared, \d+ errors, \d+ warnings, \d+ notes, \d+ unresolved\n\z`)
)

func TestTextSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		for _, width := range []int{0, 1, 40, 80} {
			o := options()
			o.Width = width
			out := string(render(t, "text", r, o))
			shown(t, out)
			if bad := commandLine.FindString(out); bad != "" {
				t.Errorf("line is a workflow command: %q", bad)
			}
			if strings.Contains(out, "##[") {
				t.Error("output holds an old workflow command")
			}
			if bad := atlantis.FindString(out); bad != "" {
				t.Errorf("Atlantis takes %q for a failure", bad)
			}
			if !lastLine.MatchString(out) {
				t.Errorf("last line is not the count: %q", out[max(0, len(out)-200):])
			}
		}
	})
}

func TestStyledTextSink(t *testing.T) {
	style := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	each(t, func(t *testing.T, r *rules.Result) {
		o := options()
		styled := o
		styled.Color = true
		out := string(render(t, "text", r, styled))
		if got, want := style.ReplaceAllString(out, ""), string(render(t, "text", r, o)); got != want {
			t.Errorf("styled text says something else:\n%s\nplain:\n%s", got, want)
		}
	})
}

func TestGitHubSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		out := string(render(t, "github", r, options()))
		shown(t, out)
		commands := commandLine.FindAllString(out, -1)
		if want := 2; len(commands) != want { // the finding and the diagnostic
			t.Errorf("%d commands, want %d: %q", len(commands), want, commands)
		}
		for _, c := range commands {
			if !ownCommand.MatchString(c) {
				t.Errorf("not a command of ours: %q", c)
			}
		}
		if strings.Contains(strings.Join(strings.Split(out, "\n")[2:], "\n"), "##[") {
			t.Error("the text holds an old workflow command")
		}
	})
}

func TestOutputsSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		run := newRunner(t)
		render(t, "github", r, run.options())
		if got := strings.Count(string(run.outputs()), "<<"); got != 5 {
			t.Errorf("%d outputs, want 5:\n%s", got, run.outputs())
		}
		for line := range strings.Lines(string(run.outputs())) {
			if !regexp.MustCompile(`^(\w+<<)?_GitHubActionsFileCommandDelimeter_$|^(pass|fail|undecided|\d+)$`).MatchString(strings.TrimSpace(line)) {
				t.Errorf("unexpected line %q", line)
			}
		}
	})
}

// What a summary may hold besides plain text: our own elements, entities and links
// into the repository.
var ownMarkup = regexp.MustCompile(`<br>|</?code>|</?details>|</?summary>|&(#\d+|amp|lt|gt);|\]\(https://github\.com/example/infra/blob/[^)\s]*\)`)

// What must not be left of a line besides its own markup and code.
var takesEffect = regexp.MustCompile(`[<>$]|@\w|://|(?i:www\.)|#\d|(?i:gh-)\d|\x60`)

func TestSummarySink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		run := newRunner(t)
		render(t, "github", r, run.options())
		inertMarkdown(t, string(run.summary()))
	})
}

func TestMarkdownSink(t *testing.T) {
	each(t, func(t *testing.T, r *rules.Result) {
		out, marked := strings.CutPrefix(string(render(t, "markdown", r, newRunner(t).options())), "<!-- grantdiff -->\n")
		if !marked {
			t.Error("the comment does not begin with its mark")
		}
		inertMarkdown(t, out)
	})
}

// inertMarkdown fails on markup that is not ours.
func inertMarkdown(t *testing.T, out string) {
	t.Helper()
	shown(t, out)
	out = withoutBlocks(t, out)
	columns := 0
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		cells := pipes(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			columns = 0
		case columns == 0:
			columns = cells
		case cells != columns:
			t.Errorf("row has %d columns, want %d: %q", cells-1, columns-1, line)
		}
		rest := ownMarkup.ReplaceAllString(withoutCode(line), "\u00b7")
		if bad := takesEffect.FindString(rest); bad != "" {
			t.Errorf("%q takes effect in %q", bad, rest)
		}
		for i, r := range rest {
			if strings.ContainsRune("[]_~!", r) && (i == 0 || rest[i-1] != '\\') && !strings.HasPrefix(rest[i:], "[\u00b7") {
				t.Errorf("%q takes effect in %q", rest[i:], rest)
				break
			}
		}
	}
}

// withoutBlocks takes blocks of code out, as CommonMark reads them.
func withoutBlocks(t *testing.T, text string) string {
	t.Helper()
	var out []string
	fence := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(run) >= 3 && !strings.Contains(line[len(run):], "`"):
			fence = run
		case fence == "":
			out = append(out, line)
		case len(run) >= len(fence) && strings.TrimSpace(line[len(run):]) == "":
			fence = ""
		}
	}
	if fence != "" {
		t.Error("a block of code has no end")
	}
	return strings.Join(out, "\n")
}

// withoutCode takes code spans out of a line, and escaped marks.
func withoutCode(line string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		if line[i] == '\\' && i+1 < len(line) && line[i+1] < 0x80 {
			if line[i+1] != '`' {
				b.WriteString(line[i : i+2])
			}
			i += 2
			continue
		}
		run := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		if run == 0 {
			b.WriteByte(line[i])
			i++
			continue
		}
		end := -1
		for j := i + run; j < len(line); {
			n := len(line[j:]) - len(strings.TrimLeft(line[j:], "`"))
			if n == run {
				end = j + n
				break
			}
			j += max(n, 1)
		}
		if end < 0 {
			b.WriteString(line[i:])
			break
		}
		b.WriteString("\u00b7")
		i = end
	}
	return b.String()
}

// pipes counts the pipes of a table row that part cells.
func pipes(line string) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			n++
		}
	}
	return n
}

func TestJSONSinks(t *testing.T) {
	for _, format := range []string{"json", "sarif", "gitlab-codequality", "gitlab-sast"} {
		t.Run(format, func(t *testing.T) {
			each(t, func(t *testing.T, r *rules.Result) {
				out := render(t, format, r, options())
				shown(t, string(out))
				if !json.Valid(out) {
					t.Error("not JSON")
				}
				if bytes.Contains(out, []byte("##[")) || commandLine.Match(out) {
					t.Error("holds a workflow command")
				}
			})
		})
	}
}

func TestRootPath(t *testing.T) {
	root := report.Options{BaseDir: "/home/ci/repo"}
	sub := report.Options{BaseDir: "/home/ci/repo", WorkDir: "/home/ci/repo/infra"}
	windows := report.Options{BaseDir: `C:\src\repo`}
	plan := &rules.Result{Inputs: []rules.Input{{Path: "./out/plan.json"}}}
	tests := []struct {
		name string
		o    report.Options
		r    *rules.Result
		in   string
		want string
		uri  string
	}{
		{"relative", root, plan, "modules/ci/main.tf", "modules/ci/main.tf", "modules/ci/main.tf"},
		{"dots", root, plan, "./a/../b.tf", "b.tf", "b.tf"},
		{"backslashes", root, plan, `modules\ci\main.tf`, "modules/ci/main.tf", "modules/ci/main.tf"},
		{"inside", root, plan, "/home/ci/repo/a/b.tf", "a/b.tf", "a/b.tf"},
		{"outside", root, plan, "/etc/passwd", "passwd", "passwd"},
		{"beside with the same start", root, plan, "/home/ci/repository/x.tf", "x.tf", "x.tf"},
		{"the root itself", root, plan, "/home/ci/repo", "repo", "repo"},
		{"absolute without a root", report.Options{}, plan, "/tmp/plan.json", "plan.json", "plan.json"},
		{"upwards", root, plan, "../../x.tf", "x.tf", "x.tf"},
		{"only upwards", root, plan, "../..", "unknown", "unknown"},
		{"from a folder", sub, plan, "main.tf", "infra/main.tf", "infra/main.tf"},
		{"from a folder upwards", sub, plan, "../plan.json", "plan.json", "plan.json"},
		{"from a folder out", sub, plan, "../../../x/y.tf", "y.tf", "y.tf"},
		{"windows", windows, plan, `C:\src\repo\a\b.tf`, "a/b.tf", "a/b.tf"},
		{"other drive", windows, plan, `D:\x\b.tf`, "b.tf", "b.tf"},
		{"none", root, plan, "", "out/plan.json", "out/plan.json"},
		{"none at all", root, &rules.Result{}, "", "unknown", "unknown"},
		{"stdin", root, plan, "-", "stdin", "stdin"},
		{"dot", root, plan, ".", "unknown", "unknown"},
		{"marks", root, plan, "a b/ü#?%41.tf", "a b/ü#?%41.tf", "a%20b/%C3%BC%23%3F%2541.tf"},
		{"scheme", root, plan, "git::https://x/y//m", "git::https:/x/y/m", "git%3A%3Ahttps%3A/x/y/m"},
	}
	outside := map[string]bool{
		"outside": true, "beside with the same start": true, "the root itself": true, "absolute without a root": true,
		"upwards": true, "only upwards": true, "from a folder out": true, "other drive": true,
		"none at all": true, "stdin": true, "dot": true,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, inside := report.RootPath(tt.o, tt.r, tt.in)
			if want := !outside[tt.name]; got != tt.want || inside != want {
				t.Errorf("RootPath(%q) = %q, %t, want %q, %t", tt.in, got, inside, tt.want, want)
			}
			if got := report.URI(got); got != tt.uri {
				t.Errorf("URI = %q, want %q", got, tt.uri)
			}
		})
	}
}
