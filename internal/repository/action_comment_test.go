package repository

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// host is a made-up API of a code host with the comments of one pull request.
type host struct {
	*httptest.Server
	mu       sync.Mutex
	comments []map[string]any
	calls    []string
	status   int // of writing; 0 is what is usual
}

func newHost(t *testing.T, comments ...map[string]any) *host {
	h := &host{comments: comments}
	h.Server = httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(h.Close)
	return h
}

func (h *host) serve(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, r.Method+" "+r.URL.String())
	if r.Header.Get("Authorization") != "Bearer token-1" {
		http.Error(w, "{}", http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet {
		page := 1
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		from, to := min(len(h.comments), (page-1)*100), min(len(h.comments), page*100)
		_ = json.NewEncoder(w).Encode(h.comments[from:to])
		return
	}
	if h.status != 0 {
		http.Error(w, `{"message":"Resource not accessible by integration"}`, h.status)
		return
	}
	text, _ := io.ReadAll(r.Body)
	var body struct{ Body string }
	if json.Unmarshal(text, &body) != nil {
		http.Error(w, "{}", http.StatusBadRequest)
		return
	}
	h.calls[len(h.calls)-1] += "\n" + body.Body
	fmt.Fprint(w, "{}")
}

func said(id int, kind, body string) map[string]any {
	return map[string]any{"id": id, "user": map[string]any{"type": kind}, "body": body}
}

func commenting(t *testing.T, h *host) *runner {
	t.Helper()
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	r := newRunner(t)
	r.inputs["comment"], r.inputs["github-token"] = "true", "token-1"
	event := r.write("event.json", `{"pull_request": {"number": 7}}`)
	r.env = []string{"FAKE_EXIT=1", "GITHUB_API_URL=" + h.URL, "GITHUB_REPOSITORY=example/infra", "GITHUB_EVENT_PATH=" + event}
	return r
}

const review = "\n## 🔴 grantdiff: \"1\" error\n\na\\b é\n"

// TestActionComment keeps one comment for each key up to date, and touches nobody else's.
func TestActionComment(t *testing.T) {
	const list = "GET /repos/example/infra/issues/7/comments?per_page=100&page="
	many := make([]map[string]any, 0, 101)
	for i := range 100 {
		many = append(many, said(i, "User", "lgtm"))
	}
	many = append(many, said(500, "Bot", "<!-- grantdiff plan -->\nold"))
	for name, tt := range map[string]struct {
		comments []map[string]any
		key      string
		env      string
		want     []string
	}{
		"first": {nil, "plan", "", []string{list + "1", "POST /repos/example/infra/issues/7/comments\n<!-- grantdiff plan -->" + review}},
		"again": {
			[]map[string]any{said(1, "User", "<!-- grantdiff plan -->\nmine"), said(2, "Bot", "see <!-- grantdiff plan -->"), said(3, "Bot", "<!-- grantdiff plan -->\nold")}, "plan", "",
			[]string{list + "1", "PATCH /repos/example/infra/issues/comments/3\n<!-- grantdiff plan -->" + review},
		},
		"another key": {
			[]map[string]any{said(3, "Bot", "<!-- grantdiff plan -->\nold")}, "prod", "",
			[]string{list + "1", "POST /repos/example/infra/issues/7/comments\n<!-- grantdiff prod -->" + review},
		},
		"on the second page": {many, "plan", "", []string{list + "1", list + "2", "PATCH /repos/example/infra/issues/comments/500\n<!-- grantdiff plan -->" + review}},
		"nothing to say":     {nil, "plan", "FAKE_MARK=🟢", []string{list + "1"}},
		"nothing any more": {
			[]map[string]any{said(3, "Bot", "<!-- grantdiff plan -->\nold")}, "plan", "FAKE_MARK=🟢",
			[]string{list + "1", "PATCH /repos/example/infra/issues/comments/3\n<!-- grantdiff plan -->" + strings.Replace(review, "🔴", "🟢", 1)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t, tt.comments...)
			r := commenting(t, h)
			r.inputs["comment-key"] = tt.key
			r.env = append(r.env, tt.env)
			s := r.run()
			if s.code != 1 {
				t.Errorf("exit code %d:\n%s", s.code, s.log)
			}
			if got, want := strings.Join(h.calls, "\n---\n"), strings.Join(tt.want, "\n---\n"); got != want {
				t.Errorf("calls:\n%s\nwant:\n%s\nlog:\n%s", got, want, s.log)
			}
			if strings.Contains(s.log, "token-1") {
				t.Error("the log holds the token")
			}
		})
	}
}

// TestActionCommentNeverFails: trouble with the comment is told and changes nothing.
func TestActionCommentNeverFails(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(h *host, r *runner)
		want   string
	}{
		"fork":           {func(h *host, _ *runner) { h.status = http.StatusForbidden }, "could not be written (403)"},
		"wrong token":    {func(_ *host, r *runner) { r.inputs["github-token"] = "other" }, "could not be read (401)"},
		"no token":       {func(_ *host, r *runner) { r.inputs["github-token"] = "" }, "no token"},
		"hostile token":  {func(_ *host, r *runner) { r.inputs["github-token"] = "x\nX-Evil: 1" }, "no token"},
		"no server":      {func(h *host, _ *runner) { h.Close() }, "could not be read (none)"},
		"push":           {func(_ *host, r *runner) { r.write("event.json", `{"ref": "refs/heads/main"}`) }, "not of a pull request"},
		"hostile number": {func(_ *host, r *runner) { r.write("event.json", `{"pull_request": {"number": "7/../8"}}`) }, "not of a pull request"},
		"no event":       {func(_ *host, r *runner) { os.Remove(r.dir + "/event.json") }, "not of a pull request"},
		"other scheme":   {func(_ *host, r *runner) { r.env = append(r.env, "GITHUB_API_URL=file:///etc") }, "could not be read"},
		"hostile key":    {func(_ *host, r *runner) { r.inputs["comment-key"] = "x --> $(touch pwned)" }, "input comment-key"},
		"no jq": {func(_ *host, r *runner) {
			r.write("path/command", "")
			r.env = append(r.env, "BASH_ENV="+r.write("nojq", "command() { [ \"$2\" != jq ] && builtin command \"$@\"; }\n"))
		}, "there is no jq"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			r := commenting(t, h)
			tt.change(h, r)
			s := r.run()
			if s.code != 1 || !strings.HasPrefix(s.outputs, "result<<END\nfail\nEND\n") {
				t.Errorf("exit code %d, outputs %q", s.code, s.outputs)
			}
			if !strings.Contains(s.log, tt.want) {
				t.Errorf("log does not say %q:\n%s", tt.want, s.log)
			}
			for _, call := range h.calls {
				if !strings.HasPrefix(call, "GET ") && h.status == 0 {
					t.Errorf("call %s", call)
				}
			}
		})
	}
}
