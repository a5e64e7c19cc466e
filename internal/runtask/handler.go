package runtask

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// maxRequest is the size of a request's body in bytes; real ones have some thousand, the
	// message of a commit among them.
	maxRequest = 256 << 10
	// maxReading is how many requests are read at a time.
	maxReading = 64
)

// refusal is an answer other than 200.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// ServeHTTP takes a request and answers at once; the work is done behind it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := s.take(w, r)
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	f, ok := errors.AsType[*refusal](err)
	if !ok {
		f = &refusal{http.StatusBadRequest, err.Error()}
	}
	level := slog.LevelWarn
	if f.status == http.StatusUnauthorized {
		level = slog.LevelInfo // anyone can send these
	}
	slog.Log(r.Context(), level, "run task refused", "status", f.status, "reason", f.text)
	refuse(w, f)
}

// refuse writes an answer that a person may have to read.
func refuse(w http.ResponseWriter, f *refusal) {
	h := w.Header()
	switch f.status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "30")
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.text+"\n") // a client that is gone has nobody to tell
}

// NotEnabled answers where there is no key.
func NotEnabled() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, &refusal{http.StatusNotFound, "Run tasks are not answered here: start grantdiff serve with the key of the run task, " +
			"by --run-task-key-file or GRANTDIFF_RUN_TASK_KEY."})
	})
}

// take looks at a request in the order of what it costs, and hands it on. Before the
// signature is right nothing of the request is believed.
func (s *Server) take(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return &refusal{http.StatusMethodNotAllowed, "Expected POST, as run tasks send it."}
	}
	unsigned := &refusal{http.StatusUnauthorized, "The request is not signed with the key of this server: " +
		"give the run task the same HMAC key in HCP Terraform."}
	sum, ok := signature(r.Header.Get(signatureHeader))
	if !ok {
		return unsigned
	}
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	default:
		return &refusal{http.StatusServiceUnavailable, "Too many requests at a time. Come again later."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body has more than %d bytes, which no run task request has.", maxRequest)}
	}
	if err != nil {
		return errors.New("the body could not be read")
	}
	if !signed(s.o.Key, body, sum) {
		return unsigned
	}
	p, err := decode(body)
	if err != nil {
		return err
	}
	if p.test() {
		slog.Info("run task tested")
		return nil
	}
	t, err := newTask(p, s.o.Hosts, time.Now())
	if err != nil {
		return &refusal{http.StatusForbidden, err.Error()}
	}
	if !s.enqueue(t) {
		return &refusal{http.StatusServiceUnavailable, "Too many run tasks wait already, or the server stops. Come again later."}
	}
	t.log().Info("run task taken")
	return nil
}

// log names a task without anything that would let its reader act as the run.
func (t *task) log() *slog.Logger {
	return slog.With("run", fmt.Sprintf("%.100s", t.run), "stage", fmt.Sprintf("%.100s", t.stage))
}
