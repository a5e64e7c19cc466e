package analyzer_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/internal/analyzer"
)

const newAccessPath = "/policy/check-no-new-access"

// hosted is a client whose requests name another host than the one they go to.
func hosted(url, host string) *accessanalyzer.Client {
	c := clientAt(url)
	o := c.Options()
	o.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		r.Host = host
		return http.DefaultClient.Do(r)
	})
	return accessanalyzer.New(o)
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// question is the body of a request that is a FAIL.
func question(t testing.TB) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"newPolicyDocument": wide, "existingPolicyDocument": narrow, "policyType": "IDENTITY_POLICY"})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestRequests asks with requests that no SDK makes.
func TestRequests(t *testing.T) {
	good := question(t)
	for name, c := range map[string]struct {
		method, path, contentType, origin, host, body string
		status                                        int
		kind, reason                                  string
		fields                                        []string
	}{
		"good":                      {body: good, status: 200},
		"charset":                   {body: good, contentType: "application/json; charset=utf-8", status: 200},
		"type of another protocol":  {body: good, contentType: "application/x-amz-json-1.1", status: 200},
		"method":                    {method: "GET", status: 400, kind: "ValidationException", reason: "unknownOperation"},
		"preflight of a web page":   {method: "OPTIONS", status: 400, kind: "ValidationException", reason: "unknownOperation"},
		"path":                      {path: "/", body: good, status: 400, kind: "ValidationException", reason: "unknownOperation"},
		"path, longer":              {path: newAccessPath + "/", body: good, status: 400, kind: "ValidationException", reason: "unknownOperation"},
		"form of a web page":        {contentType: "text/plain", body: good, status: 400, kind: "ValidationException", reason: "other"},
		"no content type, web page": {contentType: "-", origin: "https://example.com", body: good, status: 400, kind: "ValidationException", reason: "other"},
		"no content type":           {contentType: "-", body: good, status: 200},
		"no body":                   {status: 400, kind: "ValidationException", reason: "cannotParse"},
		"no JSON":                   {body: "x", status: 400, kind: "ValidationException", reason: "cannotParse"},
		"two values":                {body: good + "{}", status: 400, kind: "ValidationException", reason: "cannotParse"},
		"list":                      {body: "[]", status: 400, kind: "ValidationException", reason: "cannotParse"},
		"null":                      {body: "null", status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"policyType", "newPolicyDocument", "existingPolicyDocument"}},
		"nothing in it":             {body: "{}", status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"policyType", "newPolicyDocument", "existingPolicyDocument"}},
		"null member":               {body: strings.Replace(good, `"IDENTITY_POLICY"`, "null", 1), status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"policyType"}},
		"unknown member":            {body: `{"analyzer":"x",` + good[1:], status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"analyzer"}},
		"member in other case":      {body: strings.Replace(good, "policyType", "PolicyType", 1), status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"PolicyType"}},
		"duplicate member":          {body: `{"policyType":"RESOURCE_POLICY",` + good[1:], status: 400, kind: "ValidationException", reason: "cannotParse", fields: []string{"policyType"}},
		"member of a wrong type":    {body: `{"policyType":{}}`, status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"policyType"}},
		"entry of a wrong type":     {path: "/policy/check-access-not-granted", body: `{"access":[{"actions":["s3:*",1]}]}`, status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"access[0].actions[1]"}},
		"null entry":                {path: "/policy/check-access-not-granted", body: `{"policyType":"IDENTITY_POLICY","policyDocument":` + quoted(narrow) + `,"access":[null]}`, status: 400, kind: "ValidationException", reason: "fieldValidationFailed", fields: []string{"access[0]"}},
		"deep":                      {body: `{"policyType":` + strings.Repeat("[", 500_000), status: 400, kind: "ValidationException", reason: "cannotParse"},
		"no UTF-8":                  {body: "{\"policyType\":\"\xff\"}", status: 400, kind: "ValidationException", reason: "cannotParse"},
		"rebound name":              {host: "evil.example", body: good, status: 403, kind: "AccessDeniedException"},
		"rebound name with an end":  {host: "127.0.0.1.evil.example:8099", body: good, status: 403, kind: "AccessDeniedException"},
		"address of another":        {host: "192.0.2.1", body: good, status: 403, kind: "AccessDeniedException"},
		"localhost":                 {host: "LocalHost.:8099", body: good, status: 200},
		"loopback address, version": {host: "[::1]:8099", body: good, status: 200},
		"loopback address, bare":    {host: "127.8.9.1", body: good, status: 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", newAccessPath, strings.NewReader(c.body))
			if c.method != "" {
				r.Method = c.method
			}
			if c.path != "" {
				r.URL.Path = c.path
			}
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			r.Host = "127.0.0.1:8099"
			if c.host != "" {
				r.Host = c.host
			}
			switch c.contentType {
			case "":
				r.Header.Set("Content-Type", "application/json")
			case "-":
			default:
				r.Header.Set("Content-Type", c.contentType)
			}
			w := httptest.NewRecorder()
			analyzer.NewHandler(analyzer.Options{}).ServeHTTP(w, r)
			var body struct {
				Result, Message, Reason string
				FieldList               []struct{ Name, Message string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || w.Header().Get("X-Amzn-ErrorType") != c.kind || body.Reason != c.reason || body.Message == "" {
				t.Errorf("got %d %s: %s", w.Code, w.Header().Get("X-Amzn-ErrorType"), w.Body)
			}
			if (body.Result == "FAIL") != (c.status == 200) {
				t.Errorf("result %q with the status %d", body.Result, w.Code)
			}
			var fields []string
			for _, f := range body.FieldList {
				fields = append(fields, f.Name)
			}
			if d := cmp.Diff(c.fields, fields); d != "" {
				t.Errorf("fields (-want +got):\n%s", d)
			}
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("a web page may ask: %s", got)
			}
		})
	}
}

// TestAnyHost: off the loopback address every name may be asked for.
func TestAnyHost(t *testing.T) {
	r := httptest.NewRequest("POST", newAccessPath, strings.NewReader(question(t)))
	r.Host = "policies.example"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	analyzer.NewHandler(analyzer.Options{AnyHost: true}).ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
}

// TestThrottling: over MaxRequests in hand, clients are told to come again, and the
// ones in hand are still answered.
func TestThrottling(t *testing.T) {
	h := analyzer.NewHandler(analyzer.Options{Running: 1})
	inHand := make(chan struct{}, 2*analyzer.MaxRequests)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &signalling{r.Body, inHand}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close) // when the held connections are closed
	body := question(t)
	var held []net.Conn
	for range analyzer.MaxRequests {
		held = append(held, hold(t, s.Listener.Addr(), len(body)))
		<-inHand
	}
	c := clientAt(s.URL)
	got, err := noNewAccess(t, c, narrow, wide, identity)
	throttled, ok := errors.AsType[*types.ThrottlingException](err)
	if !ok {
		t.Fatalf("got %v, %v; want a ThrottlingException", got, err)
	}
	if aws.ToInt32(throttled.RetryAfterSeconds) != 1 {
		t.Errorf("come again after %d seconds, want 1", aws.ToInt32(throttled.RetryAfterSeconds))
	}
	for _, conn := range held {
		if got := finish(t, conn, body); got != "FAIL" {
			t.Fatalf("a request in hand: got %s", got)
		}
	}
	if got, err := noNewAccess(t, c, narrow, wide, identity); err != nil || got.Result != "FAIL" {
		t.Errorf("afterwards: got %v, %v", got, err)
	}
}

// signalling is a body that tells when it is read first.
type signalling struct {
	io.ReadCloser
	read chan<- struct{} // nil when it was
}

func (b *signalling) Read(p []byte) (int, error) {
	if b.read != nil {
		b.read <- struct{}{}
		b.read = nil
	}
	return b.ReadCloser.Read(p)
}

// hold sends a request without its body.
func hold(t *testing.T, addr net.Addr, length int) net.Conn {
	t.Helper()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", newAccessPath, length)
	return conn
}

// finish sends the body of a held request and returns the result.
func finish(t *testing.T, conn net.Conn, body string) string {
	t.Helper()
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct{ Result string }
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.Result
}

// TestServeStops: when told to stop, a server answers what it has in hand, takes
// nothing new and returns.
func TestServeStops(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	h := analyzer.NewHandler(analyzer.Options{})
	taken := make(chan struct{}, 2)
	go func() {
		ended <- analyzer.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			taken <- struct{}{}
			h.ServeHTTP(w, r)
		}))
	}()
	c := clientAt("http://" + l.Addr().String())
	if got, err := noNewAccess(t, c, narrow, wide, identity); err != nil || got.Result != "FAIL" {
		t.Fatalf("got %v, %v", got, err)
	}
	<-taken
	body := question(t)
	conn := hold(t, l.Addr(), len(body))
	<-taken
	stop()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("it takes connections after it was stopped")
		}
	}
	if got := finish(t, conn, body); got != "FAIL" {
		t.Errorf("the request in hand: got %s", got)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not stop")
	}
}

// TestServeFails: a listener that does not listen is an error, not an end.
func TestServeFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := analyzer.Serve(t.Context(), l, analyzer.NewHandler(analyzer.Options{})); err == nil {
		t.Error("expected an error")
	}
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}
