package rules

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// Sum is all that decides one kind of access of one subject, before and after: the
// policies of a role within its boundary, the policy and the access control list of a
// bucket behind its public access block. New access is decided on it, so that a
// statement that moves between documents is none.
type Sum struct {
	Subject extractors.Subject
	Kind    extractors.Kind // that of its holdings
	// Terms are the ways in which the subject gets access, each complete in itself.
	Terms []Term
	// Elsewhere tells that the sum is one managed policy which principals of the plan
	// have, and perhaps others outside of it.
	Elsewhere bool
	// Unseen are the permissions boundaries of the subject after the change whose text the
	// input does not show, as sentences name them. They can only take access away, so that
	// nothing is decided by them.
	Unseen []string
	// Formers are principals of the same kind that the change deletes, where it creates the
	// subject.
	Formers []Former
}

// Term is one way to access: what the holdings allow together, as far as every limit
// lets it.
type Term struct {
	Holdings []Holding
	Limits   []Limit
}

// Holding is one document as it counts for a subject.
type Holding struct {
	Grant *extractors.Grant
	// Via are the links that bring the document to the subject, from the subject on;
	// none when it is the subject's own.
	Via []*extractors.Link
	// Hubs are the groups, roles and users among what Via leads through.
	Hubs []Hub
	// Before and After are what counts of it; nil where it does not count.
	Before, After *policy.Document
}

// Hub is something whose access others have, too. Stays tells that the link to it is
// there before and after the change.
type Hub struct {
	Subject extractors.Subject
	Stays   bool
}

// Limit holds access back: a permissions boundary, a public access block.
type Limit struct {
	// Before and After are what is let through, together; nil where there is no limit.
	Before, After []*policy.Document
	// Link is the link to a permissions boundary; nil for other limits.
	Link *extractors.Link
	// Inside tells that only the own account and services are let through.
	Inside bool
	// Sensitive tells that one of the documents must not be shown.
	Sensitive bool
	// Sources are where the limit comes from and what changes it; Origin is the place.
	Sources []Source
	Origin  extractors.Origin
}

// Own is a sum of one document that nothing else adds to.
func Own(g *extractors.Grant) *Sum {
	return &Sum{Subject: g.Subject, Kind: g.Kind, Terms: []Term{{Holdings: []Holding{{Grant: g, Before: Counted(g, g.Before), After: CountedAfter(g)}}}}}
}

// Counted is the document of a side; nil for one that is absent or cannot be read. What
// cannot be read allows nothing that could be relied on, so what is compared with it
// counts as new.
func Counted(g *extractors.Grant, s extractors.Side) *policy.Document {
	if s.Document == nil || !s.Readable() {
		return nil
	}
	return s.Document
}

// CountedAfter is the document after the change. One that is not known or cannot be
// read is told by a rule of its own; elsewhere it counts as it was.
func CountedAfter(g *extractors.Grant) *policy.Document {
	if !g.After.Readable() {
		return Counted(g, g.Before)
	}
	return Counted(g, g.After)
}

// Changed reports whether anything in the sum changes.
func (s *Sum) Changed() bool {
	return slices.ContainsFunc(s.Terms, func(t Term) bool {
		return slices.ContainsFunc(t.Holdings, func(h Holding) bool { return h.Before != h.After }) ||
			slices.ContainsFunc(t.Limits, func(l Limit) bool { return !slices.Equal(l.Before, l.After) })
	})
}

// side is one side of a sum, as the engine takes it.
type side struct {
	set      access.Set
	docs     []*policy.Document // what counts, without limits
	holdings []*Holding         // of each document of set, nil for those of limits
	ends     []int              // where each term ends in holdings
}

// and is the part of a side that the documents together allow too.
func (s side) and(docs ...*policy.Document) side {
	out := side{set: s.set.And(docs...), docs: s.docs}
	start := 0
	for _, end := range s.ends {
		out.holdings = append(out.holdings, s.holdings[start:end]...)
		out.holdings = append(out.holdings, make([]*Holding, len(docs))...)
		out.ends = append(out.ends, len(out.holdings))
		start = end
	}
	return out
}

// side puts a side together; pick takes what counts of a holding and of a limit.
func (s *Sum) side(document func(*Holding) *policy.Document, limit func(*Limit) []*policy.Document) side {
	var out side
	for i := range s.Terms {
		t := &s.Terms[i]
		var docs []*policy.Document
		for j := range t.Holdings {
			h := &t.Holdings[j]
			if d := document(h); d != nil {
				docs = append(docs, d)
				out.holdings = append(out.holdings, h)
			}
		}
		if len(docs) == 0 {
			continue
		}
		set := access.Allowed(docs...)
		for j := range t.Limits {
			if l := limit(&t.Limits[j]); l != nil {
				set = set.And(l...)
				out.holdings = append(out.holdings, make([]*Holding, len(l))...)
			}
		}
		out.ends = append(out.ends, len(out.holdings))
		out.set = out.set.Or(set)
		out.docs = append(out.docs, docs...)
	}
	return out
}

func (s *Sum) before() side {
	return s.side(func(h *Holding) *policy.Document { return h.Before }, func(l *Limit) []*policy.Document { return l.Before })
}

func (s *Sum) after() side {
	return s.side(func(h *Holding) *policy.Document { return h.After }, func(l *Limit) []*policy.Document { return l.After })
}

// changes are the links of a holding that the change makes, and not the document.
func (h *Holding) changes() []*extractors.Link {
	var out []*extractors.Link
	for _, l := range h.Via {
		switch l.Action {
		case extractors.NoOp, extractors.Read, extractors.Forget:
		default:
			out = append(out, l)
		}
	}
	return out
}

// changed reports whether the change touches the document itself.
func (h *Holding) changed() bool {
	switch h.Grant.Action {
	case extractors.NoOp, extractors.Read, extractors.Forget:
		return false
	}
	return h.Grant.Before.Document != h.Grant.After.Document
}

// sources name the links that bring the document to the subject.
func (h *Holding) sources() []Source {
	var out []Source
	for _, l := range h.Via {
		out = append(out, Source{Address: l.Address, Attribute: l.Attribute})
	}
	return out
}

// changedLimits are the limits that do not hold back the same after the change.
func (s *Sum) changedLimits() []*Limit {
	var out []*Limit
	for i := range s.Terms {
		for j := range s.Terms[i].Limits {
			if l := &s.Terms[i].Limits[j]; !slices.Equal(l.Before, l.After) {
				out = append(out, l)
			}
		}
	}
	return out
}
