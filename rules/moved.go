package rules

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// moved is a document before the change as it reads where what it is attached to has got
// another name: its own resource is one thing, whatever it is called. Where the former one
// is kept, it is another thing, which loses the document.
func (h *Holding) moved(d *policy.Document) *policy.Document {
	g := h.Grant
	if g.FormerARN == "" || g.Remains != "" || g.ARN == "" || d != h.Before {
		return d
	}
	out := *d
	out.Statements = make([]policy.Statement, len(d.Statements))
	for i, s := range d.Statements {
		if s.Resource != nil {
			r := *s.Resource
			r.List = make([]policy.Value, len(s.Resource.List))
			for j, v := range s.Resource.List {
				if rest, ok := strings.CutPrefix(v.Text, g.FormerARN); ok && (rest == "" || rest[0] == '/' || rest[0] == ':') {
					v.Text = g.ARN + rest
				}
				r.List[j] = v
			}
			s.Resource = &r
		}
		out.Statements[i] = s
	}
	return &out
}

// lostWhole reports whether all of a document is lost to what it was attached to.
func (h *Holding) lostWhole() bool {
	return h.After == nil || h.Grant.FormerARN != "" && h.Grant.Remains != ""
}

// lossMessage says that a document is lost to what it was attached to, and with it some
// Deny statements, which are named by what.
func (h *Holding) lossMessage(who, what string) string {
	switch remains := h.Grant.Remains; {
	case h.After == nil && len(h.Via) > 0:
		return fmt.Sprintf("%s no longer has %s, and with it %s.", who, title(h.Grant), what)
	case h.After == nil && remains != "":
		return fmt.Sprintf("%s is kept (%s), but its policy is deleted, and with it %s.", who, remains, what)
	case h.After == nil:
		return fmt.Sprintf("%s: the policy is deleted, and with it %s.", who, what)
	}
	return fmt.Sprintf("%s gets another name, and what had the old one is kept (%s) without its policy, and without %s.", who, h.Grant.Remains, what)
}

// joinLost makes one finding of those about the Deny statements of a document that is lost
// as a whole.
func (p *Pass) joinLost(h *Holding, gains []*access.Gain, found []Found) Found {
	f := found[0]
	var names []string
	all := Gained{Actions: []string{}, Resources: []string{}, Principals: []string{}, Conditions: []string{}}
	var held, more []string
	for i := range found {
		o := &found[i]
		name := statementName(gains[i].Statement, gains[i].Sid)
		names = append(names, strings.TrimPrefix(name, "statement "))
		if at := o.Location; i > 0 && at.StartLine > 0 {
			name += fmt.Sprintf(" (%s:%d)", at.Path, at.StartLine)
		}
		held = append(held, "Deny "+name+" held back "+h.heldBack(gains[i], o.Gained)+".")
		more = union(more, o.Details)
		f.Parts = append(f.Parts, Part{o.Level, o.Severity, *o.Statement, *o.Gained, o.Witness})
		all.Actions, all.Resources = gathered(all.Actions, o.Gained.Actions), gathered(all.Resources, o.Gained.Resources)
		all.Principals, all.Conditions = union(all.Principals, o.Gained.Principals), union(all.Conditions, o.Gained.Conditions)
		all.Keys = union(all.Keys, o.Gained.Keys)
	}
	f.Gained = &all
	f.Details = append(held, more...)
	f.Message = h.lossMessage(name(h.of(p.Sum)), fmt.Sprintf("%d Deny statements: %s", len(found), enumerated(names)))
	return f
}

// heldBack is what a Deny that is lost held back.
func (h *Holding) heldBack(gain *access.Gain, lost *Gained) string {
	held := phrase(lost.Actions, "every action") + " on " + phrase(lost.Resources, "every resource")
	if s := &h.Before.Statements[gain.Statement]; len(s.Conditions) > 0 {
		held += ", if " + conditions(s)
	}
	return held
}
