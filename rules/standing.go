package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/policy"
)

// wholes are the kinds of subjects of which more than one resource is shared by what is
// no policy: what "*" stands for there, in front of the subject or instead of it.
var wholes = map[string]string{
	"account":      "every resource of the account",
	"organization": "every resource of the organization",
	"data-lake":    "every resource of the data lake",
	"images":       "the images of ",
	"snapshots":    "the snapshots of ",
}

// thing is what the "*" of a statement stands for that a resource amounts to which is no
// policy: it is about its subject alone. "" for policies, where it may be any resource.
func thing(g *extractors.Grant, resources []string) string {
	if g.Does == "" || !slices.Equal(resources, []string{"*"}) {
		return ""
	}
	kind := strings.ReplaceAll(g.Subject.Kind, "-", " ")
	named := strings.TrimPrefix(name(g), g.Subject.Kind+" ")
	whole, ok := wholes[g.Subject.Kind]
	switch {
	case strings.HasSuffix(whole, " "):
		return whole + named
	case ok:
		return whole
	}
	return strings.TrimSpace(kind + " " + named)
}

// tellThing writes in words what "*" stands for, and has the witness be about that.
func (f *Found) tellThing(g *extractors.Grant) {
	f.Gained.Thing = thing(g, f.Gained.Resources)
	if f.Gained.Thing == "" {
		return
	}
	f.Gained.Description = strings.ReplaceAll(f.Gained.Description, " on every resource", " on "+f.Gained.Thing)
	w := policy.Request{Principal: f.Witness.Principal, Action: f.Witness.Action, Resource: "*", Context: f.Witness.Context}
	if g.ARN != "" {
		w.Resource = g.ARN
	}
	f.Witness = &w
}
