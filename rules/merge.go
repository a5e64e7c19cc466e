package rules

import (
	"fmt"
	"slices"
	"strings"
)

// maxPrincipals bounds how many principals the details of a merged finding name.
const maxPrincipals = 20

// Merge joins findings about what one subject gains under one set of choices: about
// statements of one policy of AWS, which nobody can change one by one, and about what
// another finding tells already. What a comment accepts stays by itself.
func Merge(found []Found) []Found {
	return mergeTwins(mergeParts(foldContained(tellOnce(found))))
}

// Join joins findings that say the same of several subjects which share a document, such
// as roles with one managed policy, under the same choices, in the place of the first. What
// a comment accepts stays by itself: it accepts nothing of the other subjects.
func Join(found []Found) []Found {
	out := joinAlike(found, func(f *Found) (any, bool) {
		key := f.base + f.tail + f.Under.Key()
		if f.Statement != nil {
			key += fmt.Sprint(f.Statement.Index)
		}
		return key, f.Grant != nil && f.base != "" && f.tail != "" && f.Archived == nil
	}, merge)
	tellPolicies(out)
	sayInstead(out)
	return out
}

// joinAlike makes one finding of those that have one key, in the place of the first; false
// leaves a finding alone. join gets the indexes of two or more, in order.
func joinAlike(found []Found, key func(*Found) (any, bool), join func(found []Found, list []int) Found) []Found {
	same := map[any][]int{}
	for i := range found {
		if k, ok := key(&found[i]); ok {
			same[k] = append(same[k], i)
		}
	}
	gone := map[int]bool{}
	for _, list := range same {
		if len(list) < 2 {
			continue
		}
		found[list[0]] = join(found, list)
		for _, i := range list[1:] {
			gone[i] = true
		}
	}
	out := found[:0]
	for i := range found {
		if !gone[i] {
			out = append(out, found[i])
		}
	}
	return out
}

// merge joins the findings of a list, as the first of them.
func merge(found []Found, list []int) Found {
	f := found[list[0]]
	f.Each = nil
	var names, prints []string
	all := true // of them had one that goes before them
	for _, i := range list {
		other := &found[i]
		prints = append(prints, other.Fingerprint)
		if f.Each = append(f.Each, other.Each...); len(other.Each) == 0 {
			f.Each = append(f.Each, other.Finding)
		}
		if f.Gained != nil && other.Gained != nil && !slices.Equal(f.Gained.Keys, other.Gained.Keys) {
			some := *f.Gained
			some.Description, some.Exact, some.Known = "", false, nil // others gain more, or less
			f.Gained = &some
		}
		all = all && other.instead != ""
		if other.instead != "" {
			f.Details = append(slices.Clone(f.Details), fmt.Sprintf("%s has it as %s had, which goes.", strings.TrimSuffix(other.Message, other.tail), other.instead))
		}
		if name := other.Message[:max(len(other.Message)-len(other.tail), 0)]; !slices.Contains(names, name) {
			names = append(names, name)
		}
		if other.Severity > f.Severity {
			f.Level, f.Severity, f.Parts = other.Level, other.Severity, other.Parts
		}
		f.addSources(other.Sources...)
		if i != list[0] {
			f.TakeIn(other.Contained)
		}
		for _, d := range other.Details {
			if !slices.Contains(f.Details, d) && len(f.Details) < 2*maxPrincipals {
				f.Details = append(f.Details, d)
			}
		}
	}
	slices.Sort(names)
	f.several = true
	owner := f.Grant.Subject
	if owner.Kind == "policy" {
		f.Subject = subjectOf(owner)
	}
	f.Message = f.together(names, slices.ContainsFunc(list, func(i int) bool { return found[i].Undenied }))
	f.Details = append(f.Details, fmt.Sprintf("%d principals of the input gain it: %s.", len(names), enumerated(names)))
	f.Fingerprint = digest(prints)
	if all {
		f.instead = others
	} else {
		f.instead = ""
	}
	return f
}

// together says what several subjects gain by a document that they share. A policy of AWS
// is what it was: that they have it is new, unless something held it back.
func (f *Found) together(names []string, held bool) string {
	allows, ok := strings.CutPrefix(f.tail, " now allows ")
	if !ok || held || !ofAWS(f.Grant) {
		return fmt.Sprintf("%s, which %s have,%s", title(f.Grant), phrase(names, ""), f.tail)
	}
	return fmt.Sprintf("%s now have %s, which allows %s", phrase(names, ""), title(f.Grant), f.itsStatements(f.withoutSid(allows)))
}

// enumerated writes names with commas, as many as a detail may hold.
func enumerated(names []string) string {
	out := ""
	for i, n := range names {
		switch {
		case i == maxPrincipals:
			return fmt.Sprintf("%s and %d more", out, len(names)-i)
		case i > 0:
			out += ", "
		}
		out += n
	}
	return out
}
