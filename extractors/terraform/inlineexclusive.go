package terraform

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// exclusionOf are the types that take the inline policies of a principal away that they
// do not list. Those of roles that no other resource manages are shown by inline_policy
// of the role.
var exclusionOf = map[string]*row{
	"aws_iam_role_policies_exclusive":  {Type: "aws_iam_role_policies_exclusive", Path: "policy_names", Subject: "role", Name: "role_name", Of: "aws_iam_role"},
	"aws_iam_user_policies_exclusive":  {Type: "aws_iam_user_policies_exclusive", Path: "policy_names", Subject: "user", Name: "user_name", Of: "aws_iam_user"},
	"aws_iam_group_policies_exclusive": {Type: "aws_iam_group_policies_exclusive", Path: "policy_names", Subject: "group", Name: "group_name", Of: "aws_iam_group"},
}

// exclusion is a list of inline policies that stay, put in place by the change.
type exclusion struct {
	p     *pending // of which only the subject and the account count
	names []linkValue
}

// takeExclusion takes the list of an object that the change makes or changes.
func (x *extraction) takeExclusion(o *object, op operation, before, after, unknown jsontext.Value) {
	r := exclusionOf[o.typ]
	if r == nil || !op.writes() {
		return
	}
	p := x.newPending(o, op, r, extractors.Identity, r.Path)
	p.subject = subjectNames(o, r, before, after, unknown, op)
	if x.roomForOne() {
		x.exclusions = append(x.exclusions, exclusion{p, linkValues(after, unknown, "policy_names[]")})
	}
}

// settleExclusions takes the inline policies away that are not listed.
func (x *extraction) settleExclusions(places *sourceMap) {
	for _, e := range x.exclusions {
		x.resolveSubject(e.p)
		x.placeAccount(e.p)
		for _, p := range x.pending {
			if x.isInline(p, e.p.row.Subject, places) {
				e.settle(p)
			}
		}
	}
	x.exclusions = nil
}

// isInline reports whether a grant is an inline policy of a kind of principal that the
// exclusion may take away.
func (x *extraction) isInline(p *pending, kind string, places *sourceMap) bool {
	if p.drop || len(p.blocks) == 0 || p.After.Absent {
		return false
	}
	return p.typ == "aws_iam_"+kind+"_policy" || p.typ == "aws_iam_"+kind && p.row.Flags&computed != 0 && x.mirrors(p, places)
}

// settle decides what becomes of one inline policy. What the change does not write and is
// not listed goes. Where the list or its principal is not known, or another resource
// writes the policy in the same change, what stays is not known either; of a policy that
// another resource manages this matters where it held something back.
func (e *exclusion) settle(p *pending) {
	open, managed := e.p.Subject.Address == "" && e.p.Subject.Name == "", !p.row.self()
	switch {
	case !open && !sameSubject(p, e.p):
		return
	case slices.ContainsFunc(e.names, func(v linkValue) bool { return slices.Contains(p.blocks, v.text) }):
		return
	}
	unlisted := slices.ContainsFunc(e.names, func(v linkValue) bool { return v.unknown })
	switch {
	case !open && !unlisted && !(managed && p.op.writes()):
		p.After = pendingSide{Absent: true}
	case (open || managed) && !denies(p.Before.Document):
	default:
		p.After = pendingSide{Unknown: &extractors.Unknown{
			Reason:     "Which inline policies stay is not known before the change is applied.",
			References: []string{e.p.Address},
		}}
	}
}

// denies reports whether a document holds something back.
func denies(d *policyDocument) bool {
	if d == nil {
		return false
	}
	doc, _ := d.read()
	return slices.ContainsFunc(doc.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny })
}

// sameSubject reports whether two grants have the same subject, as far as accounts and
// addresses or names tell.
func sameSubject(p, q *pending) bool {
	switch {
	case p.Account != "" && q.Account != "" && p.Account != q.Account:
		return false
	case p.Subject.Address != "" || q.Subject.Address != "": // of one that the input shows
		return p.Subject.Address == q.Subject.Address
	}
	return p.Subject.Name != "" && p.Subject.Name == q.Subject.Name
}
