package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// of is the grant as it counts for the subject of a sum.
func (h *Holding) of(s *Sum) *extractors.Grant {
	g := *h.Grant
	g.Subject = s.Subject
	return &g
}

// through reports whether what comes through hubs comes through all of those of the
// holding.
func (h *Holding) through(hubs []Hub) bool {
	return !slices.ContainsFunc(h.Hubs, func(own Hub) bool {
		return !slices.ContainsFunc(hubs, func(other Hub) bool { return other.Subject == own.Subject })
	})
}

// holding is the holding of a document.
func (s *side) holding(d *policy.Document) *Holding {
	for _, h := range s.holdings {
		if h != nil && (h.Before == d || h.After == d) {
			return h
		}
	}
	return nil
}

// first is the holding that stands for a sum as a whole: one that the change touches.
func (s *Sum) first() *Holding {
	var any *Holding
	for i := range s.Terms {
		for j := range s.Terms[i].Holdings {
			h := &s.Terms[i].Holdings[j]
			if h.Before != h.After {
				return h
			}
			if any == nil {
				any = h
			}
		}
	}
	return any
}

// inside reports whether only the own account and services reach what a holding
// gives, whomever its statements name.
func (s *Sum) inside(h *Holding) bool {
	for i := range s.Terms {
		for j := range s.Terms[i].Holdings {
			if &s.Terms[i].Holdings[j] == h {
				return slices.ContainsFunc(s.Terms[i].Limits, func(l Limit) bool { return l.Inside && l.After != nil })
			}
		}
	}
	return false
}

// gaveWay lists the limits which held a request back before: what the subject had would
// have allowed it.
func (s *Sum) gaveWay(h *Holding, c *comparison, q policy.Request) []*Limit {
	lost := s.changedLimits()
	if len(lost) == 0 || h.Before == nil {
		return nil
	}
	if d, _ := policy.Evaluate(c.before.docs, q, policy.Reading{}); d != policy.DecisionAllow {
		return nil
	}
	return lost
}

// story says how a document came to count, where that is not its own change.
func (h *Holding) story(s *Sum) []string {
	g := h.Grant
	var out []string
	switch {
	case holdsNothing(g.Before):
		out = append(out, "The policy before the change has no statements, so all access is new.")
	case !g.Before.Readable():
		out = append(out, "The policy before the change is not known or cannot be read, so all access counts as new.")
	case g.Before.Absent && h.Before == nil && g.Action != extractors.NoOp && len(h.Via) == 0 && s.single():
		if g.Action == extractors.Create {
			out = append(out, "There was no such policy before, so all of its access is new.")
		} else { // it may have been another subject's
			out = append(out, "It did not have this policy before, so all of its access is new.")
		}
	}
	if g.Does != "" && h.After != nil {
		out = append(out, fmt.Sprintf("%s is no policy; the statement is what it amounts to: it %s.", g.Address, g.Does))
	}
	for _, l := range h.changes() {
		if l.Address == g.Address { // a policy that names who has it
			if l.Action != extractors.Create {
				out = append(out, fmt.Sprintf("%s of %s brings it, which the change %s.", l.Attribute, title(g), done(l.Action)))
			}
			continue
		}
		out = append(out, fmt.Sprintf("%s is brought by %s (%s), which the change %s.", title(g), l.Address, l.Attribute, done(l.Action)))
	}
	if s.Elsewhere {
		out = append(out, "No principal of the input gains all of it; principals outside of it that have this policy do.")
	}
	return out
}

// holdsNothing reports whether a text is no policy only because it has no statements: the
// service refuses it, and what it gives and denies is known.
func holdsNothing(s extractors.Side) bool {
	if s.Document == nil || len(s.Document.Statements) > 0 || !s.Diagnostics.HasErrors() {
		return false
	}
	for _, d := range s.Diagnostics {
		if d.IsError() && d.Code != "MISSING_STATEMENT" {
			return false
		}
	}
	return true
}

// single reports whether nothing adds to the document of the sum.
func (s *Sum) single() bool {
	return len(s.Terms) == 1 && len(s.Terms[0].Holdings) == 1
}

// done is what the change does, in a sentence.
func done(a extractors.Action) string {
	switch a {
	case extractors.Create:
		return "creates"
	case extractors.Delete:
		return "deletes"
	case extractors.Replace:
		return "replaces"
	}
	return "updates"
}

// title is how a sentence calls a document that is brought from elsewhere.
func title(g *extractors.Grant) string {
	if strings.HasPrefix(g.Address, "arn:") {
		return "policy " + short(g.Address)
	}
	if g.Subject.Kind == "policy" && g.Subject.Name != "" {
		return "policy " + short(g.Subject.Name)
	}
	return g.Address
}

// subjectName is how a sentence calls a subject.
func subjectName(s extractors.Subject, h *Holding) string {
	switch {
	case s.Name != "" && s.Kind != "":
		return s.Kind + " " + short(s.Name)
	case s.Address != "":
		return s.Address
	case h != nil:
		return h.Grant.Address
	}
	return cmp.Or(s.Kind, "the subject")
}

// locate fills in what a finding about a holding is about and where: the statement,
// where the change writes it, else the link that brings it.
func (p *Pass) locate(f *Found, h *Holding, statement int) {
	if h == nil {
		return
	}
	g := h.Grant
	f.Grant, f.Hubs = g, h.Hubs
	at := g.Origin()
	if links := h.changes(); len(links) > 0 && !h.changed() {
		at = linked(links[0], g)
	} else if statement >= 0 && statement < len(at.Statements) && at.Statements[statement].Range.Path != "" {
		place := at.Statements[statement]
		at = extractors.Origin{Range: place.Range, Callers: place.Callers, Ignores: at.Ignores, Construct: at.Construct}
		if f.Gained != nil {
			if entry, ok := entryOf(place.Actions, f.Gained.Actions); ok {
				at.Range = entry.Range
			}
		}
	}
	if at.Range.Path == "" { // a policy of AWS, which is written nowhere
		for _, l := range p.Sum.changedLimits() {
			at = l.Origin
		}
		for _, l := range h.Via {
			if at.Range.Path == "" {
				at = linked(l, g)
			}
		}
	}
	f.about(g.Address, g.Attribute, g.Action, p.Sum.Subject, at)
}

// linked is where a link to a document was written: the entry of a list, where that is
// known.
func linked(l *extractors.Link, g *extractors.Grant) extractors.Origin {
	at := l.Origin()
	for _, e := range at.Entries {
		if e.Text == g.ARN || e.Text == g.Address {
			at.Range, at.Ignores = e.Range, append(slices.Clone(at.Ignores), e.Ignores...)
			break
		}
	}
	return at
}

// entryOf is the place of the first gained action, where a list has others besides.
func entryOf(entries []extractors.Entry, gained []string) (extractors.Entry, bool) {
	if len(entries) < 2 {
		return extractors.Entry{}, false
	}
	for _, e := range entries {
		if len(gained) > 0 && strings.EqualFold(e.Text, gained[0]) {
			return e, true
		}
	}
	return extractors.Entry{}, false
}

// addSources adds sources that are not named yet.
func (f *Finding) addSources(more ...Source) {
	for _, s := range more {
		if !slices.Contains(f.Sources, s) {
			f.Sources = append(f.Sources, s)
		}
	}
}

// cause is where the change does what it does to a holding: where its document is
// written, with the comments at the link that brought it where that is what changes.
func (h *Holding) cause() extractors.Origin {
	at := h.Grant.Origin()
	if links := h.changes(); len(links) > 0 && !h.changed() {
		at.Ignores = links[0].Origin().Ignores
	}
	return at
}

// blame names what the change did elsewhere so that a document which it does not touch
// brings access: a limit that gives way, or a Deny of another document that is gone. A
// comment accepts that only where it stands at all of it.
func (f *Found) blame(h *Holding, at extractors.Origin) {
	if h.changed() || len(h.changes()) > 0 {
		return
	}
	f.place(at.Range, at.Callers)
	here := slices.DeleteFunc(slices.Clone(at.Ignores), func(i extractors.Ignore) bool { return i.Statement >= 0 })
	if f.blamed {
		here = slices.DeleteFunc(here, func(i extractors.Ignore) bool {
			return !slices.ContainsFunc(f.ignores, func(had extractors.Ignore) bool { return had.Rule == i.Rule })
		})
	}
	f.ignores, f.blamed = here, true
}

// symbols lists the references of the symbols in a statement, each once.
func symbols(all []extractors.Symbol, s *policy.Statement) []string {
	var out []string
	for _, symbol := range all {
		if !slices.Contains(out, symbol.Reference) && holds(s, symbol.Text) {
			out = append(out, symbol.Reference)
		}
	}
	return out
}

// holds reports whether a value of a statement has a text in it.
func holds(s *policy.Statement, text string) bool {
	in := func(list []policy.Value) bool {
		return slices.ContainsFunc(list, func(v policy.Value) bool { return strings.Contains(v.Text, text) })
	}
	switch {
	case in(s.Action.List), s.Resource != nil && in(s.Resource.List):
		return true
	case s.Principal != nil && slices.ContainsFunc(s.Principal.List, func(e policy.PrincipalEntry) bool { return strings.Contains(e.Text, text) }):
		return true
	}
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool { return in(c.Values) })
}

// areNot names settings as the subject of a sentence.
func areNot(settings []string) string {
	if len(settings) == 1 {
		return settings[0] + " is"
	}
	return phrase(settings, "all settings") + " are"
}

func noLonger(settings []string) []string {
	var out []string
	for _, s := range settings {
		out = append(out, "no longer "+s)
	}
	return out
}
