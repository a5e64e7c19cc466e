package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// ambiguous are the symbols of the sum whose letters a pattern in it could match, worked out
// once for all rules.
func (p *Pass) ambiguous() []string {
	switch {
	case p.Sum == nil:
		return nil
	case p.shared != nil && p.shared.ambiguous != nil:
		return *p.shared.ambiguous
	}
	var names []string
	var docs []*policy.Document
	for i := range p.Sum.Terms {
		t := &p.Sum.Terms[i]
		for j := range t.Holdings {
			h := &t.Holdings[j]
			docs = append(docs, h.Before, h.After)
			for _, s := range slices.Concat(h.Grant.Before.Symbols, h.Grant.After.Symbols) {
				if !isAccount(s.Text) && !slices.Contains(names, s.Text) {
					names = append(names, s.Text)
				}
			}
		}
		for j := range t.Limits {
			docs = slices.Concat(docs, t.Limits[j].Before, t.Limits[j].After)
		}
	}
	found := access.Ambiguous(names, docs)
	if p.shared != nil {
		p.shared.ambiguous = &found
	}
	return found
}
