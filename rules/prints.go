package rules

import (
	"fmt"
	"slices"
	"sync"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// What a finding says that is gained is cut for people; what fingerprints cover is not.

// sensitive reports whether the document of a holding must not be shown.
func (h *Holding) sensitive() bool { return h.Grant.Before.Sensitive || h.Grant.After.Sensitive }

// secret reports whether a policy that counts for the subject is marked as sensitive: what
// it gives and holds back is not to be told, nor to be found by trying hashes.
func (s *Sum) secret() bool {
	for i := range s.Terms {
		t := &s.Terms[i]
		if slices.ContainsFunc(t.Limits, func(l Limit) bool { return l.Sensitive }) || slices.ContainsFunc(t.Holdings, func(h Holding) bool { return h.sensitive() }) {
			return true
		}
	}
	return false
}

// plain is what the sum allows before or after the change by documents that may be shown,
// of the statements that keep keeps; of others it tells that they are there.
func (s *Sum) plain(after bool, keep func(*policy.Statement) bool) string {
	var set access.Set
	hidden := 0
	for i := range s.Terms {
		t := &s.Terms[i]
		var docs []*policy.Document
		for j := range t.Holdings {
			h := &t.Holdings[j]
			d := h.Before
			if after {
				d = h.After
			}
			switch {
			case d == nil:
			case h.sensitive():
				hidden++
			default:
				one := *d
				one.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(st policy.Statement) bool { return !keep(&st) })
				docs = append(docs, &one)
			}
		}
		term := access.Allowed(docs...)
		for _, l := range t.Limits {
			limit := l.Before
			if after {
				limit = l.After
			}
			switch {
			case limit == nil:
			case l.Sensitive:
				hidden++
			default:
				term = term.And(limit...)
			}
		}
		set = set.Or(term)
	}
	return fmt.Sprint(set.Key(), " and ", hidden)
}

// held are what the fingerprint of a finding covers that is about what the subject may do
// after the change, whatever it could before, or beyond what the configuration says: the
// Deny statements and limits that hold it back.
func (s *Sum) held() []string {
	return []string{s.plain(true, func(st *policy.Statement) bool { return st.Effect == policy.Deny })}
}

// compared are what the fingerprint of a finding covers where no more is known of what it
// is about than that it comes from the documents that were compared.
func (s *Sum) compared() []string {
	all := func(*policy.Statement) bool { return true }
	return []string{s.plain(false, all), s.plain(true, all)}
}

// statementKey is equal for statements of documents that may be shown which say the same.
func statementKey(g *extractors.Grant, s *policy.Statement) string {
	if g.Before.Sensitive || g.After.Sensitive {
		return ""
	}
	d := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{*s}}
	return access.Allowed(&d).Key()
}

// SameKeys reports whether two findings are about exactly the same access.
func (f *Found) SameKeys(o *Found) bool { return slices.Equal(f.Gained.Keys, o.Gained.Keys) }

// gainKeys are what the fingerprint of a gain covers: exactly what is gained, or, where only
// an outline of that is known, all documents that were compared.
func gainKeys(gain *access.Gain, documents func() string) []string {
	if gain.Exact {
		return []string{gain.Key()}
	}
	return []string{gain.Key(), documents()}
}

// documentsOf tells sets from others by all their statements, worked out once for the many
// gains of one comparison.
func documentsOf(before, after access.Set) func() string {
	return sync.OnceValue(func() string { return digest([]string{"before " + before.Key(), "after " + after.Key()}) })
}

// on are what the fingerprint of a finding about ways covers besides: all statements that
// give a permission which they need.
func (a *abilities) on(ways []escalation) []string {
	out := a.p.Sum.held()
	for _, e := range ways {
		for _, action := range e.Needs {
			for _, h := range a.p.gained().after.holdings {
				if h == nil { // a limit
					continue
				}
				for i := range h.After.Statements {
					if s := h.After.Statements[i]; s.Effect == policy.Allow && namesAction(&s, action) {
						s.Action = policy.Values{List: []policy.Value{{Text: action}}}
						out = append(out, statementKey(h.Grant, &s))
					}
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
