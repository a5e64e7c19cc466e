package runtask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	// maxRedirects bounds how often a download is led on; HCP Terraform does it once.
	maxRedirects = 5
	// attempts is how often something is tried that may work later, with firstWait
	// between the first two and double that each time.
	attempts  = 5
	firstWait = time.Second
	// maxWait bounds what an answer may ask to be waited.
	maxWait = 30 * time.Second
	// attemptTime is what sending a result once may take.
	attemptTime = 30 * time.Second
)

// mediaType is that of JSON:API.
const mediaType = "application/vnd.api+json"

// client asks the hosts of the list. It follows no redirects on its own.
type client struct {
	transport http.RoundTripper
	hosts     *Hosts
	wait      func(context.Context, time.Duration) error
}

func (c *client) close() { (&http.Client{Transport: c.transport}).CloseIdleConnections() }

// answer is one that is not what was hoped for.
type answer struct {
	status int
	after  time.Duration // what it asks to be waited
	cause  error         // no answer at all
}

func (a *answer) Error() string {
	switch {
	case a.cause != nil:
		return "no answer"
	case a.status == http.StatusNoContent:
		return "status 204: there is no plan yet"
	}
	return fmt.Sprintf("status %d", a.status)
}

func (a *answer) Unwrap() error { return a.cause }

// temporary reports whether it may be another one later.
func (a *answer) temporary() bool {
	return a.cause != nil || a.status >= 500 || a.status == http.StatusTooManyRequests || a.status == http.StatusNoContent
}

// again calls f until it works, it cannot, or ctx ends.
func (c *client) again(ctx context.Context, f func() error) error {
	wait := firstWait
	for n := 1; ; n++ {
		err := f()
		a, ok := errors.AsType[*answer](err)
		if !ok || !a.temporary() || n == attempts || ctx.Err() != nil {
			return err
		}
		if c.wait(ctx, max(wait, min(a.after, maxWait))) != nil {
			return err
		}
		wait *= 2
	}
}

// do sends one request and returns its answer, whatever its status. Errors of package
// net/http quote the address, which may work without a token: only their cause is kept,
// so that no later change shows it by accident.
func (c *client) do(r *http.Request) (*http.Response, error) {
	r.Header.Set("User-Agent", "grantdiff")
	one := http.Client{Transport: c.transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := one.Do(r)
	if err == nil {
		return resp, nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return nil, &answer{cause: err}
}

// download opens what is at u. The token goes to the host of u alone: links that it
// redirects to carry their own.
func (c *client) download(ctx context.Context, u *url.URL, token string) (body io.ReadCloser, err error) {
	err = c.again(ctx, func() error {
		body, err = c.follow(ctx, u, token)
		return err
	})
	return body, err
}

func (c *client) follow(ctx context.Context, first *url.URL, token string) (io.ReadCloser, error) {
	u := first
	for range maxRedirects + 1 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, errors.New("an address that cannot be asked")
		}
		if u.Scheme == first.Scheme && authority(u) == authority(first) {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := c.do(r)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusOK {
			return resp.Body, nil
		}
		discard(resp)
		to, err := resp.Location()
		if err != nil || resp.StatusCode/100 != 3 {
			return nil, refused(resp)
		}
		if err := c.hosts.redirect(u, to); err != nil {
			return nil, fmt.Errorf("the address that it leads to %w", err)
		}
		u = to
	}
	return nil, fmt.Errorf("more than %d redirects", maxRedirects)
}

// patch sends a document to u until it is taken.
func (c *client) patch(ctx context.Context, u *url.URL, token string, document []byte) error {
	return c.again(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, attemptTime)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPatch, u.String(), bytes.NewReader(document))
		if err != nil {
			return errors.New("an address that cannot be asked")
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", mediaType)
		resp, err := c.do(r)
		if err != nil {
			return err
		}
		discard(resp)
		if resp.StatusCode/100 != 2 {
			return refused(resp)
		}
		return nil
	})
}

// refused is an answer that was had.
func refused(resp *http.Response) *answer {
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // a date is not waited for
	return &answer{status: resp.StatusCode, after: time.Duration(max(0, min(seconds, 3600))) * time.Second}
}

// discard gives a connection back. What an answer says is not looked at.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	_ = resp.Body.Close()
}
