package runtask

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// signatureHeader is where a request has its signature.
const signatureHeader = "X-Tfc-Task-Signature"

// payload is what is used of a request.
type payload struct {
	Version      int    `json:"payload_version"`
	Stage        string `json:"stage"`
	Token        string `json:"access_token"`
	Capabilities struct {
		Outcomes bool `json:"outcomes"`
	} `json:"capabilities"`
	Callback string `json:"task_result_callback_url"`
	Plan     string `json:"plan_json_api_url"`
	Run      string `json:"run_id"`
}

// testToken is what the request has for a token that HCP Terraform sends when a run task
// is made, to see that the server is there (hashicorp/terraform-run-task-scaffolding-go).
const testToken = "test-token"

// test reports whether a request asks for nothing but an answer.
func (p payload) test() bool { return p.Token == testToken || p.Stage == "test" }

// task is one request that is taken.
type task struct {
	run, stage string
	token      string
	callback   *url.URL
	plan       *url.URL // nil where the stage has none
	outcomes   bool     // the caller takes them
	due        time.Time
}

// signature reads the signature of a request. A request without one, or with one of the
// wrong form, need not be read.
func signature(header string) ([]byte, bool) {
	sum, err := hex.DecodeString(header)
	return sum, err == nil && len(sum) == sha512.Size
}

// signed reports whether sum is the HMAC-SHA512 of body, in constant time.
func signed(key, body, sum []byte) bool {
	m := hmac.New(sha512.New, key)
	m.Write(body)
	return hmac.Equal(m.Sum(nil), sum)
}

// decode reads the body of a signed request.
func decode(body []byte) (payload, error) {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return p, errors.New("the body is not the JSON of a run task request")
	}
	if p.Version != 1 && !p.test() {
		return p, fmt.Errorf("payload_version is %d: expected 1", p.Version)
	}
	return p, nil
}

// newTask checks what a request wants to be done.
func newTask(p payload, hosts *Hosts, now time.Time) (*task, error) {
	if p.Token == "" || strings.ContainsFunc(p.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("access_token is missing, or no token")
	}
	t := &task{run: p.Run, stage: p.Stage, token: p.Token, outcomes: p.Capabilities.Outcomes, due: now.Add(taskTime)}
	var err error
	if t.callback, err = hosts.parse(p.Callback); err != nil {
		return nil, fmt.Errorf("task_result_callback_url %w", err)
	}
	if p.Plan != "" {
		if t.plan, err = hosts.parse(p.Plan); err != nil {
			return nil, fmt.Errorf("plan_json_api_url %w", err)
		}
	}
	return t, nil
}
