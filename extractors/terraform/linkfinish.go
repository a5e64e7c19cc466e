package terraform

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/source"
)

// resolvedLink is a link of the result together with what settling it needs.
type resolvedLink struct {
	*extractors.Link // in the list of them
	row              *row
	op               *operation
	in               *instance
	region           string
	whole            bool // the attribute is not known as a whole after the change
	mirror           bool // shows what exists, and may be managed by other links
}

// linkList are the links of the result and what is known of each. The links are a list of
// their own, which becomes that of the result: there may be many.
type linkList struct {
	links []extractors.Link
	about []resolvedLink // their Link is set when all are there
}

// settleLinks makes the links of the result from those that were taken.
func (x *extraction) settleLinks(places *sourceMap) *linkList {
	list := &linkList{links: make([]extractors.Link, 0, x.linked), about: make([]resolvedLink, 0, x.linked)}
	for i, l := range x.links {
		x.links[i] = nil
		mirror := x.settleUnset(l, places)
		at := len(list.links)
		x.resolveLink(list, l)
		if len(list.links) == at {
			continue
		}
		origin := places.originOf("resource ", l.instance, l.row, "")
		whole := slices.ContainsFunc(l.targets[1], func(v linkValue) bool { return v.whole })
		for j := at; j < len(list.links); j++ {
			list.links[j].Written = origin
			about := &list.about[j]
			about.mirror, about.whole = mirror, whole
			about.in, about.region = l.instance, l.region
		}
	}
	x.links = nil
	links := list.about
	for i := range links {
		links[i].Link = &list.links[i]
	}
	for i := range links { // tag policies and the like hold no access back
		l := &links[i]
		other := func(t extractors.Target) bool { return x.otherPolicies[t.Address] }
		if slices.ContainsFunc(l.Before, other) || slices.ContainsFunc(l.After, other) { // the sides may share a list
			l.Before, l.After = slices.DeleteFunc(slices.Clone(l.Before), other), slices.DeleteFunc(slices.Clone(l.After), other)
		}
	}
	settleLinkMirrors(links)
	return list
}

// finishLinks puts the links that lead anywhere into the result.
func (x *extraction) finishLinks(links []extractors.Link) {
	if len(links) == 0 {
		return
	}
	kept := links[:0]
	seen := newSeen(len(links))
	for i := range links {
		l := &links[i]
		if len(l.Before) == 0 && len(l.After) == 0 {
			continue
		}
		if l.Action == extractors.NoOp && !sameTargets(l.Before, l.After) {
			l.Action = extractors.Update // whatever the plan calls it
		}
		if !seen.add(l.Address, l.Attribute, l.From.Kind, l.From.Address, l.From.Name) && l.FromUnknown == nil {
			x.failf(source.Pos{}, "a resource occurs twice", "The address %q (attribute %s) has several changes. Make the plan JSON anew.", limited(l.Address), limited(l.Attribute))
			x.incomplete("A resource occurs twice, so it is not known which change holds.")
		}
		kept = append(kept, *l)
	}
	clear(links[len(kept):])
	x.result.Links = kept
}

// sameTargets reports whether two sides lead to the same.
func sameTargets(a, b []extractors.Target) bool {
	return slices.EqualFunc(a, b, func(a, b extractors.Target) bool {
		if a.Unknown != nil && b.Unknown != nil {
			return a.Unknown.Reason == b.Unknown.Reason
		}
		return a.Unknown == nil && b.Unknown == nil && targetKey(a) == targetKey(b)
	})
}

// settleUnset deals with an attribute that the configuration does not set. An unknown
// value of it says nothing: what there is stays, and something new gets nothing. The
// result is true when the values show what exists, whoever manages it.
func (x *extraction) settleUnset(l *pendingLink, places *sourceMap) (mirror bool) {
	step := l.row.steps()[0]
	path, err := modulePath(l.module)
	if err != nil {
		return false
	}
	sides := &l.targets
	if l.row.Link.Itself && !l.row.self() {
		sides = &l.froms
	}
	unknown := slices.ContainsFunc(sides[1], func(v linkValue) bool { return v.unknown })
	isComputed := l.row.Flags&computed != 0
	if !unknown && !isComputed {
		return false
	}
	set, known := x.config.sets(path, l.typ, l.name, step)
	if set && unknown && isComputed {
		// Set to null, when all that it can come from is known.
		found, opaque := x.candidates(l, l.row.attribute(), split(l.row.Link.Types))
		set = len(found) > 0 || opaque
	}
	switch {
	case set:
		return false
	case !known:
		if !isComputed {
			return false
		}
		// Set or not, what another link of the plan attaches is what that one makes of it.
		mirror = x.result.Kind == KindState || l.op.action == extractors.Delete || l.op.action == extractors.Forget ||
			!unknown && slices.Equal(sides[0], sides[1])
		if unknown && !mirror {
			return false // it may be set
		}
	case unknown && l.row.nestedPath() && (!isComputed || places.generates(l.instance, step, *l.op)):
		return false // a dynamic block, which the configuration in the plan leaves out
	default:
		mirror = unknown || slices.Equal(sides[0], sides[1]) || !l.op.exists
	}
	if unknown {
		l.apart()
		l.targets[1], l.froms[1], l.within[1] = nil, nil, nil
		if l.op.existed && l.op.action != extractors.Replace {
			l.targets[1], l.froms[1], l.within[1] = l.targets[0], l.froms[0], l.within[0]
		}
	}
	return mirror && isComputed
}

// nestedPath reports whether the attribute is in a block.
func (r *row) nestedPath() bool { return strings.Contains(r.Path, ".") }
