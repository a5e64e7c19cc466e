package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the output below the commands of the pages, and the golden files of the scripts")

// TestPages runs the commands of README.md and docs/*.md.
//
// A line "$ grantdiff ..." of a block that begins with ```console is run, in a folder
// that holds a copy of testdata and otherwise looks like the root of the repository.
// Lines below it, up to the next command, are its output, standard output and error
// together: they must be what the command writes, to the letter. A command without
// lines below it must be runnable: it must not be a usage error. In a pipe the
// command is not run, but its flags must exist. Other commands are left alone.
//
// In blocks of other languages the flags and arguments of commands must exist, too.
//
// A block whose first line names a file behind the language (```yaml .grantdiff.yaml)
// is that file for the commands below it on the page.
//
// With -update, output that is there is rewritten; write "..." to have some made.
func TestPages(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, file := range append(pages, filepath.Join(root, "README.md")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := &page{t: t, testdata: filepath.Join(root, "testdata")}
			got := p.rehearse(string(text))
			commands += p.commands
			switch {
			case got == string(text):
			case *update:
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			default:
				t.Errorf("%s does not show what the commands write; look at it, then run the tests with -update (-page +commands):\n%s",
					filepath.Base(file), cmp.Diff(string(text), got))
			}
		})
	}
	if commands < 5 && !t.Failed() {
		t.Errorf("only %d commands were found: are the blocks still marked as console?", commands)
	}
}

// page is one page and the folder in which its commands run.
type page struct {
	t        *testing.T
	testdata string
	entered  bool
	commands int
}

const fence = "```"

// rehearse returns the page with the output that its commands write.
func (p *page) rehearse(text string) string {
	var out, body []string
	info, inside := "", false
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case !inside && strings.HasPrefix(line, fence):
			info, inside, body = strings.TrimPrefix(line, fence), true, nil
			out = append(out, line)
		case inside && line == fence:
			inside = false
			language, file, _ := strings.Cut(info, " ")
			switch {
			case language == "console":
				body = p.session(body)
			case file != "":
				p.file(file, body)
			default:
				p.recipe(body)
			}
			out = append(append(out, body...), line)
		case inside:
			body = append(body, line)
		default:
			out = append(out, line)
		}
	}
	if inside {
		p.t.Errorf("a block %s%s has no end", fence, info)
		return text
	}
	return strings.Join(out, "\n")
}

// session runs the commands of a console block.
func (p *page) session(lines []string) []string {
	var out []string
	for len(lines) > 0 {
		command, isCommand := strings.CutPrefix(lines[0], "$ ")
		out = append(out, lines[0])
		end := 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "$ ") {
			end++
		}
		shown := lines[1:end]
		lines = lines[end:]
		// Blank lines in front of the next command are the page's.
		last := len(shown)
		for last > 0 && shown[last-1] == "" {
			last--
		}
		if !isCommand {
			out = append(out, shown...)
			continue
		}
		out = append(out, p.command(command, shown[:last])...)
		out = append(out, shown[last:]...)
	}
	return out
}

// command runs one command and returns what is to be shown below it.
func (p *page) command(command string, shown []string) []string {
	ours := false
	stages := strings.Split(command, " | ")
	for _, stage := range stages {
		args := strings.Fields(stage)
		if len(args) == 0 || args[0] != "grantdiff" {
			continue
		}
		ours = true
		p.commands++
		if strings.ContainsAny(stage, `'"\$;&<>`) {
			p.t.Errorf("%s: expected no quotes, variables or redirections", command)
			return shown
		}
		if len(stages) > 1 {
			p.flags(args[1:])
			continue
		}
		output, code := p.run(args[1:])
		if len(shown) > 0 {
			return output
		}
		if code == exitUsage {
			p.t.Errorf("%s: exit code %d: %s", command, code, strings.Join(output, "\n"))
		}
	}
	if ours && len(stages) > 1 && len(shown) > 0 {
		p.t.Errorf("%s: the output of a pipe is not checked; take it away", command)
	}
	return shown
}

// inRecipe is a command in a file of a CI system or a script, up to what ends it in a shell.
var inRecipe = regexp.MustCompile(`(?:^|[\s'"])grantdiff ((?:scan|report|check|extract|simulate|serve|explain|accept|init)\b[^|;&>]*)`)

// recipe checks the commands of a block that is not run.
func (p *page) recipe(lines []string) {
	for _, line := range lines {
		if m := inRecipe.FindStringSubmatch(line); m != nil {
			p.commands++
			p.flags(strings.Fields(strings.NewReplacer(`'`, "", `"`, "").Replace(m[1])))
		}
	}
}

// flags checks that a command exists and takes its flags and arguments.
func (p *page) flags(args []string) {
	c, rest, err := newRoot(streams{getenv: os.Getenv}).Find(args)
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err == nil {
		err = c.ValidateRequiredFlags()
	}
	if err == nil {
		err = c.ValidateArgs(c.Flags().Args())
	}
	if err != nil {
		p.t.Errorf("grantdiff %s: %v", strings.Join(args, " "), err)
	}
}

// run runs a command line and returns the lines that it writes.
func (p *page) run(args []string) ([]string, int) {
	p.enter()
	var out bytes.Buffer
	code := run(context.Background(), args, streams{
		in: strings.NewReader(""), out: &out, err: &out, getenv: func(string) string { return "" },
	})
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	for _, line := range lines {
		if strings.HasPrefix(line, "$ ") || strings.HasPrefix(line, fence) {
			p.t.Errorf("grantdiff %s: a line of output looks like markup of the page: %s", strings.Join(args, " "), line)
		}
	}
	return lines, code
}

// file writes a file of the page's own.
func (p *page) file(name string, lines []string) {
	p.enter()
	if !filepath.IsLocal(name) {
		p.t.Fatalf("block of the file %s: expected a path below the working directory", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// enter makes the page's folder the working directory.
func (p *page) enter() {
	if p.entered {
		return
	}
	p.entered = true
	dir := p.t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS(p.testdata)); err != nil {
		p.t.Fatal(err)
	}
	p.t.Chdir(dir)
}

// TestRehearse holds the reader of the pages to its own description.
func TestRehearse(t *testing.T) {
	const request = `{"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}`
	const policy = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`
	in := strings.Join([]string{
		"# Title", fence + "json p.json", policy, fence, fence + "json dir/q.json", request, fence,
		"$ grantdiff nonsense outside of a block is text",
		fence + "console",
		"$ grantdiff simulate --policy p.json --request dir/q.json --format text", "...", "",
		"$ grantdiff simulate --policy p.json --request dir/q.json",
		"$ cat p.json | grantdiff simulate --policy - --request dir/q.json",
		"$ ls", "p.json", "",
		fence, "end", "",
	}, "\n")
	want := strings.Replace(in, "...", "ExplicitDeny\n  Deny by statement 0 of policy 0", 1)
	p := &page{t: t, testdata: filepath.Join("..", "..", "testdata", "policies")}
	if d := cmp.Diff(want, p.rehearse(in)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if p.commands != 3 {
		t.Errorf("%d commands, want 3", p.commands)
	}
}
