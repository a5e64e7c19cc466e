package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A cause is why a finding says that something is not known, so that those of one resource
// which have the same one are told together.
type cause struct {
	who    string // as a sentence calls whose access it is
	reason string // a clause
	refs   []string
	// what is the target that cannot be followed, and several what is said of more than one
	// in place of %s; "" where the reason is told of attributes.
	what, several string
}

// How extractors begin what they say of attributes and policies that are not known.
const (
	openAttribute   = "an attribute that decides who may do what is not known"
	noConfiguration = "the policy text is not known before the change is applied, and there is no configuration to work it out from"
)

// key is equal for the same cause.
func (c *cause) key() string {
	switch {
	case c.several != "":
		return c.several
	case strings.HasPrefix(c.reason, openAttribute), strings.HasPrefix(c.reason, noConfiguration):
		return "not known"
	}
	return c.reason
}

// MergeUnresolved makes one finding of those which say of one resource that something is
// not known for the same cause, such as several attributes of a bucket, in the place of the
// first. What accepts it is about each of them, and its fingerprint covers them all. What
// a comment accepts stays by itself.
func MergeUnresolved(found []Found) []Found {
	return joinAlike(found, func(f *Found) (any, bool) {
		if f.Rule != unresolvedPolicy.ID || f.why == nil || f.Archived != nil || f.Sensitive || len(f.Each) > 0 {
			return "", false
		}
		return fmt.Sprintf("%q", []string{f.Address, fmt.Sprint(f.Subject, f.Action, f.Level, f.Severity, f.Undecided, f.New, f.Pinned, f.Location.Path), f.Under.Key(), f.why.who, f.why.key()}), true
	}, ofOneCause)
}

// ofOneCause makes one finding of several that have one cause.
func ofOneCause(found []Found, list []int) Found {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b int) int {
		x, y := &found[a], &found[b]
		return cmp.Or(cmp.Compare(x.Attribute, y.Attribute), cmp.Compare(x.why.what, y.why.what), cmp.Compare(x.Message, y.Message))
	})
	f := found[list[0]]
	var prints, bases, attributes, whats, refs []string
	reason := f.why.reason
	mixed := false
	f.Details = nil
	for _, i := range list {
		o := &found[i]
		f.Each = append(f.Each, o.Finding)
		prints, bases = append(prints, o.Fingerprint+o.why.what), append(bases, o.base+o.why.what)
		whats, refs = union(whats, []string{o.why.what}), union(refs, o.why.refs)
		attributes = union(attributes, []string{o.Attribute})
		mixed = mixed || o.why.reason != reason
		if strings.HasPrefix(o.why.reason, noConfiguration) {
			reason = o.why.reason // it says what to do
		}
		f.Unknowns = union(f.Unknowns, o.Unknowns)
		f.Details = union(f.Details, o.Details)
		if o.Attribute != f.Attribute {
			f.addSources(Source{Address: o.Address, Attribute: o.Attribute})
		}
	}
	who := f.why.who
	if len(attributes) > 1 {
		who += " (" + enumerated(attributes) + ")"
	}
	switch rest, ok := strings.CutPrefix(reason, "the policy text is not known"); {
	case f.why.several != "":
		f.Message = who + ": " + fmt.Sprintf(f.why.several, inWords(whats))
	case mixed && ok:
		f.Message = who + ": what they allow is not known" + rest
	case strings.HasPrefix(reason, openAttribute):
		f.Message = who + ": attributes that decide who may do what are not known" + strings.TrimPrefix(reason, openAttribute)
	default:
		f.Message = who + ": " + reason
	}
	if len(refs) > 0 {
		f.Message += "; it depends on " + phrase(refs, "")
	}
	f.Message = Readable(f.Message + ".")
	f.Fingerprint, f.base = digest(prints), digest(bases)
	return f
}

// inWords writes all names of a list, as many as a sentence can hold, with an "and".
func inWords(names []string) string {
	if n := len(names); n > 1 && n <= maxPrincipals {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return enumerated(names)
}
