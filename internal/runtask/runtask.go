// Package runtask answers run tasks of HCP Terraform and Terraform Enterprise: it takes
// the request that a run sends, downloads the plan, lets it be compared, and sends what
// was found back to the run ("Run tasks integration API" of HashiCorp's documentation).
//
// Requests are believed only when they are signed with the key. What is connected to is
// on a list, whatever a request names. Nothing is stored; tokens, addresses that work
// without one, and what plans hold are never logged and never part of an error.
package runtask

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/grantdiff/grantdiff/rules"
)

// Path is where run tasks are answered.
const Path = "/run-task"

// Bounds of the zero Options.
const (
	// DefaultQueue is how many run tasks wait for their turn.
	DefaultQueue = 64
	// DefaultMaxPlan is the size of a plan in bytes; it is read as it comes, so that the
	// size does not show in memory.
	DefaultMaxPlan = 512 << 20
	// maxRunning is how many are compared at a time, at most.
	maxRunning = 4
)

// taskTime is how long a run task may take from its request on, with its time in the
// queue. HCP Terraform gives up on one that it has not heard of for 10 minutes.
const taskTime = 9 * time.Minute

// parting is how long tasks that a stop cuts short have to tell their runs.
const parting = 10 * time.Second

// Options shape a Server. Key and Scan are required.
type Options struct {
	// Key is the HMAC key of the run task. It must not be empty: without a key anyone
	// could send requests.
	Key []byte
	// Hosts are those that plans are downloaded from and results sent to; nil means
	// DefaultHosts. Redirects may lead further, see Hosts.
	Hosts *Hosts
	// FailOn is the lowest level that fails the task; zero means rules.Error. What is not
	// decided fails it as it fails a scan.
	FailOn rules.Level
	// Scan compares a plan, which it need not read to the end.
	Scan func(ctx context.Context, plan io.Reader) (*rules.Result, error)
	// Running is how many plans are compared at a time, Queue how many more wait, MaxPlan
	// the size of one in bytes; 0 for the defaults.
	Running, Queue int
	MaxPlan        int64
	// Transport makes the connections; nil for one that heeds HTTPS_PROXY and verifies
	// certificates.
	Transport http.RoundTripper
	// Wait sleeps between attempts until ctx ends; nil for a clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// Server answers run tasks. New makes one, Stop ends it.
type Server struct {
	o       Options
	client  *client
	reading chan struct{} // requests being read

	mu      sync.Mutex
	stopped bool
	queue   chan *task

	workers sync.WaitGroup
	work    context.Context // of downloads and comparisons
	endWork context.CancelCauseFunc
	tell    context.Context // of results on their way
	endTell context.CancelFunc
}

// New starts a server's workers. The caller must Stop it.
func New(o Options) (*Server, error) {
	if len(o.Key) == 0 {
		return nil, errors.New("the key of the run task is empty")
	}
	if o.Hosts == nil {
		o.Hosts = DefaultHosts()
	}
	if o.Transport == nil {
		o.Transport = transport()
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	o.Running = cmp.Or(o.Running, min(runtime.GOMAXPROCS(0), maxRunning))
	o.Queue = cmp.Or(o.Queue, DefaultQueue)
	o.MaxPlan = cmp.Or(o.MaxPlan, DefaultMaxPlan)
	s := &Server{
		o: o, client: &client{transport: o.Transport, hosts: o.Hosts, wait: o.Wait},
		reading: make(chan struct{}, maxReading), queue: make(chan *task, o.Queue),
	}
	s.work, s.endWork = context.WithCancelCause(context.Background())
	s.tell, s.endTell = context.WithCancel(context.Background())
	for range o.Running {
		s.workers.Go(func() {
			for t := range s.queue {
				s.handle(t)
			}
		})
	}
	return s, nil
}

// enqueue hands a task to the workers, unless too many wait or the server stops.
func (s *Server) enqueue(t *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	select {
	case s.queue <- t:
		return true
	default:
		return false
	}
}

// errStopped is why work in hand is cut short.
var errStopped = errors.New("grantdiff was stopped before it was done; run the plan again")

// Stop takes no more tasks and finishes those in hand, also those that wait. When ctx ends
// first, the remaining ones are cut short and their runs told so, for some seconds; Stop
// then returns an error.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.queue)
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.workers.Wait(); close(done) }()
	defer s.client.close()
	defer s.endTell()
	select {
	case <-done:
		s.endWork(nil)
		return nil
	case <-ctx.Done():
	}
	s.endWork(errStopped)
	last := time.NewTimer(parting)
	defer last.Stop()
	select {
	case <-done:
	case <-last.C:
	}
	return errors.New("stopped with run tasks in hand: they took too long")
}

// transport bounds what a connection may take. Certificates of others than the public
// authorities are named as for any Go program, by SSL_CERT_FILE or SSL_CERT_DIR.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConns:           16,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
