// Package locate finds where the statements of a policy are written: it follows the
// expression that sets the policy through the configuration without evaluating it, and
// gathers everything on the way that looks like a statement. Which one is which is told
// by the document: by Sids and actions that are written out. Where that leaves a doubt
// there is no place.
package locate

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
	"github.com/grantdiff/grantdiff/internal/source"
)

// candidate is something that looks like a statement.
type candidate struct {
	at      source.Range
	callers []source.Range
	// around are the places of what it is written in: its data source, a local value.
	around []source.Range
	// sid is the Sid where it is written out; sidKnown with "" means that there is none.
	sid      string
	sidKnown bool
	effect   string // "" when it is not written out
	not      bool   // NotAction
	hasList  bool   // there are actions
	// actions are those that are written out, and all whether that is all of them.
	actions []extractors.Entry
	all     bool
}

// fits reports whether a candidate can be a statement of the document, and how many
// things say that it is.
func (c *candidate) fits(s *policy.Statement) (evidence int, ok bool) {
	if c.sidKnown {
		if c.sid != s.Sid {
			return 0, false
		}
		if c.sid != "" {
			evidence++
		}
	}
	if c.effect != "" && c.effect != string(s.Effect) {
		return 0, false
	}
	if !c.hasList {
		return evidence, true
	}
	if c.not != s.Action.Not {
		return 0, false
	}
	for _, a := range c.actions {
		if !slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return v.Text == a.Text }) {
			return 0, false
		}
		evidence++
	}
	if c.all && slices.ContainsFunc(s.Action.List, func(v policy.Value) bool {
		return !slices.ContainsFunc(c.actions, func(a extractors.Entry) bool { return a.Text == v.Text })
	}) {
		return 0, false
	}
	return evidence, true
}

// same reports whether two candidates are one: a value that is reached in two ways.
func (c *candidate) same(o *candidate) bool {
	return c.at == o.at && slices.Equal(c.callers, o.callers)
}

// match gives each statement of a document its candidate, nil for none. As many
// candidates as statements, each fitting, are taken in their order; else a statement
// gets the only one that fits.
func match(doc *policy.Document, list []*candidate) []*candidate {
	out := make([]*candidate, len(doc.Statements))
	var unique []*candidate
	for _, c := range list {
		if !slices.ContainsFunc(unique, c.same) {
			unique = append(unique, c)
		}
	}
	if len(unique) == len(out) {
		inOrder := true
		for i := range out {
			_, ok := unique[i].fits(&doc.Statements[i])
			inOrder = inOrder && ok
		}
		if inOrder {
			copy(out, unique)
			return out
		}
	}
	for i := range out {
		var found *candidate
		for _, c := range unique {
			evidence, ok := c.fits(&doc.Statements[i])
			if !ok || evidence == 0 {
				continue
			}
			if found != nil {
				found = nil
				break
			}
			found = c
		}
		out[i] = found
	}
	return out
}

// place is the place of a statement, with those of its actions.
func (c *candidate) place(s *policy.Statement) extractors.Place {
	p := extractors.Place{Range: c.at, Callers: c.callers}
	for _, a := range c.actions {
		if slices.ContainsFunc(s.Action.List, func(v policy.Value) bool { return v.Text == a.Text }) {
			p.Actions = append(p.Actions, a)
		}
	}
	return p
}
