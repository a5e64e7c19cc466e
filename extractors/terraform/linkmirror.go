package terraform

import (
	"slices"

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
func settleLinkMirrors(links []resolvedLink) {
	mirrors := map[string][]int{}
	for i := range links {
		if l := &links[i]; l.mirror && len(l.Before)+len(l.After) > 0 {
			key := string(l.Kind) + subjectKey(l.From)
			mirrors[key] = append(mirrors[key], i)
		}
	}
	if len(mirrors) == 0 {
		return
	}
	managers, soles := map[string][]*resolvedLink{}, map[string]bool{}
	for i := range links {
		l := &links[i]
		if l.row.Flags&sole != 0 && l.op.exists && l.op.action != extractors.NoOp && l.op.action != extractors.Forget {
			for _, t := range l.After {
				if t.Unknown == nil {
					soles[targetKey(t)] = true
				}
			}
		}
		if key := string(l.Kind) + subjectKey(l.From); !l.mirror && mirrors[key] != nil {
			managers[key] = append(managers[key], l)
		}
	}
	for key, list := range mirrors {
		for _, i := range list {
			settleLinkMirror(&links[i], managers[key], soles)
		}
	}
}

func settleLinkMirror(m *resolvedLink, managers []*resolvedLink, soles map[string]bool) {
	before, after := map[string]bool{}, map[string]*resolvedLink{}
	all := false
	for _, l := range managers {
		all = all || l.row.Flags&exclusive != 0 && l.op.exists
		for _, t := range l.Before {
			before[targetKey(t)] = true
		}
		for _, t := range l.After {
			after[targetKey(t)] = l
		}
	}
	keep := func(side []extractors.Target, goes func(key string) bool) []extractors.Target {
		return slices.DeleteFunc(slices.Clone(side), func(t extractors.Target) bool {
			key := targetKey(t)
			return t.Unknown == nil && (before[key] || after[key] != nil || goes(key))
		})
	}
	for _, t := range m.Before {
		if l := after[targetKey(t)]; t.Unknown == nil && l != nil && !before[targetKey(t)] {
			l.Before = append(slices.Clone(l.Before), t)
		}
	}
	m.Before = keep(m.Before, func(string) bool { return false })
	m.After = keep(m.After, func(key string) bool { return all || soles[key] })
}

// subjectKey is what a subject is known by.
func subjectKey(s extractors.Subject) string {
	if s.Address != "" {
		return s.Kind + "\x00" + s.Address
	}
	return s.Kind + "\x00\x00" + s.Name
}
