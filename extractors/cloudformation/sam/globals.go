package sam

import "github.com/grantdiff/grantdiff/extractors/cloudformation/tree"

// globals are the properties of the Globals section for a resource, as far as the
// resource does not refuse them by its attribute IgnoreGlobals.
//
// See "Globals section of the AWS SAM template" of the AWS SAM Developer Guide.
func (e *expander) globals(section string, resource *tree.Node) *tree.Node {
	global := e.root.Path("Globals", section)
	if global == nil || global.Kind != tree.Map {
		return nil
	}
	ignored := resource.Get("IgnoreGlobals")
	if text, ok := ignored.Text(); ok && text == "*" {
		return nil
	}
	if ignored != nil && ignored.Kind == tree.List {
		for _, item := range ignored.Items {
			if text, ok := item.Text(); ok {
				global = global.Without(text)
			}
		}
	}
	return global
}

// merged lays local over global: maps are merged, lists are joined with the global
// entries first, anything else is replaced. A call of a function counts as a value.
func (e *expander) merged(global, local *tree.Node) *tree.Node {
	switch {
	case global == nil:
		return local
	case local == nil:
		return global
	case global.Kind != local.Kind || isCall(global) || isCall(local):
		return local
	case !e.spend(len(global.Items) + len(global.Fields) + len(local.Items) + len(local.Fields)):
		return local
	case local.Kind == tree.List:
		items := make([]*tree.Node, 0, len(global.Items)+len(local.Items))
		return tree.NewList(local.Range, append(append(items, global.Items...), local.Items...)...)
	case local.Kind == tree.Map:
		fields := make([]tree.Field, 0, len(global.Fields)+len(local.Fields))
		at := make(map[string]int, len(global.Fields))
		for i, f := range global.Fields {
			at[f.Key] = i
			fields = append(fields, f)
		}
		for _, f := range local.Fields {
			if i, both := at[f.Key]; both {
				fields[i].At, fields[i].Value = f.At, e.merged(fields[i].Value, f.Value)
				continue
			}
			fields = append(fields, f)
		}
		return tree.NewMap(local.Range, fields...)
	}
	return local
}

// isCall reports whether n is the call of a function, or a condition.
func isCall(n *tree.Node) bool {
	if _, _, ok := n.Intrinsic(); ok {
		return true
	}
	_, ok := n.ConditionRef()
	return ok
}
