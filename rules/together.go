package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/internal/access"
)

// Opening is a statement by which everyone gets in.
type Opening struct {
	Address, Attribute string
	Statement          int
}

// openings are the statements of gains.
func (ps parts) openings(gains []access.Gain) []Opening {
	var out []Opening
	for i := range gains {
		h, index := ps.at(gains[i].Statement)
		out = append(out, Opening{h.Grant.Address, h.Grant.Attribute, index})
	}
	return out
}

// TellTogether says of findings that anyone gets in which others say the same and more:
// where each statement by which they do is told by one about what everyone newly may do.
// Findings are in order, with their last fingerprints.
func TellTogether(findings []Finding) {
	type subject struct {
		input string
		Subject
	}
	var news map[subject][]int
	for i := range findings {
		f := &findings[i]
		if len(f.Opens) == 0 || f.Archived != nil || f.Sensitive {
			continue
		}
		if news == nil {
			news = map[subject][]int{}
			for j := range findings {
				if n := &findings[j]; n.forEveryone() {
					k := subject{n.Input, n.Subject}
					news[k] = append(news[k], j)
				}
			}
		}
		f.ToldBy = nil
		rest := slices.Clone(f.Opens)
		for _, j := range news[subject{f.Input, f.Subject}] {
			n := &findings[j]
			before := len(rest)
			if n.Cases == f.Cases {
				rest = slices.DeleteFunc(rest, n.tells)
			}
			if len(rest) < before {
				f.ToldBy = append(f.ToldBy, n.Fingerprint)
			}
		}
		if len(rest) > 0 {
			f.ToldBy = nil
		}
	}
}

// forEveryone reports whether a finding is about what everyone newly may do.
func (f *Finding) forEveryone() bool {
	return f.Rule == newAccess.ID && f.Archived == nil && !f.Undecided && !f.Sensitive && f.Statement != nil && f.Gained != nil && slices.Equal(f.Gained.Principals, []string{"*"})
}

// tells reports whether a finding about new access is about a statement.
func (f *Finding) tells(o Opening) bool {
	if len(f.Each) > 0 { // several documents bring the very same
		return slices.ContainsFunc(f.Each, func(e Finding) bool { return len(e.Each) == 0 && e.tells(o) })
	}
	if f.Address == o.Address && f.Attribute == o.Attribute {
		if len(f.Parts) == 0 && f.Statement.Index == o.Statement || slices.ContainsFunc(f.Parts, func(p Part) bool { return p.Statement.Index == o.Statement }) {
			return true
		}
	}
	return slices.ContainsFunc(f.Contained, func(c Contained) bool {
		return c.Address == o.Address && c.Attribute == o.Attribute && c.Statement.Index == o.Statement
	})
}
