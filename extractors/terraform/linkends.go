package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// end is what a value names: an object of the plan, or else what is known by name.
type end struct {
	object  *subjectObject
	name    string // the value itself, "" where it is not known
	sure    bool   // that it is this object
	unknown *extractors.Unknown
}

// endsOf finds what the values of one attribute name on one side: 0 is before, 1 after.
// A known value is looked up. Of one that is only known after apply, the references of
// the attribute tell what it is where they leave no choice.
func (x *extraction) endsOf(l *pendingLink, side int, values []linkValue, attr string, types []string) []end {
	if len(values) == 0 {
		return nil
	}
	ends := make([]end, len(values))
	var open []int
	for i, v := range values {
		e := &ends[i]
		switch {
		case v.fault != "":
			e.unknown = &extractors.Unknown{Reason: v.fault, References: x.refsOf(l, attr), Faulty: true}
		case v.unknown:
			open = append(open, i)
		default:
			e.name, e.sure = v.text, true
			object, only := x.objects.on(side, types, v.text, func(o *subjectObject) bool { return x.apart(l.instance, l.region, v.text, o) })
			if !only {
				object = x.referenced(l, attr, types, v.text)
			}
			e.object = object
		}
	}
	if len(open) > 0 {
		x.openEnds(l, values, open, ends, attr, types)
	}
	return ends
}

// openEnds resolves the values that are not known yet. Where as many of them are open
// as there are objects that they can be, they are these.
func (x *extraction) openEnds(l *pendingLink, values []linkValue, open []int, ends []end, attr string, types []string) {
	found, opaque := x.candidates(l, attr, types)
	whole := slices.ContainsFunc(open, func(i int) bool { return values[i].whole })
	if len(found) > len(open) {
		// What exists has a name that is known; what is made has not.
		found = slices.DeleteFunc(found, func(e end) bool { return !e.object.created && !e.object.replaced })
	}
	if !opaque && !whole && len(found) == len(open) {
		for i, j := range open {
			ends[j] = found[i]
		}
		return
	}
	reason := fmt.Sprintf("The value of %s is not known before the change is applied.", attr)
	if whole {
		reason = fmt.Sprintf("What %s will hold is not known before the change is applied.", attr)
	}
	refs := x.refsOf(l, attr)
	for _, i := range open {
		ends[i].unknown = &extractors.Unknown{Reason: reason, References: refs}
	}
}

// refsOf are the references of an attribute, as written in the module of the object.
func (x *extraction) refsOf(l *pendingLink, attr string) []string {
	path, err := modulePath(l.module)
	if err != nil {
		return nil
	}
	return x.config.references(path, l.typ, l.name, attr)
}

// maxInstances bounds the instances of one block that a value may be.
const maxInstances = 100

// candidates are the objects that an attribute refers to, each once. The second result
// says that its value may also come from elsewhere.
func (x *extraction) candidates(l *pendingLink, attr string, types []string) (list []end, opaque bool) {
	path, err := modulePath(l.module)
	if err != nil || len(types) == 0 {
		return nil, true
	}
	at := viewpoint{path: path, key: l.index, each: x.config.references(path, l.typ, l.name, forEach)}
	var t trail
	x.config.lead(at, x.config.references(path, l.typ, l.name, attr), types, &t, 0)
	indexed := false
	add := func(o *subjectObject, sure bool) {
		if o != nil && !slices.ContainsFunc(list, func(e end) bool { return e.object == o }) {
			list = append(list, end{object: o, sure: sure})
		}
	}
	for _, target := range t.targets {
		block := blockAddress(joinModules(target.path), target.typ, target.name)
		instances := x.objects.instances(block, maxInstances+1)
		switch exact, guess := x.objects.at(block+target.key), x.objects.at(block+target.guess); {
		case exact != nil:
			add(exact, true)
		case len(instances) == 0:
			// A plan holds every object, so that the value comes from elsewhere.
		case target.key != "":
			t.opaque++
		case len(instances) == 1:
			indexed = true
			add(instances[0], true)
		case target.guess != "" && guess != nil:
			add(guess, false)
		case len(instances) > maxInstances:
			return nil, true
		default:
			indexed = true // one of them, or all
			for _, o := range instances {
				add(o, false)
			}
		}
	}
	// An expression that chooses an instance has references for the key as well.
	return list, t.opaque > 1 || t.opaque == 1 && !indexed
}

// referenced is the object that an attribute refers to among several that its value
// fits.
func (x *extraction) referenced(l *pendingLink, attr string, types []string, value string) *subjectObject {
	list, _ := x.candidates(l, attr, types)
	list = slices.DeleteFunc(list, func(e end) bool { return !e.object.goesBy(value) })
	if len(list) == 1 {
		return list[0].object
	}
	return nil
}

// target is what an end is as the target of a link.
func (e end) target(kind string, side int) extractors.Target {
	t := extractors.Target{Kind: kind, Name: e.name, Unknown: e.unknown}
	if e.object != nil {
		t.Address = e.object.address
		if t.Name == "" {
			t.Name = e.object.displayed(side)
		}
	}
	return t
}

// displayed is the name of the object on one side, or else on the other.
func (s *subjectObject) displayed(side int) string {
	if side == 0 && s.before != "" || s.after() == "" && !s.replaced {
		return s.before
	}
	return s.after()
}

// subject is what an end is as the subject of a link.
func (e end) subject(kind string) extractors.Subject {
	s := extractors.Subject{Kind: kind, Name: e.name}
	if e.object == nil {
		return s
	}
	s = subjectOf(s, e.object.address, e.object, e.sure)
	if !e.object.goesBy(e.name) && e.name != "" {
		s.Name = e.name // something inside of the object, such as a root
	}
	return s
}

// same reports whether two ends are one thing.
func (e end) same(other end) bool {
	switch {
	case e.unknown != nil || other.unknown != nil:
		return false
	case e.object != nil && e.object == other.object:
		return true
	case e.name == "" || other.name == "":
		return false
	case e.name == other.name:
		return true
	}
	return (e.object == nil || other.object == nil) && sameName(e.name, other.name)
}

// shortName is the last part of a name or an ARN: things that are the same have the
// same one.
func shortName(name string) string { return name[strings.LastIndexAny(name, "/:")+1:] }
