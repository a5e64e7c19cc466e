package rules

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// StaysPublic reports whether a resource policy in place of another is public for certain
// if the other one is, whatever the values stand for that are not known: what may be
// public in the other one lets in the same principals under the same conditions still,
// and a Deny that has come leaves some of it when those principals are everyone. typ is a
// resource type of CheckNoPublicAccess.
func StaysPublic(before, after *policy.Document, typ string, o access.Options) bool {
	if before == nil {
		return true
	}
	if after == nil || after.Version != before.Version {
		return false
	}
	there, was := map[string]bool{}, map[string]bool{}
	for i := range after.Statements {
		there[letsIn(&after.Statements[i])] = true
	}
	for i := range before.Statements {
		was[letsIn(&before.Statements[i])] = true
	}
	denied := slices.ContainsFunc(after.Statements, func(s policy.Statement) bool { return s.Effect == policy.Deny && !was[letsIn(&s)] })
	public := func(d *policy.Document) access.Verdict {
		res, err := access.NoPublicAccess(d, typ, o)
		if err != nil {
			return access.Undetermined
		}
		return res.Verdict
	}
	for i := range before.Statements {
		s := before.Statements[i]
		who := letsIn(&s)
		if s.Effect == policy.Deny || there[who] && !denied {
			continue
		}
		s.Index = 0
		switch alone := (&policy.Document{Version: before.Version, Kind: policy.Resource, Statements: []policy.Statement{s}}); {
		case public(alone) == access.Pass:
		case !there[who] || public(forEveryone(after, who)) != access.Fail:
			return false
		}
	}
	return true
}

// forEveryone is a document in which the Allow statements that let in a certain who let in
// everyone, and no other ones do anything.
func forEveryone(d *policy.Document, who string) *policy.Document {
	out := &policy.Document{Version: d.Version, Kind: d.Kind}
	for _, s := range d.Statements {
		if s.Effect == policy.Allow {
			if letsIn(&s) != who || s.Principal == nil || s.Principal.Not {
				continue
			}
			s.Principal = &policy.Principals{List: []policy.PrincipalEntry{{Type: policy.PrincipalAll, Value: policy.Value{Text: "*"}}}}
		}
		s.Index = len(out.Statements)
		out.Statements = append(out.Statements, s)
	}
	return out
}

// letsIn spells what decides whether a statement is public: for an Allow its principals
// and conditions, for a Deny all of it.
func letsIn(s *policy.Statement) string {
	one := *s
	one.Sid, one.Index = "", 0
	if one.Effect == policy.Allow {
		one.Action, one.Resource = policy.Values{List: []policy.Value{{Text: "*"}}}, nil
	}
	b, err := json.Marshal(&policy.Document{Statements: []policy.Statement{one}})
	if err != nil {
		return fmt.Sprintf("%p", s) // like no other
	}
	return string(b)
}
