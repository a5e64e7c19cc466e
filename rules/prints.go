package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// What a finding says that is gained is cut for people; what fingerprints cover is not.

// secret reports whether a policy that counts for the subject is marked as sensitive: what
// it holds back is not to be told, nor to be found by trying hashes.
func (s *Sum) secret() bool {
	for i := range s.Terms {
		t := &s.Terms[i]
		if slices.ContainsFunc(t.Limits, func(l Limit) bool { return l.Sensitive }) ||
			slices.ContainsFunc(t.Holdings, func(h Holding) bool { return h.Grant.Before.Sensitive || h.Grant.After.Sensitive }) {
			return true
		}
	}
	return false
}

// SameKeys reports whether two findings are about exactly the same access.
func (f *Found) SameKeys(o *Found) bool { return slices.Equal(f.Gained.Keys, o.Gained.Keys) }

// gainKeys are what the fingerprint of a gain covers: exactly what is gained, or, where only
// an outline of that is known, all documents that were compared.
func gainKeys(gain *access.Gain, before, after access.Set) []string {
	if gain.Exact {
		return []string{gain.Key()}
	}
	return []string{gain.Key(), before.Key(), after.Key()}
}

// on are what the fingerprint of a finding about ways covers besides: the resources on which
// each permission that they need is given.
func (a *abilities) on(ways []escalation) []string {
	if a.p.Sum.secret() {
		return nil
	}
	after := a.p.gained().after.and(&policy.Document{}) // as can asks
	given := policy.Document{Version: policy.Version2012}
	for _, e := range ways {
		for _, action := range e.Needs {
			gain := a.after[action]
			s := after.holdings[gain.Document].After.Statements[gain.Statement]
			s.Action = policy.Values{List: []policy.Value{{Text: action}}}
			given.Statements = append(given.Statements, s)
		}
	}
	return append(a.p.Sum.held(), access.Allowed(&given).Key())
}

// held are what the fingerprint of a finding covers that is about what the subject may do
// after the change, whatever it could before, or beyond what the configuration says: the
// Deny statements and limits that hold it back.
func (s *Sum) held() []string {
	if s.secret() {
		return nil
	}
	var set access.Set
	for i := range s.Terms {
		var denies []*policy.Document
		for j := range s.Terms[i].Holdings {
			d := s.Terms[i].Holdings[j].After
			if d == nil {
				continue
			}
			one := *d
			one.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(st policy.Statement) bool { return st.Effect != policy.Deny })
			denies = append(denies, &one)
		}
		term := access.Allowed(denies...)
		for _, l := range s.Terms[i].Limits {
			if l.After != nil {
				term = term.And(l.After...)
			}
		}
		set = set.Or(term)
	}
	return []string{set.Key()}
}
