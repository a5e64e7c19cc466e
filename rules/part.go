package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/internal/catalog"
)

// maxParts bounds how many statements the details of a finding name.
const maxParts = 7

// mergeParts makes one finding of those about the statements of one policy of AWS that a
// subject newly has, or of one policy by which it has what another principal had that goes,
// in the place of the first. Nothing of them is lost: Parts has each.
func mergeParts(found []Found) []Found {
	type of struct {
		grant   *extractors.Grant
		subject Subject
		rest    string
	}
	return joinAlike(found, func(f *Found) (any, bool) {
		if f.Rule != newAccess.ID || f.Undecided || f.Archived != nil || f.Sensitive || f.tail == "" || f.Statement == nil || f.Gained == nil || !ofAWS(f.Grant) && f.instead == "" {
			return nil, false
		}
		k := of{f.Grant, f.Subject, fmt.Sprint(f.Under.Key(), f.Undenied, f.Pinned, f.New, f.Sources, f.Hubs, f.instead)}
		if f.instead == "" {
			k.rest += fmt.Sprint(f.Location, f.Callers)
		}
		return k, true
	}, joined)
}

// ofAWS reports whether a document is a managed policy of AWS.
func ofAWS(g *extractors.Grant) bool {
	if g == nil || g.Type != "" || g.Kind != extractors.Identity || !strings.HasPrefix(g.Address, "arn:") {
		return false
	}
	_, ok := catalog.ManagedPolicy(g.Address)
	return ok
}

// joined makes one finding of several about statements of one document and subject.
func joined(found []Found, list []int) Found {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(found[b].Severity, found[a].Severity), cmp.Compare(found[a].Statement.Index, found[b].Statement.Index))
	})
	f := found[list[0]]
	f.Details = nil
	all := Gained{Actions: []string{}, Resources: []string{}, Principals: []string{}, Conditions: []string{}}
	var each, prints, bases []string
	for _, i := range list {
		o := &found[i]
		f.Parts = append(f.Parts, Part{o.Level, o.Severity, *o.Statement, *o.Gained, o.Witness})
		all.Actions, all.Resources = gathered(all.Actions, o.Gained.Actions), gathered(all.Resources, o.Gained.Resources)
		all.Principals, all.Conditions = union(all.Principals, o.Gained.Principals), union(all.Conditions, o.Gained.Conditions)
		f.addSources(o.Sources...)
		f.Unknowns = union(f.Unknowns, o.Unknowns)
		f.TakeIn(o.Contained)
		f.Details = union(f.Details, o.Details)
		each, prints, bases = append(each, given(o)), append(prints, o.Fingerprint), append(bases, o.base)
	}
	f.inPart()
	f.Gained = &all
	name := strings.TrimSuffix(f.Message, f.tail)
	f.tail = fmt.Sprintf(" now allows what %d statements of %s give, the worst: %s.", len(list), documentName(f.Grant), each[0])
	f.Message = name + f.tail
	for i, text := range each[1:] {
		if i == maxParts {
			f.Details = append(f.Details, fmt.Sprintf("Further, by %d more statements, which the JSON result has in full.", len(each)-1-i))
			break
		}
		f.Details = append(f.Details, "Further: "+text+".")
	}
	f.Fingerprint, f.base = digest(prints), digest(bases)
	return f
}

// gathered adds to the patterns of several statements; one without any is about all.
func gathered(all, more []string) []string {
	if len(more) == 0 {
		more = []string{"*"}
	}
	return union(all, more)
}

// given is what a finding says is allowed, without who may.
func given(f *Found) string {
	return strings.TrimSuffix(strings.TrimPrefix(f.tail, " now allows "), ".")
}

// digest is a fingerprint over those of several findings.
func digest(prints []string) string {
	slices.Sort(prints)
	sum := sha256.Sum256([]byte("parts\x00" + strings.Join(prints, "\x00")))
	return hex.EncodeToString(sum[:16])
}
