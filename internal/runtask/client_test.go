package runtask_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grantdiff/grantdiff/internal/runtask"
	"github.com/grantdiff/grantdiff/rules"
)

// names lets requests for any name reach h, which is how a test has other hosts.
func names(h *hcp) http.RoundTripper {
	t := h.Client().Transport.(*http.Transport).Clone()
	t.TLSClientConfig.InsecureSkipVerify = true
	t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, h.host())
	}
	return t
}

// TestRedirects: a download is led on to where plans are kept, without the token, and
// nowhere else.
func TestRedirects(t *testing.T) {
	for name, tt := range map[string]struct {
		hosts  []string // nil for the default
		from   string
		to     string
		bearer bool   // of the second request
		failed string // "" for a plan that is read
	}{
		"archivist":             {nil, "https://app.terraform.io", "https://archivist.terraform.io/v1/object/secret", false, ""},
		"archivist in Europe":   {nil, "https://app.eu.terraform.io", "https://archivist.eu.terraform.io/v1/object/secret", false, ""},
		"same host":             {nil, "https://app.terraform.io", "/_archivist/secret", true, ""},
		"listed host":           {[]string{"tfe.example.com", "objects.example.com"}, "https://tfe.example.com", "https://objects.example.com/secret", false, ""},
		"other port":            {[]string{"tfe.example.com", "tfe.example.com:8443"}, "https://tfe.example.com", "https://tfe.example.com:8443/secret", false, ""},
		"elsewhere":             {nil, "https://app.terraform.io", "https://example.com/secret", false, `the address that it leads to is at the host "example.com"`},
		"metadata":              {nil, "https://app.terraform.io", "http://169.254.169.254/secret", false, "no https address"},
		"this machine":          {nil, "https://app.terraform.io", "http://127.0.0.1:80/secret", false, "is at the host"},
		"plain HTTP":            {nil, "https://app.terraform.io", "http://archivist.terraform.io/secret", false, "no https address"},
		"name that looks right": {nil, "https://app.terraform.io", "https://evilterraform.io/secret", false, "is at the host"},
		"user name":             {nil, "https://app.terraform.io", "https://x@archivist.terraform.io/secret", false, "user name"},
		"odd port":              {nil, "https://app.terraform.io", "https://archivist.terraform.io:8443/secret", false, "is at the host"},
		"from TFE to HCP":       {[]string{"tfe.example.com"}, "https://tfe.example.com", "https://archivist.terraform.io/secret", false, "is at the host"},
		"round and round":       {nil, "https://app.terraform.io", "/plan", true, "more than 5 redirects"},
		"nowhere":               {nil, "https://app.terraform.io", "", true, "status 307"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHCP(t)
			var bearers []string
			h.Config.Handler = serveAny(h, tt.to, &bearers)
			hosts := runtask.DefaultHosts()
			if tt.hosts != nil {
				var err error
				if hosts, err = runtask.ParseHosts(tt.hosts...); err != nil {
					t.Fatal(err)
				}
			}
			s := serve(t, h, runtask.Options{Scan: scan(pass()), Hosts: hosts, Transport: names(h)})
			got := run(t, s, h, map[string]any{"plan_json_api_url": tt.from + "/plan", "task_result_callback_url": tt.from + "/callback"})
			if tt.failed != "" {
				got.want(t, "failed", tt.failed)
			} else {
				got.want(t, "passed", "")
			}
			want := []string{"Bearer " + token, ""}
			if tt.bearer {
				want[1] = want[0]
			}
			if tt.failed == "" && !slices.Equal(bearers, want) {
				t.Errorf("authorized with %q, want %q", bearers, want)
			}
			if strings.Contains(got.Data.Attributes.Message, "/secret") {
				t.Errorf("the message holds a link: %q", got.Data.Attributes.Message)
			}
		})
	}
}

// serveAny redirects from the plan, has one elsewhere, and takes results.
func serveAny(h *hcp, to string, bearers *[]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			h.take(w, r)
			return
		}
		*bearers = append(*bearers, r.Header.Get("Authorization"))
		if r.URL.Path == "/plan" {
			if to != "" {
				w.Header().Set("Location", to)
			}
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, secret)
	})
}

// TestDownloads: a plan that is not had in full is not compared.
func TestDownloads(t *testing.T) {
	answer := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for name, tt := range map[string]struct {
		plan    http.HandlerFunc
		message string
		tries   int
	}{
		"not found": {answer(404), "could not be downloaded from 127.0.0.1", 1},
		"not yet":   {answer(204), "status 204: there is no plan yet", 5},
		"down":      {answer(503), "status 503", 5},
		"large": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, secret+strings.Repeat(" ", 1000))
		}, "more than 1000 bytes", 1},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "900")
			_, _ = io.WriteString(w, secret)
		}, "the download of the plan broke off", 1},
		"no plan": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "could not be read as a plan", 1},
		"gone": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"no answer", 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHCP(t)
			tries := 0
			h.plan = func(w http.ResponseWriter, r *http.Request) { tries++; tt.plan(w, r) }
			got := run(t, serve(t, h, runtask.Options{Scan: scan(pass()), MaxPlan: 1000, Transport: once(h)}), h, nil)
			got.want(t, "failed", tt.message)
			if tries != tt.tries {
				t.Errorf("%d tries, want %d", tries, tt.tries)
			}
		})
	}
	t.Run("exactly as large", func(t *testing.T) {
		t.Parallel()
		h := newHCP(t)
		h.plan = func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, secret+strings.Repeat(" ", 1000-len(secret)))
		}
		run(t, serve(t, h, runtask.Options{Scan: scan(pass()), MaxPlan: 1000}), h, nil).want(t, "passed", "")
	})
}

// once makes a connection for each request, so that none is tried again by itself.
func once(h *hcp) http.RoundTripper {
	t := h.Client().Transport.(*http.Transport).Clone()
	t.DisableKeepAlives = true
	return t
}

// TestAgain: a result that is not taken at first is sent again, later each time, but not
// for ever, and not where that cannot help.
func TestAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		statuses []int
		after    string // Retry-After
		waits    []time.Duration
		taken    bool
	}{
		"flaky":          {[]int{500, 429, 200}, "", []time.Duration{1e9, 2e9}, true},
		"told to wait":   {[]int{503, 200}, "7", []time.Duration{7e9}, true},
		"told too much":  {[]int{503, 200}, "4000", []time.Duration{30e9}, true},
		"never":          {[]int{500, 500, 500, 500, 500}, "", []time.Duration{1e9, 2e9, 4e9, 8e9}, false},
		"not authorized": {[]int{401}, "", nil, false},
		"redirected":     {[]int{302}, "", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHCP(t)
			h.callback = func(n int) int { return tt.statuses[n-1] }
			h.Config.Handler = withHeader(h.Config.Handler, "Retry-After", tt.after)
			var waits []time.Duration
			s := serve(t, h, runtask.Options{Scan: scan(pass()), Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }})
			body := h.request(nil)
			if status, text := post(s, body, sign(body)); status != http.StatusOK {
				t.Fatal(status, text)
			}
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(waits, tt.waits) || (len(h.results) == 1) != tt.taken || h.tried != len(tt.statuses) {
				t.Errorf("waits %v, tries %d, taken %d", waits, h.tried, len(h.results))
			}
		})
	}
}

func withHeader(h http.Handler, name, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if value != "" {
			w.Header().Set(name, value)
		}
		h.ServeHTTP(w, r)
	})
}

// TestQueue: more than can wait is told to come again, and what waits is done in a stop.
func TestQueue(t *testing.T) {
	t.Parallel()
	h := newHCP(t)
	begun, release := make(chan bool, 10), make(chan bool)
	s := serve(t, h, runtask.Options{Running: 1, Queue: 2, Scan: func(context.Context, io.Reader) (*rules.Result, error) {
		begun <- true
		<-release
		return pass(), nil
	}})
	send := func(n int) int {
		body := h.request(map[string]any{"run_id": "run-" + strconv.Itoa(n)})
		status, _ := post(s, body, sign(body))
		return status
	}
	if got := send(1); got != http.StatusOK {
		t.Fatal(got)
	}
	<-begun // it does not wait any more
	for n, want := range []int{200, 200, 503, 503} {
		if got := send(n); got != want {
			t.Errorf("%d: %d, want %d", n, got, want)
		}
	}
	close(release)
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if len(h.results) != 3 {
		t.Errorf("%d results, want 3", len(h.results))
	}
}

// TestStopCutsShort: when there is no more time, runs are told that nothing was compared,
// those that wait as well.
func TestStopCutsShort(t *testing.T) {
	t.Parallel()
	h := newHCP(t)
	begun := make(chan bool, 10)
	s := serve(t, h, runtask.Options{Running: 1, Scan: func(ctx context.Context, _ io.Reader) (*rules.Result, error) {
		begun <- true
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	for range 2 {
		body := h.request(nil)
		if status, _ := post(s, body, sign(body)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	<-begun
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(over); err == nil || !strings.Contains(err.Error(), "run tasks in hand") {
		t.Errorf("got %v", err)
	}
	for range 2 {
		(<-h.results).want(t, "failed", "the plan was not compared: grantdiff was stopped before it was done")
	}
}

// TestHosts: what is no host is refused, and plain HTTP is for this machine.
func TestHosts(t *testing.T) {
	for _, name := range []string{"", "https://tfe.example.com", "tfe.example.com/", "a@b", "*.example.com", "a b", "tfe.example.com:x", ":443"} {
		if _, err := runtask.ParseHosts(name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	hosts, err := runtask.ParseHosts("TFE.example.com", "[::1]:8080")
	if err != nil || hosts.String() != "TFE.example.com, [::1]:8080" {
		t.Error(hosts, err)
	}
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, secret)
		}
	}))
	defer plain.Close()
	h := newHCP(t)
	if hosts, err = runtask.ParseHosts(h.host(), strings.TrimPrefix(plain.URL, "http://")); err != nil {
		t.Fatal(err)
	}
	s := serve(t, h, runtask.Options{Scan: scan(pass()), Hosts: hosts})
	run(t, s, h, map[string]any{"plan_json_api_url": plain.URL + "/plan"}).want(t, "passed", "")
}

// TestClock: the waits between attempts end with the task.
func TestClock(t *testing.T) {
	t.Parallel()
	h := newHCP(t)
	h.plan = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	waiting := make(chan bool, 10)
	s := serve(t, h, runtask.Options{Scan: scan(pass()), Wait: func(ctx context.Context, _ time.Duration) error {
		waiting <- true
		<-ctx.Done()
		return errors.New("over")
	}})
	body := h.request(nil)
	post(s, body, sign(body))
	<-waiting
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Stop(over); err == nil {
		t.Error("a stop that was cut short is told")
	}
	(<-h.results).want(t, "failed", "grantdiff was stopped")
}
