package rules

import (
	"slices"
	"strings"
	"time"
)

// ArchiveRule accepts findings (IAM Access Analyzer API Reference, "ArchiveRuleSummary").
type ArchiveRule struct {
	Name    string
	Filter  map[string]Criterion // by field; all have to hold
	Reason  string
	Expires time.Time // the last day on which it holds, UTC; zero: for ever
}

// Criterion is a condition on the values of a field. The values of one operator are
// alternatives; several operators have to hold together.
type Criterion struct {
	Eq, Neq, Contains []string
	Exists            *bool
}

// holds reports whether the values of a field meet the criterion. A field with several
// values equals or contains when one of them does, or, where all is set, when each of them
// does: what is accepted of what is gained says nothing of the rest.
func (c Criterion) holds(values []string, all bool) bool {
	fits := func(fit func(string) bool) bool {
		if all {
			return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !fit(v) })
		}
		return slices.ContainsFunc(values, fit)
	}
	switch {
	case c.Exists != nil && *c.Exists != (len(values) > 0),
		c.Eq != nil && !fits(func(v string) bool { return slices.Contains(c.Eq, v) }),
		c.Neq != nil && slices.ContainsFunc(values, func(v string) bool { return slices.Contains(c.Neq, v) }),
		c.Contains != nil && !fits(func(v string) bool {
			return slices.ContainsFunc(c.Contains, func(part string) bool { return strings.Contains(v, part) })
		}):
		return false
	}
	return true
}

// Matches reports whether the rule is about a finding; of one with parts, about each of
// them, and of one that several documents bring, about each of these.
func (r *ArchiveRule) Matches(f *Finding) bool {
	for i := range f.Each {
		one := f.Each[i]
		one.Level, one.Fingerprint, one.Input = f.Level, f.Fingerprint, f.Input // which became known later
		if !r.Matches(&one) {
			return false
		}
	}
	if len(f.Each) > 0 { // nor may a rule be about anybody but whom it shows
		for name, c := range r.Filter {
			if values, _ := f.Field(name); slices.ContainsFunc(values, func(v string) bool { return slices.Contains(c.Neq, v) }) {
				return false
			}
		}
		return true
	}
	for i := range f.Parts {
		part := *f
		part.Parts, part.Statement, part.Gained = nil, &f.Parts[i].Statement, &f.Parts[i].Gained
		if !r.Matches(&part) {
			return false
		}
	}
	if len(f.Parts) > 0 {
		return true
	}
	for name, c := range r.Filter {
		values, known := f.Field(name)
		if !known || !c.holds(values, strings.HasPrefix(name, gainedFields)) {
			return false
		}
	}
	return len(r.Filter) > 0
}

// Expired reports whether the rule holds no more at a time.
func (r *ArchiveRule) Expired(now time.Time) bool {
	return !r.Expires.IsZero() && now.UTC().After(r.Expires.AddDate(0, 0, 1).Add(-time.Nanosecond))
}

// Archive accepts the findings that the rules are about, each by the first that holds.
// It returns the names of expired rules that would have accepted a finding which none
// accepts.
func Archive(found []Finding, archive []ArchiveRule, now time.Time) (expired []string) {
	for i := range found {
		f := &found[i]
		if f.Archived != nil {
			continue
		}
		var late []string
		for j := range archive {
			r := &archive[j]
			if !r.Matches(f) {
				continue
			}
			if r.Expired(now) {
				late = append(late, r.Name)
				continue
			}
			f.Archived = &Archived{Name: r.Name, Reason: r.Reason}
			if !r.Expires.IsZero() {
				f.Archived.Expires = r.Expires.Format(time.DateOnly)
			}
			break
		}
		if f.Archived != nil {
			continue
		}
		for _, name := range late {
			if !slices.Contains(expired, name) {
				expired = append(expired, name)
			}
		}
	}
	return expired
}
