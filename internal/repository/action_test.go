package repository

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// runner is a made-up runner of GitHub Actions with one step of our action.
type runner struct {
	t      *testing.T
	dir    string            // the workspace
	script string            // the action's script
	path   string            // put before PATH
	inputs map[string]string // by the name of action.yml
	env    []string
}

// fake is a stand-in for grantdiff: it writes down its arguments and does what a
// scan does to the files it is told of.
const fake = `#!/usr/bin/env bash
printf '%s\0' "$@" >"$FAKE_ARGS"
printf '%s' "${GITHUB_STEP_SUMMARY-unset}" >"$FAKE_ARGS.summary"
echo '::error file=main.tf,line=1,title=x::found'
echo '::notice title=x::noted'
echo '1 policies compared, 1 errors'
[ -z "${FAKE_SILENT:-}" ] || exit "$FAKE_EXIT"
while [ $# -gt 0 ]; do
	case $1 in
	sarif=*) printf '{}' >"${1#sarif=}" ;;
	markdown=*) printf '<!-- grantdiff -->\n## %s grantdiff: "1" error\n\na\\b é\n' "${FAKE_MARK:-🔴}" >"${1#markdown=}" ;;
	esac
	shift
done
printf 'result<<END\nfail\nEND\nerrors<<END\n1\nEND\n' >>"$GITHUB_OUTPUT"
exit "$FAKE_EXIT"
`

func newRunner(t *testing.T) *runner {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the made-up runner needs a POSIX system")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	script, err := filepath.Abs(filepath.Join(root, ".github", "action", "run.sh"))
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, dir: t.TempDir(), script: script, inputs: defaults(t)}
	r.write("bin/grantdiff", fake)
	r.inputs["bin"] = filepath.Join(r.dir, "bin", "grantdiff")
	r.inputs["plan"] = "plan.json"
	return r
}

// write makes an executable file in the workspace.
func (r *runner) write(name, text string) string {
	r.t.Helper()
	name = filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		r.t.Fatal(err)
	}
	return name
}

// step is what a run of the step left behind.
type step struct {
	code    int
	log     string
	outputs string
	args    []string // of the stand-in; nil when it was not run
	summary string   // what the stand-in saw as GITHUB_STEP_SUMMARY
}

// inputEnv maps the inputs of action.yml to the variables it hands to the script.
func inputEnv(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +(INPUT_\w+): \$\{\{ inputs\.([\w-]+) \}\}$`).FindAllStringSubmatch(read(t, "action.yml"), -1) {
		out[m[2]] = m[1]
	}
	return out
}

// defaults reads the inputs of action.yml with their defaults.
func defaults(t *testing.T) map[string]string {
	t.Helper()
	_, text, _ := strings.Cut(read(t, "action.yml"), "\ninputs:\n")
	text, _, _ = strings.Cut(text, "\noutputs:\n")
	out, name := map[string]string{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if key, ok := strings.CutSuffix(line, ":"); ok && strings.HasPrefix(key, "  ") && key[2] != ' ' {
			name = key[2:]
			out[name] = ""
		}
		if value, ok := strings.CutPrefix(line, "    default: "); ok {
			out[name] = strings.Trim(value, `"`)
		}
	}
	if len(out) < 5 {
		t.Fatalf("inputs of action.yml: %v", out)
	}
	return out
}

func (r *runner) run() step {
	r.t.Helper()
	file := func(name string) string { return filepath.Join(r.dir, name) }
	for _, name := range []string{"output", "summary"} {
		if err := os.WriteFile(file(name), nil, 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := os.MkdirAll(file("temp"), 0o700); err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command("bash", r.script)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+file("temp"), "GITHUB_OUTPUT="+file("output"),
		"GITHUB_STEP_SUMMARY="+file("summary"), "GITHUB_WORKSPACE="+r.dir, "GITHUB_ACTIONS=true", "FAKE_ARGS="+file("args"))
	if r.path != "" {
		cmd.Env = append(cmd.Env, "PATH="+r.path+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	variables := inputEnv(r.t)
	for name, value := range r.inputs {
		if variables[name] == "" {
			r.t.Fatalf("action.yml does not hand input %q to the script", name)
		}
		cmd.Env = append(cmd.Env, variables[name]+"="+value)
	}
	cmd.Env = append(cmd.Env, r.env...)
	log, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		r.t.Fatal(err)
	}
	s := step{code: cmd.ProcessState.ExitCode(), log: string(log), outputs: r.read("output"), summary: r.read("args.summary")}
	if args := r.read("args"); args != "" {
		s.args = strings.Split(strings.TrimSuffix(args, "\x00"), "\x00")
	}
	if left, err := os.ReadDir(file("temp")); err != nil || len(left) > 0 {
		r.t.Errorf("the step leaves %v in the runner's temporary folder (%v)", left, err)
	}
	return s
}

// read returns a file of the workspace, "" when it is not there.
func (r *runner) read(name string) string {
	data, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	return string(data)
}

// TestActionInputs holds the inputs of action.yml and what it hands to the script
// to each other.
func TestActionInputs(t *testing.T) {
	declared, handed := defaults(t), inputEnv(t)
	for name := range declared {
		want := "INPUT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if handed[name] != want {
			t.Errorf("input %s is handed over as %q, expected %s", name, handed[name], want)
		}
		if !strings.Contains(read(t, ".github/action/run.sh"), want) {
			t.Errorf("the script does not use %s", want)
		}
	}
	for name := range maps.Keys(handed) {
		if _, ok := declared[name]; !ok {
			t.Errorf("%s is handed over but is no input", name)
		}
	}
}

func TestActionArguments(t *testing.T) {
	for name, tt := range map[string]struct {
		inputs map[string]string
		want   []string
	}{
		"defaults": {nil, []string{"scan", "--format", "github", "--fail-on", "error", "--", "plan.json"}},
		"all": {
			map[string]string{"sarif-file": "out.sarif", "fail-on": "note", "source": "infra", "config": "g.yaml", "prior": "before.json"},
			[]string{"scan", "--format", "github", "--format", "sarif=out.sarif", "--fail-on", "note", "--config", "g.yaml", "--source", "infra", "--prior", "before.json", "--", "plan.json"},
		},
		"reports": {
			map[string]string{"reports": "html=a b.html\n\n  json=r.json\r\n"},
			[]string{"scan", "--format", "github", "--format", "html=a b.html", "--format", "json=r.json", "--fail-on", "error", "--", "plan.json"},
		},
		"several plans": {
			map[string]string{"plan": "\n  a b.json\r\n\n*.json\n-x.json\n", "fail-on": ""},
			[]string{"scan", "--format", "github", "--", "a b.json", "*.json", "-x.json"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			maps.Copy(r.inputs, tt.inputs)
			r.env = []string{"FAKE_EXIT=0"}
			s := r.run()
			if s.code != 0 {
				t.Errorf("exit code %d:\n%s", s.code, s.log)
			}
			if diff := cmp.Diff(tt.want, s.args); diff != "" {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestActionPropagates(t *testing.T) {
	for _, code := range []int{0, 1, 3} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			r := newRunner(t)
			r.inputs["sarif-file"] = "out.sarif"
			r.env = []string{fmt.Sprintf("FAKE_EXIT=%d", code)}
			s := r.run()
			if s.code != code {
				t.Errorf("exit code %d, want %d", s.code, code)
			}
			if want := "result<<END\nfail\nEND\nerrors<<END\n1\nEND\nsarif-file=out.sarif\n"; s.outputs != want {
				t.Errorf("outputs %q, want %q", s.outputs, want)
			}
			if !strings.Contains(s.log, "::error file=main.tf,line=1,title=x::found\n") || !strings.Contains(s.log, "1 policies compared") {
				t.Errorf("log:\n%s", s.log)
			}
		})
	}
}

// TestActionError: a scan that could not do its work has the result error, though
// it may have written outputs before, and a killed one has no code of its own.
func TestActionError(t *testing.T) {
	for _, code := range []int{2, 4, 127, 137} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			r := newRunner(t)
			r.env = []string{fmt.Sprintf("FAKE_EXIT=%d", code)}
			s := r.run()
			if s.code != 2 {
				t.Errorf("exit code %d, want 2", s.code)
			}
			if s.outputs != "result=error\n" {
				t.Errorf("outputs %q", s.outputs)
			}
			if !strings.Contains(s.log, "::error title=grantdiff::") {
				t.Errorf("log:\n%s", s.log)
			}
		})
	}
}

func TestActionWithoutResult(t *testing.T) {
	for code, want := range map[int]string{0: "result=error\n", 2: "result=error\n", 3: "result=undecided\n"} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			r := newRunner(t)
			r.inputs["sarif-file"] = "out.sarif"
			r.write("out.sarif", "of an earlier run")
			r.env = []string{fmt.Sprintf("FAKE_EXIT=%d", code), "FAKE_SILENT=1"}
			s := r.run()
			if s.outputs != want || !strings.Contains(s.log, "::error title=grantdiff::") {
				t.Errorf("outputs %q, want %q; log:\n%s", s.outputs, want, s.log)
			}
			if s.code == 0 {
				t.Error("a scan without a result passes")
			}
		})
	}
}

func TestActionSwitches(t *testing.T) {
	r := newRunner(t)
	r.inputs["annotations"], r.inputs["summary"] = "false", "false"
	r.env = []string{"FAKE_EXIT=1"}
	s := r.run()
	if s.code != 1 || strings.Contains(s.log, "::error") || strings.Contains(s.log, "::notice") || !strings.Contains(s.log, "1 policies compared") {
		t.Errorf("exit code %d, log:\n%s", s.code, s.log)
	}
	if s.summary != "" {
		t.Errorf("the scan sees GITHUB_STEP_SUMMARY=%q", s.summary)
	}
	r.inputs["summary"] = "true"
	if s := r.run(); s.summary != filepath.Join(r.dir, "summary") {
		t.Errorf("the scan sees GITHUB_STEP_SUMMARY=%q", s.summary)
	}
}

// TestActionHostileInputs gives every input texts that would do harm where they are
// taken for code, for flags, or for commands of the runner.
func TestActionHostileInputs(t *testing.T) {
	texts := []string{
		"$(touch pwned)", "`touch pwned`", "; touch pwned", "\" ; touch pwned ; \"", "' ; touch pwned ; '",
		"--fail-on=never", "-", "${IFS}", "a\n::set-output name=result::pass\n", "x\r\n::add-mask::y", "%0A::error::z", "*",
		"a\nresult=pass", "a]]; touch pwned; [[", "x$(touch pwned).tar.gz", "1.2.3\n", "\\", "é\x01\x1b[31m",
	}
	for name := range defaults(t) {
		for i, text := range texts {
			t.Run(fmt.Sprintf("%s/%d", name, i), func(t *testing.T) {
				t.Parallel()
				r := newRunner(t)
				r.env = []string{"FAKE_EXIT=1"}
				if name == "version" {
					r.inputs["bin"] = ""
				}
				r.inputs[name] = text
				s := r.run()
				if s.code != 1 && s.code != 2 {
					t.Errorf("exit code %d:\n%s", s.code, s.log)
				}
				if _, err := os.Stat(filepath.Join(r.dir, "pwned")); err == nil {
					t.Error("the input was run as code")
				}
				for line := range strings.Lines(s.log) {
					if strings.HasPrefix(line, "::") && !strings.HasPrefix(line, "::error") && !strings.HasPrefix(line, "::notice title=x::noted") {
						t.Errorf("the log holds a foreign command: %q", line)
					}
				}
				for line := range strings.Lines(s.outputs) {
					if line == "result=pass\n" {
						t.Errorf("the input forged an output:\n%s", s.outputs)
					}
				}
				if s.args == nil {
					return
				}
				after := false // plans stand behind --, all else is the word after its flag
				for j, arg := range s.args {
					if arg == "--" {
						after = true
						continue
					}
					if !after && arg == text && s.args[j-1] != "--fail-on" && s.args[j-1] != "--source" && s.args[j-1] != "--prior" && s.args[j-1] != "--config" {
						t.Errorf("%q stands behind %q", arg, s.args[j-1])
					}
				}
			})
		}
	}
}

func TestActionUsage(t *testing.T) {
	for name, tt := range map[string]struct {
		inputs map[string]string
		want   string
	}{
		"no plan":     {map[string]string{"plan": " \n\t\n"}, "input plan is empty"},
		"no switch":   {map[string]string{"annotations": "yes"}, "expected true or false"},
		"no binary":   {map[string]string{"bin": "./none"}, "expected the path of an executable file"},
		"no release":  {map[string]string{"bin": "", "version": "latest"}, "expected a release such as 1.2.3"},
		"no checksum": {map[string]string{"bin": "", "version": "999.0.0"}, "has no checksum of grantdiff_999.0.0_"},
		"no report":   {map[string]string{"reports": "html"}, "expected FORMAT=FILE"},
		"no comment":  {map[string]string{"comment": "maybe"}, "input comment is 'maybe': expected true or false"},
		"two sarif":   {map[string]string{"sarif-file": "a\nb"}, "more than one line"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			maps.Copy(r.inputs, tt.inputs)
			r.env = []string{"FAKE_EXIT=0"}
			s := r.run()
			if s.code != 2 || s.args != nil || s.outputs != "result=error\n" {
				t.Errorf("exit code %d, arguments %q, outputs %q", s.code, s.args, s.outputs)
			}
			if !strings.Contains(s.log, "::error title=grantdiff::") || !strings.Contains(s.log, tt.want) {
				t.Errorf("log does not say %q:\n%s", tt.want, s.log)
			}
		})
	}
}

// TestActionDownload serves a release through a stand-in for curl, to a copy of the
// script with checksums beside it.
func TestActionDownload(t *testing.T) {
	r := newRunner(t)
	script, err := os.ReadFile(r.script)
	if err != nil {
		t.Fatal(err)
	}
	r.script = r.write("action/run.sh", string(script))
	r.inputs["bin"], r.inputs["version"] = "", "v1.2.3"
	r.path = filepath.Join(r.dir, "path")
	r.env = []string{"FAKE_EXIT=1", "RELEASE=" + filepath.Join(r.dir, "release.tar.gz")}
	r.write("path/uname", "#!/bin/sh\ncase $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac\n")
	r.write("path/curl", `#!/usr/bin/env bash
while [ $# -gt 0 ]; do
	case $1 in --output) out=$2 ;; https://*) url=$1 ;; esac
	shift
done
printf '%s' "$url" >"$FAKE_ARGS.url"
cp -- "$RELEASE" "$out"
`)
	tar := exec.Command("tar", "-czf", filepath.Join(r.dir, "release.tar.gz"), "-C", filepath.Join(r.dir, "bin"), "grantdiff")
	if out, err := tar.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sum := sha256.Sum256([]byte(r.read("release.tar.gz")))
	r.write("action/checksums.txt", fmt.Sprintf("%x  grantdiff_1.2.3_linux_amd64.tar.gz\n", sum))
	s := r.run()
	if s.code != 1 || s.args == nil {
		t.Errorf("exit code %d, log:\n%s", s.code, s.log)
	}
	if got, want := r.read("args.url"), "https://github.com/grantdiff/grantdiff/releases/download/v1.2.3/grantdiff_1.2.3_linux_amd64.tar.gz"; got != want {
		t.Errorf("fetched %s, want %s", got, want)
	}

	r.write("release.tar.gz", "replaced later")
	r.write("args", "")
	if s := r.run(); s.code != 2 || s.args != nil || !strings.Contains(s.log, "checksum differs") {
		t.Errorf("a replaced archive: exit code %d, log:\n%s", s.code, s.log)
	}
}
