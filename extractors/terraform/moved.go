package terraform

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// splitMoved takes the grants apart whose policy leaves one subject for another: the
// new subject gets all of it, and the old one loses it. Compared with each other, the
// two texts would say nothing about either.
func (x *extraction) splitMoved() {
	for _, p := range x.pending[:len(x.pending):len(x.pending)] {
		if p.aside || p.row.self() || !p.op.existed || !p.op.exists || !x.moved(p) {
			continue
		}
		if !p.op.forgotten { // else the old object stays in place
			left := *p
			left.Address = fmt.Sprintf("%s (left %s)", p.Address, limited(p.subject.before))
			left.PreviousAddress, left.Action = "", extractors.Delete
			left.op = operation{action: extractors.Delete, existed: true}
			left.After, left.unknowns, left.late = extractors.Side{Absent: true}, nil, nil
			left.subject.after, left.subject.unknown = "", false
			left.regions[1] = ""
			object := x.named(p.instance(), p.regions[0], p.row.subjectTypes(), p.subject.before)
			s := extractors.Subject{Kind: p.row.Subject, Name: p.subject.before}
			address := ""
			if object != nil {
				address = object.address
			}
			left.Subject = subjectOf(s, address, object, true)
			x.placeAccount(&left)
			x.keep(&left)
		}
		p.Action = extractors.Create
		p.Before = extractors.Side{Absent: true}
		p.subject.before = ""
		x.placeAccount(p)
	}
}

// moved reports whether the policy has another subject after the change.
func (x *extraction) moved(p *pending) bool {
	switch p.op.action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	// The same name in another region is something else.
	return p.regions[0] != "" && p.regions[1] != "" && p.regions[0] != p.regions[1] ||
		x.leads(p.instance(), p.subject, p.row.subjectTypes())
}

// leads reports whether an attribute that names something leads elsewhere after the
// change than before. An unknown name does not when it refers to a resource that had
// the old name: it is known only later because the resource is replaced.
func (x *extraction) leads(in instance, n namedSubject, types []string) bool {
	old := x.named(in, "", types, n.before)
	switch {
	case n.after != "":
		if n.before == "" || sameName(n.before, n.after) {
			return n.before == "" && n.after != "default" && strings.HasPrefix(in.typ, "aws_cloudwatch_event_")
		}
		return old == nil || old != x.named(in, "", types, n.after)
	case n.before == "":
		return false
	case !n.unknown:
		// Left out after the change, which means the default event bus.
		return n.before != "default" && strings.HasPrefix(in.typ, "aws_cloudwatch_event_")
	}
	path, err := modulePath(in.module)
	if err != nil {
		return true
	}
	refs := x.config.references(path, in.typ, in.name, n.attr)
	target, ok := x.config.follow(path, refs, types)
	if !ok {
		// Through a local value, or without a configuration: nothing else is known
		// of it than that a resource of the old name is made anew.
		return old == nil || !old.replaced
	}
	block := blockAddress(joinModules(target.path), target.typ, target.name)
	for _, address := range []string{block + target.key, block + in.index} {
		if o := x.objects.byAddress[address]; o != nil {
			return !o.had(n.before)
		}
	}
	return old == nil || !old.replaced || blockAddress(old.module, old.typ, old.name) != block
}

// had reports whether a value named the object before the change.
func (s *subjectObject) had(value string) bool {
	for _, v := range s.olds {
		if sameName(v, value) {
			return true
		}
	}
	return false
}

// sameName reports whether two values name one thing: they are equal, or one is an
// ARN that ends in the other.
func sameName(a, b string) bool {
	ends := func(arn, name string) bool {
		return strings.HasPrefix(arn, "arn:") && (strings.HasSuffix(arn, ":"+name) || strings.HasSuffix(arn, "/"+name))
	}
	return a == b || b != "" && ends(a, b) || a != "" && ends(b, a)
}
