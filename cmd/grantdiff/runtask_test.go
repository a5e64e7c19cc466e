package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/grantdiff/grantdiff/scanner"
)

// runningHCP stands in for HCP Terraform in one script.
type runningHCP struct{ results chan string }

type hcpKey struct{}

// hcp starts a server that has a plan and takes results, at $HCP: hcp PLAN.
func hcp(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hcp PLAN")
	}
	plan := ts.ReadFile(args[0])
	h := ts.Value(hcpKey{}).(*runningHCP)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plan", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer token" {
			_, _ = io.WriteString(w, plan)
		}
	})
	mux.HandleFunc("PATCH /callback", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			body = []byte(err.Error())
		}
		h.results <- string(body)
	})
	s := httptest.NewServer(mux)
	ts.Defer(s.Close)
	ts.Setenv("HCP", strings.TrimPrefix(s.URL, "http://"))
}

// sendRunTask sends the request of a run to the server, signed with the key of a file, and
// writes the status and, where it is 200, the result that comes back:
// runtask KEYFILE STAGE.
func sendRunTask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: runtask KEYFILE STAGE")
	}
	at := "http://" + ts.Getenv("HCP")
	body := fmt.Sprintf(`{"payload_version": 1, "stage": %q, "access_token": "token", "capabilities": {"outcomes": true},
		"plan_json_api_url": "%s/plan", "task_result_callback_url": "%s/callback", "run_id": "run-1"}`, args[1], at, at)
	m := hmac.New(sha512.New, []byte(strings.TrimSpace(ts.ReadFile(args[0]))))
	m.Write([]byte(body))
	r, err := http.NewRequest(http.MethodPost, "http://"+ts.Getenv("SERVER")+"/run-task", strings.NewReader(body))
	ts.Check(err)
	r.Host = "grantdiff.example.com" // as it comes through a proxy
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-TFC-Task-Signature", hex.EncodeToString(m.Sum(nil)))
	resp, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s\n", resp.StatusCode, text)
	if resp.StatusCode != http.StatusOK || args[1] == "test" {
		return
	}
	var result bytes.Buffer
	ts.Check(json.Indent(&result, []byte(<-ts.Value(hcpKey{}).(*runningHCP).results), "", "  "))
	fmt.Fprintln(ts.Stdout(), result.String())
}

// TestKeyOfRunTasks: the key is that of the file or of the environment, and never both.
func TestKeyOfRunTasks(t *testing.T) {
	dir := t.TempDir()
	file := func(text string) string {
		name := filepath.Join(dir, fmt.Sprintf("key%d", len(text)))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, tt := range []struct{ file, env, want, failure string }{
		{"", "", "", ""},
		{"", "of the environment", "of the environment", ""},
		{file("of a file"), "", "of a file", ""},
		{file("with a line end\n"), "", "with a line end", ""},
		{file("with another line end\r\n"), "", "with another line end", ""},
		{file("key"), "key", "", "both give a key"},
		{file("\n"), "", "", "there is no key in it"},
		{file(strings.Repeat("x", 5000)), "", "", "more than 4096 bytes"},
		{filepath.Join(dir, "none"), "", "", "--run-task-key-file"},
	} {
		f := runTaskFlags{keyFile: tt.file}
		got, err := f.key(streams{getenv: func(string) string { return tt.env }})
		if (err == nil) != (tt.failure == "") || (err != nil && !strings.Contains(err.Error(), tt.failure)) {
			t.Errorf("%+v: %v", tt, err)
		}
		if string(got) != tt.want || (got == nil) != (tt.want == "") {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// TestPlanScan: a plan is compared as scan does it, several at a time, and under a name;
// nothing else is looked at.
func TestPlanScan(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "terraform", "deploy-role-widened", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), scanner.ConfigName)
	if err := os.WriteFile(name, []byte("version: 1\nrules:\n  new-access: {level: warning}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	config, err := scanner.LoadConfig(name)
	if err != nil {
		t.Fatal(err)
	}
	scan := planScan(config, false)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			r, err := scan(context.Background(), bytes.NewReader(text))
			if err != nil {
				t.Error(err)
				return
			}
			if r.Summary.Warnings != 2 || r.Summary.Errors != 0 || r.Inputs[0].Path != "plan.json" || r.Findings[0].Location.Path != "plan.json" {
				t.Errorf("%+v, %+v, %+v", r.Summary, r.Inputs, r.Findings[0].Location)
			}
		})
	}
	all.Wait()
	for _, other := range []string{
		"", "<html>", "{}", "PK\x03\x04", `{"Version": "2012-10-17", "Statement": []}`, "Resources:\n  A:\n    Type: AWS::IAM::Role\n",
		`{"inputs": ` + string(text) + `}`, `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {}}}`,
	} {
		if r, err := scan(context.Background(), strings.NewReader(other)); err == nil {
			t.Errorf("%.60q: %+v", other, r.Summary)
		}
	}
}
