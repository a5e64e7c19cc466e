package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// A Fact is something that is true of every request to AWS. It rules out requests
// that cannot occur, and nothing else, so that leaving it out can only turn a Pass
// into a Fail or, where that rests on variables or work, into Undetermined.
type Fact struct {
	Name   string
	Source string // title of the document of AWS that says so
	assume func(p *problem)
}

const globalKeys = "AWS global condition context keys"

// Facts are those that decisions rest on without Options.StrictOpenWorld. Nothing
// else is known of requests: not which actions exist, which resources or keys they
// support, or who belongs to an organization.
func Facts() []Fact { return slices.Clone(facts) }

var facts = []Fact{
	{"aws:PrincipalArn of a role's session, a user or a root user is its ARN, and an anonymous caller has none", globalKeys, (*problem).assumePrincipalARN},
	{"aws:PrincipalAccount is the account of the principal's ARN", globalKeys, (*problem).assumePrincipalAccount},
	{"aws:PrincipalIsAWSService is true for service principals and for nobody else", globalKeys, (*problem).assumeIsService},
	{"aws:PrincipalServiceName is the name of the service principal; nobody else has it or aws:PrincipalServiceNamesList", globalKeys, (*problem).assumeServiceName},
	{"aws:SourceArn, aws:SourceAccount and aws:SourceOrgID are there for service principals only", globalKeys, (*problem).assumeSource},
	{"aws:SecureTransport, aws:CurrentTime, aws:EpochTime, aws:ViaAWSService, aws:RequestedRegion, aws:PrincipalType, aws:userid and aws:PrincipalAccount are always there", globalKeys, (*problem).assumePresent},
	{"a Bool key holds true or false; a key that the Service Authorization Reference does not list counts as one where only Bool operators are used with it", "IAM JSON policy elements: Condition operators", nil}, // see problem.element
	{"a session that policies name is one of the role of that name, in its account, that principals name with its path", "IAM and AWS STS quotas: names of roles are unique within an account", (*problem).assumeRoleNames},
	{"aws:ResourceAccount, where it is there, is the account in the resource's ARN if that has 12 digits", globalKeys, (*problem).assumeResourceAccount},
}

// assume adds the facts that are about the condition keys in use. All conditions
// must have been compiled.
func (p *problem) assume() {
	if p.strict {
		p.assumeSessionPath()
		return
	}
	for _, f := range facts {
		if f.assume != nil {
			f.assume(p)
		}
	}
}

// used returns the dimension of a condition key, if a condition is about it.
func (p *problem) used(key string) (int, bool) {
	i, ok := p.axisIdx[key]
	return i, ok && i < len(p.dims) && p.dims[i].used
}

// given adds clauses: each is met where not all of ifs hold.
func (p *problem) given(ifs []lit, then lit) {
	c := make(clause, 0, len(ifs)+1)
	for _, l := range ifs {
		c = append(c, l.not())
	}
	p.always = append(p.always, append(c, then))
}

// alwaysPresent are the keys that every request carries.
var alwaysPresent = []string{
	"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:viaawsservice",
	"aws:requestedregion", "aws:principaltype", "aws:userid", "aws:principalaccount",
}

func (p *problem) assumePresent() {
	for _, key := range alwaysPresent {
		if _, ok := p.used(key); ok {
			p.given(nil, p.present(key))
		}
	}
}

// Principals with facts of their own. A session's text holds its role's.
var (
	ofIAM = globs(aws+"arn:¶:iam::############:root", aws+"arn:¶:iam::############:user/*", aws+"arn:¶:iam::############:role/*")
	ofAWS = append(slices.Clone(ofIAM), globs(aws+"arn:¶:sts::############:federated-user/*")...)
)

// principal is the literal of principals that match globs.
func (p *problem) principal(globs ...*glob) lit { return p.globAtom(dimPrincipal, globs) }

// known limits a fact to principals that the documents do not leave unknown: of others
// nothing can be said, not even that they are no services.
func (p *problem) known(ifs ...lit) []lit {
	var unknown []*glob
	for e := range entries(p.docs) {
		if e.Unknown() {
			unknown = append(unknown, p.entry(e)...)
		}
	}
	if len(unknown) > 0 {
		ifs = append(ifs, p.principal(unknown...).not())
	}
	return ifs
}

func (p *problem) assumePrincipalARN() {
	const key = "aws:principalarn"
	i, ok := p.used(key)
	if !ok || p.kind != policy.Resource {
		return
	}
	anyone := p.principal(literal(anonymous))
	p.given([]lit{anyone}, p.present(key).not())
	iam := p.principal(ofIAM...)
	p.given([]lit{iam}, p.present(key))
	p.link(i, dimPrincipal, []lit{iam}, imageOfARN)
}

// assumeSessionPath is no fact but what a request means: its principal names a session
// without the path of the role, so that only aws:PrincipalArn tells it.
func (p *problem) assumeSessionPath() {
	const key = "aws:principalarn"
	if i, ok := p.used(key); ok && p.kind == policy.Resource {
		below := p.principal(build(parseGlob(aws+"arn:¶:iam::############:role/").toks, tok{kind: tokManyNS}, "/", tok{kind: tokManyNS}, sepText, anyRun))
		p.given([]lit{below}, p.present(key))
		p.link(i, dimPrincipal, []lit{below}, imageOfARN)
		// That it has no path is told by a key that names no other role of its name.
		for _, r := range rolesNamed(p.docs) {
			elsewhere := p.keyAtom(key, keyAtom{m: &matcher{sort: sortText, globs: []*glob{build(r.head, anyRun, "/", r.name)}}})
			p.given([]lit{p.principal(build(aws+r.head, r.name, sepText, anyRun))}, elsewhere.not())
		}
	}
}

// A namedRole is a role's name, and the ARN of its account's roles up to their paths.
type namedRole struct{ head, name string }

// rolesNamed lists the roles that principals name, by their ARNs or those of sessions.
func rolesNamed(docs []*policy.Document) []namedRole {
	var out []namedRole
	for e := range entries(docs) {
		f := strings.SplitN(e.Text, ":", 6)
		if e.Type != policy.PrincipalAWS || len(f) != 6 || strings.ContainsAny(e.Text, "*?") {
			continue
		}
		name, _, ok := sessionOf(f)
		if path, isRole := strings.CutPrefix(f[5], "role/"); isRole {
			name, ok = path[strings.LastIndexByte(path, '/')+1:], true
		}
		r := namedRole{"arn:" + f[1] + ":iam::" + f[4] + ":role/", name}
		if ok && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// assumeRoleNames ties sessions, whose ARNs do not hold the path of the role, to the
// roles that principals name: an account has one role of a name, and saving a policy
// needs the principal to exist. A role that a condition names need not exist, so that
// it only adds to those that a session can be of, and a pattern names none.
func (p *problem) assumeRoleNames() {
	sessions, roles := map[policy.PrincipalEntry]bool{}, map[string]bool{}
	for e := range entries(p.docs) {
		switch {
		case e.Type != policy.PrincipalAWS || strings.ContainsAny(e.Text, "*?"):
		case strings.Contains(e.Text, ":assumed-role/"):
			sessions[policy.PrincipalEntry{Type: e.Type, Value: policy.Value{Text: e.Text}}] = true
		default:
			roles[e.Text] = true
		}
	}
	if len(sessions) == 0 {
		return
	}
	conditions := map[string]bool{}
	for _, d := range p.docs {
		for _, s := range d.Statements {
			for _, c := range s.Conditions {
				for _, v := range c.Values {
					if c.KeyName() == "aws:principalarn" && !strings.ContainsAny(v.Text, "*?$") {
						conditions[v.Text] = true
					}
				}
			}
		}
	}
	for _, e := range slices.SortedFunc(maps.Keys(sessions), func(a, b policy.PrincipalEntry) int { return cmp.Compare(a.Text, b.Text) }) {
		f := strings.SplitN(e.Text, ":", 6)
		if len(f) != 6 {
			continue
		}
		role, session, ok := sessionOf(f)
		if !ok {
			continue
		}
		head := "arn:" + f[1] + ":iam::" + f[4] + ":role/"
		of := func(arns map[string]bool) (named []*glob) {
			for _, arn := range slices.Sorted(maps.Keys(arns)) {
				if path, ok := strings.CutPrefix(arn, head); ok && (path == role || strings.HasSuffix(path, "/"+role)) {
					named = append(named, literal(aws+arn+sepText+session))
				}
			}
			return named
		}
		if named := of(roles); len(named) > 0 {
			p.given([]lit{p.principal(p.entry(e)...)}, p.principal(append(named, of(conditions)...)...))
		}
	}
}

// imageOfARN are the principals whose ARN, or whose role's, a glob matches; false where
// tokens cannot say it.
func imageOfARN(g *glob) ([]*glob, bool) {
	toks, ok := withinARN(g.tokens())
	if !ok || names(toks, sep) { // no ARN has the separator in it
		return nil, ok
	}
	toks = append(literalToks(aws), toks...)
	return []*glob{newGlob(toks), build(toks, sepText, anyRun)}, true
}

// withinARN keeps wildcards of a pattern within the ARN of a principal, before the
// session. Wildcards that stop at colons can do so without help in the first five
// fields only, which is where they stand if the pattern has those.
func withinARN(toks []tok) ([]tok, bool) {
	out := slices.Clone(toks)
	colons, crosses, stops := 0, false, false
	for i, t := range out {
		switch t.kind {
		case tokMany:
			out[i].kind, crosses = tokManyNS, crosses || colons < 5
		case tokOne:
			out[i].kind, crosses = tokOneNS, crosses || colons < 5
		case tokOneNC, tokManyNC, tokOneNP, tokManyNP:
			if stops = true; colons >= 5 || crosses {
				return nil, false
			}
		case tokRune, tokFold:
			if t.r == ':' {
				colons++
			}
		default:
		}
	}
	return out, !stops || colons >= 5 && !crosses
}

// names reports whether a token is the character r.
func names(toks []tok, r rune) bool {
	return slices.ContainsFunc(toks, func(t tok) bool { return t.kind <= tokFold && t.r == r })
}

// withinField keeps wildcards within one field of an ARN; false for a pattern that no
// field matches, since it names a colon or the separator.
func withinField(toks []tok) ([]tok, bool) {
	out := slices.Clone(toks)
	for i, t := range out {
		switch _, isVariable := t.variable(); {
		case isVariable && t.r >= opaqueAny:
			out[i].r += opaque - opaqueAny
		case t.many():
			out[i].kind = tokManyNC
		case t.kind > tokFold && t.kind != tokDigit:
			out[i].kind = tokOneNC
		}
	}
	return out, !names(toks, ':') && !names(toks, sep)
}

func (p *problem) assumePrincipalAccount() {
	i, ok := p.used("aws:principalaccount")
	if !ok || p.kind != policy.Resource {
		return
	}
	p.link(i, dimPrincipal, []lit{p.principal(ofAWS...)}, func(g *glob) ([]*glob, bool) {
		account, ok := withinField(g.tokens())
		if !ok {
			return nil, true
		}
		return []*glob{build(aws+"arn:", fieldRun, ":", fieldRun, "::", account, ":", anyRun)}, true
	})
}

func (p *problem) assumeServiceName() {
	const key = "aws:principalservicename"
	services := p.principal(globs(service + "*")...)
	if i, ok := p.used(key); ok && p.kind == policy.Resource {
		p.given(p.known(services), p.present(key))
		p.given(p.known(services.not()), p.present(key).not())
		p.link(i, dimPrincipal, p.known(services), func(g *glob) ([]*glob, bool) {
			return []*glob{build(service, g.tokens())}, true
		})
	}
	const names = "aws:principalservicenameslist"
	if _, ok := p.used(names); ok && p.kind == policy.Resource {
		p.given(p.known(services.not()), p.present(names).not())
	}
}

func (p *problem) assumeIsService() {
	const key = "aws:principalisawsservice"
	i, ok := p.used(key)
	if !ok || p.kind != policy.Resource {
		return
	}
	var m *matcher
	switch sorts := p.dims[i].sorts; {
	case sorts&sortBool != 0:
		m = &matcher{sort: sortBool, globs: []*glob{newGlob(foldToks("true"))}}
	case sorts&^sortText == 0:
		m = &matcher{sort: sortText, globs: []*glob{literal("true")}}
	default:
		return
	}
	yes := p.keyAtom(key, keyAtom{m: m})
	services := p.principal(globs(service + "*")...)
	p.given(p.known(services), yes)
	p.given(p.known(services.not()), yes.not())
}

func (p *problem) assumeSource() {
	if p.kind != policy.Resource {
		return
	}
	for _, key := range []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid"} {
		if _, ok := p.used(key); ok {
			p.given(p.known(p.principal(globs(service+"*")...).not()), p.present(key).not())
		}
	}
}

func (p *problem) assumeResourceAccount() {
	i, ok := p.used("aws:resourceaccount")
	if !ok {
		return
	}
	owned := p.globAtom(dimResource, globs("arn:§:§:§:############:*"))
	p.link(i, dimResource, []lit{owned, p.present("aws:resourceaccount")}, func(g *glob) ([]*glob, bool) {
		account, ok := withinField(g.tokens())
		if !ok {
			return nil, true
		}
		return []*glob{build("arn:", fieldRun, ":", fieldRun, ":", fieldRun, ":", account, ":", anyRun)}, true
	})
}

// link says that where all of ifs hold, key dimension i has one value, a part of the
// text of dimension from: a test of the key is the test of that text which image
// makes of its globs. Of a pattern with variables only the outline is known, which
// holds for one direction. Tests that are not about texts, or of which image cannot
// tell, stay unlinked.
func (p *problem) link(i, from int, ifs []lit, image func(*glob) ([]*glob, bool)) {
	for _, test := range box(p.dims[i].atoms).sorted() {
		a := p.atoms[test.atom()]
		if a.cond.m.sort != sortText {
			continue
		}
		u := p.unionOf(a.cond.m)
		// Of a pattern with variables that are not known the image is an outline, which
		// holds what matches and more.
		var images, certain []*glob
		linked := true
		for _, g := range u.globs {
			of, ok := image(g)
			images, linked = append(images, of...), linked && ok
			if g.tmpl == nil {
				certain = append(certain, of...)
			}
		}
		if !linked {
			continue
		}
		matches := signed(test, a.cond.negElem)
		p.given(append(slices.Clone(ifs), matches), p.globAtom(from, images))
		if len(certain) > 0 || len(u.templates) == 0 {
			p.given(append(slices.Clone(ifs), p.globAtom(from, certain)), matches)
		}
	}
	p.links = append(p.links, link{i, from, ifs, image})
}

// A link is a condition key whose value is part of the principal or the resource, where
// literals hold: image are those of which a glob matches the value.
type link struct {
	key, from int
	ifs       []lit
	image     func(*glob) ([]*glob, bool)
}

// linked gives the keys of links the values that belong to m's principal and
// resource.
func (p *problem) linked(m model) model {
	m = slices.Clone(m)
	for _, l := range p.links {
		if v, ok := part(p.dims[l.key].key, m[l.from].text); ok && len(m[l.key].values) > 0 {
			m[l.key].values = []string{v}
		}
	}
	return m
}

// partKeys are the keys that part reads.
var partKeys = []string{"aws:principalservicename", "aws:principalarn", "aws:principalaccount", "aws:resourceaccount"}

// part reads the value of a linked key off the text of a principal or a resource.
func part(key, text string) (string, bool) {
	kind, id, isPrincipal := strings.Cut(text, sepText)
	fields := strings.SplitN(id, ":", 6)
	if !isPrincipal {
		fields = strings.SplitN(text, ":", 6)
	}
	switch {
	case key == "aws:principalservicename" && kind+sepText == service:
		return id, true
	case len(fields) != 6 || isPrincipal && kind+sepText != aws:
		return "", false
	case key == "aws:principalarn" && fields[2] == "iam":
		arn, _, _ := strings.Cut(id, sepText)
		return arn, true
	case key == "aws:principalaccount" && isPrincipal, key == "aws:resourceaccount" && isAccountID(fields[4]):
		return fields[4], true
	}
	return "", false
}
