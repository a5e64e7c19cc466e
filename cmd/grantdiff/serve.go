package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
	"github.com/grantdiff/grantdiff/internal/runtask"
)

func newServe(s streams) *cobra.Command {
	var listen string
	var remote bool
	var o analyzer.Options
	var task runTaskFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Answer the custom policy checks of the IAM Access Analyzer API over HTTP",
		Long: `serve answers the operations CheckNoNewAccess, CheckAccessNotGranted and
CheckNoPublicAccess with the requests, responses and errors of the IAM Access Analyzer API, so
that the AWS CLI and SDKs can be pointed at it. What cannot be decided is an UnprocessableEntityException.

There is no authentication: signatures are not looked at, and whoever reaches the address can
ask. It listens on a loopback address unless --allow-remote is given, and takes requests there
for loopback host names only. It runs until it is interrupted.

With the HMAC key of a run task it also answers the run tasks of HCP Terraform and Terraform
Enterprise, at /run-task: it downloads the plan of a run, compares it, and tells the run. These
requests are believed when they are signed, whatever host they name. It then connects to the
hosts of HCP Terraform, or of --run-task-host; without a key it opens no connection.`,
		Example: `  grantdiff serve --listen 127.0.0.1:8099
  aws accessanalyzer check-no-new-access --endpoint-url http://127.0.0.1:8099 ...`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Work <= 0 {
				return fmt.Errorf("--work %d: expected a number of steps above 0", o.Work)
			}
			addr, err := parseListen(listen)
			if err != nil {
				return err
			}
			if !addr.Addr().IsLoopback() {
				if !remote {
					return fmt.Errorf("--listen %s is reachable from other machines and there is no authentication: "+
						"listen on 127.0.0.1, or give --allow-remote where the network is trusted", listen)
				}
				o.AnyHost = true
				s.complain("warning: " + listen + " is reachable from other machines, and there is no authentication")
			}
			tasks, err := task.server(s, c, o.StrictOpenWorld)
			if err != nil {
				return err
			}
			return s.serve(c.Context(), addr, o, tasks)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8099", "IP address and port to listen on; port 0 picks a free one")
	c.Flags().BoolVar(&remote, "allow-remote", false, "allow an address that is not a loopback one")
	c.Flags().IntVar(&o.Work, "work", access.DefaultWork, "bound on the work of one question, in steps; beyond it is not decided")
	openWorldFlag(c, &o.StrictOpenWorld)
	c.Flags().BoolVar(&o.RefuseDenyOnly, "refuse-deny-only", false, "answer InvalidParameterException, not PASS, to a policy without an Allow statement")
	task.add(c)
	return c
}

// parseListen reads the value of --listen. Names other than localhost are refused:
// nothing is looked up.
func parseListen(text string) (netip.AddrPort, error) {
	wrong := fmt.Errorf("invalid --listen %q: expected an IP address and a port, such as 127.0.0.1:8099", text)
	host, portText, err := net.SplitHostPort(text)
	if err != nil {
		return netip.AddrPort{}, wrong
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return netip.AddrPort{}, wrong
	}
	switch host {
	case "":
		host = "::" // every address of the machine
	case "localhost":
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, wrong
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(port)), nil
}

// taskGrace is what run tasks in hand get to finish when the server stops.
const taskGrace = 30 * time.Second

// serve listens, says where, and answers until ctx ends or the process is told to
// terminate. It finishes what is in hand, run tasks (nil for none) among it.
func (s streams) serve(ctx context.Context, addr netip.AddrPort, o analyzer.Options, tasks *runtask.Server) (err error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	if tasks != nil {
		defer func() {
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), taskGrace)
			defer cancel()
			err = errors.Join(err, tasks.Stop(last))
		}()
	}
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return fmt.Errorf("listen: %w: give another address or port with --listen", err)
	}
	s.complain("listening on http://" + l.Addr().String())
	return analyzer.Serve(ctx, l, withRunTasks(tasks, analyzer.NewHandler(o)))
}
