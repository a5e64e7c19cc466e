package analyzer

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/grantdiff/grantdiff/internal/access"
)

// MaxBody is the size of a request's body in bytes, with both policies in it. The
// largest policy that AWS stores has 20 KB.
const MaxBody = 1 << 20

// MaxRequests is how many requests are in hand at a time: being read, waiting to be
// decided, or decided. It bounds the memory; more are told to come again.
const MaxRequests = 64

// maxWait is how long a request waits for its turn. With the time to read and to
// decide it is within the server's WriteTimeout.
const maxWait = 20 * time.Second

// contentTypes are taken: that of the restJson1 protocol, and those of the other JSON
// protocols of AWS. A web page cannot send them to another site without leave, as it
// can a form or plain text (Fetch Standard, "CORS-safelisted request-header").
var contentTypes = []string{"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"}

// Options shape a server. The zero value is ready for use, on a loopback address.
type Options struct {
	// Work bounds the steps of one question, as access.Options does.
	Work int
	// StrictOpenWorld leaves out what is known of AWS, as access.Options does.
	StrictOpenWorld bool
	// Running is how many questions are decided at a time; 0 means one for each
	// processor.
	Running int
	// AnyHost takes requests for every host name. Without it the name must be a
	// loopback one: a web page whose name is made to lead here (DNS rebinding) asks
	// under its own name.
	AnyHost bool
	// RefuseDenyOnly answers InvalidParameterException to a policy without an Allow
	// statement, as the service was seen to do, where the answer is PASS.
	RefuseDenyOnly bool
}

// server answers the operations over HTTP. Signatures of requests are not looked at.
type server struct {
	o       Options
	hand    chan struct{} // requests in hand
	running chan struct{} // questions being decided
}

// NewHandler returns the HTTP handler of a server.
func NewHandler(o Options) http.Handler {
	if o.Running <= 0 {
		o.Running = runtime.GOMAXPROCS(0)
	}
	return &server{o, make(chan struct{}, MaxRequests), make(chan struct{}, o.Running)}
}

// ServeHTTP answers one request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	log := slog.With("path", fmt.Sprintf("%.100s", r.URL.Path))
	a, err := s.guarded(w, r)
	if err == nil && a.Result != access.Pass.String() && a.Result != access.Fail.String() {
		err = &failure{kind: "UnprocessableEntityException", status: http.StatusUnprocessableEntity, Message: a.Message}
	}
	if err != nil {
		f, ok := errors.AsType[*failure](err)
		if !ok {
			f = invalid(otherReason, "%v", err)
		}
		log.Info("refused", "error", f.kind, "reason", f.Reason, "took", time.Since(start))
		write(w, f)
		return
	}
	log.Info("answered", "result", a.Result, "took", time.Since(start))
	a.Witness = nil // the service's shape has none
	write(w, a)
}

// guarded keeps a broken program from looking like a broken connection.
func (s *server) guarded(w http.ResponseWriter, r *http.Request) (a Answer, err error) {
	defer func() {
		if v := recover(); v != nil {
			slog.Error("a question broke the program; please report it", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = &failure{kind: "InternalServerException", status: http.StatusInternalServerError, Message: "The question could not be decided because of a defect. The log has the details."}
		}
	}()
	return s.respond(w, r)
}

// respond looks at the envelope of a request, waits for its turn and decides it.
func (s *server) respond(w http.ResponseWriter, r *http.Request) (Answer, error) {
	if !s.o.AnyHost && !loopback(r.Host) {
		return Answer{}, &failure{kind: "AccessDeniedException", status: http.StatusForbidden,
			Message: fmt.Sprintf("The request is for the host %.100q. Expected a loopback name or address, such as 127.0.0.1 or localhost.", r.Host)}
	}
	answer, ok := operations[r.URL.Path]
	if !ok {
		return Answer{}, invalid(unknownOperation, "There is no operation at %.100q. Expected POST to one of %s.",
			r.URL.Path, strings.Join(slices.Sorted(maps.Keys(operations)), ", "))
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return Answer{}, invalid(unknownOperation, "There is no operation %.20q at %s. Expected POST.", r.Method, r.URL.Path)
	}
	if !typed(r.Header) {
		return Answer{}, invalid(otherReason, "The Content-Type is %.100q. Expected application/json.", r.Header.Get("Content-Type"))
	}
	select {
	case s.hand <- struct{}{}:
		defer func() { <-s.hand }()
	default:
		return Answer{}, throttled(fmt.Sprintf("%d requests are in hand already. Come again later.", MaxRequests))
	}
	body, err := read(w, r)
	if err != nil {
		return Answer{}, err
	}
	turn := time.NewTimer(maxWait)
	defer turn.Stop()
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	case <-turn.C:
		return Answer{}, throttled(fmt.Sprintf("Other questions took %v. Come again later.", maxWait))
	case <-r.Context().Done():
		return Answer{}, invalid(otherReason, "The client is gone.")
	}
	return answer(s, body)
}

// typed reports whether a request may have its Content-Type. It may have none where no
// web page sends it: browsers tell the Origin of those.
func typed(h http.Header) bool {
	text := h.Get("Content-Type")
	if text == "" {
		return h.Get("Origin") == ""
	}
	t, _, err := mime.ParseMediaType(text)
	return err == nil && slices.Contains(contentTypes, t)
}

// read takes the body of a request.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err == nil {
		return body, nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, invalid(otherReason, "The body has more than %d bytes, which no two policies have.", MaxBody)
	}
	return nil, invalid(otherReason, "The body could not be read: %v.", err)
}

// loopback reports whether a Host header names this machine only.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
