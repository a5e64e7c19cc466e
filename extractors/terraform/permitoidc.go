package terraform

import "strings"

// Identity providers sign users in for roles whose trust policies name them. A new one
// gives nobody access by itself: no role of before names it, and the trust policies that
// do are compared themselves. What an existing one takes in addition is new access for
// every role that names it.

// audiences takes the client ids of an OpenID Connect provider: tokens made for one of
// them are taken (IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in
// IAM"). A provider with another URL is another one, which is told.
func (m *maker) audiences() {
	host := m.issuer(m.root)
	if m.old.obj != nil && m.issuer(m.old) != host {
		return
	}
	ids := m.root
	if m.isComputed([]string{"client_id_list"}) && anyTrue(member(m.root.unknown, "client_id_list")) {
		ids = m.old // it shows what exists
	}
	arn, _ := str(member(m.root.obj, "arn"))
	if arn == "" {
		arn, _ = str(member(m.old.obj, "arn"))
	}
	if arn == "" {
		arn = "arn:aws:iam::" + m.ownID() + ":oidc-provider/" + host
	}
	for _, l := range ids.leaves([]string{"client_id_list"}, true) {
		id, ok := str(l.value)
		switch {
		case l.whole:
			m.undecided("client_id_list")
		case l.unknown:
			m.audience(arn, host, m.symbol("client_id_list", l.key, asText))
		case ok && id != "":
			m.audience(arn, host, id)
		}
	}
}

// oneAudience takes a client id that is a resource of its own.
func (m *maker) oneAudience() {
	id, arn := m.text1("client_id"), m.first("openid_connect_provider_arn", asText, "")
	if _, host, ok := strings.Cut(arn, ":oidc-provider/"); ok && id != "" {
		m.audience(arn, host, id)
		return
	}
	m.undecided("openid_connect_provider_arn")
}

// audience adds a statement of its own for one client id, so that a finding names it.
func (m *maker) audience(arn, host, id string) {
	m.grant(madeStatement{
		actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		conditions: []madeCondition{{"StringEquals", host + ":aud", []string{id}}},
	}, []string{"Federated:" + arn})
}

// issuer is the URL of a provider as ARNs and condition keys have it.
func (m *maker) issuer(at scope) string {
	url, _ := str(member(at.obj, "url"))
	if url == "" && anyTrue(member(at.unknown, "url")) {
		m.undecided("url")
	}
	return issuerOf(url)
}

func issuerOf(url string) string {
	return strings.TrimSuffix(strings.TrimPrefix(url, "https://"), "/")
}

// succeeds reports whether a new object takes the place of one that the change deletes
// under another address, by name or URL.
func (x *extraction) succeeds(p *pending) bool {
	if p.subject.after == "" {
		return x.objects.gone[p.typ]
	}
	for _, name := range []string{p.subject.after, issuerOf(p.subject.after), "https://" + issuerOf(p.subject.after)} {
		if o, _ := x.objects.on(0, []string{p.typ}, name, func(o *subjectObject) bool { return x.apart(p.instance, p.region(), name, o) }); o != nil && o.deleted && o.address != p.Address {
			return true
		}
	}
	return false
}
