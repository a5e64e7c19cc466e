package access

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// Principals are strings inside the engine, so that one theory decides them: a
// letter for the type, sep, the ARN or name; a session adds sep and its name to
// the ARN of its role. The anonymous caller is "N".
const sep = '\x1f'

const (
	sepText   = string(sep)
	aws       = "A" + sepText
	service   = "S" + sepText
	federated = "F" + sepText
	canonical = "C" + sepText
	anonymous = "N"
)

// principalDomain is every principal a request can have, besides those that the
// documents name in other forms (such as a CloudFront origin access identity).
var principalDomain = []string{
	anonymous,
	service + "+", federated + "+", canonical + "+",
	aws + "arn:¶:iam::############:root",
	aws + "arn:¶:iam::############:user/+",
	aws + "arn:¶:iam::############:role/+",
	aws + "arn:¶:iam::############:role/+" + sepText + "+",
	aws + "arn:¶:sts::############:federated-user/+",
}

var usualPrincipals = shared(globs(principalDomain...)...).globs

func globs(notations ...string) []*glob {
	gs := make([]*glob, len(notations))
	for i, n := range notations {
		gs[i] = parseGlob(n)
	}
	return gs
}

// account returns the account id of an account entry: "123456789012" or the ARN of
// its root, which mean the same (IAM User Guide, "AWS JSON policy elements:
// Principal"), and the partition where the ARN tells it.
func account(text string) (id, partition string, ok bool) {
	if isAccountID(text) {
		return text, "", true
	}
	f := strings.SplitN(text, ":", 6)
	if len(f) == 6 && f[0] == "arn" && f[2] == "iam" && f[3] == "" && f[4] != "" && f[5] == "root" {
		return f[4], f[1], true
	}
	return "", "", false
}

func isAccountID(text string) bool { return len(text) == 12 && allDigits(text) }

// entry compiles one principal entry of a Principal element.
func (c *compiler) entry(e policy.PrincipalEntry) []*glob {
	switch e.Type {
	case policy.PrincipalAll:
		return everything
	case policy.PrincipalService:
		return named(service, e.Text)
	case policy.PrincipalFederated:
		return named(federated, e.Text)
	case policy.PrincipalCanonical:
		return named(canonical, e.Text)
	case policy.PrincipalAWS:
		return c.awsEntry(e.Text)
	case policy.PrincipalNone:
	}
	return nil
}

// named matches one provider by name, or any of its type.
func named(prefix, name string) []*glob {
	if name == "*" {
		return globs(prefix + "*")
	}
	return wildName(prefix, name)
}

// wildName matches a name with '*' and '?' as wildcards, which occur in reference
// policies only: field by field where the name is an ARN, and without a colon where
// it is none.
func wildName(prefix, name string) []*glob {
	fields := strings.SplitN(name, ":", 6)
	if len(fields) != 1 && len(fields) != 6 && strings.ContainsAny(name, "*?") {
		return nil
	}
	toks := literalToks(prefix)
	for i, f := range fields {
		if i > 0 {
			toks = append(toks, tok{tokRune, ':'})
		}
		if i < 5 {
			toks = append(toks, wildToks(f, tokOneNC, tokManyNC)...)
		} else {
			toks = append(toks, wildToks(f, tokOneNS, tokManyNS)...)
		}
	}
	return []*glob{newGlob(toks)}
}

// wildToks reads '*' and '?' as the given wildcards.
func wildToks(s string, one, many tokKind) []tok {
	toks := make([]tok, 0, len(s))
	for _, r := range s {
		switch r {
		case '*':
			toks = append(toks, tok{kind: many})
		case '?':
			toks = append(toks, tok{kind: one})
		default:
			toks = append(toks, tok{tokRune, r})
		}
	}
	return toks
}

// fieldToks reads one of the first five fields of an ARN.
func fieldToks(s string) []tok { return wildToks(s, tokOneNC, tokManyNC) }

// oddPrincipal reports whether an entry has a form whose meaning the engine does
// not follow exactly: a separator of its own encoding, a Region, or wildcards other
// than in an ARN of IAM, of which nothing is published.
func oddPrincipal(e policy.PrincipalEntry, not bool) bool {
	if strings.Contains(e.Text, sepText) {
		return true
	}
	f := strings.SplitN(e.Text, ":", 6)
	if e.Type != policy.PrincipalAWS || len(f) != 6 {
		return false
	}
	return f[3] != "" || strings.ContainsAny(e.Text, "*?") && (not || f[2] != "iam" && f[2] != "sts")
}

func (c *compiler) awsEntry(text string) []*glob {
	if text == "*" {
		if c.reading.AWSStarIsEveryone {
			return globs("*")
		}
		return globs(aws+"*", anonymous)
	}
	if id, partition, ok := account(text); ok {
		return accountGlobs(id, partition)
	}
	f := strings.SplitN(text, ":", 6)
	if len(f) != 6 {
		// A unique id (AROA..., AIDA...), left by a deleted principal: equal to
		// itself only.
		return wildName(aws, text)
	}
	if f[2] == "sts" && strings.ContainsAny(text, "*?") {
		return append(wildName(aws, text), sessionPattern(f)...)
	}
	if role, session, ok := sessionOf(f); ok {
		return sessionGlobs(f[1], f[4], role, session)
	}
	exact := wildName(aws, text)[0]
	out := []*glob{exact}
	if wild := strings.ContainsAny(f[5], "*?"); wild || strings.HasPrefix(f[5], "role/") {
		// A role entry covers the role's sessions.
		out = append(out, build(exact.tokens(), sepText, anyRun))
		// A pattern that meets the root user's ARN covers the account.
		if wild && wildGlob(f[5], 0).match("root") {
			out = append(out, accountGlobs(f[4], f[1])...)
		}
	}
	return out
}

// sessionOf returns role and session of the fields of an STS session's ARN.
func sessionOf(f []string) (role, session string, ok bool) {
	rest, found := strings.CutPrefix(f[5], "assumed-role/")
	role, session, slash := strings.Cut(rest, "/")
	return role, session, f[2] == "sts" && found && slash && role != "" && session != ""
}

// build joins literal text (strings) and tokens into a glob.
func build(parts ...any) *glob {
	var toks []tok
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			toks = append(toks, literalToks(p)...)
		case tok:
			toks = append(toks, p)
		case []tok:
			toks = append(toks, p...)
		}
	}
	return newGlob(toks)
}

var (
	anyRun   = tok{kind: tokMany}
	fieldRun = tok{kind: tokManyNC}
)

// accountGlobs matches every principal of an account; partition "" is any.
func accountGlobs(id, partition string) []*glob {
	in := []tok{fieldRun}
	if partition != "" {
		in = fieldToks(partition)
	}
	return []*glob{build(aws+"arn:", in, ":", fieldRun, "::", fieldToks(id), ":", anyRun)}
}

// sessionGlobs matches one session of the roles of that name, whatever their path.
func sessionGlobs(partition, id, role, session string) []*glob {
	head := aws + "arn:" + partition + ":iam::" + id + ":role/"
	tail := role + sepText + session
	return []*glob{literal(head + tail), build(head, tok{kind: tokManyNS}, "/", tail)}
}

// sessionPattern matches the sessions whose ARN a pattern with the given fields matches:
// its last field is cut at each place that may be the slash between role and session.
func sessionPattern(f []string) []*glob {
	head := build(aws+"arn:", fieldToks(f[1]), ":iam::", fieldToks(f[4]), ":role/").tokens()
	var out []*glob
	for _, rest := range behind(wildToks(f[5], tokOneNS, tokManyNS), "assumed-role/") {
		for i, t := range rest {
			name, session := slices.Clone(rest[:i]), rest[i+1:]
			switch {
			case t.many():
				name, session = append(name, t), rest[i:]
			case !t.matches('/'):
				continue
			}
			if names(name, '/') {
				continue
			}
			for k := range name {
				switch name[k].kind {
				case tokOneNS:
					name[k].kind = tokOneName
				case tokManyNS:
					name[k].kind = tokManyName
				default:
				}
			}
			out = append(out, build(head, name, sepText, session), build(head, tok{kind: tokManyNS}, "/", name, sepText, session))
		}
	}
	return out
}

// behind lists what is left of a pattern once it has matched the beginning of a text.
func behind(toks []tok, beginning string) [][]tok {
	at := map[int]bool{0: true}
	for _, r := range beginning {
		next := map[int]bool{}
		for i := range at {
			for ; i < len(toks); i++ {
				switch {
				case !toks[i].matches(r):
				case toks[i].many():
					next[i] = true
				default:
					next[i+1] = true
				}
				if !toks[i].many() {
					break
				}
			}
		}
		at = next
	}
	var out [][]tok
	for _, i := range slices.Sorted(maps.Keys(at)) {
		out = append(out, toks[i:])
	}
	return out
}

// principals compiles a Principal or NotPrincipal element to what it lists; the
// caller negates a Not element.
func (c *compiler) principals(p *policy.Principals) []*glob {
	var out []*glob
	if p.Not && c.reading.NotPrincipalNeedsChain {
		return c.chained(p)
	}
	for _, e := range p.List {
		out = append(out, c.entry(e)...)
	}
	return out
}

// chained compiles a NotPrincipal element in the reading where an entry exempts a
// principal only together with the entries above it: its account, and for a
// session its role.
func (c *compiler) chained(p *policy.Principals) []*glob {
	var out []*glob
	listed := map[string]bool{}
	for _, e := range p.List {
		if e.Type != policy.PrincipalAWS || e.Text == "*" {
			out = append(out, c.entry(e)...)
			continue
		}
		if id, partition, ok := account(e.Text); ok {
			if partition == "" {
				partition = "*"
			}
			listed[rootOf(partition, id)] = true
			out = append(out, build(aws+"arn:", fieldToks(partition), ":iam::"+id+":root"))
			continue
		}
		listed[e.Text] = true
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		f := strings.SplitN(name, ":", 6)
		switch {
		case len(f) != 6 || f[4] == "": // of no known account
			out = append(out, literal(aws+name))
		case !listed[rootOf(f[1], f[4])] && !listed[rootOf("*", f[4])]:
		default:
			out = append(out, chainedEntry(name, f, listed)...)
		}
	}
	return out
}

func rootOf(partition, id string) string { return "arn:" + partition + ":iam::" + id + ":root" }

// chainedEntry is an entry whose account is listed.
func chainedEntry(name string, f []string, listed map[string]bool) []*glob {
	role, session, ok := sessionOf(f)
	if !ok {
		return []*glob{literal(aws + name)}
	}
	var out []*glob
	for _, r := range slices.Sorted(maps.Keys(listed)) {
		if strings.HasPrefix(r, "arn:"+f[1]+":iam::"+f[4]+":role/") && r[strings.LastIndexByte(r, '/')+1:] == role {
			out = append(out, literal(aws+r+sepText+session))
		}
	}
	return out
}

// partitions returns the partitions in which principal entries name the accounts
// that entries also name by their bare id. An account lives in one partition, so
// that other ones need not be considered for it.
func partitions(docs []*policy.Document) map[string][]string {
	out := map[string][]string{}
	bare := map[string]bool{}
	for e := range entries(docs) {
		f := strings.SplitN(e.Text, ":", 6)
		switch {
		case e.Type != policy.PrincipalAWS:
		case isAccountID(e.Text):
			bare[e.Text] = true
		case len(f) == 6 && isAccountID(f[4]) && !slices.Contains(out[f[4]], f[1]):
			out[f[4]] = append(out[f[4]], f[1])
		}
	}
	maps.DeleteFunc(out, func(id string, _ []string) bool { return !bare[id] })
	return out
}

// entries yields the principal entries of the documents.
func entries(docs []*policy.Document) iter.Seq[policy.PrincipalEntry] {
	return func(yield func(policy.PrincipalEntry) bool) {
		for _, d := range docs {
			for _, s := range d.Statements {
				if s.Principal == nil {
					continue
				}
				for _, e := range s.Principal.List {
					if !yield(e) {
						return
					}
				}
			}
		}
	}
}

// roleOfSession returns the role of a principal in the engine's form that is a session of
// one.
func roleOfSession(s string) (string, bool) {
	end := strings.LastIndex(s, sepText)
	return s[:max(end, 0)], strings.HasPrefix(s, aws) && end >= len(aws)
}

// principalOf turns the engine's form back into a request's principal. For a
// session of a role with a path it also returns the role's ARN, which the request
// context has to carry.
func principalOf(s string) (p policy.Principal, roleARN string) {
	prefix, id, found := strings.Cut(s, sepText)
	if !found {
		return policy.Principal{Type: policy.PrincipalAll}, ""
	}
	switch prefix + sepText {
	case service:
		return policy.Principal{Type: policy.PrincipalService, ID: id}, ""
	case federated:
		return policy.Principal{Type: policy.PrincipalFederated, ID: id}, ""
	case canonical:
		return policy.Principal{Type: policy.PrincipalCanonical, ID: id}, ""
	}
	role, session, isSession := strings.Cut(id, sepText)
	if !isSession {
		return policy.Principal{Type: policy.PrincipalAWS, ID: id}, ""
	}
	f := strings.SplitN(role, ":", 6)
	name := f[5][strings.LastIndexByte(f[5], '/')+1:]
	arn := "arn:" + f[1] + ":sts::" + f[4] + ":assumed-role/" + name + "/" + session
	if f[5] != "role/"+name {
		roleARN = role
	}
	return policy.Principal{Type: policy.PrincipalAWS, ID: arn}, roleARN
}
