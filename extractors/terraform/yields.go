package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors"
)

// settleYields leaves out what holds only where no policy decides, when there is one, or
// when the API is private: without a policy that one lets nobody in. What is of an API
// that is not known is not decided where such an API of the plan may be it.
func (x *extraction) settleYields() {
	if !slices.ContainsFunc(x.pending, func(p *pending) bool { return p.row.Permit != nil && p.row.Permit.Yields }) {
		return
	}
	policies := map[string]*pending{}
	for _, p := range x.pending {
		if p.row.Permit == nil && p.Kind == extractors.Resource && !p.aside {
			for _, k := range subjectKeys(p) {
				policies[p.Subject.Kind+k] = p
			}
		}
	}
	var guarded guardedAPIs
	for _, p := range x.pending {
		if p.row.Permit == nil || !p.row.Permit.Yields {
			continue
		}
		unguarded := (p.op.existed || x.methods.replaces(p.object)) && strings.HasPrefix(p.row.Path, "authorization") && p.Before.Absent && p.After.Document != nil
		for _, k := range subjectKeys(p) {
			q := policies[p.Subject.Kind+k]
			if q == nil || x.merelyComputed(q) {
				continue
			}
			if !q.Before.Absent {
				p.Before = pendingSide{Absent: true}
			}
			if !q.After.Absent && p.After.Unknown == nil {
				p.After = pendingSide{Absent: true}
			}
			if unguarded && extractors.LetsAnyoneIn(q.After.final()) {
				p.After = pendingSide{Unknown: &extractors.Unknown{Reason: extractors.NoLongerAsked}}
			}
		}
		if o := x.objects.at(p.Subject.Address); o != nil {
			// What is not known of a description may be its policy, and stays so.
			if o.private[0] && p.Before.Document != nil {
				p.Before = pendingSide{Absent: true}
			}
			if o.private[1] && p.After.Document != nil {
				p.After = pendingSide{Absent: true}
			}
		}
		if !p.row.self() && p.Subject.Address == "" && p.Subject.Name == "" && p.After.Document != nil {
			if why := guarded.of(x, p, policies); why != "" {
				p.After = pendingSide{Unknown: &extractors.Unknown{Reason: why}}
				p.own().unknowns = []string{p.subject.attr}
				p.After.Unknown.References = x.referencesOf(p)
			}
		}
	}
}

// merelyComputed: the plan shows the policy as not known only because nobody sets it.
func (x *extraction) merelyComputed(q *pending) bool {
	return q.row.Flags&computed != 0 && q.Before.Absent && q.After.Unknown != nil && !x.isSet(q)
}

// guardedAPIs remembers, by type, why an API that the change makes may not be open to
// whoever calls an open method of it.
type guardedAPIs map[string]string

// of is why an API that is not known before the change may be one that does not let
// everyone in; "" where nothing that the plan makes is. What exists already has an id that
// is known.
func (m *guardedAPIs) of(x *extraction, p *pending, policies map[string]*pending) string {
	types := p.row.subjectTypes()
	key := fmt.Sprint(types)
	if why, ok := (*m)[key]; ok {
		return why
	}
	var first *subjectObject
	for o := range x.objects.all() {
		if !slices.Contains(types, o.typ) || !o.created && !o.replaced || first != nil && first.address < o.address {
			continue
		}
		q := policies[p.Subject.Kind+"address\x00"+o.address]
		if o.private[1] || q != nil && !q.After.Absent && !x.merelyComputed(q) {
			first = o
		}
	}
	why := ""
	if first != nil {
		how := "has a resource policy"
		if first.private[1] {
			how = "is private"
		}
		why = fmt.Sprintf("Which API it is about is not known before the change: %s, which %s, may be it, so whether everyone may call it could not be decided.", limited(first.address), how)
	}
	if *m == nil {
		*m = guardedAPIs{}
	}
	(*m)[key] = why
	return why
}

// privateAPI reports whether an API of API Gateway is private, before and after the
// change. One without a resource policy lets nobody in (Amazon API Gateway Developer
// Guide, "Private REST APIs in API Gateway").
func privateAPI(o *object) (private [2]bool) {
	if o.typ != "aws_api_gateway_rest_api" && o.typ != "awscc_apigateway_rest_api" {
		return
	}
	for i, v := range []jsontext.Value{o.before, o.after} {
		list := elements(o.member(v, "endpoint_configuration"))
		if list == nil {
			list = []jsontext.Value{o.member(v, "endpoint_configuration")} // of awscc
		}
		for _, e := range list {
			types := elements(member(e, "types"))
			only, ok := "", len(types) == 1
			if ok {
				only, _ = str(types[0])
			}
			private[i] = only == "PRIVATE"
		}
	}
	return private
}
