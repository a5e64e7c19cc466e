package cloudformation

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// severalDocuments are the types of which one subject can have several resources side by
// side, each with a document of its own.
var severalDocuments = map[string]bool{"AWS::SSM::ResourcePolicy": true}

// inlinePolicies are the types that write an inline policy of a principal, which has one
// of each name.
var inlinePolicies = map[string]bool{"AWS::IAM::Policy": true, "AWS::IAM::RolePolicy": true, "AWS::IAM::UserPolicy": true, "AWS::IAM::GroupPolicy": true}

// overwritten reports whether the document of a resource that is not written again,
// because it does not change or leaves the template and is kept, does not stay: its
// subject has one such document, and another resource writes it in the change.
func (w *world) overwritten(v [2]*view, r *row, s extractors.Subject, attribute string) bool {
	slot := w.slot(v[before], r, attribute)
	if slot == "" {
		return false
	}
	among := &w.written
	if v[after].exists { // what is evaluated with it anyway
		among = &w.beside
	}
	for _, by := range w.writers(among)[slot+w.slotOwner(s)] {
		if by.u != v[before].u && w.differ(w.view(by.u), by.property) {
			return true
		}
	}
	return false
}

// writtenIn is the property with which a document is written, "" for any of the resource.
func writtenIn(r *row) string {
	if strings.HasPrefix(r.Path, "Policies[PolicyName]") {
		return "Policies"
	}
	return ""
}

// slot names the document that a row writes, of those that its subject has; "" for one
// that nothing else writes.
func (w *world) slot(v *view, r *row, attribute string) string {
	text := func(property string) string {
		t, _ := v.prop(property).Text()
		return t
	}
	switch {
	case inlinePolicies[r.Type]:
		return fmt.Sprintf("Policies[%q].PolicyDocument\x00", text("PolicyName"))
	case strings.HasPrefix(r.Path, "Policies[PolicyName]"):
		return attribute + "\x00"
	case r.Type == "AWS::Events::EventBusPolicy":
		return r.Type + " " + text("StatementId") + "\x00"
	case r.Kind == resource && r.Of != "" && !severalDocuments[r.Type] && r.Link == nil && r.Block == nil && r.Told == nil && r.Permit == nil:
		// AWS::SNS::TopicPolicy and AWS::SNS::TopicInlinePolicy write the same.
		return strings.Replace(r.Type, "InlinePolicy", "Policy", 1) + "\x00"
	}
	return ""
}

// slotOwner is the same for all ways to name a subject, also one that no template has.
func (w *world) slotOwner(s extractors.Subject) string {
	if s.Address == "" {
		s.Name = w.bareName(s.Kind, s.Name)
	}
	return subjectKey(s)
}

// writer is a resource that writes a document, and the property that it is in; "" where
// any that changes writes it.
type writer struct {
	u        *unit
	property string
}

// writers are the resources after the change that write a document, by slot and owner: of
// all, or for those that stay of the group that is evaluated together.
func (w *world) writers(among *map[string][]writer) map[string][]writer {
	if *among != nil {
		return *among
	}
	*among = map[string][]writer{}
	add := func(units []*unit) {
		for _, u := range units {
			for _, r := range rowsOf[u.types[after]] {
				w.addWriter(*among, w.view(u)[after], r)
			}
		}
	}
	if among == &w.beside {
		add(w.group)
		return *among
	}
	for _, st := range w.x.stacks {
		add(st.units)
	}
	return *among
}

func (w *world) addWriter(to map[string][]writer, v *view, r *row) {
	add := func(slot, property string, of []extractors.Subject) {
		for _, s := range of {
			key := slot + w.slotOwner(s)
			to[key] = append(to[key], writer{v.u, property})
		}
	}
	switch slot := w.slot(v, r, r.Path); {
	case slot == "" || !v.exists:
	case strings.HasPrefix(r.Path, "Policies[PolicyName]"):
		for _, l := range v.leaves(r) {
			add(l.key+"\x00", writtenIn(r), w.subjects(w.view(v.u), after, r))
		}
	default:
		add(slot, "", w.subjects(w.view(v.u), after, r))
	}
}

// defaultBus is the property without which a resource is of the default event bus.
const defaultBus = "EventBusName"
