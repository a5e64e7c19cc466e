package terraform

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// inlineExclusive is the type that takes the inline policies of a role away that it does
// not list. Those that no other resource manages are shown by inline_policy of the role.
const inlineExclusive = "aws_iam_role_policies_exclusive"

var inlineExclusiveRow = &row{Type: inlineExclusive, Path: "policy_names", Subject: "role", Name: "role_name", Of: "aws_iam_role"}

// exclusion is a list of inline policies that stay, put in place by the change.
type exclusion struct {
	p     *pending // of which only the subject and the account count
	names []linkValue
}

// takeExclusion takes the list of an object that the change makes or changes.
func (x *extraction) takeExclusion(o *object, op operation, before, after, unknown jsontext.Value) {
	if o.typ != inlineExclusive || !op.exists || op.action == extractors.NoOp || op.forgotten {
		return
	}
	p := x.newPending(o, op, inlineExclusiveRow, extractors.Identity, inlineExclusiveRow.Path)
	p.subject = subjectNames(inlineExclusiveRow, before, after, unknown, op)
	if x.roomForOne() {
		x.exclusions = append(x.exclusions, exclusion{p, linkValues(after, unknown, "policy_names[]")})
	}
}

// settleExclusions takes the inline policies away that roles only show and that are not
// listed. Where the list is not known, what stays is not known either.
func (x *extraction) settleExclusions(places *sourceMap) {
	for _, e := range x.exclusions {
		x.resolveSubject(e.p)
		x.placeAccount(e.p)
		open := slices.ContainsFunc(e.names, func(v linkValue) bool { return v.unknown })
		for _, p := range x.pending {
			if p.drop || p.Type != "aws_iam_role" || p.row.Flags&computed == 0 || len(p.blocks) == 0 || p.After.Absent ||
				!sameSubject(p, e.p) || !x.mirrors(p, places) {
				continue
			}
			listed := slices.ContainsFunc(e.names, func(v linkValue) bool { return slices.Contains(p.blocks, v.text) })
			switch {
			case listed:
			case open:
				p.After = extractors.Side{Unknown: &extractors.Unknown{
					Reason:     "Which inline policies stay is not known before the change is applied.",
					References: []string{e.p.Address},
				}}
			default:
				p.After = extractors.Side{Absent: true}
			}
		}
	}
	x.exclusions = nil
}

// sameSubject reports whether two grants have the same subject, as far as accounts and
// addresses or names tell.
func sameSubject(p, q *pending) bool {
	switch {
	case p.Account != "" && q.Account != "" && p.Account != q.Account:
		return false
	case p.Subject.Address != "" && q.Subject.Address != "":
		return p.Subject.Address == q.Subject.Address
	}
	return p.Subject.Name != "" && p.Subject.Name == q.Subject.Name
}
