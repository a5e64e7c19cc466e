package runtask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// tellTime is what sending a result may take, with all attempts.
const tellTime = 2 * time.Minute

// handle does one task from its download to its result.
func (s *Server) handle(t *task) {
	start, log := time.Now(), t.log()
	v := s.verdict(t)
	ctx, cancel := context.WithTimeout(s.tell, tellTime)
	defer cancel()
	if err := s.client.patch(ctx, t.callback, t.token, v.document(t.outcomes)); err != nil {
		log.Error("run task without a result: the run did not take it", "status", v.status, "error", err, "cause", root(err))
		return
	}
	log.Info("run task answered", "status", v.status, "took", time.Since(start))
}

// verdict decides a task. Whatever goes wrong fails it: a run must not go on because
// its plan was not looked at.
func (s *Server) verdict(t *task) (v verdict) {
	defer func() {
		if p := recover(); p != nil {
			broken(p)
			v = failed("The plan could not be compared because of a defect of grantdiff. The log of its server has the details.")
		}
	}()
	if t.plan == nil {
		return failed(fmt.Sprintf("A run has no plan at the stage %.40q, so nothing was compared: let the run task run at the stage post-plan.", t.stage))
	}
	ctx, cancel := context.WithDeadlineCause(s.work, t.due, fmt.Errorf("it took over %v, which is as long as a run waits", taskTime))
	defer cancel()
	r, err := s.compare(ctx, t)
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("the plan was not compared: %w", context.Cause(ctx))
		}
		t.log().Warn("run task failed", "error", err, "cause", root(err))
		return failed("Not decided: " + err.Error() + ".")
	}
	return s.decided(r)
}

// compare downloads the plan and compares it as it comes, so that it is never stored.
func (s *Server) compare(ctx context.Context, t *task) (*rules.Result, error) {
	in, err := s.client.download(ctx, t.plan, t.token)
	if err != nil {
		return nil, &trouble{fmt.Sprintf("the plan could not be downloaded from %s: %s", t.plan.Host, err), err}
	}
	defer in.Close()
	plan := &bounded{in: in, left: s.o.MaxPlan, max: s.o.MaxPlan}
	r, err := s.o.Scan(ctx, plan)
	switch {
	case plan.err != nil: // a plan that was cut off may look like one that is wrong, or right
		return nil, plan.err
	case err != nil:
		return nil, errors.New("what was downloaded could not be read as a plan")
	}
	return r, nil
}

// decided is the verdict on a result.
func (s *Server) decided(r *rules.Result) verdict {
	o := report.Options{Rules: rules.All(), FailOn: s.o.FailOn}
	v := verdict{status: statusFailed, message: report.Sentence(r, o), outcomes: report.Outcomes(r, o)}
	if rules.OutcomeOf(r, s.o.FailOn) == rules.OutcomePass {
		v.status = statusPassed
	}
	return v
}

// trouble is an error for the run, with a cause that only the log shows: it may name
// addresses of the network that the server is in.
type trouble struct {
	text  string
	cause error
}

func (t *trouble) Error() string { return t.text }
func (t *trouble) Unwrap() error { return t.cause }

// root is what an error came from, shortened: some quote what a server sent.
func root(err error) string {
	for {
		cause := errors.Unwrap(err)
		if cause == nil {
			return fmt.Sprintf("%.200s", err.Error())
		}
		err = cause
	}
}

// bounded reads at most max bytes and keeps what went wrong.
type bounded struct {
	in        io.Reader
	left, max int64
	err       error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.in.Read(p)
	if int64(n) > b.left {
		b.err = fmt.Errorf("the plan has more than %d bytes, which is more than is read", b.max)
		return 0, b.err
	}
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = &trouble{"the download of the plan broke off", err}
		err = b.err
	}
	return n, err
}

// broken logs a defect. Values other than those of the runtime may hold parts of a plan.
func broken(p any) {
	text := fmt.Sprintf("%T", p)
	if e, ok := p.(runtime.Error); ok {
		text = e.Error()
	}
	slog.Error("a run task broke the program; please report it", "panic", text, "stack", string(debug.Stack()))
}
