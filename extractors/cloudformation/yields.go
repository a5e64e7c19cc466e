package cloudformation

import (
	"slices"

	"github.com/grantdiff/grantdiff/extractors"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// settleYields leaves out what holds only where no resource policy decides. A method that
// no longer asks who calls lets in more than before where the policy does not look at that.
func (w *world) settleYields(g *extractors.Grant, v [2]*view, r *row) {
	unguarded := !r.Permit.Operations && v[after].exists && g.Before.Absent && g.After.Document != nil && (v[before].exists || w.replacesMethod(v[after]))
	if w.yields(g.Subject, before) {
		g.Before = extractors.Side{Absent: true}
	}
	if !w.yields(g.Subject, after) {
		return
	}
	g.After = extractors.Side{Absent: true}
	if u := w.x.unitAt(g.Subject.Address); unguarded && slices.ContainsFunc(w.policiesOn(w.view(u)[after]), extractors.LetsAnyoneIn) {
		g.After = extractors.Side{Unknown: &extractors.Unknown{Reason: extractors.NoLongerAsked}}
	}
}

// replacesMethod reports whether a method that is new is one that another logical ID was
// which asked who calls.
func (w *world) replacesMethod(now *view) bool {
	if w.askedMethods == nil {
		w.askedMethods = map[string]bool{}
		for _, st := range w.x.stacks {
			for _, u := range st.units {
				v := w.view(u)
				if v[before].exists && v[before].typ == method && len(askGuard(v[before].prop("AuthorizationType")).settings) > 0 && (!v[after].exists || v[after].method() != v[before].method()) {
					w.askedMethods[v[before].method()] = true
				}
			}
		}
	}
	return now.typ == method && w.askedMethods[now.method()]
}

const method = "AWS::ApiGateway::Method"

// method tells a method from others, of all APIs.
func (v *view) method() string {
	return jsonOf(v.prop("RestApiId")) + jsonOf(v.prop("ResourceId")) + jsonOf(v.prop("HttpMethod"))
}

// yields reports whether a resource policy decides who may call the API that is a
// subject, in the place of what its operations ask for. A private API without one lets
// nobody in (Amazon API Gateway Developer Guide, "Private REST APIs in API Gateway").
func (w *world) yields(s extractors.Subject, i int) bool {
	u := w.x.unitAt(s.Address)
	if u == nil || !w.view(u)[i].exists {
		return false
	}
	v := w.view(u)[i]
	return v.private() || w.policyOn(v, i)
}

// private reports whether an API is reached from networks alone, for certain.
func (v *view) private() bool {
	types := v.prop("EndpointConfiguration").Get("Types")
	return v.typ == restAPI && types != nil && types.Kind == tree.List && len(types.Items) == 1 && types.Items[0].Value == "PRIVATE"
}

// policyOn reports whether an API has a resource policy. One that is not known counts
// before the change, unless it stays as it is: what is new by it is then told.
func (w *world) policyOn(v *view, i int) bool {
	if len(w.policiesOn(v)) > 0 {
		return true
	}
	now := w.view(v.u)[after]
	return i == before && slices.ContainsFunc(v.apiPolicies(), func(p apiPolicy) bool {
		return !(now.exists && slices.ContainsFunc(now.apiPolicies(), func(o apiPolicy) bool { return o.row == p.row && sameText(o.node, p.node) }))
	})
}

// policiesOn are the resource policies of an API that are known.
func (w *world) policiesOn(v *view) []extractors.Side {
	var out []extractors.Side
	for _, p := range v.apiPolicies() {
		g := extractors.Grant{Address: v.u.address, Attribute: p.key, Kind: resource}
		if side, _ := w.side(&g, p.row, v, p.node); side.Document != nil && !side.Diagnostics.HasErrors() {
			out = append(out, side)
		}
	}
	return out
}

// apiPolicy is a text that is a resource policy of an API.
type apiPolicy struct {
	leaf
	row *row
}

// apiPolicies are those that are set.
func (v *view) apiPolicies() []apiPolicy {
	var out []apiPolicy
	for _, r := range rowsOf[v.typ] {
		if r.Subject != "rest-api" || r.Permit != nil || r.Told != nil {
			continue
		}
		for _, l := range v.policyLeaves(r) {
			if !l.node.IsNull() && (!l.node.Scalar() || l.node.Value != "") && (l.node.Kind != tree.Map || len(l.node.Fields) > 0) {
				out = append(out, apiPolicy{l, r})
			}
		}
	}
	return out
}

func (v *view) policyLeaves(r *row) []leaf {
	if r.Flags&body != 0 {
		return v.bodyPolicy(r)
	}
	return v.leaves(r)
}
