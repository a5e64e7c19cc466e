package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// resolveLink appends the links of an object: one for each subject on either side.
func (x *extraction) resolveLink(links *linkList, l *pendingLink) {
	before, after := x.targetsOf(l)
	if l.row.self() && l.row.Link.Within == "" {
		l.ownLinks(links, before, after)
		return
	}
	for _, p := range x.pairSubjects(l) {
		action, b, a, from := l.op.action, before, after, p.after
		switch {
		case p.before == nil:
			action, b = oneSided(action, extractors.Create), nil
		case p.after == nil:
			action, a, from = oneSided(action, extractors.Delete), nil, p.before
			if u := l.wholeUnknown(); u != nil { // it may stay
				action, a = l.op.action, []extractors.Target{{Kind: l.row.Link.Target, Unknown: u}}
			}
		}
		l.add(links, l.address, from.placedSubject(l.row), from.unknown, action, b, a)
		if l.row.Link.Bridge && from.unknown == nil {
			l.bridge(links, p, action, len(b) > 0, len(a) > 0)
		}
	}
}

// bridge appends the link from a subject to what it is in its places. One that changes
// its place has one link, from the one place to the other.
func (l *pendingLink) bridge(links *linkList, p pair, action extractors.Action, had, has bool) {
	place := func(e *placedEnd, there bool) []extractors.Target {
		if e == nil || !there {
			return nil
		}
		return []extractors.Target{{Kind: l.row.Subject, Name: e.placedSubject(l.row).Name}}
	}
	before, after := place(p.before, had), place(p.after, has)
	from := cmp.Or(p.after, p.before).subject(l.row.Subject)
	for i := len(links.links) - 1; i >= 0 && links.about[i].row == l.row && links.links[i].Address == l.address; i-- {
		other := &links.links[i]
		if subjectKey(other.From) == subjectKey(from) {
			other.Action = l.op.action
			other.Before, other.After = append(other.Before, before...), append(other.After, after...)
			return
		}
	}
	l.add(links, l.address, from, nil, action, before, after)
}

func (l *pendingLink) add(links *linkList, address string, from extractors.Subject, unknown *extractors.Unknown, action extractors.Action, before, after []extractors.Target) {
	links.about = append(links.about, resolvedLink{row: l.row, op: l.op})
	links.links = append(links.links, extractors.Link{
		Address: address, PreviousAddress: l.previous, Type: l.typ, Attribute: l.row.attribute(), Kind: l.row.Link.Kind,
		Action: action, From: from, FromUnknown: unknown, Before: before, After: after,
	})
}

// wholeUnknown says that it is not known which subjects there will be; nil where it is.
func (l *pendingLink) wholeUnknown() *extractors.Unknown {
	if !slices.ContainsFunc(l.froms[1], func(v linkValue) bool { return v.whole }) {
		return nil
	}
	return &extractors.Unknown{Reason: "Whether it stays among those that " + strings.Join(stepsOf(l.row.Name), ".") + " lists is not known before the change is applied."}
}

// oneSided is the action for a subject that only one side has.
func oneSided(action, only extractors.Action) extractors.Action {
	switch action {
	case extractors.NoOp, extractors.Update, extractors.Replace:
		return only
	}
	return action
}

// ownLinks appends the link of an object that is its own subject, or two where the
// change makes another subject of it.
func (l *pendingLink) ownLinks(links *linkList, before, after []extractors.Target) {
	from := extractors.Subject{
		Kind: l.row.Subject, Address: l.address, Name: l.own,
		Gone: l.op.action == extractors.Delete, New: l.op.action == extractors.Create,
	}
	if l.row.Link.Itself {
		from.Address += "." + l.row.attribute() // a part of the object
	}
	if !l.remade {
		l.add(links, l.address, from, nil, l.op.action, before, after)
		return
	}
	if !l.op.forgotten { // else what there was stays, and has a link of its own
		left := from
		left.Address, left.Gone = l.address+" (as it was)", true
		l.add(links, left.Address, left, nil, extractors.Delete, before, nil)
	}
	from.New = true
	l.add(links, l.address, from, nil, extractors.Create, nil, after)
}

// targetsOf resolves the targets of both sides, each once.
func (x *extraction) targetsOf(l *pendingLink) (before, after []extractors.Target) {
	form := l.row.Link
	if form.Itself {
		return x.itself(l, 0), x.itself(l, 1)
	}
	attr, types := l.row.attribute(), split(form.Types)
	olds := x.endsOf(l, 0, l.targets[0], attr, types)
	news := x.endsOf(l, 1, l.targets[1], attr, types)
	before = distinctTargets(olds, form.Target, 0)
	if slices.Equal(olds, news) {
		return before, before
	}
	return before, distinctTargets(news, form.Target, 1)
}

// itself is the object of a link as its own target on one side.
func (x *extraction) itself(l *pendingLink, side int) []extractors.Target {
	if len(l.targets[side]) == 0 {
		return nil
	}
	t := extractors.Target{Kind: l.row.Link.Target, Address: l.address}
	if o := x.objects.at(l.address); o != nil {
		t.Name = o.displayed(side)
	}
	return []extractors.Target{t}
}

func distinctTargets(ends []end, kind string, side int) []extractors.Target {
	if len(ends) == 0 {
		return nil
	}
	targets := make([]extractors.Target, 0, len(ends))
	seen := map[string]bool{}
	for _, e := range ends {
		t := e.target(kind, side)
		key := targetKey(t)
		if t.Unknown != nil || !seen[key] {
			targets = append(targets, t)
		}
		seen[key] = true
	}
	return targets
}

// targetKey is what a target is known by.
func targetKey(t extractors.Target) string {
	if t.Address != "" {
		return t.Address
	}
	return "\x00" + t.Name
}

// placedEnd is a subject with its places.
type placedEnd struct {
	end
	within string
}

// placedSubject is the subject in its places. In them it has no address, since it is
// something else than the object is as a whole.
func (e *placedEnd) placedSubject(r *row) extractors.Subject {
	s := e.subject(r.Subject)
	if r.Link.Within == "" || e.unknown != nil {
		return s
	}
	if s.Address != "" {
		s.Name = s.Address
	}
	s.Address = ""
	s.Name += " " + e.within
	return s
}

// pair is one subject on both sides; nil where a side has it not.
type pair struct{ before, after *placedEnd }

// maxAlike bounds the subjects of one object that are compared with each other because
// their names end alike.
const maxAlike = 16

// pairSubjects finds which subjects of the two sides are the same.
func (x *extraction) pairSubjects(l *pendingLink) []pair {
	olds, news := x.subjectsOf(l, 0), x.subjectsOf(l, 1)
	alike := make(map[string][]int, len(news))
	for i := range news {
		for _, key := range news[i].keys() {
			alike[key] = append(alike[key], i)
		}
	}
	pairs := make([]pair, 0, max(len(olds), len(news)))
	used := make([]bool, len(news))
	for i := range olds {
		p := pair{before: &olds[i]}
		for _, key := range olds[i].keys() {
			list := alike[key]
			for _, j := range list[:min(len(list), maxAlike)] {
				if p.after == nil && !used[j] && olds[i].within == news[j].within && olds[i].same(news[j].end) {
					p.after, used[j] = &news[j], true
				}
			}
		}
		pairs = append(pairs, p)
	}
	for j := range news {
		if !used[j] {
			pairs = append(pairs, pair{after: &news[j]})
		}
	}
	return pairs
}

// keys are what two ends that are the same have in common, one of them at least.
func (e *placedEnd) keys() []string {
	var keys []string
	if e.object != nil {
		keys = append(keys, "\x00"+e.object.address)
	}
	if e.name != "" {
		keys = append(keys, shortName(e.name))
	}
	return keys
}

// subjectsOf are the subjects of one side, each once.
func (x *extraction) subjectsOf(l *pendingLink, side int) []placedEnd {
	within := x.withinText(l, side)
	var attr string
	for _, n := range l.row.nameAttrs() {
		attr = strings.Join(stepsOf(n), ".")
		if len(x.refsOf(l, attr)) > 0 {
			break
		}
	}
	ends := x.endsOf(l, side, l.froms[side], attr, split(l.row.Of))
	list := make([]placedEnd, 0, len(ends))
	seen := map[string]bool{}
	for _, e := range ends {
		key := e.name
		if e.object != nil {
			key = "\x00" + e.object.address
		}
		if e.unknown == nil && seen[key] {
			continue
		}
		seen[key] = true
		list = append(list, placedEnd{e, within})
	}
	return list
}

// withinText says where a subject is meant, such as "in account 111122223333". What is
// not known yet is named by what it refers to, or else by the object at hand.
func (x *extraction) withinText(l *pendingLink, side int) string {
	var texts []string
	for i, place := range split(l.row.Link.Within) {
		if i >= len(l.within[side]) {
			break
		}
		word, attr, named := cutPlace(place)
		v := l.within[side][i]
		switch {
		case !named:
			texts = append(texts, word)
			continue
		case v.unknown:
			v.text = l.address + "." + attr
			if refs := x.refsOf(l, stepsOf(attr)[0]); len(refs) > 0 {
				v.text = strings.Join(refs, ", ")
				if l.module != "" {
					v.text = l.module + ": " + v.text
				}
			}
		case v.text == "":
			continue
		}
		texts = append(texts, word+" "+v.text)
	}
	return "in " + strings.Join(texts, ", ")
}
