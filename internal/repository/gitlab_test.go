package repository

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const component = "templates/grantdiff.yml"

// componentParts are the header and the job of the GitLab component.
func componentParts(t *testing.T) (header, job string) {
	t.Helper()
	header, job, ok := strings.Cut(read(t, component), "\n---\n")
	if !ok {
		t.Fatal("the component has no line --- behind its inputs")
	}
	return header, job
}

// componentInputs are the inputs of the component with their defaults.
func componentInputs(t *testing.T) map[string]string {
	t.Helper()
	header, _ := componentParts(t)
	out, name := map[string]string{}, ""
	for line := range strings.Lines(header) {
		line = strings.TrimRight(line, "\n")
		if key, ok := strings.CutSuffix(line, ":"); ok && strings.HasPrefix(key, "    ") && key[4] != ' ' {
			name = key[4:]
			out[name] = ""
		}
		if value, ok := strings.CutPrefix(line, "      default: "); ok {
			out[name] = strings.Trim(value, `"`)
		}
	}
	return out
}

// TestComponentInputs holds the inputs of the component and their use to each other, and
// keeps them out of the script, where they would be code.
func TestComponentInputs(t *testing.T) {
	header, job := componentParts(t)
	inputs := componentInputs(t)
	if len(inputs) < 8 || strings.Count(header, "      description: ") != len(inputs) || strings.Count(header, "      default: ") != len(inputs) {
		t.Errorf("inputs %v: expected a description and a default for each", inputs)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\[\[ inputs\.([\w-]+) \]\]`).FindAllStringSubmatch(job, -1) {
		used[m[1]] = true
		if _, ok := inputs[m[1]]; !ok {
			t.Errorf("the job uses %s, which is no input", m[1])
		}
	}
	for name := range inputs {
		if !used[name] {
			t.Errorf("the job does not use the input %s", name)
		}
	}
	if strings.Contains(componentScript(t), "$[[") {
		t.Error("an input stands in the script")
	}
	for _, line := range strings.Split(header, "\n") {
		if strings.Contains(line, "\t") {
			t.Errorf("a tab in %q", line)
		}
	}
}

// componentScript is the script of the job.
func componentScript(t *testing.T) string {
	t.Helper()
	_, job := componentParts(t)
	_, text, ok := strings.Cut(job, "  script:\n    - |\n")
	if !ok {
		t.Fatal("the job has no script")
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "      ") {
			break
		}
		out.WriteString(strings.TrimPrefix(line, "      "))
	}
	return out.String()
}

// gitlabJob is a made-up job of the component.
type gitlabJob struct {
	*runner
	shell string
}

func newGitLabJob(t *testing.T) *gitlabJob {
	t.Helper()
	r := newRunner(t)
	r.write("path/grantdiff", `#!/bin/sh
printf '%s\n' "$@" >args
for a in "$@"; do case $a in markdown=*) printf '<!-- grantdiff -->\n## %s grantdiff: x & y\n' "${FAKE_MARK:-🔴}" >"${a#markdown=}" ;; esac; done
echo 'the report'
exit "${FAKE_EXIT:-1}"
`)
	return &gitlabJob{r, "sh"}
}

// run runs the script as the runner does, and returns its exit code and log.
func (j *gitlabJob) run(inputs map[string]string, env ...string) (code int, log string) {
	j.t.Helper()
	cmd := exec.Command(j.shell, "-c", componentScript(j.t))
	cmd.Dir = j.dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(j.dir, "path")+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, job := componentParts(j.t)
	values := componentInputs(j.t)
	for name, v := range inputs {
		values[name] = v
	}
	for _, m := range regexp.MustCompile(`(?m)^    (GRANTDIFF_\w+): "\$\[\[ inputs\.([\w-]+) \]\]"$`).FindAllStringSubmatch(job, -1) {
		cmd.Env = append(cmd.Env, m[1]+"="+values[m[2]])
	}
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		j.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func TestComponentArguments(t *testing.T) {
	formats := strings.Fields("--format text --format json=grantdiff-report/result.json --format html=grantdiff-report/review.html " +
		"--format markdown=grantdiff-report/comment.md --format junit=grantdiff-report/junit.xml " +
		"--format gitlab-codequality=gl-code-quality-report.json --format gitlab-sast=gl-sast-report.json")
	for name, tt := range map[string]struct {
		inputs map[string]string
		want   string
	}{
		"defaults": {nil, "scan --fail-on error --source . | -- plan.json"},
		"all":      {map[string]string{"fail-on": "note", "source": "infra", "config": "g.yaml"}, "scan --fail-on note --source infra | --config g.yaml -- plan.json"},
		"several":  {map[string]string{"plan": "a.json\n\n*.json\n$(touch pwned)\n-x.json"}, "scan --fail-on error --source . | -- a.json *.json $(touch/pwned) -x.json"},
	} {
		t.Run(name, func(t *testing.T) {
			j := newGitLabJob(t)
			for _, code := range []int{0, 1, 3} {
				got, log := j.run(tt.inputs, fmt.Sprintf("FAKE_EXIT=%d", code))
				if got != code || !strings.Contains(log, "the report") {
					t.Errorf("exit code %d, want %d:\n%s", got, code, log)
				}
			}
			before, after, _ := strings.Cut(tt.want, "|")
			want := append(append(strings.Fields(before), formats...), strings.Fields(after)...)
			for i := range want {
				want[i] = strings.ReplaceAll(want[i], "touch/pwned", "touch pwned")
			}
			if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(j.read("args"), "\n"), "\n")); diff != "" {
				t.Errorf("arguments (-want +got):\n%s", diff)
			}
			if j.read("pwned") != "" {
				t.Error("an input was run as code")
			}
		})
	}
}

// TestComponentNote keeps one note of the merge request up to date, and never fails by it.
func TestComponentNote(t *testing.T) {
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	note := func(id, author int, body string) map[string]any {
		return map[string]any{"id": id, "author": map[string]any{"id": author}, "body": body}
	}
	mine := note(5, 42, "<!-- grantdiff grantdiff -->\nold")
	for name, tt := range map[string]struct {
		notes  []map[string]any
		env    string
		status int
		want   string
		log    string
	}{
		"first":          {nil, "", 0, "POST /api/v4/projects/9/merge_requests/3/notes <!-- grantdiff grantdiff -->\n## 🔴 grantdiff: x & y\n", "the report"},
		"again":          {[]map[string]any{note(4, 1, "<!-- grantdiff grantdiff -->\nother"), mine}, "", 0, "PUT /api/v4/projects/9/merge_requests/3/notes/5 <!-- grantdiff grantdiff -->\n## 🔴 grantdiff: x & y\n", "the report"},
		"nothing to say": {nil, "FAKE_MARK=🟢", 0, "", "the report"},
		"refused":        {nil, "", http.StatusForbidden, "", "the note could not be written"},
		"no token":       {nil, "GRANTDIFF_TOKEN=", 0, "", "expected the variable GRANTDIFF_TOKEN"},
		"no request":     {nil, "CI_MERGE_REQUEST_IID=", 0, "", "the report"},
		"no result":      {nil, "FAKE_EXIT=2", 0, "", "the report"},
	} {
		t.Run(name, func(t *testing.T) {
			wrote := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Header.Get("PRIVATE-TOKEN") != "secret-1":
					w.WriteHeader(http.StatusUnauthorized)
				case r.URL.Path == "/api/v4/user":
					fmt.Fprint(w, `{"id": 42}`)
				case r.Method == http.MethodGet:
					_ = json.NewEncoder(w).Encode(append([]map[string]any{}, tt.notes...))
				case tt.status != 0:
					w.WriteHeader(tt.status)
				default:
					method := r.Method
					r.Method = http.MethodPost // forms of PUT are not in PostForm
					wrote = method + " " + r.URL.Path + " " + r.PostFormValue("body")
				}
			}))
			defer server.Close()
			j := newGitLabJob(t)
			code, log := j.run(map[string]string{"comment": "true"}, "CI_API_V4_URL="+server.URL+"/api/v4", "CI_PROJECT_ID=9", "CI_MERGE_REQUEST_IID=3", "GRANTDIFF_TOKEN=secret-1", tt.env)
			if code != 1 && tt.env != "FAKE_EXIT=2" {
				t.Errorf("exit code %d", code)
			}
			if wrote != tt.want {
				t.Errorf("wrote %q, want %q\n%s", wrote, tt.want, log)
			}
			if !strings.Contains(log, tt.log) || strings.Contains(log, "secret-1") {
				t.Errorf("log:\n%s", log)
			}
			if left, _ := filepath.Glob(filepath.Join(j.dir, ".grantdiff-*")); len(left) > 0 {
				t.Errorf("the job leaves %v", left)
			}
		})
	}
}

// TestComponentScans runs the job with the command itself.
func TestComponentScans(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("builds the command")
	}
	j := newGitLabJob(t)
	if err := os.Remove(filepath.Join(j.dir, "path", "grantdiff")); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", filepath.Join(j.dir, "path", "grantdiff"), "./cmd/grantdiff")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	folder, err := filepath.Abs(filepath.Join(root, "testdata", "terraform", "deploy-role-widened"))
	if err != nil {
		t.Fatal(err)
	}
	code, log := j.run(map[string]string{"plan": filepath.Join(folder, "plan.json"), "source": folder})
	if code != 1 || !strings.Contains(log, "new-access") {
		t.Errorf("exit code %d:\n%s", code, log)
	}
	_, job := componentParts(t)
	for _, m := range regexp.MustCompile(`(?m)^      (?:codequality|sast|junit): (.*)$`).FindAllStringSubmatch(job, -1) {
		if !strings.Contains(j.read(m[1]), "new-access") {
			t.Errorf("the job offers %s, which holds no finding", m[1])
		}
	}
	for _, name := range []string{"result.json", "review.html", "comment.md"} {
		if j.read("grantdiff-report/"+name) == "" {
			t.Errorf("%s is not there", name)
		}
	}
}
