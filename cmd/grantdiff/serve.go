package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/analyzer"
)

func newServe(s streams) *cobra.Command {
	var listen string
	var remote bool
	var o analyzer.Options
	c := &cobra.Command{
		Use:   "serve",
		Short: "Answer the custom policy checks of the IAM Access Analyzer API over HTTP",
		Long: `serve answers the operations CheckNoNewAccess, CheckAccessNotGranted and
CheckNoPublicAccess with the requests, responses and errors of the IAM Access Analyzer API, so
that the AWS CLI and SDKs can be pointed at it. What cannot be decided is an UnprocessableEntityException.

There is no authentication: signatures are not looked at, and whoever reaches the address can
ask. It listens on a loopback address unless --allow-remote is given, and takes requests there
for loopback host names only. It runs until it is interrupted.`,
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
			return s.serve(c.Context(), addr, o)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8099", "IP address and port to listen on; port 0 picks a free one")
	c.Flags().BoolVar(&remote, "allow-remote", false, "allow an address that is not a loopback one")
	c.Flags().IntVar(&o.Work, "work", access.DefaultWork, "bound on the work of one question, in steps; beyond it is not decided")
	openWorldFlag(c, &o.StrictOpenWorld)
	c.Flags().BoolVar(&o.RefuseDenyOnly, "refuse-deny-only", false, "answer InvalidParameterException, not PASS, to a policy without an Allow statement")
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

// serve listens, says where, and answers until ctx ends or the process is told to
// terminate.
func (s streams) serve(ctx context.Context, addr netip.AddrPort, o analyzer.Options) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return fmt.Errorf("listen: %w: give another address or port with --listen", err)
	}
	s.complain("listening on http://" + l.Addr().String())
	return analyzer.Serve(ctx, l, analyzer.NewHandler(o))
}
