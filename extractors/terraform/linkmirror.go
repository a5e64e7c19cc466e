package terraform

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// settleLinkMirrors deals with links of computed attributes that the configuration does
// not set (managed_policy_arns of aws_iam_role, see settleMirrors). Each target that
// such an attribute shows belongs to one of these:
//
//   - Another link of the plan attached it before: the attribute repeats that, also
//     when the other link goes.
//   - Another link attaches it now: it was attached already, and stays so by that link.
//   - A resource that manages all policies of the subject is made, and does not list it:
//     it goes.
//   - A resource that manages all attachments of the target is made or changed, and does
//     not list the subject: it goes.
//   - Nobody manages it: it stays.
//
// The latter two also hold for a link that the change leaves alone: it goes until the
// next change makes it again.
func settleLinkMirrors(links []resolvedLink) {
	soles := settleSoles(links)
	none := len(soles.exclusives)+len(soles.targets) == 0
	if none && !slices.ContainsFunc(links, func(l resolvedLink) bool { return !l.mirror && len(l.Before)+len(l.After) > 0 }) {
		return // nothing but mirrors
	}
	mirrors := map[holder][]int{}
	for i := range links {
		if l := &links[i]; l.mirror && len(l.Before)+len(l.After) > 0 {
			mirrors[l.holder()] = append(mirrors[l.holder()], i)
		}
	}
	if len(mirrors) == 0 && none {
		return
	}
	managers := map[holder][]*resolvedLink{}
	for i := range links {
		l := &links[i]
		if !l.mirror && mirrors[l.holder()] != nil {
			managers[l.holder()] = append(managers[l.holder()], l)
		}
	}
	for key, list := range mirrors {
		for _, i := range list {
			if none && len(managers[key]) == 0 {
				continue
			}
			settleLinkMirror(&links[i], managers[key], soles)
		}
	}
	for i := range links {
		if l := &links[i]; !l.mirror && !l.op.writes() && len(l.After) > 0 {
			l.After = slices.DeleteFunc(slices.Clone(l.After), func(t extractors.Target) bool { return soles.takes(l, t) })
		}
	}
}

// holder is what the kind and the subject of a link are known by.
type holder struct {
	kind    extractors.LinkKind
	subject subjectID
}

func (l *resolvedLink) holder() holder { return holder{l.Kind, subjectKey(l.From)} }

// soles are the links that the change writes and that tolerate no others.
type soles struct {
	exclusives map[holder][]*resolvedLink            // of all targets of a subject
	targets    map[string]map[holder][]*resolvedLink // by target: of all subjects of it
}

func settleSoles(links []resolvedLink) soles {
	out := soles{map[holder][]*resolvedLink{}, map[string]map[holder][]*resolvedLink{}}
	open := map[string]bool{} // resources of which not all subjects are known
	for i := range links {
		if links[i].FromUnknown != nil {
			open[links[i].Address] = true
		}
	}
	for i := range links {
		l := &links[i]
		switch {
		case !l.op.writes() || open[l.Address]:
		case l.row.Flags&exclusive != 0:
			out.exclusives[l.holder()] = append(out.exclusives[l.holder()], l)
		case l.row.Flags&sole != 0:
			for _, t := range l.After {
				if t.Unknown == nil {
					by := out.targets[targetKey(t)]
					if by == nil {
						by = map[holder][]*resolvedLink{}
						out.targets[targetKey(t)] = by
					}
					by[l.holder()] = append(by[l.holder()], l)
				}
			}
		}
	}
	return out
}

// takes reports whether a target of a link goes, since a resource that manages all of
// them does not list it.
func (s *soles) takes(l *resolvedLink, t extractors.Target) bool {
	if t.Unknown != nil {
		return false
	}
	ofIAM := l.Kind == attached && slices.Contains([]string{"role", "user", "group"}, l.From.Kind)
	if by := s.targets[targetKey(t)]; ofIAM && by != nil && by[l.holder()] == nil {
		return true
	}
	return slices.ContainsFunc(s.exclusives[l.holder()], func(e *resolvedLink) bool {
		// One of IAM Identity Center manages policies of AWS, or those of customers.
		of := strings.TrimSuffix(e.Type, "s_exclusive")
		return e.Address != l.Address && (l.mirror || of == l.Type || l.row.Flags&sole != 0) &&
			!s.lists(l.holder(), e.Address, t)
	})
}

// lists reports whether a resource may list a target as one of all that a holder has, in
// any of its attributes.
func (s *soles) lists(by holder, address string, t extractors.Target) bool {
	return slices.ContainsFunc(s.exclusives[by], func(e *resolvedLink) bool {
		return e.Address == address && slices.ContainsFunc(e.After, func(other extractors.Target) bool { return other.Unknown != nil || targetKey(other) == targetKey(t) })
	})
}

func settleLinkMirror(m *resolvedLink, managers []*resolvedLink, soles soles) {
	before, after := map[string]bool{}, map[string]*resolvedLink{}
	for _, l := range managers {
		for _, t := range l.Before {
			before[targetKey(t)] = true
		}
		for _, t := range l.After {
			after[targetKey(t)] = l
		}
	}
	keep := func(side []extractors.Target, goes func(extractors.Target) bool) []extractors.Target {
		return slices.DeleteFunc(slices.Clone(side), func(t extractors.Target) bool {
			key := targetKey(t)
			return t.Unknown == nil && (before[key] || after[key] != nil || goes(t))
		})
	}
	for _, t := range m.Before {
		if l := after[targetKey(t)]; t.Unknown == nil && l != nil && !before[targetKey(t)] {
			l.Before = append(slices.Clone(l.Before), t)
		}
	}
	m.Before = keep(m.Before, func(extractors.Target) bool { return false })
	m.After = keep(m.After, func(t extractors.Target) bool { return soles.takes(m, t) })
}

// subjectKey is what a subject is known by.
func subjectKey(s extractors.Subject) subjectID {
	if s.Address != "" {
		return subjectID{kind: s.Kind, address: s.Address}
	}
	return subjectID{kind: s.Kind, name: s.Name}
}

// subjectID is a subject by its address or else by its name.
type subjectID struct{ kind, address, name string }
