package rules

import (
	"cmp"
	"fmt"
	"slices"
)

// Alternatives makes one finding of several about one statement, which gives something
// else under other choices about what is not known. The worst is in front; nothing is
// lost: Parts has each, so that whoever accepts the finding accepts all of them.
func Alternatives(list []Found) Found {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Found) int { return cmp.Compare(b.Severity, a.Severity) })
	f := list[0]
	all := *f.Gained
	f.Parts, f.Details = nil, slices.Clone(f.Details)
	if cases := f.Under.String(); cases != "" {
		f.Details = append(f.Details, "It is so where "+cases+".")
	}
	var prints, bases []string
	several := slices.ContainsFunc(list, func(o Found) bool { return len(o.Each) > 0 || !f.sameNames(&o.Finding) })
	f.Each = nil
	for i := range list {
		o := &list[i]
		switch {
		case len(o.Each) > 0:
			f.Each = append(f.Each, o.Each...)
		case several:
			f.Each = append(f.Each, o.Finding)
		}
		if len(o.Parts) > 0 {
			f.Parts = append(f.Parts, o.Parts...)
		} else {
			f.Parts = append(f.Parts, Part{o.Level, o.Severity, *o.Statement, *o.Gained, o.Witness})
		}
		prints, bases = append(prints, o.Fingerprint+" where "+o.Under.Full()), append(bases, o.base+" where "+o.Under.Full())
		if i == 0 {
			continue
		}
		all.Actions, all.Resources = union(all.Actions, o.Gained.Actions), gathered(all.Resources, o.Gained.Resources)
		all.Principals, all.Conditions = union(all.Principals, o.Gained.Principals), union(all.Conditions, o.Gained.Conditions)
		f.addSources(o.Sources...)
		f.Unknowns = union(f.Unknowns, o.Unknowns)
		f.TakeIn(o.Contained)
		f.Under = f.Under.With(o.Under)
		message := o.Message
		switch {
		case message == f.Message && o.If != f.If:
			message = "the same, " + limit(o.If) + "."
		case message == f.Message && o.Gained.Description != "" && o.Gained.Description != f.Gained.Description:
			message += " That is " + o.Gained.Description + "."
		}
		switch cases := o.Under.String(); {
		case i > maxParts:
		case cases == "":
			f.Details = append(f.Details, "Otherwise: "+message)
		default:
			f.Details = append(f.Details, "Where "+cases+": "+message)
		}
	}
	if more := len(list) - 1 - maxParts; more > 0 {
		f.Details = append(f.Details, fmt.Sprintf("There are %d more cases, which the JSON result has in full.", more))
	}
	f.inPart()
	f.casesTold = true
	all.Exact = false
	f.Gained = &all
	f.Fingerprint, f.base = digest(prints), digest(bases)
	return f
}

// AlsoNamed adds a finding that says the same under other choices: where the subject has
// another name then, what accepts the finding is about each of the names.
func (f *Found) AlsoNamed(o *Found) {
	each := o.Each
	if len(each) == 0 {
		each = []Finding{o.Finding}
	}
	for i := range each {
		one := &each[i]
		switch {
		case f.sameNames(one), slices.ContainsFunc(f.Each, func(has Finding) bool { return has.sameNames(one) }):
			continue
		case len(f.Each) == 0:
			f.Each = []Finding{f.Finding}
		}
		f.Each = append(slices.Clone(f.Each), *one)
		if f.named == nil {
			f.named = []string{f.Fingerprint}
		}
		f.named = append(slices.Clone(f.named), one.Fingerprint)
		f.Fingerprint = digest(slices.Clone(f.named))
		name := one.Subject.Name
		if name == f.Subject.Name && one.External != nil {
			name = one.External.Resource
		}
		if name != "" && len(f.Details) < 2*maxPrincipals {
			f.Details = append(slices.Clone(f.Details), "The same holds under other choices, where "+cmp.Or(f.Subject.Name, "it")+" is called "+name+".")
		}
	}
}

// sameNames reports whether two findings are about the same subject under the same name.
func (f *Finding) sameNames(o *Finding) bool {
	return f.Subject == o.Subject && (f.External == nil) == (o.External == nil) && (f.External == nil || f.External.Resource == o.External.Resource)
}

// CoverCases makes the fingerprint of a finding cover under which choices about what is not
// known it holds, which words say in full: who accepts it for one environment accepts
// nothing for another one.
func (f *Found) CoverCases(words string) {
	if words != "" && !f.casesTold {
		f.Fingerprint = digest([]string{f.Fingerprint, "where " + words})
	}
}

// TellCases says under which choices about what is not known a finding holds.
func (f *Found) TellCases() {
	f.Cases = f.Under.Key()
	if words := f.Under.String(); words != "" && !f.casesTold {
		f.Details = append(slices.Clone(f.Details), "It holds where "+words+".")
	}
}

// limit is what a statement adds to whom it names.
func limit(conditions string) string {
	if conditions == "" {
		return "without a condition"
	}
	return "if " + conditions
}
