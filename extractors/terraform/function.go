package terraform

import "strings"

// A function is named by its name, by ACCOUNT:function:NAME or by its ARN, and each of
// these may end in the qualifier of a version or alias (AWS Lambda API Reference,
// "AddPermission").

// cutQualifier takes the qualifier, with its colon, off the name of a function.
func cutQualifier(name string) (base, qualifier string) {
	const mark = ":function:"
	at := 0
	if i := strings.Index(name, mark); i >= 0 {
		at = i + len(mark)
	}
	if n := strings.IndexByte(name[at:], ':'); n >= 0 {
		return name[:at+n], name[at+n:]
	}
	return name, ""
}

// unqualified are the names of a function without the qualifier: whom a permission lets call
// which version or alias is in its statement, and the function is the same.
func (s namedSubject) unqualified() namedSubject {
	s.before, _ = cutQualifier(s.before)
	s.after, _ = cutQualifier(s.after)
	return s
}

// ownName takes the account off the name of a function where it is the one that the resource
// is in: ACCOUNT:function:NAME is then the function that NAME alone is. The account is that
// of the provider configuration, or of the function where the input shows it.
func (x *extraction) ownName(p *pending, name string) string {
	account, rest, ok := strings.Cut(name, ":function:")
	if !ok || !accountID.MatchString(account) {
		return name
	}
	if known := x.accounts.of(p.module, p.typ, p.name); known != nil && known.account != "" {
		if known.account == account && !known.differ {
			return rest
		}
		return name
	}
	base, _ := cutQualifier(rest)
	if o := x.named(p.instance, p.region(), p.row.subjectTypes(), base); o != nil && accountOf(o.arn) == account {
		return rest
	}
	return name
}

// functionARN turns the form ACCOUNT:function:NAME into an ARN.
func functionARN(name string) string {
	if account, rest, ok := strings.Cut(name, ":function:"); ok && accountID.MatchString(account) {
		return "arn:aws:lambda:*:" + account + ":function:" + rest
	}
	return name
}

// ownFunction is the ARN of a function that the input shows, by whatever form of its name:
// the same function is the same resource. Where it is no resource of the input, the other
// side of the change may have its ARN.
func ownFunction(m *maker, name string) []string {
	if strings.HasPrefix(name, "arn:") {
		return []string{name}
	}
	name = m.x.ownName(m.p, name)
	base, qualifier := cutQualifier(name)
	shown := ""
	if o := m.x.objects.at(m.p.Subject.Address); o != nil {
		shown = o.arn
	}
	if isFunction(shown, name) { // an alias
		return []string{shown}
	}
	arns := []string{shown}
	if r := m.p.regions; r[0] == r[1] || r[0] == "" || r[1] == "" { // else the other side is about another function
		arns = append(arns, m.p.subject.before, m.p.subject.after)
	}
	for _, arn := range arns {
		if isFunction(arn, base) {
			return []string{arn + qualifier}
		}
	}
	return []string{functionARN(name)}
}

// isFunction reports whether an ARN is that of the function that a name, with or without
// the account, stands for.
func isFunction(arn, name string) bool {
	account, rest, ok := strings.Cut(name, ":function:")
	if !ok {
		return strings.HasPrefix(arn, "arn:") && strings.HasSuffix(arn, ":function:"+name)
	}
	return accountOf(arn) == account && strings.HasSuffix(arn, ":function:"+rest)
}
