package cloudformation

import "github.com/grantdiff/grantdiff/extractors/cloudformation/tree"

// The guards of AWS AppSync (AppSync Developer Guide, "Configuring authorization and
// authentication to secure your GraphQL APIs" and "Configuring authorization and
// authentication to secure Event APIs").

// defaultField is what a schema says nothing of: the default authorization guards it.
var defaultField = operation{path: "default"}

// graphQLType is the default authorization. A key is all that callers need with API_KEY.
func graphQLType(n *tree.Node) guards {
	g := guards{map[string]string{"type": jsonOf(n)}, map[operation]string{defaultField: jsonOf(n)}}
	if n != nil && n.Value == "API_KEY" {
		g.operations[defaultField] = ""
	}
	return g
}

// graphQLProviders are more ways in: one that is gone is no loss.
func graphQLProviders(n *tree.Node) guards {
	g := guards{map[string]string{}, map[operation]string{defaultField: "guarded"}}
	if n.IsNull() {
		return g
	}
	items := []*tree.Node{n}
	if n.Kind == tree.List {
		items = n.Items
	}
	for _, item := range items {
		g.operations[operation{path: jsonOf(item)}] = ""
	}
	return g
}

// graphQLVisibility: an API that is private is reached from a network alone.
func graphQLVisibility(n *tree.Node) guards {
	if n.IsNull() || n.Value == "GLOBAL" {
		return guards{}
	}
	return guards{settings: map[string]string{"visibility": jsonOf(n)}}
}

// wholeGuard is a setting of which any change is told.
func wholeGuard(n *tree.Node) guards {
	return guards{settings: map[string]string{"setting": jsonOf(n)}}
}

// eventGuards are those of an Event API.
func eventGuards(n *tree.Node) guards {
	g := guards{settings: map[string]string{}}
	for _, property := range []string{"AuthProviders", "ConnectionAuthModes", "DefaultPublishAuthModes", "DefaultSubscribeAuthModes"} {
		g.settings[property] = jsonOf(n.Get(property))
	}
	if n != nil && (n.Kind != tree.Map || n.Get("Fn::Transform") != nil) {
		g.settings["config"] = jsonOf(n)
	}
	return g
}
