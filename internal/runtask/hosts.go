package runtask

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// hcp is the domain of HCP Terraform. Plans are kept below it on other hosts than those
// of the API, to which it redirects with a link that works for a minute
// (archivist.terraform.io).
const hcp = "terraform.io"

// Hosts are the hosts that requests may name. It is what keeps a request from making the
// server connect to anything else.
type Hosts struct {
	names []string // as they were given
	known map[string]bool
}

// DefaultHosts are those of HCP Terraform, in the United States and in Europe.
func DefaultHosts() *Hosts {
	h, err := ParseHosts("app.terraform.io", "app.eu.terraform.io")
	if err != nil {
		panic(err)
	}
	return h
}

// ParseHosts reads hosts, each a name or address and optionally a port, such as
// tfe.example.com or tfe.example.com:8443. Without a port it is that of HTTPS; plain HTTP
// is for a loopback host only.
func ParseHosts(names ...string) (*Hosts, error) {
	h := &Hosts{names: names, known: map[string]bool{}}
	for _, name := range names {
		u, err := url.Parse("https://" + name)
		if err != nil || u.Host == "" || u.Host != name || u.Hostname() == "" || strings.ContainsAny(name, "* \t") {
			return nil, fmt.Errorf("invalid host %q: expected a name and optionally a port, such as tfe.example.com or tfe.example.com:8443", name)
		}
		h.known[authority(u)] = true
	}
	return h, nil
}

// String lists the hosts for a message.
func (h *Hosts) String() string { return strings.Join(h.names, ", ") }

// authority is the host and port of an address, in one spelling.
func authority(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "http":
		port = "80"
	default:
		port = "443"
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), port)
}

// parse reads an address that a request names. The token is sent there, so it must be on
// the list.
func (h *Hosts) parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, fmt.Errorf("is no address of a host") // err may quote a link that works without a token
	}
	if err := secure(u); err != nil {
		return nil, err
	}
	if !h.known[authority(u)] {
		return nil, fmt.Errorf("is at the host %.100q, which is none of %s: name it with --run-task-host if it is yours", u.Host, h)
	}
	return u, nil
}

// redirect reports whether an answer from one address may lead to another: to a host of
// the list, or from one of HCP Terraform to another one of it.
func (h *Hosts) redirect(from, to *url.URL) error {
	if err := secure(to); err != nil {
		return err
	}
	if h.known[authority(to)] || (of(hcp, from) && of(hcp, to)) {
		return nil
	}
	return fmt.Errorf("is at the host %.100q, which is none of %s", to.Host, h)
}

// of reports whether an address is of a host below a domain, on the port of HTTPS.
func of(domain string, u *url.URL) bool {
	name, port, err := net.SplitHostPort(authority(u))
	return err == nil && port == "443" && strings.HasSuffix(name, "."+domain)
}

// secure refuses what others could read, and a name and password in an address.
func secure(u *url.URL) error {
	switch {
	case u.User != nil:
		return fmt.Errorf("has a user name")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("is no https address")
}

// loopback reports whether a host is this machine.
func loopback(name string) bool {
	ip, err := netip.ParseAddr(name)
	return strings.EqualFold(name, "localhost") || (err == nil && ip.IsLoopback())
}
