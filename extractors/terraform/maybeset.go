package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// settleMaybeSet joins what a plan without its configuration leaves open of something
// new: the attributes that hold its policies, inline and attached, are unknown where
// nobody sets them and may be so where somebody does. That is one thing to say of the
// object, and not that it gets this policy and that one.
func (x *extraction) settleMaybeSet(links []resolvedLink) {
	if x.resolver.sources {
		return // they tell
	}
	inline := map[string]*pending{}
	for _, p := range x.pending {
		if p.row.Flags&computed == 0 || !p.row.self() || !p.row.repeated() || p.Kind != extractors.Identity || !p.whole || p.drop || p.aside ||
			p.op.action != extractors.Create || p.After.Unknown == nil || p.After.Sensitive {
			continue
		}
		if _, known := x.setInConfig(p); !known {
			p.After.Unknown.Reason = maybeSet(p.row.steps()[0])
			inline[p.Address] = p
		}
	}
	for i := range links {
		l := &links[i]
		if l.row.Flags&computed == 0 || l.Kind != extractors.Attached || l.op.action != extractors.Create || !l.row.self() ||
			len(l.Before) > 0 || len(l.After) != 1 || l.After[0].Unknown == nil || l.After[0].Unknown.Faulty || !l.whole {
			continue
		}
		path, err := modulePath(l.in.module)
		if err != nil {
			continue
		}
		attr := l.row.attribute()
		if _, known := x.config.sets(path, l.in.typ, l.in.name, attr); known {
			continue
		}
		if p := inline[l.Address]; p != nil {
			p.After.Unknown.Reason = maybeSet(p.row.steps()[0], attr)
			l.After = nil
			continue
		}
		l.After = slices.Clone(l.After)
		u := *l.After[0].Unknown
		u.Reason = maybeSet(attr)
		l.After[0].Unknown = &u
	}
}

// maybeSet says that attributes may be set, and may be not.
func maybeSet(attrs ...string) string {
	is, it := "is", "it"
	if len(attrs) > 1 {
		is, it = "are", "them"
	}
	return fmt.Sprintf("%s %s not known before the change, as always for what is new and does not set %s; whether anything sets %s, only the configuration tells, which the input does not have. Make the JSON of the whole plan.",
		strings.Join(attrs, " and "), is, it, it)
}
