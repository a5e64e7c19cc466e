package cloudformation

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// severalDocuments are the types of which one subject can have several resources side by
// side, each with a document of its own.
var severalDocuments = map[string]bool{"AWS::SSM::ResourcePolicy": true}

// overwritten reports whether the document of a resource that leaves the template and is
// kept does not stay: its subject has one document of the type, and another resource
// writes it after the change.
func (w *world) overwritten(v [2]*view, r *row, s extractors.Subject) bool {
	if !oneDocument(r) {
		return false
	}
	for _, u := range w.writers()[writtenKey(r.Type, s)] {
		if u != v[before].u && w.differ(w.view(u), "") {
			return true
		}
	}
	return false
}

// oneDocument: the row is a policy of another resource, which has one such.
func oneDocument(r *row) bool {
	return r.Kind == resource && r.Of != "" && !severalDocuments[r.Type] &&
		r.Link == nil && r.Block == nil && r.Told == nil && r.Permit == nil
}

// writtenKey is the same for types that write the same document, such as
// AWS::SNS::TopicPolicy and AWS::SNS::TopicInlinePolicy.
func writtenKey(typ string, s extractors.Subject) string {
	return strings.Replace(typ, "InlinePolicy", "Policy", 1) + "\x00" + subjectKey(s)
}

// writers are the resources after the change that write the one document of a subject.
func (w *world) writers() map[string][]*unit {
	if w.written != nil {
		return w.written
	}
	w.written = map[string][]*unit{}
	for _, st := range w.x.stacks {
		for _, u := range st.units {
			for _, r := range rowsOf[u.types[after]] {
				if !oneDocument(r) {
					continue
				}
				v := w.view(u)
				for _, s := range w.subjects(v, after, r) {
					key := writtenKey(r.Type, s)
					w.written[key] = append(w.written[key], u)
				}
			}
		}
	}
	return w.written
}
