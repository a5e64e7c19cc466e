package runtask_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/internal/runtask"
	"github.com/grantdiff/grantdiff/rules"
)

const (
	key    = "the key of the run task"
	token  = "token.atlasv1.secret"
	secret = "arn:aws:iam::111122223333:role/of-the-plan"
)

// hcp stands in for HCP Terraform: it has a plan and takes results.
type hcp struct {
	*httptest.Server
	t *testing.T

	plan     http.HandlerFunc
	callback func(n int) int // the status of the n-th result, from 1 on
	mu       sync.Mutex
	tried    int
	results  chan sent
}

// sent is a result as it came.
type sent struct {
	token, mediaType string
	Data             struct {
		Type       string
		Attributes struct{ Status, Message string }

		Relationships struct {
			Outcomes struct{ Data []struct{ Type string } }
		}
	}
}

func newHCP(t *testing.T) *hcp {
	h := &hcp{t: t, results: make(chan sent, 100), callback: func(int) int { return http.StatusOK }}
	h.plan = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"plan": "`+secret+`"}`)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plan", func(w http.ResponseWriter, r *http.Request) { h.plan(w, r) })
	mux.HandleFunc("PATCH /callback", h.take)
	h.Server = httptest.NewTLSServer(mux)
	t.Cleanup(h.Close)
	return h
}

func (h *hcp) take(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.tried++
	status := h.callback(h.tried)
	h.mu.Unlock()
	if status == http.StatusOK {
		got := sent{token: r.Header.Get("Authorization"), mediaType: r.Header.Get("Content-Type")}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			h.t.Error(err)
		}
		defer func() { h.results <- got }()
	}
	w.WriteHeader(status)
}

func (h *hcp) host() string { return strings.TrimPrefix(h.URL, "https://") }

// request is the body that a run sends; change edits it.
func (h *hcp) request(change map[string]any) []byte {
	p := map[string]any{
		"payload_version": 1, "stage": "post_plan", "access_token": token, "capabilities": map[string]any{"outcomes": true},
		"plan_json_api_url": h.URL + "/plan", "task_result_callback_url": h.URL + "/callback",
		"run_id": "run-i3Df5to9ELvibKpQ", "organization_name": "example", "task_result_enforcement_level": "mandatory",
	}
	for k, v := range change {
		p[k] = v
	}
	b, err := json.Marshal(p)
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// pass and fail are results of comparisons.
func pass() *rules.Result {
	return &rules.Result{Summary: rules.Summary{Policies: 2, Subjects: 1, Compared: 2}}
}

func fail() *rules.Result {
	r := pass()
	r.Findings = []rules.Finding{{Rule: "new-access", Level: rules.Error, Fingerprint: "f1", Address: "aws_iam_role.a", Message: "role a now allows iam:PassRole"}}
	r.Summary.Errors = 1
	return r
}

// scan reads the plan and answers r.
func scan(r *rules.Result) func(context.Context, io.Reader) (*rules.Result, error) {
	return func(_ context.Context, plan io.Reader) (*rules.Result, error) {
		text, err := io.ReadAll(plan)
		if err == nil && !bytes.Contains(text, []byte(secret)) {
			err = errors.New("another plan")
		}
		return r, err
	}
}

// serve starts a server that knows h; the test may have changed o.
func serve(t *testing.T, h *hcp, o runtask.Options) *runtask.Server {
	t.Helper()
	var err error
	o.Key = []byte(key)
	if o.Hosts == nil {
		if o.Hosts, err = runtask.ParseHosts(h.host()); err != nil {
			t.Fatal(err)
		}
	}
	if o.Transport == nil {
		o.Transport = h.Client().Transport
	}
	if o.Wait == nil {
		o.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	s, err := runtask.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(t.Context()) })
	return s
}

func sign(body []byte) string {
	m := hmac.New(sha512.New, []byte(key))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// post sends a request as a run does and returns status and text of the answer.
func post(s http.Handler, body []byte, signature string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, runtask.Path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-TFC-Task-Signature", signature)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// run posts a signed request and waits for its result.
func run(t *testing.T, s *runtask.Server, h *hcp, change map[string]any) sent {
	t.Helper()
	body := h.request(change)
	if status, text := post(s, body, sign(body)); status != http.StatusOK {
		t.Fatalf("status %d: %s", status, text)
	}
	return <-h.results
}

// want holds a result to its status and to a part of its message.
func (got sent) want(t *testing.T, status, message string) {
	t.Helper()
	a := got.Data.Attributes
	if a.Status != status || !strings.Contains(a.Message, message) {
		t.Errorf("%s, %q; want %s, %q", a.Status, a.Message, status, message)
	}
	if got.token != "Bearer "+token || got.mediaType != "application/vnd.api+json" || got.Data.Type != "task-results" {
		t.Errorf("sent as %q, %q, %q", got.token, got.mediaType, got.Data.Type)
	}
	if strings.Contains(a.Message, token) || strings.Contains(a.Message, secret) {
		t.Errorf("the message holds what it must not: %q", a.Message)
	}
}

func TestResults(t *testing.T) {
	undecided := pass()
	undecided.Summary.Compared, undecided.Summary.Undecided = 1, 1
	tests := []struct {
		name            string
		result          *rules.Result
		failOn          rules.Level
		change          map[string]any
		status, message string
		outcomes        int
	}{
		{"nothing", pass(), 0, nil, "passed", "No findings in the 2 policies compared. 2 of 2 policies compared for 1 subject.", 1},
		{"finding", fail(), 0, nil, "failed", "1 error. 2 of 2 policies compared", 2},
		{"finding below", fail(), rules.Never, nil, "passed", "1 error. 2 of 2", 2},
		{"undecided", undecided, 0, nil, "failed", "Not decided in full, which is no pass.", 1},
		{"no outcomes", fail(), 0, map[string]any{"capabilities": nil}, "failed", "1 error", 0},
		{"before the apply", pass(), 0, map[string]any{"stage": "pre_apply"}, "passed", "2 of 2", 1},
		{"no plan", pass(), 0, map[string]any{"stage": "pre_plan", "plan_json_api_url": nil}, "failed", `no plan at the stage "pre_plan", so nothing was compared`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHCP(t)
			got := run(t, serve(t, h, runtask.Options{Scan: scan(tt.result), FailOn: tt.failOn}), h, tt.change)
			got.want(t, tt.status, tt.message)
			all := got.Data.Relationships.Outcomes.Data
			if len(all) != tt.outcomes {
				t.Errorf("%d outcomes, want %d", len(all), tt.outcomes)
			}
			for _, o := range all {
				if o.Type != "task-result-outcomes" {
					t.Errorf("an outcome of type %q", o.Type)
				}
			}
		})
	}
}

// TestRefused: nothing is done for a request that is not what it should be.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHCP(t)
	asked := false
	s := serve(t, h, runtask.Options{Scan: func(context.Context, io.Reader) (*rules.Result, error) { asked = true; return pass(), nil }})
	body := h.request(nil)
	other := hmac.New(sha512.New, []byte("another key"))
	other.Write(body)
	for name, tt := range map[string]struct {
		body      []byte
		signature string
		status    int
		text      string
	}{
		"no signature":          {body, "", 401, "not signed"},
		"no hex":                {body, "zz", 401, "not signed"},
		"short":                 {body, sign(body)[:126], 401, "not signed"},
		"of another key":        {body, hex.EncodeToString(other.Sum(nil)), 401, "not signed"},
		"of another body":       {h.request(map[string]any{"run_id": "run-2"}), sign(body), 401, "not signed"},
		"test of another key":   {h.request(map[string]any{"access_token": "test-token"}), sign(body), 401, "not signed"},
		"no JSON":               {[]byte("{"), sign([]byte("{")), 400, "not the JSON"},
		"another version":       signedRequest(h, "payload_version", 2, 400, "expected 1"),
		"no token":              signedRequest(h, "access_token", "", 403, "access_token"),
		"a token with a line":   signedRequest(h, "access_token", "a\r\nHost: b", 403, "access_token"),
		"no callback":           signedRequest(h, "task_result_callback_url", nil, 403, "task_result_callback_url"),
		"callback elsewhere":    signedRequest(h, "task_result_callback_url", "https://example.com/", 403, `"example.com", which is none of 127.0.0.1:`),
		"callback by HTTP":      signedRequest(h, "task_result_callback_url", "http://app.terraform.io/", 403, "no https address"),
		"callback as a user":    signedRequest(h, "task_result_callback_url", "https://a@"+h.host()+"/", 403, "user name"),
		"callback to a file":    signedRequest(h, "task_result_callback_url", "file:///etc/passwd", 403, "no address"),
		"plan elsewhere":        signedRequest(h, "plan_json_api_url", "https://169.254.169.254/latest", 403, "plan_json_api_url is at the host"),
		"plan at another port":  signedRequest(h, "plan_json_api_url", "https://127.0.0.1:1/", 403, "plan_json_api_url is at the host"),
		"plan on HCP Terraform": signedRequest(h, "plan_json_api_url", "https://app.terraform.io/x", 403, "none of"),
		"large":                 {make([]byte, 300<<10), sign(nil), 413, "262144"},
	} {
		if status, text := post(s, tt.body, tt.signature); status != tt.status || !strings.Contains(text, tt.text) {
			t.Errorf("%s: %d, %q; want %d, %q", name, status, text, tt.status, tt.text)
		}
	}
	r := httptest.NewRecorder()
	s.ServeHTTP(r, httptest.NewRequest(http.MethodGet, runtask.Path, nil))
	if r.Code != http.StatusMethodNotAllowed || r.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET: %d", r.Code)
	}
	r = httptest.NewRecorder()
	runtask.NotEnabled().ServeHTTP(r, httptest.NewRequest(http.MethodPost, runtask.Path, nil))
	if r.Code != http.StatusNotFound || !strings.Contains(r.Body.String(), "--run-task-key-file") {
		t.Errorf("without a key: %d, %q", r.Code, r.Body)
	}
	if err := s.Stop(t.Context()); err != nil || asked || h.tried > 0 {
		t.Errorf("%v; asked: %v, results: %d", err, asked, h.tried)
	}
	if status, _ := post(s, body, sign(body)); status != http.StatusServiceUnavailable {
		t.Errorf("after the stop: %d", status)
	}
}

func signedRequest(h *hcp, name string, value any, status int, text string) (tt struct {
	body      []byte
	signature string
	status    int
	text      string
}) {
	tt.body, tt.status, tt.text = h.request(map[string]any{name: value}), status, text
	tt.signature = sign(tt.body)
	return tt
}

// TestVerification: what HCP Terraform sends when a run task is made is answered, and
// nothing is sent back.
func TestVerification(t *testing.T) {
	t.Parallel()
	h := newHCP(t)
	s := serve(t, h, runtask.Options{Scan: scan(pass())})
	for _, change := range []map[string]any{
		{"access_token": "test-token", "stage": "post_plan", "plan_json_api_url": "https://example.com/plan"},
		{"access_token": "test-token", "stage": "test", "task_result_callback_url": "https://example.com/"},
		{"stage": "test", "payload_version": nil},
	} {
		body := h.request(change)
		if status, text := post(s, body, sign(body)); status != http.StatusOK || text != "" {
			t.Errorf("%v: %d, %q", change, status, text)
		}
	}
	if err := s.Stop(t.Context()); err != nil || h.tried > 0 {
		t.Errorf("%v; %d results", err, h.tried)
	}
}

// TestKey: without a key there is no server.
func TestKey(t *testing.T) {
	if s, err := runtask.New(runtask.Options{Scan: scan(pass())}); err == nil || s != nil {
		t.Error("a server without a key")
	}
}

// TestQuietLogs: a log at its finest names no token, no address of a plan and nothing of it.
func TestQuietLogs(t *testing.T) {
	var mu sync.Mutex
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug - 4})))
	defer slog.SetDefault(old)
	h := newHCP(t)
	h.callback = func(n int) int { return []int{500, 200, 422, 200, 200, 200}[n-1] }
	var broken atomic.Bool
	s := serve(t, h, runtask.Options{Running: 1, Scan: func(ctx context.Context, plan io.Reader) (*rules.Result, error) {
		if broken.Load() {
			panic(fmt.Sprint("of the plan: ", secret))
		}
		return scan(fail())(ctx, plan)
	}})
	run(t, s, h, nil)
	body := h.request(nil)
	post(s, body, sign(body)) // its result is not taken
	post(s, body, "")
	broken.Store(true)
	run(t, s, h, nil).want(t, "failed", "defect of grantdiff")
	h.plan = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	run(t, s, h, nil).want(t, "failed", "could not be downloaded from 127.0.0.1")
	broken.Store(false)
	h.plan = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	run(t, s, h, nil).want(t, "failed", "could not be downloaded from "+h.host()+": no answer")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	text := log.String()
	for _, s := range []string{token, secret, "/callback", "/plan", sign(body)} {
		if strings.Contains(text, s) {
			t.Errorf("the log holds %q:\n%s", s, text)
		}
	}
	for _, s := range []string{"run-i3Df5to9ELvibKpQ", "run task taken", "run task answered", "status 422", "panic=string", "status 404", "not signed"} {
		if !strings.Contains(text, s) {
			t.Errorf("the log lacks %q:\n%s", s, text)
		}
	}
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
