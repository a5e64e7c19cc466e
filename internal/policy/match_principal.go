package policy

import (
	"slices"
	"strings"
)

// principal matches Principal or NotPrincipal. Identity policies have neither and
// apply to whoever they belong to. A request without principal is nobody to a
// statement that names one.
func (e *evaluation) principal(ps *Principals) bool {
	switch {
	case ps == nil:
		return true
	case e.request.Principal.Type == PrincipalNone:
		return false
	case !ps.Not:
		return slices.ContainsFunc(e.names(), func(name string) bool { return e.listed(ps, name) })
	case e.reading.NotPrincipalNeedsChain:
		// Exempt is who is listed with all above: session, role, account.
		return slices.ContainsFunc(e.names(), func(name string) bool { return !e.listed(ps, name) })
	default:
		return !slices.ContainsFunc(e.names(), func(name string) bool { return e.listed(ps, name) })
	}
}

// names are the names under which a policy can speak of the caller, own name
// first: of a session also its role, and of every AWS principal its account, in the
// form of the root user's ARN (IAM User Guide, "AWS JSON policy elements:
// Principal"). Other principals have one name.
func (e *evaluation) names() []string {
	p := e.request.Principal
	if p.Type != PrincipalAWS {
		return []string{p.ID}
	}
	id := p.ID
	if accountID.MatchString(id) {
		id = rootARN("aws", id)
	}
	parts := strings.SplitN(id, ":", arnFields)
	if len(parts) != arnFields || parts[4] == "" {
		return []string{id} // a unique id: of no known account
	}
	names := []string{id}
	if role, ok := e.roleOf(parts); ok {
		names = append(names, role)
	}
	if root := rootARN(parts[1], parts[4]); root != id {
		names = append(names, root)
	}
	return names
}

// roleOf is the ARN of the role of a session, given the fields of the session's
// ARN. See Principal about the path.
func (e *evaluation) roleOf(session []string) (string, bool) {
	part := strings.SplitN(session[5], "/", 3)
	if session[2] != "sts" || len(part) != 3 || part[0] != "assumed-role" {
		return "", false
	}
	name := part[1]
	role := "arn:" + session[1] + ":iam::" + session[4] + ":role/"
	if arns := e.context["aws:principalarn"]; len(arns) == 1 {
		path, ok := strings.CutPrefix(arns[0], role)
		if ok && (path == name || strings.HasSuffix(path, "/"+name)) {
			return arns[0], true
		}
	}
	return role + name, true
}

func rootARN(partition, account string) string {
	return "arn:" + partition + ":iam::" + account + ":root"
}

// listed reports whether an entry is about one of the caller's names.
func (e *evaluation) listed(ps *Principals, name string) bool {
	return slices.ContainsFunc(ps.List, func(entry PrincipalEntry) bool { return e.entry(entry, name) })
}

// entry matches one entry of a Principal element with a name of the caller.
func (e *evaluation) entry(entry PrincipalEntry, name string) bool {
	caller := e.request.Principal.Type
	switch {
	case entry.Type == PrincipalAll:
		return true
	case entry.Type == PrincipalAWS && entry.Text == "*":
		return caller == PrincipalAWS || caller == PrincipalAll || e.reading.AWSStarIsEveryone
	case entry.Type != caller:
		return false
	case entry.Text == "*" || entry.Text == name:
		return true
	case entry.Type == PrincipalAWS && accountID.MatchString(entry.Text):
		// A bare account id says nothing about the partition.
		parts := strings.SplitN(name, ":", arnFields)
		return len(parts) == arnFields && name == rootARN(parts[1], entry.Text)
	case !strings.ContainsAny(entry.Text, "*?"):
		return false
	}
	// Only reference documents have wildcards inside a principal. What they mean is
	// not described; the narrow reading is a pattern over the ARN, field by field.
	p, _ := ParsePattern(entry.Text, false, true) // without variables every text is one
	if strings.Contains(name, ":") {
		fields := p.fields(arnFields)
		return len(fields) == arnFields && e.arn(fields, name)
	}
	return e.matches(p, name, sameChar)
}
