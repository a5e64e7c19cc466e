package cloudformation

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// settleFormer says of the policy of a resource what becomes of the resource: another one
// under a new name takes its place, or it leaves the template and is kept. What is
// replaced goes unless a policy says otherwise (AWS CloudFormation User Guide,
// "UpdateReplacePolicy attribute", "DeletionPolicy attribute"); that of either side is
// taken to.
func (w *world) settleFormer(g *extractors.Grant, r *row) {
	u := w.x.unitAt(g.Subject.Address)
	if u == nil || r.Kind != resource {
		return
	}
	v := w.view(u)
	switch {
	case !v[before].exists:
	case !v[after].exists && v[before].kept:
		g.Remains = "DeletionPolicy: " + v[before].setting("DeletionPolicy")
	case v[after].exists:
		was, is := w.arn(v[before]), w.arn(v[after])
		if was == "" || is == "" || was == is {
			return
		}
		g.FormerARN = was
		for _, one := range v {
			if s := one.setting("UpdateReplacePolicy"); s != "" && s != "Delete" && g.Remains == "" {
				g.Remains = "UpdateReplacePolicy: " + s
			}
		}
	}
}

// setting is an attribute of a resource beside its properties, as a text; "" for none.
// One that is not known is shown as what stands for it.
func (v *view) setting(name string) string {
	text, _ := v.scope.Eval(v.node.Get(name)).Text()
	return shown(strings.TrimSpace(text))
}
