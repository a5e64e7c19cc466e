package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// MergeOperations makes one finding of those about what gives access to one subject and is
// no policy, in the place of the first: where anyone may newly do the same with several
// resources, such as the operations, methods and routes of an API; where a service may do
// the same for several sources, such as the operations of an API that call a function; and
// of the statements that an access control list amounts to for one grantee. What accepts
// it is about every one of them, and its fingerprint covers them all. What a comment
// accepts stays by itself.
func MergeOperations(found []Found) []Found {
	for _, by := range []struct {
		key  func(*Found) (string, bool)
		name func(*Found) string
		tell func(f *Found, found []Found, list []int)
	}{
		{operationKey, operationOf, (*Found).tellOperations},
		{sourceKey, sourceOf, (*Found).tellSources},
		{listKey, listEntry, (*Found).tellEntries},
	} {
		found = joinAlike(found, func(f *Found) (any, bool) {
			if !f.joins() {
				return "", false
			}
			return by.key(f)
		}, func(found []Found, list []int) Found { return asOne(found, list, by.name, by.tell) })
	}
	return found
}

// joins reports whether a finding is about a statement of what is no policy, and nothing
// in it keeps it from being one with others.
func (f *Found) joins() bool {
	return f.Rule == newAccess.ID && f.Grant != nil && f.Grant.Does != "" && f.Gained != nil && f.Statement != nil && len(f.Parts)+len(f.Each)+len(f.Same) == 0 &&
		!f.Undecided && !f.Undenied && !f.Sensitive && f.Archived == nil && !f.Grant.Before.Sensitive && !f.Grant.After.Sensitive && f.instead == "" && f.written() != nil
}

// alikeKey is the same for findings about one subject that differ in no more than their
// resources, levels and conditions.
func alikeKey(f *Found, more ...string) string {
	return fmt.Sprintf("%q", append([]string{
		fmt.Sprintf("%q", []any{f.Grant.Subject}), fmt.Sprint(f.Subject, f.New, f.Pinned, f.Hubs, f.Location.Path), f.Under.Key(),
		f.Grant.Type, f.Grant.Does, fmt.Sprintf("%q", [][]string{f.Gained.Principals, f.Gained.Conditions}),
	}, more...))
}

// operationKey is the same for findings that differ in their resources alone; false for
// what is left alone.
func operationKey(f *Found) (string, bool) {
	s := f.written()
	if !isPublic(s) || s.Resource == nil || s.Resource.Not || len(f.Gained.Resources) == 0 {
		return "", false
	}
	return alikeKey(f, fmt.Sprint(f.Level, f.Severity), fmt.Sprintf("%q", f.Gained.Actions), spelledConditions(s.Conditions)), true
}

// written is the statement after the change that a finding is about; nil where it is none.
func (f *Found) written() *policy.Statement {
	d := f.Grant.After.Document
	if d == nil || f.former || f.Statement == nil || f.Statement.Index < 0 || f.Statement.Index >= len(d.Statements) {
		return nil
	}
	return &d.Statements[f.Statement.Index]
}

// asOne makes one finding of several, the worst first: name is what each is about, and tell
// writes the message.
func asOne(found []Found, list []int, name func(*Found) string, tell func(f *Found, found []Found, list []int)) Found {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b int) int {
		x, y := &found[a], &found[b]
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(x.Address, y.Address), cmp.Compare(x.Attribute, y.Attribute), cmp.Compare(x.Statement.Index, y.Statement.Index))
	})
	f := found[list[0]]
	f.Each, f.Details = nil, slices.Clone(f.Details)
	all := *f.Gained
	all.Actions, all.Resources, all.Exact, all.Description = nil, nil, false, ""
	all.Known = nil
	var prints, bases, names []string
	one := true // document
	for _, i := range list {
		o := &found[i]
		one = one && o.Grant == f.Grant
		f.Each = append(f.Each, o.Finding)
		f.also = append(f.also, StatementOf{o.Grant, o.Statement.Index})
		prints, bases = append(prints, o.Fingerprint), append(bases, o.base)
		all.Actions, all.Resources = union(all.Actions, o.Gained.Actions), union(all.Resources, o.Gained.Resources)
		names = append(names, name(o))
		f.addSources(o.Sources...)
		f.Unknowns = union(f.Unknowns, o.Unknowns)
		f.TakeIn(o.Contained)
		if o.Address != f.Address || o.Attribute != f.Attribute {
			at := Source{Address: o.Address, Attribute: o.Attribute}
			f.addSources(at)
			if !slices.Contains(f.Same, at) {
				f.Same = append(f.Same, at)
			}
		}
	}
	if one { // else the numbers of statements say nothing
		for _, i := range list {
			o := &found[i]
			f.Parts = append(f.Parts, Part{o.Level, o.Severity, *o.Statement, *o.Gained, o.Witness})
		}
	}
	f.inPart()
	f.Gained = &all
	tell(&f, found, list)
	f.Details = append(f.Details, fmt.Sprintf("It is about: %s.", enumerated(names)))
	f.Fingerprint, f.base = digest(prints), digest(bases)
	return f
}

// tellOperations writes the message of a finding about several resources: of an API it
// counts the operations, and names those first that may change something.
func (f *Found) tellOperations(found []Found, list []int) {
	s := *f.written()
	s.Sid = ""
	g := *f.Grant
	gained := *f.Gained
	var calls []string
	api := ""
	for _, i := range list {
		r := found[i].Gained.Resources
		named := callsOf(&policy.Values{List: valueList(r)})
		whole, _, _ := strings.Cut(r[0], "/")
		if len(named) == 0 || api != "" && api != whole {
			f.Message, _ = gainMessage(&g, &s, &gained, false)
			f.Message = Readable(f.Message)
			return
		}
		api, calls = whole, union(calls, named)
	}
	slices.SortStableFunc(calls, func(a, b string) int { return cmp.Compare(reading(a), reading(b)) })
	gained.Resources = []string{fmt.Sprintf("%d operations of %s (%s)", len(calls), api, phrase(calls, ""))}
	f.Message, _ = gainMessage(&g, &s, &gained, false)
	f.Message = Readable(f.Message)
}

// reading is 1 for a call that is one to read, by its method.
func reading(call string) int {
	switch method, _, _ := strings.Cut(call, " "); method {
	case "GET", "HEAD", "OPTIONS":
		return 1
	}
	return 0
}

func valueList(texts []string) []policy.Value {
	out := make([]policy.Value, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

// operationOf names what a finding is about with its place.
func operationOf(f *Found) string {
	name := phrase(f.Gained.Resources, "")
	if calls := callsOf(&policy.Values{List: valueList(f.Gained.Resources)}); len(calls) > 0 {
		name = phrase(calls, "")
	}
	return f.withPlace(name)
}

// withPlace adds to a name where it is: what gives the access, if that is not the subject
// itself, and its line.
func (f *Found) withPlace(name string) string {
	var at []string
	if f.Address != f.Grant.Subject.Address {
		at = append(at, f.Address)
	}
	if f.Location.StartLine > 0 {
		at = append(at, fmt.Sprintf("line %d", f.Location.StartLine))
	}
	if len(at) == 0 {
		return Readable(name)
	}
	return Readable(name + " (" + strings.Join(at, ", ") + ")")
}

// StatementOf is a statement of a document after the change.
type StatementOf struct {
	Grant *extractors.Grant
	Index int
}

// Also lists the statements that a finding about several operations is about.
func (f *Found) Also() []StatementOf { return f.also }
