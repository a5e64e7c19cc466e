package rules

import (
	"slices"
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// notKnown reports whether a gain is of actions alone that neither the catalogue nor a
// policy of AWS has. They may be newer than this program, so it is access all the same.
func notKnown(g *extractors.Grant, actions []string) bool {
	return g.Does == "" && len(actions) > 0 && !slices.ContainsFunc(actions, func(a string) bool {
		service, name, ok := strings.Cut(a, ":")
		return !ok || strings.ContainsAny(a, " ") || wildcards(service) || strings.Trim(name, "*") == "" || matchesAny(a) || namedByAWS(a) || namedByAWS(service)
	})
}

// knownFirst puts actions that are not known behind others, and says which they are.
func knownFirst(g *extractors.Grant, actions []string) []string {
	if notKnown(g, actions) { // all of them: said once
		return actions
	}
	var known, unknown []string
	for _, a := range actions {
		if notKnown(g, []string{a}) {
			unknown = append(unknown, a+" (not known)")
		} else {
			known = append(known, a)
		}
	}
	return append(known, unknown...)
}

// tellOnce puts what invalid-policy says of actions that are not known into the findings
// of new-access about the same statements, where these are about such actions alone: the
// one says all that there is to the other. Where the configuration sets the level of
// invalid-policy both stay.
func tellOnce(found []Found) []Found {
	type place struct {
		grant     *extractors.Grant
		statement int
	}
	access := map[place][]int{}
	for i := range found {
		f := &found[i]
		if f.Rule == newAccess.ID && f.Grant != nil && f.Statement != nil && f.Archived == nil && f.Witness != nil && f.Gained != nil && notKnown(f.Grant, f.Gained.Actions) {
			k := place{f.Grant, f.Statement.Index}
			access[k] = append(access[k], i)
		}
	}
	if len(access) == 0 {
		return found
	}
	told := map[int]bool{}
	for i := range found {
		f := &found[i]
		if f.Code != "INVALID_ACTION" && f.Code != "INVALID_SERVICE_IN_ACTION" || f.Rule != invalidPolicy.ID || f.asked || f.Archived != nil || f.Statement == nil || f.Grant == nil {
			continue
		}
		for _, j := range access[place{f.Grant, f.Statement.Index}] {
			found[j].Details = append(slices.Clone(found[j].Details), f.Details...)
			told[i] = true
		}
	}
	out := found[:0]
	for i := range found {
		if !told[i] {
			out = append(out, found[i])
		}
	}
	return out
}
