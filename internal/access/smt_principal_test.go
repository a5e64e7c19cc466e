package access_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/internal/policy"
)

// The principal of a request to a resource policy (IAM User Guide, "AWS JSON policy
// elements: Principal"): who is one of smtWho. Services, providers, canonical users
// and unique ids have a name; a principal of an account has the fields of its ARN.
// A session also has a role, the last field of whose ARN is role_rest.
const (
	smtAnonymous = "anonymous"
	smtService   = "is_service"
	smtFederated = "is_federated"
	smtCanonical = "is_canonical"
	smtUniqueID  = "is_id"
	smtARN       = "is_arn"
)

var smtWho = []string{smtAnonymous, smtService, smtFederated, smtCanonical, smtUniqueID, smtARN}

// smtNamed are the fields of a name of a principal: the partition, the service, the
// account and the rest. The Region is empty.
type smtNamed struct{ partition, service, account, rest string }

var (
	smtOwn  = smtNamed{"p_partition", "p_service", "p_account", "p_rest"}
	smtRole = smtNamed{"p_partition", `"iam"`, "p_account", "role_rest"}
	smtRoot = smtNamed{"p_partition", `"iam"`, "p_account", `"root"`}
)

var smtAccountID = regexp.MustCompile(`^[0-9]{12}$`)

// principals declares the principal with the forms that the documents name.
func (e *smtEncoder) principals(docs []*policy.Document) {
	e.line("(declare-datatypes ((Who 0)) ((%s)))", "("+strings.Join(smtWho, ") (")+")")
	e.constant("who", "Who")
	for _, c := range []string{"p_name", smtOwn.partition, smtOwn.service, smtOwn.account, smtOwn.rest, "role_name", "session_name", smtRole.rest} {
		e.constant(c, "String")
	}
	e.constant("is_session", "Bool")
	e.assert(smtNot(smtEqual("p_name", `""`)))
	for _, c := range []string{smtOwn.partition, smtOwn.account} {
		e.assert(smtIn(c, "(re.* "+smtNoColon+")"))
	}
	some := "(re.+ re.allchar)"
	digits := `((_ re.loop 12 12) (re.range "0" "9"))`
	session := smtConcatRE(smtLiteralRE("assumed-role/"), "(re.+ "+smtNoSlash+")", smtLiteralRE("/"), some)
	iam := smtIn(smtOwn.rest, smtConcatRE("(re.union "+smtLiteralRE("user/")+" "+smtLiteralRE("role/")+")", some))
	forms := []string{
		smtAnd(smtEqual(smtOwn.service, `"iam"`), smtIn(smtOwn.account, digits), smtOr(smtEqual(smtOwn.rest, `"root"`), iam)),
		smtAnd(smtEqual(smtOwn.service, `"sts"`), smtIn(smtOwn.account, digits), smtOr(
			smtIn(smtOwn.rest, session), smtIn(smtOwn.rest, smtConcatRE(smtLiteralRE("federated-user/"), some)))),
	}
	named, ids, partitions := e.entries(docs)
	e.assert("(=> " + smtEqual("who", smtARN) + " " + smtOr(append(forms, named...)...) + ")")
	e.assert("(=> " + smtEqual("who", smtUniqueID) + " " + smtOr(ids...) + ")")
	for _, account := range slices.Sorted(maps.Keys(partitions)) {
		// An account lives in one partition.
		var in []string
		for _, p := range partitions[account] {
			in = append(in, e.glob(smtOwn.partition, p))
		}
		e.assert("(=> " + smtEqual(smtOwn.account, smtText(account)) + " " + smtOr(in...) + ")")
	}
	e.session(session)
}

// entries returns the ARNs and unique ids of the documents as forms of principals,
// and the partitions of the accounts that are named by id and by ARN.
func (e *smtEncoder) entries(docs []*policy.Document) (named, ids []string, partitions map[string][]string) {
	partitions = map[string][]string{}
	bare := map[string]bool{}
	for _, d := range docs {
		for _, s := range d.Statements {
			if s.Principal == nil {
				continue
			}
			for _, entry := range s.Principal.List {
				f := strings.SplitN(entry.Text, ":", 6)
				wild := strings.ContainsAny(entry.Text, "*?")
				if len(f) == 6 && (wild || strings.HasPrefix(f[5], "role/")) {
					e.question.roles = true
				}
				switch {
				case entry.Type != policy.PrincipalAWS || entry.Text == "*":
				case smtAccountID.MatchString(entry.Text):
					bare[entry.Text] = true
				case len(f) == 1:
					ids = append(ids, e.glob("p_name", entry.Text))
				case len(f) < 6 || f[3] != "":
					e.skip("a principal of unknown form")
				case wild && (s.Principal.Not || f[2] != "iam" && f[2] != "sts"):
					e.skip("wildcards in a principal whose meaning is not published")
				default:
					if smtAccountID.MatchString(f[4]) && !slices.Contains(partitions[f[4]], f[1]) {
						partitions[f[4]] = append(partitions[f[4]], f[1])
					}
					if wild {
						continue
					}
					own := smtAnd(smtEqual(smtOwn.partition, smtText(f[1])), smtEqual(smtOwn.service, smtText(f[2])), smtEqual(smtOwn.account, smtText(f[4])))
					named = append(named, smtAnd(own, smtEqual(smtOwn.rest, smtText(f[5]))))
				}
			}
		}
	}
	maps.DeleteFunc(partitions, func(account string, _ []string) bool { return !bare[account] })
	return named, ids, partitions
}

func (e *smtEncoder) glob(s, text string) string {
	p, _ := policy.ParsePattern(text, false, true)
	return smtGlob(s, p)
}

// session ties a session to its role: the one that aws:PrincipalArn names, if it has
// the same account and name, and otherwise the one without a path (policy.Principal).
// Where no document asks for that key, it can be there.
func (e *smtEncoder) session(form string) {
	e.assert(smtEqual("is_session", smtAnd(smtEqual("who", smtARN), smtEqual(smtOwn.service, `"sts"`), smtIn(smtOwn.rest, form))))
	if !e.question.roles {
		return
	}
	e.assert(smtIn("role_name", "(re.* "+smtNoSlash+")"))
	e.assert("(=> is_session " + smtEqual(smtOwn.rest, smtConcat(`"assumed-role/"`, "role_name", `"/"`, "session_name")) + ")")
	path := e.helper("String")
	e.assert(smtIn(path, `(re.union (str.to_re "") (re.++ re.all (str.to_re "/")))`))
	withPath := smtConcat(path, "role_name")
	role := smtEqual(smtRole.rest, smtConcat(`"role/"`, withPath))
	plain := smtEqual(path, `""`)
	k := e.keys["aws:principalarn"]
	if k == nil || k.sort == smtAnything {
		// Its value is free; only whether it is there may be asked for.
		has := smtTrue
		if k != nil {
			has = k.single()
		}
		e.assert(fmt.Sprintf("(=> is_session %s)", smtAnd(role, smtOr(has, plain))))
		return
	}
	if k.sort != smtString {
		e.skip("aws:PrincipalArn that is no text")
		return
	}
	value := k.element(0).value
	head := smtConcat(`"arn:"`, smtOwn.partition, `":iam::"`, smtOwn.account, `":role/"`)
	tail := smtConcat(`"/"`, "role_name")
	names := smtAnd(k.single(), "(str.prefixof "+head+" "+value+")", smtOr(
		smtEqual(value, smtConcat(head, "role_name")),
		smtAnd("(str.suffixof "+tail+" "+value+")", fmt.Sprintf("(>= (str.len %s) (+ (str.len %s) (str.len %s)))", value, head, tail))))
	e.assert(fmt.Sprintf("(=> is_session (and %s (ite %s %s %s)))", role, names, smtEqual(value, smtConcat(head, withPath)), plain))
}

// principal is Principal or NotPrincipal; identity policies have neither.
func (e *smtEncoder) principal(ps *policy.Principals) string {
	if ps == nil {
		return smtTrue
	}
	arn := smtEqual("who", smtARN)
	whole := e.listed(ps, nil)
	own, role, root := e.listed(ps, &smtOwn), smtFalse, e.listed(ps, &smtRoot)
	if e.question.roles {
		role = e.listed(ps, &smtRole)
	}
	listed := e.atom("Bool", smtOr(whole, smtAnd(arn, smtOr(own, smtAnd("is_session", role), root))))
	if !ps.Not {
		return listed
	}
	// Exempt is who is listed, or who is listed with all above it.
	chain := smtOr(whole, smtAnd(arn, own, smtOr(smtNot("is_session"), role), root))
	return smtNot("(ite NotPrincipalNeedsChain " + chain + " " + listed + ")")
}

// listed is: an entry is about a name of a principal of an account, or, without a
// name, about the principal whatever its names.
func (e *smtEncoder) listed(ps *policy.Principals, name *smtNamed) string {
	var any []string
	for _, entry := range ps.List {
		if name == nil {
			any = append(any, e.entry(entry))
		} else {
			any = append(any, e.entryARN(entry, name))
		}
	}
	return smtOr(any...)
}

// entry covers a whole type, or a principal that is no ARN.
func (e *smtEncoder) entry(entry policy.PrincipalEntry) string {
	is := func(who string) string { return smtEqual("who", who) }
	named := func(who string) string {
		if entry.Text == "*" {
			return is(who)
		}
		// Wildcards do not run over colons: a name with colons is an ARN.
		p, _ := policy.ParsePattern(entry.Text, false, true)
		if len(p) == 1 && p[0].Kind == policy.Literal {
			return smtAnd(is(who), smtEqual("p_name", smtText(entry.Text)))
		}
		switch fields := smtFields(p); len(fields) {
		case 1:
			return smtAnd(is(who), smtIn("p_name", smtGlobRE(p, smtNoColon)))
		case 6:
			return smtAnd(is(who), smtIn("p_name", smtARNRE(fields)))
		}
		return smtFalse
	}
	switch entry.Type {
	case policy.PrincipalAll:
		return smtTrue
	case policy.PrincipalService:
		return named(smtService)
	case policy.PrincipalFederated:
		return named(smtFederated)
	case policy.PrincipalCanonical:
		return named(smtCanonical)
	case policy.PrincipalAWS:
		switch {
		case entry.Text == "*":
			return smtOr("AWSStarIsEveryone", is(smtAnonymous), is(smtUniqueID), is(smtARN))
		case !strings.Contains(entry.Text, ":") && !smtAccountID.MatchString(entry.Text):
			return named(smtUniqueID)
		}
		return smtFalse
	case policy.PrincipalNone:
	}
	return e.skip("a principal of no type")
}

// entryARN is: an AWS entry is about a name. An account's id and its root's ARN mean
// every principal of the account, the id in any partition.
func (e *smtEncoder) entryARN(entry policy.PrincipalEntry, name *smtNamed) string {
	if entry.Type != policy.PrincipalAWS {
		return smtFalse
	}
	if smtAccountID.MatchString(entry.Text) {
		if name.rest == smtRole.rest {
			return smtFalse
		}
		return smtAnd(e.same(name.service, "iam"), smtEqual(name.account, smtText(entry.Text)), e.same(name.rest, "root"))
	}
	f := strings.SplitN(entry.Text, ":", 6)
	if len(f) != 6 {
		return smtFalse
	}
	return smtAnd(e.same(`"arn"`, f[0]), e.same(name.partition, f[1]), e.same(name.service, f[2]), e.same(`""`, f[3]), e.same(name.account, f[4]), e.same(name.rest, f[5]))
}

// same is "s matches text", which can have wildcards.
func (e *smtEncoder) same(s, text string) string {
	if s == smtText(text) {
		return smtTrue
	}
	return e.glob(s, text)
}
