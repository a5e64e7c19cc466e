package cloudformation

import (
	"fmt"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

// takeUnknown tells of what may give access in a way that the table does not know: a
// property of any type that looks like a policy, and resources that a macro replaces by
// others.
func (w *world) takeUnknown(v [2]*view, rows []*row) {
	typ := v[after].typ
	if typ == "" {
		typ = v[before].typ
	}
	known := map[string]bool{"DataProtectionPolicy": true}
	for _, r := range rows {
		known[r.top()] = true
	}
	serverless := strings.HasPrefix(typ, "AWS::Serverless::")
	if serverless {
		if w.differ(v, "") {
			w.told(v, &row{Type: typ, Path: "Properties", Subject: "resource"}, "is replaced by other resources when the stack is changed")
		}
		return
	}
	done := map[string]bool{}
	for _, i := range []int{after, before} {
		props := v[i].node.Get("Properties")
		if props == nil || props.Kind != tree.Map {
			continue
		}
		for _, f := range props.Fields {
			if known[f.Key] || done[f.Key] || !looksLikePolicy(f.Value, 0) {
				continue
			}
			done[f.Key] = true
			if v[after].exists && w.differ(v, f.Key) {
				w.told(v, &row{Type: typ, Path: f.Key, Subject: "resource"}, fmt.Sprintf("has what looks like a policy, in a property of %s that is not known", shown(typ)))
			}
		}
	}
}

// differ reports whether a property, or with "" any of them, changes.
func (w *world) differ(v [2]*view, property string) bool {
	var texts [2]string
	for i := range v {
		if !v[i].exists {
			continue
		}
		n := v[i].node.Get("Properties")
		if property != "" {
			n = n.Get(property)
		}
		texts[i] = string(v[i].scope.Eval(n).AppendJSON(nil))
	}
	return v[after].exists && (!v[before].exists || texts[before] != texts[after])
}

// looksLikePolicy reports whether a value, or a part of it, has statements with an
// effect.
func looksLikePolicy(n *tree.Node, depth int) bool {
	if n == nil || depth > 20 {
		return false
	}
	if s := n.Get("Statement"); s != nil {
		items := []*tree.Node{s}
		if s.Kind == tree.List {
			items = s.Items
		}
		for _, item := range items {
			if item.Get("Effect") != nil && (item.Get("Action") != nil || item.Get("NotAction") != nil) {
				return true
			}
		}
	}
	if n.Kind == tree.String && strings.HasPrefix(strings.TrimSpace(n.Value), "{") && strings.Contains(n.Value, `"Statement"`) && strings.Contains(n.Value, `"Effect"`) {
		return true
	}
	for _, item := range n.Items {
		if looksLikePolicy(item, depth+1) {
			return true
		}
	}
	for _, f := range n.Fields {
		if looksLikePolicy(f.Value, depth+1) {
			return true
		}
	}
	return false
}
