package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// many returns a result with n findings of each level.
func many(n int) *rules.Result {
	r := &rules.Result{Schema: rules.Schema, Tool: rules.Tool{Name: "grantdiff", Version: "1.2.3"}}
	for i := range n {
		for _, l := range []rules.Level{rules.Note, rules.Warning, rules.Error} {
			f := rich().Findings[4]
			f.Level = l
			f.Severity = float64(i%90) / 10
			f.Address = fmt.Sprintf("aws_iam_role_policy.p%05d", i)
			f.Fingerprint = fmt.Sprintf("%s-%05d", l, i)
			f.Subject = rules.Subject{Kind: "role", Address: fmt.Sprintf("aws_iam_role.r%05d", i%1000), Name: fmt.Sprintf("r%05d", i%1000)}
			r.Findings = append(r.Findings, f)
		}
	}
	r.Summary = rules.Summary{Policies: 3 * n, Subjects: 3 * n, Compared: 3 * n, Errors: n, Warnings: n, Notes: n}
	return r
}

func TestAnnotationCaps(t *testing.T) {
	tests := []struct {
		findings int
		more     string // of errors
	}{
		{1, ""},
		{9, ""},
		{10, "1 more error not shown as annotations: all of them are in the log of this step."},
		{300, "291 more errors not shown as annotations: all of them are in the log of this step."},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.findings), func(t *testing.T) {
			out := string(render(t, "github", many(tt.findings), options()))
			for _, level := range []string{"error", "warning", "notice"} {
				lines := regexp.MustCompile(`(?m)^::`+level+` .*$`).FindAllString(out, -1)
				want := min(tt.findings, report.MaxAnnotations)
				if tt.more != "" {
					want++
				}
				if len(lines) != want {
					t.Errorf("%d %s annotations, want %d", len(lines), level, want)
				}
				if level == "error" && tt.more != "" && !strings.HasSuffix(lines[len(lines)-1], "::"+tt.more) {
					t.Errorf("last error = %q, want %q", lines[len(lines)-1], tt.more)
				}
			}
		})
	}
}

func TestAnnotationsAreWorstFirst(t *testing.T) {
	out := string(render(t, "github", many(300), options()))
	first, _, _ := strings.Cut(out, "\n")
	if !strings.HasPrefix(first, "::error ") || !strings.Contains(first, "p00089") {
		t.Errorf("first annotation = %q, want the error of the highest severity", first)
	}
}

func TestAnnotationPlace(t *testing.T) {
	tests := []struct {
		name string
		in   rules.Location
		want string
	}{
		{"columns", rules.Location{Path: "/home/ci/repo/a.tf", StartLine: 4, StartColumn: 2, EndLine: 4, EndColumn: 9}, "::error col=2,endColumn=8,endLine=4,file=a.tf,line=4,title="},
		{"several lines", rules.Location{Path: "a.tf", StartLine: 4, StartColumn: 2, EndLine: 9, EndColumn: 3}, "::error file=a.tf,line=4,title="},
		{"file", rules.Location{Path: "a.tf"}, "::error file=a.tf,title="},
		{"outside", rules.Location{Path: "/etc/passwd", StartLine: 1}, "::error title="},
		{"hostile", rules.Location{Path: "a,b:c%\n::error::x.tf", StartLine: 1}, `::error file=a%2Cb%3Ac%25\n%3A%3Aerror%3A%3Ax.tf,line=1,title=`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &rules.Result{Findings: []rules.Finding{{Rule: "new-access", Level: rules.Error, Location: tt.in}}}
			if out := string(render(t, "github", r, options())); !strings.HasPrefix(out, tt.want) {
				t.Errorf("output starts with %q, want %q", out[:min(len(out), 90)], tt.want)
			}
		})
	}
}

func TestGitHubEndsWithTheText(t *testing.T) {
	text := render(t, "text", rich(), options())
	if out := render(t, "github", rich(), options()); !bytes.HasSuffix(out, append([]byte("\n"), text...)) {
		t.Error("output does not end with the text report")
	}
}

func TestGitHubOutputs(t *testing.T) {
	undecided := empty()
	undecided.Summary.Undecided = 1
	tests := []struct {
		name   string
		r      *rules.Result
		failOn rules.Level
		want   string
	}{
		{"pass", empty(), 0, "result=pass errors=0 warnings=0 notes=0 unresolved=0"},
		{"fail", rich(), 0, "result=fail errors=1 warnings=2 notes=1 unresolved=2"},
		{"fail on never", rich(), rules.Never, "result=pass errors=1 warnings=2 notes=1 unresolved=2"},
		{"undecided", undecided, 0, "result=undecided errors=0 warnings=0 notes=0 unresolved=0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run := newRunner(t)
			o := run.options()
			o.FailOn = tt.failOn
			render(t, "github", tt.r, o)
			var got []string
			for _, m := range regexp.MustCompile(`(?m)^(\w+)<<\S+\n(.*)$`).FindAllSubmatch(run.outputs(), -1) {
				got = append(got, fmt.Sprintf("%s=%s", m[1], m[2]))
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("outputs %s, want %s", got, tt.want)
			}
		})
	}
}

func TestGitHubReportsWriteErrors(t *testing.T) {
	run := newRunner(t)
	run.env["GITHUB_STEP_SUMMARY"] = filepath.Join(t.TempDir(), "missing", "summary")
	err := report.GitHub(new(bytes.Buffer), rich(), run.options())
	if err == nil || !strings.Contains(err.Error(), "write github report") {
		t.Errorf("error = %v", err)
	}
	if err := report.GitHub(failing{}, rich(), options()); !errors.Is(err, errFailing) {
		t.Errorf("error = %v, want the writer's", err)
	}
}

var errFailing = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFailing }

func TestSummaryAppends(t *testing.T) {
	run := newRunner(t)
	file := run.env["GITHUB_STEP_SUMMARY"]
	before := "text of an earlier command without line end"
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	render(t, "github", empty(), run.options())
	if got := string(run.summary()); !strings.HasPrefix(got, before+"\n## ") {
		t.Errorf("summary = %q", got)
	}
	full := bytes.Repeat([]byte("x"), 1<<20-100)
	if err := os.WriteFile(file, full, 0o644); err != nil {
		t.Fatal(err)
	}
	render(t, "github", rich(), run.options())
	if got := len(run.summary()); got != len(full) {
		t.Errorf("a full summary grew to %d bytes", got)
	}
}

func TestSummaryLinksOnlyWhereTheRunnerIsSane(t *testing.T) {
	for _, tt := range []struct{ name, key, value string }{
		{"no server", "GITHUB_SERVER_URL", ""},
		{"script", "GITHUB_SERVER_URL", "javascript:alert(1)"},
		{"markup", "GITHUB_REPOSITORY", "a/b) <script>"},
		{"no commit", "GITHUB_SHA", "main)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			run := newRunner(t)
			run.env[tt.key] = tt.value
			render(t, "github", rich(), run.options())
			if bytes.Contains(run.summary(), []byte("](")) {
				t.Errorf("summary has links:\n%s", run.summary())
			}
		})
	}
}
