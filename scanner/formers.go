package scanner

import (
	"cmp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/rules"
)

// formers are the principals that the change deletes and in whose place one may come that
// it creates: of the same kind, and not known to be elsewhere.
func (c *composer) formers(n *node, kind extractors.Kind) []rules.Former {
	if !n.subject.New || n.subject.Kind == "" {
		return nil
	}
	var out []rules.Former
	for _, old := range c.order {
		s := old.subject
		if !s.Gone || s.New || s.Kind != n.subject.Kind || differ(old.account, n.account) || differ(s.Scope, n.subject.Scope) {
			continue
		}
		sum := &rules.Sum{Subject: s, Kind: kind}
		if kind == extractors.Identity {
			sum = c.identityOf(old)
		} else {
			var t rules.Term
			for _, g := range old.grants {
				if g.Kind == kind {
					t.Holdings = append(t.Holdings, own(g))
				}
			}
			sum.Terms = []rules.Term{t}
		}
		name := s.Name
		if f := strings.SplitN(name, ":", 6); len(f) == 6 {
			name = f[5][strings.LastIndexByte(f[5], '/')+1:]
		}
		if name != "" {
			name = s.Kind + " " + name
		}
		out = append(out, rules.Former{Name: cmp.Or(name, s.Address), Sum: sum})
	}
	return out
}
